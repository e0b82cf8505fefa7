"""Pay amounts with a basis, and published pay bands."""

from __future__ import annotations

import operator
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from compplan import facts
from compplan.benchmarks import BasisError, BenchmarkError, PayAmount, PayBand, PayBasis, bands, pair

# Role: segment, experience, low and high end of base, low and high end of OTE.
KNOWUP = {
    "associate_csm": ("smb", "0 to 2 years", 55_000, 75_000, 70_000, 90_000),
    "csm": ("mid_market", "2 to 4 years", 75_000, 95_000, 90_000, 120_000),
    "senior_csm": ("enterprise", "4 years or more", 95_000, 120_000, 120_000, 155_000),
    "cs_manager": ("", "", 100_000, 130_000, 125_000, 160_000),
    "cs_director": ("", "", 130_000, 170_000, 165_000, 210_000),
    "cs_vp": ("", "", 175_000, 230_000, 220_000, 300_000),
}
# Role: midpoints of base and OTE, spreads of both, variable share at the low end, high end and midpoint.
KNOWUP_DERIVED = {
    "associate_csm": (65_000, 80_000, 0.3636, 0.2857, 0.2143, 0.1667, 0.1875),
    "csm": (85_000, 105_000, 0.2667, 0.3333, 0.1667, 0.2083, 0.1905),
    "senior_csm": (107_500, 137_500, 0.2632, 0.2917, 0.2083, 0.2258, 0.2182),
    "cs_manager": (115_000, 142_500, 0.3000, 0.2800, 0.2000, 0.1875, 0.1930),
    "cs_director": (150_000, 187_500, 0.3077, 0.2727, 0.2121, 0.1905, 0.2000),
    "cs_vp": (202_500, 260_000, 0.3143, 0.3636, 0.2045, 0.2333, 0.2212),
}


def usd(value: float, basis: str = "base") -> PayAmount:
    return PayAmount(value, PayBasis(basis), "USD")


def both(role: str) -> tuple[PayBand, PayBand]:
    base, ote = bands(role, source="knowup")
    return base, ote


# --- amounts ---------------------------------------------------------------------------------------------

COMPARISONS: list[Callable[[Any, Any], Any]] = [
    operator.lt,
    operator.le,
    operator.gt,
    operator.ge,
    operator.eq,
    operator.ne,
]
ARITHMETIC: list[Callable[[Any, Any], Any]] = [operator.add, operator.sub, operator.truediv]
DEFINED = {("add", "base", "target_variable"), ("add", "target_variable", "base")}
DEFINED |= {("sub", "ote", "base"), ("sub", "ote", "target_variable")}


@pytest.mark.parametrize("first", list(PayBasis))
@pytest.mark.parametrize("second", list(PayBasis))
@pytest.mark.parametrize("operation", [*COMPARISONS, *ARITHMETIC], ids=lambda f: f.__name__)
def test_amounts_with_different_bases_raise_an_error(
    first: PayBasis, second: PayBasis, operation: Callable[[Any, Any], Any]
) -> None:
    if first is second or (operation.__name__, first.value, second.value) in DEFINED:
        operation(usd(2, first), usd(1, second))
        return
    with pytest.raises(BasisError, match="are not the same thing, so") as caught:
        operation(usd(2, first), usd(1, second))
    assert str(caught.value).startswith(first.words.capitalize())
    assert second.words in str(caught.value)


