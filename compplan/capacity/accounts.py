"""A file of accounts read as people have it: who owns which account, what it is worth, when it comes due."""

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
from compplan.readers.columns import FORM_NAMES, PERIODS, note_faults, note_habit, read_amounts, scaled
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
NOTES = {"set_aside": "Left out", "doubt": "To look at", "mended": "Read as", "assumed": "Taken as"}  # in this order
# Under a heading in thousands, a cell from here on is an amount in full.
_LEAST_IN_FULL = 10_000.0
_YEARLY = {"year": 1, "month": 12}  # how often an amount comes in a year
ACCOUNTS = Vocabulary(FIELDS, {}, Limits("file of accounts"), "account", "accounts", "ARR", "Account, CSM or ARR")


@dataclass(frozen=True, repr=False, eq=False)
class AccountsReading:
    """What a file of accounts says.

    Attributes
    ----------
    filename : str
    headings : tuple of Heading
        One a column, with the field that it was taken for.
    accounts : DataFrame
        One row an account, by line of the file; columns `COLUMNS`. ``arr`` is a year's, in the account's own
        ``currency``, empty where none is named; ``renewal`` and ``start`` are dates, NaT where they are not known.
    notes : tuple of Note
        What was mended, set aside or is in doubt, by line and cell.
    counts : Counts
        How many rows went where; they add up to the rows of the file.
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
        """Field to the heading that it was read from."""
        return {h.field: h.heading for h in self.headings if h.field}


def read_accounts(
    data: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    day_first: bool | None = None,
    sheet: str | None = None,
) -> AccountsReading:
    r"""Read a file of accounts, CSV or .xlsx, as people have it.

    Parameters
    ----------
    data : bytes
    filename : str
        Its name, for messages and its ending.
    mapping : Mapping of str to str, optional
        Field to heading; overrides what is matched by name.
    day_first : bool, optional
        Whether 03/04/2026 is the 3rd of April; by the evidence of the column if left out.
    sheet : str, optional
        Sheet of a workbook.

    Returns
    -------
    AccountsReading
        An account without ARR or named twice is set aside with its reason; so are totals. One without an owner is
        kept with an empty one.

    Raises
    ------
    CapacityError
        If the file cannot be read at all, or has no column of owners or of ARR.

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
    missing = [f for f in ("owner", "arr") if f not in ledger.columns]
    if missing:
        known = ", ".join(repr(h.heading) for h in file.headings[:12])
        raise CapacityError(
            [Problem(name, f"has no column of {' and none of '.join(missing)}; its headings are {known}.")]
        )
    rows.skip_outline(ledger)
    rows.skip_totals(ledger, ("account", "owner", "segment"), needed="owner")
    ledger.start()
    accounts = _read(ledger, day_first)
    kept = ledger.kept()
    lines = pd.Index(file.table.lines[ledger.live[kept]], name="line")
    return AccountsReading(name, file.headings, accounts[kept].set_axis(lines, axis=0), ledger.notes(), ledger.counts())


def _read(ledger: Ledger, day_first: bool | None) -> pd.DataFrame:
    texts = {name: _texts(ledger, name) for name in ("account", "owner", "segment", "currency")}
    arr, codes = _arr(ledger)
    columns: dict[str, Any] = {"account": texts["account"], "owner": _owners(ledger, texts["owner"]), "arr": arr}
    columns["currency"] = _currencies(ledger, texts["currency"], codes)
    columns["segment"] = [_segment(given) for given in texts["segment"]]
    for name in ("renewal", "start"):
        heading = ledger.columns.get(name)
        days = read_dates(ledger, heading, day_first) if heading else np.full(len(ledger.live), "NaT", "datetime64[s]")
        columns[name] = pd.Series(days)
    made = pd.DataFrame({name: columns[name] for name in COLUMNS})
    _faults(ledger, made)
    return made


def _texts(ledger: Ledger, name: str) -> list[str]:
    heading = ledger.columns.get(name)
    return [""] * len(ledger.live) if heading is None else [str(cell) for cell in ledger.texts(heading)]


