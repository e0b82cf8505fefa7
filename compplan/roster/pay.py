"""Base, variable and OTE of each person, a year and in the person's own currency, from whatever the file has."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers import currencies
from compplan.readers.amounts import FORMS
from compplan.readers.columns import FORM_NAMES, PERIODS, note_faults, note_habit, read_amounts, scaled
from compplan.readers.currencies import Currencies
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED
from compplan.roster import variable
from compplan.roster.options import Options
from compplan.roster.yearly_pay import YearlyPay, amount_text

_MONEY = ("base", "hourly", "variable", "ote")
_WEEKS, _MONTHS = 52.0, 12.0
# In any currency, less than this is not pay for a year, and more than that is not pay for an hour.
_LEAST_A_YEAR, _MOST_AN_HOUR = 1_000.0, 1_000.0
_BASES: Mapping[str, str] = {
    "hourly": "hour", "hour": "hour", "h": "hour", "hr": "hour", "per hour": "hour", "wage": "hour",
    "monthly": "month", "month": "month", "per month": "month", "weekly": "week", "week": "week", "per week": "week",
    "annual": "year", "annually": "year", "yearly": "year", "year": "year", "salary": "year", "salaried": "year",
    "per year": "year", "per annum": "year", "exempt": "year", "a": "year", "s": "year", "y": "year", "p.a.": "year",
    "annual salary": "year", "salaried exempt": "year", "": "",
}  # fmt: skip


def read(ledger: Ledger, options: Options) -> YearlyPay:
    """Read the columns of pay, and skip rows with base pay that can't be read."""
    rows = len(ledger.live)
    cells = {
        name: read_amounts(ledger.raw(column), ledger.numbers(column))
        for name in _MONEY
        if (column := ledger.columns.get(name)) is not None
    }
    pairs = [(ledger.columns[name], amounts) for name, amounts in cells.items()]
    currency = currencies.resolve(ledger, pairs, options.currency)
    unknown = np.full(rows, np.nan)
    pay = YearlyPay(unknown, unknown, unknown, currency, cells)
    for name, amounts in cells.items():
        note_faults(ledger, ledger.columns[name], amounts, skip=name == "base")
    for name, amounts in cells.items():
        note_habit(ledger, ledger.columns[name], amounts)
    basis = _pay_basis(ledger)
    if "base" in cells:
        pay.base = _yearly(ledger, pay, "base", basis, options)
        _skip_too_little(ledger, pay.base)
    if "hourly" in cells:
        rate = _yearly(ledger, pay, "hourly", None, options)
        pay.base = np.where(np.isnan(pay.base), rate, pay.base)
    if "ote" in cells:
        pay.ote = _yearly(ledger, pay, "ote", None, options)
    if "variable" in cells:
        pay.variable = _yearly(ledger, pay, "variable", None, options)
    pay.variable, shared = variable.from_shares(ledger, pay.base, pay.variable, pay.ote, cells.get("variable"), options)
    _skip_unpaid(ledger, pay)
    variable.complete(ledger, pay, shared)
    return pay


def _pay_basis(ledger: Ledger) -> IntArray | None:
    """Return the period of base pay where a column states it, as positions in `PERIODS`."""
    column = ledger.columns.get("pay_basis")
    if column is None:
        return None
    codes, periods = ledger.each_different(column, lambda text: _BASES.get(text.casefold()))
    numbers = np.array([PERIODS.index(name) if name is not None else -1 for name in periods] or [0], dtype=np.int64)[
        codes
    ]
    for _, row in ledger.each(numbers < 0):
        why = "The pay basis is unknown, so the pay is read as a year's. Use hourly, weekly, monthly or annual."
        ledger.doubt(row, column, why)
    return np.maximum(numbers, 0)


