"""`compplan check` and `compplan rules`: output forms, exit status, settings, context and refusals."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from support.commands import errors_of, output_of, run

from compplan import templates
from compplan.review import rules

ROOT = Path(__file__).resolve().parents[2]
DAY = ("--today", "2026-06-01", "--isolated")


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan without an error: the usual template."""
    file = tmp_path / "plan.yaml"
    file.write_text(templates.text("knowup-csat-weighted"), encoding="utf-8")
    return file


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A plan with an error of the review: satisfaction as a weight and as a gate."""
    gate = {"measure": "csat_top_box", "at_least": 0.85, "otherwise": {"limit": 1.0}}
    file = tmp_path / "wrong.yaml"
    file.write_text(templates.load("knowup-csat-weighted").edit({"gates": [gate]}).to_yaml(), encoding="utf-8")
    return file


@pytest.fixture
def unreadable(tmp_path: Path) -> Path:
    """A plan that is refused: its weights sum to 110%."""
    file = tmp_path / "unreadable.yaml"
    text = templates.load("knowup-csat-weighted").to_yaml()
    file.write_text(text.replace("weight: 0.45", "weight: 0.55"), encoding="utf-8")
    return file


def review_of(*arguments: str, code: int = 0) -> Any:
    done = run("check", *arguments, *DAY, "--json")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def test_exit_status_distinguishes_errors_from_unreadable_plans(plan: Path, wrong: Path, unreadable: Path) -> None:
    assert run("check", str(plan), *DAY).exit_code == 0
    assert run("check", str(wrong), *DAY).exit_code == 1
    assert run("check", str(unreadable), *DAY).exit_code == 2
    assert run("check", str(plan), str(wrong), *DAY).exit_code == 1


def test_json_has_every_key(wrong: Path) -> None:
    seen = review_of(str(wrong), code=1)
    assert seen["at_target_fraction"] == 1.0
    assert (seen["profile"], seen["review_grade"], seen["today"]) == ("commercial", "D", "2026-06-01")
    first = seen["findings"][0]
    assert {"rule", "severity", "place", "message", "source", "grade", "dissent", "fix"} <= set(first)
    assert (first["rule"], first["severity"], first["place"]) == ("KNW-08", "error", "gates[0]")
    assert (first["source"], first["grade"]) == ("knowup", "S")
    assert first["fix"]["changes"][0]["path"] == "gates"
    assert {"question", "text", "rules"} == set(seen["unanswered"][0])
    severities = [finding["severity"] for finding in seen["findings"]]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)


def test_text_starts_with_pay_and_grade_and_only_counts_the_questions(plan: Path) -> None:
    pay, review = output_of("check", str(plan), *DAY).split("\n\n")
    assert pay.startswith("KnowUp: CSAT as a weighted part: ")
    first, *findings, last = review.splitlines()
    assert first.startswith("Review: grade C (0 errors, ")
    count = len(review_of(str(plan))["unanswered"])
    assert f", {count} unanswered questions), following KnowUp (2024)" in first
    assert last == f"{count} questions are unanswered and can hide findings. To list them, add --questions."
    assert not [line for line in findings if "renewal_owner" in line]


def test_questions_are_listed_with_the_rules_that_need_them(plan: Path) -> None:
    lines = output_of("check", str(plan), *DAY, "--questions").splitlines()
    listed = lines[lines.index("Unanswered questions, each with the rules that need the answer:") + 1 :]
    assert "  renewal_owner: Who owns renewals? (OWN-02, GEN-05)" in listed
    assert len(listed) == len(review_of(str(plan))["unanswered"])


def test_several_plans_are_a_list(plan: Path, wrong: Path) -> None:
    seen = review_of(str(plan), str(wrong), code=1)
    assert [one["review_grade"] for one in seen] == ["C", "D"]


def test_refused_plan_names_the_broken_rule(unreadable: Path) -> None:
    seen = review_of(str(unreadable), code=2)
    assert seen["valid"] is False
    assert [(f["rule"], f["severity"], f["place"]) for f in seen["findings"]] == [("INT-01", "error", "components")]
    assert seen["problems"][0]["rule"] == "INT-01"
    (line,) = errors_of("check", str(unreadable), *DAY)
    assert line.startswith(f"{unreadable}:7: Components: Weights must sum to 1 (100%). They sum to 1.1")
    assert line.endswith("[INT-01]")


def test_unreadable_plan_does_not_hide_the_others(plan: Path, unreadable: Path) -> None:
    done = run("check", str(plan), str(unreadable), *DAY)
    assert done.exit_code == 2
    assert "KnowUp: CSAT as a weighted part" in done.stdout
    assert done.stderr.startswith(f"{unreadable}:7: Components: Weights must sum to 1")
    assert f"\n{plan}:15: Warning INT-11 (GRR curve): " in done.stdout


def test_context_answers_questions(plan: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.yaml"
    context.write_text("renewal_owner: ae\nbook: {accounts: 61}\n", encoding="utf-8")
    before, after = review_of(str(plan)), review_of(str(plan), "--context", str(context))
    asked = {u["question"] for u in before["unanswered"]} - {u["question"] for u in after["unanswered"]}
    assert {"renewal_owner", "book.accounts"} <= asked
    found = {f["rule"] for f in after["findings"]} - {f["rule"] for f in before["findings"]}
    assert {"OWN-02", "KNW-14"} <= found


def test_fail_on_takes_note_for_the_severity_info(tmp_path: Path) -> None:
    arguments = ("check", "template:knowup-csat-weighted", "--today", "2026-06-01", "--json")
    for severity in ("note", "info"):
        assert run(*arguments, "--fail-on", severity).exit_code == 1
    assert run(*arguments, "--fail-on", "error").exit_code == 0
    assert errors_of("check", "template:xactly-csm", "--fail-on", "notes") == [
        "--fail-on must be error, warning, note or never. You entered 'notes'."
    ]


def test_a_rule_is_explained_without_keys() -> None:
    text = output_of("rules", "GEN-10")
    assert "warning under every guide" in text
    assert "level J, our own judgment" in text
    assert "evidence level" not in text
    assert "Depends on   role, component weight\n" in output_of("rules", "KNW-01")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("renewal_ownr: csm\n", "renewal_ownr is not a known key; did you mean renewal_owner or "),
        ("renewal_owner: me\n", "renewal_owner must be one of csm, renewals, ae, am, shared. You entered 'me'."),
        ("book: {accounts: -1}\n", "book.accounts must be at least 0. You entered -1."),
        ("states: [Atlantis]\n", "states[0] must be two capital letters, such as US or CA. You entered 'Atlantis'."),
        ("country: usa\n", "country must be two capital letters, such as US or CA. You entered 'usa'."),
        ("states: [ZZ]\n", "states: 'ZZ' is not a US state; enter its two letters"),
        ("measures: {ces: {history: 2}}\n", "measures.ces: the plan has no component 'ces'; it has "),
    ],
)
def test_invalid_context_is_refused(plan: Path, tmp_path: Path, text: str, sentence: str) -> None:
    context = tmp_path / "context.yaml"
    context.write_text(text, encoding="utf-8")
    assert errors_of("check", str(plan), "--context", str(context), *DAY)[0].startswith(sentence)


def test_profile_changes_severities(plan: Path) -> None:
    severity = {}
    for profile in ("commercial", "adoption_first"):
        seen = review_of(str(plan), "--profile", profile)
        severity[profile] = {f["rule"]: f["severity"] for f in seen["findings"]}
    assert severity["commercial"]["DRU-11"] == "info"
    assert severity["adoption_first"]["DRU-11"] == "warning"
    assert errors_of("check", str(plan), "--profile", "comercial", *DAY) == [
        "There is no profile 'comercial'; did you mean commercial?"
    ]


def test_settings_are_found_beside_or_above_the_plan(plan: Path, tmp_path: Path) -> None:
    nested = tmp_path / "plans" / "2026"
    nested.mkdir(parents=True)
    file = nested / "plan.yaml"
    file.write_text(plan.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "compplan.toml").write_text(
        '[review]\nprofile = "survey"\nignore = ["CUR", "TOT-02"]\n[review.severity]\nINT-11 = "error"\n'
        "[review.thresholds.KNW-01]\nlow = 0.46\n",
        encoding="utf-8",
    )
    done = run("check", str(file), "--today", "2026-06-01", "--json")
    assert done.exit_code == 1
    seen = json.loads(done.stdout)
    assert seen["profile"] == "survey"
    found = {f["rule"]: f["severity"] for f in seen["findings"]}
    assert found["INT-11"] == "error"
    assert found["KNW-01"] == "info"
    assert not [rule for rule in found if rule.startswith("CUR") or rule == "TOT-02"]
    assert "CUR-04" in seen["ignored"]
    # What is named on the command line wins, and --isolated leaves the file alone.
    named = run("check", str(file), "--today", "2026-06-01", "--json", "--profile", "charter")
    assert json.loads(named.stdout)["profile"] == "charter"
    assert review_of(str(file))["profile"] == "commercial"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[review]\nprofil = 'x'\n",
            "compplan.toml: review.profil is not a known key; did you mean profile?",
        ),
        ("[review]\nignore = ['KNW-99']\n", "compplan.toml: review.ignore[0]: 'KNW-99' is not a rule or family; "),
        ("[review.severity]\nINT-11 = 'fatal'\n", "compplan.toml: review.severity.'INT-11' must be one of "),
        (
            "[review.thresholds.KNW-01]\nsatisfaction_high = 1.0\n",
            "compplan.toml: review.thresholds.KNW-01.satisfaction_",
        ),
        (
            "[review.thresholds.KNW-04]\nretention_low = 0.5\nexpansion_low = 0.4\n",
            "compplan.toml: review.thresholds.KNW-04",
        ),
        (
            "[review.thresholds.KNW-01]\nlow = 40\n",
            "compplan.toml: review.thresholds.KNW-01.low is a fraction of target ",
        ),
        ("[review.thresholds.KNW-01]\nlow = -0.1\n", "compplan.toml: review.thresholds.KNW-01.low must be 0 or more"),
        (
            "[review.thresholds.KNW-01]\nlow = 0.6\n",
            "compplan.toml: review.thresholds.KNW-01.low: low is 0.6, above high of 0.5",
        ),
        (
            "[review.thresholds.KNW-01]\nlo = 1\n",
            "compplan.toml: review.thresholds.KNW-01.lo: 'lo' is not a threshold of",
        ),
        ("[lint]\n", "compplan.toml: lint is not known here; settings go under [review]."),
        ("[review", "{place} is not readable as TOML: "),
    ],
)
def test_invalid_settings_are_refused(plan: Path, text: str, sentence: str) -> None:
    file = plan.parent / "compplan.toml"
    file.write_text(text, encoding="utf-8")
    (line, *_) = errors_of("check", str(plan), "--today", "2026-06-01")
    assert line.startswith(sentence.format(place=file)), line


def test_one_context_serves_several_plans(plan: Path, tmp_path: Path) -> None:
    other, context = tmp_path / "other.yaml", tmp_path / "context.yaml"
    other.write_text(templates.load("flowfuse-csm").to_yaml(), encoding="utf-8")
    context.write_text("measures: {grr: {history: 8}, nrr: {history: 8}}\n", encoding="utf-8")
    seen = [told["unanswered"] for told in reviews_of(str(plan), str(other), "--context", str(context))]
    assert not {u["question"] for asked in seen for u in asked} & {"measures.grr.history", "measures.nrr.history"}
    assert all(len(set(u["rules"])) == len(u["rules"]) for asked in seen for u in asked)
    context.write_text("correlations: {'grr,grrr': 0.9}\nteam_targets: {nrrr: 5}\n", encoding="utf-8")
    sentences = errors_of("check", str(plan), str(other), "--context", str(context))
    assert [sentence.partition(":")[0] for sentence in sentences] == ["team_targets.nrrr", "correlations.'grr,grrr'"]


def reviews_of(*arguments: str) -> list[dict[str, Any]]:
    return json.loads(run("check", *arguments, *DAY, "--json").stdout)


def test_sarif_names_the_line(wrong: Path, unreadable: Path) -> None:
    done = run("check", str(wrong), str(unreadable), *DAY, "--sarif")
    log = json.loads(done.stdout)
    assert log["version"] == "2.1.0"
    (only,) = log["runs"]
    driver = only["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == list(rules())
    assert {result["level"] for result in only["results"]} <= {"error", "warning", "note"}
    for result in only["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    twice = next(result for result in only["results"] if result["ruleId"] == "KNW-08")
    place = twice["locations"][0]["physicalLocation"]
    lines = wrong.read_text(encoding="utf-8").splitlines()
    assert place["artifactLocation"]["uri"] == str(wrong)
    assert "csat_top_box" in lines[place["region"]["startLine"] - 1]
    assert "INT-01" in [result["ruleId"] for result in only["results"]]


def test_plan_text_cannot_become_markdown_markup(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    kicker = {"name": "<img src=x> | [go](http://x)", "measure": "pipeline", "per_unit": 1.0}
    file.write_text(templates.load("knowup-csat-weighted").edit({"kickers": [kicker]}).to_yaml(), encoding="utf-8")
    text = run("check", str(file), *DAY, "--markdown").stdout
    assert "### Review of" in text
    assert "<img" not in text.replace("\\<img", "")
    assert "[go](" not in text
    rows = [line for line in text.splitlines() if line.startswith("| ") and "DRU-03" in line]
    assert len(rows) == 1


def test_output_forms_exclude_each_other(plan: Path) -> None:
    assert errors_of("check", str(plan), "--json", "--sarif") == [
        "Use only one of --json, --sarif, --markdown and --quiet."
    ]


def test_invalid_date_is_refused(plan: Path) -> None:
    assert errors_of("check", str(plan), "--today", "1 June") == [
        "--today must be a date such as 2026-01-31. You entered '1 June'."
    ]


def test_outdated_facts_become_one_finding(plan: Path) -> None:
    done = run("check", str(plan), "--today", "2028-01-01", "--isolated", "--json")
    seen = json.loads(done.stdout)
    assert [f["rule"] for f in seen["findings"] if f["rule"].startswith(("LAW", "FIN"))] == ["LAW-10"]
    assert {"LAW-01", "LAW-06", "FIN-04"} <= set(seen["stale"])


def test_law_findings_have_a_date(plan: Path, tmp_path: Path) -> None:
    context = tmp_path / "context.yaml"
    context.write_text("exempt: false\nlaw: {overtime_true_up: false}\n", encoding="utf-8")
    seen = review_of(str(plan), "--context", str(context), code=1)
    found = next(f for f in seen["findings"] if f["rule"] == "LAW-05")
    assert (found["as_of"], found["not_advice"]) == ("2026-01-01", "Not legal, tax or accounting advice.")
    text = run("check", str(plan), "--context", str(context), *DAY).stdout
    assert "Facts as of 2026-01-01. Not legal, tax or accounting advice." in text


def test_pre_commit_hook_checks_plans(plan: Path, wrong: Path) -> None:
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    program, *arguments = shlex.split(hook["entry"])
    assert (program, hook["language"]) == ("compplan", "python")
    assert run(*arguments, str(plan)).exit_code == 0
    assert run(*arguments, str(plan), str(wrong)).exit_code == 1


def test_rules_are_listed_and_explained() -> None:
    lines = output_of("rules").splitlines()
    assert len(lines) == 1 + len(rules())
    assert lines[1].startswith("INT-01")
    whole = output_of("rules", "KNW-01")
    for part in (
        "KNW-01: Give gross retention",
        "low = 0.4 fraction of target variable",
        "warning under commercial; note under charter, ",
    ):
        assert part in whole
    family = json.loads(output_of("rules", "own", "--json"))
    assert [rule["id"] for rule in family] == [f"OWN-0{n}" for n in range(1, 7)]
    assert errors_of("rules", "KNW-77")[0].startswith("There is no rule or family 'KNW-77'; did you mean KNW")


def test_elements_table() -> None:
    lines = output_of("rules", "--elements").splitlines()
    assert len(lines) == 1 + 19
    assert re.split(r"  +", lines[0])[:2] == ["MEASURE", "KNOWUP (2024)"]
    row = next(re.split(r"  +", line) for line in lines if line.startswith("Expansion ARR"))
    assert row[1:] == ["recommend", "conditional", "recommend", "avoid", "recommend"]


# --ignore, --fail-on and --quiet


def rules_found(*arguments: str) -> list[str]:
    return [finding["rule"] for finding in json.loads(run("check", *arguments, *DAY, "--json").stdout)["findings"]]


def test_ignored_rules_and_families_are_skipped(wrong: Path) -> None:
    found = rules_found(str(wrong))
    assert {"KNW-08", "INT-11"} <= set(found)
    left = rules_found(str(wrong), "--ignore", "KNW-08, int", "--ignore", "DRU")
    assert left == [rule for rule in found if rule != "KNW-08" and not rule.startswith(("INT", "DRU"))]
    assert run("check", str(wrong), *DAY, "--ignore", "KNW-08").exit_code == 0
    log = json.loads(run("check", str(wrong), *DAY, "--sarif", "--ignore", "KNW-08").stdout)
    results = [result["ruleId"] for result in log["runs"][0]["results"]]
    assert results == [rule for rule in found if rule != "KNW-08"]


def test_an_unknown_rule_to_ignore_is_refused(plan: Path) -> None:
    (error,) = errors_of("check", str(plan), *DAY, "--ignore", "KNW-99")
    assert error.startswith("--ignore: 'KNW-99' is ")
    assert "KNW-09" in error


def test_ignore_on_the_command_line_replaces_the_list_of_the_file(plan: Path) -> None:
    (plan.parent / "compplan.toml").write_text(
        '[review]\nprofile = "survey"\nignore = ["INT-11"]\n[review.severity]\nDRU-11 = "error"\n', encoding="utf-8"
    )

    def review(*arguments: str) -> Any:
        return json.loads(run("check", str(plan), "--today", "2026-06-01", "--json", *arguments).stdout)

    assert review()["ignored"] == ["INT-11"]
    given = review("--ignore", "DRU-11")
    assert (given["profile"], given["ignored"]) == ("survey", ["DRU-11"])
    assert "INT-11" in [finding["rule"] for finding in given["findings"]]
    assert review("--ignore", "")["ignored"] == []


@pytest.mark.parametrize(
    ("fail_on", "sound", "faulty"), [("error", 0, 1), ("warning", 1, 1), ("info", 1, 1), ("never", 0, 0)]
)
@pytest.mark.parametrize("form", [[], ["--json"], ["--sarif"], ["--markdown"], ["--quiet"]], ids=" ".join)
def test_fail_on_sets_the_exit_status(
    plan: Path, wrong: Path, fail_on: str, sound: int, faulty: int, form: list[str]
) -> None:
    call = (*DAY, "--fail-on", fail_on, *form)
    assert run("check", str(plan), *call).exit_code == sound
    assert run("check", str(wrong), *call).exit_code == faulty


def test_fail_on_never_still_reports_a_file_that_cannot_be_read(unreadable: Path) -> None:
    assert run("check", str(unreadable), *DAY, "--fail-on", "never").exit_code == 2
    assert errors_of("check", str(unreadable), *DAY, "--fail-on", "fatal") == [
        "--fail-on must be error, warning, note or never. You entered 'fatal'."
    ]


def test_quiet_prints_only_what_counts(plan: Path, wrong: Path) -> None:
    assert run("check", str(plan), *DAY, "--quiet").stdout == ""
    done = run("check", str(plan), str(wrong), *DAY, "-q")
    assert (done.exit_code, done.stderr) == (1, "")
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"{wrong}:")
    assert "Error KNW-08 (Gate on CSAT (share)): " in line
    warnings = run("check", str(plan), *DAY, "-q", "--fail-on", "warning").stdout.splitlines()
    assert warnings
    assert all(line.startswith(f"{plan}:") and ": Warning " in line for line in warnings)
    every = run("check", str(plan), *DAY, "-q", "--fail-on", "never").stdout.splitlines()
    assert len(every) == len(rules_found(str(plan)))
