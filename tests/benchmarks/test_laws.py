"""Numbered properties of bands, places, dates, percentiles and people, checked with generated data."""

from __future__ import annotations

import datetime as dt
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compplan.benchmarks import (
    Area,
    BasisError,
    BenchmarkError,
    LadderStep,
    Market,
    PayAmount,
    PayBand,
    PayBasis,
    Percentiles,
    age_factor,
    all_areas,
    bands,
    differential,
    find_area,
    group_compa_ratio,
    pair,
    pay_gaps,
    place_people,
    raise_costs,
    raised_pay,
    reference_bands,
)

money = st.floats(1_000, 5_000_000)
shares = st.floats(0, 1)
bases = st.sampled_from(list(PayBasis))
days = st.dates(dt.date(2010, 1, 1), dt.date(2040, 12, 31))
areas_with_index = st.sampled_from([one for one in all_areas() if one.index is not None and one.kind != "national"])
ROLES = ["associate_csm", "csm", "senior_csm", "cs_manager", "cs_director", "cs_vp", "cse", ""]


@st.composite
def band(draw: st.DrawFn, basis: PayBasis = PayBasis.BASE) -> PayBand:
    low = draw(money)
    return PayBand("csm", basis, low, low * draw(st.floats(1.01, 3)), "USD", place="US", as_of="2024")


@st.composite
def distribution(draw: st.DrawFn) -> Percentiles:
    ps = sorted(draw(st.sets(st.integers(1, 99), min_size=2, max_size=7)))
    values = sorted(draw(st.lists(money, min_size=len(ps), max_size=len(ps))))
    points = tuple((p / 100, value) for p, value in zip(ps, values, strict=True))
    return Percentiles("csm", PayBasis.BASE, points, "USD", place="US", as_of="2024")


@st.composite
def roster(draw: st.DrawFn) -> pd.DataFrame:
    people = draw(
        st.lists(
            st.tuples(
                st.sampled_from(ROLES),
                st.sampled_from(["USD", "USD", "USD", "EUR"]),
                st.one_of(st.floats(20_000, 400_000), st.just(float("nan"))),
                st.sampled_from(["f", "m", "x"]),
            ),
            max_size=40,
        )
    )
    return pd.DataFrame(people, columns=["role", "currency", "base", "group"])


# --- bands -----------------------------------------------------------------------------------------------


@given(band(), bases)
def test_1_penetration_is_0_and_1_at_the_ends(pay_band: PayBand, basis: PayBasis) -> None:
    band_of = PayBand("csm", basis, pay_band.low, pay_band.high, "USD")
    assert band_of.penetration(PayAmount(band_of.low, basis, "USD")) == 0
    assert band_of.penetration(PayAmount(band_of.high, basis, "USD")) == 1
    assert (band_of.at(0), band_of.at(1)) == (band_of.low, band_of.high)


@given(band(), shares)
def test_2_penetration_is_the_inverse_of_position(pay_band: PayBand, q: float) -> None:
    assert pay_band.penetration(pay_band.amount(q)) == pytest.approx(q, abs=1e-9)
    assert pay_band.low <= pay_band.at(q) <= pay_band.high
    assert pay_band.holds(pay_band.amount(q))


@given(band(), money)
def test_3_compa_ratio_is_1_at_the_midpoint_and_grows_with_pay(pay_band: PayBand, pay: float) -> None:
    assert pay_band.compa_ratio(pay_band.amount(0.5)) == pytest.approx(1)
    more, less = PayAmount(pay * 1.01, PayBasis.BASE, "USD"), PayAmount(pay, PayBasis.BASE, "USD")
    assert pay_band.compa_ratio(more) > pay_band.compa_ratio(less)


@given(st.sampled_from(ROLES[:6]), shares)
def test_4_variable_pay_is_positive_at_every_position(role: str, q: float) -> None:
    amounts = pair(*bands(role, source="knowup"), q=q)
    assert amounts.base + amounts.target_variable == amounts.ote
    assert 1 / 6 - 1e-12 <= amounts.variable_share <= 0.35 / 1.5 + 1e-12