@pytest.mark.parametrize("operation", [*COMPARISONS, *ARITHMETIC], ids=lambda f: f.__name__)
def test_amounts_in_different_currencies_raise_an_error(operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(BasisError, match="USD and EUR are different currencies"):
        operation(usd(1), PayAmount(1, PayBasis.BASE, "EUR"))


@pytest.mark.parametrize("operation", [operator.lt, operator.add, operator.sub], ids=lambda f: f.__name__)
def test_plain_number_raises_an_error(operation: Callable[[Any, Any], Any]) -> None:
    with pytest.raises(BasisError, match=r"A pay amount needs a basis and a currency.* You gave 1\."):
        operation(usd(1), 1)
    assert usd(1) != 1


@pytest.mark.parametrize(
    ("operation", "verb"),
    [(operator.lt, "compared"), (operator.gt, "compared"), (operator.le, "compared"), (operator.ge, "compared"),
     (operator.eq, "compared"), (operator.add, "added"), (operator.sub, "subtracted"), (operator.truediv, "divided")],
)  # fmt: skip
def test_an_error_names_what_was_tried(operation: Callable[[Any, Any], Any], verb: str) -> None:
    with pytest.raises(BasisError) as caught:
        operation(usd(2), PayAmount(1, PayBasis.BASE, "EUR"))
    assert str(caught.value) == f"USD and EUR are different currencies, so $2.00 and €1.00 cannot be {verb}."


def test_ote_is_base_plus_target_variable() -> None:
    base, variable, ote = usd(85_000), usd(20_000, "target_variable"), usd(105_000, "ote")
    assert base + variable == ote
    assert variable + base == ote
    assert ote - base == variable
    assert ote - variable == base
    with pytest.raises(BasisError):
        base - variable


def test_amounts_with_the_same_basis_support_arithmetic() -> None:
    assert usd(1) < usd(2) <= usd(2)
    assert usd(3) > usd(2) >= usd(2)
    assert usd(1) + usd(2) == usd(3)
    assert usd(3) - usd(2) == usd(1)
    assert usd(3) / usd(2) == 1.5
    assert usd(3) * 2 == 2 * usd(3) == usd(6)
    assert usd(3) / 2 == usd(1.5)
    assert {usd(1), usd(1)} == {usd(1)}
    with pytest.raises(BasisError, match="cannot be multiplied"):
        usd(1) * usd(1)  # type: ignore[operator]


def test_basis_error_is_a_type_error_and_a_benchmark_error() -> None:
    assert issubclass(BasisError, TypeError)
    assert issubclass(BasisError, BenchmarkError)


def test_amount_needs_a_finite_number_and_a_known_basis() -> None:
    with pytest.raises(BenchmarkError, match=r"finite number\. You entered nan"):
        usd(float("nan"))
    with pytest.raises(BenchmarkError, match="There is no basis 'otee'; did you mean ote"):
        PayAmount(1, "otee", "USD")  # type: ignore[arg-type]


# --- bands -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", KNOWUP)
def test_knowup_band_matches_its_source(role: str) -> None:
    base, ote = both(role)
    segment, experience, base_low, base_high, ote_low, ote_high = KNOWUP[role]
    for band in (base, ote):
        assert (band.role, band.segment, band.experience) == (role, segment, experience)
        assert (band.currency, band.place, band.as_of) == ("USD", "US", "2024")
        assert (band.source, band.how) == ("knowup", "reported")
        assert facts.source(band.source).publisher == "KnowUp"
        assert "2024-2025" in band.note
    assert (base.basis, base.low, base.high) == (PayBasis.BASE, base_low, base_high)
    assert (ote.basis, ote.low, ote.high) == (PayBasis.OTE, ote_low, ote_high)


@pytest.mark.parametrize("role", KNOWUP)
def test_midpoint_spread_and_variable_share_of_a_knowup_band(role: str) -> None:
    base, ote = both(role)
    base_mid, ote_mid, base_spread, ote_spread, low, high, middle = KNOWUP_DERIVED[role]
    assert (base.midpoint, ote.midpoint) == (base_mid, ote_mid)
    assert (base.spread, ote.spread) == pytest.approx((base_spread, ote_spread), abs=5e-5)
    shares = [pair(base, ote, q).variable_share for q in (0, 1, 0.5)]
    assert shares == pytest.approx([low, high, middle], abs=5e-5)


@pytest.mark.parametrize("role", KNOWUP)
def test_variable_share_is_plausible_at_every_position(role: str) -> None:
    shares = [pair(*both(role), k / 100).variable_share for k in range(101)]
    assert 0.166 < min(shares) <= max(shares) < 0.234


@pytest.mark.parametrize("role", KNOWUP)
def test_high_end_of_base_reaches_the_low_end_of_ote(role: str) -> None:
    # So a base band and an OTE band must be read at the same position.
    base, ote = both(role)
    assert base.high >= ote.low


def test_midpoint_compa_ratio_penetration_and_spread() -> None:
    base, ote = both("senior_csm")
    assert base.midpoint == 107_500
    assert base.compa_ratio(usd(101_000)) == pytest.approx(0.939535, abs=5e-7)
    assert base.penetration(usd(101_000)) == pytest.approx(0.24, abs=1e-12)
    assert base.spread == pytest.approx(0.263158, abs=5e-7)
    assert usd(128_000, "ote") / ote.amount(0.5) == pytest.approx(0.930909, abs=5e-7)


def test_base_and_ote_of_a_vp_at_the_midpoint() -> None:
    base, ote = both("cs_vp")
    middle = pair(base, ote, 0.5)
    assert middle.base == usd(202_500)
    assert middle.ote == usd(260_000, "ote")
    assert middle.target_variable == usd(57_500, "target_variable")
    assert middle.variable_share == pytest.approx(0.221154, abs=5e-7)
    # At different positions the variable pay can be negative.
    assert ote.amount(0) - base.amount(1) == usd(-10_000, "target_variable")


@pytest.mark.parametrize("method", ["penetration", "compa_ratio", "holds"])
def test_band_rejects_pay_with_another_basis_or_currency(method: str) -> None:
    base, _ = both("csm")
    with pytest.raises(BasisError, match=r"On-target earnings and base pay .* cannot be compared"):
        getattr(base, method)(usd(100_000, "ote"))
    with pytest.raises(BasisError, match="EUR and USD"):
        getattr(base, method)(PayAmount(80_000, PayBasis.BASE, "EUR"))
    with pytest.raises(BasisError, match=r"needs a basis and a currency.* You gave 80000\."):
        getattr(base, method)(80_000)


def test_band_includes_its_ends() -> None:
    base, _ = both("csm")
    amounts = [usd(v) for v in (74_999.99, 75_000, 95_000, 95_000.01)]
    assert [base.holds(amount) for amount in amounts] == [False, True, True, False]


@pytest.mark.parametrize("q", [-0.01, 1.01, float("nan"), float("inf")])
def test_position_outside_a_band_raises_an_error(q: float) -> None:
    with pytest.raises(BenchmarkError, match="from 0 to 1"):
        both("csm")[0].at(q)


@pytest.mark.parametrize(("low", "high"), [(2, 1), (1, 1), (0, 1), (-2, -1), (1, float("inf"))])
def test_invalid_ends_raise_an_error(low: float, high: float) -> None:
    with pytest.raises(BenchmarkError, match="must be positive and below the high end"):
        PayBand("csm", PayBasis.BASE, low, high, "USD")


def test_pair_needs_a_base_band_and_an_ote_band_of_one_role() -> None:
    base, ote = both("csm")
    with pytest.raises(BasisError, match="You gave on-target earnings and base pay"):
        pair(ote, base, 0.5)
    with pytest.raises(BenchmarkError, match="You gave csm and cs_vp"):
        pair(base, both("cs_vp")[1], 0.5)
    low = PayBand("csm", PayBasis.OTE, 60_000, 70_000, "USD")
    with pytest.raises(BenchmarkError, match=r"At position 0\.5 OTE .* is below base"):
        pair(base, low, 0.5)


def test_bands_are_filtered_by_role_basis_and_source() -> None:
    assert {band.basis for band in bands("csm")} == {PayBasis.BASE, PayBasis.OTE}
    assert [band.basis for band in bands("csm", "ote")] == [PayBasis.OTE]
    assert bands("csm", source="tsia-2022") == ()
    with pytest.raises(BenchmarkError, match=r"There is no role 'cms'; did you mean csm"):
        bands("cms")
    with pytest.raises(BenchmarkError, match="There is no basis 'salary'"):
        bands("csm", "salary")


@pytest.mark.parametrize("role", ["renewals_manager", "cse", "cs_ops", "account_manager"])
def test_role_without_a_published_band_has_no_bands(role: str) -> None:
    assert bands(role) == ()


def test_import_of_benchmarks_does_not_import_pandas() -> None:
    heavy = "[m for m in ('pandas', 'plotly', 'streamlit') if m in sys.modules]"
    code = f"import sys, compplan.benchmarks; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
