"""Headcount: the table of people or groups who are paid under a plan."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from compplan import formats
from compplan.arrays import FloatArray
from compplan.errors import Problem
from compplan.payout.results import bad_rows
from compplan.plan import Plan
from compplan.settlement.errors import CostError, refuse

if TYPE_CHECKING:
    import pandas as pd


# Columns of a headcount table in order; `arr`, `hired` and `left` are optional.
COLUMNS = ("id", "role", "headcount", "base", "variable", "currency", "arr", "hired", "left")
REQUIRED = ("id", "base", "variable")
MOST_PEOPLE = 1_000_000
_MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Headcount:
    """People who are paid under a plan, and people who are not costed.

    Attributes
    ----------
    people : DataFrame
        One row for each person or group of people with equal pay; columns below.
    set_aside : DataFrame
        People who are not costed: ``id``, ``role``, ``currency``, and ``why`` as a sentence.
    notes : tuple of str
        Assumptions about the people, one sentence each.

    Notes
    -----
    Columns of `people`; all amounts are for one person:

    ======================= =============== =================================================
    column                  unit            meaning
    ======================= =============== =================================================
    ``id``                  text            person or group, each once
    ``role``                text            role; the plan's by default
    ``headcount``           people          people of the row; 1 by default
    ``base``                currency a year base salary for a full year
    ``variable``            currency a year target variable for a full year
    ``currency``            ISO 4217 code   currency; the plan's by default
    ``arr``                 currency        ARR that the person manages; optional
    ``hired``               date            first day of employment; optional
    ``left``                date            last day of employment; optional
    ``<component>.target``  measure's units personal target of a component for a year; optional
    ``<result>``            measure's units result of a year, by component or measure; optional
    ======================= =============== =================================================
    """

    people: pd.DataFrame
    set_aside: pd.DataFrame
    notes: tuple[str, ...] = field(default=())

    @property
    def count(self) -> int:
        """Number of people who are costed."""
        return int(self.people["headcount"].sum())


def headcount(plan: Plan, n: int = 1) -> Headcount:
    """Build a headcount of people with the plan's own base and target variable.

    Parameters
    ----------
    plan : Plan
    n : int
        Number of people.

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
        refuse("headcount", f"must be a whole number from 1 to {MOST_PEOPLE:,}. You entered {n!r}.")
    row = {
        "id": plan.role,
        "role": plan.role,
        "headcount": n,
        "base": plan.pay.base,
        "variable": plan.pay.target_variable,
        "currency": plan.currency,
    }
    return Headcount(pd.DataFrame([row]), _skipped([]))


