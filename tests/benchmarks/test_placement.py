"""People compared with bands: positions, outliers, raises, compression, pay gaps and job postings."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compplan.benchmarks import (
    AreaError,
    BasisError,
    BenchmarkError,
    LadderStep,
    PayBand,
    PayBasis,
    bands,
    compression,
    group_compa_ratio,
    ladder,
    outliers,
    pay_gaps,
    place_people,
    posting_rules,
    posting_text,
    raise_costs,
    raised_pay,
    reference_bands,
)

BANDS = reference_bands("base")


def roster(*people: tuple[Any, ...], columns: str = "role currency base") -> pd.DataFrame:
    return pd.DataFrame(list(people), columns=columns.split())


TEAM = roster(
    ("associate_csm", "USD", 50_000),
    ("csm", "USD", 75_000),
    ("csm", "USD", 95_000),
    ("csm", "USD", 64_000),
    ("csm", "USD", 103_000),
    ("senior_csm", "USD", 101_000),
    ("cse", "USD", 90_000),
    ("csm", "EUR", 70_000),
    ("csm", "USD", None),
    ("", "USD", 80_000),
)


# --- positions -------------------------------------------------------------------------------------------


def test_everyone_is_compared_or_has_a_reason() -> None:
    people = place_people(TEAM, BANDS)
    assert len(people) == len(TEAM)
    assert people.index.equals(TEAM.index)
    assert people["stands"].tolist() == [
        "below",
        "within",
        "within",
        "below",
        "above",
        "within",
        "",
        "",
        "",
        "",
    ]
    assert people["remark"].tolist()[6:] == [
        "There is no band for Customer Success Engineer.",
        "Paid in EUR; the band is in USD.",
        "The amount of base pay is missing.",
        "The role is missing.",
    ]
    assert (people["remark"][:6] == "").all()
    assert (people["outlier"][6:] == "").all()


def test_position_in_the_band() -> None:
    person = place_people(TEAM, BANDS).iloc[5]
    assert (person["low"], person["midpoint"], person["high"]) == (95_000, 107_500, 120_000)
    assert person["compa_ratio"] == pytest.approx(0.939535, abs=5e-7)
    assert person["penetration"] == pytest.approx(0.24)


def test_roster_is_not_changed() -> None:
    before = TEAM.copy()
    place_people(TEAM, BANDS)
    pd.testing.assert_frame_equal(TEAM, before)


@pytest.mark.parametrize(
    ("pay", "why"),
    [
        (67_999, "below the range; compa-ratio under 0.80"),
        (68_000, "below the range"),
        (74_999, "below the range"),
        (75_000, ""),
        (95_000, ""),
        (95_001, "above the range"),
        (102_000, "above the range"),
        (102_001, "above the range; compa-ratio over 1.20"),
    ],
)
def test_outlier_has_a_reason(pay: float, why: str) -> None:
    assert place_people(roster(("csm", "USD", pay)), BANDS)["outlier"].tolist() == [why]


def test_wide_band_can_have_outliers_inside_the_range() -> None:
    wide = {"csm": PayBand("csm", PayBasis.BASE, 50_000, 150_000, "USD")}
    people = place_people(roster(("csm", "USD", 60_000), ("csm", "USD", 130_000)), wide)
    assert people["outlier"].tolist() == ["compa-ratio under 0.80", "compa-ratio over 1.20"]
    assert people["stands"].tolist() == ["within", "within"]


def test_outliers_are_sorted_by_compa_ratio() -> None:
    assert outliers(place_people(TEAM, BANDS)).index.tolist() == [3, 0, 4]


def test_ote_is_compared_with_bands_of_ote() -> None:
    team = roster(("csm", "USD", 80_000, 20_000), columns="role currency base variable")
    on_ote = place_people(team, reference_bands("ote"))
    assert on_ote["pay"].tolist() == [100_000]
    assert on_ote["midpoint"].tolist() == [105_000]
    given = place_people(team.assign(ote=[104_000]), reference_bands("ote"))
    assert given["pay"].tolist() == [104_000]
    # A blank OTE is base plus variable.
    blank = place_people(team.assign(ote=[None]), reference_bands("ote"))
    assert blank["pay"].tolist() == [100_000]
    with pytest.raises(BenchmarkError, match="The table has no column 'variable'"):
        place_people(team.drop(columns="variable"), reference_bands("ote"))


def test_bands_with_different_bases_raise_an_error() -> None:
    mixed = {"csm": bands("csm", "base")[0], "cs_vp": bands("cs_vp", "ote")[0]}
    with pytest.raises(BasisError, match="You gave base pay, on-target earnings"):
        place_people(TEAM, mixed)
    with pytest.raises(BasisError, match="You gave cash paid"):
        place_people(TEAM, {"csm": PayBand("csm", PayBasis.ACTUAL_CASH, 1, 2, "USD")})
    with pytest.raises(BenchmarkError, match="no bands to compare people with"):
        place_people(TEAM, {})


def test_error_names_the_missing_column() -> None:
    with pytest.raises(BenchmarkError, match=r"The table has no column 'currency'\. Its columns are role, base"):
        place_people(TEAM.drop(columns="currency"), BANDS)
    with pytest.raises(BenchmarkError, match="The table has no column 'base'"):
        place_people(TEAM.drop(columns="base"), BANDS)


def test_pay_that_is_not_a_number_raises_an_error() -> None:
    with pytest.raises(BenchmarkError, match="The column 'base' has a value that is not a number"):
        place_people(TEAM.assign(base="95k"), BANDS)
    with pytest.raises(BenchmarkError, match="not a number"):
        pay_gaps(TEAM.assign(base="95k"), by="role")


@pytest.mark.parametrize("kind", ["Float64", "Int64", "object", "float64"])
def test_columns_can_have_any_type(kind: str) -> None:
    team = TEAM.astype({"base": kind, "role": "string", "currency": "category"})
    pd.testing.assert_frame_equal(
        place_people(team, BANDS)[["pay", "stands", "remark"]], place_people(TEAM, BANDS)[["pay", "stands", "remark"]]
    )


def test_place_can_have_its_own_bands() -> None:
    local = PayBand("csm", PayBasis.BASE, 100_000, 120_000, "USD", place="San Francisco")
    team = roster(
        ("csm", "USD", 101_000, "San Francisco"), ("csm", "USD", 80_000, "Tulsa"), columns="role currency base place"
    )
    people = place_people(team, {"csm": BANDS["csm"], ("csm", "San Francisco"): local})
    assert people["low"].tolist() == [100_000, 75_000]


def test_empty_roster_gives_empty_results() -> None:
    empty = place_people(TEAM[:0], BANDS)
    assert len(empty) == len(outliers(empty)) == len(raise_costs(empty)) == 0
    assert len(group_compa_ratio(empty)) == len(compression(empty, BANDS)) == len(pay_gaps(TEAM[:0], by="role")) == 0


# --- groups ----------------------------------------------------------------------------------------------


def test_group_compa_ratio_divides_sums() -> None:
    team = roster(("associate_csm", "USD", 55_000), ("cs_vp", "USD", 230_000))
    groups = group_compa_ratio(place_people(team, BANDS))
    assert groups["compa_ratio"].tolist() == [pytest.approx(285_000 / 267_500)]
    mean_of_ratios = (55 / 65 + 230 / 202.5) / 2
    assert groups["compa_ratio"][0] != pytest.approx(mean_of_ratios, abs=0.01)


def test_currencies_are_separate_groups() -> None:
    euro = PayBand("csm", PayBasis.BASE, 60_000, 80_000, "EUR", place="Berlin")
    team = roster(
        ("csm", "USD", 85_000, "Austin"), ("csm", "EUR", 63_000, "Berlin"), columns="role currency base place"
    )
    groups = group_compa_ratio(place_people(team, {"csm": BANDS["csm"], ("csm", "Berlin"): euro}), by=["role"])
    assert groups[["role", "currency", "people"]].values.tolist() == [["csm", "EUR", 1], ["csm", "USD", 1]]
    assert groups["compa_ratio"].tolist() == [0.9, 1]


# --- raises ----------------------------------------------------------------------------------------------


def test_cost_of_raises() -> None:
    costs = raise_costs(place_people(TEAM, BANDS)).set_index("to")
    # To the low end: 55 - 50 and 75 - 64 thousand.
    assert costs.loc["minimum", ["people", "raised", "cost"]].tolist() == [6, 2, 16_000]
    # To 0.90: 58.5 - 50, 76.5 - 75 and 76.5 - 64 thousand.
    assert costs.loc["compa-ratio 0.90", ["raised", "cost"]].tolist() == [3, 22_500]
    # To the midpoint: 65 - 50, 85 - 75, 85 - 64 and 107.5 - 101 thousand.
    assert costs.loc["midpoint", ["raised", "cost"]].tolist() == [4, 52_500]
    assert costs.loc["minimum", "payroll"] == 488_000
    assert costs.loc["minimum", "share"] == pytest.approx(16 / 488)


def test_people_without_a_band_get_no_raise() -> None:
    people = place_people(TEAM, BANDS)
    new = raised_pay(people, "midpoint")
    assert new[6:8].tolist() == [90_000, 70_000]
    assert np.isnan(new[8])


def test_raised_pay_is_rounded_up_to_the_cent() -> None:
    odd = {"csm": PayBand("csm", PayBasis.BASE, 75_000.001, 95_000.009, "USD")}
    people = place_people(roster(("csm", "USD", 70_000)), odd)
    assert raised_pay(people, "minimum").tolist() == [75_000.01]
    yen = {"csm": PayBand("csm", PayBasis.BASE, 7_500_000.4, 9_500_000, "JPY")}
    assert raised_pay(place_people(roster(("csm", "JPY", 7_000_000)), yen), "minimum").tolist() == [7_500_001]


@pytest.mark.parametrize("to", ["maximum", 0, -1, 3, float("nan")])
def test_unknown_target_raises_an_error(to: Any) -> None:
    with pytest.raises(BenchmarkError, match="must be 'minimum', 'midpoint' or a compa-ratio"):
        raised_pay(place_people(TEAM, BANDS), to)


def test_costs_in_different_currencies_are_separate() -> None:
    euro = PayBand("csm", PayBasis.BASE, 60_000, 80_000, "EUR", place="Berlin")
    team = roster(("csm", "USD", 70_000, ""), ("csm", "EUR", 55_000, "Berlin"), columns="role currency base place")
    costs = raise_costs(place_people(team, {"csm": BANDS["csm"], ("csm", "Berlin"): euro}), ["minimum"])
    assert costs[["currency", "cost"]].values.tolist() == [["EUR", 5_000], ["USD", 5_000]]


def test_compression_compares_with_the_role_above() -> None:
    team = roster(
        ("csm", "USD", 94_000),
        ("csm", "USD", 97_000),
        ("senior_csm", "USD", 96_000),
        ("senior_csm", "USD", 100_000),
        ("cs_vp", "USD", 200_000),
    )
    (row,) = compression(place_people(team, BANDS), BANDS).to_dict("records")
    assert (row["role"], row["next_role"], row["people"], row["next_people"]) == ("csm", "senior_csm", 2, 2)
    assert row["progression"] == pytest.approx(98 / 95.5 - 1)
    assert row["compressed"]
    # One person earns at least the low end of the next band, 95,000, and more than a person in it, who earns 96,000.
    assert (row["reached"], row["overtaken"]) == (1, 1)


# --- the ladder ------------------------------------------------------------------------------------------


def test_unusually_small_or_large_step_is_flagged() -> None:
    def band(role: str, low: float, high: float) -> PayBand:
        return PayBand(role, PayBasis.BASE, low, high, "USD")

    small = LadderStep(band("csm", 100, 120), band("senior_csm", 103, 123))
    assert small.flag == "The midpoint rises by 2.7%, less than 5%."
    assert small.overlap == pytest.approx(17 / 20)
    large = LadderStep(band("csm", 100, 120), band("senior_csm", 150, 170))
    assert large.flag == "The midpoint rises by 45.5%, more than 40%."
    assert (large.overlap, large.gap) == (0, 30)
    for progression in (0.05, 0.40):
        edge = LadderStep(band("csm", 50, 150), band("senior_csm", 50 * (1 + progression), 150 * (1 + progression)))
        assert edge.flag == ""


def test_ladder_of_ote() -> None:
    progressions = {step.upper.role: round(step.progression, 4) for step in ladder("ote")}
    assert progressions == {
        "csm": 0.3125,
        "senior_csm": 0.3095,
        "cs_manager": 0.0364,
        "cs_director": 0.3158,
        "cs_vp": 0.3867,
    }
    flagged = [step.upper.role for step in ladder("ote") if step.flag]
    assert flagged == ["cs_manager"]
    assert [step.upper.role for step in ladder("ote") if step.crosses] == ["cs_manager"]


def test_ladder_needs_one_source_basis_and_currency() -> None:
    with pytest.raises(BenchmarkError, match="The source 'tsia-2022' has no band of base pay"):
        ladder("base", "tsia-2022")
    with pytest.raises(BasisError, match="You gave base pay in USD and on-target earnings in USD"):
        LadderStep(bands("csm", "base")[0], bands("senior_csm", "ote")[0])


# --- pay gaps --------------------------------------------------------------------------------------------


def group(role: str, sex: str | None, count: int, base: float) -> pd.DataFrame:
    return pd.DataFrame({"role": [role] * count, "currency": "USD", "sex": [sex] * count, "base": base})


def test_pay_gaps_within_a_level() -> None:
    team = pd.concat([group("csm", "f", 6, 81_000), group("csm", "m", 5, 90_000), group("cs_vp", "m", 9, 250_000)])
    gaps = pay_gaps(team, by="sex")
    shown = gaps[["level", "group", "people", "mean_pay", "ratio", "reference"]].values.tolist()
    assert shown == [
        ["cs_vp", "m", 9, 250_000, 1, "m"],
        ["csm", "f", 6, 81_000, 1, "f"],
        ["csm", "m", 5, 90_000, pytest.approx(90 / 81), "f"],
    ]
    named = pay_gaps(team, by="sex", reference="m")
    assert named["ratio"].tolist() == [1, pytest.approx(0.9), 1]


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_group_of_fewer_than_five_is_withheld(count: int) -> None:
    team = pd.concat([group("csm", "f", count, 81_000), group("csm", "m", 5, 90_000)])
    small, large = pay_gaps(team, by="sex").to_dict("records")
    assert small["withheld"]
    assert not large["withheld"]
    assert pd.isna(small["people"])
    assert pd.isna(small["mean_pay"])
    assert pd.isna(small["ratio"])
    # A small group is never the reference, even if the caller names it.
    against = pay_gaps(team, by="sex", reference="f")
    assert against["ratio"].isna().all()
    assert str(count * 81_000) not in against.to_string()


def test_people_without_pay_do_not_make_a_group_large_enough() -> None:
    team = pd.concat([group("csm", "f", 4, 81_000), group("csm", "f", 3, float("nan")), group("csm", "m", 5, 90_000)])
    assert pay_gaps(team, by="sex")["withheld"].tolist() == [True, False]


def test_minimum_group_size_is_five_and_a_missing_group_has_a_name() -> None:
    with pytest.raises(BenchmarkError, match=r"at least 5, so that nobody's pay can be identified\. You entered 4"):
        pay_gaps(TEAM, by="role", least=4)
    assert pay_gaps(group("csm", None, 5, 1.0), by="sex")["group"].tolist() == ["not given"]
    with pytest.raises(BenchmarkError, match="The table has no column 'sex'"):
        pay_gaps(TEAM, by="sex")


# --- postings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "since", "employees"),
    [("CO", "2021", 1), ("California", "2023", 15), ("ny", "2023", 4), ("Hawaii", "2024", 50), ("MD", "2024", None)],
)
def test_states_that_require_a_range(state: str, since: str, employees: int | None) -> None:
    (statement,) = posting_rules(state).statements
    assert (statement.law, statement.since, statement.employees_at_least) == (True, since, employees)
    assert posting_rules(state).requirement(dt.date(2026, 9, 1)) == "yes"
    assert "Not legal advice" in posting_rules(state).caution


def test_law_applies_from_its_first_day() -> None:
    assert posting_rules("Colorado").requirement(dt.date(2020, 12, 31)) == "no"
    assert posting_rules("Colorado").requirement(dt.date(2021, 1, 1)) == "yes"
    assert posting_rules("Delaware").requirement(dt.date(2027, 8, 31)) == "no"
    assert posting_rules("Delaware").requirement(dt.date(2027, 9, 1)) == "yes"


def test_disagreeing_sources_are_both_shown() -> None:
    maine = posting_rules("Maine")
    assert {statement.source: statement.law for statement in maine.statements} == {
        "forgeapply-2026": False,
        "complianceposter-2026": True,
    }
    assert maine.requirement(dt.date(2026, 7, 12)) == "no"
    assert maine.requirement(dt.date(2026, 7, 13)) == "disputed"


def test_state_without_a_source_is_unknown() -> None:
    assert posting_rules("Wyoming").statements == ()
    assert posting_rules("Alaska").requirement(dt.date(2026, 1, 1)) == "unknown"
    with pytest.raises(AreaError, match="There is no US state 'Ontario'"):
        posting_rules("Ontario")


def test_text_of_a_posting() -> None:
    base, ote = bands("senior_csm", source="knowup")
    assert posting_text(base) == "Base pay: $95,000 to $120,000 a year."
    assert posting_text(base, ote).endswith(
        "plus variable pay of $25,000 to $35,000 on target (20.8% to 22.6% of on-target earnings)."
    )
    with pytest.raises(BasisError, match=r"needs a band of base pay\. You gave on-target earnings"):
        posting_text(ote)
