"""FIN: questions an accountant will ask. Not accounting advice."""

from __future__ import annotations

from compplan.cost import ContractCost, contract_costs
from compplan.review.findings import Issue, Question, RuleResults, Severity
from compplan.review.legal import as_of, provision
from compplan.review.registry import Thresholds, rule
from compplan.review.subject import Subject, listed


@rule(
    "FIN-04", "Have an accountant review pay for obtaining contracts", "warning",
    source="pwc-costs", evidence="B", as_of=as_of("FIN-04"),
    reads=("components", "kickers", "gates", "modifiers", "caps", "context.law.capitalisation_reviewed"),
)  # fmt: skip
def capitalised(s: Subject, limit: Thresholds) -> RuleResults:
    """Pay that depends only on obtaining a contract may have to be capitalized and amortized."""
    reviewed = s.context.law.capitalisation_reviewed
    if reviewed:
        return
    costs = [cost for cost in contract_costs(s.plan) if cost.verdict != "likely expense" and _pays(s, cost.place)]
    if costs and reviewed is None:
        yield Question("law.capitalisation_reviewed")
        return
    likely = [cost for cost in costs if cost.verdict == "likely capitalise"]
    unsure = [cost for cost in costs if cost.verdict == "judgement"]
    if likely:
        yield _issue(s, likely, "depends only on obtaining contracts", "warning")
    if unsure:
        yield _issue(s, unsure, "may be paid for obtaining contracts", "info")


def _issue(s: Subject, costs: list[ContractCost], why: str, severity: Severity) -> Issue:
    amounts = {part.place: part.pay for part in s.paid}
    amount = sum(amounts.get(cost.place, 0.0) for cost in costs)
    worth = f" ({s.money(amount)} a year at target)" if amount else ""
    law = provision("FIN-04", "capitalise").name
    return Issue(
        costs[0].place,
        f"{listed([cost.name for cost in costs])}{worth} {why}. No accountant has reviewed whether it must be "
        f"capitalized ({law}).",
        {"amount": amount, "parts": len(costs)},
        severity,
    )


def _pays(s: Subject, place: str) -> bool:
    """Whether a component or a SPIF pays anything."""
    if place.startswith("kickers["):
        return s.plan.kickers[int(place[len("kickers[") : -1])].per_unit > 0
    return any(part.place == place for part in s.paid)
