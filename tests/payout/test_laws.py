"""Laws of pay: numbered properties that hold for every plan, on plans that hypothesis draws."""

from __future__ import annotations

import math
import re
from itertools import pairwise
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from support.plans import LIMITS, make_plan, make_results, needed, tidy

from compplan.curves import Linear, PayoutCurve, Step, Tiered, compile_curve
from compplan.money import minor_digits, round_money, split_minor, to_minor
from compplan.payout import Statement, at_target, ceiling, payout, payouts
from compplan.payout.engine import compile_plan
from compplan.plan import Plan

LAW = settings(
    max_examples=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
DRAWN = st.randoms(use_true_random=False)


def cent(plan: Plan) -> float:
    return 10.0 ** -minor_digits(plan.currency)


def whole(amount: float, plan: Plan) -> int:
    """An amount in minor units, which must be a whole number of them."""
    units = amount / cent(plan)
    assert abs(units - round(units)) < 1e-3
    return round(units)


def draw(rng: Random, **changes: Any) -> tuple[dict[str, Any], Plan]:
    data = {**make_plan(rng, sound=True), **changes}
    data = {key: value for key, value in data.items() if value is not None}
    return data, Plan.from_dict(tidy(data))


def results_of(rng: Random, data: dict[str, Any]) -> dict[str, float]:
    results = make_results(rng, data, "year")
    assume(all(math.isfinite(value) for value in results.values()))
    return results


def amounts(statement: Statement, kind: str) -> list[float]:
    return [line.amount for line in statement.lines if line.kind == kind]


def with_one_more(plan: Plan, name: str, part: dict[str, Any]) -> Plan:
    return plan.edit({name: [*plan.to_dict().get(name, []), part]})


# 1


@LAW
@given(rng=DRAWN, share=st.floats(0, 1))
def test_1_a_better_result_never_pays_less(rng: Random, share: float) -> None:
    data, plan = draw(rng, rounding=None)
    results = results_of(rng, data)
    name = rng.choice(sorted(results))
    measure = plan.measure(needed(data)[name])
    low, high = LIMITS.get(measure.key, (None, None))
    size = abs(results[name]) + 1.0
    better = results[name] + (size if measure.better == "more" else -size) * share
    better = better if high is None else min(better, high)
    better = better if low is None else max(better, low)
    before = payout(plan, results, "year")
    after = payout(plan, {**results, name: better}, "year")
    slack = cent(plan) * (1 + len(plan.modifiers)) + 1e-9
    assert after.total >= before.total - slack


# 2


@LAW
@given(rng=DRAWN)
def test_2_at_target_a_plan_pays_its_target(rng: Random) -> None:
    data = make_plan(rng, sound=True)
    assume(any("weight" in c for c in data["components"]))  # else what no rate takes is paid to nobody
    for component in data["components"]:
        at = 1.0 if component.get("axis") == "attainment" else component["target"]
        component["curve"] = rng.choice(
            [
                {"kind": "goal", "at": at},
                {"kind": "step", "steps": [[at, 1.0]]},
                {"kind": "linear", "points": [[at, 1.0]]},
            ]
        )
    data.update(gates=[], modifiers=[], caps={}, rounding={})
    plan = Plan.from_dict(tidy(data))
    fraction = at_target(plan)
    target = payout(plan, make_results(Random(0), data, "year"), "year").period_target
    assert fraction is not None
    assert abs(fraction * target - target) <= cent(plan) * len(plan.components) / 2 + 1e-6


# 3


@LAW
@given(rng=DRAWN)
def test_3_pay_lies_between_floor_and_cap(rng: Random) -> None:
    data, plan = draw(rng, gates=[], modifiers=[])
    results = results_of(rng, data)
    statement = payout(plan, results, "year")
    for line, component in zip(statement.lines, plan.components, strict=False):
        curve = component.curve
        assert line.payout_fraction is not None
        assert line.target_pay is not None
        assert line.amount >= 0
        if curve.cap is not None:
            assert line.payout_fraction <= curve.cap + 1e-9
            assert line.amount <= curve.cap * line.target_pay + cent(plan) / 2 + 1e-6
        if curve.floor is not None and curve.threshold is None:
            assert line.payout_fraction >= curve.floor - 1e-9
    if plan.caps.total is not None:
        variable = statement.total - sum(amounts(statement, "kicker"))
        assert variable <= round_money(plan.caps.total * statement.period_target, minor_digits(plan.currency)) + 1e-6


# 4


@LAW
@given(rng=DRAWN)
def test_4_weights_sum_to_one_and_target_pay_to_the_period_target(rng: Random) -> None:
    data, plan = draw(rng)
    weights = [c.weight for c in plan.components if c.weight is not None]
    assert not weights or math.fsum(weights) == pytest.approx(1.0, abs=1e-9)
    assume(weights)
    statement = payout(plan, results_of(rng, data), "year")
    shares = [line.target_pay for line in statement.lines if line.kind == "component"]
    assert math.fsum(share for share in shares if share is not None) == pytest.approx(
        statement.period_target, abs=cent(plan) / 2 + 1e-6
    )
    assert statement.period_target == pytest.approx(plan.pay.target_variable, abs=cent(plan))


# 5


@LAW
@given(rng=DRAWN, power=st.integers(-1, 2))
def test_5_pay_ten_times_as_large_pays_ten_times_as_much(rng: Random, power: int) -> None:
    data = make_plan(rng)
    for component in data["components"]:
        if "rate" in component:
            component["weight"] = 0.0
            del component["rate"]
    data["components"][0]["weight"] = 1.0 - math.fsum(c["weight"] for c in data["components"][1:])
    data["kickers"] = []
    plan = Plan.from_dict(tidy(data))
    results = results_of(rng, data)
    factor = 10.0**power
    larger = plan.edit({"pay": {"base": plan.pay.base * factor, "variable": plan.pay.target_variable * factor}})
    plan = plan.edit({"pay": {"base": plan.pay.base, "variable": plan.pay.target_variable}})
    before, after = payout(plan, results, "year"), payout(larger, results, "year")
    # A line is half a cent off in each, and so is the target variable that its payout multiplies.
    slack = cent(plan) * (1 + factor) / 2
    for line, scaled in zip(before.lines, after.lines, strict=False):
        if line.kind == "component" and scaled.kind == "component":
            assert scaled.amount == pytest.approx(line.amount * factor, abs=slack * (1 + (line.payout_fraction or 0)))
    # Each of its lines is half a cent off, and what they are divided by.
    assert before.payout_fraction is not None
    roundings = cent(plan) * (len(before.lines) + 1 + abs(before.payout_fraction))
    least = min(before.period_target, after.period_target)
    assert after.payout_fraction == pytest.approx(before.payout_fraction, rel=1e-9, abs=roundings / least)
    assert larger.pay.ote == pytest.approx(plan.pay.ote * factor)
    assert larger.pay.mix == pytest.approx(plan.pay.mix)


# 6


@LAW
@given(rng=DRAWN, share=st.sampled_from([0.5, 0.25, 0.0, 1.0]))
def test_6_a_component_split_in_two_pays_the_same(rng: Random, share: float) -> None:
    data, plan = draw(rng, gates=[], modifiers=[], kickers=[])
    results = results_of(rng, data)
    names = [c.get("id", c["measure"]) for c in data["components"]]
    i = rng.randint(0, len(names) - 1)
    one = data["components"][i]
    field = "rate" if "rate" in one else "weight"
    first = {**one, "id": names[i], field: one[field] * share}
    second = {**one, "id": "other_half", field: one[field] - one[field] * share}
    components = [*data["components"][:i], first, second, *data["components"][i + 1 :]]
    halves = Plan.from_dict(tidy({**data, "components": components}))
    before = payout(plan, results, "year")
    after = payout(halves, {**results, "other_half": results[names[i]]}, "year")
    assert after.period_target == pytest.approx(before.period_target, abs=cent(plan) + 1e-9)
    assert after.total == pytest.approx(before.total, abs=2 * cent(plan) + 1e-9)


# 7


@LAW
@given(rng=DRAWN)
def test_7_a_plan_compared_with_itself_has_no_differences(rng: Random) -> None:
    data, plan = draw(rng)
    again = Plan.from_dict(tidy(data))
    assert again == plan
    assert again.hash == plan.hash
    assert plan.edit({}) == plan
    results = results_of(rng, data)
    assert payout(again, results, "year") == payout(plan, results, "year")


@LAW
@given(rng=DRAWN)
def test_7_any_other_plan_has_another_hash(rng: Random) -> None:
    data, plan = draw(rng)
    changed = plan.edit({"components[0].target": data["components"][0]["target"] * 0.99, "about.note": "changed"})
    assert changed != plan
    assert changed.hash != plan.hash


# 8

TEXT = st.text(
    st.characters(exclude_categories=["Cs"])
    | st.sampled_from(list(" \t\n:#-'\"{}[]|>%@`!&*,?\\\x00\x07\x85\u2028\ufeff")),
    max_size=200,
)


@LAW
@given(rng=DRAWN, note=TEXT, source=TEXT, name=TEXT)
@example(rng=Random(1), note="", source=":0", name="A")
@example(rng=Random(1), note="a\x85b", source="", name="A")
def test_8_yaml_and_json_round_trips_keep_the_plan(rng: Random, note: str, source: str, name: str) -> None:
    data = make_plan(rng)
    data["about"] = {"note": note, "source": source[:300], "assumed": rng.choice([[], ["pay.base", "components[0]"]])}
    data["name"] = re.sub("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name).strip()[:120] or "Plan"
    data["effective"] = rng.choice([{}, {"from": "2026-01-01"}, {"from": "2026-01-01", "to": "2026-12-31"}])
    plan = Plan.from_dict(data)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_yaml(plan.to_yaml()) == plan
    assert Plan.from_dict(plan.to_dict()) == plan
    assert Plan.from_yaml(plan.to_yaml()).hash == Plan.from_json(plan.to_json()).hash == plan.hash


@LAW
@given(
    number=st.floats(-1e12, 1e12, allow_nan=False).filter(lambda number: number == 0 or abs(number) >= 1e-9),
    payout_at=st.just(0.0) | st.floats(1e-9, 1000),
    base=st.just(0.0) | st.floats(0.01, 1e9),
    rate=st.just(0.0) | st.floats(1e-9, 1e-6),
)
def test_8_every_number_survives_a_round_trip(number: float, payout_at: float, base: float, rate: float) -> None:
    plan = Plan.from_dict(
        {
            "compplan": 1,
            "name": "Numbers",
            "role": "csm",
            "segment": "smb",
            "currency": "USD",
            "pay": {"base": base, "variable": 1000},
            "components": [
                {
                    "measure": "ces",
                    "weight": 1,
                    "target": number,
                    "curve": {"kind": "step", "steps": [[number, payout_at]]},
                },
                {"measure": "advocacy", "rate": rate, "target": 7, "curve": {"kind": "goal", "at": 7}},
            ],
        }
    )
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_yaml(plan.to_yaml()) == plan


def test_8_a_long_line_survives_a_round_trip() -> None:
    """Long texts are where YAML folds lines."""
    for gap in (" ", "  ", "   ", " \n", "\n ", "\t", " \t "):
        for width in range(96, 108, 2):
            note = "n" * width + gap + "m" * 100 + gap + "o"
            _, plan = draw(Random(1))
            plan = plan.edit({"about": {"note": note}})
            assert Plan.from_yaml(plan.to_yaml()).about.note == note


def test_8_an_id_equal_to_the_measure_survives_a_round_trip() -> None:
    data, _ = draw(Random(1))
    data["components"][0].pop("id", None)
    data["components"][0]["id"] = data["components"][0]["measure"]
    plan = Plan.from_dict(tidy(data))
    assert Plan.from_yaml(plan.to_yaml()) == plan
    assert Plan.from_json(plan.to_json()) == plan


# 9


def curve_of(rng: Random) -> PayoutCurve:
    _, plan = draw(rng)
    return compile_plan(plan).components[0].curve


@LAW
@given(rng=DRAWN, shape=st.lists(st.integers(0, 4), min_size=0, max_size=4))
def test_9_an_array_pays_like_its_scalars_and_keeps_its_shape(rng: Random, shape: list[int]) -> None:
    curve = curve_of(rng)
    knots = [x for x, _ in curve.points()]
    size = math.prod(shape)
    xs = np.array([rng.choice(knots) * rng.choice([1, 1, 1 - 1e-10, 1 + 1e-10, 0.97, 1.03, -1]) for _ in range(size)])
    xs = xs.reshape(shape)
    values = curve(xs)
    assert np.shape(values) == tuple(shape)
    np.testing.assert_array_equal(values, np.array([curve(float(x)) for x in xs.reshape(-1)]).reshape(shape))


@LAW
@given(rng=DRAWN)
def test_9_a_table_pays_like_its_rows(rng: Random) -> None:
    data, plan = draw(rng, accumulation="discrete")
    rows = [results_of(rng, data) for _ in range(3)]
    table = payouts(plan, pd.DataFrame(rows, index=["c", "a", "b"]), "year")
    assert list(table.index) == ["c", "a", "b"]
    statements = [payout(plan, row, "year") for row in rows]
    assert table["total"].tolist() == [s.total for s in statements]
    for component in plan.components:
        assert table[component.key].tolist() == [
            next(line.amount for line in s.lines if line.id == component.key) for s in statements
        ]


# 10


@LAW
@given(rng=DRAWN, where=st.floats(0.5, 1.5), spread=st.floats(0.01, 0.5))
def test_10_expected_payout_is_the_integral_over_a_normal_result(rng: Random, where: float, spread: float) -> None:
    curve = curve_of(rng)
    knots = np.array([x for x, _ in curve.points()])
    middle = float(knots.mean()) * where
    assert curve.expected(middle, 0.0) == curve(middle)
    sd = spread * max(float(np.ptp(knots)), abs(middle) / 10, 1e-3)
    at_most = curve.below if curve.highest == math.inf else curve.highest
    # Gauss-Legendre between knots, where the curve is straight.
    nodes, weights = np.polynomial.legendre.leggauss(40)
    ends = np.unique(np.concatenate([knots, middle + sd * np.linspace(-9, 9, 19)]))
    total = 0.0
    for a, b in pairwise(ends):
        xs = (a + b) / 2 + (b - a) / 2 * nodes
        density = np.exp(-(((xs - middle) / sd) ** 2) / 2) / (sd * math.sqrt(2 * math.pi))
        total += float(np.sum(weights * curve(xs) * density)) * (b - a) / 2
    assert curve.expected(middle, sd) == pytest.approx(total, rel=1e-6, abs=1e-6)
    if curve.highest != math.inf:
        assert -1e-9 <= curve.expected(middle, sd) <= at_most + 1e-9


# 11


@LAW
@given(rng=DRAWN)
def test_11_the_total_is_the_sum_of_the_lines_to_the_cent(rng: Random) -> None:
    data, plan = draw(rng)
    period = rng.choice(["year", 1, plan.periods])
    results = make_results(rng, data, period)
    late = plan.accumulation == "year_to_date" and period not in (1, "year")
    before = rng.choice([0.0, 123.45, 100_000.0]) if late else None
    statement = payout(plan, results, period, paid_before=before)
    assert whole(statement.total, plan) == sum(whole(line.amount, plan) for line in statement.lines)
    row = payouts(plan, pd.DataFrame([{**results, **({} if before is None else {"paid_before": before})}]), period)
    parts = row.drop(columns="total").iloc[0]
    assert (
        sum(whole(amount, plan) for amount in parts)
        == whole(row["total"].iloc[0], plan)
        == whole(statement.total, plan)
    )
    assert whole(statement.cash_total, plan) == whole(statement.total, plan) + whole(statement.base, plan)


# 12


@LAW
@given(cents=st.integers(0, 10**11), parts=st.integers(1, 12), digits=st.sampled_from([0, 2, 3]))
def test_12_parts_of_a_year_add_up_exactly(cents: int, parts: int, digits: int) -> None:
    amount = cents / 10**digits
    portions = [int(part) for part in split_minor(amount, parts, digits)]
    assert sum(portions) == cents
    assert max(portions) - min(portions) <= 1


@LAW
@given(amount=st.floats(0, 1e9), parts=st.integers(1, 12))
def test_12_parts_of_any_amount_add_up_to_it_rounded(amount: float, parts: int) -> None:
    assert sum(split_minor(amount, parts, 2)) == to_minor(amount, 2)


# 13


@LAW
@given(rng=DRAWN)
def test_13_the_order_of_components_does_not_matter(rng: Random) -> None:
    data, plan = draw(rng)
    results = results_of(rng, data)
    shuffled = list(data["components"])
    rng.shuffle(shuffled)
    other = Plan.from_dict(tidy({**data, "components": shuffled}))
    before, after = payout(plan, results, "year"), payout(other, dict(reversed(results.items())), "year")
    assert after.total == before.total
    assert {line.id: line.amount for line in after.lines if line.kind == "component"} == {
        line.id: line.amount for line in before.lines if line.kind == "component"
    }
    assert at_target(other) == at_target(plan)


@LAW
@given(rng=DRAWN)
def test_13_the_order_of_rows_and_columns_does_not_matter(rng: Random) -> None:
    data, plan = draw(rng, accumulation="discrete")
    frame = pd.DataFrame([results_of(rng, data) for _ in range(4)])
    table = payouts(plan, frame, "year")
    turned = payouts(plan, frame.loc[[3, 1, 0, 2], frame.columns[::-1]], "year")
    pd.testing.assert_frame_equal(turned.loc[[0, 1, 2, 3]], table)


# 14


@LAW
@given(rng=DRAWN, effect=st.sampled_from([{"factor": 0.0}, {"limit": 0.0}, {"limit": 1.0}]))
def test_14_a_passed_gate_changes_nothing(rng: Random, effect: dict[str, float]) -> None:
    data, plan = draw(rng)
    results = results_of(rng, data)
    gated = with_one_more(plan, "gates", {"measure": "ces", "at_least": 3.0, "otherwise": effect})
    before = payout(plan, results, "year")
    after = payout(gated, {**results, "ces": 3.0}, "year")
    assert after.total == before.total
    assert at_target(gated) == at_target(plan)


# 15


@LAW
@given(rng=DRAWN)
def test_15_a_modifier_of_one_changes_nothing(rng: Random) -> None:
    data, plan = draw(rng)
    results = results_of(rng, data)
    one = {"measure": "ces", "curve": {"kind": "step", "steps": [[1.0, 1.0]]}}
    covered = {**one, "covers": [plan.components[0].key]}
    for modifier in (one, covered):
        neutral = with_one_more(plan, "modifiers", modifier)
        assert payout(neutral, {**results, "ces": 5.0}, "year").total == payout(plan, results, "year").total


# 16


@LAW
@given(rng=DRAWN)
def test_16_a_failed_gate_never_pays_more(rng: Random) -> None:
    data, plan = draw(rng, caps=None)
    results = results_of(rng, data)
    effect = rng.choice([{"factor": 0.0}, {"factor": 0.7}, {"limit": 1.0}, {"limit": 0.0}])
    gated = with_one_more(plan, "gates", {"measure": "ces", "at_least": 3.0, "otherwise": effect})
    failed = payout(gated, {**results, "ces": 2.9}, "year")
    passed = payout(gated, {**results, "ces": 3.0}, "year")
    for before, after in zip(amounts(passed, "component"), amounts(failed, "component"), strict=True):
        assert after <= before
    if effect in ({"factor": 0.0}, {"limit": 0.0}):
        assert set(amounts(failed, "component")) == {0.0}


# 17


@LAW
@given(rng=DRAWN)
def test_17_a_year_to_date_plan_pays_what_the_year_earned(rng: Random) -> None:
    """With what was paid before taken off each time, and a negative difference taken back, the year adds up."""
    data, plan = draw(rng, accumulation="year_to_date", negative="recover")
    paid = 0
    last = None
    for period in range(1, plan.periods + 1):
        last = make_results(rng, data, period)
        before = None if period == 1 else paid * cent(plan)
        paid += whole(payout(plan, last, period, paid_before=before).total, plan)
    assert last is not None
    assert paid == whole(payout(plan, last, "year").total, plan)


@LAW
@given(rng=DRAWN)
def test_17_carry_and_forgive_never_reduce_earlier_payments(rng: Random) -> None:
    data, plan = draw(rng, accumulation="year_to_date", negative=rng.choice(["carry", "forgive"]))
    paid, most = 0, 0
    for period in range(1, plan.periods + 1):
        results = make_results(rng, data, period)
        statement = payout(plan, results, period, paid_before=None if period == 1 else paid * cent(plan))
        assert statement.total >= 0
        assert statement.carried <= 0
        paid += whole(statement.total, plan)
        fresh = payout(plan.edit({"negative": "recover"}), results, period, paid_before=None if period == 1 else 0.0)
        most = max(most, whole(fresh.total, plan))
        assert paid == most


# 18


@LAW
@given(rng=DRAWN)
def test_18_even_periods_add_up_to_the_pay_of_the_year(rng: Random) -> None:
    """Levels held all year, flows earned evenly: the periods of a discrete plan add up to the year, kickers aside."""
    data, plan = draw(rng, accumulation="discrete", seasonality=None, rounding=None, kickers=[])
    assume(all("rate" not in c for c in data["components"]))
    results = results_of(rng, data)
    flows = {name for name, measure in needed(data).items() if plan.measure(measure).kind == "flow"}
    part = {name: value / plan.periods if name in flows else value for name, value in results.items()}
    periods = [payout(plan, part, k + 1) for k in range(plan.periods)]
    year = payout(plan, results, "year")
    assert math.fsum(s.period_target for s in periods) == pytest.approx(year.period_target, abs=1e-6)
    lines = len(plan.components) + len(plan.modifiers) + 1
    assert math.fsum(s.total for s in periods) == pytest.approx(year.total, abs=(plan.periods + 1) * lines * cent(plan))


# 19


@LAW
@given(xs=st.lists(st.floats(0.01, 100), min_size=2, max_size=16, unique=True), rng=DRAWN)
def test_19_curves_never_fall_and_slopes_match_their_growth(xs: list[float], rng: Random) -> None:
    xs = sorted(round(x, 3) for x in xs)
    assume(all(b - a > 1e-3 for a, b in pairwise(xs)))
    ys = sorted(round(rng.random() * 3, 2) for _ in xs)
    pairs = tuple(zip(xs, ys, strict=True))
    for spec in (
        Linear(kind="linear", points=pairs),
        Step(kind="step", steps=pairs),
        Tiered(kind="tiered", tiers=pairs),
    ):
        curve = compile_curve(spec)
        grid = np.unique(np.concatenate([np.linspace(0, 101, 200), xs, np.array(xs) - 1e-6]))
        paid = curve(grid)
        assert (np.diff(paid) >= -1e-12).all()
        jumps = sum(c.jump for c in curve.cliffs())
        slopes = curve.slope(grid[:-1])
        inside = [not any(a < x <= b for x in xs) for a, b in pairwise(grid)]
        growth = np.diff(paid)[inside]
        np.testing.assert_allclose(growth, (slopes * np.diff(grid))[inside], atol=1e-9)
        assert jumps <= paid[-1] + 1e-9
        for zone in curve.dead_zones():
            a, b = (max(end, -1.0) for end in zone)
            b = min(b, 200.0)
            assert curve(a + (b - a) * 0.25) == curve(a + (b - a) * 0.75)


# 20


@LAW
@given(rng=DRAWN)
def test_20_pay_never_exceeds_the_ceiling(rng: Random) -> None:
    data, plan = draw(rng, rounding=None)
    most = ceiling(plan)
    assume(math.isfinite(most))
    results = make_results(rng, data, "year")
    best = {}
    for name, value in results.items():
        measure = plan.measure(needed(data)[name])
        far = (value if math.isfinite(value) else 0.0) + (1e7 if measure.better == "more" else -1e7)
        low, high = LIMITS.get(measure.key, (None, None))
        far = far if high is None else min(far, high)
        best[name] = far if low is None else max(far, low)
    # Lines are whole cents, so only a modifier below 1 can round a larger sum down by more.
    slack = sum(m.covers is None for m in plan.modifiers)
    for each in (results, best):
        statement = payout(plan, each, "year")
        assert paid_units(statement, plan) <= round(most / cent(plan)) + slack


def paid_units(statement: Statement, plan: Plan) -> int:
    """Pay without kickers, in minor units."""
    kickers = sum(round(amount / cent(plan)) for amount in amounts(statement, "kicker"))
    return round(statement.total / cent(plan)) - kickers


@LAW
@given(rng=DRAWN, cap=st.integers(1, 40))
def test_20_pay_under_a_binding_total_cap_equals_the_ceiling(rng: Random, cap: int) -> None:
    data, plan = draw(rng, rounding=None, caps={"total": cap / 20})
    statement = payout(plan, results_of(rng, data), "year")
    assume(any(line.kind == "cap" for line in statement.lines))
    assert paid_units(statement, plan) == round(ceiling(plan) / cent(plan))


def test_20_target_pay_is_rounded_before_a_factor_multiplies_it() -> None:
    """A variable share of OTE gives a target of 13,333.333…; ten times its rounded cents is 133,333.30."""
    plan = Plan.from_yaml(UNEVEN)
    statement = payout(plan, {"grr": 1.0}, "year")
    assert statement.total == ceiling(plan) == 133_333.30
    capped = plan.edit({"caps.total": 2.0})
    assert payout(capped, {"grr": 1.0}, "year").total == ceiling(capped) == 26_666.66


UNEVEN = """
compplan: 1
name: Uneven
role: csm
segment: smb
currency: USD
pay: {base: 40000, variable_share: 0.25}
components:
  - {measure: grr, weight: 1, target: 0.9, curve: {kind: linear, points: [[0.8, 0.5], [0.9, 1], [1, 10]]}}
"""
