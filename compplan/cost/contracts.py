"""Which pay looks like an incremental cost of obtaining a contract, for an accountant to decide; and amortisation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np

from compplan.measures import Measure, catalogue
from compplan.money import minor_digits, split_minor
from compplan.plan import Component, Kicker, Plan
from compplan.settlement.errors import refuse

Verdict = Literal["likely capitalise", "likely expense", "judgement"]
Contract = Literal["expansion", "renewal", "none", "unknown"]

DISCLAIMER = "For an accountant to decide; not accounting advice."
REFERENCES = "ASC 340-40-25; IFRS 15.91 to 94"
_EXPANSION = {"expansion_arr"}
_RENEWAL = {"multi_year_renewals", "renewal_rate"}
_MOST_MONTHS = 600
_QUESTIONS = {
    "recover": "Will the contract's margin recover the cost? If not, expense it.",
    "year": "Is it amortised over a year or less? Then it may be expensed as it arises (ASC 340-40-25-4, IFRS 15.94).",
    "service": "Must the person still be employed when it is paid? Pay for service yet to come is expensed.",
    "commensurate": "Is pay on a renewal commensurate with that on the first contract, by contract value? If so each "
    "is amortised over its own term; if not, the first also over the renewals that are expected.",
    "period": "Over which benefit period: the contract's term, or longer because of renewals and the product's life?",
    "which": "Pay that rises with the year's total: to which contracts does it belong?",
    "others": "Who else is paid on the same contract? Each layer is a cost of obtaining it if it hangs on it alone.",
}


@dataclass(frozen=True, slots=True)
class ContractCost:
    """How the pay of one part of a plan looks under ASC 340-40 and IFRS 15.91.

    Attributes
    ----------
    place : str
        Path in the plan, such as ``components[1]``.
    name : str
    contract : {'expansion', 'renewal', 'none', 'unknown'}
        What is obtained.
    verdict : {'likely capitalise', 'likely expense', 'judgement'}
    reason : str
    questions : tuple of str
        What the accountant has to ask; none where it is likely an expense.
    note : str
        That an accountant decides.
    """

    place: str
    name: str
    contract: Contract
    verdict: Verdict
    reason: str
    questions: tuple[str, ...]
    note: str = DISCLAIMER

    def to_dict(self) -> dict[str, object]:
        """The same as plain data."""
        return asdict(self)


def contract_costs(plan: Plan) -> tuple[ContractCost, ...]:
    """How each component and kicker looks as a cost of obtaining a contract. Never an entry.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    tuple of ContractCost
        Components, then kickers, in their order.

    Notes
    -----
    The tree: contingent only on obtaining a contract, new, renewed or extended? If not, expense: a bonus that also
    hangs on performance other than sales, or on service yet to come, is likely not incremental. If so: recoverable?
    amortised over a year or less? commensurate on renewal? over which period?

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
    """What kind of contract a measure counts."""
    base = next((c.measure for c in plan.components if c.key == key), key)
    if base in _EXPANSION:
        return "expansion"
    if base in _RENEWAL:
        return "renewal"
    return "none" if base in catalogue() else "unknown"


def _component(plan: Plan, place: int, component: Component) -> ContractCost:
    measure, contract = plan.measure(component.key), _contract(plan, component.key)
    where = f"components[{place}]"
    verdict, reason = _obtains(measure, contract)
    if verdict == "likely capitalise":
        verdict, reason = _conditions(plan, component, reason)
    asked = _questions(contract, verdict, component)
    return ContractCost(where, measure.name, contract, verdict, reason, asked)


def _kicker(plan: Plan, place: int, kicker: Kicker) -> ContractCost:
    contract = _contract(plan, kicker.measure)
    verdict, reason = _obtains(plan.measure(kicker.measure), contract)
    return ContractCost(
        f"kickers[{place}]", kicker.name, contract, verdict, reason, _questions(contract, verdict, kicker)
    )


def _obtains(measure: Measure, contract: Contract) -> tuple[Verdict, str]:
    """Whether it is paid because a contract is obtained: the first question of the tree."""
    if contract == "unknown":
        told = f"{measure.name} is a measure of the plan's own; whether it counts contracts, the program cannot know."
        return "judgement", told
    if contract == "none":
        why = {
            "retention": "it is a rate over a whole book, moved by losses and price as much as by contracts",
            "pipeline": "an opportunity is not yet a contract",
        }.get(measure.family, "it is not paid because a contract is obtained")
        return "likely expense", f"{measure.name}: {why}."
    if measure.unit == "share":
        told = f"{measure.name} counts renewed contracts, but pays on a rate and not contract by contract."
        return "judgement", told
    kind = "an extended" if contract == "expansion" else "a renewed"
    return "likely capitalise", f"{measure.name} is paid because {kind} contract is obtained, and for nothing else."


def _conditions(plan: Plan, component: Component, reason: str) -> tuple[Verdict, str]:
    """What else the pay hangs on: gates, modifiers and the total cap."""
    for gate in plan.gates:
        if gate.covers is not None and component.key not in gate.covers:
            continue
        key = plan.result_key(gate.measure)
        if key != component.key and _contract(plan, key) not in ("expansion", "renewal"):
            name = plan.measure(key).name
            return "likely expense", f"A gate on {name} decides on it too, so it does not hang on a contract alone."
    for modifier in plan.modifiers:
        if modifier.covers is not None and component.key not in modifier.covers:
            continue
        key = plan.result_key(modifier.measure)
        if key != component.key and _contract(plan, key) not in ("expansion", "renewal"):
            name = plan.measure(key).name
            return "judgement", f"It is paid for contracts, but a modifier on {name} changes the amount."
    if plan.caps.total is not None and len(plan.components) > 1:
        return "judgement", "It is paid for contracts, but a total cap over other components may change the amount."
    return "likely capitalise", reason


def _questions(contract: Contract, verdict: Verdict, part: Component | Kicker) -> tuple[str, ...]:
    if verdict == "likely expense":
        return ()
    asked = ["recover", "year", "service", "period"]
    if contract == "renewal":
        asked.insert(2, "commensurate")
    if isinstance(part, Component):
        asked += ["which"] if part.weight is not None else []
        asked += ["others"] if part.level != "individual" else []
    return tuple(_QUESTIONS[key] for key in asked)


def amortise(amount: float, months: int, currency: str = "USD") -> tuple[float, ...]:
    """A capitalised cost in equal months, adding up to the cent.

    Parameters
    ----------
    amount : float [currency]
    months : int
        Of the term or benefit period.
    currency : str

    Returns
    -------
    tuple of float [currency]
        One entry a month.

    Raises
    ------
    CostError

    Notes
    -----
    ``cum_k = r(amount * k / months)``, each month the difference.

    Examples
    --------
    >>> amortise(3000, 36)[:4], amortise(3000, 60)[:2]
    ((83.33, 83.34, 83.33, 83.33), (50.0, 50.0))
    """
    if type(months) is not int or not 1 <= months <= _MOST_MONTHS:
        refuse("months", f"must be a whole number of months, 1 to {_MOST_MONTHS}; got {months!r}.")
    if not (np.isfinite(amount) and amount >= 0):
        refuse("amount", f"must be money of 0 or more, got {amount!r}.")
    digits = minor_digits(currency)
    return tuple(float(part) / 10.0**digits for part in split_minor(amount, months, digits))
