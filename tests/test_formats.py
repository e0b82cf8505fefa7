"""Numbers as text, at the boundaries of their formats."""

import math

import pytest

from compplan import formats
from compplan.measures import catalog


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "$0"),
        (-0.4, "$0"),
        (999.4, "$999"),
        (999.6, "$1,000"),
        (1_000, "$1k"),
        (1_049, "$1k"),
        (1_050.1, "$1.1k"),
        (82_500, "$82.5k"),
        (-82_500, "−$82.5k"),
        (999_949, "$999.9k"),
        (999_950, "$1M"),
        (1_004_000, "$1M"),
        (1_437_000, "$1.44M"),
        (-1_437_000, "−$1.44M"),
        (1_437_000_000, "$1437M"),
        (math.inf, "no limit"),
    ],
)
def test_brief_amount_at_its_boundaries(amount: float, text: str) -> None:
    assert formats.brief_money(amount, "USD") == text


def test_brief_amount_with_other_decimals() -> None:
    assert formats.brief_money(1_101_000, "USD", 3) == "$1.101M"
    assert formats.brief_money(1_100_000, "USD", 3) == "$1.1M"
    assert formats.brief_money(100_000, "CHF", 0) == "CHF 100k"


@pytest.mark.parametrize(
    ("amount", "currency", "digits", "text"),
    [
        (82_500, "USD", None, "$82,500.00"),
        (-0.5, "USD", None, "−$0.50"),
        (-0.001, "USD", None, "$0.00"),
        (82_500.4, "JPY", None, "¥82,500"),
        (1.2345, "BHD", None, "BHD 1.234"),
        (82_500.5, "EUR", 0, "€82,500"),
        (-math.inf, "USD", None, "no limit"),
    ],
)
def test_amount_has_the_decimals_of_its_currency(amount: float, currency: str, digits: int | None, text: str) -> None:
    assert formats.money(amount, currency, digits) == text


@pytest.mark.parametrize(
    ("fraction", "places", "text"),
    [
        (0.19, 2, "19%"),
        (0.190476, 2, "19.05%"),
        (1.0, 0, "100%"),
        (-0.125, 2, "−12.5%"),
        (-1e-9, 2, "0%"),
        (0.1, 0, "10%"),
    ],
)
def test_percent_has_no_false_decimals(fraction: float, places: int, text: str) -> None:
    assert formats.percent(fraction, places) == text


@pytest.mark.parametrize(
    ("key", "value", "exact", "text"),
    [
        ("grr", 0.92, False, "92%"),
        ("grr", 0.92000001, False, "92%"),
        ("grr", 0.92000001, True, "92.000001%"),
        ("expansion_arr", 61_000, False, "$61,000"),
        ("expansion_arr", 61_000.5, False, "$61,000.50"),
        ("expansion_arr", 61_000.123, True, "$61,000.123"),
        ("time_to_value", 1, False, "1 day"),
        ("time_to_value", 45.5, False, "45.5 days"),
        ("csat", 4.6, False, "4.6"),
        ("csat", math.inf, False, "any result"),
    ],
)
def test_result_has_the_unit_of_its_measure(key: str, value: float, exact: bool, text: str) -> None:
    assert formats.result(value, catalog()[key], "USD", exact=exact) == text