def from_people(
    plan: Plan, people: pd.DataFrame, *, roles: Collection[str] | None = None, ids: Collection[str] | None = None
) -> Headcount:
    """Select the people of a file who are paid under a plan.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        As `compplan.roster` reads them: ``id``, ``role``, ``currency``, ``base`` and ``variable`` [currency a year],
        ``hired``; other columns are kept.
    roles : collection of str, optional
        Roles that are paid under the plan; the plan's own by default.
    ids : collection of str, optional
        People who are paid under it, whatever their role; overrides `roles`.

    Returns
    -------
    Headcount
        Everybody else is in `set_aside` with the reason.

    Raises
    ------
    CostError
        If the table has no ``id`` or no ``base``, or nobody is paid under the plan.

    Notes
    -----
    A person without a target variable gets the plan's: its share of the person's own base, or its amount. Amounts in
    different currencies are never added, so people who are paid in another currency are set aside. Personal targets of
    components that the plan does not have are left out.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan import templates
    >>> team = pd.DataFrame({"id": ["a", "b"], "role": "csm", "currency": ["USD", "EUR"], "base": [9e4, 8e4]})
    >>> selected = from_people(templates.load("knowup-csat-weighted"), team)
    >>> selected.people[["id", "variable"]].to_dict("list"), selected.set_aside["why"].tolist()
    ({'id': ['a'], 'variable': [20000.0]}, ['Paid in EUR; the plan pays in USD.'])
    """
    missing = [name for name in ("id", "base") if name not in people.columns]
    if missing:
        raise CostError(
            Problem(f"people.{name}", "is missing; each person needs an id and a base.") for name in missing
        )
    selected_ids = None if ids is None else {str(one) for one in ids}
    selected_roles = {plan.role} if roles is None else set(roles)
    base = floats(people, "base")
    variable = floats(people, "variable") if "variable" in people.columns else np.full(len(people), math.nan)
    reasons: list[str] = []
    for i, (key, role, currency) in enumerate(zip(*_labels(plan, people), strict=True)):
        reasons.append(_why_not(plan, key, role, currency, base[i], selected_ids, selected_roles))
    selected = np.array([not why for why in reasons], dtype=np.bool_)
    without_variable = selected & ~np.isfinite(variable)
    share = plan.pay.variable_share
    own: FloatArray = np.asarray(plan.pay.variable_for(base), dtype=np.float64)
    if share is None and "fte" in people.columns:
        # An amount of the plan is for full time.
        fte = floats(people, "fte")
        own = np.where(fte > 0, own * fte, own)
    table = people.assign(variable=np.where(np.isfinite(variable), variable, own))
    table["id"] = [str(one) for one in people["id"]]
    if "headcount" not in table.columns:
        table["headcount"] = 1
    if "currency" not in table.columns:
        table["currency"] = plan.currency
    if "role" not in table.columns:
        table["role"] = plan.role
    skipped = [(*entry, why) for *entry, why in zip(*_labels(plan, people), reasons, strict=True) if why]
    if not selected.any():
        refuse("", f"Nobody is paid under this plan. {skipped[0][-1] if skipped else 'The table is empty.'}")
    notes: list[str] = []
    if without_variable.any():
        count = int(without_variable.sum())
        amount = formats.money(plan.pay.target_variable, plan.currency, 0)
        term = f"{formats.percent(share)} of OTE" if share is not None else amount
        who = "1 person has" if count == 1 else f"{count:,} people have"
        notes.append(f"{who} no target variable in the file; the plan's is used ({term}).")
    unfit = unfit_targets(plan, table)
    if unfit:
        names = ", ".join(unfit[:_MOST_NAMED]) + (
            f" and {len(unfit) - _MOST_NAMED:,} more" if len(unfit) > _MOST_NAMED else ""
        )
        fits = "doesn't fit" if len(unfit) == 1 else "don't fit"
        notes.append(f"{names} {fits} a component with attainment as its axis; ignored.")
        table = table.drop(columns=unfit)
    order = [*(c for c in COLUMNS if c in table.columns), *(c for c in table.columns if c not in COLUMNS)]
    return Headcount(table.loc[selected, order].reset_index(drop=True), _skipped(skipped), tuple(notes))


def _labels(plan: Plan, people: pd.DataFrame) -> tuple[list[str], list[str], list[str]]:
    """Id, role and currency of each row as text."""

    def column(name: str, default: str) -> list[str]:
        if name not in people.columns:
            return [default] * len(people)
        return ["" if one is None or one != one else str(one) for one in people[name].tolist()]

    return column("id", ""), column("role", plan.role), column("currency", plan.currency)


def _why_not(
    plan: Plan, key: str, role: str, currency: str, base: float, ids: Collection[str] | None, roles: Collection[str]
) -> str:
    """Why a person is not costed under a plan; empty for a person who is."""
    if ids is not None and key not in ids:
        return "Not selected."
    if ids is None and role not in roles:
        return f"The role is {role}; the plan is for {', '.join(sorted(roles))}." if role else "The role is missing."
    if currency != plan.currency:
        paid = f"Paid in {currency}" if currency else "The currency is missing"
        return f"{paid}; the plan pays in {plan.currency}."
    if not math.isfinite(base):
        return "The base is missing."
    return ""


