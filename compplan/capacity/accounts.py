"""Files of accounts: who owns each account, its ARR and its renewal date."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from compplan import facts
from compplan.arrays import FloatArray
from compplan.capacity.account_words import ACCOUNTS, is_monthly
from compplan.capacity.errors import CapacityError
from compplan.errors import Problem
from compplan.readers import currencies, headings, read_table, rows
from compplan.readers.account import FileAccount
from compplan.readers.amounts import FORMS, MISSING
from compplan.readers.columns import (
    FORM_NAMES,
    PERIODS,
    AmountColumn,
    note_faults,
    note_habit,
    read_column,
    scaled,
)
from compplan.readers.date_columns import read_dates
from compplan.readers.errors import TableError
from compplan.readers.heading_words import normal
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import DUPLICATE, REFUSED, Counts, Note, listed, shown
from compplan.readers.table import mask

COLUMNS = ("account", "owner", "arr", "currency", "segment", "renewal", "start")
# Headings of notes by kind, in the order to show them.
NOTES = {"set_aside": "Skipped", "doubt": "Check", "mended": "Corrected", "assumed": "Assumed"}
# Under a heading in thousands, a value of at least this much is not in thousands.
_LEAST_IN_FULL = 10_000.0
_MONTHS = 12.0
_MONTH = PERIODS.index("month")
_DAYS = ("renewal", "start")
# Words in the place of an owner that name nobody.
_NOBODY = MISSING | {
    "unassigned", "not assigned", "none assigned", "no owner", "no csm", "tbd", "tba", "tbc", "to be determined",
    "to be assigned", "to be hired", "unknown", "unowned", "nobody", "no one", "open", "vacant", "pool", "?", "??", "x",
    "(none)", "(blank)", "(unassigned)", "[unassigned]", "(no owner)", "deactivated owner", "0", "---", "_", "not set",
}  # fmt: skip
_MISSING_COLUMNS = {"owner": "owner", "arr": "ARR"}


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
        Number of rows by what happened to them; they add up to the rows of the file. Several rows can be one account.
    left_out : Mapping of str to float [currency a year]
        ARR of rows that were skipped, totals excepted, by currency; empty for an unknown currency. Together with the
        ARR of the accounts it is all ARR of the file that can be read.
    unknown : int
        Rows that were skipped and have no ARR that can be read.
    sheets : tuple of str
        Sheets of a workbook that were not read.
    """

    filename: str
    headings: tuple[Heading, ...]
    accounts: pd.DataFrame
    notes: tuple[Note, ...]
    counts: Counts = field(repr=False)
    left_out: Mapping[str, float] = field(default_factory=dict[str, float], repr=False)
    unknown: int = 0
    sheets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"AccountsReading({len(self.accounts)} accounts of {self.counts.rows} rows, {len(self.notes)} notes)"

    @property
    def mapping(self) -> dict[str, str]:
        """Heading of each field that has a column."""
        return {h.field: h.heading for h in self.headings if h.field in COLUMNS or h.field == "id"}

    @property
    def unused(self) -> tuple[str, ...]:
        """Headings of the columns that were not read."""
        read = self.mapping.values()
        return tuple(h.heading for h in self.headings if h.heading not in read)

    @property
    def kept(self) -> dict[str, float]:
        """ARR of the accounts by currency [currency a year]."""
        groups = self.accounts.groupby("currency", sort=True)["arr"]
        return {str(currency): math.fsum(amounts) for currency, amounts in groups}

    def account(self) -> FileAccount:
        """Return what became of every row and of the ARR of the file."""
        skipped = tuple(note for note in self.notes if note.kind == "set_aside")
        return FileAccount(
            self.filename, self.counts, "ARR", self.kept, self.left_out, self.unknown, self.sheets, skipped
        )

    def sentences(self) -> tuple[str, ...]:
        r"""Return which columns were read, and what became of the rows and the ARR of the file.

        Examples
        --------
        >>> print(*read_accounts(b"Account,CSM,ARR,Health\nA,E1,5\nB,E2,soon\n", "a.csv").sentences(), sep="\n")
        Columns: account from 'Account', owner from 'CSM', ARR from 'ARR'. Not read: 'Health'.
        a.csv: 3 rows = 1 heading + 1 read as is + 1 not readable.
        ARR: 5 without a currency in the file = 5 read + 0 left out.
        ARR: 1 row that was left out has no amount that can be read.
        """
        names = {"arr": "ARR", "id": "account ID", "renewal": "renewal date", "start": "start date"}
        mapping = {name: self.mapping[name] for name in ("id", *COLUMNS) if name in self.mapping}
        columns = ", ".join(f"{names.get(name, name)} from {shown(heading)!r}" for name, heading in mapping.items())
        unused = f" Not read: {listed(self.unused)}." if self.unused else ""
        return f"Columns: {columns}.{unused}", *self.account().lines()


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
        Totals, accounts without ARR and repeated rows are skipped, each with a note. Accounts without an owner are
        read, with an empty owner. Rows of one account, such as its products, are added; an account is known by its id,
        or by its name where the row has no id.

    Raises
    ------
    CapacityError
        If the file can't be read, or has no owner or ARR column. A column "Annual Revenue" is not ARR unless
        `mapping` says so, because in Salesforce and HubSpot it is what the customer earns.

    Examples
    --------
    >>> reading = read_accounts(
    ...     b"Account,CSM,ARR\nAcme,E001,$120k\nGlobex,E002,80.000\nTotal,,200000\n", "accounts.csv"
    ... )
    >>> reading.accounts[["account", "owner", "arr"]].to_dict("list")
    {'account': ['Acme', 'Globex'], 'owner': ['E001', 'E002'], 'arr': [120000.0, 80000.0]}
    >>> reading
    AccountsReading(2 accounts of 4 rows, 5 notes)
    """
    try:
        file = read_table(data, filename, ACCOUNTS, mapping=mapping, sheet=sheet)
    except TableError as error:
        raise CapacityError(error.problems) from None
    name, ledger = file.name, file.ledger()
    _require_columns(ledger, name)
    rows.skip_outline(ledger)
    rows.skip_totals(ledger, ("account", "owner", "segment"), needed="owner")
    ledger.start()
    rows_read = _read(ledger, day_first)
    valid = ledger.unskipped()
    skipped = rows_read[~valid & rows_read["arr"].notna().to_numpy()]
    left_out = {str(code): math.fsum(amounts) for code, amounts in skipped.groupby("currency", sort=True)["arr"]}
    accounts = _as_accounts(ledger, rows_read[valid])
    places = dict(zip(rows_read["line"].tolist(), ledger.live.tolist(), strict=True))
    for line in accounts.index[accounts["owner"] == ""].tolist():
        why = "The account has no owner, so it is in no book of business."
        ledger.doubt(places[line], ledger.columns["owner"], why)
    unknown = int(np.isin(ledger.states, (DUPLICATE, REFUSED)).sum()) - len(skipped)
    return AccountsReading(
        name, file.headings, accounts, ledger.notes(), ledger.counts(), left_out, unknown, file.table.other_sheets
    )


def _require_columns(ledger: Ledger, name: str) -> None:
    """Refuse a file without owners or ARR, with the columns that it has; and note columns with a rival."""
    missing = [title for key, title in _MISSING_COLUMNS.items() if key not in ledger.columns]
    if missing:
        columns = " and no ".join(f"{title} column" for title in missing)
        why = f"The file has no {columns}. Its headings are {listed([h.heading for h in ledger.headings])}."
        turnover = ledger.columns.get("turnover")
        if turnover is not None and "arr" not in ledger.columns:
            why += f" {shown(turnover.heading)!r} usually means what the customer earns; choose it only if it is ARR."
        raise CapacityError([Problem(name, f"{why} Choose the column to use.")])
    turnover = ledger.columns.get("turnover")
    if turnover is not None:
        why = "The heading usually means what the customer earns, so it is not read as ARR."
        ledger.note_column("assumed", why, turnover)
    for left, matched in headings.rivals(ledger.headings, ACCOUNTS):
        if matched.field in ("arr", "owner", "renewal"):
            why = f"The heading can mean the same as {shown(matched.heading)!r}, which was used instead."
            ledger.note_column("doubt", why, left)


def _read(ledger: Ledger, day_first: bool | None) -> pd.DataFrame:
    """Return the live rows, with the columns `COLUMNS` and the account id; rows that can't be used are skipped."""
    names = ("account", "id", "owner", "segment")
    texts = {name: _texts(ledger, name) for name in names}
    owners = ["" if owner.casefold() in _NOBODY else owner for owner in texts["owner"]]
    cells = _arr_cells(ledger)
    columns: dict[str, Any] = {"account": texts["account"], "id": texts["id"], "owner": _same_spelling(ledger, owners)}
    columns["arr"] = _arr(ledger, cells)
    columns["currency"] = currencies.resolve(ledger, [(ledger.columns["arr"], cells)], None, needed=False).series()
    columns["segment"] = [_segment(name) for name in texts["segment"]]
    for column in ("renewal", "start"):
        heading = ledger.columns.get(column)
        days = read_dates(ledger, heading, day_first) if heading else np.full(len(ledger.live), "NaT", "datetime64[s]")
        columns[column] = pd.Series(days)
    accounts = pd.DataFrame(columns).astype(dict.fromkeys((*names, "currency"), "str"))
    if "account" not in ledger.columns:
        accounts["account"] = accounts["id"]
    accounts["line"] = ledger.table.lines[ledger.live]
    _skip_faulty(ledger, accounts)
    return accounts


