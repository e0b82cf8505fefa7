"""The fewest accounts that have to change hands so that nobody is above a ceiling."""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from compplan.arrays import BoolArray, FloatArray
from compplan.capacity.books import CEILINGS, NOBODY, Ceiling, hours_of, one_currency
from compplan.capacity.errors import CapacityError
from compplan.errors import Problem

if TYPE_CHECKING:
    import pandas as pd

_NAMED = 3  # accounts that a sentence names
_NEAR_ENOUGH = 0.01  # of the least ARR that moves
_SMALL = 0.01
MOST_CHOICES = 60_000  # accounts times owners; more takes longer than anybody waits


@dataclass(frozen=True, slots=True)
class AccountMove:
    """An account that changes hands."""

    line: int
    account: str
    source: str
    target: str
    arr: float


@dataclass(frozen=True, slots=True)
class RebalancePlan:
    """A suggestion who should look after what.

    Attributes
    ----------
    moves : tuple of AccountMove
        By line of the file.
    owners : tuple of str
        Owner of each account after it, in the order of the accounts.
    possible : bool
        Whether there is any way to be within every ceiling, but for who has an account that is above one alone.
    alone : tuple of int
        Lines of the accounts that are above a ceiling alone.
    least : bool
        Whether no smaller number of moves will do; otherwise the best that was found in the time.
    sentence : str
        The same for people.
    """

    moves: tuple[AccountMove, ...]
    owners: tuple[str, ...]
    possible: bool
    least: bool
    sentence: str
    alone: tuple[int, ...] = ()

    def after(self, accounts: pd.DataFrame) -> pd.DataFrame:
        """The accounts with their owners after the moves."""
        return accounts.assign(owner=list(self.owners))


def rebalance(
    accounts: pd.DataFrame,
    ceiling: Ceiling,
    *,
    hours: Mapping[str, float] | None = None,
    frozen: Collection[int] = (),
    seconds: float = 10.0,
) -> RebalancePlan:
    r"""Move the fewest accounts so that nobody is above a ceiling.

    Parameters
    ----------
    accounts : DataFrame
        As `AccountsReading.accounts` has them.
    ceiling : Ceiling
        At least one of them.
    hours : Mapping of str to float [hours a year], optional
        Of one account by segment, for a ceiling of hours.
    frozen : collection of int
        Lines of accounts that stay where they are.
    seconds : float
        How long to look for fewer.

    Raises
    ------
    CapacityError
        If no ceiling is given, hours are not known where they are needed, or the file is too large.

    Notes
    -----
    A mixed-integer programme, solved by HiGHS: ``y[a, p]`` is 1 where person p gets account a; each account goes to one
    person; no ceiling is exceeded; the number of accounts that stay is greatest. A second programme keeps that number
    and moves the least ARR, to within one percent, and to the smaller books among equals. What nobody owns is given
    to somebody. An account that is above a ceiling alone stays where it is, and who has it is given nothing more.

    Examples
    --------
    >>> from compplan.capacity.accounts import read_accounts
    >>> data = b"Account,CSM,ARR\nA,E1,300\nB,E1,200\nC,E2,100\n"
    >>> found = rebalance(read_accounts(data, "a.csv").accounts, Ceiling(arr=400.0))
    >>> [(move.account, move.source, move.target) for move in found.moves], found.least
    ([('B', 'E1', 'E2')], True)
    """
    one_currency(accounts)
    kinds = [kind for kind in CEILINGS if ceiling.of_kind(kind) is not None]
    if not kinds:
        raise CapacityError([Problem("ceiling", "give at least one of accounts, arr and hours.")])
    people = sorted({str(owner) for owner in accounts["owner"]} - {NOBODY})
    now = [str(owner) for owner in accounts["owner"]]
    if len(now) * len(people) > MOST_CHOICES:
        raise CapacityError(
            [Problem("accounts", f"{len(now):,} accounts of {len(people):,} people are too many to rebalance at once.")]
        )
    sizes = {kind: _sizes(accounts, kind, hours) for kind in kinds}
    if not now or not people:
        said = "There are no accounts." if not now else "Nobody owns an account, so nobody can be given one."
        return RebalancePlan((), tuple(now), possible=not now, least=True, sentence=said)
    alone = np.logical_or.reduce([values > (ceiling.of_kind(kind) or math.inf) for kind, values in sizes.items()])
    limits = _limits(people, now, sizes, ceiling, alone)
    told, large = _alone(accounts, alone), tuple(int(line) for line in accounts.index[alone])
    kept_out = alone | np.array([int(line) in frozen for line in accounts.index])
    short = _short(sizes, limits, ceiling, kept_out & np.array([owner == NOBODY for owner in now]))
    if short:
        return RebalancePlan((), tuple(now), possible=False, least=True, sentence=f"{told}{short}", alone=large)
    chosen, least = _solve(accounts, people, now, sizes, limits, {*large, *frozen}, seconds)
    if chosen is None:
        said = "No way was found to be within every ceiling" + (
            ": the accounts are too large to be shared out so." if least else f" in {seconds:g} seconds."
        )
        return RebalancePlan((), tuple(now), possible=not least, least=least, sentence=f"{told}{said}", alone=large)
    moves = tuple(
        AccountMove(int(line), str(name), source, target, float(arr))
        for line, name, source, target, arr in zip(
            accounts.index, accounts["account"], now, chosen, accounts["arr"], strict=True
        )
        if source != target
    )
    many = f"{len(moves)} account{'' if len(moves) == 1 else 's'}"
    said = "Nobody is above a ceiling; nothing has to move." if not moves else f"{many} of {len(now)} change hands."
    if alone.any() and not moves:
        said = "Nothing else has to move."
    if moves:
        said += " Fewer will not do." if least else f" Fewer may do; {seconds:g} seconds were not enough to tell."
    return RebalancePlan(moves, tuple(chosen), possible=True, least=least, sentence=f"{told}{said}", alone=large)