def _skipped(rows: list[tuple[str, ...]]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(rows, columns=pd.Index(["id", "role", "currency", "why"]))


def floats(people: pd.DataFrame, name: str) -> FloatArray:
    """A column of numbers; a missing cell is NaN.

    Raises
    ------
    CostError
        With the column, and the row of the first cell that is not a number.
    """
    try:
        return people[name].to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        refuse(f"people.{name}", f"must be a number in every row{_first_invalid(people, name)}.")


def _first_invalid(people: pd.DataFrame, name: str) -> str:
    present = people[people[name].notna()]
    for key, cell in zip(present["id"].tolist(), present[name].tolist(), strict=True):
        try:
            float(cell)
        except (TypeError, ValueError):
            return f"; row {str(key)!r}"
    return ""


def unfit_targets(plan: Plan, people: pd.DataFrame) -> list[str]:
    """Columns of personal targets that do not fit: the plan has no such component with attainment as its axis."""
    return [
        name
        for name in map(str, people.columns)
        if name.endswith(".target")
        and ((c := plan.by_id.get(name.removesuffix(".target"))) is None or c.axis != "attainment")
    ]


def checked(plan: Plan, people: Headcount | pd.DataFrame) -> Headcount:
    """Check a headcount table and fill in its default columns.

    Raises
    ------
    CostError
        With every column at fault and its first wrong rows, or if people are paid in several currencies.
    """
    table = people if isinstance(people, Headcount) else Headcount(people, _skipped([]))
    frame = table.people
    missing = [name for name in REQUIRED if name not in frame.columns]
    if missing:
        raise CostError(
            Problem(f"people.{name}", "is missing; each row needs id, base and variable.") for name in missing
        )
    if frame.empty:
        refuse("people", "must have at least one row.")
    frame = frame.assign(id=[str(one) for one in frame["id"]]).reset_index(drop=True)
    for name, default in (("role", plan.role), ("headcount", 1), ("currency", plan.currency)):
        if name not in frame.columns:
            frame[name] = default
    ids = frame["id"].tolist()
    problems: list[Problem] = []
    repeated = [i for i, key in enumerate(ids) if key in set(ids[:i])] if len(set(ids)) < len(ids) else []
    if repeated:
        problems.append(Problem("people.id", f"must be unique; {ids[repeated[0]]!r} is in several rows."))
    for name in ("base", "variable", *(["arr"] if "arr" in frame.columns else [])):
        values = floats(frame, name)
        # ARR may be unknown, in which case ratios to it are not computed.
        bad = (values < 0) | np.isinf(values) if name == "arr" else ~(values >= 0) | np.isinf(values)
        problems += bad_rows(f"people.{name}", values, bad, ids, "must be money of 0 or more")
    count = floats(frame, "headcount")
    invalid = ~((count >= 1) & (count <= MOST_PEOPLE) & (count == np.floor(count)))
    problems += bad_rows("people.headcount", count, invalid, ids, "must be a whole number of people, 1 or more")
    others = sorted({str(one) for one in frame["currency"]} - {plan.currency})
    if others:
        why = (
            f"must be {plan.currency}, the currency of the plan. Some rows have {', '.join(others)}. "
            "Use a plan per currency."
        )
        problems.append(Problem("people.currency", why))
    if problems:
        raise CostError(problems)
    frame["headcount"] = count.astype(np.int64)
    return Headcount(_dated(frame, ids), table.set_aside, table.notes)


def _dated(frame: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    import pandas as pd

    dated = frame.copy()
    for name in ("hired", "left"):
        if name in dated.columns:
            try:
                dated[name] = pd.to_datetime(dated[name], format="ISO8601")
            except (TypeError, ValueError):
                refuse(f"people.{name}", "must be a date in every row, such as 2026-03-16.")
    if "hired" in dated.columns and "left" in dated.columns:
        early = (dated["left"] < dated["hired"]).to_numpy()
        if early.any():
            refuse("people.left", f"must not be before hired; row {ids[int(early.argmax())]!r}.")
    return dated
