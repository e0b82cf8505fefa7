"""What a heading says besides its name: a currency, a scale and a period, in the spellings that people use."""

from __future__ import annotations

import pytest

from compplan.capacity.account_words import ACCOUNTS
from compplan.readers.heading_words import words_of
from compplan.readers.headings import match
from compplan.roster.words import PEOPLE

THOUSANDS = (
    "Base (T€)", "Base in TEUR", "Base (Tsd. €)", "Base in Tsd. EUR", "Base (EUR '000)", "Base in k€", "Base k€",
    "Base_k", "TEUR Base", "Base (in 1000 €)", "Base (1,000 USD)", "Base x1000", "Base in 000", "Base ($000s)",
    "Base (USD, thousands)", "base_usd_k",
)  # fmt: skip
OTHER_SCALES = {
    "Base (in Mio. €)": 1e6, "Base in mn INR": 1e6, "Base (M)": 1e6, "Base (in lakhs)": 1e5, "Base (LPA)": 1e5,
    "Base (INR L)": 1e5, "Base (₹ Cr)": 1e7, "Base (crores)": 1e7, "Base": 1.0, "Base 2026": 1.0, "Base (USD)": 1.0,
}  # fmt: skip


@pytest.mark.parametrize("heading", THOUSANDS)
def test_heading_in_thousands(heading: str) -> None:
    (column,) = match([heading], None, PEOPLE)
    assert (column.field, column.scale) == ("base", 1e3)


@pytest.mark.parametrize(("heading", "scale"), OTHER_SCALES.items())
def test_heading_with_another_scale(heading: str, scale: float) -> None:
    (column,) = match([heading], None, PEOPLE)
    assert (column.field, column.scale) == ("base", scale)


@pytest.mark.parametrize("heading", ["base_salary_usd", "Base_Salary_USD", "Base Salary (usd)", "base_usd", "US$ base"])
def test_currency_of_a_heading_in_any_case(heading: str) -> None:
    (column,) = match([heading], None, PEOPLE)
    assert (column.field, column.currency) == ("base", "USD")


@pytest.mark.parametrize(
    ("heading", "period"),
    [
        ("Base/month", "month"), ("Base p.m.", "month"), ("Salary [€/Monat]", "month"), ("Sueldo/mes", "month"),
        ("Gehalt mtl.", "month"), ("Salaire (€/an)", "year"), ("Salary/yr", "year"), ("Base p.a.", "year"),
    ],
)  # fmt: skip
def test_period_of_a_heading(heading: str, period: str) -> None:
    (column,) = match([heading], None, PEOPLE)
    assert (column.field, column.per) == ("base", period)


def test_amount_in_local_currency_is_not_the_currency() -> None:
    columns = match(["ARR (Local Currency)", "Local Currency"], None, ACCOUNTS)
    assert [column.field for column in columns] == ["arr", "currency"]


@pytest.mark.parametrize("heading", ["Salary xyz", "Salary eux", "Base cost"])
def test_another_word_is_not_a_slip_of_the_pen(heading: str) -> None:
    (column,) = match([heading], None, PEOPLE)
    assert column.field == ""


def test_period_stays_where_a_scale_is_named_before_it() -> None:
    words = words_of("Base (k€ / month)")
    assert (words.bare, words.scale, words.per, words.currency) == ("base", 1e3, "month", "EUR")
