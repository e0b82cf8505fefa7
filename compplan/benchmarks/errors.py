"""The errors of the benchmarks package."""

from __future__ import annotations

from typing import Self

from compplan.errors import CompPlanError, Problem


class BenchmarkError(CompPlanError):
    """A figure, band, location or survey that cannot be used."""

    @classmethod
    def at(cls, where: str, message: str) -> Self:
        """Return an error with one problem."""
        return cls([Problem(where, message)])


class BasisError(BenchmarkError, TypeError):
    """Two amounts with different bases or currencies."""


class AreaError(BenchmarkError):
    """A name that matches no area, or more than one.

    Attributes
    ----------
    matches : tuple of str
        Names of all matching areas, most likely first; empty if none matches.
    """

    def __init__(self, problems: list[Problem], matches: tuple[str, ...] = ()) -> None:
        super().__init__(problems)
        self.matches = matches


class SurveyError(BenchmarkError):
    """A survey file that cannot be read."""
