"""Base, variable and OTE of each person, a year and in the person's own currency, from whatever the file has."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from compplan.arrays import BoolArray, FloatArray, IntArray
from compplan.readers import currencies
from compplan.readers.amounts import FORMS, MISSING, code_of
from compplan.readers.columns import (
    FORM_NAMES,
    PERIODS,
    TIMES_A_YEAR,
    note_faults,
    note_habit,
    read_column,
    scaled,
)
from compplan.readers.currencies import Currencies
from compplan.readers.heading_words import normal
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REFUSED, counted
from compplan.roster import employment, variable
from compplan.roster.options import Options
from compplan.roster.plausible import LEAST, MOST, in_dollars, is_pay_of_a_year
from compplan.roster.yearly_pay import YearlyPay, amount_text

_MONEY = ("base", "hourly", "variable", "ote")
# In any currency, less than this is not pay for a year, and more than that is not pay for an hour.
_LEAST_A_YEAR, _MOST_AN_HOUR = 1_000.0, 1_000.0
_WORDS: Mapping[str, str] = {
    "hour": r"hour|hourly|h|hr|hrs|hours|wage|wages|stunde|stundlich|stundenlohn|heure|horaire|hora|per hour"
    r"|nonexempt|non exempt",
    "day": r"day|daily|per day|tag|taglich|jour|dia|diario|d",
    "week": r"week|weekly|per week|every week|once a week|woche|wochentlich|hebdomadaire|semana|semanal|w|wk",
    "biweek": r"bi ?weekly|fortnight|fortnightly|every (?:two|2|other) weeks?|every 14 days|14 taglich|bw|b",
    "semimonth": r"semi ?monthly|twice (?:a|per) month|twice monthly|every half month|1st and 15th|15th and last|sm",
    "month": r"month|monthly|per month|once a month|monat|monatlich|mois|mensuel|mensuelle|mes|mensual|m|mo|mth",
    "quarter": r"quarter|quarterly|per quarter|quartal|quartalsweise|trimestre|trimestriel|trimestral|q",
    "year": r"annual|annually|annum|yearly|year|annualized|per year|per annum|pa|p a|a|y|yr|jahr|jahrlich"
    r"|annuel|annuelle"
    r"|an|anual|ano|annual salary|year salary",
    "salary": r"salary|salaried|exempt|salaried exempt|s|fixed|gehalt|salarie|fijo|salaried nonexempt|salary exempt",
}
_BASES = [(name, re.compile(words)) for name, words in _WORDS.items()]
# A number of pays in a year says the same.
_PAYS = {"1": "year", "4": "quarter", "12": "month", "24": "semimonth", "26": "biweek", "52": "week"}
_NAMES = {"hour": "An hourly rate", "day": "Daily pay", "week": "Weekly pay", "biweek": "Bi-weekly pay",
          "semimonth": "Semi-monthly pay", "month": "Monthly pay", "quarter": "Quarterly pay"}  # fmt: skip
_UNITS = {"hour": "hours a year", "day": "days", "week": "weeks", "biweek": "pays of two weeks",
          "semimonth": "half months", "month": "months", "quarter": "quarters"}  # fmt: skip
# A salary is pay for a year, unless another column says what it is paid for.
_SALARY = -2
_FULL_TIME = re.compile(r"\b(fte|full ?time|vollzeit|temps plein|jornada completa|equivalent)\b")


def read(ledger: Ledger, options: Options, fte: FloatArray) -> YearlyPay:
    """Read the columns of pay, and skip rows with base pay that can't be read.

    Parameters
    ----------
    ledger : Ledger
    options : Options
    fte : ndarray of float, shape (rows,)
        Part of a full-time job of each person; NaN where unknown.
    """
    rows = len(ledger.live)
    cells = {name: read_column(ledger, column) for name in _MONEY if (column := ledger.columns.get(name)) is not None}
    pairs = [(ledger.columns[name], amounts) for name, amounts in cells.items()]
    currency = currencies.resolve(ledger, pairs, options.currency)
    unknown = np.full(rows, np.nan)
    pay = YearlyPay(unknown, unknown, unknown, currency, cells)
    for name, amounts in cells.items():
        note_faults(ledger, ledger.columns[name], amounts, skip=name == "base")
    for name, amounts in cells.items():
        note_habit(ledger, ledger.columns[name], amounts)
    hours = _hours_a_year(ledger, options, fte)
    basis = _basis(ledger)
    if "base" in cells:
        pay.base = _yearly(ledger, pay, "base", basis, hours, options)
        _skip_too_little(ledger, pay.base)
    if "hourly" in cells:
        _prefer_yearly(ledger, pay)
        rate = _yearly(ledger, pay, "hourly", None, hours, options)
        pay.base = np.where(np.isnan(pay.base), rate, pay.base)
    if "ote" in cells:
        pay.ote = _yearly(ledger, pay, "ote", None, hours, options)
    if "variable" in cells:
        per = _stated(ledger, "variable_basis")
        pay.variable = _yearly(ledger, pay, "variable", None if per is None else (per, per > 0), hours, options)
        _drop_other_currency(ledger, pay)
    _pay_of_part_time(ledger, pay, fte)
    pay.variable, shared = variable.from_shares(ledger, pay.base, pay.variable, pay.ote, cells.get("variable"), options)
    _skip_unpaid(ledger, pay)
    variable.complete(ledger, pay, shared)
    _doubt_implausible(ledger, pay)
    return pay


def _prefer_yearly(ledger: Ledger, pay: YearlyPay) -> None:
    """Leave hourly rates of people out who have pay for a year, a month or another period."""
    rates = pay.cells["hourly"].values
    both = ~np.isnan(pay.base) & ~np.isnan(rates)
    if both.any():
        base = ledger.columns["base"].heading
        why = f"Hourly rates are not used for {int(both.sum()):,} people who have pay under {base!r}."
        ledger.note_column("assumed", why, ledger.columns["hourly"])
        pay.cells["hourly"].values = np.where(both, np.nan, rates)


def _hours_a_year(ledger: Ledger, options: Options, fte: FloatArray) -> FloatArray:
    """Return the hours that each person is paid for in a year."""
    hours = np.where(fte > 0, options.hours_per_year * fte, options.hours_per_year)
    weekly = employment.weekly_hours(ledger)
    return hours if weekly is None else np.where(np.isnan(weekly), hours, weekly * TIMES_A_YEAR["week"])


def _period(text: str) -> str | None:
    """Return the period that a cell names, ``salary`` for a year or whatever another column says; None if unknown.

    Examples
    --------
    >>> [_period(text) for text in ("Bi-Weekly", "per month", "Salaried", "Hourly (26 pays)", "2026-03", "")]
    ['biweek', 'month', 'salary', 'hour', None, '']
    """
    if text.casefold() in MISSING:
        return ""
    word = normal(text[:100].split("(", maxsplit=1)[0])
    if word in _PAYS:
        return _PAYS[word]
    word = re.sub(r"^(?:paid|pay|payment|rate|per|an?|every(?= (?:month|year|day|hour|quarter)))\s+(?=.)", "", word)
    word = re.sub(r"\s+(?:pay|paid|rate|basis|payroll|employee|schedule|us|usa|uk)$", "", word)
    return next((name for name, pattern in _BASES if pattern.fullmatch(word)), None)


def _stated(ledger: Ledger, field: str) -> IntArray | None:
    """Return the periods of a column as positions in `PERIODS`, or `_SALARY`; unknown words are one doubt."""
    column = ledger.columns.get(field)
    if column is None:
        return None
    codes, periods = ledger.each_different(column, _period)
    positions = {None: 0, "salary": _SALARY} | {name: place for place, name in enumerate(PERIODS)}
    numbers = np.array([positions[name] for name in periods] or [0], dtype=np.int64)[codes]
    unknown = ledger.cells_where(column, [name is None for name in periods])
    if unknown:
        why = (
            f"The pay basis {counted(unknown, 3)} is unknown, so the pay is read as a year's. Use hourly, daily, "
            "weekly, bi-weekly, semi-monthly, monthly, quarterly or annual."
        )
        ledger.note_column("doubt", why, column)
    return numbers


def _basis(ledger: Ledger) -> tuple[IntArray, BoolArray] | None:
    """Return the period of base pay where columns state it, and where that is only how often people are paid."""
    stated = [_stated(ledger, field) for field in ("pay_basis", "pay_type", "pay_frequency")]
    if all(periods is None for periods in stated):
        return None
    nothing = np.zeros(len(ledger.live), dtype=np.int64)
    basis, kind, frequency = (nothing if periods is None else periods for periods in stated)
    salaried = (basis == _SALARY) | (kind == _SALARY)
    clear = np.where(basis > 0, basis, np.maximum(kind, 0))
    often = np.maximum(frequency, 0)
    periods = np.where(clear > 0, clear, np.where(often > 0, often, np.where(salaried, PERIODS.index("year"), 0)))
    return periods, (clear == 0) & (often > 0)


def _yearly(
    ledger: Ledger,
    pay: YearlyPay,
    name: str,
    basis: tuple[IntArray, BoolArray] | None,
    hours: FloatArray,
    options: Options,
) -> FloatArray:
    """Return a column in money a year, with a note on every cell that does not literally say it."""
    cells, column = pay.cells[name], ledger.columns[name]
    values = np.where(cells.percents, np.nan, cells.values)
    periods = cells.periods
    chosen = options.per.get(name, "")
    per = chosen or ("hour" if name == "hourly" and not column.per else column.per)
    by_heading = (periods == 0) & bool(per)
    if per:
        periods = np.where(by_heading, PERIODS.index(per), periods)
    by_column: BoolArray = np.zeros(len(values), dtype=np.bool_)
    if basis is not None and not per:
        by_column = (periods == 0) & (basis[0] > 0) & ~np.isnan(values)
        periods = np.where(by_column, basis[0], periods)
    values, periods = _check_hourly(ledger, column, values, periods, by_column)
    values = scaled(ledger, column, values, cells, _LEAST_A_YEAR)
    times = {**TIMES_A_YEAR, "month": options.months_per_year}
    factors = np.array([times[period] for period in PERIODS])[periods]
    factors = np.where(periods == PERIODS.index("hour"), hours, factors)
    if by_column.any():
        too_much = by_column & (factors > 1) & is_pay_of_a_year(values, values * factors, pay.currency)
        for place, row in ledger.each(too_much):
            said = PERIODS[int(periods[place])].replace("biweek", "two weeks").replace("semimonth", "half month")
            why = f"The row says pay for each {said}, but the amount is too high for that and is read as a year's."
            ledger.doubt(row, column, why)
        periods, factors = np.where(too_much, 0, periods), np.where(too_much, 1.0, factors)
    if name in ("base", "hourly"):
        pay.by_hour = pay.by_hour | ((periods == PERIODS.index("hour")) & ~np.isnan(values))
    if periods.any():
        _note_factors(
            ledger,
            column,
            values,
            periods,
            by_heading,
            factors,
            pay.currency,
            "as you chose" if chosen else "by the heading",
        )
        yearly = values * factors
    else:
        yearly = values
    rewritten = (cells.forms > 0) & (factors == 1) & ~np.isnan(yearly)
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
    factors: FloatArray,
    currency: Currencies,
    by: str,
) -> None:
    for name, what in _NAMES.items():
        here = (periods == PERIODS.index(name)) & ~np.isnan(values)
        if not here.any():
            continue
        if (here & by_heading).any():
            different = np.unique(factors[here & by_heading])
            how = f"multiplied by {different[0]:,g} {_UNITS[name]}"
            if len(different) > 1:
                how = f"multiplied by the {_UNITS[name]} of each person, {different[0]:,g} to {different[-1]:,g}"
            count = int((here & by_heading).sum())
            cells = "1 cell is" if count == 1 else f"{count:,} cells are"
            ledger.note_column("assumed", f"{cells} {what[0].lower()}{what[1:]} {by}, {how}.", column)
        for place, row in ledger.each(here & ~by_heading):
            factor = float(factors[place])
            became = amount_text(float(values[place]) * factor, currency.of(place))
            ledger.correct(row, column, became, f"{what}, multiplied by {factor:,g} {_UNITS[name]}.")


def _drop_other_currency(ledger: Ledger, pay: YearlyPay) -> None:
    """Leave variable pay in another currency than base pay empty, since amounts in two currencies are never added."""
    column = ledger.columns.get("variable_currency")
    if column is None:
        return
    codes, meanings = ledger.each_different(column, code_of)
    names = pay.currency.names
    fits = np.array(
        [[not meaning or not name or name in meaning for name in names] for meaning in meanings]
        or [[True] * len(names)]
    )
    other = ~fits[codes, pay.currency.codes] & ~np.isnan(pay.variable)
    for place, row in ledger.each(other):
        why = f"Base pay is in {pay.currency.of(place)}. Variable pay in another currency is treated as empty."
        ledger.doubt(row, column, why)
    pay.variable = np.where(other, np.nan, pay.variable)


def _pay_of_part_time(ledger: Ledger, pay: YearlyPay, fte: FloatArray) -> None:
    """Return what part-time people are paid, where a heading says that it has pay for full time; else doubt it."""
    part = fte < 1
    if not part.any():
        return
    stated: BoolArray = np.zeros(len(fte), dtype=np.bool_)
    for name in ("base", "variable", "ote"):
        column, values = ledger.columns.get(name), getattr(pay, name)
        if column is None or not _FULL_TIME.search(normal(column.heading)):
            continue
        here = part & ~np.isnan(values)
        if name != "variable":
            stated |= here
        for place, row in ledger.each(here):
            became = amount_text(float(values[place] * fte[place]), pay.currency.of(place))
            ledger.correct(row, column, became, f"The heading says pay for full time; the FTE is {fte[place]:.4g}.")
        setattr(pay, name, np.where(here, values * fte, values))
    employment.doubt_part_time(ledger, fte, stated | pay.by_hour)


def _doubt_implausible(ledger: Ledger, pay: YearlyPay) -> None:
    """Doubt pay that is far from what people earn in its currency."""
    for name in ("base", "ote", "variable"):
        column = ledger.columns.get(name) or (ledger.columns.get("hourly") if name == "base" else None)
        if column is None:
            continue
        dollars = in_dollars(getattr(pay, name), pay.currency)
        low = (dollars < LEAST) & (name == "base")
        for place, row in ledger.each((dollars > MOST) | low):
            amount = amount_text(float(getattr(pay, name)[place]), pay.currency.of(place))
            high = dollars[place] > MOST
            how = "high" if high else "low"
            why = f"{amount} a year is implausibly {how}. Check the amount, its currency and its period."
            ledger.doubt(row, column, why)


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
        return
    for _, row in ledger.each(np.isnan(pay.base) & np.isnan(pay.ote)):
        ledger.skip(row, REFUSED, "The row has neither base pay nor OTE. A person needs one of them.", column)
