"""Currencies that the number formats of a workbook show: 60000 formatted as € 60,000 is euros."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from compplan.readers.limits import Limits
from compplan.readers.sheet_scan import column_number

_SIGNS = "$€£¥₹₪₩₺₱฿"
_FORMAT = re.compile(rb"<numFmt\b([^>]*)/?>")
_STYLE = re.compile(rb"<xf\b([^>]*)>")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"[^>]*?\ss="([0-9]{1,5})"')
_LONGEST = 200
# Countries of "$" in a format such as [$$-409], by the last digits of the locale.
_DOLLARS = {
    "409": "USD",
    "1009": "CAD",
    "C0C": "CAD",
    "C09": "AUD",
    "1409": "NZD",
    "4809": "SGD",
    "C04": "HKD",
    "80A": "MXN",
}


def currency_of(code: str) -> str:
    """Return the currency that a number format shows; empty where it shows none.

    Examples
    --------
    >>> [
    ...     currency_of(code)
    ...     for code in ("[$€-407]#,##0", '"$"#,##0', "[$CHF] #,##0", "[$$-1009]#,##0", "[$-409]d", "0%")
    ... ]
    ['€', '$', 'CHF', 'CAD', '', '']
    """
    marked = re.search(r"\[\$([^\]-]*)(?:-([0-9A-Fa-f]+))?\]", code)
    if marked and marked[1].strip():
        symbol = marked[1].strip()
        return _DOLLARS.get((marked[2] or "").upper(), symbol) if symbol == "$" else symbol
    plain = re.sub(r"\[[^\]]*\]", "", code)
    sign = next((c for c in plain if c in _SIGNS), "")
    if sign:
        return sign
    word = re.search(r'"\s*([A-Z]{3}|kr\.?|zł|Kč|Fr\.?)\s*"', plain)
    return word[1] if word else ""


def currencies_of_styles(xml: bytes) -> dict[int, str]:
    """Return the currency of each cell style that shows one, from the part of a workbook with its styles."""
    codes: dict[int, str] = {}
    for match in _FORMAT.finditer(xml):
        number, code = _attribute(match[1], b"numFmtId"), _attribute(match[1], b"formatCode")
        if number.isdigit() and len(code) <= _LONGEST:
            currency = currency_of(code)
            if currency:
                codes[int(number)] = currency
    if not codes:
        return {}
    start = xml.find(b"<cellXfs")
    styles = xml[start : xml.find(b"</cellXfs>", start)] if start >= 0 else b""
    numbers = [_attribute(match[1], b"numFmtId") for match in _STYLE.finditer(styles)]
    return {place: codes[int(n)] for place, n in enumerate(numbers) if n.isdigit() and int(n) in codes}


def cells_with(styles: Mapping[int, str], pieces: Iterable[bytes], limits: Limits) -> dict[tuple[int, int], str]:
    """Return the currency of each cell of a sheet that has one of some styles."""
    by_style = {str(number).encode(): currency for number, currency in styles.items()}
    cells: dict[tuple[int, int], str] = {}
    rest = b""
    for piece in pieces:
        text = rest + piece
        cut = max(text.rfind(b"<"), 0)
        rest = text[cut:]
        for letters, row, style in _CELL.findall(text[:cut]):
            currency = by_style.get(style)
            if currency:
                column = column_number(letters)
                if column < limits.columns and int(row) <= limits.rows:
                    cells[int(row) - 1, column] = currency
    return cells


def _attribute(attributes: bytes, name: bytes) -> str:
    match = re.search(rb"\b" + name + rb"""\s*=\s*(?:"([^"]*)"|'([^']*)')""", attributes)
    if match is None:
        return ""
    return html.unescape((match[1] if match[1] is not None else match[2]).decode("utf-8", "replace"))
