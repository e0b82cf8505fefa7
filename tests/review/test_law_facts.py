"""The facts behind the rules on law and accounting: dates, citations, and unknown amounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from compplan import facts, templates
from compplan.benchmarks.areas import state_code
from compplan.review import Context, Settings, review, rules
from compplan.review.commission import pay_kind
from compplan.review.legal import FEDERAL, as_of, floors, floors_of, highest_floor, provision, provisions
from compplan.review.subject import Subject

TODAY = dt.date(2026, 6, 1)
DATED = sorted({row["rule"] for row in facts.table("review_law")})


def test_every_rule_on_law_and_accounting_has_a_date() -> None:
    dated = {rule.id for rule in rules().values() if rule.as_of}
    assert dated == set(DATED)
    assert dated == {rule.id for rule in rules().values() if rule.family in {"LAW", "FIN"}} - {"LAW-10"}


@pytest.mark.parametrize("rule", DATED)
def test_date_of_a_rule_is_the_oldest_of_its_facts(rule: str) -> None:
    days = [dt.date.fromisoformat(row["as_of"]) for row in facts.table("review_law") if row["rule"] == rule]
    assert rules()[rule].as_of == as_of(rule) == min(days)
    result = review(templates.load("totango-four-factors"), Context(), Settings(), today=TODAY)
    assert {f.as_of for f in result.findings if f.rule == rule} <= {min(days).isoformat()}


def test_unknown_fact_is_refused_by_name() -> None:
    with pytest.raises(LookupError, match="LAW-99"):
        provisions("LAW-99")
    with pytest.raises(LookupError, match="'tithe' is listed for LAW-01"):
        provision("LAW-01", "tithe")


def test_floors_match_their_publication() -> None:
    assert {(floor.state, floor.everywhere): floor.amount for floor in floors()} == {
        ("US", True): 35_568,
        ("CA", True): 70_304,
        ("WA", True): 80_168.40,
        ("NY", True): 62_353.20,
        ("NY", False): 66_300,
        ("AK", True): 58_240,
        ("ME", True): 45_300.32,
        ("CO", True): None,
    }
    assert all(floor.state == FEDERAL or state_code(floor.state) == floor.state for floor in floors())
    assert highest_floor() == 80_168.40


@pytest.mark.parametrize("state", ["TX", "CO", "AK", "ZZ"])
def test_federal_floor_applies_where_a_state_has_no_known_floor(state: str) -> None:
    state_floors = floors_of(state, TODAY)
    assert state_floors.everywhere.state == FEDERAL
    assert bool(state_floors.missing) == (state in {"CO", "AK"})


def test_no_floor_is_below_the_federal_one() -> None:
    for floor in floors():
        assert floor.amount is None or floor.amount >= 35_568


@pytest.mark.parametrize(
    ("change", "answer", "kind"),
    [
        ({}, None, "commission"),
        ({"components[1].curve": {"kind": "linear", "points": [[0.5, 0.5], [1.0, 1.0]]}}, None, "commission"),
        ({"components[1].curve": {"kind": "goal", "at": 1.0}}, None, "bonus"),
        ({"components[1].curve": {"kind": "step", "steps": [[0.8, 0.5], [1.0, 1.0]]}}, None, "unclear"),
        ({"components[1].curve": {"kind": "step", "steps": [[0.8, 0.5], [1.0, 1.0]]}}, False, "bonus"),
        ({"components[1].level": "team"}, None, "commission"),
        ({"components[1].level": "company"}, None, "bonus"),
        ({"components[1].measure": "pipeline"}, None, "bonus"),
        ({"components[1].measure": "advocacy"}, None, "bonus"),
        ({"components[1].measure": "nrr", "components[1].target": 1.1}, None, "bonus"),
        ({"components[1].measure": "multi_year_renewals"}, None, "unclear"),
        ({"components[1].measure": "multi_year_renewals"}, True, "commission"),
        ({"components[1].measure": "multi_year_renewals"}, False, "bonus"),
    ],
)
def test_commission_is_a_rate_on_sales(change: dict[str, Any], answer: bool | None, kind: str) -> None:
    plan = templates.load("knowup-csat-weighted").edit(change) if change else templates.load("knowup-csat-weighted")
    key = plan.components[1].key
    answers = {} if answer is None else {"measures": {key: {"sale": answer}}}
    assert pay_kind(Subject(plan, Context.of(answers), TODAY).parts[1]) == kind


@pytest.mark.parametrize(
    ("context", "currency", "applies"),
    [
        ({}, "USD", True),
        ({}, "EUR", False),  # the country is asked instead
        ({"country": "DE"}, "USD", False),
        ({"country": "DE", "states": ["CA"]}, "USD", False),
        ({"states": ["CA"]}, "EUR", True),
    ],
)
def test_us_law_is_checked_only_for_people_in_the_us(context: dict[str, Any], currency: str, applies: bool) -> None:
    plan = templates.load("knowup-csat-weighted").edit({"currency": currency})
    result = review(plan, Context.of(context), Settings(), today=TODAY)
    rules_asking = {rule for one in result.unanswered if one.question != "country" for rule in one.rules}
    unknown = {rule for one in result.unanswered if one.question == "country" for rule in one.rules}
    assert unknown == ({"LAW-01", "LAW-02", "LAW-03", "LAW-05", "LAW-06"} if not context and not applies else set())
    assert ("LAW-05" in rules_asking) == applies
    assert ("LAW-01" in rules_asking) == applies


@pytest.mark.parametrize(
    ("states", "message"),
    [
        (["CO"], "Job postings do not state the pay range, which Colorado requires."),
        (
            ["CO", "CA"],
            (
                "Job postings do not state the pay range, which Colorado and California require. "
                "California means the range of base pay, without bonus and commission."
            ),
        ),
    ],
)
def test_only_california_means_the_range_of_base_pay(states: list[str], message: str) -> None:
    context = Context.of({"states": states, "law": {"posting_range": False, "posting_variable": True, "employees": 50}})
    result = review(templates.load("knowup-csat-weighted"), context, Settings(), today=TODAY)
    assert [f.message for f in result.findings if f.rule == "LAW-03"] == [message]
