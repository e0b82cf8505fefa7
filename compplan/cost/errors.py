"""What goes wrong when a plan is costed."""

from __future__ import annotations

from typing import NoReturn

from compplan.errors import CompPlanError, Problem


class CostError(CompPlanError):
    """Assumptions or people that a plan cannot be costed on."""


def refuse(where: str, message: str) -> NoReturn:
    """Refuse one thing, by its place and in a sentence.

    Raises
    ------
    CostError
    """
    raise CostError([Problem(where, message)])
