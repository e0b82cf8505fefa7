"""Whether the pay of a component may be a commission in law: a rate on the amount or value of sales."""

from __future__ import annotations

from typing import Literal

from compplan.review.subject import EXPANSION, ReviewComponent

PayKind = Literal["commission", "unclear", "bonus"]


def pay_kind(part: ReviewComponent) -> PayKind:
    """Classify the pay of a component, for counsel to confirm.

    Parameters
    ----------
    part : ReviewComponent

    Returns
    -------
    {'commission', 'unclear', 'bonus'}
        ``unclear`` until the question ``measures.<id>.sale`` is answered.

    Notes
    -----
    A commission is pay in proportion to the amount or value of sales. A goal, a rate over a book such as gross
    retention, and a company result are a bonus; a step table over sales is unclear. Kickers are left out, since the
    statute excludes short-term incentives that only add to pay.

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
    rising = _in_proportion(part) or len(part.cliffs) > 1  # higher results keep raising pay, beyond a single step
    if part.component.level == "company" or part.measure.kind != "flow" or not rising:
        return "bonus"
    if part.family == EXPANSION and _in_proportion(part):
        return "commission"
    # A custom measure does not say what it counts, and renewed contracts may or may not be sales.
    counts = part.family in {"", EXPANSION} and part.measure.unit in {"money", "count"}
    if counts or part.measure.key == "multi_year_renewals":
        return "unclear" if part.data.sale is None else "commission" if part.data.sale else "bonus"
    return "bonus"


def _in_proportion(part: ReviewComponent) -> bool:
    """Whether pay rises in proportion to the result."""
    return part.component.rate is not None or bool((part.curve.slopes > 0).any())
