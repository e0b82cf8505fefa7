"""Payout curves: every kind as scalar and as array, at its knots and just beside them, and their properties."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import TypeAdapter

from compplan.curve_kinds import KINDS, CurveKind, Goal
from compplan.curves import AnyCurve, Cliff, Curve, PayoutCurve, compile_curve
from compplan.errors import CurveError
from compplan.plan.place_names import place_name

_READ: TypeAdapter[AnyCurve] = TypeAdapter(Curve)
INF = math.inf


def compiled(better: Any = "more", unit: float = 1.0, hold: bool = False, **spec: Any) -> PayoutCurve:
    return compile_curve(_READ.validate_python(spec), better=better, unit=unit, hold=hold)


LINEAR = {"kind": "linear", "points": [[0.85, 0.5], [0.92, 1.0], [0.97, 1.5]]}
EXTENDED = {"kind": "linear", "points": [[1.0, 0.0], [1.15, 1.0]], "above": "extend"}
JUMPING = {"kind": "linear", "points": [[0.8, 0.0], [0.9, 0.4], [0.9, 1.0], [1.0, 1.2]]}
STEP = {"kind": "step", "steps": [[0.88, 0.5], [0.90, 0.75], [0.92, 1.0], [0.95, 1.25]]}
TIERED = {"kind": "tiered", "tiers": [[0.0, 1.0], [1.0, 1.5], [1.2, 2.0]]}
LATE = {"kind": "tiered", "tiers": [[0.6, 1.0], [1.0, 0.5]]}
RETRO = {"kind": "retroactive", "tiers": [[0.0, 1.0], [1.0, 1.5], [1.2, 2.0]]}
GOAL = {"kind": "goal", "at": 0.9}
DAYS = {"kind": "linear", "points": [[90.0, 0.5], [60.0, 1.0], [45.0, 1.5]]}
DAY_STEPS = {"kind": "step", "steps": [[90.0, 0.5], [60.0, 1.0]]}
DAY_GOAL = {"kind": "goal", "at": 60.0}

# name, curve, better, {result: payout}; every knot, both sides of it, and the far ends
VALUES: list[tuple[str, dict[str, Any], str, dict[float, float]]] = [
    ("linear", LINEAR, "more",
     {-INF: 0, 0: 0, 0.8499: 0, 0.85: 0.5, 0.885: 0.75, 0.92: 1, 0.945: 1.25, 0.97: 1.5, 9: 1.5, INF: 1.5}),
    ("extended", EXTENDED, "more", {-INF: 0, 0.99: 0, 1.0: 0, 1.075: 0.5, 1.15: 1, 1.3: 2, INF: INF}),
    ("jumping", JUMPING, "more",
     {0.79: 0, 0.8: 0, 0.85: 0.2, 0.8999999: 0.3999996, 0.9: 1.0, 0.95: 1.1, 1.0: 1.2, 2: 1.2}),
    ("step", STEP, "more",
     {-INF: 0, 0.8799: 0, 0.88: 0.5, 0.8999: 0.5, 0.90: 0.75, 0.92: 1, 0.9499: 1, 0.95: 1.25, INF: 1.25}),
    ("tiered", TIERED, "more", {-1: 0, 0: 0, 0.5: 0.5, 1: 1, 1.1: 1.15, 1.2: 1.3, 1.55: 2.0, INF: INF}),
    ("late", LATE, "more", {0.59: 0, 0.6: 0, 0.8: 0.2, 1.0: 0.4, 1.2: 0.5}),
    ("retroactive", RETRO, "more", {-1: 0, 0: 0, 0.99: 0.99, 1: 1.5, 1.1: 1.65, 1.2: 2.4, 2: 4, INF: INF}),
    ("goal", GOAL, "more", {-INF: 0, 0.89: 0, 0.9: 1, 2: 1, INF: 1}),
    ("days", DAYS, "less", {INF: 0, 91: 0, 90: 0.5, 75: 0.75, 60: 1, 50: 4 / 3, 45: 1.5, 30: 1.5, 0: 1.5, -INF: 1.5}),
    ("day steps", DAY_STEPS, "less", {INF: 0, 90.1: 0, 90: 0.5, 60.1: 0.5, 60: 1, 0: 1, -INF: 1}),
    ("day goal", DAY_GOAL, "less", {INF: 0, 60.1: 0, 60: 1, -INF: 1}),
]  # fmt: skip
EACH = pytest.mark.parametrize(("name", "spec", "better", "table"), VALUES, ids=[v[0] for v in VALUES])


@EACH
def test_values_as_scalars(name: str, spec: dict[str, Any], better: str, table: dict[float, float]) -> None:
    curve = compiled(better, **spec)
    for x, payout in table.items():
        values = curve(x)
        assert isinstance(values, float)
        assert values == pytest.approx(payout, abs=1e-12), f"at {x}"
    assert math.isnan(curve(math.nan))


@EACH
def test_an_array_of_any_shape_pays_like_its_scalars(
    name: str, spec: dict[str, Any], better: str, table: dict[float, float]
) -> None:
    curve = compiled(better, **spec)
    xs = np.array([*table, math.nan])
    one_by_one = np.array([curve(float(x)) for x in xs])
    np.testing.assert_array_equal(curve(xs), one_by_one)

    assert np.shape(curve(np.array(0.93))) == ()
    assert curve(np.array(0.93)) == curve(0.93)
    assert curve(np.array([])).shape == (0,)
    assert curve(np.zeros((0, 3))).shape == (0, 3)

    block = np.resize(xs, (3, 4, 5))
    np.testing.assert_array_equal(curve(block), np.resize(one_by_one, (3, 4, 5)))
    turned = block.transpose(2, 0, 1)
    assert not turned.flags.c_contiguous
    np.testing.assert_array_equal(curve(turned), np.resize(one_by_one, (3, 4, 5)).transpose(2, 0, 1))
    strided = np.repeat(xs, 2)[::2]
    assert not strided.flags.c_contiguous
    np.testing.assert_array_equal(curve(strided), one_by_one)
    np.testing.assert_array_equal(curve(xs[::-1]), one_by_one[::-1])


@EACH
def test_results_passed_in_are_not_changed(
    name: str, spec: dict[str, Any], better: str, table: dict[float, float]
) -> None:
    curve = compiled(better, **spec)
    xs = np.array([*table, math.nan])
    before = xs.copy()
    xs.setflags(write=False)
    curve(xs)
    np.testing.assert_array_equal(xs, before)


@EACH
def test_a_result_next_to_a_knot_is_at_the_knot(
    name: str, spec: dict[str, Any], better: str, table: dict[float, float]
) -> None:
    curve = compiled(better, **spec)
    for x, payout in curve.points():
        slack = 1e-9 * max(1.0, abs(x))
        for move in (-0.5, -0.1, 0.0, 0.1, 0.5):
            assert curve(x + move * slack) == payout, f"{move} of the tolerance off {x}"
        short = x - 3 * slack * curve.sign
        assert curve(short) <= payout
    for cliff in curve.cliffs():
        slack = 1e-9 * max(1.0, abs(cliff.x))
        assert curve(cliff.x - 3 * slack * curve.sign) == pytest.approx(cliff.before, abs=1e-6)
        assert curve(cliff.x) == cliff.at


def test_a_ratio_that_binary_fractions_miss_is_at_its_knot() -> None:
    curve = compiled(kind="goal", at=0.8)
    assert 0.72 / 0.90 < 0.8
    assert curve(0.72 / 0.90) == 1.0
    assert compiled(kind="goal", at=0.3)(0.1 + 0.2) == 1.0
    assert compiled(kind="goal", at=250_000.0)(249_999.9998) == 1.0
    assert compiled(kind="goal", at=250_000.0)(249_999.9996) == 0.0


def test_flats_and_caps_are_exact_at_any_distance() -> None:
    for spec in (LINEAR, STEP, {**TIERED, "cap": 2.5}, {**EXTENDED, "cap": 1.7}, GOAL):
        curve = compiled(**spec)
        top = curve.highest
        for x in (3.0, 1e6, 1e15, 1e100, 1e300, INF):
            assert curve(x) == top
    days = compiled("less", **DAYS)
    assert [days(x) for x in (-1e300, -1e15, 1e15, 1e300)] == [1.5, 1.5, 0.0, 0.0]


# Slopes, cliffs, dead zones, reach


def test_slope_is_that_of_the_segment_to_the_right() -> None:
    curve = compiled(**LINEAR)
    table = {0.8: 0, 0.85: 0.5 / 0.07, 0.9: 0.5 / 0.07, 0.92: 10, 0.95: 10, 0.97: 0, 2.0: 0}
    for x, slope in table.items():
        assert curve.slope(x) == pytest.approx(slope)
    assert curve.slope(0.92 - 1e-10) == pytest.approx(10)
    slopes = curve.slope(np.array([[0.8, 0.9], [0.95, math.nan]]))
    assert slopes.shape == (2, 2)
    np.testing.assert_allclose(slopes, [[0, 0.5 / 0.07], [10, math.nan]])


def test_slope_where_less_is_better_is_negative() -> None:
    curve = compiled("less", **DAYS)
    np.testing.assert_allclose(
        curve.slope(np.array([100.0, 90, 75, 60, 50, 45, 30])), [0, -1 / 60, -1 / 60, -1 / 30, -1 / 30, 0, 0]
    )
    assert math.copysign(1.0, curve.slope(30.0)) == 1.0  # 0, not -0


CLIFFS: list[tuple[dict[str, Any], str, list[Cliff]]] = [
    (LINEAR, "more", [Cliff(0.85, 0.0, 0.5)]),
    (EXTENDED, "more", []),
    (JUMPING, "more", [Cliff(0.9, 0.4, 1.0)]),
    (STEP, "more", [Cliff(0.88, 0, 0.5), Cliff(0.90, 0.5, 0.75), Cliff(0.92, 0.75, 1.0), Cliff(0.95, 1.0, 1.25)]),
    (TIERED, "more", []),
    (RETRO, "more", [Cliff(1.0, 1.0, 1.5), Cliff(1.2, 1.8, 2.4)]),
    (GOAL, "more", [Cliff(0.9, 0.0, 1.0)]),
    (DAYS, "less", [Cliff(90.0, 0.0, 0.5)]),
    ({**TIERED, "threshold": 0.5}, "more", [Cliff(0.5, 0.0, 0.5)]),
    ({**RETRO, "cap": 1.4}, "more", [Cliff(1.0, 1.0, 1.4)]),
    ({**LINEAR, "floor": 0.5}, "more", []),
    ({**LINEAR, "floor": 0.2}, "more", [Cliff(0.85, 0.2, 0.5)]),
]


@pytest.mark.parametrize(("spec", "better", "expected"), CLIFFS)
def test_cliffs(spec: dict[str, Any], better: str, expected: list[Cliff]) -> None:
    cliffs = compiled(better, **spec).cliffs()
    assert [c.x for c in cliffs] == [c.x for c in expected]
    for cliff, wanted in zip(cliffs, expected, strict=True):
        assert (cliff.before, cliff.at) == pytest.approx((wanted.before, wanted.at))
        assert cliff.jump == pytest.approx(wanted.at - wanted.before)


ZONES: list[tuple[dict[str, Any], str, list[tuple[float, float]]]] = [
    (LINEAR, "more", [(-INF, 0.85), (0.97, INF)]),
    (EXTENDED, "more", [(-INF, 1.0)]),
    (GOAL, "more", [(-INF, 0.9), (0.9, INF)]),
    (STEP, "more", [(-INF, 0.88), (0.88, 0.90), (0.90, 0.92), (0.92, 0.95), (0.95, INF)]),
    (TIERED, "more", [(-INF, 0.0)]),
    (DAYS, "less", [(-INF, 45.0), (90.0, INF)]),
    ({"kind": "linear", "points": [[0, 0], [1, 1], [2, 1], [3, 2]], "above": "extend"}, "more", [(-INF, 0), (1, 2)]),
]


@pytest.mark.parametrize(("spec", "better", "expected"), ZONES)
def test_dead_zones(spec: dict[str, Any], better: str, expected: list[tuple[float, float]]) -> None:
    assert list(compiled(better, **spec).dead_zones()) == expected


def test_reach_is_the_worst_result_that_pays_enough() -> None:
    curve = compiled(**LINEAR)
    assert curve.reach(0.0) == -INF
    assert curve.reach(0.2) == 0.85
    assert curve.reach(0.75) == pytest.approx(0.885)
    assert curve.reach(1.0) == 0.92
    assert curve.reach(1.5) == 0.97
    assert curve.reach(1.51) is None
    assert compiled(**EXTENDED).reach(2.0) == pytest.approx(1.3)
    assert compiled(**RETRO).reach(1.2) == 1.0
    days = compiled("less", **DAYS)
    assert days.reach(0.0) == INF
    assert (days.reach(0.5), days.reach(1.0)) == (90.0, 60.0)
    assert days.reach(0.75) == pytest.approx(75)
    assert compiled(**{**LINEAR, "floor": 0.3}).reach(0.3) == -INF
    for payout in (0.5, 0.6, 0.9, 1.0, 1.2, 1.4):
        for each in (curve, days):
            x = each.reach(payout)
            assert x is not None
            assert each(x) >= payout - 1e-9


def test_highest() -> None:
    assert compiled(**LINEAR).highest == 1.5
    assert compiled(**TIERED).highest == INF
    assert compiled(**{**TIERED, "cap": 2.0}).highest == 2.0
    assert compiled("less", **DAYS).highest == 1.5


# Expected payout, against figures worked out elsewhere

EXPECTED = [
    (LINEAR, 0.92, 0.03, 1.024051),
    (LINEAR, 0.92, 0.0725, 0.939706),
    (LINEAR, 0.90, 0.03, 0.849454),
    ({"kind": "tiered", "tiers": [[0.0, 1.0], [1.0, 1.5]], "threshold": 0.6, "cap": 2.0}, 1.0, 0.25, 1.022356),
    ({"kind": "tiered", "tiers": [[0.0, 1.0], [1.0, 1.5]], "threshold": 0.6, "cap": 2.0}, 1.0, 0.10, 1.019929),
]


@pytest.mark.parametrize(("spec", "mean", "sd", "payout"), EXPECTED)
def test_expected_payout(spec: dict[str, Any], mean: float, sd: float, payout: float) -> None:
    assert compiled(**spec).expected(mean, sd) == pytest.approx(payout, abs=1e-6)


def test_expected_payout_is_mirrored_where_less_is_better() -> None:
    days = compiled("less", **DAYS)
    mirror = compiled("more", kind="linear", points=[[-90.0, 0.5], [-60.0, 1.0], [-45.0, 1.5]])
    for mean, sd in ((60.0, 10.0), (90.0, 3.0), (30.0, 40.0)):
        assert days.expected(mean, sd) == pytest.approx(mirror.expected(-mean, sd), abs=1e-12)


@pytest.mark.parametrize(("mean", "sd"), [(0.9, -0.1), (math.nan, 0.1), (0.9, math.nan), (INF, 0.1), (0.9, INF)])
def test_an_impossible_distribution_is_refused(mean: float, sd: float) -> None:
    with pytest.raises(ValueError, match=r"^mean and sd must be finite, and sd 0 or more. You entered mean="):
        compiled(**LINEAR).expected(mean, sd)


# Cap, floor, threshold


def test_the_cap_applies_where_the_curve_reaches_it() -> None:
    curve = compiled(**{**TIERED, "cap": 1.15})
    assert curve.points()[-1] == pytest.approx((1.1, 1.15))
    assert [curve(x) for x in (1.0, 1.1, 1.2, 5.0)] == pytest.approx([1.0, 1.15, 1.15, 1.15])


def test_a_jump_over_the_cap_stops_at_the_cap() -> None:
    curve = compiled(**{**RETRO, "cap": 1.2})
    assert [curve(x) for x in (0.99, 1.0, 3.0)] == pytest.approx([0.99, 1.2, 1.2])


def test_a_cap_of_zero_pays_nothing() -> None:
    curve = compiled(**{**LINEAR, "cap": 0.0})
    assert [curve(x) for x in (0.0, 0.85, 2.0)] == [0, 0, 0]


def test_the_floor_pays_below_the_first_knot_too() -> None:
    curve = compiled(**{**LINEAR, "floor": 0.75})
    assert [curve(x) for x in (-INF, 0.0, 0.85, 0.88, 0.885, 0.92)] == pytest.approx(
        [0.75, 0.75, 0.75, 0.75, 0.75, 1.0]
    )
    assert curve.points()[1] == pytest.approx((0.885, 0.75))


def test_the_threshold_overrides_the_floor() -> None:
    curve = compiled(**{**LINEAR, "floor": 0.25, "threshold": 0.8})
    assert [curve(x) for x in (0.79, 0.8, 0.84, 0.85)] == [0.0, 0.25, 0.25, 0.5]


def test_the_threshold_cuts_inside_a_segment_and_is_inclusive() -> None:
    curve = compiled(**{**TIERED, "threshold": 0.6})
    assert [curve(x) for x in (0.5999, 0.6, 0.7)] == pytest.approx([0.0, 0.6, 0.7])
    assert curve(0.6 - 1e-10) == pytest.approx(0.6)
    late = compiled("less", **{**DAYS, "threshold": 75.0})
    assert [late(x) for x in (90.0, 75.1, 75.0, 60.0)] == pytest.approx([0.0, 0.0, 0.75, 1.0])


def test_the_threshold_beyond_the_cap_leaves_the_cap() -> None:
    curve = compiled(**{**TIERED, "cap": 1.0, "threshold": 1.5})
    assert [curve(x) for x in (1.0, 1.49, 1.5, 3.0)] == [0, 0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("cap", "floor", "threshold"),
    [(c, f, t) for c in (None, 0.6, 1.2) for f in (None, 0.1, 0.6) for t in (None, 0.87, 1.1)],
)
def test_value_then_cap_then_floor_then_threshold(
    cap: float | None, floor: float | None, threshold: float | None
) -> None:
    for spec in (LINEAR, STEP, TIERED, RETRO, GOAL, JUMPING):
        plain = compiled(**spec)
        bounded = compiled(**spec, cap=cap, floor=floor, threshold=threshold)
        for x in np.linspace(-0.1, 2.1, 441):
            value = plain(float(x))
            value = value if cap is None else min(value, cap)
            value = value if floor is None else max(value, floor)
            value = 0.0 if threshold is not None and x < threshold - 1e-9 else value
            assert bounded(float(x)) == pytest.approx(value, abs=1e-9), f"{spec['kind']} at {x}"


def test_a_floor_above_the_cap_is_refused() -> None:
    with pytest.raises(CurveError) as refused:
        compiled(**{**LINEAR, "cap": 0.8, "floor": 0.9})
    assert str(refused.value) == "floor: must not be above the cap of 0.8. You entered 0.9."


def test_a_modifier_is_flat_beyond_both_ends() -> None:
    curve = compiled(hold=True, kind="linear", points=[[20, 0.9], [40, 1.0], [60, 1.1]])
    assert [curve(x) for x in (-100.0, 20.0, 30.0, 60.0, 100.0, INF, -INF)] == pytest.approx(
        [0.9, 0.9, 0.95, 1.1, 1.1, 1.1, 0.9]
    )
    days = compiled("less", hold=True, kind="step", steps=[[90, 0.8], [60, 1.0]])
    assert [days(x) for x in (INF, 200.0, 90.0, 60.0, 0.0)] == [0.8, 0.8, 0.8, 1.0, 1.0]


# Rates, many knots


def test_rates_are_multiples_of_the_proportional_rate() -> None:
    """Drawn over the measure itself, a rate of 1 pays 100% at target when paid from zero."""
    over_money = compiled(unit=240_000.0, kind="tiered", tiers=[[0, 1.0], [240_000, 1.5], [288_000, 2.0]])
    over_share = compiled(**TIERED)
    for share in (0.0, 0.4, 1.0, 1.1, 1.2, 2.0):
        assert over_money(share * 240_000) == pytest.approx(over_share(share))
    assert compiled(unit=200_000.0, kind="retroactive", tiers=[[150_000, 1.5]])(200_000.0) == pytest.approx(1.5)


@pytest.mark.parametrize("count", [2, 11, 12, 13, 14, 40, 100])
def test_many_knots_pay_like_few(count: int) -> None:
    """From thirteen knots on another search is used; points on a straight line change nothing."""
    few = compiled(kind="linear", points=[[0.0, 0.0], [1.0, 1.0]], above="extend")
    xs = np.linspace(0.0, 1.0, count)
    many = compiled(kind="linear", points=[[float(x), float(x)] for x in xs], above="extend")
    tried = np.concatenate([np.linspace(-0.5, 2.0, 997), xs, xs - 1e-10, xs + 1e-10, [INF, -INF, math.nan]])
    np.testing.assert_allclose(many(tried), few(tried), atol=1e-9)

    steps = compiled(kind="step", steps=[[float(i), float(i)] for i in range(1, count + 1)])
    results = np.concatenate([np.arange(0.0, count + 3), np.arange(0.5, count + 3), np.arange(1.0, count + 1) - 1e-10])
    np.testing.assert_array_equal(steps(results), np.clip(np.floor(results + 1e-9), 0, count))
    worse = compiled("less", kind="step", steps=[[float(-i), float(i)] for i in range(1, count + 1)])
    np.testing.assert_array_equal(worse(-results), steps(results))


def test_more_results_than_fit_in_one_chunk() -> None:
    curve = compiled(**LINEAR)
    xs = np.linspace(0.8, 1.0, 50_001)
    xs[[0, 20_000, 50_000]] = [-INF, math.nan, INF]
    values = curve(xs)
    np.testing.assert_array_equal(values[[0, 20_000, 50_000]], [0.0, math.nan, 1.5])
    np.testing.assert_array_equal(values[::7], np.array([curve(float(x)) for x in xs[::7]]))


def test_a_curve_cannot_be_changed() -> None:
    curve = compiled(**LINEAR)
    with pytest.raises(ValueError, match="read-only"):
        curve.values[0] = 2.0
    with pytest.raises(AttributeError):
        curve.below = 1.0  # type: ignore[misc]


def test_a_kind_without_segments_or_its_names_is_refused_when_it_is_defined() -> None:
    names = {"label": "Bent", "point_word": "bend", "__module__": __name__}
    with pytest.raises(TypeError, match="Bent needs a method 'segments'"):
        type("Bent", (CurveKind,), dict(names))
    del names["label"]
    with pytest.raises(TypeError, match="Bent needs a class attribute 'label'"):
        type("Bent", (CurveKind,), {**names, "segments": Goal.segments})


def test_places_of_every_kind_have_names_from_its_points() -> None:
    for kind in KINDS.values():
        if (field := f"{kind.point_word}s") in kind.model_fields:
            named = place_name(f"components[0].curve.{field}[1]", {"components": [{"measure": "grr"}]})
            assert named == f"GRR curve, {kind.point_word} 2"
