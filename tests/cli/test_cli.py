"""The command line: templates, new, schema, check, payout and serve, and the program as a process."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.commands import errors_of, output_of, review_output, run
from support.team import TEAM

import compplan
from compplan import access, shipped, templates
from compplan.payout import payout
from compplan.plan import Plan

PLAN = """\
compplan: 1
name: Mid-market CSM, FY26
role: csm
segment: mid_market
currency: USD
pay: {base: 80000, variable: 20000}
components:
  - measure: grr
    weight: 0.45
    target: 0.92
    curve: {kind: linear, points: [[0.86, 0.5], [0.92, 1.0], [0.97, 1.8]]}
  - measure: expansion_arr
    weight: 0.35
    target: 250000
    axis: attainment
    curve: {kind: tiered, tiers: [[0, 1.0], [1.0, 1.5], [1.5, 2.0]], cap: 2.5}
  - measure: csat
    weight: 0.20
    target: 4.5
    curve: {kind: step, steps: [[4.2, 0.5], [4.5, 1.0]]}
gates:
  - measure: csat
    at_least: 4.2
    otherwise: {factor: 0.5}
    covers: [expansion_arr]
"""
TO_DATE = PLAN + "accumulation: year_to_date\n"
RESULTS = ["--result", "grr=0.93", "--result", "expansion_arr=61000", "--result", "csat=4.6"]


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """Path of a plan file."""
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN, encoding="utf-8")
    return str(file)


# templates, new, schema


def test_templates_lists_every_plan_that_ships() -> None:
    lines = output_of("templates").splitlines()
    assert [line.split()[0] for line in lines] == ["KEY", *templates.keys()]
    row = next(line for line in lines if line.startswith("flowfuse-csm"))
    assert re.fullmatch(r"flowfuse-csm +Customer Success Manager +FlowFuse: CSM +FlowFuse, Handbook: .*\)", row)


def test_templates_as_json() -> None:
    rows = json.loads(output_of("templates", "--json"))
    assert [row["key"] for row in rows] == list(templates.keys())
    assert all(set(row) == {"key", "name", "role", "source", "assumed_count"} for row in rows)
    assert rows[0]["source"] == templates.describe(rows[0]["key"]).source_label


@pytest.mark.parametrize("key", templates.keys())
def test_new_writes_the_template_as_shipped(key: str) -> None:
    assert output_of("new", key) == templates.text(key)


def test_new_writes_a_file_that_checks(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    assert output_of("new", "flowfuse-csm", "--output", str(file)) == f"Wrote {file}.\n"
    assert file.read_text(encoding="utf-8") == templates.text("flowfuse-csm")
    assert "Customer Success Manager" in review_output("check", str(file))


def test_new_overwrites_only_with_force(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("precious", encoding="utf-8")
    assert errors_of("new", "flowfuse-csm", "-o", str(file)) == [
        f"{file} already exists. Choose another name, or add --force to overwrite it."
    ]
    assert file.read_text(encoding="utf-8") == "precious"
    output_of("new", "flowfuse-csm", "-o", str(file), "--force")
    assert file.read_text(encoding="utf-8") == templates.text("flowfuse-csm")


def test_new_says_why_it_cannot_write(tmp_path: Path) -> None:
    file = tmp_path / "nowhere" / "mine.yaml"
    assert errors_of("new", "flowfuse-csm", "-o", str(file)) == [f"Can't write {file}: No such file or directory."]


def test_new_without_a_key_says_where_the_keys_are() -> None:
    assert errors_of("new") == ["Which template? Use compplan new KEY. To list the keys, run compplan templates."]


def test_usage_names_arguments_as_they_are_typed() -> None:
    text = output_of("diff", "--help")
    assert "Usage: compplan diff [OPTIONS] OLD NEW\n" in text
    assert "<str>" not in text


def test_new_names_the_nearest_template() -> None:
    assert errors_of("new", "flowfuse") == ["There is no template 'flowfuse'; did you mean flowfuse-csm?"]


def test_schema_matches_the_plan_model() -> None:
    schema = json.loads(output_of("schema"))
    assert schema.pop("$schema") == "https://json-schema.org/draft/2020-12/schema"
    expected = Plan.model_json_schema(by_alias=True)
    assert schema["properties"] == expected["properties"]
    assert schema["required"] == expected["required"]
    assert {name: part["properties"] for name, part in schema["$defs"].items()} == {
        name: part["properties"] for name, part in expected["$defs"].items()
    }
    assert ">>>" not in json.dumps(schema)
    assert schema["$defs"]["Pay"]["description"] == "Base salary and target variable pay, a year."
    assert schema["additionalProperties"] is False
    assert {"from", "to"} == set(schema["$defs"]["Effective"]["properties"])


# check


def test_check_prints_a_summary_of_the_plan(plan: str) -> None:
    lines = review_output("check", plan).partition("\n\n")[0].splitlines()
    told = [re.split(r"  +", line, maxsplit=1) for line in lines]
    assert told == [
        ["Mid-market CSM, FY26: Customer Success Manager, Mid-market, paid quarterly"],
        ["OTE", "$100,000.00 a year"],
        ["Base and variable", "$80,000.00 and $20,000.00"],
        ["Pay mix", "80% base, 20% variable"],
        ["Pays at target", "100% of target variable"],
        # GRR stops at 1.8, expansion at 2.5, CSAT at 1: 16,200 + 17,500 + 4,000.
        ["Maximum variable", "$37,700.00"],
        ["Cliffs", "GRR at 86%: $4,500.00 a year, from $0.00 to $4,500.00"],
        ["", "CSAT at 4.2: $2,000.00 a year, from $0.00 to $2,000.00"],
        ["", "CSAT at 4.5: $2,000.00 a year, from $2,000.00 to $4,000.00"],
        ["Assumed", "nothing"],
    ]


def test_check_as_json(plan: str) -> None:
    seen = json.loads(review_output("check", plan, "--json"))
    assert seen["valid"] is True
    assert (seen["base"], seen["variable"], seen["ote"], seen["variable_share"]) == (80000, 20000, 100000, 0.2)
    assert (seen["at_target_fraction"], seen["most_variable"], seen["warnings"]) == (1.0, 37700.0, [])
    assert seen["cliffs"][0] == {"id": "grr", "result": 0.86, "before": 0.0, "at": 4500.0, "jump": 4500.0}
    assert seen["plan_hash"] == Plan.from_yaml(PLAN).hash


def test_check_warns_when_pay_at_target_is_not_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    # CSAT at its target of 4.5 pays half: 0.45 + 0.35 + 0.20 x 0.5.
    file.write_text(PLAN.replace("[4.5, 1.0]", "[4.8, 1.0]"), encoding="utf-8")
    warning = "At target, this plan pays 90% of target variable, not 100%."
    assert review_output("check", str(file)).partition("\n\n")[0].splitlines()[-1] == f"Warning: {warning}"
    seen = json.loads(review_output("check", str(file), "--json"))
    assert (seen["at_target_fraction"], seen["warnings"]) == (0.9, [warning])


def test_check_says_no_limit_and_what_is_assumed() -> None:
    text = review_output("check", "template:flowfuse-csm")
    assert "Maximum variable   no limit\n" in text
    assert "1 value that the source does not give" in text
    seen = json.loads(review_output("check", "template:flowfuse-csm", "--json"))
    assert (seen["most_variable"], seen["assumed"]) == (None, ["pay.base"])


def test_check_of_a_plan_without_variable_pay(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace("variable: 20000", "variable: 0"), encoding="utf-8")
    assert "Pays at target     no target variable" in review_output("check", str(file))
    assert json.loads(review_output("check", str(file), "--json"))["at_target_fraction"] is None


def test_check_names_every_problem_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(PLAN.replace("weight: 0.45", "weight: 1.2").replace("kind: step", "kind: steps"), encoding="utf-8")
    sentences = errors_of("check", str(file))
    assert sentences[0] == f"{file}:9: GRR weight must be at most 1. You entered 1.2."
    assert sentences[1].startswith(f"{file}:20: CSAT curve needs a kind, one of ")
    assert len(sentences) == 2

    done = run("check", str(file), "--json")
    assert done.exit_code == 2
    assert done.stderr.splitlines() == sentences
    told = json.loads(done.stdout)
    assert told["valid"] is False
    assert [problem["where"] for problem in told["problems"]] == ["components[0].weight", "components[2].curve"]
    assert all(s.endswith(p["message"]) for s, p in zip(sentences, told["problems"], strict=True))


@pytest.mark.parametrize("key", templates.keys())
def test_every_template_checks_and_pays_at_target(key: str) -> None:
    seen = json.loads(review_output("check", f"template:{key}", "--json"))
    assert (seen["at_target_fraction"], seen["warnings"]) in [(1.0, []), (pytest.approx(1.0, abs=1e-4), [])]
    assert "INT-03" not in [finding["rule"] for finding in seen["findings"]]


# Where a plan comes from


def test_standard_input_may_be_yaml_or_json() -> None:
    from_yaml = review_output("check", "-", stdin=PLAN)
    assert review_output("check", "-", stdin=Plan.from_yaml(PLAN).to_json()) == from_yaml


@pytest.mark.parametrize(
    ("stdin", "sentence"),
    [
        ("", "Standard input is empty. Send a plan to it."),
        ("- 1", "Must be fields and values, such as name: value. You entered [1]."),
        ('{"compplan": 1, "compplan": 1}', 'Not valid JSON: the key "compplan" is repeated.'),
        ("name: a\nname: b\n", 'Line 2, column 1: not valid YAML: the key "name" is repeated.'),
        ("[" * 10_000, "A plan can be nested at most 20 levels deep."),
        ("x" * 600_000, "A plan can have at most 200,000 characters. This one has 600,000."),
    ],
)
def test_invalid_standard_input_is_refused(stdin: str, sentence: str) -> None:
    assert errors_of("check", "-", stdin=stdin) == [sentence]


def test_an_empty_or_cut_off_plan_file_is_named_with_the_place(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("# nothing yet\n", encoding="utf-8")
    empty = f"{file}: the file is empty. Start from a template: `compplan new KEY`."
    assert errors_of("check", str(file)) == [empty]
    file.write_text("name: x\nroles: [a, b", encoding="utf-8")
    assert errors_of("check", str(file)) == [f"{file}:2:13: not valid YAML: expected ',' or ']', but the file ends."]
    file.write_text("a: &x 1\n", encoding="utf-8")
    file.with_suffix(".json").write_text('{"a": }', encoding="utf-8")
    assert errors_of("check", str(file.with_suffix(".json"))) == [
        f"{file.with_suffix('.json')}:1:7: not valid JSON: Expecting value."
    ]


def test_an_amount_may_be_entered_in_thousands_and_in_the_currency_of_the_plan() -> None:
    results = ["payout", "template:knowup-csat-weighted", "--annual", "-r", "grr=95%", "-r", "csat_top_box=93%"]
    plain = output_of(*results, "-r", "expansion_arr=310000", "--json")
    for text in ("310k", "$310k", "310,000"):
        assert output_of(*results, "-r", f"expansion_arr={text}", "--json") == plain
    for text in ("€310k", "310k/month", "310-320k", "31%k"):
        assert errors_of(*results, "-r", f"expansion_arr={text}") == [f"expansion_arr {NUMBER}. You entered {text!r}."]


def test_missing_or_unreadable_plan_file_is_refused(tmp_path: Path) -> None:
    missing, folder, other = tmp_path / "plan.yaml", tmp_path / "folder.yaml", tmp_path / "plan.txt"
    folder.mkdir()
    other.write_text(PLAN, encoding="utf-8")
    assert errors_of("check", str(missing)) == [f"{missing}: there is no such file."]
    assert errors_of("check", str(folder)) == [f"{folder}: cannot be read: Is a directory."]
    assert errors_of("check", str(other)) == [f"{other}: the file name must end in .yaml, .yml or .json."]
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: \xff")
    assert errors_of("check", str(latin)) == [
        f"{latin}: The file must be UTF-8 text. Byte 7 is not. Save the file as UTF-8 and try again."
    ]


def test_template_key_without_prefix_is_a_file_name() -> None:
    assert errors_of("check", "flowfuse-csm") == [
        "flowfuse-csm: there is no such file. For the template, use template:flowfuse-csm."
    ]
    assert errors_of("check", "template:x")[0].startswith("There is no template 'x'; allowed: ")


def test_plan_text_cannot_control_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(Plan.from_yaml(PLAN).edit({"name": "\x1b[2Jgone"}).to_json(), encoding="utf-8")
    assert review_output("check", str(file)).startswith("\N{REPLACEMENT CHARACTER}[2Jgone: Customer Success Manager")


# payout


def test_payout_of_a_quarter(plan: str) -> None:
    text = output_of("payout", plan, *RESULTS)
    # 5,000 a quarter: 2,250 x 1.16; 1,750 x 61,000 / 62,500; 1,000 x 1.
    for amount in ("$2,610.00", "$1,708.00", "$1,000.00", "$5,318.00"):
        assert re.search(rf"{re.escape(amount)}$", text, re.MULTILINE), amount
    assert "period 1 of 4" in text


def test_payout_as_json_is_the_statement(plan: str) -> None:
    told = json.loads(output_of("payout", plan, *RESULTS, "--json"))
    assert {"period_target", "total", "payout_fraction", "at_target_fraction", "lines"} <= set(told)
    assert (told["period_target"], told["total"]) == (5000.0, 5318.0)
    assert told["payout_fraction"] == pytest.approx(1.0636)
    assert told["at_target_fraction"] == 1.0
    assert [(line["id"], line["kind"], line["amount"]) for line in told["lines"]] == [
        ("grr", "component", 2610.0),
        ("expansion_arr", "component", 1708.0),
        ("csat", "component", 1000.0),
        ("csat", "gate", 0.0),
    ]
    expansion = told["lines"][1]
    assert (expansion["result"], expansion["attainment"]) == (61000.0, pytest.approx(0.976))
    assert expansion["payout_fraction"] == pytest.approx(0.976)
    library = payout(Plan.from_yaml(PLAN), {"grr": 0.93, "expansion_arr": 61000, "csat": 4.6})
    assert told == json.loads(json.dumps(library.to_dict()))


def test_payout_of_a_year(plan: str) -> None:
    told = json.loads(output_of("payout", plan, *RESULTS, "--annual", "--json"))
    # 20,000: 9,000 x 1.16; 7,000 x 0.244; 4,000.
    assert (told["period"], told["period_target"], told["total"]) == ("year", 20000.0, 16148.0)


def test_percent_is_read_as_a_share(plan: str) -> None:
    share = [word.replace("0.93", "93%") for word in RESULTS]
    assert output_of("payout", plan, *share) == output_of("payout", plan, *RESULTS)


def test_ratio_may_be_given_in_two_parts(plan: str) -> None:
    parts = ["-r", "grr.numerator=930", "-r", "grr.denominator=1000", *RESULTS[2:]]
    assert output_of("payout", plan, *parts) == output_of("payout", plan, *RESULTS)


def test_later_period_of_a_year_to_date_plan_needs_earlier_pay(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(TO_DATE, encoding="utf-8")
    half = ["-r", "grr=0.93", "-r", "expansion_arr=122000", "-r", "csat=4.6", "--period", "2"]
    assert errors_of("payout", str(file), *half) == [
        "--paid-before is missing; period 2 of a year-to-date plan needs the pay of earlier periods."
    ]
    told = json.loads(output_of("payout", str(file), *half, "--paid-before", "5318", "--json"))
    assert (told["period"], told["total"]) == ("periods 1 to 2 of 4", 5318.0)
    assert told["lines"][-1]["kind"] == "paid_before"


NUMBER = "must be a number of at most 1e15, such as 0.93, 61000 or 61k for money"


@pytest.mark.parametrize(
    ("arguments", "sentences"),
    [
        (RESULTS[:4], ["csat is missing; the plan needs grr, expansion_arr, csat."]),
        ([*RESULTS, "-r", "grrr=1"], ["grrr is not a result of this plan; did you mean grr?"]),
        ([*RESULTS, "-r", "grr=0.9"], ["grr is given twice. Give one result for each id."]),
        ([*RESULTS, "-r", "grr"], ["--result must be ID=VALUE, such as grr=0.93. You entered 'grr'."]),
        ([*RESULTS, "-r", "=1"], ["--result must be ID=VALUE, such as grr=0.93. You entered '=1'."]),
        (["-r", "grr=abc", *RESULTS[2:]], [f"grr {NUMBER}. You entered 'abc'."]),
        (["-r", "grr=", *RESULTS[2:]], [f"grr {NUMBER}. You entered ''."]),
        (["-r", "grr=%", *RESULTS[2:]], [f"grr {NUMBER}. You entered '%'."]),
        (["-r", "grr=nan", *RESULTS[2:]], [f"grr {NUMBER}. You entered 'nan'."]),
        (["-r", "grr=-inf", *RESULTS[2:]], [f"grr {NUMBER}. You entered '-inf'."]),
        (["-r", "grr=0,93", *RESULTS[2:]], [f"grr {NUMBER}. You entered '0,93'."]),
        (["-r", "grr=1_0", *RESULTS[2:]], [f"grr {NUMBER}. You entered '1_0'."]),
        (["-r", "grr=٣", *RESULTS[2:]], [f"grr {NUMBER}. You entered '٣'."]),
        (["-r", "grr=1e400", *RESULTS[2:]], [f"grr {NUMBER}. You entered '1e400'."]),
        (
            ["-r", "grr=93", *RESULTS[2:]],
            ["grr: Gross revenue retention on ARR due must be between 0 and 1; for 95% enter 0.95. You entered 93."],
        ),
        (
            ["-r", "expansion_arr=97%", *RESULTS[:2], *RESULTS[4:]],
            ["expansion_arr is money, so it can't be a percent. You entered '97%'."],
        ),
        (
            ["-r", "csat=97%", *RESULTS[:4]],
            ["csat is a score, so it can't be a percent. You entered '97%'."],
        ),
        (
            ["-r", "grr.numerator=93%", "-r", "grr.denominator=1", *RESULTS[2:]],
            ["grr.numerator is one part of a ratio, so it can't be a percent. You entered '93%'."],
        ),
        (
            ["-r", "grr.numerator=93", *RESULTS[2:]],
            ["grr.denominator is missing; a ratio needs both parts."],
        ),
        (
            [*RESULTS, "--annual", "--period", "2"],
            ["Use either --period or --annual, not both."],
        ),
        ([*RESULTS, "--period", "2nd"], ["--period must be a whole number, such as 2, or year. You entered '2nd'."]),
        ([*RESULTS, "--period", "-1"], ["--period must be a whole number, such as 2, or year. You entered '-1'."]),
        ([*RESULTS, "--period", "5"], ["--period must be 1 to 4 for quarterly pay, or 'year'. You entered 5."]),
        (
            [*RESULTS, "--paid-before", "$5"],
            ["--paid-before must be a plain amount of money, such as 4500.50. You entered '$5'."],
        ),
        (
            [*RESULTS, "--paid-before", "100"],
            ["--paid-before: only a year-to-date plan has this, from its second period on."],
        ),
        (
            ["-r", "grr=abc", "-r", "csat=?"],
            [f"grr {NUMBER}. You entered 'abc'.", f"csat {NUMBER}. You entered '?'."],
        ),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else None,
)
def test_invalid_results_are_refused(plan: str, arguments: list[str], sentences: list[str]) -> None:
    assert errors_of("payout", plan, *arguments) == sentences
    assert errors_of("payout", plan, *arguments, "--json") == sentences


def test_infinite_ratio_is_null_in_json(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    text = PLAN.replace("measure: grr", "measure: nrr").replace("covers: [expansion_arr]", "covers: [nrr]")
    file.write_text(text, encoding="utf-8")
    given = ["-r", "nrr.numerator=1e15", "-r", "nrr.denominator=1e-300", *RESULTS[2:], "--json"]
    line = json.loads(output_of("payout", str(file), *given))["lines"][0]
    assert (line["result"], line["amount"]) == (None, 4050.0)


# serve


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Path, list[str]]]:
    """Run `compplan serve` up to the point where it would become the server."""
    monkeypatch.delenv("STREAMLIT_SERVER_ALLOWED_HOSTS", raising=False)

    def serve(*arguments: str) -> tuple[Path, list[str]]:
        seen: list[Any] = []

        def become(program: str, command: list[str]) -> None:
            assert program == sys.executable
            seen.append(command)
            raise SystemExit(0)

        monkeypatch.setattr("compplan.cli.serve._is_taken", lambda *_: False)
        monkeypatch.setattr(os, "chdir", seen.append)
        monkeypatch.setattr(os, "execv", become)
        assert run("serve", *arguments).exit_code == 0
        return seen[0], seen[1]

    return serve


def test_serve_names_the_option_for_a_port_that_is_in_use() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert errors_of("serve", "--port", str(port)) == [f"Port {port} is in use. Choose another one with --port."]


def test_period_year_pays_the_whole_year_at_once() -> None:
    arguments = ("payout", "template:flowfuse-csm", "-r", "nrr=1.075")
    assert run(*arguments, "--period", "year").stdout == run(*arguments, "--annual").stdout


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server is a child process")
def test_serve_runs_streamlit_beside_its_configuration(served: Callable[..., tuple[Path, list[str]]]) -> None:
    where, command = served()
    assert (where / "app.py").is_file()
    assert (where / ".streamlit" / "config.toml").is_file()
    assert command == [
        *(sys.executable, "-m", "streamlit", "run", "app.py"),
        *("--server.port", "8501", "--server.address", "127.0.0.1"),
    ]


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server is a child process")
def test_serve_to_other_machines_sets_allowed_hosts(
    served: Callable[..., tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(access.OPEN_ACCESS_VARIABLE, access.OPEN_ACCESS_VALUE)
    quiet = ["--logger.hideWelcomeMessage", "true"]
    _, command = served("--port", "9000", "--address", "10.0.0.7")
    assert command[5:9] == ["--server.port", "9000", "--server.address", "10.0.0.7"]
    assert command[9:-2] == [
        part for name in ("localhost", "127.0.0.1", "10.0.0.7") for part in ("--server.allowedHosts", name)
    ]
    assert served("--address", "0.0.0.0")[1][9:] == ["--server.allowedHosts", "*", *quiet]
    monkeypatch.setenv("STREAMLIT_SERVER_ALLOWED_HOSTS", "pay.example")
    assert served("--address", "0.0.0.0")[1][9:] == quiet


@pytest.mark.skipif(os.name != "posix", reason="elsewhere the server is a child process")
def test_serve_for_a_team_needs_secrets_and_allows_its_host(
    served: Callable[..., tuple[Path, list[str]]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(access.VARIABLE, "")
    monkeypatch.setenv("COMPPLAN_COOKIE_SECRET", "c" * 40)
    file = tmp_path / "team.toml"
    file.write_text(TEAM)
    assert errors_of("serve", "--address", "0.0.0.0", "--team", str(file))[0].startswith(
        "COMPPLAN_CLIENT_SECRET: Not set"
    )
    monkeypatch.setenv("COMPPLAN_CLIENT_SECRET", "s")
    _, command = served("--address", "0.0.0.0", "--team", str(file))
    assert command[9:-2] == [
        part for name in ("localhost", "127.0.0.1", "pay.example.com") for part in ("--server.allowedHosts", name)
    ]
    assert os.environ[access.VARIABLE] == str(file)


@pytest.mark.parametrize("address", ["0.0.0.0", "10.0.0.7", "::"])
def test_serve_refuses_other_machines_without_sign_in(address: str) -> None:
    told = errors_of("serve", "--address", address)
    assert told[0].startswith(f"--address: Other machines can reach {address}")
    assert access.OPEN_ACCESS_VALUE in told[0]


def test_serve_refuses_invalid_ports_and_broken_installations(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run("serve", "--port", "70000").exit_code == 2
    monkeypatch.setattr(shipped, "shipped", tmp_path.joinpath)
    assert errors_of("serve") == [f"{tmp_path / 'app.py'}: there is no such file. Reinstall compplan."]


# The program as a process


def process(*arguments: str, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "compplan.cli", *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **env},
        timeout=60,
    )


def test_help_and_version() -> None:
    assert process("--version").stdout == f"compplan {compplan.__version__}\n"
    text = process("--help").stdout
    assert all(name in text for name in ("templates", "new", "schema", "check", "payout", "bands", "roster", "serve"))


def test_documented_command_runs_as_a_process(plan: str) -> None:
    done = process("payout", plan, *RESULTS, "--annual", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["total"] == 16148.0


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "no/such/plan.yaml"],
        ["check", "-"],
        ["new", "none"],
        ["payout", "template:flowfuse-csm"],
        ["payout", "template:flowfuse-csm", "-r", "nrr=abc"],
    ],
    ids=" ".join,
)
def test_bad_input_exits_with_2_and_one_sentence(arguments: list[str]) -> None:
    done = process(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith((".\n", "?\n"))


@pytest.mark.parametrize("arguments", [[], ["bogus"], ["payout"], ["check"], ["payout", "--what"]])
def test_wrong_usage_exits_with_2_and_prints_the_usage(arguments: list[str]) -> None:
    done = process(*arguments)
    assert done.returncode == 2
    assert "Usage:" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes as a shell makes them")
def test_closed_pipe_is_silent(tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "compplan.cli", "schema"], stdout=closed, stderr=subprocess.PIPE, timeout=60
        )
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_reported() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "compplan.cli", "schema"], stdout=full, stderr=subprocess.PIPE, timeout=60
        )
    assert (done.returncode, done.stderr) == (1, b"Can't write the output: No space left on device.\n")


@pytest.mark.skipif(os.name != "posix", reason="a shell that closes standard input")
def test_closed_standard_input_is_reported() -> None:
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m compplan.cli check - <&-"], capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, b"", b"Can't read standard input.\n")


def test_characters_outside_the_terminal_encoding_are_escaped() -> None:
    given = ["payout", "template:flowfuse-csm", "-r", "nrr=1.2"]
    done = process(*given, PYTHONIOENCODING="iso8859_5")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("FlowFuse: CSM \\xb7 period 1 of 4\n")


def test_payout_does_not_import_heavy_libraries(plan: str) -> None:
    code = (
        "import json, sys\n"
        "from compplan import cli\n"
        f"sys.argv = ['compplan', 'payout', {plan!r}, *{RESULTS!r}, '--json']\n"
        "try:\n    cli.main()\nexcept SystemExit:\n    pass\n"
        "print(json.dumps([m for m in ('streamlit', 'plotly', 'pandas') if m in sys.modules]), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert json.loads(done.stdout)["total"] == 5318.0
    assert json.loads(done.stderr) == []