def _alone(accounts: pd.DataFrame, alone: BoolArray) -> str:
    """Which accounts are above a ceiling by themselves, as a sentence; empty where none is."""
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
        f"{', '.join(names[:_NAMED])}{more} {'is' if one else 'are'} above a ceiling alone and "
        f"{'stays where it is' if one else 'stay where they are'}. "
    )


def _limits(
    people: list[str], now: list[str], sizes: Mapping[str, FloatArray], ceiling: Ceiling, alone: BoolArray
) -> dict[str, FloatArray]:
    """The most of each kind for each person: the ceiling, or what somebody has who has an account above it."""
    found: dict[str, FloatArray] = {}
    for kind, values in sizes.items():
        most = ceiling.of_kind(kind) or math.inf
        held = [values[alone & np.array([owner == person for owner in now])].sum() for person in people]
        found[kind] = np.maximum(most, np.array(held, dtype=np.float64))
    return found


def _sizes(accounts: pd.DataFrame, kind: str, hours: Mapping[str, float] | None) -> FloatArray:
    """What each account takes of a ceiling."""
    if kind == "accounts":
        return np.ones(len(accounts))
    if kind == "arr":
        return accounts["arr"].to_numpy(dtype=np.float64)
    each: FloatArray = np.asarray(hours_of(accounts, hours), dtype=np.float64)
    if np.isnan(each).any():
        missing = sorted({str(s) or "none" for s, h in zip(accounts["segment"], each, strict=True) if math.isnan(h)})
        raise CapacityError([Problem("hours", f"nothing is said of accounts of segment {', '.join(missing)}.")])
    return each


