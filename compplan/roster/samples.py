"""A people file to try the reader with: an invented team, as messy as real files."""

from __future__ import annotations

from typing import Literal

from compplan.errors import Problem
from compplan.roster.errors import RosterError
from compplan.shipped import shipped

_KINDS = ("csv", "xlsx")


def sample(kind: Literal["csv", "xlsx"] = "csv") -> bytes:
    """Return a people file with an invented team.

    Parameters
    ----------
    kind : {'csv', 'xlsx'}
        Format; both have the same people.

    Returns
    -------
    bytes
        56 people in twelve roles and four currencies; some cells and rows are wrong on purpose.

    Raises
    ------
    RosterError
        If the kind is not one of these.

    Examples
    --------
    >>> from compplan import roster
    >>> roster.read(roster.sample(), "sample.csv")
    Reading(56 people of 64 rows, 35 notes)
    """
    if kind not in _KINDS:
        raise RosterError([Problem("kind", f"must be csv or xlsx. You entered {kind!r}.")])
    return shipped("data", "samples", f"roster.{kind}").read_bytes()
