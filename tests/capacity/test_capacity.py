"""Hours, accounts and people; what it costs to serve; and where the guides contradict themselves."""

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
def test_a_worked_sum(case: dict[str, Any]) -> None:
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


def test_the_book_that_is_ten_times_its_accounts() -> None:
    numbers = next(x for x in c.contradictions() if x.id == "arr").numbers
    assert (numbers["low"], numbers["high"]) == (700_000, 1_400_000)
    assert numbers["ratio_low"] == pytest.approx(11.4286, abs=5e-5)
    assert numbers["ratio_high"] == pytest.approx(10.7143, abs=5e-5)
    assert numbers["acv_low"] == pytest.approx(571_428.57, abs=5e-3)
    assert numbers["acv_high"] == pytest.approx(1_071_428.57, abs=5e-3)
    # The review sees the same slip in a plan's own book.
    from datetime import date

    from compplan import templates

    book = {"accounts": 14, "mean_acv": 100_000.0, "arr": 15_000_000.0}
    seen = review(templates.load("knowup-csat-weighted"), Context.of({"book": book}), today=date(2026, 6, 1))
    assert "KNW-16" in [f.rule for f in seen.findings if f.severity == "error"]


def test_two_denominators_of_the_same_facts() -> None:
    # 250k of 1,000k due, 200k renewed: 80% of what was due, (750 + 200) / 1,000 = 95% of what there was.
    assert c.retention_two_ways(1_000_000, 250_000, 200_000) == (0.80, 0.95)


def test_every_contradiction_is_told_with_its_figures() -> None:
    found = {x.id: x for x in c.contradictions()}
    first = ["hours", "mid_market_hours", "biweekly", "leave", "onboarding", "arr", "mid_market", "economics"]
    assert list(found)[: len(first)] == first
    # 1,560 / 60 is 26, which is what is listed; 1,560 / 40 is 39.
    assert found["mid_market_hours"].numbers == {"listed": 26, "least": 26, "most": 39, "unexplained": 13}
    assert {"accounts-enterprise", "accounts-mid_market", "itself-enterprise", "itself-strategic"} <= set(found)
    hours = found["hours"]
    assert (hours.numbers["steady"], hours.numbers["first_year"]) == (46, 66)
    assert (hours.numbers["least"], hours.numbers["most"]) == (34, 74)
    assert found["leave"].numbers["accounts"] == 12
    assert found["biweekly"].numbers["every_two_weeks"] == 26
    assert found["economics"].numbers["most"] == pytest.approx(155_000 / 700_000)
    assert found["accounts-mid_market"].numbers == {
        "hours_low": 26.0, "hours_high": 39.0, "other_low": 62.4, "other_high": 195.0,
    }  # fmt: skip
    for one in found.values():
        assert one.sentence.endswith(".")
        assert one.sources


def test_presets_carry_every_statement() -> None:
    presets = c.presets()
    assert presets["knowup-mid_market"].service is not None
    assert presets["knowup-mid_market"].service.steady == 26
    assert [r.told for r in presets["resumegeni-2026-enterprise"].accounts] == ["5 to 12", "3 to 8"]
    assert presets["tsia-2022-digital"].accounts[0].told == "200"
    for preset in presets.values():
        assert preset.accounts, preset.key


def test_a_mixed_book() -> None:
    enterprise = c.Tier(name="Enterprise", service=c.Service(renewal=110.0), accounts=10, acv=75_000.0)
    mid = c.Tier(
        name="Mid-market", service=c.Service(renewal=26.0, onboarding=10.0), accounts=20, acv=20_000.0, share_new=0.5
    )
    found = c.capacity([enterprise, mid], c.usual_year())
    # 10 x 110 + 20 x (26 + 5) = 1,720 hours; 1,720 / 1,560 = 1.1026.
    assert (found.hours, found.people, found.accounts) == (1720.0, 2, 30)
    assert found.arr == 10 * 75_000 + 20 * 20_000
    assert c.utilisation([enterprise, mid], 1560, 2) == pytest.approx(1720 / 3120)


def test_what_it_costs_to_serve() -> None:
    # 110 hours at 141,800 / 1,560 = 90.897 an hour.
    served = c.cost_to_serve(110, c.loaded_cost(), 1560, 0)
    assert served.cost == pytest.approx(9998.72, abs=5e-3)
    assert served.share is None


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: c.Service.of({"renewal": -1.0}), "renewal: must be at least 0, got -1."),
        (lambda: c.Service.of({"touches": [{"name": "QBR", "times": 4.0}]}), "touches[0].hours: is missing"),
        (
            lambda: c.WorkYear.of({"hours_a_day": 8.0, "weekdays": 260.0, "overhead": 1.0}),
            "overhead: must be below 1, got 1.",
        ),
        (
            lambda: c.WorkYear.of({"hours_a_day": 8.0, "weekdays": 260.0, "overhead": 0.2, "holiday": 3.0}),
            "holiday: is not a known key; did you mean holidays",
        ),
        (lambda: c.Service(renewal=1.0).blended(1.5), "share_new: must be between 0 and 1, got 1.5."),
        (lambda: c.people_needed(10, 0), "available: There are no hours"),
        (lambda: c.utilisation([], 0), "available: There are no hours"),
        (lambda: c.retention_two_ways(100, 50, 60), "renewed: Renewed must be at most due"),
        (lambda: c.cost_to_serve(1, 1, 0, 1), "available: There are no hours"),
        (lambda: c.cost_to_serve(1, -1, 1, 1), "loaded_cost: Must be 0 or more. You entered -1."),
        (lambda: c.unit_economics(1, 1, -1, (0.1,)), "arr: Must be 0 or more. You entered -1."),
        (lambda: c.renewal_under_load(0.9, 2, -1), "slope: base is a share"),
    ],
)
def test_what_cannot_be_is_refused(make: Any, sentence: str) -> None:
    with pytest.raises(c.CapacityError) as refused:
        make()
    assert str(refused.value).startswith(sentence)


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
def test_as_many_accounts_as_fit_need_one_person(hours: float, people: int) -> None:
    fits = c.accounts_per_person(hours, 1560)
    assert fits is not None
    assert c.people_needed(fits * hours, 1560) <= 1
    assert c.people_needed(people * 1560, 1560) == people


@given(HOURS, st.integers(1, 300), st.integers(0, 300))
def test_a_tier_split_in_two_is_the_same_book(hours: float, accounts: int, part: int) -> None:
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


def test_renewal_under_load_is_an_assumption_that_is_off() -> None:
    assert c.renewal_under_load(0.92, 2.0) == 0.92
    assert c.renewal_under_load(0.92, 2.0, slope=0.1) == pytest.approx(0.87)
    assert c.renewal_under_load(0.1, 10.0, slope=1.0) == 0.0
