"""A people file read: who is in it, what was mended, what was set aside, and what is in doubt."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Literal, cast

import pandas as pd

from compplan.errors import Problem
from compplan.readers import UploadError, csv_text, headings, kind_of, limits, rows, workbook
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.notes import STATES, Counts, Note, RosterError, shown
from compplan.readers.table import Table, mask
from compplan.roster import people
from compplan.roster.options import Options
from compplan.roster.words import PEOPLE

# Fields that say who somebody is in words.
NAMES = frozenset({"name", "first_name", "last_name", "manager"})


@dataclass(frozen=True, slots=True)
class Source:
    """What was read, and how."""

    filename: str
    kind: Literal["text", "workbook"]
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True, repr=False, eq=False)
class Reading:
    """What a people file says.

    Attributes
    ----------
    source : Source
    headings : tuple of Heading
        One a column, with the field that it was taken for and how sure that is; see `mapping`.
    people : DataFrame
        One row a person, by line of the file; columns `PEOPLE`. Pay is a year's, in the person's own
        `currency`, NaN where it is not known; amounts in different currencies are never added. `role` is a
        key of the roles, empty where the title means none; `segment` likewise.
    notes : tuple of Note
        Those on the whole file first, then by line and cell.
    counts : Counts
    states : Series of str
        What became of each row of the file, by line.
    """

    source: Source
    headings: tuple[Heading, ...]
    people: pd.DataFrame
    notes: tuple[Note, ...]
    counts: Counts
    states: pd.Series[str]
    table: Table = field(repr=False)

    def __repr__(self) -> str:
        return f"Reading({self.counts.people} people of {self.counts.rows} rows, {len(self.notes)} notes)"

    @property
    def mapping(self) -> dict[str, str]:
        """Field to the heading that it was read from, to be shown, changed and given to `read` again."""
        return {h.field: h.heading for h in self.headings if h.field}

    @functools.cached_property
    def other(self) -> pd.DataFrame:
        """The columns that are no field of a roster, as text under their headings, one row a person."""
        carried = [h for h in self.headings if not h.field]
        taken = self.table.cells.iloc[:, [h.column for h in carried]]
        live = (self.states == "kept") | (self.states == "mended")
        taken = taken[mask(live)].set_axis([h.heading for h in carried], axis=1)
        return taken.set_index(self.people.index)

    def veiled(self) -> tuple[Note, ...]:
        r"""The notes without the names of people: what was found in a column of names or managers is left out.

        Examples
        --------
        >>> reading = read(b"Name,Title,Base\nAda,CSM,$80k\nAda,CSM,$80k\n", "team.csv")
        >>> any("Ada" in str(note) for note in reading.notes), any("Ada" in str(note) for note in reading.veiled())
        (True, False)
        """
        hidden = {one.heading for one in self.headings if one.field in NAMES}
        return tuple(note.veiled() if note.column in hidden else note for note in self.notes)

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data for JSON; a figure that is not known is None."""
        people = self.people.assign(hired=self.people["hired"].dt.strftime("%Y-%m-%d")).reset_index()
        people = people.astype(object).where(people.notna(), None)
        return {
            "source": {name: getattr(self.source, name) for name in Source.__dataclass_fields__},
            "headings": [
                {"field": h.field, "heading": h.heading, "column": h.letter, "confidence": h.confidence}
                for h in self.headings
            ],
            "counts": {name: getattr(self.counts, name) for name in Counts.__dataclass_fields__},
            "notes": [dict(note._asdict()) for note in self.notes],
            "people": cast("list[dict[str, Any]]", people.to_dict("records")),
        }


def read_file(path: Path | str, **options: Any) -> Reading:
    """Read a file from disk; everything else is as in `read`.

    Raises
    ------
    RosterError
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            data = file.read(limits.MOST_BYTES + 1)
    except OSError as error:
        raise RosterError([Problem(str(place), f"cannot be read: {error.strerror}.")]) from None
    return read(data, place.name, **options)


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
) -> Reading:
    r"""Read a people file as people really have it.

    Parameters
    ----------
    data : bytes
        Content of a CSV file or an .xlsx workbook; which one is told by the content.
    filename : str
        Its name, for messages and its ending.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; overrides what is matched by name. An empty heading
        leaves a field out.
    hours_per_year : float [hours], default 2080
        What pay of an hour is multiplied by.
    day_first : bool, optional
        Whether 03/04/2025 is the 3rd of April; by the evidence of the column if left out.
    percent_of : {'base', 'ote'}, optional
        What a percent of variable is of, where neither its heading nor its cell says so.
    currency : str, optional
        Code for amounts that name no currency.
    sheet : str, optional
        Sheet of a workbook; the first visible one with headings if left out.

    Returns
    -------
    Reading

    Raises
    ------
    RosterError
        If the file cannot be read at all, in one sentence; or naming each argument that does not fit it.

    Examples
    --------
    >>> reading = read(b"Emp ID,Job title,Base salary\nE001,Sr CSM,$95k\nTotal,,95000\n", "team.csv")
    >>> reading.people[["id", "role", "currency", "base"]].to_dict("list")
    {'id': ['E001'], 'role': ['senior_csm'], 'currency': ['USD'], 'base': [95000.0]}
    >>> reading
    Reading(1 people of 3 rows, 3 notes)
    """
    name = shown(PurePath(filename.replace("\\", "/")).name) or "file"
    options = Options(float(hours_per_year), day_first, percent_of, currency)
    try:
        kind = kind_of(data, filename, limits.LIMITS)
        table = csv_text.read(data, mapping, PEOPLE) if kind == "text" else workbook.read(data, mapping, sheet, PEOPLE)
        names = table.headings[: table.width]
        found = headings.match(names, mapping, PEOPLE)
    except (RosterError, UploadError) as error:
        raise RosterError(Problem(p.where or name, p.message) for p in error.problems) from None
    ledger = Ledger(table, found, PEOPLE)
    _headings(ledger)
    rows.classify(ledger)
    found_people = people.read(ledger, options)
    still = ledger.still()
    lines = pd.Index(table.lines[ledger.live[still]], name="line")
    kept = found_people if still.all() else found_people[still]
    states = pd.Series(
        pd.array(list(STATES), dtype="str").take(ledger.states), index=pd.Index(table.lines, name="line")
    )
    source = Source(name, kind, table.sheet, table.encoding, table.delimiter)
    return Reading(source, found, kept.set_axis(lines, axis=0), ledger.notes(), ledger.counts(), states, table)


def _headings(ledger: Ledger) -> None:
    for heading in ledger.headings:
        if heading.field and heading.confidence < 0.8:
            known = heading.field.replace("_", " ")
            ledger.whole("doubt", f"The heading was taken for {known}; say so if it is something else.", heading)
    for left, taken in headings.rivals(ledger.headings, PEOPLE):
        ledger.whole("doubt", f"The heading may mean the same as {taken.heading!r}, which was taken.", left)
