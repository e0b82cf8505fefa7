"""Invalid results: the error for each, for one person and for a table with columns and rows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from compplan.errors import ResultError
from compplan.payout import payout, payouts
from compplan.plan import Plan

PLAN = Plan.from_yaml("""
compplan: 1
name: Results
role: csm
segment: mid_market
currency: USD
pay: {base: 80000, variable: 20000}
components:
  - measure: grr
    weight: 0.5
    target: 0.92
    curve: {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}
  - measure: expansion_arr
    weight: 0.5
    target: 240000
    axis: attainment
    curve: {kind: tiered, tiers: [[0, 1.0], [1.0, 1.5]], cap: 2.5}
gates:
  - {measure: csat, at_least: 4.2, otherwise: {factor: 0.5}}
kickers:
  - {name: Multi-year renewal, measure: multi_year_renewals, per_unit: 500, max_units: 6}
""")
GOOD = {"grr": 0.92, "expansion_arr": 60_000.0, "csat": 4.5, "multi_year_renewals": 1.0}
NEEDS = "grr, expansion_arr, csat, multi_year_renewals"
UNCAPPED = PLAN.edit({"components[1].curve.cap": None})
DAYS = PLAN.edit(
    {
        "components[0]": {
            "measure": "time_to_value",
            "weight": 0.5,
            "target": 60,
            "curve": {"kind": "linear", "points": [[90, 0.5], [60, 1.0], [45, 1.5]]},
        }
    }
)
YTD = PLAN.edit({"accumulation": "year_to_date"})
RATES = PLAN.edit({"components[1].weight": None, "components[1].rate": 0.05, "components[0].weight": 1.0})


def refused(plan: Plan, results: Any, period: Any = 1, **more: Any) -> list[str]:
    with pytest.raises(ResultError) as error:
        payout(plan, results, period, **more)
    return [str(problem) for problem in error.value.problems]


def table_refused(plan: Plan, frame: pd.DataFrame, period: Any = 1) -> list[str]:
    with pytest.raises(ResultError) as error:
        payouts(plan, frame, period)
    return [str(problem) for problem in error.value.problems]


def people(**columns: Any) -> pd.DataFrame:
    """Two people, the second with the values that are given."""
    frame = pd.DataFrame([GOOD, GOOD], index=["ana", "ben"])
    for name, values in columns.items():
        frame[name.replace("__", ".")] = values
    return frame


def test_good_results_are_paid() -> None:
    assert payout(PLAN, GOOD).total == 2500.00 + 2500.00 + 500.00
    assert payouts(PLAN, people()).loc["ben", "total"] == 5500.00


# One person

GRR_LIMITS = "grr: Gross revenue retention on ARR due must be between 0 and 1; for 95% enter 0.95"

BAD: list[tuple[str, dict[str, Any], list[str]]] = [
    ("unknown", {"gr": 0.9}, ["gr: is not a result of this plan; did you mean grr?"]),
    ("unknown part", {"grr.target": 0.9}, ["grr.target: is not a result of this plan; allowed: …"]),
    ("text", {"grr": "0.92"}, ["grr: must be a number. You entered '0.92'."]),
    ("boolean", {"grr": True}, ["grr: must be a number. You entered True."]),
    ("numpy boolean", {"grr": np.True_}, ["grr: must be a number. You entered np.True_."]),
    ("list", {"grr": [0.9]}, ["grr: must be a number. You entered [0.9]."]),
    ("none", {"csat": None}, ["csat: must be a number. You entered None."]),
    ("nan", {"csat": math.nan}, ["csat: is missing (not a number)."]),
    ("above 1", {"grr": 1.01}, [f"{GRR_LIMITS}. You entered 1.01."]),
    ("a percent", {"grr": 92}, [f"{GRR_LIMITS}. You entered 92."]),
    ("below 0", {"grr": -0.01}, [f"{GRR_LIMITS}. You entered -0.01."]),
    ("csat of 6", {"csat": 6}, ["csat: Customer satisfaction, mean score must be between 1 and 5. You entered 6."]),
    ("negative flow", {"expansion_arr": -1.0}, ["expansion_arr: Expansion ARR must be at least 0. You entered -1."]),
    ("negative count", {"multi_year_renewals": -2}, [
        "multi_year_renewals: Multi-year renewals must be at least 0. You entered -2."
    ]),
    ("infinite beyond the limit", {"grr": math.inf}, [
        f"{GRR_LIMITS}. You entered inf."
    ]),
    ("a whole number too large for a float", {"expansion_arr": 10**400}, ["expansion_arr: …"]),
    ("several at once", {"grr": "x", "csat": None, "nps": 3}, [
        "nps: is not a result of this plan; allowed: grr, expansion_arr, csat, multi_year_renewals.",
        "grr: must be a number. You entered 'x'.",
        "csat: must be a number. You entered None.",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change", "says"), BAD, ids=[b[0] for b in BAD])
def test_a_bad_result_is_refused(name: str, change: dict[str, Any], says: list[str]) -> None:
    sentences = refused(PLAN, {**GOOD, **change})
    assert len(sentences) == len(says)
    for sentence, expected in zip(sentences, says, strict=True):
        assert sentence.startswith(expected.removesuffix("…"))


@pytest.mark.parametrize("key", GOOD)
def test_a_missing_result_is_named_in_the_error(key: str) -> None:
    results = {k: v for k, v in GOOD.items() if k != key}
    assert refused(PLAN, results) == [f"{key}: is missing; the plan needs {NEEDS}."]
    assert table_refused(PLAN, people().drop(columns=key)) == [f"{key}: is missing; the plan needs {NEEDS}."]


def test_all_missing_results_are_named_at_once() -> None:
    assert refused(PLAN, {}) == [f"{key}: is missing; the plan needs {NEEDS}." for key in GOOD]


@pytest.mark.parametrize("period", [0, 5, -1, 1.0, "1", "Year", None, 1.5])
def test_an_unknown_period_is_refused(period: Any) -> None:
    expected = [f"period: must be 1 to 4 for quarterly pay, or 'year'. You entered {period!r}."]
    assert refused(PLAN, GOOD, period) == expected
    assert table_refused(PLAN, people(), period) == expected


# Infinite results


def test_infinite_results_pay_the_cap() -> None:
    lines = {line.id: line.amount for line in payout(PLAN, {**GOOD, "expansion_arr": math.inf}).lines}
    assert lines["expansion_arr"] == 2.5 * 2500.00
    assert payout(PLAN, {**GOOD, "multi_year_renewals": math.inf}).lines[-1].amount == 6 * 500.00
    assert payouts(PLAN, people(expansion_arr=[math.inf, 0.0]))["expansion_arr"].tolist() == [6250.00, 0.00]


def test_infinite_results_are_refused_where_nothing_caps_them() -> None:
    says = "expansion_arr: must be finite, because nothing caps its pay"
    assert refused(UNCAPPED, {**GOOD, "expansion_arr": math.inf}) == [f"{says}. You entered inf."]
    assert table_refused(UNCAPPED, people(expansion_arr=[1.0, math.inf])) == [f"{says}. Rows: 'ben' (inf)."]
    endless = PLAN.edit({"kickers[0].max_units": None})
    assert refused(endless, {**GOOD, "multi_year_renewals": math.inf}) == [
        "multi_year_renewals: must be finite, because nothing caps its pay. You entered inf."
    ]


def test_an_infinite_number_of_days_pays_nothing() -> None:
    results = {**GOOD, "time_to_value": math.inf}
    del results["grr"]
    assert payout(DAYS, results).lines[0].amount == 0.00
    frame = people(time_to_value=[math.inf, 45.0]).drop(columns="grr")
    assert payouts(DAYS, frame)["time_to_value"].tolist() == [0.00, 3750.00]


@pytest.mark.parametrize("value", [math.inf, -math.inf])
def test_a_modifier_never_pays_infinity(value: float) -> None:
    curve = {"kind": "linear", "points": [[5, 0.9], [6, 1.0]]}
    modified = PLAN.edit({"modifiers": [{"measure": "ces", "curve": curve}]})
    factor = {line.id: line.payout_fraction for line in payout(modified, {**GOOD, "ces": value}).lines}["ces"]
    assert factor == (1.0 if value > 0 else 0.9)


# Numerators and denominators


def test_a_rate_is_its_numerator_over_its_denominator() -> None:
    """Q1 kept 200 of 200, Q2 850 of 1,000: 87.5%, not the mean of 100% and 85%."""
    parts = {"grr.numerator": 1_050_000.0, "grr.denominator": 1_200_000.0}
    results = {k: v for k, v in GOOD.items() if k != "grr"} | parts
    assert payout(PLAN, results) == payout(PLAN, {**GOOD, "grr": 0.875})
    frame = people(grr__numerator=1050.0, grr__denominator=1200.0).drop(columns="grr")
    pd.testing.assert_frame_equal(payouts(PLAN, frame), payouts(PLAN, people(grr=0.875)))
    mean = {k: v for k, v in GOOD.items() if k != "csat"} | {"csat.numerator": 45, "csat.denominator": 10}
    assert payout(PLAN, mean) == payout(PLAN, GOOD)


RATIOS: list[tuple[str, dict[str, float], list[str]]] = [
    ("numerator alone", {"grr.numerator": 1.0}, ["grr.denominator: is missing; a ratio needs both parts."]),
    ("denominator alone", {"grr.denominator": 1.0}, ["grr.numerator: is missing; a ratio needs both parts."]),
    ("over nothing", {"grr.numerator": 1.0, "grr.denominator": 0.0}, [
        "grr.denominator: must be above 0. You entered 0."
    ]),
    ("over less than nothing", {"grr.numerator": -1.0, "grr.denominator": -2.0}, [
        "grr.denominator: must be above 0. You entered -2."
    ]),
    ("too much", {"grr.numerator": 3.0, "grr.denominator": 2.0}, [
        f"{GRR_LIMITS}. You entered 1.5."
    ]),
    ("both", {"grr": 0.9, "grr.numerator": 9.0, "grr.denominator": 10.0}, [
        "grr: has both a value and a numerator or denominator; give only one of them."
    ]),
    ("a value and one part", {"grr": 0.9, "grr.numerator": 9.0}, [
        "grr: has both a value and a numerator or denominator; give only one of them."
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "parts", "says"), RATIOS, ids=[r[0] for r in RATIOS])
def test_a_bad_ratio_is_refused(name: str, parts: dict[str, float], says: list[str]) -> None:
    rest = {k: v for k, v in GOOD.items() if k != "grr"}
    assert refused(PLAN, {**rest, **parts})[:1] == says
    frame = people().drop(columns="grr")
    for column, value in parts.items():
        frame[column] = value
    message = table_refused(PLAN, frame)[0]
    assert message.startswith(says[0].partition(". You")[0].removesuffix("."))


def test_a_ratio_without_a_part_names_the_part() -> None:
    rest = {k: v for k, v in GOOD.items() if k != "grr"}
    for part, other in (("numerator", "denominator"), ("denominator", "numerator")):
        (message,) = refused(PLAN, {**rest, f"grr.{part}": math.nan, f"grr.{other}": 1.0})[:1]
        assert message.startswith("grr")


# Tables


def test_a_bad_cell_names_its_column_and_rows() -> None:
    frame = people(grr=[0.92, 1.2], csat=[math.nan, 4.5])
    assert table_refused(PLAN, frame) == [
        f"{GRR_LIMITS}. Rows: 'ben' (1.2).",
        "csat: is missing (not a number). Rows: 'ana' (missing).",
    ]


def test_many_bad_rows_are_counted() -> None:
    frame = pd.DataFrame([GOOD] * 1200)
    frame.loc[:1004, "grr"] = 7.0
    (message,) = table_refused(PLAN, frame)
    assert message.startswith(f"{GRR_LIMITS}. Rows: 0 (7), 1 (7), 2 (7)")
    assert message.endswith("and 1,000 more.")


@pytest.mark.parametrize("index", [[101, 102], pd.Index([101, 102]), np.array([101, 102])])
def test_rows_are_named_by_their_plain_index(index: Any) -> None:
    frame = people(grr=[0.92, 1.2]).set_axis(index)
    assert table_refused(PLAN, frame) == [f"{GRR_LIMITS}. Rows: 102 (1.2)."]


NOT_NUMBERS: dict[str, Any] = {
    "text": ["0.92", "0.95"],
    "text that is no number": ["0.92", "n/a"],
    "text among numbers": np.array([0.92, "0.95"], dtype=object),
    "percents": ["92%", "95%"],
    "booleans": [True, False],
    "a boolean among numbers": np.array([0.92, True], dtype=object),
    "booleans that may be missing": pd.array([True, None], dtype="boolean"),
    "dates": pd.to_datetime(["2026-01-01", "2026-01-02"]),
    "spans of time": pd.to_timedelta(["1D", "2D"]),
    "complex": np.array([0.92 + 1j, 0.95]),
    "lists": [[0.92], [0.95]],
}


@pytest.mark.parametrize("kind", NOT_NUMBERS)
@pytest.mark.parametrize("column", ["grr", "expansion_arr.target", "variable"])
def test_a_column_without_numbers_is_refused(kind: str, column: str) -> None:
    frame = people()
    frame[column] = pd.Series(NOT_NUMBERS[kind], index=frame.index)
    (message,) = table_refused(PLAN, frame)
    assert message.startswith(f"{column}: must be numbers. You entered ")


NUMBERS: dict[str, Any] = {
    "whole": [1, 0],
    "short": np.array([0.875, 0.9375], dtype=np.float32),
    "whole that may be missing": pd.array([1, 0], dtype="Int64"),
    "categories": pd.Categorical([0.92, 0.95]),
    "objects": np.array([0.92, 1], dtype=object),
}


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_column_of_any_number_type_is_read(kind: str) -> None:
    frame = people()
    frame["grr"] = pd.Series(NUMBERS[kind], index=frame.index)
    each = [payout(PLAN, {**GOOD, "grr": float(value)}).total for value in frame["grr"]]
    assert payouts(PLAN, frame)["total"].tolist() == each


@pytest.mark.parametrize(
    "values",
    [
        [0.9, None],
        np.array([0.9, None], dtype=object),
        pd.array([1, None], dtype="Int64"),
        [0.9, pd.NA],
        [0.9, math.nan],
    ],
)
def test_an_empty_cell_is_an_error_not_a_zero(values: Any) -> None:
    frame = people()
    frame["grr"] = pd.Series(values, index=frame.index)
    assert table_refused(PLAN, frame) == ["grr: is missing (not a number). Rows: 'ben' (missing)."]


@pytest.mark.parametrize("name", ["grr", "csat", "expansion_arr.target", "grr.numerator", "variable", "base"])
def test_a_duplicate_column_is_refused(name: str) -> None:
    frame = people()
    frame[name] = 1.0
    doubled = pd.concat([frame, frame[[name]]], axis=1)
    assert f"{name}: several columns have this name." in table_refused(PLAN, doubled)


def test_a_duplicate_paid_before_column_is_refused() -> None:
    frame = people(paid_before=0.0)
    doubled = pd.concat([frame, frame[["paid_before"]]], axis=1)
    assert table_refused(YTD, doubled, 2) == ["paid_before: several columns have this name."]


def test_a_misspelled_column_gets_a_hint() -> None:
    assert table_refused(PLAN, people(gr__numerator=1.0)) == [
        "gr.numerator: 'gr' is not a result of this plan; did you mean grr?"
    ]
    assert table_refused(PLAN, people(grr__denominators=1.0)) == [
        "grr.denominators: unknown suffix; allowed after a result: .target, .numerator and .denominator."
    ]


def test_other_columns_are_ignored() -> None:
    frame = people(name=["Ana", "Ben"], started=pd.to_datetime(["2026-01-01", "2026-01-02"]), notes=[None, "x"])
    pd.testing.assert_frame_equal(payouts(PLAN, frame), payouts(PLAN, people()))
    frame = people()
    frame[7] = "seven"
    pd.testing.assert_frame_equal(payouts(PLAN, frame), payouts(PLAN, people()))


def test_a_table_without_rows_pays_nothing() -> None:
    table = payouts(PLAN, people().iloc[:0])
    assert table.shape == (0, 4)
    assert list(table.columns) == ["grr", "expansion_arr", "kickers", "total"]


# What differs by person


def test_personal_targets_and_pay_replace_those_of_the_plan() -> None:
    frame = people(expansion_arr__target=[240_000.0, 120_000.0], variable=[20_000.0, 40_000.0])
    table = payouts(PLAN, frame)
    assert table.loc["ana", "expansion_arr"] == 2500.00
    assert table.loc["ben", "expansion_arr"] == 1.0 * 5000.00 * 2 + 0.5 * 5000.00 * 1.0  # 60,000 of 30,000: 200%
    assert table.loc["ben", "grr"] == 5000.00


@pytest.mark.parametrize(("value", "shown"), [(0.0, "0"), (-5.0, "-5"), (math.inf, "inf"), (math.nan, "missing")])
def test_an_invalid_personal_target_is_refused(value: float, shown: str) -> None:
    assert table_refused(PLAN, people(expansion_arr__target=[1.0, value])) == [
        f"expansion_arr.target: must be above 0. Rows: 'ben' ({shown})."
    ]


def test_a_personal_target_beyond_the_limit_is_refused() -> None:
    over_attainment = PLAN.edit(
        {"components[0].axis": "attainment", "components[0].curve.points": [[0.9, 0.5], [1.0, 1.0]]}
    )
    assert table_refused(over_attainment, people(grr__target=[0.92, 1.05])) == [
        f"{GRR_LIMITS.replace('grr:', 'grr.target:')}. Rows: 'ben' (1.05)."
    ]


@pytest.mark.parametrize("name", ["grr.target", "csat.target", "multi_year_renewals.target"])
def test_a_personal_target_without_effect_is_refused(name: str) -> None:
    assert table_refused(PLAN, people(**{name.replace(".", "__"): 1.0})) == [
        f"{name}: a personal target needs a component with attainment as its axis."
    ]


@pytest.mark.parametrize("name", ["base", "variable"])
@pytest.mark.parametrize(("value", "shown"), [(-1.0, "-1"), (math.inf, "inf"), (math.nan, "missing")])
def test_invalid_personal_pay_is_refused(name: str, value: float, shown: str) -> None:
    assert table_refused(PLAN, people(**{name: [1.0, value]})) == [
        f"{name}: must be money of 0 or more. Rows: 'ben' ({shown})."
    ]


def test_a_personal_variable_below_the_commission_is_refused() -> None:
    (message,) = table_refused(RATES, people(variable=[12_000.0, 11_999.0]))
    assert message == "variable: is less than the commission at target, 12,000.00; row 'ben'."
    assert payouts(RATES, people(variable=[12_000.0, 12_000.0])).loc["ben", "grr"] == 0.00


def test_a_personal_base_changes_a_variable_share_of_ote() -> None:
    """A column that does nothing is refused elsewhere; where variable is a share of OTE, base says how much it is."""
    shared = PLAN.edit({"pay": {"base": 80_000, "variable_share": 0.2}})
    table = payouts(shared, people(base=[80_000.0, 160_000.0]))
    assert table["grr"].tolist() == [2500.00, 5000.00]


# What was paid before


@pytest.mark.parametrize("value", [None, math.nan, math.inf, "5", True, [5]])
def test_a_later_year_to_date_period_needs_earlier_pay(value: Any) -> None:
    (message,) = refused(YTD, GOOD, 2, paid_before=value)
    assert message.startswith("paid_before: ")


def test_a_later_year_to_date_period_needs_a_column_of_earlier_pay() -> None:
    assert table_refused(YTD, people(), 2) == [
        "paid_before: is missing; a year-to-date plan needs a column with the pay of earlier periods."
    ]
    (message,) = table_refused(YTD, people(paid_before=[1.0, math.nan]), 2)
    assert message.startswith("paid_before: must be a number in every row")
    (message,) = table_refused(YTD, people(paid_before=["1", "2"]), 2)
    assert message.startswith("paid_before: must be numbers. You entered ")


@pytest.mark.parametrize(("plan", "period"), [(PLAN, 1), (PLAN, 2), (PLAN, "year"), (YTD, 1), (YTD, "year")])
def test_earlier_pay_is_refused_for_other_plans_and_periods(plan: Plan, period: Any) -> None:
    says = "paid_before: only a year-to-date plan has this, from its second period on."
    assert refused(plan, GOOD, period, paid_before=100.0) == [says]
    assert table_refused(plan, people(paid_before=[0.0, 100.0]), period) == [says]


def test_numpy_numbers_are_accepted() -> None:
    odd = {
        "grr": np.float32(0.875),
        "expansion_arr": np.int64(60_000),
        "csat": np.float64(4.5),
        "multi_year_renewals": 1,
    }
    assert payout(PLAN, odd).total == payout(PLAN, {**GOOD, "grr": 0.875}).total


def test_results_are_not_changed() -> None:
    frame = people()
    before = frame.copy(deep=True)
    payouts(PLAN, frame)
    pd.testing.assert_frame_equal(frame, before)
