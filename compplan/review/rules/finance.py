"""FIN: what accountants will ask. Not accounting advice."""

from __future__ import annotations

from compplan.cost import contract_costs
from compplan.review.book import Limits, rule
from compplan.review.findings import Ask, Found, Outcomes
from compplan.review.legal import as_of
from compplan.review.subject import Subject, listed


@rule(
    "FIN-04", "Pay for obtaining contracts is looked at by an accountant", "warning",
    source="deloitte-costs", grade="A", reads=("components", "kickers", "gates", "context.law.capitalisation_reviewed"),
    as_of=as_of("FIN-04"),
    dissent="Pay that also hangs on other goals or on future service is likely an expense at once.",
)  # fmt: skip
def capitalised(s: Subject, limit: Limits) -> Outcomes:
    """What is paid only because a contract is obtained may be an asset to be written off over its term (ASC 340-40)."""
    likely = [c for c in contract_costs(s.plan) if c.verdict == "likely capitalise"]
    if not likely or s.variable <= 0:
        return
    if s.context.law.capitalisation_reviewed is None:
        yield Ask("law.capitalisation_reviewed")
    elif not s.context.law.capitalisation_reviewed:
        yield Found(
            likely[0].place,
            f"{listed([c.name for c in likely])} is paid only because contracts are obtained, and no "
            "accountant has looked "
            "at whether that is to be capitalised.",
            {"parts": len(likely)},
        )
