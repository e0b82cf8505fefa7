"""Plan files from a person's disk: a good one opens, any other gets a sentence and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from compplan import templates
from compplan.plan import Plan

TEMPLATE = templates.load("posthog-csm-v3")
SOUND = templates.text("knowup-csat-weighted")
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")

GOOD: dict[str, tuple[str, bytes]] = {
    "YAML": ("plan.yaml", TEMPLATE.to_yaml().encode()),
    "YAML with its comments": ("plan.yml", templates.text("posthog-csm-v3").encode()),
    "JSON": ("plan.json", TEMPLATE.to_json().encode()),
    "JSON, in capitals": ("PLAN.JSON", TEMPLATE.to_json().encode()),
    "a byte order mark, as Windows writes it": ("plan.yaml", b"\xef\xbb\xbf" + TEMPLATE.to_yaml().encode()),
    "line ends of Windows": ("plan.yaml", TEMPLATE.to_yaml().replace("\n", "\r\n").encode()),
}

BAD: dict[str, tuple[str, bytes, str]] = {
    "an empty file": ("plan.yaml", b"", "Must be fields and values"),
    "an empty JSON file": ("plan.json", b"", "ot valid JSON"),
    "a text": ("notes.txt", b"We should talk about comp plans.", "Must be fields and values"),
    "a table": ("plan.csv", b"role,base,variable\ncsm,85000,20000\n", "Must be fields and values"),
    "a PNG with another name": ("plan.yaml", PNG, "UTF-8"),
    "not UTF-8": ("plan.yaml", SOUND.replace("KnowUp", "Zoë").encode("latin-1", "replace"), "UTF-8"),
    "an alias bomb": (
        "plan.yaml",
        b"a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n",
        "Line 2: YAML aliases (*name) are not allowed",
    ),
    "a repeated key": ("plan.yaml", (SOUND + "\nrole: csm\n").encode(), 'the key "role" is repeated'),
    "a repeated key in JSON": ("plan.json", b'{"compplan": 1, "compplan": 1}', 'the key "compplan" is repeated'),
    "weights of 0.95": ("plan.yaml", SOUND.replace("weight: 0.45", "weight: 0.40").encode(), "sum to 0.95; add 0.05"),
    "NaN in JSON": ("plan.json", TEMPLATE.to_json().replace("1,", "NaN,", 1).encode(), "NaN is not a finite number"),
    "NaN in YAML": (
        "plan.yaml",
        SOUND.replace("base: 85000", "base: .nan").encode(),
        "Base salary must be a finite number",
    ),
    "6 MB": ("plan.yaml", b"# " + b"x" * 6_000_000 + b"\n" + SOUND.encode(), "at most 200,000 characters"),
    "half a file": ("plan.json", TEMPLATE.to_json()[:-40].encode(), "ot valid JSON"),
    "YAML that calls Python": ("plan.yaml", b'!!python/object/apply:os.system ["true"]', ""),
    "deep nesting": ("plan.yaml", b"[" * 5_000, "A plan can be nested at most 20 levels deep"),
    "a plan of another format": (
        "plan.yaml",
        SOUND.replace("compplan: 1", "compplan: 2").encode(),
        "Format version must be",
    ),
}  # fmt: skip


def uploader(open_page: Any) -> Any:
    """A page with a change in hand and the popover open."""
    return open_page().enter("pay.base", "90k").open("open")


@pytest.mark.parametrize("name", GOOD)
def test_valid_plan_file_opens(open_page: Any, name: str) -> None:
    page = uploader(open_page).upload(*GOOD[name])
    assert page.problems == []
    assert page.plan == TEMPLATE
    assert page.title == f"{TEMPLATE.name} · file"
    page.press("undo")
    assert page.plan.pay.base == 90_000


@pytest.mark.parametrize("name", BAD)
def test_invalid_plan_file_shows_an_error_and_keeps_the_open_plan(open_page: Any, name: str) -> None:
    page = uploader(open_page)
    plan, figures, table = page.plan, page.figures, page.table()
    file, content, said = BAD[name]
    page.upload(file, content)
    assert page.problems
    assert said in page.problems[0]
    for sentence in page.problems:
        assert sentence[-1] in ".?"
        assert len(sentence) < 400
        assert "Traceback" not in sentence
    assert "Your open plan was not changed." in [caption.value for caption in page.at.caption]
    assert (page.plan, page.figures, page.table()) == (plan, figures, table)


def test_valid_file_opens_after_an_invalid_one(open_page: Any) -> None:
    page = uploader(open_page).upload("plan.yaml", PNG).upload(*GOOD["YAML"])
    assert page.problems == []
    assert page.plan == TEMPLATE


def test_file_with_many_errors_lists_all_of_them(open_page: Any) -> None:
    data = TEMPLATE.to_dict()
    data["role"], data["pay"]["base"], data["discount"] = "pirate", -1, 5
    page = uploader(open_page).upload("plan.json", json.dumps(data).encode())
    told = " ".join(page.problems)
    assert len(page.problems) >= 2
    assert "Base salary must" in told
    assert "discount" in told.lower()


def test_removing_a_file_removes_its_error(open_page: Any) -> None:
    page = uploader(open_page).upload("plan.yaml", b"")
    assert page.problems
    page.at.file_uploader(key="file").set_value(None)
    page.run()
    assert page.problems == []


def test_markup_in_a_file_stays_text(open_page: Any) -> None:
    evil = '<img src=x onerror="alert(1)">'
    data = TEMPLATE.to_dict() | {"name": evil, "about": {"source": evil, "note": evil}}
    data["measures"] = {"own": {"name": evil, "unit": "score", "kind": "level", "better": "more"}}
    data["components"][0] |= {"measure": "own", "target": 8, "axis": "actual", "curve": {"kind": "goal", "at": 8}}
    data["kickers"] = [{"name": evil, "measure": "multi_year_renewals", "per_unit": 500}]
    page = uploader(open_page).upload("plan.json", json.dumps(data).encode())
    assert page.problems == []
    page.open("section.curves", "section.conditions", "section.likely").tab("Source")
    assert page.plan == Plan.from_dict(data)
    assert [body for body in page.html if "<img" in body] == []
    assert evil in page.title
    page.tab("Statement")
    assert [body for body in page.html if "<img" in body] == []


def test_quotes_and_backslashes_in_a_name_survive_the_python_code(open_page: Any) -> None:
    name = 'A "plan" \\ with """three""" and \\N{BULLET} #{x}'
    data = TEMPLATE.to_dict() | {"name": name}
    page = uploader(open_page).upload("plan.json", json.dumps(data).encode()).tab("Python")
    (code,) = page.at.code
    made: dict[str, Any] = {}
    exec(compile(code.value, "the lines of the page", "exec"), made)
    assert made["plan"] == page.plan
    assert made["plan"].name == name
