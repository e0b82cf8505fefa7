"""Hours, accounts and people, the cost to serve, and conflicts in the guides."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from compplan import capacity as c
from compplan.review import Context, review

CASES = YAML(typ="safe").load((Path(__file__).parents[1] / "cases" / "capacity.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_hours_and_accounts_of_a_worked_example(case: dict[str, Any]) -> None:
    touches = tuple(
        c.Touchpoint(name=f"t{i}", times=float(n), hours=float(h)) for i, (n, h) in enumerate(case["touches"])
    )
    service = c.Service(
        touches=touches,
        onboarding=float(case["onboarding"]),
        renewal=float(case["renewal"]),
        ad_hoc=float(case["ad_hoc"]),
    )
    year = c.usual_year(leave=case.get("leave", False))
    assert (service.steady, service.first_year) == (case["steady"], case["first_year"])
    assert year.available == case["available"]
    assert c.accounts_per_person(service.steady, year.available) == case["accounts"]


def test_stated_arr_is_ten_times_the_arr_of_the_accounts() -> None:
    numbers = next(x for x in c.contradictions() if x.id == "arr").numbers
    assert (numbers["low"], numbers["high"]) == (700_000, 1_400_000)
    assert numbers["ratio_low"] == pytest.approx(11.4286, abs=5e-5)
    assert numbers["ratio_high"] == pytest.approx(10.7143, abs=5e-5)
    assert numbers["acv_low"] == pytest.approx(571_428.57, abs=5e-3)
    assert numbers["acv_high"] == pytest.approx(1_071_428.57, abs=5e-3)
    # The review finds the same error in a plan's own book.
    from datetime import date

    from compplan import templates

    book = {"accounts": 14, "mean_acv": 100_000.0, "arr": 15_000_000.0}
    result = review(templates.load("knowup-csat-weighted"), Context.of({"book": book}), today=date(2026, 6, 1))
    assert "KNW-16" in [f.rule for f in result.findings if f.severity == "error"]


def test_retention_on_arr_due_and_on_opening_arr() -> None:
    # 250k of 1,000k due, 200k renewed: 80% of the ARR due, and (750 + 200) / 1,000 = 95% of opening ARR.
    assert c.retention_two_ways(1_000_000, 250_000, 200_000) == (0.80, 0.95)


def test_every_conflict_has_its_figures() -> None:
    conflicts = {conflict.id: conflict for conflict in c.contradictions()}
    first = ["hours", "mid_market_hours", "biweekly", "leave", "onboarding", "arr", "mid_market", "economics"]
    assert list(conflicts)[: len(first)] == first
    # 1,560 / 60 is 26, the listed hours; 1,560 / 40 is 39.
    assert conflicts["mid_market_hours"].numbers == {"listed": 26, "least": 26, "most": 39, "unexplained": 13}
    assert {"accounts-enterprise", "accounts-mid_market", "itself-enterprise", "itself-strategic"} <= set(conflicts)
    hours = conflicts["hours"]
    assert (hours.numbers["steady"], hours.numbers["first_year"]) == (46, 66)
    assert (hours.numbers["least"], hours.numbers["most"]) == (34, 74)
    assert conflicts["leave"].numbers["accounts"] == 12
    assert conflicts["biweekly"].numbers["every_two_weeks"] == 26
    assert conflicts["economics"].numbers["most"] == pytest.approx(155_000 / 700_000)
    assert conflicts["accounts-mid_market"].numbers == {
        "hours_low": 26.0, "hours_high": 39.0, "other_low": 62.4, "other_high": 195.0,
    }  # fmt: skip
    for conflict in conflicts.values():
        assert conflict.sentence.endswith(".")
        assert conflict.sources


def test_presets_have_every_statement_of_a_guide() -> None:
    presets = c.presets()
    assert presets["knowup-mid_market"].service is not None
    assert presets["knowup-mid_market"].service.steady == 26
    assert [r.text for r in presets["resumegeni-2026-enterprise"].accounts] == ["5 to 12", "3 to 8"]
    assert presets["tsia-2022-digital"].accounts[0].text == "200"
    for preset in presets.values():
        assert preset.accounts, preset.key


def test_capacity_of_two_tiers() -> None:
    enterprise = c.Tier(name="Enterprise", service=c.Service(renewal=110.0), accounts=10, acv=75_000.0)
    mid = c.Tier(
        name="Mid-market", service=c.Service(renewal=26.0, onboarding=10.0), accounts=20, acv=20_000.0, share_new=0.5
    )
    result = c.capacity([enterprise, mid], c.usual_year())
    # 10 x 110 + 20 x (26 + 5) = 1,720 hours; 1,720 / 1,560 = 1.1026.
    assert (result.hours, result.people, result.accounts) == (1720.0, 2, 30)
    assert result.arr == 10 * 75_000 + 20 * 20_000
    assert c.utilisation([enterprise, mid], 1560, 2) == pytest.approx(1720 / 3120)


def test_a_model_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    service = c.Service(touches=(c.Touchpoint(name="QBR", times=4.0, hours=3.5),), renewal=10.0)
    model = c.CapacityModel(
        tiers=(c.Tier(name="Enterprise", service=service, accounts=10, acv=75_000.0),),
        year=c.usual_year(leave=True), people=3, slope=0.5,
    )  # fmt: skip
    path = tmp_path / "capacity.yaml"
    path.write_text(model.to_yaml(), encoding="utf-8")
    assert c.CapacityModel.load(path) == model


def test_mean_hours_of_an_account_decide_how_many_a_person_has() -> None:
    tier = c.Tier(name="Enterprise", service=c.Service(renewal=110.0), accounts=100, acv=75_000.0)
    result = c.capacity([tier], c.usual_year())
    assert (result.mean_hours, result.per_person) == (110.0, 14)  # 1,560 / 110 = 14.2
    none = c.capacity([tier.model_copy(update={"accounts": 0})], c.usual_year())
    assert (none.mean_hours, none.people) == (0.0, 0)


def test_cost_to_serve() -> None:
    # 110 hours at 141,800 / 1,560 = 90.897 an hour.
    served = c.cost_to_serve(110, c.loaded_cost(), 1560, 0)
    assert served.cost == pytest.approx(9998.72, abs=5e-3)
    assert served.share is None


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: c.Service.of({"renewal": -1.0}), "renewal: must be at least 0. You entered -1."),
        (lambda: c.Service.of({"touches": [{"name": "QBR", "times": 4.0}]}), "touches[0].hours: is missing"),
        (
            lambda: c.WorkYear.of({"hours_a_day": 8.0, "weekdays": 260.0, "overhead": 1.0}),
            "overhead: must be below 1. You entered 1.",
        ),
        (
            lambda: c.WorkYear.of({"hours_a_day": 8.0, "weekdays": 260.0, "overhead": 0.2, "holiday": 3.0}),
            "holiday: is not a known key; did you mean holidays",
        ),
        (lambda: c.Service(renewal=1.0).blended(1.5), "share_new: Must be between 0 and 1. You entered 1.5."),
        (lambda: c.people_needed(10, 0), "available: There are no hours"),
        (lambda: c.utilisation([], 0), "available: There are no hours"),
        (lambda: c.retention_two_ways(100, 50, 60), "renewed: Renewed ARR must be at most the ARR due"),
        (lambda: c.cost_to_serve(1, 1, 0, 1), "available: There are no hours"),
        (lambda: c.cost_to_serve(1, -1, 1, 1), "loaded_cost: Must be 0 or more. You entered -1."),
        (lambda: c.cost_to_serve(-1, 1, 1, 1), "hours: Must be 0 or more. You entered -1."),
        (lambda: c.cost_to_serve(1, 1, 1, -1), "acv: Must be 0 or more. You entered -1."),
        (lambda: c.unit_economics(1, 1, -1, (0.1,)), "arr: Must be 0 or more. You entered -1."),
        (lambda: c.renewal_under_load(0.9, 2, -1), "slope: The base must be between 0 and 1"),
    ],
)
def test_impossible_values_are_refused(make: Any, sentence: str) -> None:
    with pytest.raises(c.CapacityError) as caught:
        make()
    assert str(caught.value).startswith(sentence)


HOURS = st.floats(0.5, 500)


@given(HOURS, HOURS, st.integers(0, 500))
def test_more_hours_never_need_fewer_people(a: float, b: float, accounts: int) -> None:
    low, high = sorted((a, b))
    assert c.people_needed(accounts * low, 1560) <= c.people_needed(accounts * high, 1560)
    fits_low, fits_high = c.accounts_per_person(low, 1560), c.accounts_per_person(high, 1560)
    assert fits_low is not None
    assert fits_high is not None
    assert fits_low >= fits_high


@given(HOURS, st.integers(1, 200))
def test_accounts_that_fit_need_one_person(hours: float, people: int) -> None:
    fits = c.accounts_per_person(hours, 1560)
    assert fits is not None
    assert c.people_needed(fits * hours, 1560) <= 1
    assert c.people_needed(people * 1560, 1560) == people


@given(HOURS, st.integers(1, 300), st.integers(0, 300))
def test_splitting_a_tier_changes_nothing(hours: float, accounts: int, part: int) -> None:
    part = min(part, accounts)

    def tier(n: int) -> c.Tier:
        return c.Tier(name="t", service=c.Service(renewal=hours), accounts=n, acv=10.0)

    whole, split = (
        c.capacity([tier(accounts)], c.usual_year()),
        c.capacity([tier(part), tier(accounts - part)], c.usual_year()),
    )
    assert whole.people == split.people
    assert math.isclose(whole.hours, split.hours)
    assert whole.arr == split.arr


def test_renewal_under_load_is_off_by_default() -> None:
    assert c.renewal_under_load(0.92, 2.0) == 0.92
    assert c.renewal_under_load(0.92, 2.0, slope=0.1) == pytest.approx(0.87)
    assert c.renewal_under_load(0.1, 10.0, slope=1.0) == 0.0
