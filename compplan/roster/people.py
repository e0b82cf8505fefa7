"""The people of a file as one table: each field is read by its own rules, with notes on corrections and doubts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from compplan.arrays import IntArray
from compplan.readers import titles
from compplan.readers.ledger import Ledger, spread
from compplan.readers.notes import REFUSED
from compplan.readers.table import mask
from compplan.roster import employment, pay, rows
from compplan.roster.options import Options
from compplan.roster.words import DATES, PAY_FIELDS

PEOPLE = (
    "id", "name", "role", "title", "level", "manager", "place", "currency", "base", "variable", "ote", "hired",
    "left", "fte", "segment",
)  # fmt: skip


def read(ledger: Ledger, options: Options) -> pd.DataFrame:
    """Read the people of a file.

    Returns
    -------
    DataFrame
        One row per live row, columns `PEOPLE`; rows that were skipped meanwhile are among them.
    """
    columns: dict[str, Any] = {}
    names = _names(ledger)
    ids = _texts(ledger, "id")
    _skip_formulas(ledger)
    employment.skip_history(ledger, ids, names, options)
    columns["hired"] = employment.read_days(ledger, "hired", options)
    columns["left"] = employment.read_leaving(ledger, columns["hired"], options)
    columns["fte"] = employment.read_fte(ledger)
    money = pay.read(ledger, options, columns["fte"])
    if {"id", "name", "first_name", "last_name"} & set(ledger.columns):
        amounts = money.cells["base"].values if "base" in money.cells else money.ote
        rows.skip_nameless(ledger, ids, names, amounts)
    columns["id"] = _ids(ledger, ids)
    columns["name"] = names
    columns["role"], columns["title"] = _roles(ledger, options)
    columns["place"] = _places(ledger)
    columns["currency"] = money.currency.series()
    columns |= {"base": money.base, "variable": money.variable, "ote": money.ote}
    columns["segment"] = _segments(ledger)
    # A column that nothing else reads is text, as it is in the file.
    people = pd.DataFrame({name: columns[name] if name in columns else _texts(ledger, name) for name in PEOPLE})
    _doubt_unreadable(ledger)
    if "id" in ledger.columns:
        rows.skip_duplicates(ledger, people, columns["id"])
    else:
        rows.skip_repeats(ledger, people.drop(columns="id"))
    return people


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
    """Return the ids of the file, with the line in place of a missing one."""
    missing = mask(ids == "")
    if not missing.any():
        return ids
    column = ledger.columns.get("id")
    if column is None:
        ledger.note_column("assumed", "The file has no column of ids, so people are identified by their line.")
    complete = ids.astype(object)
    lines: IntArray = ledger.table.lines[ledger.live]
    complete[missing] = [f"line {line}" for line in lines[missing].tolist()]
    if column is not None:
        for place, row in ledger.each(missing):
            ledger.correct(row, column, str(complete.iat[place]), "The id is missing, so the line is used instead.")
    return complete.astype("str")


def _skip_formulas(ledger: Ledger) -> None:
    """Skip rows with the text of a formula where a word is expected, which is an attack or an accident."""
    if not ledger.table.equals:
        return
    for column in ledger.columns.values():
        if column.field in PAY_FIELDS or column.field in DATES:
            continue
        starts = mask(ledger.texts(column).str.startswith("="))
        if starts.any():
            for _, row in ledger.each(starts):
                ledger.skip(row, REFUSED, "The cell is a formula. Enter a value.", column)


def _roles(ledger: Ledger, options: Options) -> tuple[pd.Series[str], pd.Series[str]]:
    """Return role and title; a column of roles has priority over the title where both mean a role."""
    role, title = ledger.columns.get("role"), ledger.columns.get("title")
    source = title or role
    if source is None:
        return _texts(ledger, "role"), _texts(ledger, "title")
    texts = ledger.texts(source)
    chosen = {_key(title): role for title, role in options.role_map.items()}

    def role_of(text: str) -> tuple[str, bool]:
        return (chosen[_key(text)], True) if _key(text) in chosen else titles.role_of(text)

    codes, matches = ledger.each_different(source, role_of)
    roles = spread([key for key, _ in matches], codes)
    unsure = np.array([bool(key) and not sure for key, sure in matches] or [False])[codes]
    if role is not None and title is not None:
        role_codes, names = ledger.each_different(role, lambda text: role_of(text)[0])
        role_column = spread(names, role_codes)
        roles = roles.where(role_column == "", role_column)
        unsure &= mask(role_column == "")
    for place, row in ledger.each(unsure):
        name = titles.role_names().get(str(roles.iat[place]), "")
        ledger.doubt(row, source, f"Companies use this title for more than one role. It is read as {name}.")
    unknown = mask(roles == "")
    if unknown.any():
        empty = mask(texts == "")
        for place, row in ledger.each(unknown):
            why = "The title is missing" if empty[place] else "The title matches none of the roles"
            ledger.doubt(row, source, f"{why}. The person has no role.")
    unfit = [title for title in options.role_map if _key(title) not in {_key(text) for text in ledger.coded(source)[1]}]
    if unfit:
        named = ", ".join(map(repr, unfit[:5]))
        ledger.note_column("doubt", f"No one has the title {named}, for which a role was chosen.", source)
    return roles, texts


def _key(title: str) -> str:
    return " ".join(title.casefold().split())


def roleless(people: pd.DataFrame) -> dict[str, int]:
    """Return the titles that mean no role and how many people have each, the most frequent first."""
    titles_of = people["title"][people["role"] == ""]
    return {str(title): int(count) for title, count in titles_of[titles_of != ""].value_counts().items()}


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
    codes, matches = ledger.each_different(column, lambda text: (*titles.segment_of(text), text == ""))
    segments = spread([key for key, _, _ in matches], codes)
    unsure = np.array([not sure and not empty for _, sure, empty in matches] or [False])[codes]
    for place, row in ledger.each(unsure):
        name = str(segments.iat[place]).replace("_", "-")
        why = f"Companies use this word for more than one segment. It is read as {name}."
        ledger.doubt(row, column, why if name else "The segment is unknown. The person has no segment.")
    return segments


def _doubt_unreadable(ledger: Ledger) -> None:
    """Doubt cells of a workbook that can't be read, where no other note says so."""
    if not ledger.table.faults:
        return
    by_column = {h.column: h for h in ledger.headings if h.field}
    unskipped = set(ledger.live[ledger.unskipped()].tolist())
    for (row, place), why in sorted(ledger.table.faults.items()):
        column = by_column.get(place)
        if column is None or row not in unskipped:
            continue
        if column.field in (*PAY_FIELDS, *DATES) and ledger.table.text(row, place):
            continue
        ledger.doubt(row, column, why)
