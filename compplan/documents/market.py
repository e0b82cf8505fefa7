"""Workbook of people against market pay bands."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import compplan
from compplan import facts
from compplan.benchmarks import PayBand, compression, group_compa_ratio, outliers, raise_costs
from compplan.benchmarks.placement import HIGH, LOW, Bands
from compplan.documents.cells import fitting, new_workbook
from compplan.readers.titles import role_names

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = {
    "id": "Id",
    "name": "Name",
    "role": "Role",
    "title": "Title",
    "manager": "Manager",
    "place": "Place",
    "currency": "Currency",
    "pay": "Pay",
    "low": "Range low",
    "midpoint": "Midpoint",
    "high": "Range high",
    "compa_ratio": "Compa-ratio",
    "penetration": "Range penetration",
    "stands": "Stands",
    "outlier": "Outlier",
    "remark": "Remark",
}
_FORMATS = {
    "pay": "#,##0.00", "low": "#,##0.00", "midpoint": "#,##0.00", "high": "#,##0.00", "compa_ratio": "0.000",
    "penetration": "0.0%", "mean_pay": "#,##0.00", "next_mean_pay": "#,##0.00", "progression": "0.0%",
    "cost": "#,##0.00", "payroll": "#,##0.00", "share": "0.00%",
}  # fmt: skip


def people_workbook(
    people: pd.DataFrame,
    bands: Bands,
    *,
    market: Sequence[str],
    on: dt.date,
    names: bool = False,
) -> bytes:
    """Return an .xlsx workbook of people against their bands, with outliers, cost of raises and compression.

    Parameters
    ----------
    people : DataFrame
        From `compplan.benchmarks.placed`.
    bands : Mapping
        Band by role, or by (role, place), adjusted to the market as for `placed`.
    market : sequence of str
        Adjustments made to the bands, as sentences.
    on : date
        Date of the document.
    names : bool
        Whether to include names of people and managers; without them people appear by ID.

    Returns
    -------
    bytes
        Content of the file. Text cells never become formulas. Compa-ratio and range penetration are formulas.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan.benchmarks import bands, place_people
    >>> band = {"csm": bands("csm", "base")[0]}
    >>> team = place_people(pd.DataFrame({"id": ["7"], "role": "csm", "currency": "USD", "base": [70_000.0]}), band)
    >>> people_workbook(team, band, market=["As published."], on=dt.date(2026, 9, 1))[:2]
    b'PK'
    """
    stream = io.BytesIO()
    book = new_workbook(stream)
    style = {code: book.add_format({"num_format": code}) for code in set(_FORMATS.values())}
    style["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    style["far"] = book.add_format({"bg_color": "#fbeceb", "font_color": "#a01f18"})
    columns = [name for name in _COLUMNS if name in people.columns and (names or name not in ("name", "manager"))]
    roles = role_names()
    shown, far = people[columns], outliers(people)[columns]
    _table(book, "People", _named(shown, roles), style, formulas=True)
    _table(book, "Outliers", _named(far, roles), style, formulas=True)
    _table(book, "Raises", raise_costs(people), style)
    _table(book, "Compression", _named(compression(people, bands), roles), style)
    _table(book, "Roles", _named(group_compa_ratio(people, ["role"]), roles), style)
    used = {str(place) for place in people["place"]} if "place" in people.columns else set[str]()
    _bands(book, _by_place(bands, used), roles, style)
    _about(book, market, on, bands.values(), style)
    book.close()
    return stream.getvalue()


def _table(book: Any, name: str, frame: pd.DataFrame, style: Mapping[str, Any], *, formulas: bool = False) -> None:
    sheet: Any = book.add_worksheet(name)
    places = {str(column): place for place, column in enumerate(frame.columns)}
    for column, place in places.items():
        sheet.write_string(0, place, _COLUMNS.get(column, column.replace("_", " ").capitalize()), style["head"])
        sheet.set_column(place, place, 34 if column in ("outlier", "remark") else 15)
    for row, values in enumerate(frame.astype(object).itertuples(index=False), start=1):
        for (column, place), value in zip(places.items(), values, strict=True):
            form = style.get(_FORMATS.get(column, ""))
            sum_of = _formula(column, places, row) if formulas else None
            if sum_of and isinstance(value, float) and math.isfinite(value):
                sheet.write_formula(row, place, sum_of, form, value)
            else:
                _write(sheet, row, place, value, form)
    sheet.freeze_panes(1, 1)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), max(0, len(places) - 1))
    if formulas and len(frame):
        at = places["compa_ratio"]
        # An empty cell counts as 0, so blanks are excluded first.
        sheet.conditional_format(1, at, len(frame), at, {"type": "blanks", "stop_if_true": True})
        far = {"type": "cell", "criteria": "not between", "minimum": LOW, "maximum": HIGH, "format": style["far"]}
        sheet.conditional_format(1, at, len(frame), at, far)


def _formula(column: str, places: Mapping[str, int], row: int) -> str | None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    def cell(name: str) -> str:
        return str(xl_rowcol_to_cell(row, places[name]))

    if column == "compa_ratio":
        return f"={cell('pay')}/{cell('midpoint')}"
    if column == "penetration":
        return f"=({cell('pay')}-{cell('low')})/({cell('high')}-{cell('low')})"
    return f"=({cell('low')}+{cell('high')})/2" if column == "midpoint" else None


def _write(sheet: Any, row: int, place: int, value: object, form: Any) -> None:
    if isinstance(value, bool):
        sheet.write_string(row, place, "yes" if value else "no")
    elif isinstance(value, int | float) and math.isfinite(value):
        sheet.write_number(row, place, value, form)
    elif isinstance(value, str) and value:
        sheet.write_string(row, place, fitting(value))


def _named(frame: pd.DataFrame, roles: Mapping[str, str]) -> pd.DataFrame:
    """Replace keys of roles with their names."""
    for column in ("role", "next_role"):
        if column in frame.columns:
            frame = frame.assign(**{column: frame[column].map(roles).fillna("")})
    return frame


def _by_place(bands: Bands, used: Collection[str]) -> list[tuple[str, str, PayBand]]:
    """List role, place and band: general bands first, then those of places with people."""
    by_key = cast("Mapping[str | tuple[str, str], PayBand]", bands)
    everywhere = [(key, "", band) for key, band in by_key.items() if isinstance(key, str)]
    local = [(key[0], key[1], band) for key, band in by_key.items() if not isinstance(key, str) and key[1] in used]
    return everywhere + local


def _bands(
    book: Any, bands: Sequence[tuple[str, str, PayBand]], roles: Mapping[str, str], style: Mapping[str, Any]
) -> None:
    sheet: Any = book.add_worksheet("Bands")
    heads = ("Role", "Basis", "Currency", "Low", "Midpoint", "High", "Place", "As of", "How", "Source", "Address",
             "For people in")  # fmt: skip
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, style["head"])
        sheet.set_column(place, place, 40 if place >= 9 else 15)
    money = style["#,##0.00"]
    for row, (role, place_of, band) in enumerate(bands, start=1):
        source = facts.source(band.source) if band.source else None
        label, address = (source.label, source.url) if source else ("Your survey", "")
        texts = {0: roles.get(role, role), 1: band.basis.words, 2: band.currency, 6: band.place, 7: band.as_of,
                 8: band.how, 9: label, 10: address, 11: place_of or "Everywhere else"}  # fmt: skip
        for place, text in texts.items():
            _write(sheet, row, place, text, None)
        sheet.write_number(row, 3, band.low, money)
        sheet.write_formula(row, 4, f"=(D{row + 1}+F{row + 1})/2", money, band.midpoint)
        sheet.write_number(row, 5, band.high, money)
    sheet.freeze_panes(1, 1)


def _about(book: Any, market: Sequence[str], on: dt.date, bands: Iterable[PayBand], style: Mapping[str, Any]) -> None:
    sheet: Any = book.add_worksheet("About")
    sheet.set_column(0, 0, 120)
    cares = {facts.source(band.source).care for band in bands if band.source}
    lines = [
        f"Created with compplan {compplan.__version__} on {on.isoformat()}.",
        "Adjustments to the bands:",
        *market,
        "Compa-ratio is pay divided by the midpoint of the band.",
        "Range penetration is 0% at the low end of the band and 100% at the high end.",
        "An outlier is outside the band, or has a compa-ratio below 0.80 or above 1.20.",
        "Raises round up to the cent. Totals leave out people without a band, and currencies are never added.",
        *sorted(filter(None, cares)),
    ]
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, fitting(line), style["head"] if row == 0 else None)
