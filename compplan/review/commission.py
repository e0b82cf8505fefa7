"""Whether the law would call a component's pay a commission: a rate on the amount or value of what is sold."""

from __future__ import annotations

from typing import Literal

from compplan.review.subject import EXPANSION, ReviewComponent

PayKind = Literal["commission", "unclear", "bonus"]


def pay_kind(part: ReviewComponent) -> PayKind:
    """What the pay of a component looks like, for counsel to decide.

    Parameters
    ----------
    part : ReviewComponent

    Returns
    -------
    {'commission', 'unclear', 'bonus'}
        ``unclear`` until it is told whether what is counted is a sale (``measures.<id>.sale``).

    Notes
    -----
    A commission is pay for selling, in proportion to the amount or value of what is sold. All or nothing at a goal, a
    rate over a book such as gross retention, and a company's result are a bonus; a table of steps over what is sold is
    unclear. Kickers are left out: a short-term incentive that only adds to pay is excluded by the statute.

    References
    ----------
    State of California, Labor Code sections 204.1 and 2751(c).

    Examples
    --------
    >>> import datetime as dt
    >>> from compplan import templates
    >>> from compplan.review.context import Context
    >>> from compplan.review.subject import Subject
    >>> s = Subject(templates.load("knowup-csat-weighted"), Context(), dt.date(2026, 6, 1))
    >>> [(part.id, pay_kind(part)) for part in s.paid]
    [('grr', 'bonus'), ('expansion_arr', 'commission'), ('csat_top_box', 'bonus')]
    """
    if part.component.level == "company" or part.measure.kind != "flow" or not _more_for_more(part):
        return "bonus"
    if part.family == EXPANSION and _in_proportion(part):
        return "commission"
    # A measure of the plan's own says nothing of what it counts; contracts renewed are an amount of sales, or are not.
    counts = part.family in {"", EXPANSION} and part.measure.unit in {"money", "count"}
    if counts or part.measure.key == "multi_year_renewals":
        return "unclear" if part.data.sale is None else "commission" if part.data.sale else "bonus"
    return "bonus"


def _more_for_more(part: ReviewComponent) -> bool:
    """Whether more of it pays more, and not only once."""
    return _in_proportion(part) or len(part.cliffs) > 1


def _in_proportion(part: ReviewComponent) -> bool:
    """Whether more of it pays more, and not only at a step."""
    return part.component.rate is not None or bool((part.curve.slopes > 0).any())
