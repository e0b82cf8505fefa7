"""Text that people typed stays text; names are names; every formula is one of ours."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pandas as pd
import pytest
from documents.office import Changed, Names, Reckoned, recalculated

from compplan import templates
from compplan.cost import Assumptions, cost
from compplan.documents.workbook import workbook
from compplan.documents.workbook.pages import WorkbookWriter, plain_text
from compplan.payout import payout, payouts
from compplan.plan import Plan

ON = dt.date(2026, 9, 1)
TEXTS = (
    "=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "\t=1+1", "\r=1+1", "<script>alert(1)</script>", '=HYPERLINK("x")',
    "{=1+1}", "http://example.invalid/x", "_x0041_", "&amp;<f>1</f>", "{=1}",
)  # fmt: skip
# Everything that a formula of ours may hold: functions, names and addresses, numbers, the words of choices.
FUNCTIONS = {
    "ABS", "AND", "COUNT", "COUNTIF", "IF", "INDEX", "INT", "MAX", "MIN", "OR", "ROUND", "SIGN", "SUM", "SUMPRODUCT",
    "TRUNC",
}  # fmt: skip
WORDS = {"", "extend", "OK", "Check this", "variable", "cash", "loaded", "up to date", "out of date"}


def hostile_plan(text: str) -> Plan:
    """A plan with a text wherever a plan takes any."""
    name = text[:100].strip() or "x"
    return templates.load("knowup-csat-weighted").edit({
        "name": name,
        "measures": {"own": {"name": name[:80], "unit": "count", "kind": "flow", "better": "more"}},
        "kickers": [{"name": name, "measure": "own", "per_unit": 500}],
        "about": {"source": text[:300], "note": text[:4000]},
    })  # fmt: skip


def parts(book: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(book)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist() if name.endswith((".xml", ".rels"))}


def formulas(book: bytes) -> list[str]:
    return [f for name, text in parts(book).items() if "worksheets/" in name for f in re.findall(r"<f>(.*?)</f>", text)]


def ours(formula: str) -> bool:
    """Whether a formula has nothing but our functions, names, addresses, numbers and words."""
    text = formula.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    words = re.findall(r'"([^"]*)"', text)
    bare = re.sub(r'"[^"]*"', "0", text)
    called = set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare))
    return set(words) <= WORDS and called <= FUNCTIONS and not re.search(r"[^\w$!:.,()+\-*/^<>=]", bare)


def books(text: str) -> list[bytes]:
    plan = hostile_plan(text)
    team = pd.DataFrame({"id": [text[:200], "b"], "name": [text, "B"], "role": [text, "csm"], "base": [1e5, 8e4]})
    results = {"grr": [0.9, 0.95], "expansion_arr": [2e5, 3e5], "csat_top_box": [0.9, 0.9], "own": [1.0, 2.0]}
    return [
        workbook(plan, results={"own": 2}, on=ON),
        workbook(plan, team.assign(**results), assumptions=Assumptions(draws=2), on=ON, names=True),
    ]


@pytest.mark.parametrize("text", [*TEXTS, "x" * 40_000, "=" * 40_000], ids=lambda text: repr(text[:12]))
def test_text_never_becomes_a_formula(text: str) -> None:
    harmless = [sorted(formulas(book)) for book in books("harmless")]
    for book, usual in zip(books(text), harmless, strict=True):
        found = sorted(formulas(book))
        assert found == usual
        assert all(ours(formula) for formula in found)
        files = parts(book)
        assert not any("externalLink" in name or "vba" in name for name in files)
        assert not any("<hyperlink" in part or "TargetMode" in part for part in files.values())
        read = openpyxl.load_workbook(io.BytesIO(book))
        for sheet in read:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type != "f":
                        assert len(cell.value) <= 32_767
        assert read["Summary"]["A1"].data_type == "s"


def test_a_file_with_control_characters_and_lone_surrogates_opens() -> None:
    team = pd.DataFrame({"id": ["\x00\x07", "\x1b[2J"], "grr": 0.9, "expansion_arr": 1e5, "csat_top_box": 0.9})
    book = workbook(templates.load("knowup-csat-weighted"), team, on=ON)
    assert Reckoned(book, recalculated({"odd": book})["odd"])["total_pay"] > 0
    assert plain_text("\ud800") == "?"


def test_names_of_people_are_included_only_on_request() -> None:
    plan = templates.load("knowup-csat-weighted")
    results = {"grr": 0.9, "expansion_arr": 1e5, "csat_top_box": 0.9}
    team = pd.DataFrame({"id": ["7"], "name": ["Ada Example"], "manager": ["Dee Sample"], "base": [9e4]}).assign(
        **results
    )
    assert not any("Ada" in part or "Dee" in part for part in parts(workbook(plan, team, on=ON)).values())
    named = parts(workbook(plan, team, on=ON, names=True)).values()
    assert any("Ada" in part for part in named)
    assert not any("Dee" in part for part in named)


def test_any_id_gives_cell_names_that_a_spreadsheet_accepts() -> None:
    ids = [
        "r1c1",
        "a1",
        "xfd1048576",
        "r",
        "c",
        "rc",
        "true",
        "sum",
        "pay",
        "x" * 40,
        "total_cap_",
        "target_pay",
        "ote",
        "decimals",
    ]
    components = [
        {"id": key, "measure": "mbo", "weight": 1 / len(ids), "target": 1.0,
         "curve": {"kind": "linear", "points": [[0.5, 0], [1, 1], [1.5, 2]]}}
        for key in ids
    ]  # fmt: skip
    data = templates.load("knowup-csat-weighted").to_dict()
    plan = Plan.from_dict({**data, "components": components, "about": {}})
    book = workbook(plan, on=ON)
    names = Names(book).addresses
    for key in ids:
        assert {f"{part}_{key}" for part in ("result", "target", "weight", "pay", "cap", "knots")} <= set(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) and len(name) <= 255 for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    changed = Changed(book)
    results = {key: 0.6 + 0.05 * i for i, key in enumerate(ids)}
    for key, value in results.items():
        changed.put(f"result_{key}", value)
    read = Reckoned(changed.bytes(), recalculated({"ids": changed.bytes()})["ids"])
    for line in payout(plan, results, "year").lines:
        assert read[f"pay_{line.id}"] == pytest.approx(line.amount, abs=1e-7)


@pytest.mark.parametrize("name", ["a1", "r1c1", "rc", "xfd1", "1a", "a b", "A", "a-b", "", "x" * 256, "twice"])
def test_an_invalid_cell_name_is_refused(name: str) -> None:
    book = WorkbookWriter("USD", ON)
    book.page("Inputs")
    book.name("twice", "Inputs!$A$1")
    with pytest.raises(ValueError, match="cannot be the name"):
        book.name(name, "Inputs!$A$2")


def test_another_program_can_edit_the_file() -> None:
    """Through openpyxl, which keeps formulas and drops what they gave."""
    plan = templates.load("xactly-csm")
    book = openpyxl.load_workbook(io.BytesIO(workbook(plan, on=ON)))
    sheet, row, column = Names(workbook(plan, on=ON)).place("base_pay")
    book[sheet].cell(row + 1, column + 1).value = 99_999.5
    stream = io.BytesIO()
    book.save(stream)
    read = Reckoned(workbook(plan, on=ON), recalculated({"saved": stream.getvalue()})["saved"])
    assert read["cash_total"] == pytest.approx(99_999.5 + read["total_pay"], abs=1e-7)


def test_formulas_of_the_largest_plan_are_short_enough() -> None:
    """Fifty of everything, with the longest ids: no formula beyond 8,192 characters or 255 arguments."""
    ids = [f"{'x' * 37}_{i:02}" for i in range(50)]
    line = {"kind": "linear", "points": [[0.5, 0.5], [1, 1], [1.5, 2]]}
    components: list[dict[str, object]] = [
        {"id": key, "measure": "mbo", "weight": 1 / 25, "target": 1.0, "curve": line} for key in ids[:25]
    ]
    flow = {"kind": "tiered", "tiers": [[0, 1], [1, 2]], "cap": 3}
    components += [
        {"id": key, "measure": "expansion_arr", "rate": 0.001, "target": 1e5, "axis": "attainment", "curve": flow}
        for key in ids[25:]
    ]
    data = templates.load("knowup-csat-weighted").to_dict() | {
        "components": components,
        "gates": [{"measure": key, "at_least": 0.4, "otherwise": {"factor": 0.9}} for key in ids],
        "modifiers": [{"measure": key, "curve": {"kind": "linear", "points": [[0.5, 0.99], [2, 1.01]]}} for key in ids],
        "kickers": [{"name": key, "measure": key, "per_unit": 0.001, "max_units": 9e5} for key in ids[25:]],
        "caps": {"total": 2.5},
        "about": {},
    }
    plan = Plan.from_dict(data)
    book = workbook(plan, pd.DataFrame({"base": [9e4], "variable": [3e4]}), assumptions=Assumptions(draws=2), on=ON)
    made = formulas(book)
    assert max(map(len, made)) <= 8_192
    assert max(formula.count(",") for formula in made) < 255
    read = Reckoned(book, recalculated({"large": book})["large"])
    results = dict.fromkeys(ids[:25], 1.0) | dict.fromkeys(ids[25:], 1e5)
    paid = payouts(plan, pd.DataFrame([results | {"base": 9e4, "variable": 3e4}]), "year")["total"].sum()
    assert read["total_pay"] == pytest.approx(paid, abs=1e-7)
    report = cost(plan, pd.DataFrame({"id": ["0"], "base": [9e4], "variable": [3e4]}), Assumptions(draws=2))
    assert read["team_pay_at_target"] == pytest.approx(report.at_target.pay, abs=1e-7)
    assert read["team_loaded_at_most"] == pytest.approx(report.most.cost.loaded, abs=1e-6)
