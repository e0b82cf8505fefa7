"""Who is paid under a plan: a table of people or groups, made from a number or from a people file."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from compplan import formats
from compplan.arrays import BoolArray, FloatArray
from compplan.errors import Problem
from compplan.plan import Plan
from compplan.settlement.errors import CostError, refuse

if TYPE_CHECKING:
    import pandas as pd


# The columns of a headcount table, in their order; `arr`, `hired` and `left` may be left out.
COLUMNS = ("id", "role", "headcount", "base", "variable", "currency", "arr", "hired", "left")
NEEDED = ("id", "base", "variable")
MOST_PEOPLE = 1_000_000
_NAMED = 5


@dataclass(frozen=True, eq=False)
class Headcount:
    """Who is paid under a plan, and who was set aside.

    Attributes
    ----------
    people : DataFrame
        One row a person or a group of alike people: ``id``; ``role``; ``headcount``, whole; ``base`` and
        ``variable`` [currency a year] of one person for a whole year; ``currency``; optionally ``arr`` [currency] of
        one person, ``hired`` and ``left`` (days, both worked), ``<component id>.target`` and columns of results.
    set_aside : DataFrame
        Rows that are not costed: ``id``, ``role``, ``currency`` and ``why``.
    notes : tuple of str
        What was assumed about people on the way.
    """

    people: pd.DataFrame
    set_aside: pd.DataFrame
    notes: tuple[str, ...] = field(default=())

    @property
    def count(self) -> int:
        """People who are costed."""
        return int(self.people["headcount"].sum())


def headcount(plan: Plan, n: int = 1) -> Headcount:
    """Some people who are paid as the plan says.

    Parameters
    ----------
    plan : Plan
    n : int

    Raises
    ------
    CostError
        If `n` is not 1 or more.

    Examples
    --------
    >>> from compplan import templates
    >>> headcount(templates.load("knowup-csat-weighted"), 12).people.iloc[0].to_dict()
    {'id': 'csm', 'role': 'csm', 'headcount': 12, 'base': 85000.0, 'variable': 20000.0, 'currency': 'USD'}
    """
    import pandas as pd

    if type(n) is not int or not 1 <= n <= MOST_PEOPLE:
        refuse("headcount", f"must be a whole number of people, 1 to {MOST_PEOPLE:,}; got {n!r}.")
    row = {
        "id": plan.role,
        "role": plan.role,
        "headcount": n,
        "base": plan.pay.base,
        "variable": plan.pay.target_variable,
        "currency": plan.currency,
    }
    return Headcount(pd.DataFrame([row]), _aside([]))


def from_people(
    plan: Plan, people: pd.DataFrame, *, roles: Collection[str] | None = None, ids: Collection[str] | None = None
) -> Headcount:
    """People of a file who are paid under a plan.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        As `compplan.roster` reads them: ``id``, ``role``, ``currency``, ``base`` and ``variable`` [currency a year],
        ``hired``; other columns are carried along.
    roles : collection of str, optional
        Roles that are paid under the plan; the plan's own if left out.
    ids : collection of str, optional
        People who are paid under it, whatever their role; goes before `roles`.

    Returns
    -------
    Headcount
        With everybody else in `set_aside`, each with the reason.

    Raises
    ------
    CostError
        If the table has no ``id`` or no ``base``, or nobody is left.

    Notes
    -----
    A person without a variable is taken to have the plan's: its share of the person's own base, or its amount.
    Amounts in different currencies are never added: people who are paid in another one are set aside, to be costed
    under a plan in theirs. Personal targets of what the plan does not pay on are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan import templates
    >>> team = pd.DataFrame({"id": ["a", "b"], "role": "csm", "currency": ["USD", "EUR"], "base": [9e4, 8e4]})
    >>> found = from_people(templates.load("knowup-csat-weighted"), team)
    >>> found.people[["id", "variable"]].to_dict("list"), found.set_aside["why"].tolist()
    ({'id': ['a'], 'variable': [20000.0]}, ['Paid in EUR, the plan in USD; amounts in two currencies are never added.'])
    """
    missing = [name for name in ("id", "base") if name not in people.columns]
    if missing:
        raise CostError(Problem(f"people.{name}", "is missing; a person needs an id and a base.") for name in missing)
    chosen = None if ids is None else {str(one) for one in ids}
    wanted = {plan.role} if roles is None else set(roles)
    base = floats(people, "base")
    variable = floats(people, "variable") if "variable" in people.columns else np.full(len(people), math.nan)
    reasons: list[str] = []
    for i, (key, role, currency) in enumerate(zip(*_words(plan, people), strict=True)):
        reasons.append(_why_not(plan, key, role, currency, base[i], chosen, wanted))
    kept = np.array([not why for why in reasons], dtype=np.bool_)
    lacking = kept & ~np.isfinite(variable)
    share = plan.pay.variable_share
    usual = np.full(len(people), plan.pay.target_variable) if share is None else base * share / (1.0 - share)
    made = people.assign(variable=np.where(np.isfinite(variable), variable, usual))
    made["id"] = [str(one) for one in people["id"]]
    if "headcount" not in made.columns:
        made["headcount"] = 1
    if "currency" not in made.columns:
        made["currency"] = plan.currency
    if "role" not in made.columns:
        made["role"] = plan.role
    aside = [(*entry, why) for *entry, why in zip(*_words(plan, people), reasons, strict=True) if why]
    if not kept.any():
        refuse("people", f"nobody is left to be costed; {aside[0][-1] if aside else 'the table is empty.'}")
    notes: list[str] = []
    if lacking.any():
        count = int(lacking.sum())
        told = formats.money(plan.pay.target_variable, plan.currency, 0)
        term = f"{formats.percent(share)} of OTE" if share is not None else told
        who = "1 person has" if count == 1 else f"{count:,} people have"
        notes.append(
            f"{who} no target variable in the file and {'is' if count == 1 else 'are'} given the plan's, {term}."
        )
    strange = strange_targets(plan, made)
    if strange:
        told = ", ".join(strange[:_NAMED]) + (f" and {len(strange) - _NAMED:,} more" if len(strange) > _NAMED else "")
        whose = "is a target" if len(strange) == 1 else "are targets"
        notes.append(f"{told} {whose} of nothing that this plan pays over attainment, and left out.")
        made = made.drop(columns=strange)
    order = [*(c for c in COLUMNS if c in made.columns), *(c for c in made.columns if c not in COLUMNS)]
    return Headcount(made.loc[kept, order].reset_index(drop=True), _aside(aside), tuple(notes))


def _words(plan: Plan, people: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Id, role and currency of each row as text."""

    def column(name: str, default: str) -> list[str]:
        if name not in people.columns:
            return [default] * len(people)
        return ["" if one is None or one != one else str(one) for one in people[name].tolist()]

    return column("id", ""), column("role", plan.role), column("currency", plan.currency)


