"""Every control of the designer edits the plan in hand, and the figures follow."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from support.plans import make_plan, tidy

from compplan import templates
from compplan.curves import Goal, Linear, Retroactive, Step, Tiered
from compplan.plan import Plan
from compplan.plan.links import encode

SECTIONS = ("section.curves", "section.conditions", "section.likely")
GRR = "components[0]"


def amounts(page: Any) -> list[str]:
    return [row[-1] for row in page.table()]


# Pay


def test_role_and_segment(page: Any) -> None:
    band = page.piece('class="cp-bands"')
    page.choose("role", "senior_csm").choose("segment", "enterprise")
    assert (page.plan.role, page.plan.segment) == ("senior_csm", "enterprise")
    assert page.piece('class="cp-bands"') != band
    assert page.title.endswith("template, changed")


@pytest.mark.parametrize("typed", ["90000", "90,000", "$90,000", "90k", " 90 000 ", "0.09m", "USD 90,000.00"])
def test_base_is_read_in_common_formats(page: Any, typed: str) -> None:
    page.enter("pay.base", typed)
    assert page.plan.pay.base == 90_000
    assert page.entered("pay.base") == "90,000"
    assert page.figures["OTE"][0] == "$110k"
    assert amounts(page)[-2:] == ["$90,000.00", "$110,000.00"]


def test_variable_and_its_share_follow_each_other(page: Any) -> None:
    page.enter("pay.variable", "15k")
    assert page.plan.pay.variable == 15_000
    assert page.entered("pay.variable_share") == "15%"
    assert amounts(page)[0] == "$6,750.00"

    page.enter("pay.variable_share", "20")
    assert (page.plan.pay.variable, page.plan.pay.variable_share) == (None, 0.2)
    assert page.entered("pay.variable") == "21,250"
    page.enter("pay.base", "100k")
    assert page.entered("pay.variable") == "25,000"
    assert "$125,000" in page.piece('class="cp-ote"')
    assert "80% / 20%" in page.piece('class="cp-ote"')


def test_variable_share_that_follows_from_the_amount_has_no_false_decimals(page: Any) -> None:
    page.enter("pay.base", "68k").enter("pay.variable", "16k")
    assert page.entered("pay.variable_share") == "19%"
    assert page.plan.pay.variable == 16_000
    page.enter("pay.variable_share", "19.0476%")
    assert page.entered("pay.variable_share") == "19.0476%"
    assert page.plan.pay.variable_share == 0.190476


def test_plan_without_variable_pay_is_allowed(page: Any) -> None:
    page.enter("pay.variable", "0").open(*SECTIONS)
    assert page.problems == []
    assert page.figures["At target"][0] == "–"
    assert amounts(page)[-1] == "$85,000.00"


# What-if results and likely pay


def test_what_if_results_change_the_statement_until_reset(page: Any) -> None:
    page.what_if(grr=0.95)
    assert amounts(page) == ["$11,700.00", "$7,000.00", "$4,000.00", "$22,700.00", "$85,000.00", "$107,700.00"]
    page.what_if(csat_top_box=0.89)
    assert amounts(page)[:3] == ["$11,700.00", "$7,000.00", "$0.00"]
    # A target that moves takes along the results that nobody set, and leaves alone those that somebody did.
    page.open("section.curves").enter(f"{GRR}.target", "91%").choose("picked", 1)
    page.enter("components[1].target", "300k")
    now = {row["id"]: row["value"] for row in page.component("whatif")["rows"]}
    assert now == {"grr": 0.95, "expansion_arr": 300_000, "csat_top_box": 0.89}

    page.press("to_target")
    assert {row["id"]: row["value"] for row in page.component("whatif")["rows"]} == {
        "grr": 0.91,
        "expansion_arr": 300_000,
        "csat_top_box": 0.9,
    }
    assert [button.key for button in page.at.button if button.key == "to_target"] == []


def test_what_if_results_stay_within_limits(page: Any) -> None:
    before = {row["id"]: row for row in page.component("whatif")["rows"]}
    page.what_if(grr=7.0, expansion_arr=-1e300)
    now = {row["id"]: row for row in page.component("whatif")["rows"]}
    assert now["grr"]["value"] == before["grr"]["max"] <= 1.0
    assert now["expansion_arr"]["value"] == 0


@pytest.mark.parametrize(
    ("template", "result"), [("knowup-csat-weighted", "grr"), ("knowup-csat-gate", "csat_top_box")]
)
def test_the_range_of_a_what_if_slider_stays_while_it_moves_within(open_page: Any, template: str, result: str) -> None:
    """Or the slider would jump under the hand on release, and what was in reach would no longer be."""
    page = open_page(plan=encode(templates.load(template)))
    (first,) = (row for row in page.component("whatif")["rows"] if row["id"] == result)
    for share in (1.0, 0.5, 0.0, 0.9):
        page.what_if(**{result: first["min"] + share * (first["max"] - first["min"])})
        (now,) = (row for row in page.component("whatif")["rows"] if row["id"] == result)
        assert (now["min"], now["max"]) == (first["min"], first["max"])


def test_entered_spread_changes_expected_pay(page: Any) -> None:
    page.open("section.likely")
    assumed = page.figures["Expected pay"]
    page.enter("spread.grr", "0").enter("spread.expansion_arr", "$0").enter("spread.csat_top_box", "0%")
    assert page.problems == []
    assert page.figures["Expected pay"][:2] == ("$105k", "$105k, 80% likely")
    page.enter("spread.grr", "4%")
    assert page.figures["Expected pay"][0] != "$105k"
    assert page.title.endswith("· template"), "what one believes of results is no change of the plan"
    page.enter("spread.grr", "").enter("spread.expansion_arr", "").enter("spread.csat_top_box", "")
    assert page.figures["Expected pay"][:2] == assumed[:2], "an empty field goes back to our assumption"


# Targets and curves


def test_target_and_level(page: Any) -> None:
    page.open("section.curves").enter(f"{GRR}.target", "90%").choose(f"{GRR}.level", "team")
    assert (page.plan.components[0].target, page.plan.components[0].level) == (0.9, "team")
    assert page.figures["At target"][0] == "93.6%"
    assert page.warning.startswith("At target this plan pays 93.6% of the target variable instead of 100%")
    assert "components[0].target" not in page.plan.about.assumed


def test_another_component_can_be_chosen(page: Any) -> None:
    page.open("section.curves").choose("picked", 2)
    page.enter("components[2].curve.at", "88%")
    assert page.plan.components[2].curve == Goal(kind="goal", at=0.88)


def test_another_measure_starts_with_a_target_and_curve_of_its_own(page: Any) -> None:
    page.open("section.curves").choose(f"{GRR}.measure", "time_to_value")
    component = page.plan.components[0]
    assert (component.key, component.weight) == ("time_to_value", 0.45)
    assert page.figures["At target"][0] == "100%"
    page.choose(f"{GRR}.measure", "csat_top_box")
    assert list(page.plan.by_id) == ["csat_top_box_2", "expansion_arr", "csat_top_box"]


@pytest.mark.parametrize("key", ["knowup-csat-weighted", "posthog-csm-v2", "gitlab-tam"])
def test_every_kind_of_curve_on_every_component(page: Any, key: str) -> None:
    page.open("open", "section.curves")
    page.at.selectbox(key="template").set_value(key)
    page.run()
    kinds = {"step": Step, "linear": Linear, "tiered": Tiered, "retroactive": Retroactive, "goal": Goal}
    for place in range(len(page.plan.components)):
        page.choose("picked", place)
        for kind, model in kinds.items():
            page.choose(f"components[{place}].curve.kind", kind)
            assert page.problems == []
            assert isinstance(page.plan.components[place].curve, model)
            assert "Payout curve: " in page.piece('class="cp-sketch"')


def test_threshold_floor_and_cap_can_be_set_and_removed(page: Any) -> None:
    page.open("section.curves")
    page.enter(f"{GRR}.curve.threshold", "90%").enter(f"{GRR}.curve.floor", "10%").enter(f"{GRR}.curve.cap", "120")
    curve = page.plan.components[0].curve
    assert (curve.threshold, curve.floor, curve.cap) == (0.9, 0.1, 1.2)
    page.enter(f"{GRR}.curve.threshold", "").enter(f"{GRR}.curve.floor", " ").enter(f"{GRR}.curve.cap", "")
    assert page.plan.components[0].curve == templates.load("knowup-csat-weighted").components[0].curve


def test_cap_above_the_top_point_can_be_removed(page: Any) -> None:
    page.open("section.curves").choose("picked", 1).choose("components[1].curve.kind", "linear")
    page.choose("components[1].curve.above", "extend")
    assert page.plan.components[1].curve.above == "extend"
    assert page.figures["Maximum"][:2] == ("no limit", "no cap")


def test_points_are_edited_added_and_deleted(page: Any) -> None:
    points = f"{GRR}.curve.points"
    page.open("section.curves").edit_table(points, edited_rows={"0": {"pays": "40%"}})
    assert page.plan.components[0].curve.points == ((0.85, 0.4), (0.92, 1.0), (0.97, 1.5))
    # The browser tells all changes since the table was drawn, so the first one comes along.
    page.edit_table(
        points,
        edited_rows={"0": {"pays": "40%"}, "2": {"result": "98", "pays": "1.6"}},
        added_rows=[{"result": "0.99", "pays": "170%"}],
    )
    assert page.plan.components[0].curve.points == ((0.85, 0.4), (0.92, 1.0), (0.98, 1.6), (0.99, 1.7))
    page.edit_table(points, deleted_rows=[0])
    assert page.plan.components[0].curve.points == ((0.92, 1.0), (0.97, 1.5))
    page.press("undo").press("undo")
    assert page.plan.components[0].curve.points == ((0.85, 0.4), (0.92, 1.0), (0.97, 1.5))
    (table,) = page.at.data_editor
    assert list(table.value["pays"]) == ["40%", "100%", "150%"]


def test_tiers_are_rates(page: Any) -> None:
    page.open("section.curves").choose("picked", 1)
    page.edit_table("components[1].curve.tiers", edited_rows={"1": {"pays": "1.8"}, "2": {"result": "150%"}})
    assert page.plan.components[1].curve.tiers == ((0.0, 1.0), (1.0, 1.8), (1.5, 2.0))
    page.edit_table("components[1].curve.tiers", edited_rows={"1": {"pays": "180%"}})
    assert page.problems == ["Row 2: must not be a percent here; write a number such as 4.5."]
    assert page.plan.components[1].curve.tiers == ((0.0, 1.0), (1.0, 1.8), (1.5, 2.0))


def test_component_can_be_added_and_removed(page: Any) -> None:
    page.open("section.curves")
    page.at.selectbox(key="add").set_value("nps")
    page.run()
    assert list(page.plan.by_id) == ["grr", "expansion_arr", "csat_top_box", "nps"]
    assert page.plan.by_id["nps"].weight == 0
    assert [row["id"] for row in page.component("weights")["rows"]] == list(page.plan.by_id)
    assert page.at.selectbox(key="add").value is None

    page.choose("picked", 0).press("remove")
    assert [row["value"] for row in page.component("weights")["rows"]] == pytest.approx([63.6364, 36.3636, 0], abs=1e-4)
    page.choose("picked", 0).press("remove").choose("picked", 0).press("remove")
    assert {key: c.weight for key, c in page.plan.by_id.items()} == {"nps": 1.0}
    assert [button for button in page.at.button if button.key == "remove"] == [], "the last one stays"
    for _ in range(4):
        page.press("undo")
    assert page.plan == templates.load("knowup-csat-weighted")


def test_commission_has_a_rate_and_no_weight(open_page: Any) -> None:
    data = templates.load("knowup-csat-weighted").to_dict()
    del data["components"][1]["weight"]
    data["components"][1]["rate"] = 0.02
    data["components"][0]["weight"], data["components"][2]["weight"] = 0.7, 0.3
    del data["about"]
    page = open_page(plan=encode(Plan.from_dict(data)))
    assert [row["id"] for row in page.component("weights")["rows"]] == ["grr", "csat_top_box"]
    page.open("section.curves").choose("picked", 1).enter("components[1].rate", "0.03")
    assert amounts(page)[1] == "$7,200.00"
    assert amounts(page)[3] == "$20,000.00"
    page.weigh(grr=60, csat_top_box=40)
    assert [c.weight for c in page.plan.components] == [0.6, None, 0.4]


def test_components_with_the_same_measure_have_different_names(open_page: Any) -> None:
    """Lists of choices go by their text: two components must not read the same."""
    data = templates.load("knowup-csat-weighted").to_dict()
    data["components"][2] |= {"id": "team_grr", "measure": "grr", "target": 0.95, "curve": {"kind": "goal", "at": 0.95}}
    data["gates"] = [
        {"measure": "nps", "at_least": 30, "otherwise": {"limit": 1}, "covers": ["team_grr", "grr", "expansion_arr"]}
    ]
    plan = Plan.from_dict(data)
    page = open_page(plan=encode(plan)).open(*SECTIONS)
    for place, component in enumerate(plan.components):
        page.choose("picked", place)
        assert page.entered(f"components[{place}].target")
        assert page.widget("selectbox", f"components[{place}].measure").value == component.measure
    page.enter("components[2].target", "94%").choose("picked", 0)
    page.press("remove")
    assert list(page.plan.by_id) == ["expansion_arr", "team_grr"]
    assert page.problems == []
    page.press("undo")
    assert page.plan.gates == plan.gates
    for panel in ("weights", "whatif"):
        labels = [row["label"] for row in page.component(panel)["rows"]]
        assert len(set(labels)) == len(labels)


# Gates, modifiers, kickers, cap


def test_gates(page: Any) -> None:
    page.open("section.conditions")
    page.at.selectbox(key="add_on").set_value("csat")
    page.run()
    page.enter("gates[0].at_least", "4.4").enter("gates[0].otherwise.limit", "80%")
    page.what_if(csat=4.0)
    assert amounts(page)[:3] == ["$7,200.00", "$5,600.00", "$3,200.00"]
    assert "Takes $4,000.00 per year at these results." in [caption.value for caption in page.at.caption]
    (covers,) = page.at.multiselect
    covers.set_value(["expansion_arr"])
    page.run()
    assert page.plan.gates[0].covers == ("expansion_arr",)
    assert amounts(page)[:3] == ["$9,000.00", "$5,600.00", "$4,000.00"]
    (covers,) = page.at.multiselect
    covers.set_value([])
    page.run()
    assert page.plan.gates[0].covers is None
    page.press("remove.gates[0]")
    assert page.plan == templates.load("knowup-csat-weighted")


def test_gate_can_multiply_pay_by_a_factor(open_page: Any) -> None:
    gate = {"measure": "csat_top_box", "at_least": 0.9, "otherwise": {"factor": 0.5}, "covers": ["grr"]}
    page = open_page(plan=encode(templates.load("knowup-csat-weighted").edit({"gates": [gate]})))
    page.open("section.conditions").enter("gates[0].otherwise.factor", "25%")
    assert page.plan.gates[0].otherwise.factor == 0.25
    page.what_if(csat_top_box=0.89)
    assert amounts(page)[0] == "$2,250.00"


def test_modifiers(page: Any) -> None:
    page.open("section.conditions")
    page.at.selectbox(key="add_kind").set_value("modifiers")
    page.at.selectbox(key="add_on").set_value("nps")
    page.run()
    low, middle, high = (x for x, _ in page.plan.modifiers[0].curve.points)
    page.edit_table("modifiers[0].curve.points", edited_rows={"2": {"pays": "120%"}})
    assert page.plan.modifiers[0].curve.points == ((low, 0.9), (middle, 1.0), (high, 1.2))
    page.what_if(nps=high)
    assert amounts(page)[-3] == "$24,000.00"
    page.press("remove.modifiers[0]")
    assert page.plan.modifiers == ()


def test_kickers(page: Any) -> None:
    page.open("section.conditions")
    page.at.selectbox(key="add_kind").set_value("kickers")
    page.at.selectbox(key="add_on").set_value("multi_year_renewals")
    page.run()
    page.enter("kickers[0].per_unit", "750").enter("kickers[0].max_units", "4")
    page.what_if(multi_year_renewals=10)
    assert "$3,000.00" in amounts(page)
    page.enter("kickers[0].max_units", "")
    assert page.plan.kickers[0].max_units is None
    page.press("remove.kickers[0]")
    assert page.plan.kickers == ()


def test_total_cap_can_be_set_and_removed(page: Any) -> None:
    page.open("section.conditions").enter("caps.total", "110%")
    page.what_if(grr=0.97)
    assert amounts(page)[-3] == "$22,000.00"
    assert "Takes $2,500.00 per year at these results." in [caption.value for caption in page.at.caption]
    page.enter("caps.total", "")
    assert page.plan.caps.total is None


# Undo and redo


def test_undo_and_redo_bring_back_figures_and_fields(page: Any) -> None:
    seen = [(page.figures, page.table(), page.entered("pay.base"), page.entered("pay.variable_share"))]
    for act in (
        lambda: page.enter("pay.base", "90k"),
        lambda: page.enter("pay.variable_share", "25%"),
        lambda: page.weigh(grr=60, expansion_arr=20, csat_top_box=20),
        lambda: page.choose("role", "senior_csm"),
    ):
        act()
        seen.append((page.figures, page.table(), page.entered("pay.base"), page.entered("pay.variable_share")))
    for press, states in (("undo", seen[-2::-1]), ("redo", seen[1:])):
        for state in states:
            page.press(press)
            assert (
                page.figures,
                page.table(),
                page.entered("pay.base"),
                page.entered("pay.variable_share"),
            ) == state
    page.press("undo").enter("pay.base", "70k")
    assert page.at.button(key="redo").disabled, "what came after is gone once something else was done"


def test_opening_another_plan_can_be_undone(page: Any) -> None:
    page.enter("pay.base", "90k").what_if(grr=0.95).open("open")
    title, table = page.title, page.table()
    page.at.selectbox(key="template").set_value("flowfuse-csm")
    page.run()
    assert page.plan == templates.load("flowfuse-csm")
    assert "changed" not in page.title
    page.press("undo")
    assert page.plan.pay.base == 90_000
    assert page.entered("pay.base") == "90,000"
    # It comes back as it was in hand: still changed against the template, on the same what-if results.
    assert (page.title, page.table()) == (title, table)
    assert page.figures["OTE"] == ("$110k", "$90k base + $20k variable", "$105k")
    page.press("redo")
    assert page.plan == templates.load("flowfuse-csm")
    assert "changed" not in page.title


# Plans of every kind


@pytest.mark.parametrize("seed", range(24))
def test_any_plan_opens_with_every_chart(open_page: Any, seed: int) -> None:
    plan = Plan.from_dict(tidy(make_plan(Random(seed))))
    page = open_page(plan=encode(plan))
    assert page.warnings == []
    page.at.session_state["second"] = "pair"
    page.open(*SECTIONS).run()
    assert page.plan == plan
    assert page.problems == []
    assert len(page.component("charts")["figures"]) == 3
