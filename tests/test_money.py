"""Amounts are rounded half away from zero in the minor unit of their currency."""

import pytest

from compplan.money import minor_digits, part_minor, round_money, split_minor, to_minor


@pytest.mark.parametrize(
    ("amount", "digits", "minor"),
    [
        (0.005, 2, 1),
        (-0.005, 2, -1),
        (0.0049, 2, 0),
        (-0.0049, 2, 0),
        (1.005, 2, 101),
        (2.675, 2, 268),
        (-2.675, 2, -268),
        (0.5, 0, 1),
        (-0.5, 0, -1),
        (1.5, 0, 2),
        (2.5, 0, 3),
        (2.4999, 0, 2),
        (0.0005, 3, 1),
        (0.0, 2, 0),
    ],
)
def test_half_is_rounded_away_from_zero(amount: float, digits: int, minor: int) -> None:
    assert float(to_minor(amount, digits)) == minor
    assert round_money(amount, digits) == pytest.approx(minor / 10**digits, abs=1e-12)


def test_amount_within_a_millionth_of_the_half_is_the_half() -> None:
    assert float(to_minor(0.00499999999, 2)) == 1
    assert float(to_minor(0.004999, 2)) == 0


def test_amount_that_rounds_to_nothing_has_no_sign() -> None:
    assert str(round_money(-0.001, 2)) == "0.0"


def test_table_keeps_its_shape() -> None:
    assert to_minor([[1.005, -1.005], [0.0, 3.0]], 2).tolist() == [[101, -101], [0, 300]]


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("EUR", 2), ("JPY", 0), ("KRW", 0), ("BHD", 3)])
def test_currency_has_the_decimals_of_the_standard(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize("currency", ["usd", "XYZ", "", "$"])
def test_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(ValueError, match="is not a currency code of ISO 4217, such as USD, EUR or JPY"):
        minor_digits(currency)


@pytest.mark.parametrize(("amount", "digits"), [(100.0, 2), (-100.0, 2), (22_346.0, 2), (1000.0, 0), (0.01, 2)])
@pytest.mark.parametrize("parts", [1, 2, 4, 12])
def test_periods_of_a_year_add_up_to_it(amount: float, digits: int, parts: int) -> None:
    split = [float(part) for part in split_minor(amount, parts, digits)]
    assert len(split) == parts
    assert sum(split) == amount * 10**digits
    assert max(split) - min(split) <= 1
    assert float(part_minor(amount, 1, parts, parts, digits)) == sum(split)
    assert [float(part_minor(amount, k, k, parts, digits)) for k in range(1, parts + 1)] == split
