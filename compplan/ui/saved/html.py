"""HTML of saved plans: the differences of two versions."""

from __future__ import annotations

from compplan.store import VersionDifference
from compplan.ui.templates import render


def difference_lines(difference: VersionDifference) -> str:
    """The differences of two versions as a list, words first, then money."""
    return render("saved.difference_lines", difference.lines())
