"""The page on reviews: its examples are what the program takes, and its lists what the program gives."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from support.commands import run

from compplan import templates
from compplan.review import PROFILES, Context, Settings, rules
from compplan.review.context import MeasureData

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "review.md").read_text(encoding="utf-8")
DAY = ("--today", "2026-06-01")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def generated(name: str) -> str:
    return PAGE.partition(f"<!-- generated: {name} -->")[2].partition("<!-- end of generated -->")[0]


def test_the_code_of_the_page_runs() -> None:
    code = "\n".join(blocks("python"))
    test = doctest.DocTestParser().get_doctest(code, {}, "review.md", None, None)
    assert len(test.examples) >= 8
    said: list[str] = []
    assert doctest.DocTestRunner().run(test, out=said.append).failed == 0, "".join(said)


def test_the_settings_of_the_page_do_what_they_say(tmp_path: Path) -> None:
    (text,) = blocks("toml")
    file = tmp_path / "compplan.toml"
    file.write_text(text, encoding="utf-8")
    assert set(tomllib.loads(text)) == {"review"}
    settings = Settings.load(file)
    assert settings.profile == "adoption_first"
    assert [id_ for id_, rule in rules().items() if settings.ignores(rule)] == [
        id_ for id_ in rules() if id_.startswith("TOT-") or id_ == "RSG-03"
    ]
    assert settings.forced(rules()["INT-11"]) == "error"
    assert settings.thresholds_of("KNW-01")["low"] == 0.35

    plan = tmp_path / "plan.yaml"
    plan.write_text(templates.text("drury-adoption-first"), encoding="utf-8")
    seen = json.loads(run("check", str(plan), *DAY, "--json").stdout)
    alone = json.loads(run("check", str(plan), *DAY, "--json", "--isolated").stdout)
    found = {f["rule"]: f["severity"] for f in seen["findings"]}
    assert found["INT-11"] == "error"
    assert "KNW-01" not in found  # 35% is within 35% to 50%
    assert {f["rule"]: f["severity"] for f in alone["findings"]}["KNW-01"] == "warning"


def test_the_context_of_the_page_is_read(tmp_path: Path) -> None:
    text = next(block for block in blocks("yaml") if "renewal_owner" in block)
    file = tmp_path / "context.yaml"
    file.write_text(text, encoding="utf-8")
    known = Context.load(file)
    assert (known.renewal_owner, known.measures["grr"].history, known.terms.hire) == ("csm", 8, True)
    done = run("check", "template:knowup-csat-weighted", "--isolated", *DAY, "--context", str(file), "--json")
    still = {u["question"] for u in json.loads(done.stdout)["unanswered"]}
    assert still.isdisjoint({"renewal_owner", "measures.grr.lag_days", "litmus.reviewed", "terms.leave"})


def test_every_question_has_a_row() -> None:
    places = set(re.findall(r"^\| `([^`]+)` \|", generated("questions"), re.MULTILINE))
    expected: set[str] = set()
    for name, field in Context.model_fields.items():
        inner: Any = field.annotation
        if name == "measures":
            expected |= {f"measures.<id>.{leaf}" for leaf in MeasureData.model_fields}
        elif hasattr(inner, "model_fields"):
            expected |= {f"{name}.{leaf}" for leaf in inner.model_fields}
        else:
            expected.add(name)
    assert places == expected
    assert all(row.count(" | ") == 2 and " |  |" not in row for row in generated("questions").strip().splitlines()[2:])


def test_every_rule_profile_and_element_has_a_row() -> None:
    assert re.findall(r"^\| ([A-Z]{3}-\d\d) \|", generated("rules"), re.MULTILINE) == list(rules())
    assert re.findall(r"^\| `(\w+)` \|", generated("profiles"), re.MULTILINE) == list(PROFILES)
    assert len(generated("elements").strip().splitlines()) == 2 + 19


def test_the_json_has_what_the_page_lists() -> None:
    part = re.search(r"`--json` prints .*?(?=\n\n)", PAGE, re.DOTALL)
    assert part is not None
    named = set(re.findall(r"`(\w+)`", part[0]))
    seen = json.loads(run("check", "template:knowup-csat-weighted", "--isolated", *DAY, "--json").stdout)
    first = next(f for f in seen["findings"] if f["fix"])
    keys = {*seen, *first, *first["fix"], *first["fix"]["changes"][0], *seen["unanswered"][0]}
    refused = {"problems", "where", "as_of", "not_advice"}
    assert named - keys - refused == set()
    assert set(first) - named == set()
    assert set(first["fix"]["changes"][0]) - named == set()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose plans and context lie where the page's hook looks for them."""
    plans = tmp_path / "compensation" / "plans"
    plans.mkdir(parents=True)
    (plans / "csm.yaml").write_text(templates.text("knowup-csat-weighted"), encoding="utf-8")
    (tmp_path / "README.yaml").write_text("not: a plan\n", encoding="utf-8")
    (tmp_path / "compensation" / "context.yaml").write_text("renewal_owner: csm\n", encoding="utf-8")
    return tmp_path


def hooked(repository: Path) -> subprocess.CompletedProcess[str]:
    """What pre-commit does: the entry, the arguments of the repository, and the files that its pattern chooses."""
    (hook,) = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    text = next(block for block in blocks("yaml") if "repos:" in block)
    ((chosen,),) = (repo["hooks"] for repo in YAML(typ="safe").load(text)["repos"])
    assert chosen["id"] == hook["id"]
    program, *entry = hook["entry"].split()
    assert program == "compplan"
    names = [path.relative_to(repository).as_posix() for path in sorted(repository.rglob("*.yaml"))]
    files = [name for name in names if re.search(chosen["files"], name)]
    assert files
    return subprocess.run(
        [sys.executable, "-m", "compplan.cli", *entry, *chosen["args"], *files],
        cwd=repository, capture_output=True, encoding="utf-8", timeout=60,
    )  # fmt: skip


@pytest.mark.slow
def test_the_hook_of_the_page_lets_a_sound_plan_pass_and_stops_the_others(repository: Path) -> None:
    assert hooked(repository).returncode == 0
    plan = repository / "compensation" / "plans" / "csm.yaml"
    plan.write_text(templates.load("knowup-csat-weighted").edit({"caps.total": 0.9}).to_yaml(), encoding="utf-8")
    done = hooked(repository)
    assert (done.returncode, done.stderr) == (1, "")
    assert "Error INT-03" in done.stdout
    plan.write_text("compplan: 1\n", encoding="utf-8")
    done = hooked(repository)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
