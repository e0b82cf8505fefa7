"""Cost to serve an account, and the ARR a person needs to cover their cost."""

from __future__ import annotations

from dataclasses import dataclass

from compplan.capacity.errors import CapacityError
from compplan.capacity.services import require_hours
from compplan.errors import Problem


@dataclass(frozen=True, slots=True)
class CostToServe:
    """The cost of serving one account.

    Attributes
    ----------
    cost : float [currency a year]
    share : float or None [fraction of ACV]
        None if the account has no ACV.
    """

    cost: float
    share: float | None


def cost_to_serve(hours: float, loaded_cost: float, available: float, acv: float) -> CostToServe:
    """Return the cost of one account: its hours times the cost of an hour for accounts.

    Parameters
    ----------
    hours : float [hours a year]
        Hours of the account.
    loaded_cost : float [currency a year]
        Fully loaded cost of one person.
    available : float [hours a year]
        Hours of one person for accounts.
    acv : float [currency a year]

    Notes
    -----
    ``cost = hours * loaded_cost / available``; ``share = cost / acv``.

    Raises
    ------
    CapacityError
        If an amount is negative or there are no hours.

    Examples
    --------
    >>> served = cost_to_serve(110, 141_800, 1_560, 75_000)
    >>> round(served.cost, 2), round(served.share, 4)
    (9998.72, 0.1333)
    """
    require_hours(available)
    _refuse_negative(hours=hours, loaded_cost=loaded_cost, acv=acv)
    cost = hours * loaded_cost / available
    return CostToServe(cost, cost / acv if acv > 0 else None)


@dataclass(frozen=True, slots=True)
class UnitEconomics:
    """Pay and cost of a person as shares of the ARR in their book.

    Attributes
    ----------
    ote_share, cost_share : float or None [fraction of ARR]
    arr_per_ote : float or None
        ARR per unit of OTE.
    break_even : tuple of (float, float)
        For each share of ARR that may be spent: the share, and the ARR per person that covers the cost.
    """

    ote_share: float | None
    cost_share: float | None
    arr_per_ote: float | None
    break_even: tuple[tuple[float, float], ...]


def unit_economics(
    ote: float, loaded_cost: float, arr: float, spend: tuple[float, ...] = (0.10, 0.15)
) -> UnitEconomics:
    """Compare the pay and cost of a person with the ARR of their book.

    Parameters
    ----------
    ote, loaded_cost : float [currency a year]
    arr : float [currency a year]
        ARR in the book of one person.
    spend : tuple of float [fraction of ARR]
        Shares that may be spent on Customer Success, such as those of `compplan.capacity.spending`.

    Raises
    ------
    CapacityError
        If an amount is negative.

    Examples
    --------
    >>> economics = unit_economics(137_500, 141_800, 1_400_000, (0.10, 0.15))
    >>> round(economics.ote_share, 4), [round(arr) for _, arr in economics.break_even]
    (0.0982, [1418000, 945333])
    """
    _refuse_negative(ote=ote, loaded_cost=loaded_cost, arr=arr)
    book = arr if arr > 0 else None
    return UnitEconomics(
        ote / book if book else None,
        loaded_cost / book if book else None,
        arr / ote if ote > 0 and book else None,
        tuple((share, loaded_cost / share) for share in spend if share > 0),
    )


def _refuse_negative(**amounts: float) -> None:
    problems = [
        Problem(name, f"Must be 0 or more. You entered {value:g}.") for name, value in amounts.items() if value < 0
    ]
    if problems:
        raise CapacityError(problems)


def retention_two_ways(opening: float, due: float, renewed: float) -> tuple[float, float]:
    """Return gross retention on ARR due for renewal and on opening ARR, counting ARR not due as retained.

    Parameters
    ----------
    opening, due, renewed : float [currency]
        ``renewed <= due <= opening``.

    Returns
    -------
    (float, float)
        On ARR due, and on opening ARR.

    Raises
    ------
    CapacityError
        If the amounts are not in that order, or no ARR was due.

    Examples
    --------
    >>> retention_two_ways(1_000_000, 250_000, 200_000)
    (0.8, 0.95)
    """
    if not 0 <= renewed <= due <= opening or due <= 0:
        message = "Renewed ARR must be at most the ARR due, and the ARR due at most the opening ARR."
        entered = f"You entered {renewed:g}, {due:g} and {opening:g}."
        raise CapacityError([Problem("renewed", f"{message} {entered}")])
    return renewed / due, (opening - due + renewed) / opening