def _texts(ledger: Ledger, name: str) -> list[str]:
    heading = ledger.columns.get(name)
    return [""] * len(ledger.live) if heading is None else [str(cell) for cell in ledger.texts(heading)]


def _key(name: str) -> str:
    return " ".join(name.casefold().split())


def _same_spelling(ledger: Ledger, names: list[str]) -> list[str]:
    """Return owners in one spelling each; names that differ only in case or spaces are one person."""
    spellings: dict[str, dict[str, int]] = {}
    for name in names:
        counts = spellings.setdefault(_key(name), {})
        counts[name] = counts.get(name, 0) + 1

    def rank(name: str, count: int) -> tuple[bool, int, str]:
        return name in (name.upper(), name.lower()), -count, name

    # The order of rows must not decide: names in mixed case first, then the commonest.
    best = {key: min(counts, key=lambda name: rank(name, counts[name])) for key, counts in spellings.items()}
    owners = [best[_key(name)] for name in names]
    for place, (name, owner) in enumerate(zip(names, owners, strict=True)):
        if name != owner:
            why = "The name differs only in case or spaces from another one, so it is the same person."
            ledger.correct(int(ledger.live[place]), ledger.columns["owner"], owner, why)
    return owners


def _arr_cells(ledger: Ledger) -> AmountColumn:
    """Read the column of ARR; rows where it has no amount for a year or a month are skipped."""
    heading = ledger.columns["arr"]
    cells = read_column(ledger, heading)
    note_faults(ledger, heading, cells, skip=True)
    for _, row in ledger.each(cells.percents):
        ledger.skip(row, REFUSED, "The cell is a percent. Enter an amount of ARR.", heading)
    for _, row in ledger.each(~np.isin(cells.periods, (0, _MONTH, PERIODS.index("year")))):
        ledger.skip(row, REFUSED, "ARR must be for a year or a month, such as 120000 or 10k/month.", heading)
    return cells


