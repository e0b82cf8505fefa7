"""What a file may be: how large, and of what kind by its content; the rest is refused in one sentence."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from compplan.roster.notes import refuse

MOST_BYTES = 25_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
# A workbook of the most cells, unpacked.
MOST_UNPACKED = 250_000_000
MOST_PARTS = 2_000
MOST_LINE = 1_000_000

_TEXT_NAMES = {".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx"}
_MACRO_NAMES = {".xlsm", ".xltm", ".xlam", ".xlsb"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# How other files begin, and what they are.
_OTHERS = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed archive",
    b"\xfd7zXZ": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"{\\rtf": "a text document (RTF)",
    b"PAR1": "a Parquet table",
    b"SQLite format 3": "a database",
    b"\x7fELF": "a program",
}
_ADVICE = "save the table as CSV or as an .xlsx workbook"


def kind_of(data: bytes, filename: str) -> Literal["text", "workbook"]:
    """Tell the kind of a file by its content, within the limits.

    Parameters
    ----------
    data : bytes
    filename : str
        Only its ending is looked at.

    Raises
    ------
    RosterError
        If it is too large, empty, or nothing that holds a table.

    Examples
    --------
    >>> kind_of(b"id;name", "people.csv")
    'text'
    >>> kind_of(b"%PDF-1.7", "people.xlsx")
    Traceback (most recent call last):
    compplan.roster.notes.RosterError: is a PDF by its content; save the table as CSV or as an .xlsx workbook.
    """
    if len(data) > MOST_BYTES:
        refuse(f"has {len(data) / 1e6:,.1f} MB; a roster may have {MOST_BYTES / 1e6:,.0f} MB at most.")
    if not data[:4096].strip() and not data.strip():
        refuse("is empty.")
    suffix = PurePath(filename).suffix.lower()
    if suffix in _MACRO_NAMES:
        refuse(f"is a workbook that may hold macros ({suffix}); save it as .xlsx without macros.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            refuse("is protected by a password; save it without one.")
        refuse("is a document of the old Office format (.xls); open it and save it as .xlsx.")
    if data.startswith(b"PK\x03\x04"):
        return "workbook"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mime-version:")):
        refuse(f"is a web page or XML by its content; open it in a spreadsheet and {_ADVICE}.")
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            refuse(f"is {what} by its content; {_ADVICE}.")
    if suffix not in _TEXT_NAMES:
        refuse(f"ends in {suffix or 'nothing'}; a roster ends in .csv, .tsv, .txt or .xlsx.")
    return "text"


def check_size(rows: int, columns: int) -> None:
    """Refuse a table that is larger than a roster can be.

    Raises
    ------
    RosterError
    """
    if columns > MOST_COLUMNS:
        refuse(f"has {columns:,} columns; a roster may have {MOST_COLUMNS:,} at most.")
    if rows > MOST_ROWS:
        refuse(f"has {rows:,} rows; a roster may have {MOST_ROWS:,} at most.")
    if rows * columns > MOST_CELLS:
        refuse(f"has {rows:,} rows of {columns:,} columns; a roster may have {MOST_CELLS:,} cells at most.")