def _why_not(
    plan: Plan, key: str, role: str, currency: str, base: float, ids: Collection[str] | None, roles: Collection[str]
) -> str:
    """Why a person is not costed under a plan, or nothing."""
    if ids is not None and key not in ids:
        return "Not among those who were chosen."
    if ids is None and role not in roles:
        return f"The role is {role}, the plan is for {', '.join(sorted(roles))}." if role else "There is no role."
    if currency != plan.currency:
        paid = f"Paid in {currency}" if currency else "No currency is known"
        return f"{paid}, the plan in {plan.currency}; amounts in two currencies are never added."
    if not math.isfinite(base):
        return "There is no base."
    return ""


def _aside(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=pd.Index(["id", "role", "currency", "why"]))


def floats(people: pd.DataFrame, name: str) -> FloatArray:
    """A column of numbers; what is missing is NaN.

    Raises
    ------
    CostError
        Naming the column and the row of the first cell that is no number.
    """
    try:
        return people[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        refuse(f"people.{name}", f"holds something that is no number{_first_odd(people, name)}.")


def _first_odd(people: pd.DataFrame, name: str) -> str:
    known = people[people[name].notna()]
    for key, cell in zip(known["id"].tolist(), known[name].tolist(), strict=True):
        try:
            float(cell)
        except (TypeError, ValueError):
            return f"; row {str(key)!r}"
    return ""


def strange_targets(plan: Plan, people: pd.DataFrame) -> list[str]:
    """Columns of personal targets of what is no component of a plan that is drawn over attainment."""
    return [
        name
        for name in map(str, people.columns)
        if name.endswith(".target")
        and ((c := plan.by_id.get(name.removesuffix(".target"))) is None or c.axis != "attainment")
    ]


def checked(plan: Plan, people: Headcount | pd.DataFrame) -> Headcount:
    """A headcount table that can be costed, its optional columns filled in.

    Raises
    ------
    CostError
        Naming every column and the first rows at fault; also where people are paid in several currencies.
    """
    given = people if isinstance(people, Headcount) else Headcount(people, _aside([]))
    frame = given.people
    missing = [name for name in NEEDED if name not in frame.columns]
    if missing:
        raise CostError(Problem(f"people.{name}", "is missing; a row needs id, base and variable.") for name in missing)
    if frame.empty:
        refuse("people", "is empty; there is nobody to cost.")
    frame = frame.assign(id=[str(one) for one in frame["id"]]).reset_index(drop=True)
    for name, default in (("role", plan.role), ("headcount", 1), ("currency", plan.currency)):
        if name not in frame.columns:
            frame[name] = default
    ids = frame["id"].tolist()
    problems: list[Problem] = []
    twice = [i for i, key in enumerate(ids) if key in set(ids[:i])] if len(set(ids)) < len(ids) else []
    if twice:
        problems.append(Problem("people.id", f"{ids[twice[0]]!r} stands twice; an id names one row."))
    for name in ("base", "variable", *(["arr"] if "arr" in frame.columns else [])):
        values = floats(frame, name)
        # ARR may be unknown; a share of it is then not told.
        bad = (values < 0) | np.isinf(values) if name == "arr" else ~(values >= 0) | np.isinf(values)
        problems += _bad(f"people.{name}", ids, values, bad, "must be money of 0 or more")
    count = floats(frame, "headcount")
    wrong = ~((count >= 1) & (count <= MOST_PEOPLE) & (count == np.floor(count)))
    problems += _bad("people.headcount", ids, count, wrong, "must be a whole number of people, 1 or more")
    others = sorted({str(one) for one in frame["currency"]} - {plan.currency})
    if others:
        told = f"the plan pays in {plan.currency} and people are paid in {', '.join(others)} too; several currencies"
        problems.append(Problem("people.currency", f"{told} are never added: cost each under a plan of its own."))
    if problems:
        raise CostError(problems)
    frame["headcount"] = count.astype(np.int64)
    return Headcount(_dated(frame, ids), given.set_aside, given.notes)


def _dated(frame: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    import pandas as pd

    made = frame.copy()
    for name in ("hired", "left"):
        if name in made.columns:
            try:
                made[name] = pd.to_datetime(made[name], format="ISO8601")
            except (TypeError, ValueError):
                refuse(f"people.{name}", "holds something that is no date such as 2026-03-16.")
    if "hired" in made.columns and "left" in made.columns:
        early = (made["left"] < made["hired"]).to_numpy()
        if early.any():
            refuse("people.left", f"must not be before hired; row {ids[int(early.argmax())]!r}.")
    return made


def _bad(where: str, ids: list[str], values: FloatArray, bad: BoolArray, why: str) -> list[Problem]:
    places = np.flatnonzero(bad).tolist()
    if not places:
        return []
    shown = ", ".join(
        f"{ids[i]!r} ({'missing' if math.isnan(values[i]) else f'{values[i]:g}'})" for i in places[:_NAMED]
    )
    more = f" and {len(places) - _NAMED:,} more" if len(places) > _NAMED else ""
    return [Problem(where, f"{why}; rows {shown}{more}.")]
