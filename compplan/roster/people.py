"""People as one table: each field read by its own rules, with notes on what is mended or in doubt."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compplan.arrays import IntArray
from compplan.readers import dates, rows, titles
from compplan.readers.ledger import Ledger, spread
from compplan.readers.notes import REFUSED
from compplan.readers.table import mask
from compplan.roster import pay
from compplan.roster.options import Options
from compplan.roster.words import PAY_FIELDS

PEOPLE = (
    "id", "name", "role", "title", "level", "manager", "place", "currency", "base", "variable", "ote", "hired",
    "segment",
)  # fmt: skip


def read(ledger: Ledger, options: Options) -> pd.DataFrame:
    """The people of a file, one row a live row; rows that are set aside on the way are among them."""
    columns: dict[str, Any] = {}
    names = _names(ledger)
    ids = _texts(ledger, "id")
    _formulas(ledger)
    money = pay.read(ledger, options)
    if {"id", "name", "first_name", "last_name"} & set(ledger.columns):
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
    if "id" in ledger.columns:
        rows.duplicates(ledger, made, columns["id"])
    else:
        rows.repeats(ledger, made.drop(columns="id"))
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
            ledger.mended(row, column, str(made.iat[place]), "There is no id, so the line stands in for it.")
    return made.astype("str")


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
    codes, found = ledger.each_different(shown_in, titles.role_of)
    roles = spread([key for key, _ in found], codes)
    unsure = np.array([bool(key) and not sure for key, sure in found] or [False])[codes]
    if role is not None and title is not None:
        told, names = ledger.each_different(role, lambda text: titles.role_of(text)[0])
        first = spread(names, told)
        roles = roles.where(first == "", first)
        unsure &= mask(first == "")
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
    codes, found = ledger.each_different(column, lambda text: (*titles.segment_of(text), text == ""))
    segments = spread([key for key, _, _ in found], codes)
    unsure = np.array([not sure and not empty for _, sure, empty in found] or [False])[codes]
    for place, row in ledger.each(unsure):
        known = str(segments.iat[place])
        said = f"Companies use this word for more than one segment; taken for {known.replace('_', '-')}."
        ledger.doubt(row, column, said if known else "The segment is not known; the person is kept without one.")
    return segments


def _dates(ledger: Ledger, options: Options) -> Any:
    column = ledger.columns.get("hired")
    if column is None:
        return np.full(len(ledger.live), np.datetime64("NaT"), dtype="datetime64[s]")
    return dates.column(ledger, column, options.day_first)


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
        ledger.doubt(row, column, said)
