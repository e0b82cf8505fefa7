"""`compplan diff`: what changed between two plans, in words and in money."""

from __future__ import annotations

import json
from pathlib import Path

from support.commands import errors_of, output_of

from compplan import templates

GATE, WEIGHTED = "template:knowup-csat-gate", "template:knowup-csat-weighted"


def test_diff_prints_changes_and_money(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(templates.load("knowup-csat-gate").edit({"pay.base": 90000.0}).to_yaml(), encoding="utf-8")
    lines = [line.split("  ") for line in output_of("diff", GATE, str(file)).splitlines()]
    assert lines[:2] == [["Changes"], ["", "Base salary: $85,000 → $90,000"]]
    rows = {row[0]: [cell.strip() for cell in row[1:] if cell.strip()] for row in lines[3:]}
    assert rows["OTE"] == ["$105,000.00", "$110,000.00", "+$5,000.00"]
    assert "Target variable" not in rows


def test_diff_as_json_has_words_money_and_currency() -> None:
    data = json.loads(output_of("diff", GATE, WEIGHTED, "--json"))
    assert set(data) == {"words", "money", "currency"}
    assert data["currency"] == "USD"
    assert set(data["words"][0]) == {"where", "before", "now"}
    assert any(change["where"].startswith("Gate on") and change["now"] == "none" for change in data["words"])
    assert all(set(row) == {"name", "kind", "before", "now"} and row["before"] != row["now"] for row in data["money"])


def test_diff_of_a_plan_with_itself_is_empty() -> None:
    assert output_of("diff", GATE, GATE) == "No differences.\n"
    assert json.loads(output_of("diff", GATE, GATE, "--json")) == {"words": [], "money": [], "currency": "USD"}


def test_diff_never_compares_money_of_two_currencies(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(templates.load("knowup-csat-gate").edit({"currency": "EUR"}).to_yaml(), encoding="utf-8")
    data = json.loads(output_of("diff", GATE, str(file), "--json"))
    assert data["money"] == []
    assert {"where": "Currency", "before": "USD", "now": "EUR"} in data["words"]
    assert output_of("diff", GATE, str(file)).endswith("\nPay is not compared, because the currencies differ.\n")


def test_diff_pays_both_plans_on_the_targets_of_the_new_one(tmp_path: Path) -> None:
    """With GRR's target moved from 92% to 93%, the old plan pays for 93%, which is not its own pay at target."""
    file = tmp_path / "plan.yaml"
    edits = {"components[0].target": 0.93, "components[0].curve.points": [[0.85, 0.5], [0.93, 1.0], [0.97, 1.6]]}
    file.write_text(templates.load("knowup-csat-gate").edit(edits).to_yaml(), encoding="utf-8")
    lines = [line for line in output_of("diff", GATE, str(file)).splitlines() if line.startswith("Variable pay")]
    assert len(lines) == 1
    assert lines[0].split("  ")[0] == "Variable pay at the new plan's targets"
    old, new, _ = lines[0].split()[-3:]
    assert float(old.strip("$").replace(",", "")) > 20000.0
    assert new == "$20,000.00"


def test_diff_names_the_plan_that_is_missing() -> None:
    assert errors_of("diff", GATE, "none.yaml") == ["none.yaml: there is no such file."]


def test_diff_names_places_and_settings_as_people_know_them() -> None:
    text = output_of("diff", GATE, WEIGHTED)
    assert (
        "  CSAT (share): none → weight 20%; measured on one person; target 90%; curve kind all or nothing; goal 90%\n"
        in text
    )
    removed = "; removed Gate on CSAT (share) at least, Gate on CSAT (share) otherwise limit\n"
    assert f"added CSAT (share) weight, CSAT (share) target, CSAT (share) curve{removed}" in text
    assert "  Plan note: rewritten\n" in text
    assert "components[" not in text


def test_diff_says_where_an_amount_is_added_removed_or_uncapped() -> None:
    lines = output_of("diff", GATE, "template:flowfuse-csm").splitlines()
    ends = {line.split("  ")[0]: line.split()[-1] for line in lines if "  " in line}
    assert (ends["NRR: target pay"], ends["GRR: target pay"], ends["Maximum variable"]) == (
        "added", "removed", "uncapped",
    )  # fmt: skip
