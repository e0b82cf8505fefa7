"""The kind of a file by its content; anything that can't hold a table is refused."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from compplan.readers.errors import refuse
from compplan.readers.limits import Limits

FileKind = Literal["text", "workbook"]

_TEXT_NAMES = {".csv", ".tsv", ".tab", ".txt", ".xls", ".xlsx"}
_MACRO_NAMES = {".xlsm", ".xltm", ".xlam", ".xlsb"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# The first bytes of other formats.
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
_ADVICE = "Save the table as CSV or as an .xlsx workbook."


def kind_of(data: bytes, filename: str | None, limits: Limits) -> FileKind:
    """Return whether a file is text or a workbook, by its content.

    Parameters
    ----------
    data : bytes
    filename : str or None
        Only its ending is used; None where it isn't known.
    limits : Limits

    Raises
    ------
    TableError
        If it is too large, empty, or of a kind that holds no table.

    Examples
    --------
    >>> kind_of(b"id;name", "people.csv", Limits("roster"))
    'text'
    >>> kind_of(b"%PDF-1.7", "people.xlsx", Limits("roster"))
    Traceback (most recent call last):
    compplan.readers.errors.TableError: The file is a PDF. Save the table as CSV or as an .xlsx workbook.
    """
    if len(data) > limits.bytes:
        size, most = f"{len(data) / 1e6:,.1f} MB", f"{limits.bytes / 1e6:,.0f} MB"
        refuse(f"The file has {size}; a {limits.noun} may have at most {most}.")
    if not data[:4096].strip() and not data.strip():
        refuse("The file is empty.")
    suffix = PurePath(filename or "").suffix.lower()
    if suffix in _MACRO_NAMES:
        refuse(f"The file is a workbook that can hold macros ({suffix}). Save it as .xlsx without macros.")
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            refuse("The file is protected by a password. Save it without one.")
        refuse("The file is in the old Office format (.xls). Open it and save it as .xlsx.")
    if data.startswith(b"PK\x03\x04"):
        return "workbook"
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mime-version:")):
        refuse(f"The file is a web page or XML. Open it in a spreadsheet first. {_ADVICE}")
    for magic, what in _OTHERS.items():
        if data.startswith(magic):
            refuse(f"The file is {what}. {_ADVICE}")
    if filename is not None and suffix not in _TEXT_NAMES:
        refuse(
            f"The file name ends in {suffix or 'no extension'}; a {limits.noun} must end in .csv, .tsv, .txt or .xlsx."
        )
    return "text"
