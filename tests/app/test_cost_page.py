"""The Cost page without a browser: every field changes the cost, and the tables add up to it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from support.pages import PageSession, table_rows

from compplan import formats, roster, templates
from compplan.cost import Assumptions, CostError, cost, from_people, headcount, schedule
from compplan.errors import Problem
from compplan.outcomes import illustrative_spreads
from compplan.plan import Plan
from compplan.ui.cost import html as cost_views
from compplan.ui.cost import tables as cost_tables

PLAN = templates.load("knowup-csat-weighted")


class CostPage(PageSession):
    """A session on the Cost page, with a people file that was read on Benchmarks."""

    def __init__(self, plan: Plan | None = None, *, file: bytes | None = None) -> None:
        super().__init__("cost" if file is None else "benchmarks", plan, tab_key="cost.tab")
        if file is not None:
            self.upload("market.people", "team.csv", file).go("cost")

    @property
    def known(self) -> Mapping[str, Any]:
        return self.edit.cost


def figures(plan: Plan, known: Assumptions, people: int = 1) -> dict[str, str]:
    return {card.name: card.value for card in cost_views.key_figures(cost(plan, headcount(plan, people), known))}


# Tables

LOADED = Assumptions(
    futa_rate=0.006, futa_base=7_000, suta_rate=0.027, suta_base=9_000, benefits_rate=0.213, overhead=6_001.37
)


def amount(text: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.\-]", "", text.replace("−", "-")))


@pytest.mark.parametrize("key", ["knowup-csat-weighted", "flowfuse-csm"])
def test_months_and_quarters_add_up_to_the_cost_to_the_cent(key: str) -> None:
    plan = templates.load(key)
    year = schedule(plan, headcount(plan, 7), LOADED)
    for table in (cost_tables.month_table(year), cost_tables.quarter_table(year)):
        head, *rows = table_rows(table)
        cost_at = head.index("Cost")
        assert head[1:cost_at] == ["Base", "Variable earned", "Employer taxes", "Benefits", "Overhead"]
        for row in rows:
            assert sum(map(amount, row[1:cost_at])) == amount(row[cost_at]), row
        assert sum(amount(row[cost_at]) for row in rows) == Decimal(f"{year.year.loaded:.2f}")
        taxes = sum(amount(row[head.index("Employer taxes")]) for row in rows)
        assert taxes == Decimal(f"{year.year.employer_tax + year.year.unemployment_tax:.2f}")


def test_pay_per_arr_retained_names_the_currency_of_the_plan() -> None:
    plan = PLAN.edit({"currency": "EUR"})
    table = cost_tables.ratio_table(cost(plan, headcount(plan, 3), Assumptions.for_plan(plan)))
    assert "Pay per unit of ARR retained (EUR)" in table
    assert "dollar" not in table


@pytest.mark.parametrize(
    ("where", "message", "told"),
    [
        ("people.currency", "several are never added.", "People file, currency: several are never added."),
        ("people.id", "'a' stands twice.", "People file, Id: 'a' stands twice."),
        ("people", "nobody is left to be costed.", "People: nobody is left to be costed."),
        ("people.grr.target", "is missing.", "People file, GRR target: is missing."),
        ("means.grr", "must be at most 1.", "Expected result of GRR: must be at most 1."),
        ("spreads.grr", "is no component.", "Spread of GRR: is no component."),
        ("suta_base", "is missing.", "State wage base: is missing."),
        ("", "these cannot be read.", "These cannot be read."),
    ],
)
def test_refusal_names_fields_as_people_see_them(where: str, message: str, told: str) -> None:
    assert cost_views.refusal(CostError([Problem(where, message)]), PLAN) == told


def test_notes_about_limited_measures_escape_markdown() -> None:
    plan = templates.load("knowup-csat-weighted")
    report = cost(plan, headcount(plan, 1))
    assert report.held
    told = cost_views.held_measures(report, plan)
    assert not re.search(r"(?<!\\)[$*_\[]", " ".join(told))


# Fields


def test_year_fields_change_the_cost() -> None:
    page = CostPage().enter("date_input", "cost.starts", dt.date(2026, 4, 1)).enter("selectbox", "cost.pay_lag", 3)
    page.enter("selectbox", "cost.year", 2025)
    known = Assumptions(starts=dt.date(2026, 4, 1), pay_lag=3, year=2025)
    assert page.known["assumptions"] == known.to_dict()
    assert page.figures == figures(PLAN, known)
    year = schedule(PLAN, headcount(PLAN, 1), known)
    text = page.tab("Year").text
    assert all(label in text for label in year.months["label"])
    assert "of 2025" in page.tab("Assumptions").text


def test_year_from_january_follows_the_tax_year() -> None:
    page = CostPage().enter("date_input", "cost.starts", dt.date(2026, 4, 1))
    page.enter("date_input", "cost.starts", dt.date(2026, 1, 1))
    assert "starts" not in page.known["assumptions"]
    assert page.enter("selectbox", "cost.year", 2025).field("date_input", "cost.starts").value == dt.date(2025, 1, 1)


def test_year_must_start_on_the_first_of_a_month() -> None:
    page = CostPage()
    before = page.figures
    page.enter("date_input", "cost.starts", dt.date(2026, 4, 2))
    assert "first day of a month" in page.problems[0]
    assert page.figures == before
    assert page.field("date_input", "cost.starts").value == dt.date(2026, 4, 2)
    assert not page.enter("date_input", "cost.starts", dt.date(2026, 5, 1)).problems


def test_expected_results_change_the_cost() -> None:
    page = CostPage()
    field = page.field("text_input", "cost.means.grr")
    target = PLAN.by_id["grr"].target
    assert field.placeholder == formats.percent(target)
    page.enter("text_input", "cost.means.grr", "88%")
    assert page.figures == figures(PLAN, Assumptions(means={"grr": 0.88})) != figures(PLAN, Assumptions())
    page.enter("text_input", "cost.means.grr", "188%")
    assert "at most" in page.problems[0]
    page.enter("text_input", "cost.means.grr", "")
    assert page.figures == figures(PLAN, Assumptions())
    assert set(illustrative_spreads(PLAN)) == {
        str(one.key).rpartition(".")[2] for one in page.at.text_input if ".cost.spreads." in str(one.key)
    }


def test_stress_case_has_a_field_where_pay_has_no_cap() -> None:
    assert not [one for one in CostPage().at.text_input if str(one.key).endswith("cost.stress")]
    uncapped = templates.load("flowfuse-csm")
    page = CostPage(uncapped)
    assert page.field("text_input", "cost.stress").value == "200%"
    page.enter("text_input", "cost.stress", "300%")
    assert page.figures == figures(uncapped, Assumptions(stress=3))


def test_component_names_escape_markdown() -> None:
    data = PLAN.to_dict()
    measure = {"name": "[x](https://x.example) $1 $2", "unit": "share", "better": "more", "kind": "level"}
    data["measures"] = {**data.get("measures", {}), "odd": measure}
    data["components"][0] = {**data["components"][0], "measure": "odd"}
    page = CostPage(Plan.from_dict(data))
    label = page.field("text_input", "cost.means.odd").label
    assert not re.search(r"(?<!\\)[$\[]", label)


# A file of people


def test_chosen_roles_of_the_people_file_are_costed() -> None:
    people = roster.read(roster.sample(), "team.csv").people
    there = set(people["role"].dropna()) - {""}
    page = CostPage(file=roster.sample())
    field = page.field("multiselect", "cost.roles")
    assert field.value == [PLAN.role]
    assert len(field.options) == len(there) > 1
    other = next(role for role in sorted(there) if role != PLAN.role and _paid(people, role))
    page.enter("multiselect", "cost.roles", [PLAN.role, other])
    assert set(page.known["roles"]) == {PLAN.role, other}
    report = cost(PLAN, from_people(PLAN, people, roles={PLAN.role, other}))
    assert page.figures == {card.name: card.value for card in cost_views.key_figures(report)}
    page.enter("multiselect", "cost.roles", [])
    assert page.known["roles"] == []
    assert page.field("multiselect", "cost.roles").value == [PLAN.role]


def _paid(people: Any, role: str) -> bool:
    return bool(((people["role"] == role) & (people["currency"] == PLAN.currency) & people["base"].notna()).any())


def test_roles_field_is_shown_only_for_a_people_file() -> None:
    assert not list(CostPage().at.multiselect)
    page = CostPage(file=roster.sample()).enter("selectbox", "cost.who", "number")
    assert not list(page.at.multiselect)


def test_cost_of_a_people_file_ends_with_the_account_of_the_file() -> None:
    text = CostPage(PLAN, file=b"ID,Title,Base salary\nE1,CSM,$80000\nE2,CSM,TBD\nE1,CSM,$82000\n").text
    assert "4 rows = 1 heading + 1 read as is + 1 duplicate + 1 not readable." in text
    assert "Base pay: 162,000 USD in the file = 80,000 read + 82,000 left out." in text
