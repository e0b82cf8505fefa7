"""A share outside the range of KnowUp's guide is named with its percents, before and after what satisfaction takes."""

import pytest
from review.cases import TODAY

from compplan import templates
from compplan.review import review


def message(rule: str, key: str, changes: dict[str, object]) -> str:
    findings = review(templates.load(key).edit(changes), today=TODAY).findings
    return next(finding.message for finding in findings if finding.rule == rule)


@pytest.mark.parametrize(
    ("rule", "key", "weights", "sentence"),
    [
        (
            "KNW-01", "knowup-csat-weighted", (0.3, 0.5, 0.2),
            "Gross retention is 30% of target variable (GRR); the guide suggests 40% to 50%.",
        ),
        (
            "KNW-02", "knowup-csat-weighted", (0.3, 0.5, 0.2),
            "Expansion is 50% of target variable (Expansion); the guide suggests 30% to 40%.",
        ),
        (
            "KNW-01", "knowup-csat-gate", (0.65, 0.35),
            ("Gross retention is 65% of target variable (GRR), or 55.2% after the 15% that satisfaction puts at stake; "
            "the guide suggests 40% to 50%."),
        ),
        (
            "KNW-02", "knowup-csat-gate", (0.65, 0.35),
            ("Expansion is 35% of target variable (Expansion), or 29.8% after the 15% that satisfaction puts at stake; "
            "the guide suggests 30% to 40%."),
        ),
    ],
)  # fmt: skip
def test_share_outside_the_range_is_a_whole_sentence(
    rule: str, key: str, weights: tuple[float, ...], sentence: str
) -> None:
    changes: dict[str, object] = {f"components[{index}].weight": weight for index, weight in enumerate(weights)}
    assert message(rule, key, changes) == sentence


def test_range_without_a_component_is_named_as_unpaid() -> None:
    plan = templates.load("knowup-csat-gate")
    component = plan.to_dict()["components"][0] | {"weight": 1.0}
    assert message("KNW-02", "knowup-csat-gate", {"components": [component]}) == (
        "Nothing is paid on expansion; the guide suggests 30% to 40%."
    )
