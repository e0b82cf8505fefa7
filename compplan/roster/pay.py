"""Base, variable and OTE of each person, in the person's own currency and a year, from whatever the file gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.formats import plain_number
from compplan.readers import currencies
from compplan.readers.amounts import FORMS
from compplan.readers.columns import FORM_NAMES, PERIODS, Amounts, amounts
from compplan.readers.currencies import Currencies
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED
from compplan.roster import variable
from compplan.roster.options import Options

_MONEY = ("base", "hourly", "variable", "ote")
_WEEKS, _MONTHS = 52.0, 12.0
# Less than this is no pay of a year in any currency; more than that is no pay of an hour.
_LEAST_A_YEAR, _MOST_AN_HOUR = 1_000.0, 1_000.0
_BASES: Mapping[str, str] = {
    "hourly": "hour", "hour": "hour", "h": "hour", "hr": "hour", "per hour": "hour", "wage": "hour",
    "monthly": "month", "month": "month", "per month": "month", "weekly": "week", "week": "week", "per week": "week",
    "annual": "year", "annually": "year", "yearly": "year", "year": "year", "salary": "year", "salaried": "year",
    "per year": "year", "per annum": "year", "exempt": "year", "a": "year", "s": "year", "y": "year", "p.a.": "year",
    "annual salary": "year", "salaried exempt": "year", "": "",
}  # fmt: skip


@dataclass(slots=True)
class Pay:
    """Pay of the live rows.

    Attributes
    ----------
    base, variable, ote : ndarray of float, shape (rows,) [currency a year]
        NaN where it is not known.
    currency : Currencies
    """

    base: FloatArray
    variable: FloatArray
    ote: FloatArray
    currency: Currencies
    cells: dict[str, Amounts] = field(default_factory=dict[str, Amounts])


def read(ledger: Ledger, options: Options) -> Pay:
    """Read the columns of pay, and set aside the rows whose base pay cannot be read."""
    rows = len(ledger.live)
    cells = {
        name: amounts(ledger.raw(column), ledger.numbers(column))
        for name in _MONEY
        if (column := ledger.columns.get(name)) is not None
    }
    pairs = [(ledger.columns[name], found) for name, found in cells.items()]
    currency = currencies.resolve(ledger, pairs, options.currency)
    nothing = np.full(rows, np.nan)
    pay = Pay(nothing, nothing, nothing, currency, cells)
    for name in _MONEY:
        if name in cells:
            _faults(ledger, name, cells[name])
    _habits(ledger, cells)
    basis = _basis(ledger)
    if "base" in cells:
        pay.base = _yearly(ledger, pay, "base", basis, options)
        _too_little(ledger, pay.base)
    if "hourly" in cells:
        rate = _yearly(ledger, pay, "hourly", None, options)
        pay.base = np.where(np.isnan(pay.base), rate, pay.base)
    if "ote" in cells:
        pay.ote = _yearly(ledger, pay, "ote", None, options)
    if "variable" in cells:
        pay.variable = _yearly(ledger, pay, "variable", None, options)
    pay.variable, shared = variable.from_shares(ledger, pay.base, pay.variable, pay.ote, cells.get("variable"), options)
    _nothing(ledger, pay)
    variable.complete(ledger, pay, shared)
    return pay


def amount_text(value: float, currency: str) -> str:
    """An amount as notes write it.

    Examples
    --------
    >>> amount_text(95000, "USD"), amount_text(82500.5, "")
    ('95,000 USD', '82,500.5')
    """
    return f"{plain_number(value, 2)} {currency}".rstrip()


def _faults(ledger: Ledger, name: str, cells: Amounts) -> None:
    if not cells.faults.any():
        return
    column = ledger.columns[name]
    for place, row in ledger.each(cells.faults > 0):
        said = cells.fault_names[int(cells.faults[place])]
        if name == "base":
            ledger.aside(row, REFUSED, said, column)
        else:
            ledger.doubt(row, column, f"{said[:-1]}; left empty.")


def _habits(ledger: Ledger, cells: Mapping[str, Amounts]) -> None:
    for name, found in cells.items():
        if found.habit:
            said = FORMS[found.habit]
            ledger.whole("assumed", f"Most cells are so: {said}", ledger.columns[name])


def _basis(ledger: Ledger) -> IntArray | None:
    """What base pay is for, where a column says so."""
    column = ledger.columns.get("pay_basis")
    if column is None:
        return None
    codes, found = ledger.each_different(column, lambda text: _BASES.get(text.casefold()))
    known = np.array([PERIODS.index(name) if name is not None else -1 for name in found] or [0], dtype=np.int64)[codes]
    for _, row in ledger.each(known < 0):
        ledger.doubt(
            row,
            column,
            "It is not known what this pay is for; taken as a year. Allowed: hourly, weekly, monthly, annual.",
        )
    return np.maximum(known, 0)


def _yearly(ledger: Ledger, pay: Pay, name: str, basis: IntArray | None, options: Options) -> FloatArray:
    """A column in money of a year, with a note on every cell that does not literally say it."""
    cells, column = pay.cells[name], ledger.columns[name]
    values = np.where(cells.percents, np.nan, cells.values)
    periods = cells.periods
    told = "hour" if name == "hourly" and not column.per else column.per
    by_heading = (periods == 0) & bool(told)
    if told:
        periods = np.where(by_heading, PERIODS.index(told), periods)
    by_column: BoolArray = np.zeros(len(values), dtype=np.bool_)
    if basis is not None and not told:
        by_column = (periods == 0) & (basis > 0) & ~np.isnan(values)
        periods = np.where(by_column, basis, periods)
    values, periods = _no_hourly_rate(ledger, column, values, periods, by_column)
    if column.scale != 1:
        values = _thousands(ledger, column, values, cells)
    factors = np.array([1.0, options.hours_per_year, _WEEKS, _MONTHS, 1.0])
    if periods.any():
        _factor_notes(ledger, column, values, periods, by_heading, pay.currency, options)
        made = values * factors[periods]
    else:
        made = values
    written = (cells.forms > 0) & (factors[periods] == 1) & ~np.isnan(made)
    if written.any():
        for place, row in ledger.each(written):
            form = FORM_NAMES[int(cells.forms[place])]
            ledger.mended(row, column, amount_text(float(made[place]), pay.currency.of(place)), FORMS[form])
    return made


def _thousands(ledger: Ledger, column: Heading, values: FloatArray, cells: Amounts) -> FloatArray:
    """Apply a heading in thousands to the cells that are written so; 95,000 under "Base (k)" is not 95 million."""
    short = (values < _LEAST_A_YEAR) & (cells.forms != FORM_NAMES.index("short"))
    ledger.whole("assumed", f"The heading says thousands: {int(short.sum()):,} cells are multiplied by 1,000.", column)
    whole = ~short & ~np.isnan(values)
    for _, row in ledger.each(whole):
        ledger.doubt(row, column, "The heading says thousands and the cell does not look so; taken as it stands.")
    return np.where(short, values * column.scale, values)


def _no_hourly_rate(
    ledger: Ledger, column: Heading, values: FloatArray, periods: IntArray, by_column: BoolArray
) -> tuple[FloatArray, IntArray]:
    """A rate of an hour that cannot be one: a year's pay of somebody paid by the hour, or a fault."""
    high = (periods == PERIODS.index("hour")) & (values > _MOST_AN_HOUR)
    if not high.any():
        return values, periods
    for _, row in ledger.each(high & by_column):
        ledger.doubt(row, column, "The row says hourly, but this is no rate of an hour; taken as pay of a year.")
    for _, row in ledger.each(high & ~by_column):
        said = f"This is no rate of an hour; allowed is at most {_MOST_AN_HOUR:,.0f}."
        if column.field in ("base", "hourly"):
            ledger.aside(row, REFUSED, said, column)
        else:
            ledger.doubt(row, column, f"{said[:-1]}; left empty.")
    return np.where(high & ~by_column, np.nan, values), np.where(high, 0, periods)