def _arr(ledger: Ledger, cells: AmountColumn) -> FloatArray:
    """Return ARR a year, NaN where it can't be read."""
    heading = ledger.columns["arr"]
    by_month = is_monthly(heading)
    monthly = (cells.periods == _MONTH) | ((cells.periods == 0) & by_month)
    yearly = np.isin(cells.periods, (0, _MONTH, PERIODS.index("year"))) & ~cells.percents
    values = scaled(ledger, heading, np.where(yearly, cells.values, np.nan), cells, _LEAST_IN_FULL)
    values = values * np.where(monthly, _MONTHS, 1.0)
    note_habit(ledger, heading, cells)
    for place, row in ledger.each(((cells.periods == _MONTH) | (cells.forms > 0)) & ~np.isnan(values)):
        why = FORMS[FORM_NAMES[int(cells.forms[place])]]
        if cells.periods[place] == _MONTH:
            why = "A monthly amount, multiplied by 12."
        ledger.correct(row, heading, f"{values[place]:,.10g}", why)
    if by_month:
        ledger.note_column("assumed", "The heading says monthly, so the amounts are multiplied by 12.", heading)
    return values


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
    """Skip rows with a formula, without ARR or repeated in every cell; note accounts without an owner."""
    owner, arr = ledger.columns["owner"], ledger.columns["arr"]
    formulas = accounts["account"].str.startswith("=") | accounts["owner"].str.startswith("=")
    for _, row in ledger.each(mask(formulas)):
        ledger.skip(row, REFUSED, "The cell is a formula. Enter a value.", owner)
    for _, row in ledger.each(mask(accounts["arr"].isna())):
        ledger.skip(row, REFUSED, "The account has no ARR.", arr)
    _skip_repeated(ledger, accounts)


