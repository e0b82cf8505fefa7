"""How far the results of one person vary: our assumption for each measure, what is unknown, and both in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compplan import formats
from compplan.plan import Plan


def illustrative_spreads(plan: Plan) -> dict[str, float]:
    """Standard deviation of each component's yearly result, as a starting point: an illustration, not a measurement.

    Returns
    -------
    dict of str to float [each measure's units]
        From the catalog of measures. A component whose measure has no known spread, such as one that the plan declares,
        is left out.

    Examples
    --------
    >>> from compplan import templates
    >>> illustrative_spreads(templates.load("knowup-csat-weighted"))["grr"]
    0.03
    """
    known = ((c.key, plan.measure(c.measure).spread_at(c.target)) for c in plan.components)
    return {key: spread for key, spread in known if spread is not None}


def unknown_spreads(plan: Plan, spreads: Mapping[str, float] | None = None) -> tuple[str, ...]:
    """Components whose results vary by an unknown amount, so that expected pay and its range cannot be computed.

    Parameters
    ----------
    plan : Plan
    spreads : Mapping of str to float, optional [each measure's units]
        The standard deviations that are given.

    Returns
    -------
    tuple of str
        Component ids.

    Examples
    --------
    >>> from compplan import templates
    >>> unknown_spreads(templates.load("knowup-csat-weighted"))
    ()
    """
    known = {*illustrative_spreads(plan), *(spreads or {})}
    return tuple(key for key in plan.by_id if key not in known)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _names(plan: Plan) -> dict[str, str]:
    """Short name of each component; with its id where two components use one measure."""
    measures = [c.measure for c in plan.components]
    return {
        c.key: plan.measure(c.measure).short + (f" ({c.key})" if measures.count(c.measure) > 1 else "")
        for c in plan.components
    }


def spread_request(plan: Plan, unknown: Sequence[str]) -> str:
    """The sentence that asks for the spreads that are unknown.

    Parameters
    ----------
    plan : Plan
    unknown : sequence of str
        Component ids, at least one.

    Examples
    --------
    >>> from compplan import templates
    >>> print(spread_request(templates.load("flowfuse-csm"), ["nrr"]).partition(". ")[0])
    Enter a spread for NRR: the standard deviation of one person's yearly result
    """
    names = _names(plan)
    return (
        f"Enter a spread for {_listed([names[key] for key in unknown])}: the standard deviation of one person's yearly "
        "result. Without it, expected pay and its range are unknown."
    )


def spread_text(plan: Plan, spreads: Mapping[str, float] | None = None) -> str:
    """The spreads in use, as a sentence; where one is unknown, the request for it.

    Parameters
    ----------
    plan : Plan
    spreads : Mapping of str to float, optional [each measure's units]
        The standard deviations that are given; `illustrative_spreads` for the rest.

    Examples
    --------
    >>> from compplan import templates
    >>> plan = templates.load("knowup-csat-weighted")
    >>> spread_text(plan)
    'Spread of results (standard deviation): GRR 3%, Expansion $60,000, CSAT (share) 5%. These are our assumptions.'
    >>> spread_text(plan, {"grr": 0.02, "expansion_arr": 60000})
    'Spread of results (standard deviation): GRR 2%, Expansion $60,000, CSAT (share) 5% (our assumption).'
    """
    given = spreads or {}
    unknown = unknown_spreads(plan, given)
    if unknown:
        return spread_request(plan, unknown)
    names, used = _names(plan), {**illustrative_spreads(plan), **given}
    entries: list[str] = []
    for key in plan.by_id:
        shown = formats.result(used[key], plan.measure(key), plan.currency)
        entries.append(f"{names[key]} {shown}{' (our assumption)' if given and key not in given else ''}")
    text = f"Spread of results (standard deviation): {', '.join(entries)}."
    if given:
        return text
    return f"{text} {'This is our assumption.' if len(entries) == 1 else 'These are our assumptions.'}"
