"""The spread of a measure that a plan declares is asked for, never assumed; how a plan is written moves no figure."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.commands import output_of
from support.spreads import own_spreads

from compplan import charts, templates
from compplan.cost import Assumptions, cost, headcount, schedule, side_by_side, usual_footing
from compplan.errors import CompPlanError
from compplan.measures import catalog
from compplan.outcomes import illustrative_spreads, outlook, overview, spread_text, unknown_spreads
from compplan.plan import Plan
from compplan.ui.cost import html, tables
from compplan.ui.designer.html import key_figures
from compplan.ui.widgets.html import KeyFigure

OWN = {"name": "Net churn", "unit": "share", "kind": "level", "better": "less"}


def plan_on(component: dict[str, Any], measures: dict[str, Any] | None = None, **more: Any) -> Plan:
    return Plan.from_dict(
        {
            "compplan": 1, "name": "Drawn", "role": "csm", "segment": "smb", "currency": "USD",
            "pay": {"base": 80_000.0, "variable": 20_000.0}, "measures": measures or {},
            "components": [{"weight": 1.0, **component}], **more,
        }
    )  # fmt: skip


NET_CHURN = plan_on(
    {"measure": "net_churn", "target": 0.0, "curve": {"kind": "linear", "points": [[0.05, 0.5], [0, 1], [-0.05, 1.5]]}},
    {"net_churn": OWN},
)
CURVE = {"kind": "linear", "points": [[0.88, 0.5], [0.95, 1.0], [1.0, 2.0]]}
MIRRORED = {"kind": "linear", "points": [[0.12, 0.5], [0.05, 1.0], [0.0, 2.0]]}
RETENTION = plan_on({"measure": "grr", "target": 0.95, "curve": CURVE})
CHURN = plan_on({"measure": "net_churn", "target": 0.05, "curve": MIRRORED}, {"net_churn": OWN})


def test_range_of_an_own_measure_is_withheld_and_asked_for() -> None:
    report = cost(NET_CHURN, headcount(NET_CHURN, 10))
    assert (report.expected, report.needs_spread) == (None, ("net_churn",))
    assert report.spread == (
        "Enter a spread for Net churn: the standard deviation of one person's yearly result. Without it, expected pay "
        "and its range are unknown."
    )
    assert report.spread in report.notes
    assert (report.ratios.effective_cost, report.ratios.comp_of_arr) == (None, None)
    assert report.rows["expected_pay"].isna().all()
    assert report.by_role["expected_loaded"].isna().all()
    with pytest.raises(CompPlanError, match="Enter a spread for Net churn"):
        outlook(NET_CHURN)
    seen = overview(NET_CHURN)
    assert (seen.likely, seen.cash_likely, seen.spread) == (None, None, report.spread)


def test_page_shows_no_expected_cost_without_a_spread() -> None:
    known = Assumptions(budget=300_000.0, arr_managed=1e6)
    report = cost(NET_CHURN, headcount(NET_CHURN, 10), known)
    shown = {figure.name: figure.value for figure in html.key_figures(report)}
    assert (shown["Expected"], shown["80% likely between"]) == ("–", "–")
    assert "between" not in html.headline(report)
    assert report.spread.replace("'", "&#39;") in html.spread_html(report)
    pages = [tables.parts_table(report), tables.role_table(report), tables.people_table(report, 5)]
    assert not any("Expected" in page or "no limit" in page for page in pages)
    assert "needs a spread of results" in tables.ratio_table(report)
    assert "needs a spread of results" in tables.budget_table(report, report.budget)
    chart = charts.cost_by_attainment(report)
    assert "80% likely" not in json.dumps(chart.spec)
    assert "Expected" not in [row[0] for row in chart.rows]
    review = KeyFigure("Review", "", "")
    figure = key_figures(NET_CHURN, overview(NET_CHURN), None, review)[2]
    assert (figure.value, figure.detail) == ("–", "needs a spread of results")
    assert usual_footing(NET_CHURN, known) == 1.0
    assert schedule(NET_CHURN, headcount(NET_CHURN), known, footing=1.0).year.pay == 20_000.0
    with pytest.raises(CompPlanError, match="Enter a spread"):
        schedule(NET_CHURN, headcount(NET_CHURN), known)
    comparison = side_by_side(NET_CHURN, NET_CHURN, headcount(NET_CHURN))
    assert comparison.changes["expected"] is None
    assert comparison.to_dict()["changes"]["at_target"]["pay"] == 0.0


def test_command_and_json_ask_for_a_spread(tmp_path: Path) -> None:
    (plan := tmp_path / "plan.yaml").write_text(NET_CHURN.to_yaml())
    printed = output_of("cost", str(plan))
    assert "Enter a spread for Net churn" in printed
    assert "spreads: {net_churn: …}" in printed
    assert "EXPECTED" not in printed
    assert "80% likely" not in printed
    data = json.loads(output_of("cost", str(plan), "--json"))
    assert (data["expected"], data["needs_spread"]) == (None, ["net_churn"])
    assert data["by_role"][0]["expected_pay"] is None

    (known := tmp_path / "cost.yaml").write_text("spreads: {net_churn: 0.02}")
    printed = output_of("cost", str(plan), "--assumptions", str(known))
    assert "80% likely between" in printed
    assert "Spread of results (standard deviation): Net churn 2%." in printed
    data = json.loads(output_of("cost", str(plan), "--assumptions", str(known), "--json"))
    assert data["expected"]["spreads"] == {"net_churn": 0.02}


def test_every_measure_of_the_catalog_has_a_spread_unless_its_target_is_nothing() -> None:
    for key, measure in catalog().items():
        assert (measure.spread_at(1.0) or 0.0) > 0, key
        if measure.spread_kind == "of_target":
            assert measure.spread_at(0.0) is None, key


@pytest.mark.parametrize("key", templates.keys())
def test_the_spread_in_use_is_always_stated(key: str) -> None:
    plan = templates.load(key)
    text = spread_text(plan, own_spreads(plan))
    for component in plan.components:
        assert plan.measure(component.measure).short in text
    assert ("our assumption" in text) == bool(illustrative_spreads(plan))


# How a plan is written


def figures(plan: Plan, spreads: dict[str, float]) -> dict[str, Any]:
    """Every figure that follows from a plan and its spreads, by name."""
    report = cost(plan, headcount(plan, 7), Assumptions(spreads=spreads, draws=512))
    data = report.to_dict()
    person = outlook(plan, spreads)
    expected = {k: v for k, v in data["expected"].items() if k not in ("means", "spreads", "illustrative")}
    return {
        "at_target": data["at_target"], "grid": data["grid"], "most": data["most"], "expected": expected,
        "outlook": {name: getattr(person, name) for name in ("mean", "standard_error", "p10", "p50", "p90", "method")},
        "ceiling": overview(plan, spreads).ceiling,
    }  # fmt: skip


def flat(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [one for part in value.values() for one in flat(part)]
    return [one for part in value for one in flat(part)] if isinstance(value, list) else [value]


def same(one: Plan, spreads: dict[str, float], other: Plan, other_spreads: dict[str, float]) -> None:
    for a, b in zip(flat(figures(one, spreads)), flat(figures(other, other_spreads)), strict=True):
        # A cent a line and person, where binary fractions lie on either side of half a cent.
        assert a == b or a == pytest.approx(b, rel=1e-9, abs=0.2)


def test_retention_and_churn_have_the_same_figures() -> None:
    same(RETENTION, {"grr": 0.03}, CHURN, {"net_churn": 0.03})
    wide = cost(RETENTION, headcount(RETENTION, 10)).expected.variable
    churn = cost(CHURN, headcount(CHURN, 10), Assumptions(spreads={"net_churn": 0.03})).expected.variable
    assert churn.p90 - churn.p10 == pytest.approx(wide.p90 - wide.p10, abs=0.1)


@st.composite
def shapes(draw: st.DrawFn) -> dict[str, Any]:
    """A plan on retention and on a flow, with a gate and a total cap in some."""
    steps = sorted(draw(st.sets(st.integers(500, 999), min_size=2, max_size=4)))
    pays = sorted(draw(st.lists(st.integers(0, 8), min_size=len(steps), max_size=len(steps))))
    return {
        "points": [[x / 1000, y / 4] for x, y in zip(steps, pays, strict=True)],
        "target": draw(st.sampled_from(steps)) / 1000,
        "extend": draw(st.booleans()),
        "flow": draw(st.integers(1, 400)) * 1000.0,
        "gate": draw(st.one_of(st.none(), st.sampled_from(steps))),
        "cap": draw(st.sampled_from([None, 1.2, 2.0])),
        "spread": draw(st.integers(0, 80)) / 1000,
    }


def written(shape: dict[str, Any], *, churn: bool, unit: float) -> tuple[Plan, dict[str, float]]:
    """The same plan on retention or churn, and with its flow in units or thousands."""

    def of(x: float) -> float:
        return round(1 - x, 6) if churn else x

    curve: dict[str, Any] = {"kind": "linear", "points": [[of(x), y] for x, y in shape["points"]]}
    if shape["extend"]:
        curve["above"] = "extend"
    flow_curve = {"kind": "linear", "points": [[0, 0], [shape["flow"] / unit, 1], [2 * shape["flow"] / unit, 3]]}
    parts: dict[str, Any] = {
        "components": [
            {"measure": "kept", "weight": 0.6, "target": of(shape["target"]), "curve": curve},
            {"measure": "bookings", "weight": 0.4, "target": shape["flow"] / unit, "curve": flow_curve},
        ],
        "measures": {
            "kept": {"name": "Kept", "unit": "share", "kind": "level", "better": "less" if churn else "more"},
            "bookings": {"name": "Bookings", "unit": "score", "kind": "flow", "better": "more"},
        },
    }
    if shape["gate"] is not None:
        edge = {"at_most" if churn else "at_least": of(shape["gate"] / 1000)}
        parts["gates"] = [{"measure": "kept", **edge, "otherwise": {"factor": 0.5}, "covers": ["bookings"]}]
    if shape["cap"] is not None:
        parts["caps"] = {"total": shape["cap"]}
    pay = {"base": 80_000.0, "variable": 20_000.0}
    head = {"compplan": 1, "name": "Drawn", "role": "csm", "segment": "smb", "currency": "USD", "pay": pay}
    return Plan.from_dict({**head, **parts}), {"kept": shape["spread"], "bookings": 0.25 * shape["flow"] / unit}


@given(shapes())
@settings(max_examples=15)
@example(
    {"points": [[0.9, 0.5], [0.95, 1.0], [0.99, 2.0]], "target": 0.95, "extend": True, "flow": 250_000.0, "gate": 900,
     "cap": None, "spread": 0.03}
)  # fmt: skip
@pytest.mark.law
def test_how_a_plan_is_written_moves_no_figure(shape: dict[str, Any]) -> None:
    plan, spreads = written(shape, churn=False, unit=1.0)
    for churn, unit in ((True, 1.0), (False, 1000.0), (True, 1000.0)):
        same(plan, spreads, *written(shape, churn=churn, unit=unit))


def test_a_known_spread_is_not_asked_for() -> None:
    assert unknown_spreads(NET_CHURN) == ("net_churn",)
    assert unknown_spreads(NET_CHURN, {"net_churn": 0.0}) == ()
    assert unknown_spreads(RETENTION) == ()
