"""The shipped plans: what is theirs and what is assumed, what they pay, how they are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from compplan import facts, templates
from compplan.payout import payout
from compplan.plan import Plan

KEYS = templates.keys()
CASES_FILE = Path(__file__).resolve().parent / "cases" / "templates.yaml"


def read_yaml(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


CASES: list[dict[str, Any]] = read_yaml(CASES_FILE.read_text(encoding="utf-8"))

# Every number of a template that its source gives. All others must be listed under `about.assumed`.
GIVEN: dict[str, dict[str, float]] = {
    # Ranges of weights and pay bands only: every point in them is a choice.
    "knowup-csat-gate": {},
    "knowup-csat-modifier": {},
    "knowup-csat-weighted": {},
    # Which factors, but no figure.
    "tsia-adoption-charter": {},
    "tsia-early-stage": {},
    "totango-four-factors": {},
    # One end of the range that he calls common, and the more common end.
    "drury-adoption-first": {"pay.variable_share": 0.20},
    "resumegeni-80-20-nrr": {"pay.variable_share": 0.20},
    "resumegeni-85-15-nrr": {"pay.variable_share": 0.15},
    "posthog-csm-v3": {
        "pay.variable_share": 0.20,
        "components[0].weight": 1.0,
        "components[0].target": 1.10,
        "components[0].curve.points[0][0]": 1.0,
        "components[0].curve.points[0][1]": 0.0,
        "components[0].curve.points[1][0]": 1.10,
        "components[0].curve.points[1][1]": 1.0,
    },
    "posthog-csm-v2": {
        "pay.variable_share": 0.10,
        "components[0].weight": 1.0,
        "components[0].target": 1.20,
        "components[0].curve.points[0][0]": 1.0,
        "components[0].curve.points[0][1]": 0.0,
        "components[0].curve.points[1][0]": 1.20,
        "components[0].curve.points[1][1]": 1.0,
    },
    "posthog-csm-v1": {
        "pay.variable_share": 0.10,
        "components[0].weight": 1.0,
        "components[0].target": 1.0,
        "components[0].curve.points[0][0]": 0.90,
        "components[0].curve.points[0][1]": 0.0,
        "components[0].curve.points[1][0]": 1.0,
        "components[0].curve.points[1][1]": 1.0,
        "components[0].curve.cap": 1.0,
    },
    "flowfuse-csm": {
        "pay.variable": 4 * 10_000,
        "components[0].weight": 1.0,
        "components[0].target": 1.15,
        "components[0].curve.points[0][0]": 1.0,
        "components[0].curve.points[0][1]": 0.0,
        "components[0].curve.points[1][0]": 1.15,
        "components[0].curve.points[1][1]": 1.0,
    },
    "gitlab-tam": {
        "pay.variable_share": 0.25,
        "seasonality[0]": 0.19,
        "seasonality[1]": 0.245,
        "seasonality[2]": 0.28,
        "seasonality[3]": 0.285,
        # Rate = target variable / quota, from the first deal on: the quota pays exactly target variable.
        "components[0].curve.points[0][0]": 0.0,
        "components[0].curve.points[0][1]": 0.0,
        "components[0].curve.points[1][0]": 1.0,
        "components[0].curve.points[1][1]": 1.0,
    },
    "sourcegraph-ta": {"components[0].weight": 0.60, "components[1].weight": 0.40},
    "xactly-csm": {"pay.variable_share": 0.20, "components[0].weight": 0.30, "components[1].weight": 0.70},
    "xactly-csr": {
        "pay.variable_share": 0.20,
        "components[0].weight": 0.30,
        "components[1].weight": 0.35,
        "components[2].weight": 0.35,
    },
}


def numbers(value: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Every number of plain data with its place."""
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from numbers(entry, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for index, entry in enumerate(value):
            yield from numbers(entry, f"{place}[{index}]")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield place, value


def figures(key: str) -> dict[str, float]:
    """Every number of a template but the version of the format."""
    found = dict(numbers(read_yaml(templates.text(key))))
    assert found.pop("compplan") == 1
    return found


def covers(path: str, place: str) -> bool:
    return place == path or place.startswith((f"{path}.", f"{path}["))


def at_target(plan: Plan, period: int | str) -> dict[str, float]:
    """Results with everything exactly at target in one period or the year."""
    results: dict[str, float] = {}
    for component in plan.components:
        share = 1.0 if period == "year" else plan.season(int(period))
        flow = plan.measure(component.measure).kind == "flow"
        results[component.key] = component.target * (share if flow else 1.0)
    for gate in plan.gates:
        edge = gate.at_least if gate.at_least is not None else gate.at_most
        assert edge is not None
        results.setdefault(plan.result_key(gate.measure), edge)
    return results


def test_all_templates_are_there() -> None:
    assert set(KEYS) == set(GIVEN)
    assert list(KEYS) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_loads_and_reads_back(key: str) -> None:
    plan = templates.load(key)
    assert isinstance(plan, Plan)
    assert Plan.from_yaml(templates.text(key)) == plan
    assert Plan.from_yaml(plan.to_yaml()) == plan
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)