def _short(
    sizes: Mapping[str, FloatArray], limits: Mapping[str, FloatArray], ceiling: Ceiling, left_out: BoolArray
) -> str:
    """Why there are too few people for these accounts, as a sentence; empty where there are enough in all."""
    for kind, values in sizes.items():
        most, room = ceiling.of_kind(kind) or math.inf, float(limits[kind].sum())
        total = float(values[~left_out].sum())
        if total > room * (1 + 1e-9):
            need = math.ceil((total - room) / most * (1 - 1e-9))
            word = {"accounts": "accounts", "arr": "of ARR", "hours": "hours"}[kind]
            more = f"{need} more {'is' if need == 1 else 'are'} needed."
            return f"{total:,.0f} {word} are more than {len(limits[kind])} people may have at {most:,.0f} each: {more}"
    return ""


def _solve(
    accounts: pd.DataFrame,
    people: list[str],
    now: list[str],
    sizes: Mapping[str, FloatArray],
    limits: Mapping[str, FloatArray],
    frozen: Collection[int],
    seconds: float,
) -> tuple[list[str] | None, bool]:
    """Owner of each account, None where there is no way; and whether that is certain."""
    from scipy import optimize, sparse  # heavy, and needed here only

    solver, arrays = cast("Any", optimize), cast("Any", sparse)

    a, p = len(now), len(people)
    at = {person: i for i, person in enumerate(people)}
    stays = {i: i * p + at[owner] for i, owner in enumerate(now) if owner != NOBODY}
    low, high, every = np.zeros(a * p), np.ones(a * p), np.ones(a)
    for i, line in enumerate(accounts.index):
        if int(line) in frozen and i in stays:
            low[stays[i]] = 1.0
        elif int(line) in frozen:  # what nobody owns and may not move stays with nobody
            high[i * p : (i + 1) * p], every[i] = 0.0, 0.0
    columns = np.arange(a * p)
    once = arrays.csr_array((np.ones(a * p), (columns // p, columns)), shape=(a, a * p))
    constraints: list[Any] = [solver.LinearConstraint(once, every, every)]
    for kind, values in sizes.items():
        load = arrays.csr_array((np.repeat(values, p), (columns % p, columns)), shape=(p, a * p))
        constraints.append(solver.LinearConstraint(load, -np.inf, limits[kind] * (1 + 1e-9)))

    def least(cost: FloatArray, gap: float, within: float, *further: Any) -> Any:
        return solver.milp(
            cost, constraints=[*constraints, *further], integrality=np.ones(a * p), bounds=solver.Bounds(low, high),
            options={"time_limit": within, "mip_rel_gap": gap},
        )  # fmt: skip

    moves = np.ones(a * p)
    moves[list(stays.values())] = 0.0
    began = time.monotonic()
    found = least(moves, 0.0, seconds)
    if found.x is None:
        return None, int(found.status) == 2
    picked = found.x
    left = seconds - (time.monotonic() - began)
    if left > 0.0 and found.fun > 0.5:
        count = solver.LinearConstraint(moves[np.newaxis, :], -np.inf, round(float(found.fun)))
        better = least(_burden(accounts, people, now) * moves, _NEAR_ENOUGH, left, count)
        picked = found.x if better.x is None else better.x
    taken = np.asarray(picked, dtype=np.float64).reshape(a, p)
    given: list[int] = taken.argmax(axis=1).tolist()
    owners = [people[i] if to_somebody else NOBODY for i, to_somebody in zip(given, every.tolist(), strict=True)]
    return owners, int(found.status) == 0


def _burden(accounts: pd.DataFrame, people: list[str], now: list[str]) -> FloatArray:
    """What each account costs to move to each person: its share of ARR, and a little more the larger their book."""
    arr = accounts["arr"].to_numpy(dtype=np.float64)
    total = float(arr.sum()) or 1.0
    held = np.array([arr[[owner == person for owner in now]].sum() for person in people]) / total
    return np.repeat(arr / total, len(people)) + np.tile(held, len(now)) * _SMALL / len(now)
