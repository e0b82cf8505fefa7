"""Findings as SARIF, which editors and code hosts show next to the lines of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import compplan
from compplan import facts
from compplan.errors import Problem
from compplan.plan.files import lines_of
from compplan.review.catalog import evidence_text, rules
from compplan.review.findings import Finding, Severity
from compplan.review.registry import Rule
from compplan.review.reports import line_at
from compplan.review.run import severity_under

SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVEL: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "note"}


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A plan file with its findings.

    Attributes
    ----------
    name : str
        Path of the file as given.
    text : str
        Content of the file, to find lines; empty if unknown.
    findings : tuple of Finding
    problems : tuple of Problem
        Problems from reading the file that belong to no rule.
    """

    name: str
    text: str
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...] = ()


def sarif(checked: Iterable[CheckedFile]) -> dict[str, Any]:
    """Return findings as SARIF 2.1.0.

    Notes
    -----
    Static Analysis Results Interchange Format, OASIS Standard 2.1.0.
    """
    results: list[dict[str, Any]] = []
    unread: list[dict[str, Any]] = []
    order = list(rules())
    for file in checked:
        lines = lines_of(file.text)
        results += [
            {
                "ruleId": finding.rule,
                "ruleIndex": order.index(finding.rule),
                "level": _LEVEL[finding.severity],
                "message": {"text": finding.message},
                "locations": [_location(file.name, lines, finding.place)],
            }
            for finding in file.findings
        ]
        unread += [
            {
                "level": "error",
                "message": {"text": str(problem)},
                "locations": [_location(file.name, lines, problem.where)],
            }
            for problem in file.problems
        ]
    driver = {
        "name": "compplan",
        "version": compplan.__version__,
        "rules": [_rule_data(rule) for rule in rules().values()],
    }
    invocation: dict[str, Any] = {"executionSuccessful": not unread}
    if unread:  # an unreadable file must not look like one without findings
        invocation["toolExecutionNotifications"] = unread
    run = {"tool": {"driver": driver}, "invocations": [invocation], "results": results}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _location(name: str, lines: Mapping[str, int], place: str) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(name.replace("\\", "/"))},
            "region": {"startLine": line_at(lines, place)},
        },
        "logicalLocations": [{"fullyQualifiedName": place}],
    }


def _rule_data(rule: Rule) -> dict[str, Any]:
    source = facts.source(rule.source).label
    return {
        "id": rule.id,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": f"{rule.why} Source: {source}, {evidence_text(rule.id)}. {rule.dissent}".strip()},
        "defaultConfiguration": {"level": _LEVEL[severity_under(rule, "commercial")]},
    }
