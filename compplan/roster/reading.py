"""The reading of a people file: its people, and notes on what was corrected, skipped or in doubt."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from compplan.arrays import BoolArray, FloatArray
from compplan.readers import files, headings
from compplan.readers.account import FileAccount
from compplan.readers.errors import TableError
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import STATES, TOTALS, Counts, Note
from compplan.readers.table import RawTable, mask
from compplan.readers.unread import note_unread
from compplan.roster import people, rows
from compplan.roster.errors import RosterError
from compplan.roster.options import Options, plan_year_start
from compplan.roster.words import PEOPLE

# A field to choose for a column that looks like money, dates, percents or job titles.
_EXAMPLES = {"money": "variable", "date": "hired", "share": "variable_share", "role": "title"}
# Fields with names of people.
NAMES = frozenset({"name", "first_name", "last_name", "manager"})


@dataclass(frozen=True, slots=True)
class RosterSource:
    """The file, and how it was read."""

    filename: str
    kind: Literal["text", "workbook"]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """Base pay, or OTE where there is none, of the rows that were read and of those that were not [currency a year].

    Attributes
    ----------
    kept, left_out : dict of str to float
        By currency; empty for amounts without one.
    unknown : int
        People who were left out without an amount that can be read.
    """

    kept: dict[str, float]
    left_out: dict[str, float]
    unknown: int


@dataclass(frozen=True, repr=False, eq=False)
class Reading:
    """The people of a file, and notes on how it was read.

    Attributes
    ----------
    source : RosterSource
    headings : tuple of Heading
        One per column, with its field and a confidence; see `mapping`.
    people : DataFrame
        One row per person, by line of the file; columns `PEOPLE`. Pay is a year's, in the person's own `currency`,
        NaN where unknown; amounts in different currencies are never added. `role` and `segment` are keys, empty
        where the file means none.
    notes : tuple of Note
        First those on the whole file, then by line and cell.
    counts : Counts
    states : Series of str
        State of each row of the file, by line; see `STATES`.
    """

    source: RosterSource
    headings: tuple[Heading, ...]
    people: pd.DataFrame
    notes: tuple[Note, ...]
    counts: Counts
    states: pd.Series[str]
    table: RawTable = field(repr=False)
    money: Money = field(repr=False)

    def __repr__(self) -> str:
        return f"Reading({self.counts.people} people of {self.counts.rows} rows, {len(self.notes)} notes)"

    @property
    def mapping(self) -> dict[str, str]:
        """Heading of each field; it can be changed and passed to `read` again."""
        return {h.field: h.heading for h in self.headings if h.field}

    @functools.cached_property
    def other(self) -> pd.DataFrame:
        """The columns without a field, as text under their headings, one row per person."""
        unmatched = [h for h in self.headings if not h.field]
        cells = self.table.cells.iloc[:, [h.column for h in unmatched]]
        people_rows = (self.states == "kept") | (self.states == "mended")
        cells = cells[mask(people_rows)].set_axis([h.heading for h in unmatched], axis=1)
        return cells.set_index(self.people.index)

    @property
    def has_pay(self) -> bool:
        """Whether the file has a column of base pay, hourly pay or OTE."""
        return any(h.field in ("base", "hourly", "ote") for h in self.headings)

    @property
    def roleless(self) -> dict[str, int]:
        """The titles that mean no role, with the number of people; see `role_map` of `read`."""
        return people.roleless(self.people)

    def account(self, *, veiled: bool = True) -> FileAccount:
        r"""Return what became of every row and amount of the file, with what was left out.

        Examples
        --------
        >>> reading = read(b"Emp ID,Title,Base\nE1,CSM,$80k\nE2,CSM,TBD\nE1,CSM,$85k\n", "team.csv")
        >>> print(*reading.account().lines(), sep="\n")
        team.csv: 4 rows = 1 heading + 1 corrected + 1 duplicate + 1 not readable.
        Base pay: 165,000 USD in the file = 80,000 read + 85,000 left out.
        Base pay: 1 row that was left out has no amount that can be read.
        """
        notes = self.veiled() if veiled else self.notes
        outside = set(self.states.index[~self.states.isin(["heading", "kept", "mended", "blank"])])
        skipped = tuple(note for note in notes if note.kind == "set_aside" and note.line in outside)
        checks = tuple(note for note in notes if note.kind in ("doubt", "assumed"))
        money = self.money
        return FileAccount(
            self.source.filename, self.counts, "Base pay", money.kept, money.left_out, money.unknown,
            self.table.other_sheets, skipped, checks,
        )  # fmt: skip

    def veiled(self) -> tuple[Note, ...]:
        r"""Return the notes without names of people: the text of cells with names or managers is left out.

        Examples
        --------
        >>> reading = read(b"Name,Title,Base\nAda,CSM,$80k\nAda,CSM,$80k\n", "team.csv")
        >>> any("Ada" in str(note) for note in reading.notes), any("Ada" in str(note) for note in reading.veiled())
        (True, False)
        """
        hidden = {one.heading for one in self.headings if one.field in NAMES}
        return tuple(note.veiled() if note.column in hidden else note for note in self.notes)

    def as_data(self) -> dict[str, Any]:
        """Return everything as plain data for JSON; an unknown amount is None."""
        days = {name: self.people[name].dt.strftime("%Y-%m-%d") for name in ("hired", "left")}
        people = self.people.assign(**days).reset_index()
        people = people.astype(object).where(people.notna(), None)
        return {
            "source": {name: getattr(self.source, name) for name in RosterSource.__dataclass_fields__},
            "headings": [
                {"field": h.field, "heading": h.heading, "column": h.letter, "confidence": h.confidence}
                for h in self.headings
            ],
            "counts": self.counts.as_data(),
            "account": self.account(veiled=False).as_data(),
            "notes": [note.as_data() for note in self.notes],
            "people": cast("list[dict[str, Any]]", people.to_dict("records")),
        }


def read_file(path: Path | str, **options: Any) -> Reading:
    """Read a people file from disk.

    Parameters
    ----------
    path : Path or str
    **options
        As in `read`.

    Raises
    ------
    RosterError
    """
    try:
        data, name = files.content(path, PEOPLE.limits)
    except TableError as error:
        raise RosterError(error.problems) from None
    return read(data, name, **options)


def read(
    data: bytes,
    filename: str,
    *,
    mapping: Mapping[str, str] | None = None,
    hours_per_year: float = 2080.0,
    day_first: bool | None = None,
    percent_of: Literal["base", "ote"] | None = None,
    currency: str | None = None,
    sheet: str | None = None,
    per: Mapping[str, str] | None = None,
    months_per_year: float = 12.0,
    role_map: Mapping[str, str] | None = None,
    plan_year: int | dt.date | None = None,
) -> Reading:
    r"""Read a people file.

    Parameters
    ----------
    data : bytes
        Content of a CSV file or an .xlsx workbook; the content decides which.
    filename : str
        For messages, and for its ending.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; fields that it does not name are matched by their words. An
        empty heading leaves a field out.
    hours_per_year : float [hours], default 2080
        Factor of hourly rates.
    day_first : bool, optional
        Whether 03/04/2025 is April 3; decided by the column by default.
    percent_of : {'base', 'ote'}, optional
        What a percent of variable is of, where neither its heading nor its cell says so.
    currency : str, optional
        Code for amounts without a currency, and for signs that several currencies share.
    sheet : str, optional
        Sheet of a workbook; by default the first visible one with people and their pay.
    per : Mapping of str to str, optional
        Field (``base``, ``variable`` or ``ote``) to the period of its amounts: ``hour``, ``day``, ``week``,
        ``biweek``, ``semimonth``, ``month``, ``quarter`` or ``year``; overrides headings and columns.
    months_per_year : float, default 12
        Factor of monthly pay, such as 13 or 14.
    role_map : Mapping of str to str, optional
        Job title to role, for titles that mean none, such as ``{"Customer Hero": "csm"}``.
    plan_year : int or date, optional
        The plan year, or its first day; this year by default. People who left before it are set aside.

    Returns
    -------
    Reading

    Raises
    ------
    RosterError
        If the file can't be read, or naming each argument that does not fit it.

    Examples
    --------
    >>> reading = read(b"Emp ID,Job title,Base salary\nE001,Sr CSM,$95k\nTotal,,95000\n", "team.csv")
    >>> reading.people[["id", "role", "currency", "base"]].to_dict("list")
    {'id': ['E001'], 'role': ['senior_csm'], 'currency': ['USD'], 'base': [95000.0]}
    >>> reading
    Reading(1 people of 3 rows, 3 notes)
    """
    options = Options(
        float(hours_per_year), day_first, percent_of, currency, dict(per or {}), float(months_per_year),
        dict(role_map or {}), plan_year_start(plan_year),
    )  # fmt: skip
    try:
        file = files.read_table(data, filename, PEOPLE, mapping=mapping, sheet=sheet)
    except TableError as error:
        raise RosterError(error.problems) from None
    table, ledger = file.table, file.ledger()
    _note_headings(ledger)
    rows.start(ledger)
    looks_like = note_unread(ledger, _EXAMPLES)
    _note_pay(ledger, looks_like)
    everyone = people.read(ledger, options)
    people_rows = ledger.unskipped()
    lines = pd.Index(table.lines[ledger.live[people_rows]], name="line")
    team = everyone if people_rows.all() else everyone[people_rows]
    states = pd.Series(
        pd.array(list(STATES), dtype="str").take(ledger.states), index=pd.Index(table.lines, name="line")
    )
    not_total = ledger.states[ledger.live] != TOTALS
    source = RosterSource(file.name, file.kind, table.sheet, table.encoding, table.delimiter)
    return Reading(
        source, file.headings, team.set_axis(lines, axis=0), ledger.notes(), ledger.counts(), states, table,
        _money(everyone, people_rows, not_total),
    )  # fmt: skip


def _money(everyone: pd.DataFrame, read_rows: BoolArray, not_total: BoolArray) -> Money:
    base: FloatArray = everyone["base"].to_numpy(dtype=np.float64)
    ote: FloatArray = everyone["ote"].to_numpy(dtype=np.float64)
    amounts: FloatArray = np.where(np.isnan(base), ote, base)
    known = ~np.isnan(amounts)
    coded, names = cast("tuple[Any, Any]", pd.factorize(cast(Any, everyone["currency"])))

    def sums(rows: BoolArray) -> dict[str, float]:
        here = rows & known
        totals = np.bincount(coded[here], weights=amounts[here], minlength=len(names))
        return {str(name): float(total) for name, total in zip(names, totals, strict=True) if total}

    return Money(sums(read_rows), sums(not_total & ~read_rows), int((~known & not_total & ~read_rows).sum()))


def _note_pay(ledger: Ledger, looks_like: Mapping[str, str]) -> None:
    """Say before anything else that the file has no column of pay, and which it might be."""
    if {"base", "hourly", "ote"} & set(ledger.columns):
        return
    money = [heading for heading, kind in looks_like.items() if kind == "money"]
    might = f" {' or '.join(map(repr, money[:3]))} might be it." if money else ""
    example = money[0] if money else "Pay"
    ledger.note_first(
        "No column of pay was found: the file has no column of base pay or OTE, so people have no pay."
        f"{might} Choose the column of pay, as in "
        f"'{example}=base' or '{example}=ote'."
    )


def _note_headings(ledger: Ledger) -> None:
    """Doubt headings that were matched by close words only, or that have a rival."""
    for heading in ledger.headings:
        if heading.field and heading.confidence < 0.8:
            name = heading.field.replace("_", " ")
            ledger.note_column("doubt", f"The heading was read as {name}. Choose another field if it is not.", heading)
    for left, matched in headings.rivals(ledger.headings, PEOPLE):
        why = f"The heading can mean the same as {matched.heading!r}, which was used instead."
        ledger.note_column("doubt", why, left)