def _factor_notes(
    ledger: Ledger,
    column: Heading,
    values: FloatArray,
    periods: IntArray,
    by_heading: BoolArray,
    currency: Currencies,
    options: Options,
) -> None:
    said = {
        "hour": (options.hours_per_year, f"{options.hours_per_year:,g} hours a year are assumed."),
        "week": (_WEEKS, "a year has 52 weeks."),
        "month": (_MONTHS, "a year has 12 months."),
    }
    for name, (factor, why) in said.items():
        here = (periods == PERIODS.index(name)) & ~np.isnan(values)
        if (here & by_heading).any():
            count = int((here & by_heading).sum())
            ledger.whole("assumed", f"{count:,} cells are pay of one {name} by their heading; {why}", column)
        for place, row in ledger.each(here & ~by_heading):
            became = amount_text(float(values[place]) * factor, currency.of(place))
            ledger.mended(row, column, became, f"Pay of one {name}; {why}")


def _too_little(ledger: Ledger, base: FloatArray) -> None:
    column = ledger.columns["base"]
    little = base < _LEAST_A_YEAR
    if little.any():
        for place, row in ledger.each(little):
            advice = "write 95k or 95/hour if that is meant, or name the unit in the heading"
            said = "Base pay is zero; allowed is an amount above 0." if base[place] == 0 else (
                f"This is no pay of a year; allowed is at least {_LEAST_A_YEAR:,.0f}: {advice}."
            )  # fmt: skip
            ledger.aside(row, REFUSED, said, column)


def _nothing(ledger: Ledger, pay: Pay) -> None:
    """Set aside rows that have neither base nor OTE, in a file that has such columns."""
    column = next((ledger.columns[f] for f in ("base", "hourly", "ote") if f in ledger.columns), None)
    if column is None:
        ledger.whole("assumed", "The file has no column of base pay or OTE; people are read without pay.")
        return
    for _, row in ledger.each(np.isnan(pay.base) & np.isnan(pay.ote)):
        ledger.aside(row, REFUSED, "The row has neither base pay nor OTE; a person needs one of them.", column)
