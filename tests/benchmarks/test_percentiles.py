"""Pay distributions: interpolation between percentiles, and limits with few answers."""

from __future__ import annotations

import operator
from typing import Any

import pytest

from compplan.benchmarks import (
    BasisError,
    BenchmarkError,
    PayAmount,
    PayBasis,
    Percentiles,
    beside,
    distributions,
    means,
)

QUARTILES = ((0.25, 87_000.0), (0.5, 132_000.0), (0.75, 193_000.0), (0.9, 247_387.0))


def survey(points: Any = QUARTILES, **rest: Any) -> Percentiles:
    return Percentiles("csm", PayBasis.BASE, points, "USD", **rest)


def usd(value: float, basis: PayBasis = PayBasis.BASE) -> PayAmount:
    return PayAmount(value, basis, "USD")


@pytest.mark.parametrize(("p", "value"), QUARTILES)
def test_published_percentile_is_unchanged(p: float, value: float) -> None:
    assert survey().at(p) == value
    assert survey().rank(usd(value)) == p


@pytest.mark.parametrize("p", [0, 0.1, 0.2499999, 0.9000001, 0.95, 1, float("nan")])
def test_percentile_outside_the_published_ones_raises_an_error(p: float) -> None:
    with pytest.raises(
        BenchmarkError,
        match=r"P.* is outside the published range, P25 to P90\. Values outside",
    ):
        survey().at(p)


@pytest.mark.parametrize("value", [86_999, 247_388])
def test_rank_outside_the_published_percentiles_raises_an_error(value: float) -> None:
    with pytest.raises(BenchmarkError, match=r"base pay is outside the published range"):
        survey().rank(usd(value))


def test_no_log_normal_distribution_is_fitted() -> None:
    # A log-normal distribution with these quartiles has P90 at about 281,000; the source publishes 247,387.
    assert survey().at(0.9) == 247_387


def test_error_for_a_single_median_names_it() -> None:
    with pytest.raises(BenchmarkError, match=r"gives only P50\. P60 is not available"):
        survey(((0.5, 100.0),)).at(0.6)


@pytest.mark.parametrize("n", range(8))
def test_few_answers_show_only_the_median_and_their_number(n: int) -> None:
    few = survey(n=n)
    assert few.few
    assert few.points == ((0.5, 132_000.0),)
    assert (few.n, few.median) == (n, 132_000)
    with pytest.raises(BenchmarkError, match=rf"With {n} answers only the median is shown\. P25 is not available"):
        few.at(0.25)
    with pytest.raises(BenchmarkError):
        few.band()


def test_eight_answers_show_all_percentiles() -> None:
    assert survey(n=8).points == QUARTILES


def test_few_answers_without_a_median_raise_an_error() -> None:
    with pytest.raises(BenchmarkError, match="With 5 answers only the median can be shown, and the source gives no"):
        survey(((0.25, 1.0), (0.75, 2.0)), n=5)


@pytest.mark.parametrize("basis", list(PayBasis))
@pytest.mark.parametrize("operation", [operator.add, operator.sub], ids=["add", "sub"])
def test_percentiles_cannot_be_added(basis: PayBasis, operation: Any) -> None:
    other = Percentiles("csm", basis, QUARTILES, "USD")
    for right in (other, 1.0):
        with pytest.raises(BasisError, match="the median base pay may not have the median variable pay"):
            operation(survey(), right)
        with pytest.raises(BasisError, match="do not add up to P50 of the total"):
            operation(right, survey())
    with pytest.raises(BasisError):
        sum([survey(), other])  # type: ignore[list-item]


def test_sum_of_medians_is_not_the_median_of_sums() -> None:
    # Three people: the medians are 60 and 30, and the median of the sums is 80.
    base, variable = [50, 60, 80], [30, 40, 0]
    medians = sorted(base)[1] + sorted(variable)[1]
    assert medians == 90
    assert sorted(b + v for b, v in zip(base, variable, strict=True))[1] == 80


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ((), "at least one percentile"),
        (((0.5, 1.0), (0.25, 2.0)), "must increase: P50 is 1 and P25 is 2"),
        (((0.25, 2.0), (0.5, 1.0)), "must increase: P25 is 2 and P50 is 1"),
        (((0.5, 1.0), (0.5, 1.0)), "must increase"),
        (((0.5, 0.0),), "a positive amount between P0 and P100: P50 is 0.0"),
        (((0.0, 1.0),), "a positive amount between P0 and P100"),
        (((0.5, float("inf")),), "a positive amount"),
    ],
)
def test_invalid_points_raise_an_error(points: Any, message: str) -> None:
    with pytest.raises(BenchmarkError, match=message):
        survey(points)


