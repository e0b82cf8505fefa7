"""Rebalancing of books: the fewest accounts that must change owner so that no book exceeds a limit."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.capacity.books import CEILINGS, NO_OWNER, Ceiling, hours_of, one_currency
from compplan.capacity.errors import CapacityError
from compplan.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 3  # a sentence names at most this many accounts
_GAP = 0.01  # accepted distance from the least ARR that moves, as a fraction of it
_TIEBREAK = 0.01  # weight of the size of the new owner's book; too small to change how much ARR moves
_TOTALS = {
    "accounts": "There are {} accounts",
    "arr": "The accounts total {} in ARR",
    "hours": "The accounts take {} hours",
}
_SOLVE_ERROR = 4  # a status of SciPy
MOST_CHOICES = 60_000  # accounts times owners; the solver is too slow for more
LIMIT = f"Accounts times owners can be at most {MOST_CHOICES:,}, such as 1,500 accounts of 40 owners."


@dataclass(frozen=True, slots=True)
class AccountMove:
    """An account that changes owner.

    Attributes
    ----------
    line : int
        Line of the file.
    account : str
    source, target : str
        Owner before and after; the source is empty if there was none.
    arr : float [currency a year]
    """

    line: int
    account: str
    source: str
    target: str
    arr: float


@dataclass(frozen=True, slots=True)
class RebalancePlan:
    """A suggestion of new owners.

    Attributes
    ----------
    moves : tuple of AccountMove
        In the order of the file.
    owners : tuple of str
        Owner of each account after the moves, in the order of the accounts.
    possible : bool
        Whether every book can be within the limits, except books with an account that exceeds a limit by itself.
    least : bool
        Whether fewer moves are impossible; if False, the moves are the best that the solver found in the time.
    sentence : str
        The result in words.
    alone : tuple of int
        Lines of the accounts that exceed a limit by themselves.
    """

    moves: tuple[AccountMove, ...]
    owners: tuple[str, ...]
    possible: bool
    least: bool
    sentence: str
    alone: tuple[int, ...] = ()

    def after(self, accounts: pd.DataFrame) -> pd.DataFrame:
        """Return the accounts with their owners after the moves."""
        return accounts.assign(owner=list(self.owners))


def rebalance(
    accounts: pd.DataFrame,
    ceiling: Ceiling,
    *,
    hours: Mapping[str, float] | None = None,
    frozen: Collection[int] = (),
    seconds: float = 10.0,
) -> RebalancePlan:
    r"""Move the fewest accounts so that no book exceeds a limit.

    Parameters
    ----------
    accounts : DataFrame
        The accounts of an `AccountsReading`.
    ceiling : Ceiling
        With at least one limit.
    hours : Mapping of str to float [hours a year], optional
        Hours of one account by segment, for a limit of hours.
    frozen : collection of int
        Lines of accounts that must not move.
    seconds : float
        Most time to spend, in seconds.

    Raises
    ------
    CapacityError
        If there is no limit, a segment has no hours for a limit of hours, there are several currencies, or the file
        is too large.

    Notes
    -----
    HiGHS solves a mixed-integer program: ``y[a, p]`` is 1 if person p gets account a. Each account goes to one person,
    no limit is exceeded, and the number of moves is minimal. A second program keeps that number and minimizes the ARR
    that moves, to within one percent; ties go to the smaller book. Accounts without an owner get one. An account that
    exceeds a limit by itself stays where it is, and its owner gets no other account.

    Examples
    --------
    >>> from compplan.capacity.accounts import read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,200\nC,E2,100\n"
    >>> plan = rebalance(read_accounts(data, "a.csv").accounts, Ceiling(arr=400.0))
    >>> [(move.account, move.source, move.target) for move in plan.moves], plan.least
    ([('B', 'E1', 'E2')], True)
    """
    one_currency(accounts)
    kinds = [kind for kind in CEILINGS if ceiling.of_kind(kind) is not None]
    if not kinds:
        raise CapacityError([Problem("ceiling", "Set at least one limit: accounts, ARR or hours.")])
    check_size(accounts)
    people = sorted({str(owner) for owner in accounts["owner"]} - {NO_OWNER})
    now = [str(owner) for owner in accounts["owner"]]
    sizes = {kind: _sizes(accounts, kind, hours) for kind in kinds}
    if not now or not people:
        text = (
            "There are no accounts." if not now else "No account has an owner, so there is no one to move accounts to."
        )
        return RebalancePlan((), tuple(now), possible=not now, least=True, sentence=text)
    alone = np.logical_or.reduce([values > (ceiling.of_kind(kind) or math.inf) for kind, values in sizes.items()])
    limits = _limits(people, now, sizes, ceiling, alone)
    intro, large = _alone_text(accounts, alone), tuple(int(line) for line in accounts.index[alone])
    fixed = alone | np.array([int(line) in frozen for line in accounts.index])
    shortage = _shortage_text(sizes, limits, ceiling, fixed & np.array([owner == NO_OWNER for owner in now]))
    if shortage:
        return RebalancePlan((), tuple(now), possible=False, least=True, sentence=f"{intro}{shortage}", alone=large)
    owners, least = _solve(accounts, people, now, sizes, limits, {*large, *frozen}, seconds)
    if owners is None:
        text = (
            "The accounts are too large to fit every book within the limits."
            if least
            else f"No solution within the limits was found in {seconds:g} seconds."
        )
        return RebalancePlan((), tuple(now), possible=not least, least=least, sentence=f"{intro}{text}", alone=large)
    moves = tuple(
        AccountMove(int(line), str(name), source, target, float(arr))
        for line, name, source, target, arr in zip(
            accounts.index, accounts["account"], now, owners, accounts["arr"], strict=True
        )
        if source != target
    )
    text = f"{intro}{_moves_text(len(moves), len(now), least=least, seconds=seconds, alone=bool(large))}"
    return RebalancePlan(moves, tuple(owners), possible=True, least=least, sentence=text, alone=large)


def check_size(accounts: pd.DataFrame) -> None:
    """Refuse accounts that are too many for `rebalance`, before any other work.

    Raises
    ------
    CapacityError
    """
    owners = len({str(owner) for owner in accounts["owner"]} - {NO_OWNER})
    if len(accounts) * owners > MOST_CHOICES:
        size = f"{len(accounts):,} accounts and {owners:,} owners"
        why = f"The file has {size}, too many to rebalance at once. {LIMIT} Split the file, for example by team."
        raise CapacityError([Problem("accounts", why)])


def _moves_text(moves: int, accounts: int, *, least: bool, seconds: float, alone: bool) -> str:
    """Return how many accounts change owner, in words."""
    if not moves:
        return "No other account has to move." if alone else "No book is above a limit, so no account has to move."
    text = f"{moves} of {accounts} account{'' if accounts == 1 else 's'} {'changes' if moves == 1 else 'change'} owner."
    if least:
        return f"{text} This is the fewest possible."
    return f"{text} Fewer might be possible; {seconds:g} seconds were too short to check."


def _alone_text(accounts: pd.DataFrame, alone: BoolArray) -> str:
    """Return a sentence that names the accounts that exceed a limit by themselves; empty if there are none."""
    names = [
        f"{name or 'the account'} (line {line})"
        for line, name, large in zip(accounts.index, accounts["account"], alone, strict=True)
        if large
    ]
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    one = len(names) == 1
    return (
        f"{', '.join(names[:_NAMED])}{more} {'exceeds' if one else 'each exceed'} a limit alone and "
        f"{'stays where it is' if one else 'stay where they are'}. "
    )


def _limits(
    people: list[str], now: list[str], sizes: Mapping[str, FloatArray], ceiling: Ceiling, alone: BoolArray
) -> dict[str, FloatArray]:
    """Return the limit of each person by kind: the ceiling, or more for accounts that exceed it by themselves."""
    limits: dict[str, FloatArray] = {}
    for kind, values in sizes.items():
        limit = ceiling.of_kind(kind) or math.inf
        large = [values[alone & np.array([owner == person for owner in now])].sum() for person in people]
        limits[kind] = np.maximum(limit, np.array(large, dtype=np.float64))
    return limits


def _sizes(accounts: pd.DataFrame, kind: str, hours: Mapping[str, float] | None) -> FloatArray:
    """Return the size of each account, in the unit of a limit."""
    if kind == "accounts":
        return np.ones(len(accounts))
    if kind == "arr":
        return accounts["arr"].to_numpy(dtype=np.float64)
    values: FloatArray = np.asarray(hours_of(accounts, hours), dtype=np.float64)
    if np.isnan(values).any():
        missing = sorted({str(segment) or "none" for segment in accounts["segment"][np.isnan(values)]})
        message = f"Hours are missing for accounts of segment {', '.join(missing)}. Add hours for each segment."
        raise CapacityError([Problem("hours", message)])
    return values


def _shortage_text(
    sizes: Mapping[str, FloatArray], limits: Mapping[str, FloatArray], ceiling: Ceiling, left_out: BoolArray
) -> str:
    """Return a sentence on how many people are missing for these accounts; empty if there are enough."""
    for kind, values in sizes.items():
        limit, room = ceiling.of_kind(kind) or math.inf, float(limits[kind].sum())
        total = float(values[~left_out].sum())
        if total > room * (1 + 1e-9):
            missing = math.ceil((total - room) / limit * (1 - 1e-9))
            count = len(limits[kind])
            return (
                f"{_TOTALS[kind].format(f'{total:,.0f}')}, more than {_people(count)} can have at {limit:,.0f} each. "
                f"Add {_people(missing)} or raise the limit."
            )
    return ""


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"


def _solve(
    accounts: pd.DataFrame,
    people: list[str],
    now: list[str],
    sizes: Mapping[str, FloatArray],
    limits: Mapping[str, FloatArray],
    frozen: Collection[int],
    seconds: float,
) -> tuple[list[str] | None, bool]:
    """Return the new owner of each account, or None if there is no solution, and whether that is proven."""
    from scipy import optimize, sparse  # slow to import

    solver, arrays = cast("Any", optimize), cast("Any", sparse)

    a, p = len(now), len(people)
    at = {person: i for i, person in enumerate(people)}
    stays = {i: i * p + at[owner] for i, owner in enumerate(now) if owner != NO_OWNER}
    low, high, every = np.zeros(a * p), np.ones(a * p), np.ones(a)
    for i, line in enumerate(accounts.index):
        if int(line) in frozen and i in stays:
            low[stays[i]] = 1.0
        elif int(line) in frozen:  # an account without an owner that must not move gets none
            high[i * p : (i + 1) * p], every[i] = 0.0, 0.0
    columns = np.arange(a * p)
    once = arrays.csr_array((np.ones(a * p), (columns // p, columns)), shape=(a, a * p))
    constraints: list[Any] = [solver.LinearConstraint(once, every, every)]
    for kind, values in sizes.items():
        load = arrays.csr_array((np.repeat(values, p), (columns % p, columns)), shape=(p, a * p))
        constraints.append(solver.LinearConstraint(load, -np.inf, limits[kind] * (1 + 1e-9)))

    def minimize(cost: FloatArray, gap: float, within: float, *further: Any) -> Any:
        for presolve in (True, False):
            result = solver.milp(
                cost, constraints=[*constraints, *further], integrality=np.ones(a * p), bounds=solver.Bounds(low, high),
                options={"time_limit": within, "mip_rel_gap": gap, "presolve": presolve},
            )  # fmt: skip
            # HiGHS can fail on its own simplification of small problems without a solution.
            if int(result.status) != _SOLVE_ERROR:
                break
        return result

    moves = np.ones(a * p)
    moves[list(stays.values())] = 0.0
    start = time.monotonic()
    fewest = minimize(moves, 0.0, seconds)
    if fewest.x is None:
        return None, int(fewest.status) == 2
    solution = fewest.x
    left = seconds - (time.monotonic() - start)
    if left > 0.0 and fewest.fun > 0.5:
        count = solver.LinearConstraint(moves[np.newaxis, :], -np.inf, round(float(fewest.fun)))
        cheapest = minimize(_move_costs(accounts, people, now) * moves, _GAP, left, count)
        solution = fewest.x if cheapest.x is None else cheapest.x
    assigned = np.asarray(solution, dtype=np.float64).reshape(a, p)
    columns_of: list[int] = assigned.argmax(axis=1).tolist()
    owners = [people[i] if has_owner else NO_OWNER for i, has_owner in zip(columns_of, every.tolist(), strict=True)]
    return owners, int(fewest.status) == 0


def _move_costs(accounts: pd.DataFrame, people: list[str], now: list[str]) -> FloatArray:
    """Return the cost of moving each account to each person: its share of ARR, and a little more for larger books."""
    arr = accounts["arr"].to_numpy(dtype=np.float64)
    total = float(arr.sum()) or 1.0
    shares = np.array([arr[[owner == person for owner in now]].sum() for person in people]) / total
    return np.repeat(arr / total, len(people)) + np.tile(shares, len(now)) * _TIEBREAK / len(now)