def _skip_repeated(ledger: Ledger, accounts: pd.DataFrame) -> None:
    """Skip rows that repeat an earlier row in every cell."""
    named = ((accounts["account"] != "") | (accounts["id"] != "")).to_numpy() & ledger.unskipped()
    again = named & accounts.duplicated(["account", "id", "owner", "arr"], keep=False).to_numpy()
    first: dict[tuple[str, ...], int] = {}
    for _, row in ledger.each(again):
        cells = tuple(str(cell).strip() for cell in ledger.table.cells.iloc[row])
        if cells in first:
            why = f"The same row is on line {first[cells]} too. Only the first is used."
            ledger.skip(row, DUPLICATE, why, ledger.columns.get("account"))
        else:
            first[cells] = int(ledger.table.lines[row])


def _as_accounts(ledger: Ledger, lines: pd.DataFrame) -> pd.DataFrame:
    """Add the lines of each account, in each currency and book; the result is indexed by first line."""
    accounts = lines[list(COLUMNS)].set_axis(pd.Index(lines["line"], name="line"), axis=0)
    groups: dict[tuple[bool, str], list[int]] = {}
    for place, (name, number) in enumerate(zip(lines["account"], lines["id"], strict=True)):
        if name or number:
            groups.setdefault((bool(number), number or _key(name)), []).append(place)
    several = [places for places in groups.values() if len(places) > 1]
    if not several:
        return accounts
    columns: dict[str, list[Any]] = {name: list(accounts[name]) for name in COLUMNS}
    added: list[int] = []
    for places in several:
        added += _add_lines(ledger, lines.index, accounts, columns, places)
    if added:
        known_by = ledger.columns.get("id") or ledger.columns.get("account")
        count = "1 row belongs to an account" if len(added) == 1 else f"{len(added):,} rows belong to accounts"
        ledger.note_column("assumed", f"{count} that another row has too. The ARR of these rows is added.", known_by)
    merged = pd.DataFrame(columns, index=accounts.index).astype(accounts.dtypes.to_dict())
    return merged.drop(index=accounts.index[added])


def _add_lines(
    ledger: Ledger, live: pd.Index[int], accounts: pd.DataFrame, columns: dict[str, list[Any]], places: list[int]
) -> list[int]:
    """Add the lines of one account to its first line in each currency and book, and return the other lines."""
    owners = {columns["owner"][place] for place in places} - {""}
    if len(owners) == 1:
        for place in places:
            columns["owner"][place] = next(iter(owners))
    books: dict[tuple[str, str], list[int]] = {}
    for place in places:
        books.setdefault((columns["currency"][place], columns["owner"][place]), []).append(place)
    added: list[int] = []
    for first, *others in books.values():
        if len(owners) > 1 and first != places[0]:
            why = (
                f"The account is on line {accounts.index[places[0]]} too, with another owner. "
                "Each owner keeps the ARR of their rows."
            )
            ledger.doubt(int(ledger.live[live[first]]), ledger.columns["owner"], why)
        part = [first, *others]
        if not others:
            continue
        added += others
        # The largest line names the account, so the order of rows does not matter.
        largest = sorted(part, key=lambda place: (-columns["arr"][place], columns["account"][place]))
        days = {name: {columns[name][place] for place in part if not pd.isna(columns[name][place])} for name in _DAYS}
        if len(days["renewal"]) > 1:
            why = "The rows of the account have different renewal dates. The earliest is used."
            ledger.doubt(int(ledger.live[live[first]]), ledger.columns["renewal"], why)
        for name in ("account", "segment"):
            columns[name][first] = next((columns[name][place] for place in largest if columns[name][place]), "")
        for name in _DAYS:
            columns[name][first] = min(days[name], default=pd.NaT)
        columns["arr"][first] = math.fsum(columns["arr"][place] for place in part)
    return added
