"""The error for people, dates and assumptions that a plan cannot be costed on."""

from __future__ import annotations

from typing import NoReturn

from compplan.errors import CompPlanError, Problem


class CostError(CompPlanError):
    """People or assumptions that a plan cannot be costed on."""


def refuse(where: str, message: str) -> NoReturn:
    """Raise a `CostError` with one problem.

    Parameters
    ----------
    where : str
        Path of the problem, such as ``people.base``.
    message : str
        What is wrong and what is allowed, without the place.

    Raises
    ------
    CostError
    """
    raise CostError([Problem(where, message)])