def test_names_are_told_apart() -> None:
    names = [templates.load(key).name for key in KEYS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("key", KEYS)
def test_source_resolves_and_the_note_says_something(key: str) -> None:
    about = templates.load(key).about
    assert about.source is not None
    assert facts.source(about.source).key == about.source
    assert about.note is not None
    assert len(about.note) > 200


@pytest.mark.parametrize("key", KEYS)
def test_every_number_is_given_by_the_source_or_listed_as_assumed(key: str) -> None:
    found, given, assumed = figures(key), GIVEN[key], templates.load(key).about.assumed
    covered = {place for place in found if any(covers(path, place) for path in assumed)}
    assert {place: found[place] for place in found.keys() - covered} == given
    assert given.keys() & covered == set()


@pytest.mark.parametrize("key", KEYS)
def test_every_assumed_path_names_numbers_and_once(key: str) -> None:
    found, assumed = figures(key), templates.load(key).about.assumed
    assert [path for path in assumed if not any(covers(path, place) for place in found)] == []
    assert [p for p in assumed if any(covers(q, p) for q in assumed if q != p)] == []
    assert len(set(assumed)) == len(assumed)


@pytest.mark.parametrize("key", [key for key in KEYS if key.startswith("knowup-")])
def test_knowup_points_lie_within_its_ranges(key: str) -> None:
    plan = templates.load(key)
    assert (plan.pay.base, plan.pay.ote) == ((75_000 + 95_000) / 2, (90_000 + 120_000) / 2)
    weights = {c.key: c.weight or 0.0 for c in plan.components}
    if "csat_top_box" not in weights:
        weights = {name: weight * (1 - 0.20) for name, weight in weights.items()} | {"csat_top_box": 0.20}
    assert 0.40 <= weights["grr"] <= 0.50
    assert 0.30 <= weights["expansion_arr"] <= 0.40
    assert 0.15 <= weights["csat_top_box"] <= 0.25


@pytest.mark.parametrize("key", KEYS)
def test_pays_exactly_its_target_at_target(key: str) -> None:
    plan = templates.load(key)
    for period in [*range(1, plan.periods + 1), "year"]:
        statement = payout(plan, at_target(plan, period), period=period)
        assert statement.total == statement.period_target, period
        assert statement.payout_fraction == 1.0
        assert statement.at_target_fraction == 1.0
    year = payout(plan, at_target(plan, "year"), period="year")
    assert year.total == pytest.approx(plan.pay.target_variable, abs=0.005)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['template']}-{c['period']}-{c['results']}")
def test_pays_what_the_table_says(case: dict[str, Any]) -> None:
    plan = templates.load(case["template"])
    assert payout(plan, case["results"], period=case["period"]).total == case["total"]
    assert case.keys() == {"template", "results", "period", "total", "says"}
    assert case["says"] in {"source", "ours"}


def test_the_table_has_several_points_of_every_template() -> None:
    counts = {key: sum(case["template"] == key for case in CASES) for key in KEYS}
    assert {key: n for key, n in counts.items() if n < 2} == {}


def test_a_miss_pays_the_same_in_two_readings_and_a_pass_does_not() -> None:
    missed = {"grr": 0.95, "expansion_arr": 310_000, "csat_top_box": 0.80}
    passed = missed | {"csat_top_box": 0.95}
    weighted, modifier = templates.load("knowup-csat-weighted"), templates.load("knowup-csat-modifier")
    assert payout(weighted, missed, period="year").total == payout(modifier, missed, period="year").total
    assert payout(weighted, passed, period="year").total < payout(modifier, passed, period="year").total


@pytest.mark.parametrize("key", KEYS)
def test_describe_tells_what_the_file_holds(key: str) -> None:
    told, plan = templates.describe(key), templates.load(key)
    assert (told.key, told.name, told.role) == (key, plan.name, plan.role)
    assert told.source_label == facts.source(plan.about.source or "").label
    assert told.assumed_count == len(figures(key)) - len(GIVEN[key])


@pytest.mark.parametrize("ask", [templates.load, templates.text, templates.describe])
@pytest.mark.parametrize(
    ("asked", "offered"),
    [("posthog-csm", "posthog-csm-v3"), ("flowfuse", "flowfuse-csm"), ("xactly-cs", "xactly-csm")],
)
def test_an_unknown_key_names_the_nearest(ask: Any, asked: str, offered: str) -> None:
    with pytest.raises(templates.TemplateError, match=rf"no template '{asked}'.*{offered}"):
        ask(asked)


@pytest.mark.parametrize("asked", ["", "../../pyproject", "../sources", "KNOWUP-CSAT-GATE", "knowup-csat-gate.yaml"])
def test_only_keys_open_files(asked: str) -> None:
    with pytest.raises(LookupError, match="no template"):
        templates.text(asked)
