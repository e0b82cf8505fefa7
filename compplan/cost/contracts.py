"""Classify pay as an incremental cost of obtaining a contract, for an accountant to decide, and amortize it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from compplan.measures import Measure, catalog
from compplan.money import minor_digits, split_minor
from compplan.plan import Component, Gate, Kicker, Plan
from compplan.settlement.errors import refuse

Verdict = Literal["likely capitalise", "likely expense", "judgement"]
Contract = Literal["expansion", "renewal", "none", "unknown"]

DISCLAIMER = "For an accountant to decide; not accounting advice."
REFERENCES = "ASC 340-40-25; IFRS 15.91 to 94"
_EXPANSION = {"expansion_arr"}
_RENEWAL = {"multi_year_renewals", "renewal_rate"}
_MOST_MONTHS = 600
_QUESTIONS = {
    "recover": "Does the contract's margin recover the cost? If not, expense it.",
    "year": "Is it amortized over a year or less? Then it may be expensed as incurred (ASC 340-40-25-4, IFRS 15.94).",
    "service": "Must the person still be employed when it is paid? Pay for future service is expensed.",
    "commensurate": "Is pay on a renewal commensurate with pay on the first contract, by contract value? If so, each "
    "is amortized over its own term. If not, the first is amortized over the expected renewals too.",
    "period": "What is the benefit period: the contract's term, or longer because of renewals and the product's life?",
    "which": "Which contracts does pay that rises with the year's total belong to?",
    "others": "Who else is paid on the same contract? Each layer that depends on the contract alone is a cost of it.",
}


@dataclass(frozen=True, slots=True)
class ContractCost:
    """Classification of the pay of one part of a plan under ASC 340-40 and IFRS 15.91.

    Attributes
    ----------
    place : str
        Path in the plan, such as ``components[1]``.
    name : str
        Name of the measure or kicker.
    contract : {'expansion', 'renewal', 'none', 'unknown'}
        Kind of contract that is obtained.
    verdict : {'likely capitalise', 'likely expense', 'judgement'}
    reason : str
        Why, in one sentence.
    questions : tuple of str
        Questions for the accountant; none where the verdict is an expense.
    note : str
        States that an accountant decides.
    """

    place: str
    name: str
    contract: Contract
    verdict: Verdict
    reason: str
    questions: tuple[str, ...]
    note: str = DISCLAIMER

    def to_dict(self) -> dict[str, object]:
        """The classification as plain data."""
        return asdict(self)


def contract_costs(plan: Plan) -> tuple[ContractCost, ...]:
    """Classify each component and kicker as a cost of obtaining a contract. Not an accounting entry.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    tuple of ContractCost
        Components, then kickers, in their order.

    Notes
    -----
    Is pay contingent only on obtaining a new, renewed or extended contract? If not, it is an expense: a bonus that also
    depends on performance other than sales, or on future service, is likely not incremental. If so: is it recoverable,
    is it amortized over a year or less, is it commensurate on renewal, and over which period?

    References
    ----------
    ASC 340-40-25 and 340-40-35; IFRS 15.91 to 94.

    Examples
    --------
    >>> from compplan import templates
    >>> [(c.place, c.verdict) for c in contract_costs(templates.load("knowup-csat-gate"))]
    [('components[0]', 'likely expense'), ('components[1]', 'likely expense')]
    """
    parts = [_component(plan, i, c) for i, c in enumerate(plan.components)]
    return (*parts, *(_kicker(plan, i, k) for i, k in enumerate(plan.kickers)))


def _contract(plan: Plan, key: str) -> Contract:
    """Kind of contract that a measure counts."""
    base = next((c.measure for c in plan.components if c.key == key), key)
    if base in _EXPANSION:
        return "expansion"
    if base in _RENEWAL:
        return "renewal"
    return "none" if base in catalog() else "unknown"


def _component(plan: Plan, place: int, component: Component) -> ContractCost:
    measure, contract = plan.measure(component.key), _contract(plan, component.key)
    where = f"components[{place}]"
    verdict, reason = _obtains(measure, contract)
    if verdict == "likely capitalise":
        verdict, reason = _conditions(plan, component, reason)
    return ContractCost(where, measure.name, contract, verdict, reason, _questions(contract, verdict, component))


def _kicker(plan: Plan, place: int, kicker: Kicker) -> ContractCost:
    contract = _contract(plan, kicker.measure)
    verdict, reason = _obtains(plan.measure(kicker.measure), contract)
    return ContractCost(
        f"kickers[{place}]", kicker.name, contract, verdict, reason, _questions(contract, verdict, kicker)
    )


def _obtains(measure: Measure, contract: Contract) -> tuple[Verdict, str]:
    """Whether pay on a measure is contingent on obtaining a contract."""
    if contract == "unknown":
        return "judgement", f"{measure.name} is a custom measure. Decide whether it counts contracts."
    if contract == "none":
        why = {
            "retention": "is a rate over a book of business, which depends on losses and prices as well as contracts",
            "pipeline": "counts opportunities, which are not contracts yet",
        }.get(measure.family, "is not paid for obtaining a contract")
        return "likely expense", f"{measure.name} {why}."
    if measure.unit == "share":
        return "judgement", f"{measure.name} counts renewed contracts but pays on a rate, not on each contract."
    kind = "an extended" if contract == "expansion" else "a renewed"
    return "likely capitalise", f"{measure.name} is paid for obtaining {kind} contract and nothing else."


def _conditions(plan: Plan, component: Component, reason: str) -> tuple[Verdict, str]:
    """Whether gates, modifiers or the total cap make pay depend on more than the contract."""
    for part in (*plan.gates, *plan.modifiers):
        key = plan.result_key(part.measure)
        applies = part.covers is None or component.key in part.covers
        if applies and key != component.key and _contract(plan, key) not in ("expansion", "renewal"):
            name = plan.measure(key).name
            if isinstance(part, Gate):
                return "likely expense", f"A gate on {name} applies to it, so it does not depend on a contract alone."
            return "judgement", f"It is paid for contracts, but a modifier on {name} changes the amount."
    if plan.caps.total is not None and len(plan.components) > 1:
        return "judgement", "It is paid for contracts, but a total cap over other components may change the amount."
    return "likely capitalise", reason


def _questions(contract: Contract, verdict: Verdict, part: Component | Kicker) -> tuple[str, ...]:
    if verdict == "likely expense":
        return ()
    keys = ["recover", "year", "service", "period"]
    if contract == "renewal":
        keys.insert(2, "commensurate")
    if isinstance(part, Component):
        keys += ["which"] if part.weight is not None else []
        keys += ["others"] if part.level != "individual" else []
    return tuple(_QUESTIONS[key] for key in keys)


def amortise(amount: float, months: int, currency: str = "USD") -> tuple[float, ...]:
    """Amortize a capitalized cost in equal months that add up to the cent.

    Parameters
    ----------
    amount : float [currency]
    months : int
        In the term or benefit period.
    currency : str

    Returns
    -------
    tuple of float [currency]
        One entry for each month.

    Raises
    ------
    CostError

    Notes
    -----
    ``cum_k = r(amount * k / months)``; each month is the difference of two.

    Examples
    --------
    >>> amortise(3000, 36)[:4], amortise(3000, 60)[:2]
    ((83.33, 83.34, 83.33, 83.33), (50.0, 50.0))
    """
    if type(months) is not int or not 1 <= months <= _MOST_MONTHS:
        refuse("months", f"must be a whole number from 1 to {_MOST_MONTHS}. You entered {months!r}.")
    if not (np.isfinite(amount) and amount >= 0):
        refuse("amount", f"must be money of 0 or more. You entered {amount!r}.")
    digits = minor_digits(currency)
    return tuple(float(part) / 10.0**digits for part in split_minor(amount, months, digits))