def test_equal_percentiles_are_allowed() -> None:
    flat = survey(((0.25, 100.0), (0.5, 100.0), (0.75, 120.0)))
    assert flat.at(0.4) == pytest.approx(100)
    assert flat.rank(usd(100)) == 0.25


def test_band_is_the_middle_half() -> None:
    band = survey(n=61, source="ask-a-manager", place="US", as_of="2022", note="Self-reported.").band()
    assert (band.low, band.high, band.basis) == (87_000, 193_000, PayBasis.BASE)
    assert (band.source, band.place, band.as_of) == ("ask-a-manager", "US", "2022")
    assert band.note == "P25 to P75 of 61 answers. Self-reported."


def test_market_ratio_of_a_percentile() -> None:
    assert survey().market_ratio(usd(66_000)) == 0.5
    assert survey().market_ratio(usd(66_000), 0.75) == pytest.approx(66 / 193)
    with pytest.raises(BasisError, match="cannot be compared"):
        survey().market_ratio(usd(66_000, PayBasis.OTE))


@pytest.mark.parametrize("method", ["rank", "market_ratio"])
def test_distribution_rejects_pay_with_another_basis(method: str) -> None:
    with pytest.raises(BasisError):
        getattr(survey(), method)(usd(100_000, PayBasis.OTE))
    with pytest.raises(BasisError, match="needs a basis and a currency"):
        getattr(survey(), method)(100_000)


# --- published figures -----------------------------------------------------------------------------------


def test_surveys_of_a_role_are_separate() -> None:
    surveys = {(one.source, one.basis.value): (one.n, one.median) for one in distributions("csm")}
    assert surveys == {
        ("ask-a-manager-2019", "base"): (19, 80_000),
        ("ask-a-manager-2021", "base"): (40, 85_250),
        ("ask-a-manager-2023", "base"): (21, 86_800),
        ("ask-a-manager", "base"): (61, 85_500),
        ("ask-a-manager", "actual_cash"): (61, 95_700),
        ("glide-2016", "actual_cash"): (None, 69_000),
    }


def test_published_surveys_with_few_answers_have_only_the_median() -> None:
    few = [
        one for role in ("associate_csm", "senior_csm", "cs_manager", "cs_vp") for one in distributions(role) if one.few
    ]
    assert few
    assert all(len(one.points) == 1 and one.interval is None for one in few)


def test_role_none_returns_figures_of_all_roles() -> None:
    keys = {(one.source, one.basis.value) for one in distributions(None)}
    assert ("levels-fyi-2026", "total_compensation") in keys
    assert ("bls-oews-2024-05", "wage") in keys
    (levels,) = distributions(None, "total_compensation")
    assert levels.points == QUARTILES


def test_total_compensation_cannot_be_compared_with_ote() -> None:
    (levels,) = distributions(None, "total_compensation")
    with pytest.raises(BasisError, match="On-target earnings and total compensation are not the same thing"):
        levels.market_ratio(usd(137_500, PayBasis.OTE))


def test_means_have_their_basis() -> None:
    values = {(one.source, one.amount.basis.value): one.amount.value for one in means("csm")}
    assert values == {
        ("tsia-2022", "fully_loaded_cost"): 141_800,
        ("gainsight-2015", "base"): 92_000,
        ("gainsight-2015", "target_variable"): 22_000,
    }
    assert {one.id for one in means(None)} == {
        f"gainsight-2015-{level}-{basis}" for level in ("specialist", "cxo") for basis in ("base", "target_variable")
    }


def test_all_figures_of_a_role_with_one_basis() -> None:
    sources = [one.source for one in beside("csm", "base")]
    assert sources == ["knowup", "ask-a-manager-2019", "ask-a-manager-2021", "ask-a-manager-2023", "ask-a-manager"]


def test_unknown_role_raises_an_error() -> None:
    for query in (distributions, means):
        with pytest.raises(BenchmarkError, match="did you mean csm"):
            query("cms")
