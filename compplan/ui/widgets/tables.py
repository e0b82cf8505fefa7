"""Tables of figures and of texts as HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from compplan import formats
from compplan.ui.templates import render

if TYPE_CHECKING:
    import pandas as pd

_TEXT_COLUMNS = {
    "Id",
    "Name",
    "Role",
    "Next role",
    "Place",
    "Why",
    "Reason",
    "Group",
    "Relative to",
    "Over",
    "To",
    "Currency",
}


def frame_table(frame: pd.DataFrame, titles: Mapping[str, str], forms: Mapping[str, str]) -> str:
    """A data frame as a table.

    Parameters
    ----------
    frame : DataFrame
    titles : Mapping of str to str
        Column of the frame to title, in the order of the table.
    forms : Mapping of str to str
        Column to "money", "percent" or "ratio"; other columns are shown as text. Money is in the currency of the
        row's column ``currency``, US dollars without one.
    """
    rows = [
        [_cell(record[name], forms.get(name, ""), str(record.get("currency", "USD"))) for name in titles]
        for record in frame.astype(object).to_dict("records")
    ]
    return text_table(tuple(titles.values()), rows, _TEXT_COLUMNS)


def text_table(titles: Sequence[str], rows: Iterable[Sequence[str]], texts: Collection[str] | None = None) -> str:
    """A table of cells, escaped unless they are `markupsafe.Markup`; columns not named in `texts` align right."""
    columns = [(title, texts is None or title in texts) for title in titles]
    return render("widgets.table", columns, rows)


def _cell(value: Any, form: str, currency: str) -> str:
    if value is None or value != value or str(value) == "<NA>":
        return "–"
    if form == "money":
        return formats.money(float(value), currency) if currency else formats.plain_number(float(value), 2)
    if form == "percent":
        return formats.percent(float(value), 1)
    if form == "ratio":
        return f"{float(value):.3f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
