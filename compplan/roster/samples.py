"""A people file to try the reader with: an invented team, with the mess that real files have."""

from __future__ import annotations

from typing import Literal

from compplan.errors import Problem
from compplan.readers.notes import RosterError
from compplan.shipped import shipped

_KINDS = ("csv", "xlsx")


def sample(kind: Literal["csv", "xlsx"] = "csv") -> bytes:
    """The content of a people file in which nobody exists.

    Parameters
    ----------
    kind : {'csv', 'xlsx'}
        As text or as a workbook, with the same people.

    Returns
    -------
    bytes
        For `read`, or to be offered as a file. 56 people in twelve roles and four currencies; some cells and rows are
        wrong on purpose.

    Raises
    ------
    RosterError
        If there is no such kind.

    Examples
    --------
    >>> from compplan import roster
    >>> roster.read(roster.sample(), "sample.csv")
    Reading(56 people of 64 rows, 35 notes)
    """
    if kind not in _KINDS:
        raise RosterError([Problem("kind", f"must be csv or xlsx, got {kind!r}.")])
    return shipped("data", "samples", f"roster.{kind}").read_bytes()
