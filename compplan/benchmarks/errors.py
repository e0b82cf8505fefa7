"""What goes wrong with benchmarks, each kind of fault by its own name."""

from __future__ import annotations

from typing import Self

from compplan.errors import CompPlanError, Problem


class BenchmarkError(CompPlanError):
    """A figure, band, place or survey that cannot be used as asked."""

    @classmethod
    def at(cls, where: str, message: str) -> Self:
        """One problem, as most are."""
        return cls([Problem(where, message)])


class BasisError(BenchmarkError, TypeError):
    """Two amounts that are not the same kind of quantity were put together."""


class AreaError(BenchmarkError):
    """No area, or more than one, answers to a name.

    Attributes
    ----------
    matches : tuple of str
        Names of all that match, the likeliest first; empty where there is none.
    """

    def __init__(self, problems: list[Problem], matches: tuple[str, ...] = ()) -> None:
        super().__init__(problems)
        self.matches = matches


class SurveyError(BenchmarkError):
    """A survey file that cannot be read as one."""
