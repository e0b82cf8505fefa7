"""Invalid plans, each with the place and the sentences that it must be refused with: tests/cases/invalid.yaml."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import re
from pathlib import Path
from typing import Any

import pytest

from compplan.plan import Plan, PlanError, paths
from compplan.plan.files import MOST_CHARACTERS, read_yaml

TABLE: dict[str, Any] = read_yaml(
    (Path(__file__).resolve().parents[1] / "cases" / "invalid.yaml").read_text(encoding="utf-8")
)
BASE: str = TABLE["base"]
CASES: list[dict[str, Any]] = TABLE["cases"]
DATA: dict[str, Any] = read_yaml(BASE)


def messages(error: PlanError) -> list[str]:
    return [str(problem) for problem in error.problems]


def fits(said: str, expected: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in expected.split("…")), said, re.DOTALL) is not None


@functools.cache
def sound() -> Plan:
    return Plan.from_yaml(BASE)


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    data = copy.deepcopy(DATA)
    for path, value in changes.items():
        paths.put(data, path, copy.deepcopy(value))
    return data


def read(case: dict[str, Any]) -> Plan:
    if "text" in case:
        return Plan.from_yaml(case["text"].replace("<base>", BASE).replace("<zeros>", "0" * 5000))
    if "json" in case:
        return Plan.from_json(case["json"].replace("<deep>", "[" * 100_000))
    return Plan.from_dict(changed(case["set"]))


def test_the_base_plan_is_valid() -> None:
    assert sound().name == "Sound"
    assert sound() == Plan.from_dict(DATA)


def test_the_table_has_many_cases_with_unique_names() -> None:
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_an_invalid_plan_is_refused_with_its_problems(case: dict[str, Any]) -> None:
    with pytest.raises(PlanError) as refused:
        read(case)
    said = messages(refused.value)
    assert len(said) == len(case["says"]), said
    for sentence, expected in zip(said, case["says"], strict=True):
        assert fits(sentence, expected), f"\n  said      {sentence}\n  expected  {expected}"
    assert str(refused.value) == "\n".join(said)


@pytest.mark.parametrize("case", [c for c in CASES if "set" in c], ids=[c["name"] for c in CASES if "set" in c])
def test_an_invalid_edit_is_refused_with_the_same_problems(case: dict[str, Any]) -> None:
    """A failed change gives an error and leaves the plan as it was."""
    plan = sound()
    before = plan.to_json()
    with pytest.raises(PlanError):
        plan.edit(case["set"])
    assert plan.to_json() == before


def test_too_many_components_are_refused() -> None:
    data = changed({})
    one = {"measure": "mbo", "weight": 0.0, "target": 1.0, "curve": {"kind": "goal", "at": 1.0}}
    data["components"] += [{**one, "id": f"mbo_{i}"} for i in range(47)]
    assert len(Plan.from_dict(data).components) == 50
    data["components"].append({**one, "id": "mbo_last"})
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    assert messages(refused.value) == ["components: takes at most 50 entries. You entered 51."]


@pytest.mark.parametrize("name", ["gates", "modifiers", "kickers"])
def test_too_many_gates_modifiers_or_kickers_are_refused(name: str) -> None:
    data = changed({})
    data[name] = data[name] * 51
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    assert messages(refused.value) == [f"{name}: takes at most 50 entries. You entered 51."]


def test_too_many_curve_points_are_refused() -> None:
    data = changed({})
    data["components"][0]["curve"]["points"] = [[i / 1000, 0.0] for i in range(101)]
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(data)
    assert messages(refused.value) == ["components[0].curve.points: takes at most 100 entries. You entered 101."]


def test_a_text_that_is_too_long_is_refused() -> None:
    for read_text in (Plan.from_yaml, Plan.from_json):
        with pytest.raises(PlanError) as refused:
            read_text(" " * (MOST_CHARACTERS + 1))
        assert messages(refused.value) == ["A plan can have at most 200,000 characters. This one has 200,001."]


@pytest.mark.parametrize("value", [10**400, -(10**400), 1e400, float("nan")])
@pytest.mark.parametrize("path", ["pay.base", "components[0].target", "caps.total", "kickers[0].per_unit"])
def test_nan_and_infinity_are_refused(value: float, path: str) -> None:
    with pytest.raises(PlanError) as refused:
        Plan.from_dict(changed({path: value}))
    (problem,) = refused.value.problems
    assert problem.where == path
    assert len(problem.message) < 120


@pytest.mark.parametrize("value", [{1: 2}, {"a": object()}, b"bytes", dt.date(2026, 1, 1), 1, 1.5, True, object()])
def test_data_that_is_not_a_plan_is_refused(value: Any) -> None:
    with pytest.raises(PlanError):
        Plan.from_dict(value)


@pytest.mark.parametrize("depth", [15, 100, 900, 960, 990, 3000])
def test_deep_nesting_is_refused(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth):
        for read_text in (Plan.from_yaml, Plan.from_json):
            with pytest.raises(PlanError):
                read_text(text)


# Files


def file_error(path: Path) -> list[str]:
    with pytest.raises(PlanError) as refused:
        Plan.load(path)
    return messages(refused.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert file_error(tmp_path / "plan.yaml") == [f"{tmp_path / 'plan.yaml'}: there is no such file."]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "plan.yaml").mkdir()
    (sentence,) = file_error(tmp_path / "plan.yaml")
    assert re.fullmatch(r".*plan\.yaml: cannot be read: .+\.", sentence)


def test_another_file_ending_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(BASE, encoding="utf-8")
    assert file_error(path) == [f"{path}: the file name must end in .yaml, .yml or .json."]


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_bytes(BASE.replace("Sound", "Größe").encode("latin-1"))
    (sentence,) = file_error(path)
    assert fits(sentence, "…The file must be UTF-8 text. Byte … is not. Save the file as UTF-8 and try again.")


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_bytes(b" " * 5_000_000)
    (sentence,) = file_error(path)
    assert fits(sentence, "…A plan can have at most 200,000 characters. This one has …")


@pytest.mark.parametrize("suffix", [".yaml", ".yml", ".json", ".YAML", ".JSON"])
def test_every_supported_file_ending_is_read(tmp_path: Path, suffix: str) -> None:
    plan = sound()
    path = tmp_path / f"plan{suffix}"
    text = plan.to_json() if suffix.lower() == ".json" else plan.to_yaml()
    path.write_text(text, encoding="utf-8-sig" if suffix.isupper() else "utf-8")
    assert Plan.load(path) == plan
    assert Plan.load(str(path)) == plan
