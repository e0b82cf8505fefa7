"""One function for each main job of the library, for use as `compplan.pay`, `compplan.review_plan` and so on.

Belongs here: short entry points that read arguments and call one package. Does not: any calculation.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any

from compplan.clock import utc_today
from compplan.errors import LinkError, ResultError, expect

if TYPE_CHECKING:
    import pandas as pd

    from compplan.cost import Assumptions, CostReport, Headcount
    from compplan.outcomes import Outlook
    from compplan.payout import PlanComparison, Statement
    from compplan.payout.results import Period
    from compplan.plan import Plan
    from compplan.review import Context, Review, Settings
    from compplan.settlement import Population
    from compplan.templates import Template


def load_plan(path: str | Path) -> Plan:
    """Read a plan from a file that ends in ``.yaml``, ``.yml`` or ``.json``.

    Parameters
    ----------
    path : str or Path

    Raises
    ------
    PlanError
        If the file cannot be read or is not a valid plan, with every problem by its place.

    Examples
    --------
    >>> load_plan("no-such-plan.yaml")
    Traceback (most recent call last):
    compplan.errors.PlanError: no-such-plan.yaml: there is no such file.
    """
    from compplan.plan import Plan

    return Plan.load(path)


def load_template(key: str) -> Plan:
    """Open a plan that ships with compplan.

    Parameters
    ----------
    key : str
        See `list_templates`.

    Raises
    ------
    CompPlanError
        If there is no such template; the message names the closest ones.

    Examples
    --------
    >>> load_template("flowfuse-csm").name
    'FlowFuse: CSM'
    """
    from compplan import templates

    return templates.load(expect(key, str, "key", "the key of a template; list_templates lists them"))


def list_templates() -> tuple[Template, ...]:
    """Every plan that ships with compplan: its key, name, role, source and number of assumed values.

    Examples
    --------
    >>> [template.key for template in list_templates()][:2]
    ['drury-adoption-first', 'flowfuse-csm']
    """
    from compplan import templates

    return tuple(map(templates.describe, templates.keys()))


def pay(
    plan: Plan,
    results: Mapping[str, float],
    period: Period = 1,
    *,
    paid_before: float | None = None,
    year_starts: dt.date | None = None,
) -> Statement:
    """Pay one person for one period, period 1 by default, with every step of the calculation.

    Results are of that period; pass ``"year"`` for results of a whole year.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        By component id or measure, such as ``{"grr": 0.95}``.
    period : int or 'year'
        Pay period, counted from 1; ``"year"`` for the whole year.
    paid_before : float, optional [currency]
        Variable already paid this year, for a plan that accumulates year to date.
    year_starts : date, optional
        First day of the year that periods are counted in, for a plan with effective dates. The pay of a plan that is
        in effect for part of the year is prorated.

    Raises
    ------
    ResultError
        If a result is missing, unknown or impossible, or the plan is not in effect in the period.

    Examples
    --------
    >>> pay(load_template("flowfuse-csm"), {"nrr": 1.15}, "year").total
    40000.0
    """
    from compplan.payout import payout

    return payout(_plan(plan), _results(results), period, paid_before=paid_before, year_starts=year_starts)


def pay_team(
    plan: Plan, people: pd.DataFrame, period: Period = 1, *, year_starts: dt.date | None = None
) -> pd.DataFrame:
    """Pay many people for one period, period 1 by default.

    Results are of that period; pass ``"year"`` for results of a whole year.

    Parameters
    ----------
    plan : Plan
    people : DataFrame
        One row a person: a column a result, and optionally ``base``, ``variable``, ``<id>.target`` and the other
        columns of `compplan.payout.payouts`.
    period : int or 'year'
    year_starts : date, optional
        As in `pay`.

    Returns
    -------
    DataFrame [currency]
        One column a component, then adjustments, then ``total``.

    Raises
    ------
    ResultError
        Naming the columns and the first rows at fault.

    Examples
    --------
    >>> import pandas as pd
    >>> team = pd.DataFrame({"nrr": [1.15, 1.0]}, index=["E001", "E002"])
    >>> pay_team(load_template("flowfuse-csm"), team, "year")["total"].tolist()
    [40000.0, 0.0]
    """
    from compplan.payout import payouts

    return payouts(_plan(plan), _table(people), period, year_starts=year_starts)


def expected_pay(plan: Plan, spreads: Mapping[str, float] | None = None) -> Outlook:
    """What a plan is expected to pay one person in a year when results vary around target.

    Parameters
    ----------
    plan : Plan
    spreads : Mapping of str to float, optional [each measure's units]
        Standard deviation of the yearly result of each component. An illustration from the catalog of measures if
        left out.

    Raises
    ------
    CompPlanError
        If a spread is negative or is not of a component.

    Examples
    --------
    >>> expected_pay(load_template("flowfuse-csm"), {"nrr": 0.0}).mean
    40000.0
    """
    from compplan.outcomes import outlook

    if spreads is not None:
        expect(spreads, Mapping, "spreads", "standard deviations by component, such as {'nrr': 0.1}")
    return outlook(_plan(plan), spreads)


def review_plan(
    plan: Plan,
    context: Context | Mapping[str, Any] | None = None,
    settings: Settings | Mapping[str, Any] | None = None,
    *,
    today: dt.date | None = None,
) -> Review:
    """Check a plan against the review rules.

    Parameters
    ----------
    plan : Plan
    context : Context or Mapping, optional
        Answers about the organization, the data and the book of business. Rules that need an answer that is not there
        are listed, and do not count as passed.
    settings : Settings or Mapping, optional
        Profile, ignored rules, severities and thresholds.
    today : date, optional
        The day from which ages are counted; the current day in UTC if left out.

    Raises
    ------
    CompPlanError
        If the context or the settings cannot be used.

    Examples
    --------
    >>> review_plan(load_template("knowup-csat-weighted"), today=dt.date(2026, 6, 1)).grade
    'C'
    """
    from compplan.review import Context, Settings, review

    if context is not None and not isinstance(context, Context):
        needed = "a Context or answers by question; read a file with compplan.review.Context.load"
        context = Context.of(dict(expect(context, Mapping, "context", needed)))
    if settings is not None and not isinstance(settings, Settings):
        needed = "Settings or values by name; read a file with compplan.review.Settings.load"
        settings = Settings.of(dict(expect(settings, Mapping, "settings", needed)))
    return review(_plan(plan), context, settings, today=_day(today, "today"))


def estimate_cost(
    plan: Plan,
    people: Headcount | pd.DataFrame | Population | int = 1,
    assumptions: Assumptions | Mapping[str, Any] | None = None,
) -> CostReport:
    """What a plan costs a company in a year: at target, along a grid of attainments, at most, and as expected.

    Parameters
    ----------
    plan : Plan
    people : int, Headcount or DataFrame
        Number of people on the plan's own pay, or a table with one row a person or group.
    assumptions : Assumptions or Mapping, optional
        Taxes, benefits, overhead and budget, such as ``{"overhead": 6000}``. What a mapping leaves out is as in
        `Assumptions.for_plan`.

    Raises
    ------
    CompPlanError
        If the people or the assumptions do not fit the plan.

    Examples
    --------
    >>> report = estimate_cost(load_template("flowfuse-csm"), 8)
    >>> report.at_target.base
    960000.0
    """
    from compplan.cost import cost
    from compplan.settlement import Population

    _plan(plan)
    team = people if isinstance(people, Population) else _people(plan, people)
    return cost(plan, team, _assumptions(plan, assumptions))


def compare(before: Plan, now: Plan, results: Mapping[str, float] | None = None) -> PlanComparison:
    """Compare two plans: what changed in words, and what it does to pay.

    Parameters
    ----------
    before, now : Plan
    results : Mapping of str to float, optional [each measure's units, a year]
        Results that both are paid on; every measure of `now` at its target if left out.

    Returns
    -------
    PlanComparison
        ``changes``, ``money`` and ``lines()``.

    Examples
    --------
    >>> plan = load_template("flowfuse-csm")
    >>> print(*compare(plan, plan.edit({"frequency": "annual"})).lines())
    Pay frequency: quarterly → annual
    """
    from compplan.payout import compare_plans

    return compare_plans(_plan(before, "before"), _plan(now, "now"), None if results is None else _results(results))


def build_workbook(
    plan: Plan,
    people: Headcount | pd.DataFrame | int | None = None,
    *,
    results: Mapping[str, float] | None = None,
    assumptions: Assumptions | Mapping[str, Any] | None = None,
    on: dt.date | None = None,
    names: bool = False,
) -> bytes:
    """Build an Excel workbook of a plan in which every figure is a live formula.

    Parameters
    ----------
    plan : Plan
    people : int, Headcount or DataFrame, optional
        As in `estimate_cost`; one person on the plan's own pay if left out.
    results : Mapping of str to float, optional [each measure's units]
        Yearly results; target where left out.
    assumptions : Assumptions or Mapping, optional
        Adds the cost of everyone. As in `estimate_cost`.
    on : date, optional
        Date of the workbook; the current day in UTC if left out.
    names : bool
        Whether to include people's names; their ids only if False.

    Returns
    -------
    bytes
        The contents of an .xlsx file.

    Examples
    --------
    >>> build_workbook(load_template("flowfuse-csm"))[:2]
    b'PK'
    """
    from compplan.documents.workbook import workbook

    return workbook(
        _plan(plan),
        None if people is None else _people(plan, people),
        results=None if results is None else _results(results),
        assumptions=None if assumptions is None else _assumptions(plan, assumptions),
        on=_day(on, "on"),
        names=names,
    )


def plan_link(plan: Plan, address: str = "") -> str:
    """Put a plan into a link, which carries the plan itself and needs no server.

    Parameters
    ----------
    plan : Plan
    address : str
        Address of the pages, such as ``https://pay.example.com``. Only the part after ``?`` if left out.

    Raises
    ------
    LinkError
        If the plan is too large for a link.

    Examples
    --------
    >>> plan_link(load_template("flowfuse-csm"), "https://pay.example.com/")[:35]
    'https://pay.example.com/?plan=v1.eN'
    """
    from compplan.plan.links import encode

    site = expect(address, str, "address", "the address of the pages", LinkError).rstrip("/")
    return f"{site}/?plan={encode(_plan(plan))}" if site else f"?plan={encode(_plan(plan))}"


def open_plan_link(link: str) -> Plan:
    """Read the plan that a link carries.

    Parameters
    ----------
    link : str
        A whole link, or the value of its ``plan`` parameter.

    Raises
    ------
    LinkError
        If the link is damaged, too long, or carries no valid plan.

    Examples
    --------
    >>> open_plan_link(plan_link(load_template("flowfuse-csm"))) == load_template("flowfuse-csm")
    True
    """
    from urllib.parse import parse_qs, urlsplit

    from compplan.plan.links import decode

    expect(link, str, "link", "a plan link", LinkError)
    values = parse_qs(urlsplit(link).query).get("plan", [link]) if "?" in link else [link]
    return decode(values[0])


def _plan(value: Any, where: str = "plan") -> Plan:
    from compplan.plan import Plan

    return expect(value, Plan, where, "a plan; read one with compplan.load_plan or compplan.load_template")


def _results(value: Any) -> Mapping[str, float]:
    return expect(value, Mapping, "results", "results by component or measure, such as {'grr': 0.95}", ResultError)


def _table(value: Any) -> pd.DataFrame:
    import pandas as pd

    needed = "a table of people (a pandas DataFrame); read a file with compplan.roster.read_file"
    return expect(value, pd.DataFrame, "people", needed)


def _people(plan: Plan, value: Any) -> Headcount | pd.DataFrame:
    import pandas as pd

    from compplan.settlement import Headcount, headcount

    if isinstance(value, Integral) and value is not True and value is not False:
        return headcount(plan, int(value))
    needed = "a number of people or a table; read a file with compplan.roster.read_file"
    return expect(value, (Headcount, pd.DataFrame), "people", needed)


def _assumptions(plan: Plan, value: Any) -> Assumptions | None:
    from compplan.cost import Assumptions

    return value if value is None or isinstance(value, Assumptions) else Assumptions.for_plan(plan).edit(value)


def _day(value: Any, where: str) -> dt.date:
    return utc_today() if value is None else expect(value, dt.date, where, "a date, such as datetime.date(2026, 1, 31)")
