"""The lines of a statement, each with its calculation in words."""

from __future__ import annotations

from collections.abc import Sequence

from compplan import formats
from compplan.money import round_money
from compplan.payout.engine import Calculation, Compiled, CompiledComponent, PayInputs, PeriodSpan
from compplan.payout.statement import Line
from compplan.plan import Otherwise


def component_lines(compiled: Compiled, calculation: Calculation, inputs: PayInputs, span: PeriodSpan) -> list[Line]:
    """One line for each component: result, curve, conditions, target pay and amount."""
    lines: list[Line] = []
    size, currency = 10.0**compiled.digits, compiled.plan.currency
    for c, steps in zip(compiled.components, calculation.components, strict=True):
        result = float(inputs.results[c.id][0])
        target = float(steps.target[0]) * (span.share if c.measure.kind == "flow" else 1.0)
        attainment = result / target if c.measure.true_zero and c.measure.better == "more" and target > 0 else None
        fraction, target_pay = float(steps.fraction[0]), float(steps.target_pay[0])
        lines.append(
            Line(
                id=c.id,
                kind="component",
                label=_label(c),
                amount=float(steps.line[0]) / size + 0.0,
                result=result,
                target=target,
                attainment=attainment,
                payout_fraction=fraction,
                target_pay=target_pay,
                working=(
                    _curve_step(
                        c,
                        result,
                        target,
                        attainment,
                        float(steps.on_curve[0]),
                        currency,
                        rounded=None if compiled.plan.rounding.attainment is None else float(steps.x[0]),
                    ),
                    *_condition_steps(c, compiled, calculation),
                    _sum_step(c, fraction, target_pay, float(steps.line[0]) / size, currency),
                ),
            )
        )
    return lines


def _name(component: CompiledComponent) -> str:
    name = component.measure.name
    return name if component.id == component.part.measure else f"{name} ({component.id})"


def _label(component: CompiledComponent) -> str:
    level = component.part.level
    return _name(component) if level == "individual" else f"{_name(component)}, {level} result"


def _covered(compiled: Compiled, covers: Sequence[str]) -> str:
    """Names of the components that a gate or modifier applies to."""
    return ", ".join(_name(c) for c in compiled.components if c.id in covers)


def _sum_step(c: CompiledComponent, fraction: float, target_pay: float, amount: float, currency: str) -> str:
    """The last multiplication, with enough digits to repeat it to the cent."""
    if c.part.weight is not None:
        share = f"weight {formats.percent(c.part.weight, 6)}"
    else:
        share = f"rate {formats.plain_number(c.part.rate or 0.0, 6)}"
    pay = formats.symbol(currency) + formats.plain_number(target_pay, 6)
    return f"{formats.percent(fraction, 6)} of {pay} target pay ({share}) = {formats.money(amount, currency)}"


def _curve_step(
    c: CompiledComponent,
    result: float,
    target: float,
    attainment: float | None,
    on_curve: float,
    currency: str,
    *,
    rounded: float | None,
) -> str:
    step = (
        f"Result {formats.result(result, c.measure, currency, exact=True)} against "
        f"{formats.result(target, c.measure, currency, exact=True)}"
    )
    share = c.part.axis == "attainment"
    if attainment is not None and share:
        step += f", {formats.percent(attainment, 6)} of target"
    if rounded is not None:
        shown = formats.percent(rounded, 8) if share else formats.result(rounded, c.measure, currency, exact=True)
        step += f", rounded to {shown}"
    return f"{step}: the curve ({c.part.curve.name_in_text()}) pays {formats.percent(on_curve, 4)}"


def _condition_steps(c: CompiledComponent, compiled: Compiled, calculation: Calculation) -> list[str]:
    steps: list[str] = []
    for i in c.gates:
        if not bool(calculation.passed[i][0]):
            gate = compiled.gates[i]
            steps.append(f"Gate on {gate.measure.name} not passed: {_effect_text(gate.part.otherwise)}")
    return steps + [
        f"Modifier on {compiled.modifiers[i].measure.name}: × {formats.plain_number(float(factor[0]), 8)}"
        for i, factor in enumerate(calculation.factors)
        if i in c.modifiers
    ]


def _effect_text(otherwise: Otherwise) -> str:
    if otherwise.factor is not None:
        return f"× {otherwise.factor:g}"
    return f"at most {formats.percent(otherwise.limit or 0.0)}"


def other_lines(compiled: Compiled, calculation: Calculation, inputs: PayInputs, span: PeriodSpan) -> list[Line]:
    """One line for each gate, modifier and kicker, and for the total cap."""
    plan, size, currency = compiled.plan, 10.0**compiled.digits, compiled.plan.currency
    lines: list[Line] = []
    for gate, passed in zip(compiled.gates, calculation.passed, strict=True):
        part, ok, result = gate.part, bool(passed[0]), float(inputs.results[gate.key][0])
        edge, word = (part.at_least, "at least") if part.at_least is not None else (part.at_most or 0.0, "at most")
        edge *= span.share if gate.measure.kind == "flow" else 1.0
        effect = part.otherwise.factor if part.otherwise.factor is not None else part.otherwise.limit
        reduction = _effect_text(part.otherwise)
        limit = formats.result(edge, gate.measure, currency)
        covers = _covered(compiled, part.covers) if part.covers else "everything"
        lines.append(
            Line(
                gate.key, "gate", f"Gate: {gate.measure.name} {word} {limit}", 0.0, result=result, target=edge,
                payout_fraction=None if ok else effect, passed=ok,
                working=(f"Result {formats.result(result, gate.measure, currency, exact=True)}: "
                         + ("passed" if ok else f"not passed, {reduction} on {covers}"),),
            )
        )  # fmt: skip
    plan_lines = iter(calculation.modifier_lines)
    for i, modifier in enumerate(compiled.modifiers):
        factor, result = float(calculation.factors[i][0]), float(inputs.results[modifier.key][0])
        whole = i in compiled.plan_modifiers
        amount = float(next(plan_lines)[0]) / size + 0.0 if whole else 0.0
        shown = formats.result(result, modifier.measure, currency)
        covers = "the sum of the components" if whole else _covered(compiled, modifier.part.covers or ())
        lines.append(
            Line(
                modifier.key, "modifier", f"Modifier: {modifier.measure.name}", amount,
                result=result, payout_fraction=factor,
                working=(f"Result {shown}: × {formats.plain_number(factor, 8)} on {covers}",),
            )
        )  # fmt: skip
    if plan.caps.total is not None and float(calculation.cap_line[0]) < 0:
        most = formats.money(
            round_money(plan.caps.total * float(calculation.period_target[0]) / size, compiled.digits), currency
        )
        step = f"At most {formats.percent(plan.caps.total)} of target variable, {most}"
        lines.append(Line("total_cap", "cap", "Total cap", float(calculation.cap_line[0]) / size, working=(step,)))
    for kicker, line in zip(compiled.kickers, calculation.kicker_lines, strict=True):
        result, most = float(inputs.results[kicker.key][0]), kicker.part.max_units
        paid = result if most is None else min(result, most)
        limit = f" (at most {formats.plain_number(most, 6)})" if most is not None and result > most else ""
        each = kicker.part.per_unit
        exact = round_money(each, compiled.digits) == each
        unit = formats.money(each, currency) if exact else formats.symbol(currency) + formats.plain_number(each, 8)
        lines.append(
            Line(
                kicker.key, "kicker", kicker.part.name, float(line[0]) / size + 0.0, result=result,
                working=(f"{formats.plain_number(paid, 6)}{limit} × {unit}",),
            )
        )  # fmt: skip
    return lines
