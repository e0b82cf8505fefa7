"""The reference pages: what they state is computed, and their tables are those of the format and the catalog."""

from __future__ import annotations

import doctest
import importlib
import importlib.util
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import TypeAdapter
from support.commands import errors_of, run

from compplan.curves import Curve, PayoutCurve, compile_curve
from compplan.errors import CompPlanError, PlanError
from compplan.measures import catalog
from compplan.payout import payout
from compplan.plan import Plan
from compplan.plan.files import read_yaml

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = sorted(file.name for file in DOCS.glob("*.md"))
EQUATION = re.compile(r"\| ([-−+×/().,\d ]+) = ([−\d.,]+)(?: =|[ |])")


def text_of(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", DOCS / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_there_are_pages() -> None:
    assert {"benchmarks.md", "plan-format.md", "measures.md", "library.md", "how-pay-is-calculated.md"} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_generated_tables_are_up_to_date(page: str, generate: ModuleType) -> None:
    assert generate.up_to_date(text_of(page)) == text_of(page), "run python docs/generate.py"


def test_every_field_of_every_part_has_a_row_and_a_meaning(generate: ModuleType) -> None:
    rows = [line.split(" | ") for line in generate.fields().splitlines()[2:]]
    places = [row[0].strip("| `") for row in rows]

    def parts(schema: dict[str, Any]) -> Iterator[str]:
        for model in (schema, *schema["$defs"].values()):
            yield from model["properties"]

    assert {place.rpartition(".")[2] for place in places} == set(parts(Plan.model_json_schema()))
    assert all(len(row) == 5 and row[4].strip(" |") for row in rows)
    repeated = {place for place in places if places.count(place) > 1}
    assert repeated == {"components[].curve.tiers"}, "of two kinds, each with its meaning"


def test_every_measure_has_a_row(generate: ModuleType) -> None:
    rows = generate.measures().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == list(catalog())


def test_picture_of_the_layers_is_the_contract_of_their_imports() -> None:
    contracts = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    layers = next(contract["layers"] for contract in contracts if contract.get("containers") == ["compplan"])
    picture = blocks("architecture.md", "")[0].splitlines()[1:]
    assert [sorted(row[1:38].split()) for row in picture] == [sorted(re.findall(r"\w+", layer)) for layer in layers]


@pytest.mark.parametrize("page", PAGES)
def test_links_between_pages_lead_somewhere(page: str) -> None:
    for target in re.findall(r"\]\(([^)#:]+\.md)(?:#[^)]*)?\)", text_of(page)):
        assert (DOCS / target).is_file(), target
    for target, anchor in re.findall(r"\]\(([^)#:]*\.md)#([^)]*)\)", text_of(page)):
        heads = re.findall(r"^#+ (.*)$", text_of(target), re.MULTILINE)
        assert anchor in [re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads]


@pytest.mark.parametrize(("page", "least"), [("library.md", 20), ("benchmarks.md", 15)])
def test_the_code_of_a_page_runs(page: str, least: int) -> None:
    code = "\n".join(blocks(page, "python"))
    assert code.count(">>>") > least
    test = doctest.DocTestParser().get_doctest(code, {}, page, None, None)
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    said: list[str] = []
    runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)


def commands() -> list[tuple[str, str]]:
    """Every command that a page shows, with what it shows of the answer."""
    shown = [
        command.partition("\n")
        for page in (*PAGES, "../README.md")
        for block in blocks(page, "console")
        for command in re.split(r"^\$ ", block, flags=re.MULTILINE)
        if command
    ]
    return [(command, answer) for command, _, answer in shown]


def test_there_are_commands() -> None:
    assert len(commands()) >= 5


