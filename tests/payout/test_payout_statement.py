"""Statements: every calculation can be repeated from its text, and the periods of a year pay the right amounts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
from support.plans import make_plan, make_results, tidy

from compplan.money import minor_digits
from compplan.payout import Line, Statement, payout, payouts
from compplan.plan import Plan, PlanError

MID_MARKET = Plan.load(Path(__file__).resolve().parents[1] / "cases" / "plans" / "mid-market.yaml")
RESULTS = {"grr": 0.93, "expansion_arr": 61_000, "csat": 4.1, "nps": 33, "multi_year_renewals": 8}


def one(measure: str = "grr", **component: Any) -> dict[str, Any]:
    """A plan of one component."""
    component_data = {
        "measure": measure,
        "weight": 1,
        "target": 0.92,
        "curve": {"kind": "goal", "at": 0.92},
        **component,
    }
    return {
        "compplan": 1,
        "name": "One",
        "role": "csm",
        "segment": "mid_market",
        "currency": "USD",
        "pay": {"base": 80_000, "variable": 20_000},
        "components": [{key: value for key, value in component_data.items() if value is not None}],
    }


def plan(measure: str = "grr", changes: dict[str, Any] | None = None, **component: Any) -> Plan:
    return Plan.from_dict(one(measure, **component)).edit(changes or {})


def lines(statement: Statement, kind: str) -> list[Line]:
    return [line for line in statement.lines if line.kind == kind]


# Shape


def test_json_has_the_documented_keys() -> None:
    data = payout(MID_MARKET, RESULTS).to_dict()
    assert {"period_target", "total", "payout_fraction", "at_target_fraction", "lines"} <= set(data)
    for line in data["lines"]:
        assert {"id", "kind", "result", "attainment", "payout_fraction", "amount", "working"} <= set(line)
    assert [(line["id"], line["kind"]) for line in data["lines"]] == [
        ("grr", "component"),
        ("expansion_arr", "component"),
        ("csat", "component"),
        ("csat", "gate"),
        ("nps", "modifier"),
        ("multi_year_renewals", "kicker"),
    ]
    assert json.loads(json.dumps(data, allow_nan=False)) == data


def test_json_has_the_numbers_of_the_statement() -> None:
    """5,000 a quarter. GRR 1 + 0.8 x 1/5 = 1.16; expansion 61/62.5 = 0.976, halved; CSAT nothing; NPS x 0.965."""
    data = payout(MID_MARKET, RESULTS).to_dict()
    assert data["period_target"] == 5000.00
    assert data["at_target_fraction"] == 1.0
    by_id = {(line["id"], line["kind"]): line for line in data["lines"]}
    assert by_id["grr", "component"]["amount"] == 2610.00
    assert by_id["grr", "component"]["payout_fraction"] == pytest.approx(1.16)
    expansion = by_id["expansion_arr", "component"]
    assert (expansion["target"], expansion["target_pay"]) == (62_500, 1750.00)
    assert expansion["attainment"] == pytest.approx(0.976)
    assert expansion["payout_fraction"] == pytest.approx(0.488)
    assert expansion["amount"] == 854.00
    gate = by_id["csat", "gate"]
    assert (gate["passed"], gate["payout_fraction"], gate["amount"]) == (False, 0.5, 0.0)
    assert by_id["nps", "modifier"]["amount"] == -121.24  # (0.965 - 1) x 3,464.00
    assert by_id["multi_year_renewals", "kicker"]["amount"] == 3000.00  # 6 of 8 units
    assert data["total"] == 2610.00 + 854.00 - 121.24 + 3000.00
    assert data["payout_fraction"] == pytest.approx((data["total"] - 3000.00) / 5000.00)
    assert (data["base"], data["cash_total"]) == (20_000.00, 26_342.76)
    assert data["plan_hash"] == MID_MARKET.hash


def test_a_passed_gate_has_a_line() -> None:
    (gate,) = lines(payout(MID_MARKET, {**RESULTS, "csat": 4.2}), "gate")
    assert (gate.passed, gate.payout_fraction, gate.amount, gate.target, gate.result) == (True, None, 0.0, 4.2, 4.2)


def test_attainment_is_shown_only_for_measures_with_a_true_zero() -> None:
    attainments = {line.id: line.attainment for line in payout(MID_MARKET, RESULTS).lines if line.kind == "component"}
    assert attainments["csat"] is None
    assert attainments["grr"] == pytest.approx(0.93 / 0.92)
    days = plan("time_to_value", target=60, curve={"kind": "goal", "at": 60})
    assert payout(days, {"time_to_value": 50}).lines[0].attainment is None


# Sums that can be done again

_LAST = re.compile(r"([\d.,]+)% of \D*([\d.,]+) target pay \(.*\) = \D*([\d.,]+)")
_CURVE = re.compile(r".*: the curve \([\w, ]+\) pays ([\d.,]+)%")
_TIMES = re.compile(r".*: × ([\d.,]+)")
_AT_MOST = re.compile(r".*: at most ([\d.,]+)%")


def value(text: str) -> float:
    return float(text.replace(",", ""))


def check_component(line: Line, cent: float) -> None:
    first, *conditions, last = line.working
    match = _LAST.fullmatch(last)
    assert match, last
    percent, pay, amount = (value(part) for part in match.groups())
    assert amount == line.amount
    assert abs(percent / 100 * pay - amount) <= 0.6 * cent, last

    start = _CURVE.fullmatch(first)
    assert start, first
    running = value(start[1])
    for step in conditions:
        if times := _TIMES.fullmatch(step):
            running *= value(times[1])
        else:
            limit = _AT_MOST.fullmatch(step)
            assert limit, step
            running = min(running, value(limit[1]))
    assert running == pytest.approx(percent, rel=2e-6, abs=2e-4), line.working


def test_statement_calculations_can_be_repeated() -> None:
    for line in lines(payout(MID_MARKET, RESULTS), "component"):
        check_component(line, 0.01)


@pytest.mark.parametrize("block", range(4))
def test_calculations_of_random_statements_can_be_repeated(block: int) -> None:
    for seed in range(block * 50, block * 50 + 50):
        rng = Random(seed)
        data = {**make_plan(rng), "rounding": {}, "accumulation": "discrete"}
        drawn = Plan.from_dict(tidy(data))
        statement = payout(drawn, make_results(rng, data, "year"), "year")
        cent = 10.0 ** -minor_digits(drawn.currency)
        for line in lines(statement, "component"):
            try:
                check_component(line, cent)
            except AssertionError as error:
                error.add_note(f"seed {seed}\n{statement.text()}")
                raise


def test_target_pay_is_the_share_of_the_period_target() -> None:
    statement = payout(MID_MARKET, RESULTS)
    for component, line in zip(MID_MARKET.components, lines(statement, "component"), strict=True):
        assert line.target_pay == pytest.approx((component.weight or 0) * statement.period_target)
        assert f"(weight {100 * (component.weight or 0):g}%)" in line.working[-1]


def test_a_commission_line_shows_its_rate() -> None:
    paid = plan("expansion_arr", target=200_000, weight=None, rate=0.0225, curve={"kind": "tiered", "tiers": [[0, 1]]})
    (line,) = payout(paid, {"expansion_arr": 100_000}, "year").lines
    assert line.amount == 2250.00
    assert "(rate 0.0225)" in line.working[-1]


def test_plan_modifier_line_is_the_sum_times_factor_minus_one() -> None:
    third = plan(
        changes={
            "pay.variable": 61_037.11,
            "modifiers": [{"measure": "nps", "curve": {"kind": "linear", "points": [[0, 1.0], [30, 1.1]]}}],
        }
    )
    statement = payout(third, {"grr": 0.95, "nps": 10}, "year")
    (line,) = lines(statement, "modifier")
    match = re.fullmatch(r"Result 10: × ([\d.]+) on the sum of the components", line.working[0])
    assert match
    assert (value(match[1]) - 1) * 61_037.11 == pytest.approx(line.amount, abs=0.006)


def test_total_cap_line_shows_the_capped_amount() -> None:
    """125% of 5,586.50 is 6,983.125: half a cent goes up, on paper as in pay."""
    capped = plan(
        changes={
            "pay": {"base": 84_999, "variable": 22_346},
            "caps": {"total": 1.25},
            "components[0].curve": {"kind": "step", "steps": [[0.9, 2.0]]},
        }
    )
    statement = payout(capped, {"grr": 0.95})
    (cap,) = lines(statement, "cap")
    assert statement.total == 6983.13
    assert cap.amount == -4189.87  # 6,983.13 - 11,173.00
    assert cap.working == ("At most 125% of target variable, $6,983.13",)


def test_a_total_cap_that_does_not_bind_has_no_line() -> None:
    capped = plan(changes={"caps": {"total": 1.0}})
    assert lines(payout(capped, {"grr": 0.95}), "cap") == []
    assert payouts(capped, pd.DataFrame({"grr": [0.95]}))["total_cap"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("per_unit", "units", "amount"),
    [(500.0, 3, 1500.00), (33.335, 3, 100.01), (0.0125, 123_456.78, 1543.21), (10.0, 1_234_567, 12_345_670.00)],
)
def test_kicker_calculation_can_be_repeated(per_unit: float, units: float, amount: float) -> None:
    paid = plan(changes={"kickers": [{"name": "Growth", "measure": "pipeline", "per_unit": per_unit}]})
    (line,) = lines(payout(paid, {"grr": 0.9, "pipeline": units}), "kicker")
    assert line.amount == amount
    match = re.match(r"([\d.,]+) × \$([\d.,]+)", line.working[0])
    assert match, line.working
    assert value(match[1]) == units
    assert value(match[2]) == per_unit


def test_kicker_line_shows_its_unit_limit() -> None:
    (line,) = lines(payout(MID_MARKET, RESULTS), "kicker")
    assert line.working == ("6 (at most 6) × $500.00",)
    assert line.result == 8


def test_a_period_notes_that_units_of_earlier_periods_are_not_included() -> None:
    note = (
        "The unit limit of Multi-year renewal is for the whole year. Units paid in earlier periods are not included "
        "here."
    )
    alone = MID_MARKET.edit({"accumulation": "discrete"})
    assert payout(alone, RESULTS, 2).notes == (note,)
    assert payout(alone, RESULTS, 2).text().endswith(note)
    assert payout(alone, RESULTS, "year").notes == ()
    assert payout(alone.edit({"kickers[0].max_units": None}), RESULTS, 2).notes == ()
    assert payout(MID_MARKET.edit({"accumulation": "year_to_date"}), RESULTS, 2, paid_before=0).notes == ()


@pytest.mark.parametrize(
    ("measure", "edge", "short", "curve"),
    [
        ("grr", 0.92, 0.919996, {"kind": "goal", "at": 0.92}),
        ("grr", 0.90, 0.89999951, {"kind": "step", "steps": [[0.90, 1.0]]}),
        ("csat", 4.5, 4.49999, {"kind": "goal", "at": 4.5}),
        ("time_to_value", 60, 60.00001, {"kind": "goal", "at": 60}),
    ],
)
def test_a_near_miss_is_not_rounded_to_the_target(measure: str, edge: float, short: float, curve: Any) -> None:
    statement = payout(plan(measure, target=edge, curve=curve), {measure: short})
    assert statement.total == 0.00
    match = re.match(r"Result (.*) against (.*): the", statement.lines[0].working[0])
    assert match
    assert match[1] != match[2]


def test_near_full_attainment_is_not_rounded_to_100_percent() -> None:
    missed = plan("expansion_arr", target=100_000, axis="attainment", curve={"kind": "goal", "at": 1.0})
    (line,) = payout(missed, {"expansion_arr": 99_999.996}, "year").lines
    assert line.amount == 0.00
    assert ", 100% of target" not in line.working[0]


def test_a_nearly_passed_gate_is_not_shown_as_passed() -> None:
    gated = plan(changes={"gates": [{"measure": "csat_top_box", "at_least": 0.9, "otherwise": {"factor": 0.5}}]})
    (gate,) = lines(payout(gated, {"grr": 0.95, "csat_top_box": 0.899996}), "gate")
    assert gate.passed is False
    assert not gate.working[0].startswith("Result 90%:")


def test_a_statement_names_components_levels_and_curves_as_people_know_them() -> None:
    parts = [
        {"measure": "grr", "weight": 0.6, "target": 0.92, "curve": {"kind": "goal", "at": 0.92}, "level": "company"},
        {
            "measure": "expansion_arr", "weight": 0.4, "target": 100_000, "axis": "attainment",
            "curve": {"kind": "tiered", "tiers": [[0.0, 1.0], [1.0, 1.5]]},
        },
    ]  # fmt: skip
    gate = {"measure": "csat", "at_least": 4.2, "otherwise": {"factor": 0.5}, "covers": ["expansion_arr"]}
    modifier = {"measure": "nps", "curve": {"kind": "step", "steps": [[0, 0.9], [50, 1.0]]}, "covers": ["grr"]}
    named = Plan.from_dict(one() | {"components": parts, "gates": [gate], "modifiers": [modifier]})
    statement = payout(named, {"grr": 0.93, "expansion_arr": 61_000, "csat": 4.0, "nps": 60}, "year")
    grr, expansion, csat, nps = statement.lines
    assert (grr.label, expansion.label) == ("Gross revenue retention on ARR due, company result", "Expansion ARR")
    assert grr.working[0].endswith(": the curve (all or nothing) pays 100%")
    assert expansion.working[0].endswith(": the curve (tiers, each slice at its rate) pays 61%")
    assert csat.working == ("Result 4: not passed, × 0.5 on Expansion ARR",)
    assert nps.working == ("Result 60: × 1 on Gross revenue retention on ARR due",)


def test_the_repr_of_a_statement_says_the_period() -> None:
    plan_of_one = Plan.from_dict(one())
    assert repr(payout(plan_of_one, {"grr": 0.93})) == (
        "Statement('One', period 1 of 4, $5,000.00 variable pay and kickers)"
    )
    assert ", year, $20,000.00 " in repr(payout(plan_of_one, {"grr": 0.93}, "year"))


def test_rounding_of_results_is_shown_as_a_step() -> None:
    rounded = plan(
        "expansion_arr",
        {"rounding": {"attainment": 4}},
        target=100_000,
        axis="attainment",
        curve={"kind": "goal", "at": 1.0},
    )
    (line,) = payout(rounded, {"expansion_arr": 99_995}, "year").lines
    assert line.amount == 20_000.00
    assert "99.995%" in " ".join(line.working)
    assert "round" in " ".join(line.working)


def test_rounding_moves_no_result_by_more_than_half_its_last_decimal() -> None:
    goal = {"kind": "goal", "at": 250_000}
    far = plan("expansion_arr", {"rounding": {"attainment": 4}}, target=250_000, curve=goal)
    assert payout(far, {"expansion_arr": 249_999.9996}, "year").total == 0.00
    assert payout(far, {"expansion_arr": 250_000}, "year").total == 20_000.00
    own = {"credits": {"name": "Credits", "unit": "money", "kind": "level", "better": "less"}}
    less = Plan.from_dict(
        {
            **one("credits", target=2600, curve={"kind": "goal", "at": 2600}),
            "measures": own,
            "rounding": {"attainment": 6},
        }
    )
    assert payout(less, {"credits": 2600}, "year").total == 20_000.00


# Text


def test_text_has_every_line_with_aligned_amounts() -> None:
    statement = payout(MID_MARKET, RESULTS)
    text = statement.text().splitlines()
    assert text[0] == "Mid-market CSM, FY26 · period 1 of 4"
    assert text[1] == "Target variable of the period $5,000.00"
    for line in statement.lines:
        assert any(row.startswith(line.label) for row in text)
        for step in line.working:
            assert f"    {step}" in text
    amounts = [row for row in text if re.search(r"\S  +\S*\$[\d,]+\.\d\d$", row) and not row.startswith("    ")]
    assert len(amounts) == 8
    assert len({len(row) for row in amounts}) == 1
    assert amounts[-3].endswith("$6,342.76")
    assert amounts[-1].endswith("$26,342.76")


def test_a_plan_without_base_shows_no_base() -> None:
    text = payout(plan(changes={"pay.base": 0}), {"grr": 0.95}).text()
    assert "Base" not in text
    assert text.splitlines()[-1].startswith("Total variable pay and kickers")


def test_labels_show_level_and_id() -> None:
    (line,) = payout(plan(id="kept", level="team"), {"kept": 0.95}).lines
    assert line.label == "Gross revenue retention on ARR due (kept), team result"
    assert line.id == "kept"


def test_yen_have_no_decimals() -> None:
    yen = plan(changes={"currency": "JPY", "pay": {"base": 8_000_000, "variable": 1_000_001}, "frequency": "monthly"})
    statement = payout(yen, {"grr": 0.95})
    assert statement.period_target == 83_333
    assert statement.total == 83_333
    assert "¥83,333" in statement.text()
    assert "¥83,333." not in statement.text()
    parts = [payout(yen, {"grr": 0.95}, k).total for k in range(1, 13)]
    assert sum(parts) == 1_000_001
    assert all(part == int(part) for part in parts)


def test_dinars_have_three_decimals() -> None:
    dinars = plan(changes={"currency": "BHD", "pay.variable": 10_000})
    assert [payout(dinars, {"grr": 0.95}, k).total for k in (1, 2)] == [2500.000, 2500.000]
    third = plan(changes={"currency": "BHD", "pay.variable": 10_000, "frequency": "monthly"})
    assert payout(third, {"grr": 0.95}).total == 833.333


# Names


def test_an_id_named_like_another_measure_keeps_its_own_measure() -> None:
    """Either it is refused as an id, or each component keeps the measure that it names."""
    data = one(id="csat", weight=0.5)
    data["components"].append(
        {"id": "mood", "measure": "csat", "weight": 0.5, "target": 4.5, "curve": {"kind": "goal", "at": 4.5}}
    )
    refused: list[str] = []
    try:
        statement = payout(Plan.from_dict(data), {"csat": 0.95, "mood": 4.6}, "year")
    except PlanError as error:
        refused = [problem.where for problem in error.problems]
    else:
        assert [line.amount for line in statement.lines] == [10_000.00, 10_000.00]
    assert refused in ([], ["components[0].id"])


def test_a_gate_may_use_the_measure_of_one_component() -> None:
    gate = {"measure": "grr", "at_least": 0.9, "otherwise": {"factor": 0.0}}
    gated = plan(id="kept", curve={"kind": "step", "steps": [[0.5, 1.0]]}, changes={"gates": [gate]})
    assert payout(gated, {"kept": 0.95}, "year").total == 20_000.00
    assert payout(gated, {"kept": 0.85}, "year").total == 0.00


# Periods


def test_the_year_is_paid_as_one_period() -> None:
    year = payout(MID_MARKET, {**RESULTS, "expansion_arr": 244_000}, "year")
    assert year.period == "year"
    assert (year.period_target, year.base) == (20_000.00, 80_000.00)
    assert [line.amount for line in lines(year, "component")] == [10_440.00, 3416.00, 0.00]
    assert year.cash_total == pytest.approx(year.total + 80_000.00, abs=1e-9)


def test_text_states_the_period_of_target_variable() -> None:
    so_far = plan(changes={"frequency": "quarterly", "accumulation": "year_to_date"})
    assert "Target variable of the year so far $10,000.00" in payout(so_far, {"grr": 0.92}, 2, paid_before=0).text()
    assert "Target variable of the period $5,000.00" in payout(so_far, {"grr": 0.92}, 1).text()


def test_a_statement_names_its_period() -> None:
    discrete = MID_MARKET.edit({"accumulation": "discrete"})
    assert payout(discrete, RESULTS, 3).period == "period 3 of 4"
    assert payout(MID_MARKET, RESULTS, 1).period == "period 1 of 4"
    assert payout(MID_MARKET, RESULTS, 3, paid_before=0).period == "periods 1 to 3 of 4"
    assert payout(discrete.edit({"frequency": "annual"}), RESULTS, 1).period == "period 1 of 1"


def test_a_seasonal_target_is_split_by_seasonality() -> None:
    seasonal = MID_MARKET.edit({"accumulation": "discrete", "seasonality": [0.19, 0.245, 0.28, 0.285]})
    targets = [payout(seasonal, RESULTS, k).lines[1].target for k in (1, 2, 3, 4)]
    assert targets == pytest.approx([47_500, 61_250, 70_000, 71_250])
    assert [payout(seasonal, RESULTS, k).lines[0].target for k in (1, 4)] == [0.92, 0.92]
    # Target variable itself is split evenly.
    assert [payout(seasonal, RESULTS, k).period_target for k in (1, 4)] == [5000.00, 5000.00]


def quarterly(negative: str = "carry", accumulation: str = "year_to_date") -> Plan:
    """1,750 a quarter on 60,000 of expansion: 60% at least, half as much again above 100%, at most 200%."""
    return plan(
        "expansion_arr",
        {"pay.variable": 7000, "accumulation": accumulation, "negative": negative},
        target=240_000,
        axis="attainment",
        curve={"kind": "tiered", "tiers": [[0, 1.0], [1.0, 1.5]], "threshold": 0.6, "cap": 2.0},
    )


def pay_through(made: Plan, actual: list[float]) -> list[Statement]:
    """Four quarters, each on the year so far, less what was paid."""
    paid, statements = 0.0, []
    for k in range(1, 5):
        before = None if k == 1 else paid
        statements.append(payout(made, {"expansion_arr": sum(actual[:k])}, k, paid_before=before))
        paid = round(paid + statements[-1].total, 2)
    return statements


def test_year_to_date_pays_differently_from_single_quarters() -> None:
    actual = [30_000, 90_000, 50_000, 100_000]
    alone = quarterly(accumulation="discrete")
    assert [payout(alone, {"expansion_arr": a}, k + 1).total for k, a in enumerate(actual)] == [
        0.00,
        3062.50,
        1458.33,
        3500.00,
    ]
    assert [s.total for s in pay_through(quarterly(), actual)] == [0.00, 3500.00, 1458.33, 3354.17]
    assert payout(quarterly(), {"expansion_arr": sum(actual)}, "year").total == 8312.50


DOWN = [100_000, 10_000, 70_000, 60_000]


def test_a_negative_difference_is_carried() -> None:
    """Earned so far: 3,500.00, 3,208.33, 5,250.00, 7,000.00."""
    statements = pay_through(quarterly(), DOWN)
    assert [s.total for s in statements] == [3500.00, 0.00, 1750.00, 1750.00]
    assert [s.carried for s in statements] == [0, -291.67, 0, 0]
    (carried,) = lines(statements[1], "carried")
    assert (carried.amount, carried.label) == (291.67, "Negative difference, carried forward")
    (before,) = lines(statements[1], "paid_before")
    assert (before.amount, before.label) == (-3500.00, "Paid in earlier periods of the year")
    assert sum(s.total for s in statements) == 7000.00


def test_a_negative_difference_is_recovered() -> None:
    statements = pay_through(quarterly("recover"), DOWN)
    assert [s.total for s in statements] == [3500.00, -291.67, 2041.67, 1750.00]
    assert [s.carried for s in statements] == [0, 0, 0, 0]
    assert [lines(s, "carried") for s in statements] == [[], [], [], []]


def test_a_negative_difference_is_forgiven_at_year_end() -> None:
    """Until the year ends it waits, as one that is carried does; at its end nothing is owed any more."""
    statements = pay_through(quarterly("forgive"), DOWN)
    assert [s.total for s in statements] == [3500.00, 0.00, 1750.00, 1750.00]
    assert statements[1].carried == -291.67
    end = payout(quarterly("forgive"), {"expansion_arr": 110_000}, 4, paid_before=3500.00)
    assert end.total == 0.00
    (line,) = lines(end, "carried")
    assert (line.amount, line.label) == (3500.00, "Negative difference, forgiven at year end")
    assert end.carried == 0


def test_a_rate_over_two_quarters_divides_the_sums() -> None:
    """1,050 of 1,200 = 87.5% pays 67.8571% of 4,500; the mean of the quarters, 92.5%, would pay 4,725.00."""
    paid_plan = plan(
        changes={"pay.variable": 9000, "accumulation": "year_to_date"},
        curve={"kind": "linear", "points": [[0.85, 0.5], [0.92, 1.0], [0.97, 1.5]]},
    )
    parts = {"grr.numerator": 1_050_000, "grr.denominator": 1_200_000}
    assert payout(paid_plan, parts, 2, paid_before=0).total == 3053.57
    alone = paid_plan.edit({"accumulation": "discrete"})
    assert [payout(alone, {"grr": rate}, k).total for k, rate in ((1, 1.0), (2, 0.85))] == [3375.00, 1125.00]


def test_payout_fraction_excludes_kickers_and_earlier_pay() -> None:
    """At target twice, with three kickers in the first quarter: the year so far pays 100%, not 20%."""
    paid_plan = plan(
        changes={
            "accumulation": "year_to_date",
            "kickers": [{"name": "Renewal", "measure": "multi_year_renewals", "per_unit": 1000}],
        }
    )
    first = payout(paid_plan, {"grr": 0.95, "multi_year_renewals": 3}, 1)
    assert (first.total, first.payout_fraction) == (8000.00, 1.0)
    second = payout(paid_plan, {"grr": 0.95, "multi_year_renewals": 3}, 2, paid_before=first.total)
    assert second.total == 5000.00
    assert (second.period_target, second.payout_fraction) == (10_000.00, 1.0)


def test_target_variable_beyond_commissions_counts_as_target() -> None:
    paid = plan("expansion_arr", target=200_000, weight=None, rate=0.05, curve={"kind": "tiered", "tiers": [[0, 1]]})
    statement = payout(paid, {"expansion_arr": 200_000}, "year")
    assert (statement.total, statement.period_target) == (10_000.00, 20_000.00)
    assert statement.at_target_fraction == 0.5


def test_no_target_variable_has_no_fraction() -> None:
    none = plan(changes={"pay.variable": 0})
    statement = payout(none, {"grr": 0.95})
    assert (statement.total, statement.payout_fraction, statement.at_target_fraction) == (0.00, None, None)
