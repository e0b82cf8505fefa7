"""Adjustment of figures to a place, a date and a specialty."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from compplan.benchmarks import (
    BenchmarkError,
    Market,
    PayBand,
    PayBasis,
    age_factor,
    bands,
    date_of,
    default_exponent,
    differential,
    distributions,
    exponents,
    find_area,
    local_bands,
    means,
    premiums,
)

AUSTIN, SF, NYC = find_area("Austin"), find_area("San Francisco"), find_area("New York")
CSM = bands("csm", "base")[0]


def test_default_exponent_is_the_measured_one_with_its_interval() -> None:
    exponent = default_exponent()
    assert (exponent.value, exponent.se, exponent.n) == (0.67, 0.09, 951)
    assert exponent.interval == pytest.approx((0.67 - 1.96 * 0.09, 0.67 + 1.96 * 0.09))
    alone = next(one for one in exponents() if one.sample == "customer_success" and one.areas == "metro")
    assert alone.value == 0.69
    # For Customer Success alone the interval includes 1, which means that pay follows wages fully.
    assert alone.interval[0] < 1 < alone.interval[1]
    assert sum(one.default for one in exponents()) == 1


def test_differential_has_an_interval() -> None:
    expensive = differential(SF)
    low, high = expensive.interval
    assert low < expensive.factor < high
    assert expensive.factor == pytest.approx(1.3543**0.67)
    cheap = differential(find_area("Mississippi"))
    assert cheap.interval[0] < cheap.factor < cheap.interval[1] < 1
    assert differential(AUSTIN, 1).factor == 0.9354
    assert differential(AUSTIN, index="mgmt_index").wages == AUSTIN.mgmt_index


def test_place_without_wages_raises_an_error() -> None:
    with pytest.raises(BenchmarkError, match="Too few wages are published for Guayama, PR"):
        differential(find_area("Guayama"))
    with pytest.raises(BenchmarkError, match="Too few wages"):
        differential(find_area("Delaware"), index="mgmt_index")


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"place": AUSTIN, "exponent": -0.1}, "exponent: must be from 0 to 2. You entered -0.1"),
        ({"place": AUSTIN, "exponent": float("nan")}, "exponent: must be from 0 to 2"),
        ({"specialism": 15}, "specialism: must be from 0 to 1. You entered 15"),
        ({"rate": 4, "date": dt.date(2026, 1, 1)}, "rate: must be from −0.5 to 0.5. You entered 4"),
        ({"rate": 0.04}, "needs a date"),
        ({"exponent": 0.67}, "needs a place"),
        ({"place_premium": 0.2}, "needs a place"),
        (
            {"place": SF, "place_premium": 0.2, "exponent": 0.67},
            "they would count the location twice",
        ),
        (
            {"place": AUSTIN, "place_premium": 0.2},
            r"published only for San Francisco and New York \(KnowUp\)\. You chose Austin",
        ),
    ],
)
def test_invalid_market_settings_raise_an_error(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        Market(**wrong)


@pytest.mark.parametrize("place", [SF, NYC], ids=["sf", "nyc"])
def test_location_premium_replaces_the_wage_adjustment(place: Any) -> None:
    moved = Market(place, place_premium=0.2).adjust(CSM)
    (step,) = moved.steps
    assert moved.factor == step.factor == 1.2
    assert "used instead of the wage adjustment. KnowUp states 15% to 20%." in step.why
    assert step.source == "knowup"


def test_premiums_match_their_source() -> None:
    published = {one.key: (one.kind, one.low, one.high, one.source) for one in premiums()}
    assert published == {
        "knowup-specialism": ("specialism", 0.15, 0.25, "knowup"),
        "knowup-sf-ny": ("place", 0.15, 0.20, "knowup"),
    }
    (place,) = premiums("place")
    assert place.areas == (SF.code, NYC.code)


def test_each_factor_is_a_step() -> None:
    market = Market(SF, exponent=1, specialism=0.15, date=dt.date(2025, 7, 1), rate=0.03)
    moved = market.adjust(CSM)
    assert [step.name for step in moved.steps] == ["place", "specialism", "date"]
    place, specialism, aged = moved.steps
    assert place.factor == 1.3543
    assert place.source == "bls-oews-2025-05"
    assert place.interval is None, "the interval is that of the measured exponent"
    assert Market(SF).adjust(CSM).steps[0].interval == differential(SF).interval
    assert specialism.factor == 1.15
    assert aged.factor == pytest.approx(1.03 ** (365 / 365.25))
    assert moved.factor == pytest.approx(1.3543 * 1.15 * 1.03 ** (365 / 365.25))
    assert moved.given is CSM
    assert moved.figure.low == pytest.approx(CSM.low * moved.factor)
    assert (moved.figure.place, moved.figure.as_of, moved.figure.how) == (SF.name, "2025-07-01", "computed")
    assert moved.figure.spread == pytest.approx(CSM.spread)


def test_empty_market_returns_the_figure_unchanged() -> None:
    moved = Market().adjust(CSM)
    assert moved.figure is CSM
    assert moved.steps == ()


def test_base_and_ote_get_the_same_factor() -> None:
    market = Market(SF, specialism=0.25)
    assert market.adjust(CSM).factor == market.adjust(bands("csm", "ote")[0]).factor


def test_distribution_is_adjusted_with_its_interval() -> None:
    (survey,) = distributions("csm", "base", "ask-a-manager")
    moved = Market(SF, exponent=1).adjust(survey).figure
    assert moved.points == tuple((p, value * 1.3543) for p, value in survey.points)
    assert survey.interval is not None
    assert moved.interval == (survey.interval[0] * 1.3543, survey.interval[1] * 1.3543)
    assert moved.n == survey.n


def test_total_compensation_is_not_adjusted() -> None:
    market = Market(SF, specialism=0.2)
    (levels,) = distributions(None, "total_compensation")
    moved = market.adjust(levels)
    assert moved.figure is levels
    assert all(step.factor == 1 and step.why.startswith("Not adjusted: ") for step in moved.steps)
    assert means("csm", "fully_loaded_cost")


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("", "Not adjusted: its source gives no location."),
        ("Atlantis", "Not adjusted: its location 'Atlantis' is not known."),
        ("Springfield", "Not adjusted: its location 'Springfield' is not known."),
        ("Austin", "Not adjusted: it is a figure for Austin-Round Rock-San Marcos, TX, not for the US."),
        ("San Francisco", "Not adjusted: it is already a figure for San Francisco-Oakland-Fremont, CA."),
    ],
)
def test_only_national_figures_are_adjusted_to_a_place(place: str, why: str) -> None:
    band = PayBand("csm", PayBasis.BASE, 1.0, 2.0, "USD", place=place)
    moved = Market(SF).adjust(band)
    assert moved.figure is band
    assert [step.why for step in moved.steps] == [why]


def test_figure_without_a_date_is_not_aged() -> None:
    band = PayBand("csm", PayBasis.BASE, 1.0, 2.0, "USD")
    moved = Market(date=dt.date(2026, 1, 1), rate=0.04).adjust(band)
    assert moved.figure is band
    assert moved.steps[0].why == "Not aged: the figure has no date."


def test_aging_back_is_the_inverse_of_aging() -> None:
    there = age_factor("2024-01-31", dt.date(2026, 3, 1), 0.05)
    back = age_factor("2026-03-01", dt.date(2024, 1, 31), 0.05)
    assert there * back == pytest.approx(1)
    assert there > 1


@pytest.mark.parametrize("text", ["", "24", "2024-13", "2024-02-30", "2024-00", "May 2024", "2024-1", "0000"])
def test_invalid_date_raises_an_error(text: str) -> None:
    with pytest.raises(BenchmarkError, match="A date must look like 2024, 2026-05 or 2026-05-31"):
        date_of(text)


def test_each_place_has_bands_of_its_own() -> None:
    market = Market(AUSTIN, specialism=0.2)
    local, unknown = local_bands({"csm": CSM}, ["San Francisco", " ", "Guayama", "Atlantis", "San Francisco"], market)
    assert local == {
        "csm": market.adjust(CSM).figure,
        ("csm", "San Francisco"): Market(SF, specialism=0.2).adjust(CSM).figure,
    }
    assert local["csm", "San Francisco"].low > local["csm"].low
    assert unknown == {
        "Guayama": "Too few wages are published for Guayama, PR (metropolitan area).",
        "Atlantis": "No US area is called 'Atlantis'.",
    }


def test_strength_of_the_market_serves_every_place_unless_one_is_given() -> None:
    half = Market(SF, exponent=0.5)
    for market, given, used in ((half, None, 0.5), (half, 1.0, 1.0), (None, 0.3, 0.3), (None, None, None)):
        local, _ = local_bands({"csm": CSM}, ["Austin"], market, given)
        assert local["csm", "Austin"] == Market(AUSTIN, used).adjust(CSM).figure
