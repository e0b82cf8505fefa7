"""Files of accounts: who owns each account, its ARR and its renewal date."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from compplan import facts
from compplan.arrays import FloatArray
from compplan.capacity.errors import CapacityError
from compplan.errors import Problem
from compplan.readers import amounts, read_table, rows
from compplan.readers.amounts import FORMS
from compplan.readers.columns import FORM_NAMES, PERIODS, note_faults, note_habit, read_column, scaled
from compplan.readers.date_columns import read_dates
from compplan.readers.errors import TableError
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.limits import Limits
from compplan.readers.notes import DUPLICATE, REFUSED, Counts, Note
from compplan.readers.vocabulary import Vocabulary, normal

COLUMNS = ("account", "owner", "arr", "currency", "segment", "renewal", "start")
FIELDS: Mapping[str, tuple[str, ...]] = {
    "account": (
        "account name", "account", "customer", "customer name", "client", "client name", "company", "company name",
        "account id", "customer id", "kunde", "client id", "logo", "name",
    ),
    "owner": (
        "csm", "account owner", "owner", "csm name", "csm id", "owner id", "customer success manager", "employee id",
        "emp id", "assigned to", "managed by", "account manager", "betreuer",
    ),
    "arr": (
        "arr", "annual recurring revenue", "acv", "annual contract value", "contract value", "recurring revenue",
        "annual value", "current arr", "value", "revenue", "mrr",
    ),
    "currency": ("currency", "currency code", "cur", "curr", "ccy", "wahrung", "devise"),
    "segment": ("segment", "customer segment", "tier", "account tier", "customer tier", "market segment"),
    "renewal": (
        "renewal date", "renewal", "next renewal", "renews on", "contract end", "contract end date", "end date",
        "expiry date", "expires", "due date",
    ),
    "start": ("start date", "contract start", "contract start date", "start", "customer since", "since", "signed"),
}  # fmt: skip
# Headings of notes by kind, in the order to show them.
NOTES = {"set_aside": "Skipped", "doubt": "Check", "mended": "Corrected", "assumed": "Assumed"}
# Under a heading in thousands, a value of at least this much is not in thousands.
_LEAST_IN_FULL = 10_000.0
_YEARLY = {"year": 1, "month": 12}  # factor from the period of an amount to a year
ACCOUNTS = Vocabulary(FIELDS, {}, Limits("file of accounts"), "account", "accounts", "ARR", "Account, CSM or ARR")


@dataclass(frozen=True, repr=False, eq=False)
class AccountsReading:
    """The accounts of a file, with notes on how it was read.

    Attributes
    ----------
    filename : str
    headings : tuple of Heading
        One per column, with its field.
    accounts : DataFrame
        One row per account, indexed by line of the file, with the columns `COLUMNS`. ``arr`` [currency a year] is in
        the account's own ``currency``, which is empty if unknown; ``renewal`` and ``start`` are dates, NaT if unknown.
    notes : tuple of Note
        Values that were corrected, rows that were skipped, and cells to check, by line and cell.
    counts : Counts
        Number of rows by what happened to them; they add up to the rows of the file.
    """

    filename: str
    headings: tuple[Heading, ...]
    accounts: pd.DataFrame
    notes: tuple[Note, ...]
    counts: Counts = field(repr=False)

    def __repr__(self) -> str:
        return f"AccountsReading({len(self.accounts)} accounts of {self.counts.rows} rows, {len(self.notes)} notes)"

    @property
    def mapping(self) -> dict[str, str]:
        """Heading of each field that has a column."""
        return {h.field: h.heading for h in self.headings if h.field}


def read_accounts(
    data: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    sheet: str | None = None,
) -> AccountsReading:
    r"""Read a file of accounts, CSV or .xlsx.

    Parameters
    ----------
    data : bytes
    filename : str
        Used in messages; the ending tells the format.
    mapping : Mapping of str to str, optional
        Field to heading, such as ``{"arr": "Umsatz"}``; overrides the match by name.
    day_first : bool, optional
        Whether 03/04/2026 is April 3; if left out, the dates of the column decide.
    sheet : str, optional
        Sheet of a workbook.

    Returns
    -------
    AccountsReading
        Totals, accounts without ARR and repeated accounts are skipped, each with a note. Accounts without an owner
        are read, with an empty owner.

    Raises
    ------
    CapacityError
        If the file can't be read, or has no owner or ARR column.

    Examples
    --------
    >>> reading = read_accounts(
    ...     b"Account,CSM,ARR\nAcme,E001,$120k\nGlobex,E002,80.000\nTotal,,200000\n", "accounts.csv"
    ... )
    >>> reading.accounts[["account", "owner", "arr"]].to_dict("list")
    {'account': ['Acme', 'Globex'], 'owner': ['E001', 'E002'], 'arr': [120000.0, 80000.0]}
    >>> reading
    AccountsReading(2 accounts of 4 rows, 3 notes)
    """
    try:
        file = read_table(data, filename, ACCOUNTS, mapping=mapping, sheet=sheet)
    except TableError as error:
        raise CapacityError(error.problems) from None
    name, ledger = file.name, file.ledger()
    missing = [title for key, title in (("owner", "owner"), ("arr", "ARR")) if key not in ledger.columns]
    if missing:
        headings = ", ".join(repr(h.heading) for h in file.headings[:12])
        columns = " and no ".join(f"{title} column" for title in missing)
        raise CapacityError(
            [Problem(name, f"The file has no {columns}. Its headings are {headings}. Choose the column to use.")]
        )
    rows.skip_outline(ledger)
    rows.skip_totals(ledger, ("account", "owner", "segment"), needed="owner")
    ledger.start()
    accounts = _read(ledger, day_first)
    valid = ledger.unskipped()
    lines = pd.Index(file.table.lines[ledger.live[valid]], name="line")
    accounts = accounts[valid].set_axis(lines, axis=0)
    return AccountsReading(name, file.headings, accounts, ledger.notes(), ledger.counts())


def _read(ledger: Ledger, day_first: bool | None) -> pd.DataFrame:
    texts = {name: _texts(ledger, name) for name in ("account", "owner", "segment", "currency")}
    arr, codes = _arr(ledger)
    columns: dict[str, Any] = {"account": texts["account"], "owner": _owners(ledger, texts["owner"]), "arr": arr}
    columns["currency"] = _currencies(ledger, texts["currency"], codes)
    columns["segment"] = [_segment(name) for name in texts["segment"]]
    for column in ("renewal", "start"):
        heading = ledger.columns.get(column)
        days = read_dates(ledger, heading, day_first) if heading else np.full(len(ledger.live), "NaT", "datetime64[s]")
        columns[column] = pd.Series(days)
    accounts = pd.DataFrame({name: columns[name] for name in COLUMNS})
    _skip_faulty(ledger, accounts)
    return accounts


def _texts(ledger: Ledger, name: str) -> list[str]:
    heading = ledger.columns.get(name)
    return [""] * len(ledger.live) if heading is None else [str(cell) for cell in ledger.texts(heading)]


def _currencies(ledger: Ledger, texts: list[str], signs: list[tuple[str, ...]]) -> list[str]:
    """Return the currency of each account, from its column and the sign of its ARR, which must agree."""
    heading, currencies = ledger.columns.get("currency"), [""] * len(texts)
    for place, (text, sign) in enumerate(zip(texts, signs, strict=True)):
        row, codes = int(ledger.live[place]), amounts.code_of(text)
        if text and not codes:
            ledger.skip(row, REFUSED, "The currency is unknown. Enter a code, such as USD, or a sign.", heading)
            continue
        possible = tuple(code for code in codes if code in sign) if codes and sign else codes or sign
        if not possible and (codes or sign):
            ledger.skip(row, REFUSED, "The currency and the sign of ARR differ. Use one currency per account.", heading)
            continue
        currencies[place] = possible[0] if possible else ""
    return currencies


def _owners(ledger: Ledger, names: list[str]) -> list[str]:
    """Return owners as first written; names that differ only in case or spaces are one person."""
    first: dict[str, str] = {}
    owners: list[str] = []
    for place, name in enumerate(names):
        key = " ".join(name.casefold().split())
        first_name = first.setdefault(key, name)
        if first_name != name:
            why = "The name differs only in case or spaces from an earlier one, so it is the same person."
            ledger.correct(int(ledger.live[place]), ledger.columns["owner"], first_name, why)
        owners.append(first_name)
    return owners


def _arr(ledger: Ledger) -> tuple[FloatArray, list[tuple[str, ...]]]:
    """Return ARR a year, NaN with a note if it can't be read, and the currencies that its sign can mean."""
    heading = ledger.columns["arr"]
    cells = read_column(ledger, heading)
    note_faults(ledger, heading, cells, skip=True)
    for _, row in ledger.each(cells.percents):
        ledger.skip(row, REFUSED, "The cell is a percent. Enter an amount of ARR.", heading)
    monthly, usual = PERIODS.index("month"), "month" if "mrr" in normal(heading.heading).split() else "year"
    for _, row in ledger.each(~np.isin(cells.periods, (0, monthly, PERIODS.index("year")))):
        ledger.skip(row, REFUSED, "ARR must be for a year or a month, such as 120000 or 10k/month.", heading)
    factors = np.where(cells.periods == 0, _YEARLY[usual], np.where(cells.periods == monthly, _YEARLY["month"], 1))
    plain = np.where(cells.percents, np.nan, cells.values)
    values = scaled(ledger, heading, plain, cells, _LEAST_IN_FULL) * factors
    note_habit(ledger, heading, cells)
    for place, row in ledger.each(((cells.periods == monthly) | (cells.forms > 0)) & ~np.isnan(values)):
        why = FORMS[FORM_NAMES[int(cells.forms[place])]]
        if cells.periods[place] == monthly:
            why = "A monthly amount, multiplied by 12."
        ledger.correct(row, heading, f"{values[place]:,.10g}", why)
    if usual == "month":
        ledger.note_column("assumed", "The heading says MRR, so the amounts are multiplied by 12.", heading)
    return values, [cells.sign_names[int(code)] for code in cells.signs]


