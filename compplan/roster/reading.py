"""A people file read: who is in it, what was mended, what was set aside, and what is in doubt."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Literal, cast

import numpy as np
import pandas as pd

from compplan.errors import Problem
from compplan.roster import dates, headings, limits, pay, rows, text, titles, workbook
from compplan.roster.columns import distinct, recoded
from compplan.roster.headings import PAY_FIELDS, Heading
from compplan.roster.ledger import Ledger
from compplan.roster.notes import REFUSED, STATES, Counts, Note, RosterError, shown
from compplan.roster.options import Options
from compplan.roster.table import IntArray, Table, mask

PEOPLE = (
    "id", "name", "role", "title", "level", "manager", "place", "currency", "base", "variable", "ote", "hired",
    "segment",
)  # fmt: skip


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

    def remarked_csv(self) -> bytes:
        """All rows of the file with what became of each, as CSV; see `compplan.roster.remarks`."""
        from compplan.roster import remarks

        return remarks.as_csv(self)

    def remarked_xlsx(self) -> bytes:
        """All rows of the file with what became of each, as a workbook; see `compplan.roster.remarks`."""
        from compplan.roster import remarks

        return remarks.as_xlsx(self)

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
    """Read a people file as people really have it.

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
    >>> reading = read(b"Emp ID,Job title,Base salary\\nE001,Sr CSM,$95k\\nTotal,,95000\\n", "team.csv")
    >>> reading.people[["id", "role", "currency", "base"]].to_dict("list")
    {'id': ['E001'], 'role': ['senior_csm'], 'currency': ['USD'], 'base': [95000.0]}
    >>> reading
    Reading(1 people of 3 rows, 3 notes)
    """
    name = shown(PurePath(filename.replace("\\", "/")).name) or "file"
    options = Options(float(hours_per_year), day_first, percent_of, currency)
    try:
        kind = limits.kind_of(data, filename)
        table = text.read(data, mapping) if kind == "text" else workbook.read(data, mapping, sheet)
        names = table.headings[: table.width]
        found = headings.match(names, mapping)
    except RosterError as error:
        raise RosterError(Problem(p.where or name, p.message) for p in error.problems) from None
    ledger = Ledger(table, found)
    _headings(ledger)
    rows.classify(ledger)
    people = _people(ledger, options)
    still = ledger.still()
    lines = pd.Index(table.lines[ledger.live[still]], name="line")
    people = people if still.all() else cast("pd.DataFrame", people[still])
    states = pd.Series(
        pd.array(list(STATES), dtype="str").take(ledger.states), index=pd.Index(table.lines, name="line")
    )
    source = Source(name, kind, table.sheet, table.encoding, table.delimiter)
    return Reading(source, found, people.set_axis(lines, axis=0), ledger.notes(), ledger.counts(), states, table)


def _headings(ledger: Ledger) -> None:
    for heading in ledger.headings:
        if heading.field and heading.confidence < 0.8:
            known = heading.field.replace("_", " ")
            ledger.whole("doubt", f"The heading was taken for {known}; say so if it is something else.", heading)
    for left, taken in headings.rivals(ledger.headings):
        ledger.whole("doubt", f"The heading may mean the same as {taken.heading!r}, which was taken.", left)


def _people(ledger: Ledger, options: Options) -> pd.DataFrame:
    """One row a live row, those that are set aside on the way among them."""
    columns: dict[str, Any] = {}
    names = _names(ledger)
    ids = _texts(ledger, "id")
    _formulas(ledger)
    money = pay.read(ledger, options)
    if "id" in ledger.columns or "name" in ledger.columns or "first_name" in ledger.columns:
        rows.nameless(ledger, ids, names, money.cells["base"].values if "base" in money.cells else money.ote)
    columns["id"] = _ids(ledger, ids)
    columns["name"] = names
    columns["role"], columns["title"] = _roles(ledger)
    for name in ("level", "manager"):
        columns[name] = _texts(ledger, name)
    columns["place"] = _places(ledger)
    columns["currency"] = money.currency.series()
    columns |= {"base": money.base, "variable": money.variable, "ote": money.ote}
    columns["hired"] = _dates(ledger, options)
    columns["segment"] = _segments(ledger)
    made = pd.DataFrame({name: columns[name] for name in PEOPLE})
    _faults(ledger)
    rows.duplicates(ledger, made, columns["id"])
    return made


def _texts(ledger: Ledger, name: str) -> pd.Series[str]:
    column = ledger.columns.get(name)
    if column is None:
        return pd.Series(pd.array([""], dtype="str").take(np.zeros(len(ledger.live), dtype=np.int64)))
    return ledger.texts(column)


def _names(ledger: Ledger) -> pd.Series[str]:
    if "name" in ledger.columns or not {"first_name", "last_name"} & set(ledger.columns):
        return _texts(ledger, "name")
    return (_texts(ledger, "first_name") + " " + _texts(ledger, "last_name")).str.strip()


def _ids(ledger: Ledger, ids: pd.Series[str]) -> pd.Series[str]:
    """The ids of the file; a line stands in for one that is missing."""
    missing = mask(ids == "")
    if not missing.any():
        return ids
    column = ledger.columns.get("id")
    if column is None:
        ledger.whole("assumed", "The file has no column of ids; people are told apart by their line.")
    made = ids.astype(object)
    lines: IntArray = ledger.table.lines[ledger.live]
    made[missing] = [f"line {line}" for line in lines[missing].tolist()]
    if column is not None:
        for place, row in ledger.each(missing):
            ledger.mended(row, column, str(made.iat[place]), "there is no id, so the line stands in for it.")
    return cast("pd.Series[str]", made.astype("str"))


def _formulas(ledger: Ledger) -> None:
    """Refuse rows with the text of a formula where a word is expected: it is an attack or an accident."""
    if not ledger.table.equals:
        return
    for column in ledger.columns.values():
        if column.field in PAY_FIELDS or column.field == "hired":
            continue
        starts = mask(ledger.texts(column).str.startswith("="))
        if starts.any():
            for _, row in ledger.each(starts):
                ledger.aside(row, REFUSED, "The cell is a formula; allowed are values only.", column)


def _roles(ledger: Ledger) -> tuple[pd.Series[str], pd.Series[str]]:
    """Role and title; a column of roles goes before the title where both mean one."""
    role, title = ledger.columns.get("role"), ledger.columns.get("title")
    shown_in = title or role
    if shown_in is None:
        return _texts(ledger, "role"), _texts(ledger, "title")
    named = ledger.texts(shown_in)
    codes, found = distinct(named, titles.role_of)
    roles = _taken([key for key, _ in found], codes)
    if role is not None and title is not None:
        first = recoded(ledger.texts(role), lambda text: titles.role_of(text)[0])
        roles = cast("pd.Series[str]", roles.where(first == "", first))
    unsure = np.array([bool(key) and not sure for key, sure in found] or [False])[codes]
    for place, row in ledger.each(unsure):
        known = titles.role_names().get(str(roles.iat[place]), "")
        ledger.doubt(row, shown_in, f"Companies use this title for more than one role; taken for {known}.")
    unknown = mask(roles == "")
    if unknown.any():
        empty = mask(named == "")
        for place, row in ledger.each(unknown):
            said = "There is no title" if empty[place] else "The title means none of the roles"
            ledger.doubt(row, shown_in, f"{said}; the person is kept without a role.")
    return roles, named


def _places(ledger: Ledger) -> pd.Series[str]:
    if "place" in ledger.columns:
        return _texts(ledger, "place")
    parts = [_texts(ledger, name) for name in ("city", "state") if name in ledger.columns]
    if len(parts) < 2:
        return parts[0] if parts else _texts(ledger, "place")
    return (parts[0] + ", " + parts[1]).str.strip(", ")


def _segments(ledger: Ledger) -> pd.Series[str]:
    column = ledger.columns.get("segment")
    if column is None:
        return _texts(ledger, "segment")
    given = ledger.texts(column)
    codes, found = distinct(given, titles.segment_of)
    segments = _taken([key for key, _ in found], codes)
    unsure = np.array([not sure for _, sure in found] or [False])[codes] & mask(given != "")
    for place, row in ledger.each(unsure):
        known = str(segments.iat[place])
        said = f"Companies use this word for more than one segment; taken for {known.replace('_', '-')}."
        ledger.doubt(row, column, said if known else "The segment is not known; the person is kept without one.")
    return segments


def _taken(names: list[str], codes: IntArray) -> pd.Series[str]:
    """A column from its different texts and the position of each row's among them."""
    return pd.Series(pd.array(names or [""], dtype="str").take(codes))


def _dates(ledger: Ledger, options: Options) -> Any:
    column = ledger.columns.get("hired")
    if column is None:
        return np.full(len(ledger.live), np.datetime64("NaT"), dtype="datetime64[s]")
    return dates.column(ledger, column, ledger.texts(column), options.day_first)


def _faults(ledger: Ledger) -> None:
    """Doubt cells of a workbook that had nothing readable in them, where nothing else was said of them."""
    if not ledger.table.faults:
        return
    by_column = {h.column: h for h in ledger.headings if h.field}
    live = set(ledger.live[ledger.still()].tolist())
    for (row, place), said in sorted(ledger.table.faults.items()):
        column = by_column.get(place)
        if column is None or row not in live:
            continue
        if column.field in (*PAY_FIELDS, "hired") and ledger.table.text(row, place):
            continue
        ledger.doubt(row, column, f"{said[0].upper()}{said[1:]}")
