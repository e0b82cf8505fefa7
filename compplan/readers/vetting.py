"""What a file may be: how large, and of what kind by its content; the rest is refused in one sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal, NoReturn

from compplan.errors import CompPlanError, Problem

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


class UploadError(CompPlanError):
    """A file that is too large, of the wrong kind, damaged or meant to do harm; the reader knows its name."""


def refuse(message: str) -> NoReturn:
    """Give up on the file, in one sentence that has the file for its subject.

    Raises
    ------
    UploadError
    """
    raise UploadError([Problem("", message)])


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a file of a kind may be.

    Parameters
    ----------
    noun : str
        What the file is called in sentences: ``roster`` gives "a roster may have".
    bytes, rows, columns, cells : int
    unpacked : int [bytes]
        Of a workbook, all parts together.
    parts : int
        Of the package of a workbook.
    """

    noun: str
    bytes: int
    rows: int
    columns: int
    cells: int
    unpacked: int
    parts: int = 2_000

    def check_size(self, rows: int, columns: int) -> None:
        """Refuse a table that is larger.

        Raises
        ------
        UploadError

        Examples
        --------
        >>> Limits("roster", 25_000_000, 200_000, 256, 4_000_000, 250_000_000).check_size(2, 16_384)
        Traceback (most recent call last):
        compplan.readers.vetting.UploadError: has 16,384 columns; a roster may have 256 at most.
        """
        if columns > self.columns:
            refuse(f"has {columns:,} columns; a {self.noun} may have {self.columns:,} at most.")
        if rows > self.rows:
            refuse(f"has {rows:,} rows; a {self.noun} may have {self.rows:,} at most.")
        if rows * columns > self.cells:
            refuse(f"has {rows:,} rows of {columns:,} columns; a {self.noun} may have {self.cells:,} cells at most.")


def kind_of(data: bytes, filename: str | None, limits: Limits) -> Literal["text", "workbook"]:
    """Tell the kind of a file by its content, within the limits.

    Parameters
    ----------
    data : bytes
    filename : str or None
        Only its ending is looked at; nothing of it where it is not known.
    limits : Limits

    Raises
    ------
    UploadError
        If it is too large, empty, or nothing that holds a table.

    Examples
    --------
    >>> roster = Limits("roster", 25_000_000, 200_000, 256, 4_000_000, 250_000_000)
    >>> kind_of(b"id;name", "people.csv", roster)
    'text'
    >>> kind_of(b"%PDF-1.7", "people.xlsx", roster)
    Traceback (most recent call last):
    compplan.readers.vetting.UploadError: is a PDF by its content; save the table as CSV or as an .xlsx workbook.
    """
    if len(data) > limits.bytes:
        refuse(f"has {len(data) / 1e6:,.1f} MB; a {limits.noun} may have {limits.bytes / 1e6:,.0f} MB at most.")
    if not data[:4096].strip() and not data.strip():
        refuse("is empty.")
    suffix = PurePath(filename or "").suffix.lower()
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
    if filename is not None and suffix not in _TEXT_NAMES:
        refuse(f"ends in {suffix or 'nothing'}; a {limits.noun} ends in .csv, .tsv, .txt or .xlsx.")
    return "text"