@functools.cache
def _segments() -> Mapping[str, str]:
    """Return the key of each segment by its names in lower case."""
    keys: dict[str, str] = {}
    for row in facts.table("segments"):
        keys |= {normal(row["name"]): row["key"], normal(row["key"].replace("_", " ")): row["key"]}
    return {**keys, "mid": "mid_market", "midmarket": "mid_market", "ent": "enterprise", "small": "smb"}


@functools.lru_cache(maxsize=1024)
def _segment(name: str) -> str:
    """Return the key of a segment from its name in a file; an unknown name stays as it is."""
    return _segments().get(normal(name), name)


def _skip_faulty(ledger: Ledger, accounts: pd.DataFrame) -> None:
    """Skip rows with a formula, without ARR or with a repeated account; note accounts without an owner."""
    owner, arr = ledger.columns["owner"], ledger.columns["arr"]
    first: dict[str, int] = {}
    values, lines = accounts["arr"].to_numpy(dtype=np.float64), ledger.table.lines[ledger.live]
    for place, (name, who) in enumerate(zip(accounts["account"], accounts["owner"], strict=True)):
        row = int(ledger.live[place])
        if str(name).startswith("=") or str(who).startswith("="):
            ledger.skip(row, REFUSED, "The cell is a formula. Enter a value.", owner)
        elif np.isnan(values[place]):
            ledger.skip(row, REFUSED, "The account has no ARR.", arr)
        elif values[place] < 0:
            ledger.skip(row, REFUSED, "ARR is negative. Enter 0 or more.", arr)
        elif name and name in first:
            why = f"The account is on line {first[name]} too. Only the first row is used."
            ledger.skip(row, DUPLICATE, why, ledger.columns.get("account"))
        else:
            if name:
                first[str(name)] = int(lines[place])
            if not who:
                ledger.doubt(row, owner, "The account has no owner, so it is in no book of business.")