def _currencies(ledger: Ledger, given: list[str], signs: list[tuple[str, ...]]) -> list[str]:
    """The currency of each account by its column and by the sign in its ARR, which must agree."""
    heading, found = ledger.columns.get("currency"), [""] * len(given)
    for place, (said, sign) in enumerate(zip(given, signs, strict=True)):
        row, named = int(ledger.live[place]), amounts.code_of(said)
        if said and not named:
            ledger.skip(row, REFUSED, "It is no currency; allowed is a code, such as USD, or a sign.", heading)
            continue
        meant = tuple(code for code in named if code in sign) if named and sign else named or sign
        if not meant and (named or sign):
            ledger.skip(row, REFUSED, "The currency and the sign of ARR must agree.", heading)
            continue
        found[place] = meant[0] if meant else ""
    return found


def _owners(ledger: Ledger, given: list[str]) -> list[str]:
    """Owners as they are written first; the same name in other letters is the same person."""
    first: dict[str, str] = {}
    found: list[str] = []
    for place, name in enumerate(given):
        key = " ".join(name.casefold().split())
        known = first.setdefault(key, name)
        if known != name:
            said = "The same name in other letters is taken for the same person."
            ledger.correct(int(ledger.live[place]), ledger.columns["owner"], known, said)
        found.append(known)
    return found


def _arr(ledger: Ledger) -> tuple[FloatArray, list[tuple[str, ...]]]:
    """Return ARR a year and the currencies that its sign can mean; NaN where it can't be read, with a note."""
    heading = ledger.columns["arr"]
    cells = read_amounts(ledger.raw(heading), ledger.numbers(heading))
    note_faults(ledger, heading, cells, skip=True)
    for _, row in ledger.each(cells.percents):
        ledger.skip(row, REFUSED, "The cell is a percent. Enter an amount of ARR.", heading)
    monthly, usual = PERIODS.index("month"), "month" if "mrr" in normal(heading.heading).split() else "year"
    for _, row in ledger.each(~np.isin(cells.periods, (0, monthly, PERIODS.index("year")))):
        ledger.skip(row, REFUSED, "ARR must be for a year or a month, such as 120000 or 10k/month.", heading)
    factors = np.where(cells.periods == 0, _YEARLY[usual], np.where(cells.periods == monthly, _YEARLY["month"], 1))
    written = np.where(cells.percents, np.nan, cells.values)
    values = scaled(ledger, heading, written, cells, _LEAST_IN_FULL) * factors
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
    """Keys of the segments by their name and key in small letters."""
    found: dict[str, str] = {}
    for row in facts.table("segments"):
        found |= {normal(row["name"]): row["key"], normal(row["key"].replace("_", " ")): row["key"]}
    return {**found, "mid": "mid_market", "midmarket": "mid_market", "ent": "enterprise", "small": "smb"}


@functools.lru_cache(maxsize=1024)
def _segment(given: str) -> str:
    """The key of a segment as it is called in a file; what means none is kept as it stands."""
    return _segments().get(normal(given), given)


def _faults(ledger: Ledger, made: pd.DataFrame) -> None:
    """Set aside what is no account: no ARR, less than nothing, a formula, or named twice; say who has no owner."""
    owner, arr = ledger.columns["owner"], ledger.columns["arr"]
    first: dict[str, int] = {}
    values, lines = made["arr"].to_numpy(dtype=np.float64), ledger.table.lines[ledger.live]
    for place, (name, who) in enumerate(zip(made["account"], made["owner"], strict=True)):
        row = int(ledger.live[place])
        if str(name).startswith("=") or str(who).startswith("="):
            ledger.skip(row, REFUSED, "The cell is a formula; allowed are values only.", owner)
        elif np.isnan(values[place]):
            ledger.skip(row, REFUSED, "The account has no ARR.", arr)
        elif values[place] < 0:
            ledger.skip(row, REFUSED, "ARR is less than nothing.", arr)
        elif name and name in first:
            said = f"The account stands on line {first[name]} too; the first one is kept."
            ledger.skip(row, DUPLICATE, said, ledger.columns.get("account"))
        else:
            if name:
                first[str(name)] = int(lines[place])
            if not who:
                ledger.doubt(row, owner, "Nobody owns the account; it is in no book until somebody does.")