@given(bases, bases, money, money)
def test_5_amounts_with_different_bases_cannot_be_compared(
    first: PayBasis, second: PayBasis, a: float, b: float
) -> None:
    one, other = PayAmount(a, first, "USD"), PayAmount(b, second, "USD")
    if first is second:
        assert (one < other) == (a < b)
        assert (one == other) == (a == b)
        return
    for compare in (one.__lt__, one.__le__, one.__gt__, one.__ge__, one.__eq__, one.__truediv__):
        with pytest.raises(BasisError):
            compare(other)


@given(band(), band())
def test_6_overlap_is_a_share_and_excludes_a_gap(lower: PayBand, upper: PayBand) -> None:
    step = LadderStep(lower, upper)
    assert 0 <= step.overlap <= 1
    assert step.gap >= 0
    assert step.overlap == 0 or step.gap == 0


# --- places and dates ------------------------------------------------------------------------------------


@given(band(), areas_with_index)
def test_7_differential_of_1_changes_nothing(pay_band: PayBand, place: Area) -> None:
    assert Market(place, exponent=0).adjust(pay_band).figure is pay_band
    country = find_area("United States")
    assert differential(country).factor == 1
    assert Market(country, exponent=1.5).adjust(pay_band).figure is pay_band


@given(areas_with_index, st.floats(0, 2), st.floats(0, 2))
def test_8_larger_exponent_adjusts_more_in_the_same_direction(place: Area, a: float, b: float) -> None:
    low, high = sorted((a, b))
    wages = differential(place, 1).factor
    near, far = differential(place, low).factor, differential(place, high).factor
    assert math.log(wages) * math.log(near) >= 0
    assert abs(math.log(far)) >= abs(math.log(near)) - 1e-12
    assert differential(place, a).factor * differential(place, b).factor == pytest.approx(wages ** (a + b))


@given(areas_with_index)
def test_9_factor_is_in_its_interval(place: Area) -> None:
    local = differential(place)
    assert local.interval[0] <= local.factor <= local.interval[1]


@given(days, days, st.floats(-0.2, 0.2))
def test_10_aging_forward_and_back_changes_nothing(one: dt.date, other: dt.date, rate: float) -> None:
    there, back = age_factor(one.isoformat(), other, rate), age_factor(other.isoformat(), one, rate)
    assert there * back == pytest.approx(1)
    assert age_factor(one.isoformat(), one, rate) == 1
    assert age_factor(one.isoformat(), other, 0) == 1


@given(days, days, days, st.floats(-0.2, 0.2))
def test_11_aging_in_two_steps_equals_aging_in_one(a: dt.date, b: dt.date, c: dt.date, rate: float) -> None:
    twice = age_factor(a.isoformat(), b, rate) * age_factor(b.isoformat(), c, rate)
    assert twice == pytest.approx(age_factor(a.isoformat(), c, rate))


@given(band(), areas_with_index, st.floats(0, 2), st.floats(0, 1), days, st.floats(-0.2, 0.2))
def test_12_market_multiplies_every_amount_by_the_product_of_its_steps(
    pay_band: PayBand, place: Area, exponent: float, specialism: float, date: dt.date, rate: float
) -> None:
    moved = Market(place, exponent, specialism, date, rate).adjust(pay_band)
    assert moved.factor == pytest.approx(math.prod(step.factor for step in moved.steps))
    assert moved.figure.low == pytest.approx(pay_band.low * moved.factor)
    assert moved.figure.high == pytest.approx(pay_band.high * moved.factor)
    assert moved.figure.spread == pytest.approx(pay_band.spread)
    assert len(moved.steps) == 3


# --- percentiles -----------------------------------------------------------------------------------------


@given(distribution())
def test_13_published_percentiles_are_unchanged(one: Percentiles) -> None:
    for p, value in one.points:
        assert one.at(p) == value


@given(distribution(), shares, shares)
def test_14_values_increase_between_percentiles_and_fail_outside(one: Percentiles, a: float, b: float) -> None:
    low, high = one.points[0][0], one.points[-1][0]
    inside = sorted(p for p in (a, b) if low <= p <= high)
    values = [one.at(p) for p in inside]
    assert all(one.points[0][1] * (1 - 1e-12) <= v <= one.points[-1][1] * (1 + 1e-12) for v in values)
    assert all(x <= y * (1 + 1e-12) for x, y in pairwise(values))
    for p in {a, b} - set(inside):
        with pytest.raises(BenchmarkError):
            one.at(p)


