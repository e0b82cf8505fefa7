"""What the reader reports about a file: notes with their place, and counts that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from compplan._moved import OldName, warn_renamed

Kind = Literal["mended", "set_aside", "doubt", "assumed"]

# The state of a row. Every row of a file is in exactly one of them; the last five are skipped. The words are part of
# the JSON, where "kept" is a row read as is and "mended" one with corrected cells; people see `STATE_NAMES`.
STATES = ("heading", "kept", "mended", "blank", "totals", "duplicate", "refused", "left")
HEADING, AS_IS, CORRECTED, BLANK, TOTALS, DUPLICATE, REFUSED, LEFT = range(len(STATES))
_NAMES = ("heading", "read as is", "corrected", "blank", "total", "duplicate", "not readable", "left before the year")
STATE_NAMES: dict[str, str] = dict(zip(STATES, _NAMES, strict=True))

# Headings of the two columns that a file with remarks has in addition.
STATUS, REMARKS = "compplan status", "compplan remarks"

# First characters that can make a spreadsheet run a cell as a formula, also in full-width form.
RISKY = ("=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")

_MOST_SHOWN = 80
MOST_LISTED = 200  # characters of a file in one message


def shown(text: str) -> str:
    r"""Return a cell as messages quote it: on one line, at most 80 characters.

    Examples
    --------
    >>> shown(" 95k\n")
    '95k'
    """
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_SHOWN else f"{flat[: _MOST_SHOWN - 1]}…"


def counted(texts: Sequence[str], most: int) -> str:
    """Return the first few texts in quotation marks, and how many more there are.

    Examples
    --------
    >>> counted(["a", "b", "c"], 2)
    "'a', 'b' and 1 more"
    """
    more = len(texts) - most
    return ", ".join(map(repr, texts[:most])) + (f" and {more:,} more" if more > 0 else "")


def listed(texts: Sequence[str]) -> str:
    """Return texts of a file in quotation marks, as refusals repeat them: at most 200 characters in all.

    Examples
    --------
    >>> listed(["Name", "Pay"]), len(listed(["long " * 50] * 9)) <= 200
    ("'Name', 'Pay'", True)
    """
    names = [repr(shown(text)) for text in texts[:MOST_LISTED]]
    for count in range(len(names), 0, -1):
        more = f" and {len(texts) - count:,} more" if count < len(texts) else ""
        text = f"{', '.join(names[:count])}{more}"
        if len(text) <= MOST_LISTED:
            return text
    return "none"


class Note(NamedTuple):
    """One thing that the reader did, or could not do.

    Parameters
    ----------
    kind : {'mended', 'set_aside', 'doubt', 'assumed'}
        ``mended``: a cell was corrected, that is, read as something it does not literally say. ``set_aside``: the
        row was skipped. ``doubt``: the row was read, but someone should check it. ``assumed``: how a whole column or
        file was read.
    reason : str
        The reason, and what is allowed, in sentences.
    line : int or None
        Line of the file, from 1; None for a note about a column or the whole file.
    column : str
        Heading of the column; empty for a note about a row or the whole file.
    cell : str
        Address in a spreadsheet, such as ``"C7"``; for a whole column only its letter.
    found, became : str
        Text of the cell and how it was read; empty where there is none.

    Notes
    -----
    ``repr`` leaves out the text of the cell, because it can be someone's pay and reprs end up in logs. ``str`` is
    the full sentence.

    Examples
    --------
    >>> note = Note("mended", "The k stands for thousand.", 7, "Base", "C7", "95k", "95,000 USD")
    >>> print(note)
    Line 7, C7 (Base): '95k' was read as 95,000 USD. The k stands for thousand.
    >>> note
    Note(mended, C7)
    """

    kind: Kind
    reason: str
    line: int | None = None
    column: str = ""
    cell: str = ""
    found: str = ""
    became: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.remark}" if self.place else self.remark

    def __repr__(self) -> str:
        return f"Note({self.kind}, {self.cell or self.line or 'file'})"

    @property
    def place(self) -> str:
        """Line, cell and column as people name them; empty for the whole file."""
        column = self.column if len(self.column) <= MOST_LISTED else f"{self.column[: MOST_LISTED - 1]}…"
        if self.line is None:
            return f"Column {self.cell} ({column})" if column else ""
        where = f"Line {self.line}, {self.cell}" if self.cell else f"Line {self.line}"
        return f"{where} ({column})" if column else where

    @property
    def remark(self) -> str:
        """The sentence without the place, as it appears next to the row."""
        if self.became:
            change = f"{self.found!r} was read as {self.became}." if self.found else f"Read as {self.became}."
            return f"{change} {self.reason}".rstrip()
        return f"{self.found!r}: {self.reason}" if self.found else self.reason

    def as_data(self) -> dict[str, Any]:
        """Return the note as plain data for JSON, in which the reason is ``said``."""
        return {"kind": self.kind, "said": self.reason} | {k: v for k, v in self._asdict().items() if k != "reason"}

    @property
    def said(self) -> str:
        """`reason` under its name of compplan 0.1."""
        warn_renamed("Note.said", "Note.reason", 2)
        return self.reason

    def veiled(self) -> Note:
        """Return the note without the text of the cell."""
        return self._replace(found="…" if self.found else "", became="…" if self.became else "")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of the file are in each state; they add up to `rows`.

    Parameters
    ----------
    rows : int
        All rows of the file, with headings and blank ones.
    heading : int
        The row of headings, everything above it, and headings repeated further down.
    as_is, corrected : int
        Rows read as is, and rows with at least one corrected cell.
    blank, totals, duplicate, refused, left : int
        Rows that were skipped; `left` are people who left before the plan year.

    Examples
    --------
    >>> Counts.of([0, 1, 1, 2, 3])
    Counts(rows=5, heading=1, as_is=2, corrected=1, blank=1, totals=0, duplicate=0, refused=0, left=0)
    """

    rows: int
    heading: int = 0
    as_is: int = 0
    corrected: int = 0
    blank: int = 0
    totals: int = 0
    duplicate: int = 0
    refused: int = 0
    left: int = 0

    @classmethod
    def of(cls, states: ArrayLike) -> Counts:
        """Count rows by state, given as positions in `STATES`."""
        tally = np.bincount(np.asarray(states, dtype=np.int64), minlength=len(STATES)).tolist()
        return cls(sum(tally), *tally)

    @property
    def people(self) -> int:
        """Rows that were read."""
        return self.as_is + self.corrected

    @property
    def skipped(self) -> int:
        """Rows that were not read."""
        return self.blank + self.totals + self.duplicate + self.refused + self.left

    def as_data(self) -> dict[str, int]:
        """Return the counts as plain data, by the names in `STATES`."""
        return dict(zip(("rows", *STATES), astuple(self), strict=True))

    kept = OldName("as_is")
    mended = OldName("corrected")
    set_aside = OldName("skipped")