def _yearly(ledger: Ledger, pay: YearlyPay, name: str, basis: IntArray | None, options: Options) -> FloatArray:
    """Return a column in money a year, with a note on every cell that does not literally say it."""
    cells, column = pay.cells[name], ledger.columns[name]
    values = np.where(cells.percents, np.nan, cells.values)
    periods = cells.periods
    per = "hour" if name == "hourly" and not column.per else column.per
    by_heading = (periods == 0) & bool(per)
    if per:
        periods = np.where(by_heading, PERIODS.index(per), periods)
    by_column: BoolArray = np.zeros(len(values), dtype=np.bool_)
    if basis is not None and not per:
        by_column = (periods == 0) & (basis > 0) & ~np.isnan(values)
        periods = np.where(by_column, basis, periods)
    values, periods = _check_hourly(ledger, column, values, periods, by_column)
    values = scaled(ledger, column, values, cells, _LEAST_A_YEAR)
    factors = np.array([1.0, options.hours_per_year, _WEEKS, _MONTHS, 1.0])
    if periods.any():
        _note_factors(ledger, column, values, periods, by_heading, pay.currency, options)
        yearly = values * factors[periods]
    else:
        yearly = values
    rewritten = (cells.forms > 0) & (factors[periods] == 1) & ~np.isnan(yearly)
    if rewritten.any():
        for place, row in ledger.each(rewritten):
            form = FORM_NAMES[int(cells.forms[place])]
            ledger.correct(row, column, amount_text(float(yearly[place]), pay.currency.of(place)), FORMS[form])
    return yearly


def _check_hourly(
    ledger: Ledger, column: Heading, values: FloatArray, periods: IntArray, by_column: BoolArray
) -> tuple[FloatArray, IntArray]:
    """Handle hourly rates that are too high: pay for a year of someone paid by the hour, or a fault."""
    high = (periods == PERIODS.index("hour")) & (values > _MOST_AN_HOUR)
    if not high.any():
        return values, periods
    for _, row in ledger.each(high & by_column):
        ledger.doubt(
            row, column, "The row says hourly, but the amount is too high for an hour and is read as a year's."
        )
    for _, row in ledger.each(high & ~by_column):
        why = f"The hourly rate is too high. Enter at most {_MOST_AN_HOUR:,.0f}."
        if column.field in ("base", "hourly"):
            ledger.skip(row, REFUSED, why, column)
        else:
            ledger.doubt(row, column, f"{why} The cell is treated as empty.")
    return np.where(high & ~by_column, np.nan, values), np.where(high, 0, periods)


def _note_factors(
    ledger: Ledger,
    column: Heading,
    values: FloatArray,
    periods: IntArray,
    by_heading: BoolArray,
    currency: Currencies,
    options: Options,
) -> None:
    factors = {
        "hour": (options.hours_per_year, f"multiplied by {options.hours_per_year:,g} hours a year"),
        "week": (_WEEKS, "multiplied by 52 weeks"),
        "month": (_MONTHS, "multiplied by 12 months"),
    }
    names = {"hour": "an hourly rate", "week": "weekly pay", "month": "monthly pay"}
    for name, (factor, how) in factors.items():
        here = (periods == PERIODS.index(name)) & ~np.isnan(values)
        if (here & by_heading).any():
            count = int((here & by_heading).sum())
            ledger.note_column("assumed", f"{count:,} cells are {names[name]} by their heading, {how}.", column)
        for place, row in ledger.each(here & ~by_heading):
            became = amount_text(float(values[place]) * factor, currency.of(place))
            ledger.correct(row, column, became, f"{names[name].capitalize()}, {how}.")


def _skip_too_little(ledger: Ledger, base: FloatArray) -> None:
    column = ledger.columns["base"]
    little = base < _LEAST_A_YEAR
    if not little.any():
        return
    for place, row in ledger.each(little):
        if base[place] == 0:
            why = "Base pay is zero. Enter an amount above 0."
        else:
            why = (
                f"The amount is too low for a year. Enter at least {_LEAST_A_YEAR:,.0f}, write 95k or 95/hour if you "
                "mean that, or put the unit in the heading."
            )
        ledger.skip(row, REFUSED, why, column)


def _skip_unpaid(ledger: Ledger, pay: YearlyPay) -> None:
    """Skip rows with neither base nor OTE, in a file that has such columns."""
    column = next((ledger.columns[f] for f in ("base", "hourly", "ote") if f in ledger.columns), None)
    if column is None:
        ledger.note_column("assumed", "The file has no column of base pay or OTE, so people have no pay.")
        return
    for _, row in ledger.each(np.isnan(pay.base) & np.isnan(pay.ote)):
        ledger.skip(row, REFUSED, "The row has neither base pay nor OTE. A person needs one of them.", column)
