"""YAML that nobody wrote by hand: each hostile text ends in a sentence, soon, and in one reader."""

from __future__ import annotations

import ast
import random
import time
from pathlib import Path

import pytest

import compplan
from compplan import templates
from compplan.errors import PlanError
from compplan.plan import Plan
from compplan.plan.bounds import MOST_ENTRIES
from compplan.plan.files import read_json, read_yaml
from compplan.plan.yaml_text import lines_of

KEYS = templates.keys()
LAUGHS = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (LAUGHS, "Line 2: YAML aliases (*name) are not allowed. Enter the value itself."),
        ("a: 1\nb: &a [*a]", "Line 2: YAML aliases (*name) are not allowed. Enter the value itself."),
        ('a: 1\nb: !!bool "x"', "Line 2: YAML tags (!name) are not allowed. Remove the tag."),
        ("!!python/object:os.system {}", "Line 1: YAML tags (!name) are not allowed. Remove the tag."),
        ("! x", "Line 1: YAML tags (!name) are not allowed. Remove the tag."),
        ("base: 0x" + "f" * 300, "Line 1: a whole number can have at most 30 digits."),
        ("base: " + "9" * 5000, "Line 1: a whole number can have at most 30 digits."),
        ("a: 1\n? [b]\n: 2", "Line 2: a key must be text, not a list or a mapping."),
        ("a: 1\n---\nb: 2", "Line 2: there is a second YAML document (---). Keep one in the file."),
        ("%YAML 1.1\n---\na: yes", "Line 2: the file must be YAML 1.2. Remove the %YAML line."),
        ("[" + "[]," * 66_000 + "]", "A list or mapping can have at most 500 entries. This one has more."),
        ("{" + "a: {}, " * 20_000 + "}", "A list or mapping can have at most 500 entries. This one has more."),
        ("[" * 5_000, "A plan can be nested at most 20 levels deep."),
        ("day: 2026-13-45", "Not valid YAML: month must be in 1..12."),
    ],
)
def test_text_that_no_plan_needs_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        read_yaml(text)
    assert str(caught.value) == sentence


def test_entries_of_all_lists_together_are_limited() -> None:
    row = "[" + "1," * 499 + "1]"
    with pytest.raises(PlanError, match=f"at most {MOST_ENTRIES:,} entries"):
        read_yaml("[" + ",".join([row] * 90) + "]")


@pytest.mark.parametrize("text", ['{"base": ' + "9" * 5000 + "}", "[" * 19 + "9" * 31 + "]" * 19])
def test_long_numbers_of_json_are_refused(text: str) -> None:
    with pytest.raises(PlanError, match="a whole number can have at most 30 digits"):
        read_json(text)


def test_json_nested_deeper_than_a_plan_is_refused() -> None:
    with pytest.raises(PlanError, match="nested at most 20 levels"):
        read_json("[" * 21 + "]" * 21)


def test_a_refused_text_has_no_lines() -> None:
    assert lines_of(LAUGHS) == {}
    assert lines_of("a: [") == {}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n"])
def test_an_empty_text_is_no_data(text: str) -> None:
    assert read_yaml(text) is None
    assert lines_of(text) == {}


def mutated(rng: random.Random, data: bytes) -> bytes:
    """Change, drop, repeat or insert a few bytes."""
    content = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(len(content))
        match rng.randrange(4):
            case 0:
                content[place] = rng.choice(b"&*!|>%@`{}[],:?-#'\"\\\n\t 0x9.~\xff")
            case 1:
                del content[place : place + rng.randint(1, 8)]
            case 2:
                content[place:place] = content[place : place + rng.randint(1, 40)]
            case _:
                content[place:place] = rng.choice(
                    [b"!!int ", b"&a ", b"*a", b"<<: ", b"0x", b"1e999", b"\n---\n", b"? "]
                )
    return bytes(content)


@pytest.mark.slow
def test_two_thousand_mutations_of_plans_raise_nothing_but_plan_errors() -> None:
    rng = random.Random(20261129)
    texts = [templates.text(key).encode() for key in KEYS]
    refusals: list[str] = []
    for _ in range(2_000):
        data = mutated(rng, rng.choice(texts))
        began = time.process_time()
        try:
            Plan.from_yaml(data.decode("utf-8", errors="replace"))
        except PlanError as error:
            refusals.append(str(error))
        assert time.process_time() - began < 2
    assert len(refusals) > 500
    assert all(refusals)


def test_one_module_makes_yaml_parsers() -> None:
    root = Path(compplan.__file__).parent
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(
            name.split(".")[0] in {"ruamel", "yaml"}
            for name in [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
        )
    }
    assert users == {"plan/yaml_text.py"}