@pytest.mark.parametrize(("command", "answer"), commands())
def test_a_command_answers_as_its_page_shows(command: str, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *arguments = shlex.split(command)
    assert program == "compplan"
    monkeypatch.chdir(DOCS.parent)
    done = run(*arguments)
    said = done.stdout + done.stderr
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.OutputChecker().check_output(answer, said, options), said


# The plan format by example


def example() -> dict[str, Any]:
    return read_yaml(blocks("plan-format.md", "yaml")[0])


def curves_of(fragment: dict[str, Any]) -> Iterator[PayoutCurve]:
    if "curve" in fragment:
        yield compile_curve(TypeAdapter(Curve).validate_python(fragment["curve"]))
        return
    plan = example() | fragment
    for name in ("gates", "modifiers", "kickers"):
        if "components" in fragment:
            plan.pop(name)
    for component in Plan.from_dict(plan).components:
        better = "more" if component.measure in fragment.get("measures", {}) else catalog()[component.measure].better
        unit = 1.0 if component.axis == "attainment" else component.target
        yield compile_curve(component.curve, better=better, unit=unit)


@pytest.mark.parametrize("block", blocks("plan-format.md", "yaml"))
def test_every_example_of_the_format_is_one(block: str) -> None:
    curve = next(curves_of(read_yaml(block)))
    claims = [claim for line in re.findall(r"^# (.* pays .*)$", block, re.MULTILINE) for claim in line.split(";")]
    assert claims or not block.startswith("curve:")
    for claim in claims:
        x, paid = claim.split(" pays ")
        assert curve(float(x)) == pytest.approx(float(paid), abs=1e-12), claim


def test_plan_with_the_faults_of_the_format_page_gets_its_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    plan = blocks("plan-format.md", "yaml")[0]
    values = plan.replace("weight: 0.45", "weight: 1.2").replace("base: 80000", "base: 80k")
    names = plan.replace("measure: expansion_arr", "measure: expansion").replace("[expansion_arr]", "[expansion]")
    quoted = blocks("plan-format.md", "text")
    for text, errors in zip((values, names), quoted, strict=True):
        Path("plan.yaml").write_text(text, encoding="utf-8")
        assert errors_of("check", "plan.yaml") == errors.splitlines()
    with pytest.raises(PlanError) as refused:
        Plan.from_yaml(names)
    assert [problem.where for problem in refused.value.problems] == ["components[1].measure"]


def test_every_error_of_the_library_page_can_be_imported_and_none_is_missing() -> None:
    section = text_of("library.md").partition("## Errors")[2]
    of_the_store = "Conflict|NotAllowed|NotFound|NotPossible|DraftConflict|LinkClosed|Unavailable|Busy"
    named = set(re.findall(rf"`(\w+Error|{of_the_store})`", section))
    defined: set[type[CompPlanError]] = {CompPlanError}
    for module in set(re.findall(r"`(compplan[\w.]*)`", section)):
        members = vars(importlib.import_module(module))
        public = members.get("__all__") or dir(importlib.import_module(module))
        each = (getattr(importlib.import_module(module), name) for name in public)
        defined |= {one for one in each if isinstance(one, type) and issubclass(one, CompPlanError)}
    assert named - {"ValueError"} == {one.__name__ for one in defined}


# How pay is calculated


def number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def equations() -> list[tuple[str, str]]:
    return EQUATION.findall(text_of("how-pay-is-calculated.md"))


def worked_plan() -> Plan:
    return Plan.from_yaml(blocks("how-pay-is-calculated.md", "yaml")[0])


def test_the_page_has_its_equations() -> None:
    assert len(equations()) >= 18


@pytest.mark.parametrize(("sum_", "result"), equations())
def test_every_sum_of_the_worked_example_is_right(sum_: str, result: str) -> None:
    plain = sum_.replace(",", "").replace("×", "*").replace("−", "-")
    assert re.fullmatch(r"[-+*/().\d ]+", plain)
    places = len(result.partition(".")[2])
    exact = eval(plain, {"__builtins__": {}})
    assert abs(exact - number(result)) <= 0.5 * 10**-places + 1e-9, f"{sum_} is {exact}"


def test_the_worked_example_is_what_the_library_pays() -> None:
    results = {"grr": 0.95, "expansion_arr": 120000, "csat": 4.3, "nps": 55, "multi_year_renewals": 2}
    statement = payout(worked_plan(), results)
    assert [blocks("how-pay-is-calculated.md", "text")[0]] == [statement.text() + "\n"]
    table = dict(
        re.findall(
            r"^\| \*\*(Total|Total cap|Kicker)\*\* \| .* = ([^ =|]+) \|$",
            text_of("how-pay-is-calculated.md"),
            re.MULTILINE,
        )
    )
    assert number(table["Total"]) == statement.total
    stated = [number(result) for _, result in equations()]
    for line in statement.lines:
        assert line.amount == 0 or line.amount in stated, line.label
    assert statement.payout_fraction == 1.25


def test_the_year_to_date_table_is_what_the_library_pays() -> None:
    rows = re.findall(
        r"^\| (\d|year) \| ([\d,]+) \| ([\d,.]+) \| ([\d,.]+) \|$", text_of("how-pay-is-calculated.md"), re.MULTILINE
    )
    quarters, year = rows[:4], rows[4]
    plan = worked_plan().to_dict()
    for name in ("gates", "modifiers", "kickers", "caps"):
        plan.pop(name)
    discrete = Plan.from_dict({**plan, "components": [{**plan["components"][1], "weight": 1.0}]})
    to_date = discrete.edit({"accumulation": "year_to_date"})
    so_far = paid = 0.0
    for quarter, expansion, alone, together in quarters:
        period = int(quarter)
        so_far += number(expansion)
        assert payout(discrete, {"expansion_arr": number(expansion)}, period).total == number(alone)
        before = None if period == 1 else paid
        assert payout(to_date, {"expansion_arr": so_far}, period, paid_before=before).total == number(together)
        paid += number(together)
    assert number(year[1]) == so_far == discrete.components[0].target
    assert number(year[2]) == sum(number(row[2]) for row in quarters)
    assert number(year[3]) == paid == 20000


README = DOCS.parent / "README.md"


def test_the_python_of_the_readme_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(code, str(README), "exec"), {})
    assert "$26,083.33" in capsys.readouterr().out


def test_every_command_of_the_readme_exists() -> None:
    text = README.read_text(encoding="utf-8")
    names = set(re.findall(r"^compplan ([a-z]+)", text, re.MULTILINE))
    assert {"check", "cost", "diff", "workbook"} <= names
    assert [name for name in sorted(names) if run(name, "--help").exit_code] == []


def test_the_plan_of_the_readme_can_be_used() -> None:
    (text,) = re.findall(r"^```yaml\n(.*?)^```$", README.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert Plan.from_yaml(text).name == "Mid-market CSM, FY26"
