"""One reader for every file that holds a table: CSV or .xlsx, with its headings matched to fields."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from compplan.errors import Problem
from compplan.readers import csv_text, headings, workbook
from compplan.readers.errors import TableError
from compplan.readers.headings import Heading
from compplan.readers.ledger import Ledger
from compplan.readers.limits import Limits
from compplan.readers.notes import shown
from compplan.readers.table import RawTable
from compplan.readers.vetting import FileKind, kind_of
from compplan.readers.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True, repr=False)
class TableFile:
    """A file that was read as a table.

    Attributes
    ----------
    name : str
        Its name without folders.
    kind : {'text', 'workbook'}
    table : RawTable
    headings : tuple of Heading
        One per column.
    vocabulary : Vocabulary
    """

    name: str
    kind: FileKind
    table: RawTable
    headings: tuple[Heading, ...]
    vocabulary: Vocabulary

    def ledger(self) -> Ledger:
        """Begin the record of a reading."""
        return Ledger(self.table, self.headings, self.vocabulary)


def read_table(
    data: bytes,
    filename: str | None,
    vocabulary: Vocabulary,
    *,
    mapping: Mapping[str, str] | None = None,
    sheet: str | None = None,
    default_name: str = "file",
) -> TableFile:
    """Read the bytes of a file as a table.

    Parameters
    ----------
    data : bytes
        CSV in the usual encodings and delimiters, or an .xlsx workbook; the content decides which.
    filename : str or None
        For messages, and for its ending; None where the file has no name.
    vocabulary : Vocabulary
        The fields of such a file.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; see `compplan.readers.headings.match`.
    sheet : str, optional
        Sheet of a workbook; the first visible one with headings by default.
    default_name : str
        Name in messages of a file without a name.

    Raises
    ------
    TableError
        If the file can't be read; each problem names the file or the part of the mapping.
    """
    name = shown(PurePath((filename or "").replace("\\", "/")).name) or default_name
    try:
        kind = kind_of(data, filename, vocabulary.limits)
        if kind == "text":
            table = csv_text.read(data, mapping, vocabulary)
        else:
            table = workbook.read(data, mapping, sheet, vocabulary)
        matched = headings.match(table.headings[: table.width], mapping, vocabulary)
    except TableError as error:
        raise TableError(Problem(problem.where or name, problem.message) for problem in error.problems) from None
    return TableFile(name, kind, table, matched, vocabulary)


def content(path: Path | str | os.PathLike[str], limits: Limits) -> tuple[bytes, str]:
    """Return the content of a file and its name, without reading more of it than the limits allow.

    Raises
    ------
    TableError
        If the file can't be opened.
    """
    place = Path(path)
    try:
        with place.open("rb") as file:
            return file.read(limits.bytes + 1), place.name
    except OSError as error:
        raise TableError([Problem(str(place), f"cannot be read: {error.strerror}.")]) from None
