"""Reports of a review: fixes that can be followed, lines of places, Markdown and SARIF."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from review.cases import TODAY

from compplan import templates
from compplan.errors import Problem
from compplan.plan import Plan, paths
from compplan.review import EVIDENCE_LEVELS, Finding, Review, findings_of_problems, reports, review, rules
from compplan.review.sarif import CheckedFile, sarif

KEYS = list(templates.keys())


def review_of(key: str) -> Review:
    return review(templates.load(key), today=TODAY)


def bare(plan: Plan) -> Plan:
    """A plan without its description."""
    return plan.edit({"about": None}) if "about" in plan.to_dict() else plan


@pytest.mark.parametrize("key", KEYS)
def test_changes_of_a_fix_give_the_fixed_plan(key: str) -> None:
    """Following a report by hand gives the plan that the fix was tried on."""
    result = review_of(key)
    entries = reports.to_dict(result)["findings"]
    for finding, data in zip(result.findings, entries, strict=True):
        fixed = result.fix(finding)
        assert (fixed is None) == (data["fix"] is None)
        if fixed is not None:
            changes = data["fix"]["changes"]
            assert changes
            for change in changes:
                try:
                    now = paths.get(result.plan.to_dict(), change["path"])
                except LookupError:
                    now = None
                assert now == change["before"]
            changed = result.plan.edit({change["path"]: change["after"] for change in changes})
            assert bare(changed) == bare(fixed.plan)


def test_templates_offer_fixes_to_follow() -> None:
    assert sum(result.fix(f) is not None for result in map(review_of, KEYS) for f in result.findings) > 50


@pytest.mark.parametrize("key", KEYS)
def test_report_is_plain_data_with_every_finding(key: str) -> None:
    result = review_of(key)
    data = json.loads(json.dumps(reports.to_dict(result), allow_nan=False))
    assert [(f["rule"], f["severity"], f["place"]) for f in data["findings"]] == [
        (f.rule, f.severity, f.place) for f in result.findings
    ]
    assert sum(data["counts"].values()) == len(data["findings"])
    assert (data["review_grade"], data["today"]) == (result.grade, TODAY.isoformat())
    assert data["plan_hash"] == result.plan.hash


def leaves(value: Any, steps: tuple[str | int, ...] = ()) -> Any:
    """Every place of plain data without parts, with its value."""
    if isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(entry, (*steps, key))
    else:
        yield steps, value


@pytest.mark.parametrize("key", KEYS)
def test_every_place_of_a_plan_has_its_line(key: str) -> None:
    text = templates.text(key)
    lines, shown = reports.lines_of(text), text.splitlines()
    for steps, _ in leaves(templates.load(key).to_dict()):
        place = paths.join(steps)
        if place not in lines:  # a default that the file leaves out
            continue
        name = next(step for step in reversed(steps) if isinstance(step, str))
        line = shown[reports.line_at(lines, place) - 1]
        assert name in line or isinstance(steps[-1], int), (place, line)
    components = [i for i, line in enumerate(shown, 1) if re.match(r" +- (measure|id):", line)]
    if len(components) == len(templates.load(key).components):
        assert [reports.line_at(lines, f"components[{i}]") for i in range(len(components))] == components


def test_missing_place_has_the_line_of_its_parent() -> None:
    text = "name: x\npay:\n  base: 1\ncomponents:\n  - measure: grr\n    curve: {kind: goal, at: 1}\n"
    lines = reports.lines_of(text)
    assert reports.line_at(lines, "pay.variable") == 2
    assert reports.line_at(lines, "components[0].curve.cap") == 6
    for place in ("", "caps.total", "context.renewal_owner", "components[7]...", "'odd key'"):
        assert reports.line_at(lines, place) in {1, 4}
    assert reports.line_at(lines, "caps.total") == 1


def test_places_of_json_have_lines_too() -> None:
    text = templates.load("flowfuse-csm").to_json()
    spread = json.dumps(json.loads(text), indent=2)
    lines = reports.lines_of(spread)
    assert '"base"' in spread.splitlines()[reports.line_at(lines, "pay.base") - 1]


@pytest.mark.parametrize("text", ["", "[" * 5000, "a: [", "a: &x [*x]", "- 1", "\x00", "a: 1\na: 2"])
def test_unreadable_text_has_line_1_only(text: str) -> None:
    assert reports.line_at(reports.lines_of(text), "pay.base") == 1


def test_sarif_has_the_shape_of_the_standard() -> None:
    log = sarif(CheckedFile(f"plans/{key}.yaml", templates.text(key), review_of(key).findings) for key in KEYS)
    assert set(log) == {"$schema", "version", "runs"}
    (run,) = log["runs"]
    assert {rule["id"] for rule in run["tool"]["driver"]["rules"]} == set(rules())
    for rule in run["tool"]["driver"]["rules"]:
        assert all(rule[part]["text"].endswith(".") for part in ("shortDescription", "fullDescription", "help"))
        assert rule["defaultConfiguration"]["level"] in {"error", "warning", "note"}
    assert len(run["results"]) == sum(len(review_of(key).findings) for key in KEYS)
    for result in run["results"]:
        assert result["level"] in {"error", "warning", "note"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        key = physical["artifactLocation"]["uri"].removeprefix("plans/").removesuffix(".yaml")
        assert 1 <= physical["region"]["startLine"] <= templates.text(key).count("\n")


HOSTILE = [
    "@everybody and me@example.com",
    "https://example.com and www.example.com",
    "<img src=x onerror=alert(1)>",
    "](http://x) [go",
    "a | b | c",
    "`code` **bold** _it_ ~~no~~",
    "# head\n- item",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_name_of_a_plan_cannot_become_markdown(name: str) -> None:
    # A plan refuses a name that changes the reading direction, but a file may have one.
    kicker = {"name": name.replace("\u202e", ""), "measure": "pipeline", "per_unit": 1.0}
    plan = templates.load("knowup-csat-weighted").edit({"kickers": [kicker]})
    usual = reports.markdown("plan.yaml", review(templates.load("knowup-csat-weighted"), today=TODAY))
    text = reports.markdown(f"{name}.yaml", review(plan, today=TODAY))
    allowed = {"<details>", "<summary>", "</summary>", "</details>"}
    assert set(re.findall(r"(?<!\\)<[^>]*>", text)) - {"<!-- -->"} <= allowed
    assert not re.search(r"(?<!\\)\]\(", text)
    assert not re.search(r"@\w|://|www\.|[\u202e\x1b]", text)
    # As many columns as ever: nothing adds a cell or a row of its own.
    rows = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {7}
    assert [line for line in text.splitlines() if line.startswith("#")][1:] == []
    assert usual.splitlines()[4] == text.splitlines()[4]


def test_text_that_changes_the_reading_direction_or_a_terminal_is_escaped() -> None:
    assert reports.escaped("left\u202eright\x1b[31m") == "leftright\\[31m"


def test_legend_explains_each_evidence_level_once() -> None:
    result = review_of("knowup-csat-weighted")
    used = {finding.evidence_level for finding in result.findings}
    for text in (reports.to_text(result), reports.markdown("plan.yaml", result)):
        for level, meaning in EVIDENCE_LEVELS.items():
            assert text.count(f"{level} is {meaning}") == (level in used)
            assert f"level {level}, " not in text


def test_finding_without_a_place_has_no_parentheses() -> None:
    plan = templates.load("flowfuse-csm")
    assert reports.finding_line(Finding("GEN-10", "info", "", "No cap."), plan) == "Note GEN-10: No cap."
    line = reports.finding_line(Finding("GEN-10", "error", "context.team_size", "Too\nfew."), plan)
    assert line == "Error GEN-10 (answer to team_size): Too few."


def test_problem_of_reading_has_its_rule() -> None:
    problems = [Problem("components", "weights must sum to 1.", "INT-01"), Problem("name", "is missing.")]
    assert reports.refused_text(problems) == ["Components: Weights must sum to 1. [INT-01]", "Name is missing."]
    (finding,) = findings_of_problems(problems)
    assert (finding.rule, finding.severity, finding.place) == ("INT-01", "error", "components")


def test_name_of_a_plan_adds_no_line_to_the_text() -> None:
    kicker = {"name": "x\nError INT-01 at pay: forged.", "measure": "pipeline", "per_unit": 1.0}
    plan = templates.load("knowup-csat-weighted").edit({"kickers": [kicker]})
    lines = reports.to_text(review(plan, today=TODAY)).splitlines()
    assert [line for line in lines if line.startswith("Error INT-01")] == []


def test_unreadable_file_does_not_look_clean_in_sarif() -> None:
    good = CheckedFile("good.yaml", "", ())
    bad = CheckedFile("bad.yaml", "name: x\npay: 1\n", (), (Problem("pay", "must be a mapping."),))
    (run,) = sarif([good, bad])["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "pay: must be a mapping."
    place = notification["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("bad.yaml", 2)
    assert sarif([good])["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_text_of_a_finding_is_indented_below_its_first_line() -> None:
    plan = templates.load("knowup-csat-weighted").edit({"caps": {"total": 0.9}})
    shown = reports.to_text(review(plan, today=TODAY), questions=False).splitlines()
    start = next(i for i, line in enumerate(shown) if "INT-03" in line)
    first, recommended, fix = shown[start : start + 3]
    assert first == (
        "Error INT-03 (Total cap): At target this plan pays 90% of target variable, not 100%. The total cap is 90%."
    )
    assert recommended.startswith("    Recommended: At target the plan pays 100%. compplan, Illustrative defaults")
    assert fix == "    Fix: Raise the total cap to 100%."


def test_sarif_names_the_place_in_the_plan() -> None:
    findings = review_of("knowup-csat-weighted").findings
    log = sarif([CheckedFile("plan.yaml", "", findings)])
    for result, finding in zip(log["runs"][0]["results"], findings, strict=True):
        assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": finding.place}]


def test_sarif_has_the_file_as_a_uri() -> None:
    log = sarif([CheckedFile("my plan.yaml", "", review_of("knowup-csat-weighted").findings)])
    place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my%20plan.yaml"
