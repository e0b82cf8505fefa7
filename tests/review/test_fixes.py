"""Repeated fixes end, from every shipped plan and from each without one component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from review.cases import TODAY

from compplan import templates
from compplan.plan import Plan
from compplan.plan.edits import remove_component
from compplan.review import Context, review

MOST = 25
ANSWERS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "renewals of the CSM": {
        "renewal_owner": "csm", "expansion_owner": "csm", "controls_timing": False, "controls_price": False,
        "team_size": 8, "maturity": "developing",
    },
    "renewals of others": {"renewal_owner": "renewals", "expansion_owner": "ae", "charters": ["adoption", "retention"]},
}  # fmt: skip


def starting_plans(key: str) -> Iterator[Plan]:
    """A template, and the same plan without each component in turn."""
    plan = templates.load(key)
    yield plan
    for component in plan.components:
        if any(other.weight for other in plan.components if other is not component):
            yield remove_component(plan, component.key)


@pytest.mark.parametrize("answers", ANSWERS)
@pytest.mark.parametrize("key", templates.keys())
def test_repeated_fixes_end(key: str, answers: str) -> None:
    for plan in starting_plans(key):
        result, hashes = review(plan, Context.of(ANSWERS[answers]), today=TODAY), {plan.hash}
        while fixed := next((applied for f in result.findings if (applied := result.fix(f))), None):
            result = fixed.review
            assert result.plan.hash not in hashes, fixed.fix.title
            hashes.add(result.plan.hash)
            assert len(hashes) <= MOST


def test_two_fixes_that_undo_each_other_are_not_offered() -> None:
    """Without satisfaction neither 50/50 nor 60/40 is in both ranges of the guide; fixing one would break the other."""
    plan = remove_component(templates.load("knowup-csat-weighted"), "csat_top_box")
    even = review(plan.edit({"components[0].weight": 0.5, "components[1].weight": 0.5}), today=TODAY)
    uneven = review(plan.edit({"components[0].weight": 0.6, "components[1].weight": 0.4}), today=TODAY)
    (growth,) = [f for f in even.findings if f.rule == "KNW-02"]
    (gross,) = [f for f in uneven.findings if f.rule == "KNW-01"]
    assert (growth.fix is not None, even.fix(growth)) == (True, None)
    assert (gross.fix is not None, uneven.fix(gross)) == (True, None)


def test_a_total_cap_below_target_is_named_and_raised() -> None:
    plan = templates.load("knowup-csat-weighted").edit({"caps": {"total": 0.9}})
    (finding,) = (f for f in review(plan, Context(), today=TODAY).findings if f.rule == "INT-03")
    assert finding.place == "caps.total"
    assert finding.message == ("At target this plan pays 90% of target variable, not 100%. The total cap is 90%.")
    assert finding.fix is not None
    assert finding.fix.title == "Raise the total cap to 100%"
    assert finding.fix.make() == plan.edit({"caps.total": 1.0})
