"""What the reader says of a file: notes with their place, and counts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple, NoReturn

import numpy as np
from numpy.typing import ArrayLike

from compplan.errors import CompPlanError, Problem

Kind = Literal["mended", "set_aside", "doubt", "assumed"]

# What becomes of a row. Every row of a file is in exactly one of these.
STATES = ("heading", "kept", "mended", "blank", "totals", "duplicate", "refused")
HEADING, KEPT, MENDED, BLANK, TOTALS, DUPLICATE, REFUSED = range(len(STATES))

# Headings of the two columns that a remarked file has more than the file.
STATUS, REMARKS = "compplan status", "compplan remarks"

# What a cell begins with that a spreadsheet may take for a formula, also in wide letters.
RISKY = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_SHOWN = 80


class RosterError(CompPlanError):
    """A roster file that cannot be read at all."""


def refuse(message: str) -> NoReturn:
    """Give up on the file, in one sentence.

    Raises
    ------
    RosterError
    """
    raise RosterError([Problem("", message)])


def shown(text: str) -> str:
    r"""A cell as it is quoted to people: on one line and not longer than a line.

    Examples
    --------
    >>> shown(" 95k\n")
    '95k'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"


class Note(NamedTuple):
    """One thing that the reader did, or could not do.

    Parameters
    ----------
    kind : {'mended', 'set_aside', 'doubt', 'assumed'}
        ``mended``: the cell was read as something that it does not literally say. ``set_aside``: the row is not
        among the people. ``doubt``: kept, but somebody should look. ``assumed``: how a whole column or file was
        read.
    said : str
        Why, and what is allowed, as a sentence.
    line : int or None
        Line of the file, from 1; None where it is about a column or the whole file.
    column : str
        Heading of the column, if it is about one.
    cell : str
        Address as a spreadsheet shows it, such as ``"C7"``; of a column only its letter.
    found, became : str
        What stands there and how it was read; empty where there is no such thing.

    Notes
    -----
    ``repr`` leaves out what was found: it is somebody's pay, and reprs end up in logs. ``str`` is the whole
    sentence.

    Examples
    --------
    >>> note = Note("mended", "The k stands for thousand.", 7, "Base", "C7", "95k", "95,000 USD")
    >>> print(note)
    Line 7, C7 (Base): '95k' was read as 95,000 USD. The k stands for thousand.
    >>> note
    Note(mended, C7)
    """

    kind: Kind
    said: str
    line: int | None = None
    column: str = ""
    cell: str = ""
    found: str = ""
    became: str = ""

    def __str__(self) -> str:
        place = [f"Line {self.line}" if self.line is not None else "", self.cell if self.line is not None else ""]
        where = ", ".join(part for part in place if part)
        if self.column:
            where = f"{where} ({self.column})" if where else f"Column {self.cell} ({self.column})"
        return f"{where}: {self.remark}" if where else self.remark

    def __repr__(self) -> str:
        return f"Note({self.kind}, {self.cell or self.line or 'file'})"

    def veiled(self) -> Note:
        """The same without what was found."""
        return self._replace(found="…" if self.found else "", became="…" if self.became else "")

    @property
    def remark(self) -> str:
        """The sentence without the place, as it stands beside the row."""
        if self.became:
            read = f"{self.found!r} was read as {self.became}." if self.found else f"Read as {self.became}."
            return f"{read} {self.said}".rstrip()
        return f"{self.found!r}: {self.said}" if self.found else self.said


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of the file went where; they add up to `rows`.

    Parameters
    ----------
    rows : int
        Rows of the file, with headings and blank ones.
    heading : int
        The row of headings, what stands above it, and headings that are repeated further down.
    kept, mended : int
        People, as they stood and with at least one cell that was mended.
    blank, totals, duplicate, refused : int
        Rows that were set aside.

    Examples
    --------
    >>> Counts.of([0, 1, 1, 2, 3])
    Counts(rows=5, heading=1, kept=2, mended=1, blank=1, totals=0, duplicate=0, refused=0)
    """

    rows: int
    heading: int = 0
    kept: int = 0
    mended: int = 0
    blank: int = 0
    totals: int = 0
    duplicate: int = 0
    refused: int = 0

    @classmethod
    def of(cls, states: ArrayLike) -> Counts:
        """The counts of rows that are in these states, given by their positions in `STATES`."""
        tally = np.bincount(np.asarray(states, dtype=np.int64), minlength=len(STATES)).tolist()
        return cls(sum(tally), **dict(zip(STATES, tally, strict=True)))

    @property
    def people(self) -> int:
        """Rows that are people."""
        return self.kept + self.mended

    @property
    def set_aside(self) -> int:
        """Rows that are not."""
        return self.blank + self.totals + self.duplicate + self.refused