@given(distribution(), shares)
def test_15_rank_is_the_inverse_of_at(one: Percentiles, t: float) -> None:
    low, high = one.points[0][0], one.points[-1][0]
    pay = min(max(one.at(min(max(low + t * (high - low), low), high)), one.points[0][1]), one.points[-1][1])
    assert one.at(one.rank(PayAmount(pay, PayBasis.BASE, "USD"))) == pytest.approx(pay)


@given(distribution(), st.integers(0, 7))
def test_16_few_answers_show_the_median_or_nothing(one: Percentiles, n: int) -> None:
    given_median = dict(one.points).get(0.5)
    if given_median is None:
        with pytest.raises(BenchmarkError):
            Percentiles("csm", PayBasis.BASE, one.points, "USD", n=n)
        return
    assert Percentiles("csm", PayBasis.BASE, one.points, "USD", n=n).points == ((0.5, given_median),)


# --- people ----------------------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(roster(), st.sampled_from(["minimum", "midpoint", 0.8, 0.9, 1.1]))
def test_17_raises_leave_nobody_below_the_point_and_cut_no_pay(team: pd.DataFrame, to: Any) -> None:
    people = place_people(team, reference_bands("base"))
    new = raised_pay(people, to)
    again = place_people(team.assign(base=new), reference_bands("base"))
    known = again[again["stands"] != ""]
    aim = {"minimum": known["low"], "midpoint": known["midpoint"]}.get(to)
    aim = known["midpoint"] * to if aim is None else aim
    assert (known["pay"] >= aim).all()
    if to == "minimum":
        assert not (again["stands"] == "below").any()
    was = people["pay"].to_numpy()
    assert (np.isnan(was) == np.isnan(new)).all()
    assert (new[~np.isnan(new)] >= was[~np.isnan(was)]).all()
    assert (raised_pay(again, to) == new)[~np.isnan(new)].all()


@settings(deadline=None, max_examples=60)
@given(roster())
def test_18_result_has_everyone_and_pay_adds_up(team: pd.DataFrame) -> None:
    people = place_people(team, reference_bands("base"))
    assert len(people) == len(team)
    assert ((people["stands"] == "") == (people["remark"] != "")).all()
    known = people[people["stands"] != ""]
    by_role = group_compa_ratio(people, by=["role"])
    assert by_role["people"].sum() == len(known)
    assert by_role["pay"].sum() == pytest.approx(known["pay"].sum())
    for row in raise_costs(people, ["minimum"]).to_dict("records"):
        more = raised_pay(people, "minimum") - people["pay"].to_numpy()
        here = ((people["currency"] == row["currency"]) & (people["stands"] != "")).to_numpy()
        assert row["cost"] == pytest.approx(more[here].sum(), abs=0.01)


@settings(deadline=None, max_examples=60)
@given(roster())
def test_19_groups_of_fewer_than_five_have_no_figures(team: pd.DataFrame) -> None:
    gaps = pay_gaps(team, by="group", level="role")
    paid = team[team["base"].notna()]
    sizes = paid.groupby(["role", "currency", "group"]).size()
    assert len(gaps) == len(sizes)
    for row in gaps.to_dict("records"):
        size = sizes[row["level"], row["currency"], row["group"]]
        assert row["withheld"] == (size < 5)
        assert pd.isna(row["people"]) == pd.isna(row["mean_pay"]) == (size < 5)
        if row["withheld"]:
            assert pd.isna(row["ratio"])
        if row["reference"]:
            assert sizes[row["level"], row["currency"], row["reference"]] >= 5


@settings(deadline=None, max_examples=40)
@given(roster(), st.randoms(use_true_random=False))
def test_20_order_of_the_rows_changes_nothing(team: pd.DataFrame, random: Any) -> None:
    order = list(range(len(team)))
    random.shuffle(order)
    first = place_people(team, reference_bands("base"))
    second = place_people(team.iloc[order], reference_bands("base"))
    pd.testing.assert_frame_equal(first, second.sort_index(), check_exact=True)
