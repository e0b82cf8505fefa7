"""Pay of one person as a statement, of many as a table, and what a plan pays at target and at most."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

import compplan
from compplan import formats
from compplan.curves import TOLERANCE
from compplan.errors import Problem, ResultError
from compplan.money import split_minor, to_minor
from compplan.payout.engine import (
    Case,
    Compiled,
    CompiledComponent,
    Frame,
    Period,
    Work,
    calculate,
    compile_plan,
    frame_of,
)
from compplan.payout.results import column, from_frame, from_mapping
from compplan.payout.statement import Line, Statement
from compplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
_CHUNK = 16_384


def _frame(plan: Plan, period: Period) -> Frame:
    if period != "year" and not (isinstance(period, int) and 1 <= period <= plan.periods):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ResultError(
            [
                Problem(
                    "period",
                    f"must be 1 to {plan.periods} for {plan.frequency} pay, or 'year'; got {period!r}.",
                )
            ]
        )
    return frame_of(plan, period)


def _needs_paid_before(plan: Plan, period: Period) -> bool:
    return plan.accumulation == "year_to_date" and period not in ("year", 1)


def payout(
    plan: Plan, results: Mapping[str, float], period: Period = 1, *, paid_before: float | None = None
) -> Statement:
    """Pay one person for one period.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to float [each measure's units]
        By component id, and by measure for gates, modifiers and kickers on something else. Of the period; for a
        year-to-date plan, of the year so far. A rate or mean may come as ``<id>.numerator`` and
        ``<id>.denominator``.
    period : int or 'year'
        Counted from 1, or the whole year as one period.
    paid_before : float, optional [currency]
        What earlier periods of the year paid, kickers included; a year-to-date plan needs it after period 1.

    Returns
    -------
    Statement

    Raises
    ------
    ResultError
        Naming each result that is missing, unknown or impossible.

    Examples
    --------
    >>> from compplan import templates
    >>> statement = payout(
    ...     templates.load("knowup-csat-weighted"),
    ...     {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.93},
    ...     period="year",
    ... )
    >>> statement.total, [line.amount for line in statement.lines]
    (26083.33, [11700.0, 10383.33, 4000.0])
    """
    compiled, frame = compile_plan(plan), _frame(plan, period)
    case = Case(from_mapping(compiled, results), np.array([plan.pay.target_variable]), {})
    work = calculate(compiled, case, frame)
    size = 10.0**compiled.digits
    lines = [*_component_lines(compiled, work, case, frame), *_other_lines(compiled, work, case)]
    total = float(work.total[0])
    carried = 0.0
    if _needs_paid_before(plan, period):
        if paid_before is None or not math.isfinite(paid_before):
            raise ResultError(
                [Problem("paid_before", f"what earlier periods paid is needed for period {period} of a "
                         "year-to-date plan.")]
            )  # fmt: skip
        before = float(to_minor(paid_before, compiled.digits))
        lines.append(Line("paid_before", "paid_before", "Paid in earlier periods of the year", -before / size))
        total -= before
        if total < 0 and plan.negative != "recover":
            carried = total / size
            told = "forgiven at year end" if plan.negative == "forgive" else "carried forward"
            lines.append(Line("carried", "carried", f"Negative difference, {told}", -carried))
            total = 0.0
    elif paid_before:
        raise ResultError(
            [
                Problem(
                    "paid_before",
                    "only a year-to-date plan takes what was paid before, from its second period on.",
                )
            ]
        )
    kickers = float(sum((k[0] for k in work.kicker_lines), start=0.0))
    target = float(work.period_target[0])
    bases = split_minor(plan.pay.base, plan.periods, compiled.digits)
    base = float(to_minor(plan.pay.base, compiled.digits)) if period == "year" else float(bases[period - 1])
    label = "year" if period == "year" else f"period {frame.last} of {plan.periods}"
    if frame.first < frame.last and period != "year":
        label = f"periods {frame.first} to {frame.last} of {plan.periods}"
    return Statement(
        plan_name=plan.name,
        plan_hash=plan.hash,
        version=compplan.__version__,
        currency=plan.currency,
        period=label,
        base=base / size,
        period_target=target / size,
        lines=tuple(lines),
        total=total / size + 0.0,
        payout_fraction=(total - kickers) / target if target else None,
        at_target_fraction=at_target(plan),
        carried=carried,
    )


def _component_lines(compiled: Compiled, work: Work, case: Case, frame: Frame) -> list[Line]:
    lines: list[Line] = []
    size, currency = 10.0**compiled.digits, compiled.plan.currency
    for c, w in zip(compiled.components, work.components, strict=True):
        raw = float(case.results[c.id][0])
        target = float(w.target[0]) * (frame.share if c.measure.kind == "flow" else 1.0)
        attainment = raw / target if c.measure.true_zero and c.measure.better == "more" and target > 0 else None
        fraction, target_pay = float(w.fraction[0]), float(w.target_pay[0])
        lines.append(
            Line(
                id=c.id,
                kind="component",
                label=_label(c),
                amount=float(w.line[0]) / size + 0.0,
                result=raw,
                target=target,
                attainment=attainment,
                payout_fraction=fraction,
                target_pay=target_pay,
                working=(
                    _curve_step(c, raw, target, attainment, float(w.on_curve[0]), currency),
                    *_condition_steps(c, compiled, work),
                    f"{formats.percent(fraction, 4)} of {formats.money(target_pay, currency, 4).rstrip('0').rstrip('.')}"
                    f" target pay{_share_of(c, currency)} = {formats.money(float(w.line[0]) / size, currency)}",
                ),
            )
        )
    return lines


def _label(component: CompiledComponent) -> str:
    name = component.measure.name
    if component.id != component.part.measure:
        name = f"{name} ({component.id})"
    return name if component.part.level == "individual" else f"{name}, {component.part.level}"


def _share_of(component: CompiledComponent, currency: str) -> str:
    if component.part.weight is not None:
        return f" (weight {formats.percent(component.part.weight, 4)})"
    return f" (rate {formats.plain_number(component.part.rate or 0.0, 6)})"


def _curve_step(
    c: CompiledComponent, raw: float, target: float, attainment: float | None, on_curve: float, currency: str
) -> str:
    told = f"Result {formats.result(raw, c.measure, currency)} against {formats.result(target, c.measure, currency)}"
    if attainment is not None and c.part.axis == "attainment":
        told += f", {formats.percent(attainment, 4)} of target"
    return f"{told}: the {c.part.curve.kind} curve pays {formats.percent(on_curve, 4)}"


def _condition_steps(c: CompiledComponent, compiled: Compiled, work: Work) -> list[str]:
    steps: list[str] = []
    for i in c.gates:
        if not bool(work.passed[i][0]):
            gate = compiled.gates[i].part.otherwise
            told = f"× {gate.factor:g}" if gate.factor is not None else f"at most {formats.percent(gate.limit or 0)}"
            steps.append(f"Gate on {compiled.gates[i].measure.name} not passed: {told}")
    for i in c.modifiers:
        steps.append(f"Modifier on {compiled.modifiers[i].measure.name}: × {float(work.factors[i][0]):.6g}")
    return steps


def _other_lines(compiled: Compiled, work: Work, case: Case) -> list[Line]:
    plan, size, currency = compiled.plan, 10.0**compiled.digits, compiled.plan.currency
    lines: list[Line] = []
    for gate, passed in zip(compiled.gates, work.passed, strict=True):
        part, ok, raw = gate.part, bool(passed[0]), float(case.results[gate.key][0])
        edge, word = (part.at_least, "at least") if part.at_least is not None else (part.at_most or 0.0, "at most")
        effect = part.otherwise.factor if part.otherwise.factor is not None else part.otherwise.limit
        told = f"× {effect:g}" if part.otherwise.factor is not None else f"at most {formats.percent(effect or 0.0)}"
        lines.append(
            Line(
                gate.key, "gate", f"Gate: {gate.measure.name} {word} {formats.result(edge or 0.0, gate.measure, currency)}",
                0.0, result=raw, target=edge, payout_fraction=None if ok else effect, passed=ok,
                working=(f"Result {formats.result(raw, gate.measure, currency)}: "
                         + ("passed" if ok else f"not passed, {told} on {', '.join(part.covers or ('everything',))}"),),
            )
        )  # fmt: skip
    plan_lines = iter(work.modifier_lines)
    for i, modifier in enumerate(compiled.modifiers):
        factor, raw = float(work.factors[i][0]), float(case.results[modifier.key][0])
        whole = i in compiled.plan_modifiers
        amount = float(next(plan_lines)[0]) / size + 0.0 if whole else 0.0
        covers = "the sum of the components" if whole else ", ".join(modifier.part.covers or ())
        lines.append(
            Line(
                modifier.key, "modifier", f"Modifier: {modifier.measure.name}", amount,
                result=raw, payout_fraction=factor,
                working=(f"Result {formats.result(raw, modifier.measure, currency)}: × {factor:.6g} on {covers}",),
            )
        )  # fmt: skip
    if plan.caps.total is not None and float(work.cap_line[0]) < 0:
        most = plan.caps.total * float(work.period_target[0]) / size
        lines.append(
            Line("total_cap", "cap", "Total cap", float(work.cap_line[0]) / size,
                 working=(f"At most {formats.percent(plan.caps.total)} of target variable, "
                          f"{formats.money(most, currency)}",))
        )  # fmt: skip
    for kicker, line in zip(compiled.kickers, work.kicker_lines, strict=True):
        raw, most = float(case.results[kicker.key][0]), kicker.part.max_units
        paid = raw if most is None else min(raw, most)
        told = f" (at most {most:g})" if most is not None and raw > most else ""
        lines.append(
            Line(
                kicker.key, "kicker", kicker.part.name, float(line[0]) / size + 0.0, result=raw,
                working=(f"{paid:g}{told} × {formats.money(kicker.part.per_unit, currency)}",),
            )
        )  # fmt: skip
    return lines


def payouts(plan: Plan, frame: pd.DataFrame, period: Period = 1) -> pd.DataFrame:
    """Pay many people for one period.

    Parameters
    ----------
    plan : Plan
    frame : DataFrame
        One row a person. Columns named by result as in `payout`; optionally ``base`` and ``variable`` (a year,
        currency), ``<id>.target`` (a year) for components drawn over attainment, ``<id>.numerator`` and
        ``<id>.denominator``, and ``paid_before`` for a year-to-date plan. Other columns are left alone.
    period : int or 'year'

    Returns
    -------
    DataFrame [currency]
        The index of `frame`; one column a component, then ``modifiers``, ``total_cap``, ``kickers``,
        ``paid_before`` and ``carried`` where the plan has them, then ``total``, their sum.

    Raises
    ------
    ResultError
        Naming the columns and the first rows at fault.

    Examples
    --------
    >>> import pandas as pd
    >>> from compplan import templates
    >>> team = pd.DataFrame(
    ...     {
    ...         "grr": [0.95, 0.88],
    ...         "expansion_arr": [310000, 150000],
    ...         "expansion_arr.target": [240000, 120000],
    ...         "csat_top_box": [0.93, 0.85],
    ...     },
    ...     index=["ana", "ben"],
    ... )
    >>> payouts(templates.load("knowup-csat-weighted"), team, period="year")
              grr  expansion_arr  csat_top_box     total
    ana  11700.00       10383.33        4000.0  26083.33
    ben   6428.57        9800.00           0.0  16228.57
    """
    import pandas as pd

    compiled, span = compile_plan(plan), _frame(plan, period)
    results, targets = from_frame(compiled, frame)
    rows = len(frame)
    variable = _personal(plan, frame, "variable", plan.pay.target_variable)
    _personal(plan, frame, "base", plan.pay.base)
    commissions = sum(c.part.rate * c.part.target for c in compiled.components if c.part.rate is not None)
    short = np.flatnonzero(variable < commissions - 0.005)
    if commissions and short.size:
        raise ResultError(
            [
                Problem(
                    "variable",
                    f"less than the commission at target, {commissions:,.2f}; row {frame.index[short[0]]!r}.",
                )
            ]
        )
    names = _columns(compiled)
    out = {name: np.empty(rows) for name in names}
    total = np.empty(rows)
    for start in range(0, rows, _CHUNK):
        part = slice(start, min(start + _CHUNK, rows))
        case = Case(
            {k: v[part] for k, v in results.items()},
            variable if variable.size == 1 else variable[part],
            {k: v[part] for k, v in targets.items()},
        )
        work = calculate(compiled, case, span)
        for name, amounts in zip(names, _amounts(compiled, work), strict=True):
            out[name][part] = amounts
        total[part] = work.total
    size = 10.0**compiled.digits
    if _needs_paid_before(plan, period):
        total = _less_paid_before(plan, frame, out, total, compiled.digits)
    for values in (*out.values(), total):
        values /= size
        values += 0.0
    return pd.DataFrame({**out, "total": total}, index=frame.index, copy=False)


def _less_paid_before(
    plan: Plan, frame: pd.DataFrame, out: dict[str, FloatArray], total: FloatArray, digits: int
) -> FloatArray:
    problems: list[Problem] = []
    if "paid_before" not in frame.columns:
        raise ResultError(
            [Problem("paid_before", "what earlier periods paid is needed as a column for a year-to-date plan.")]
        )
    before = to_minor(column(frame, "paid_before", problems), digits)
    if problems or not np.isfinite(before).all():
        raise ResultError(problems or [Problem("paid_before", "must be a number in every row.")])
    out["paid_before"] = -before
    total = total - before
    out["carried"] = np.where(total < 0, -total, 0.0) if plan.negative != "recover" else np.zeros(total.size)
    return total + out["carried"]


def _personal(plan: Plan, frame: pd.DataFrame, name: str, default: float) -> FloatArray:
    if name not in frame.columns:
        return np.array([default])
    problems: list[Problem] = []
    values = column(frame, name, problems)
    bad = np.flatnonzero(~(values >= 0) | ~np.isfinite(values))
    if bad.size:
        problems.append(
            Problem(name, f"must be money of 0 or more; row {frame.index[bad[0]]!r} has {values[bad[0]]:g}.")
        )
    if problems:
        raise ResultError(problems)
    return values


def _columns(compiled: Compiled) -> list[str]:
    names = [c.id for c in compiled.components]
    names += ["modifiers"] if compiled.plan_modifiers else []
    names += ["total_cap"] if compiled.plan.caps.total is not None else []
    return names + (["kickers"] if compiled.kickers else [])


def _amounts(compiled: Compiled, work: Work) -> list[FloatArray]:
    amounts = [w.line for w in work.components]
    if compiled.plan_modifiers:
        amounts.append(sum(work.modifier_lines[1:], start=work.modifier_lines[0]))
    if compiled.plan.caps.total is not None:
        amounts.append(work.cap_line)
    if compiled.kickers:
        amounts.append(sum(work.kicker_lines[1:], start=work.kicker_lines[0]))
    return amounts


def at_target(plan: Plan) -> float | None:
    """Fraction of target variable that a plan pays with every measure at its target.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    float or None
        1.0 for a plan that keeps its promise; None where target variable is nothing. Gates and modifiers on something
        without a component count as passed and as on target; kickers are left out.

    Examples
    --------
    >>> from compplan import templates
    >>> at_target(templates.load("knowup-csat-weighted"))
    1.0
    """
    compiled = compile_plan(plan)
    results = {c.id: np.array([c.part.target]) for c in compiled.components}
    work = calculate(compiled, Case(results, np.array([plan.pay.target_variable]), {}, True), frame_of(plan, "year"))
    target = float(work.period_target[0])
    return float(work.total[0]) / target if target else None


def results_at(plan: Plan, k: float, period: Period = "year") -> tuple[dict[str, float], frozenset[str]]:
    """Results of a person at `k` of target in everything.

    Parameters
    ----------
    plan : Plan
    k : float [fraction]
        1 is every measure at target.
    period : int or 'year'

    Returns
    -------
    results : dict of str to float
        For a flow `k` times the period's target; for a level the result at which its own curve pays `k`. Gates,
        modifiers on other measures at target, kickers at 0.
    held : frozenset of str
        Levels that cannot get there, held at the measure's limit or at their curve's last point.
    """
    compiled, frame = compile_plan(plan), _frame(plan, period)
    results: dict[str, float] = {}
    held: set[str] = set()
    for c in compiled.components:
        if c.measure.kind == "flow":
            results[c.id] = k * c.part.target * frame.share
            continue
        unit = c.part.target if c.part.axis == "attainment" else 1.0
        if k == 1.0:
            results[c.id] = c.part.target
            continue
        x = c.curve.reach(k)
        if x is None:
            held.add(c.id)
            x = c.curve.points()[-1][0]
        elif not math.isfinite(x):
            x = c.curve.points()[0][0] - c.curve.sign * 10 * TOLERANCE * max(1.0, abs(c.curve.points()[0][0]))
        value = x * unit
        low, high = c.measure.low, c.measure.high
        kept = min(max(value, -math.inf if low is None else low), math.inf if high is None else high)
        if kept != value:
            held.add(c.id)
        results[c.id] = kept
    for gate in compiled.gates:
        results.setdefault(
            gate.key, _passing(gate.part.at_least, gate.part.at_most) * _flow_share(plan, gate.key, frame)
        )
    for modifier in compiled.modifiers:
        if modifier.key not in results:
            target = modifier.part.target
            neutral = next((x for x, y in modifier.curve.points() if y >= 1.0), modifier.curve.points()[-1][0])
            results[modifier.key] = (neutral if target is None else target) * _flow_share(plan, modifier.key, frame)
    for kicker in compiled.kickers:
        results.setdefault(kicker.key, 0.0)
    return results, frozenset(held)


def _passing(at_least: float | None, at_most: float | None) -> float:
    return at_least if at_least is not None else at_most or 0.0


def _flow_share(plan: Plan, key: str, frame: Frame) -> float:
    return frame.share if plan.measure(key).kind == "flow" else 1.0


def ceiling(plan: Plan) -> float:
    """The most that a plan can pay in a year, kickers left out [currency]; infinite where nothing stops it.

    Notes
    -----
    Each component at the best result that its measure's definition allows, or at the flat end of its curve; every
    gate passed; plan modifiers at their highest; then the total cap.

    Examples
    --------
    >>> from compplan import templates
    >>> ceiling(templates.load("knowup-csat-weighted"))
    31500.0
    """
    compiled = compile_plan(plan)
    target = plan.pay.target_variable
    commissions = sum(c.part.rate * c.part.target for c in compiled.components if c.part.rate is not None)
    total = 0.0
    for c in compiled.components:
        best = c.measure.best
        if best is not None and c.part.axis == "attainment":
            best /= c.part.target
        top = c.curve.highest if best is None else c.curve(float(best))
        share = (
            (c.part.rate or 0.0) * c.part.target
            if c.part.rate is not None
            else (c.part.weight or 0.0) * (target - commissions)
        )
        for i in c.modifiers:
            top *= _most(compiled, i)
        total += share * top if share else 0.0
    for i in compiled.plan_modifiers:
        total *= _most(compiled, i)
    if plan.caps.total is not None:
        total = min(total, plan.caps.total * target)
    return float(to_minor(total, compiled.digits)) / 10.0**compiled.digits if math.isfinite(total) else total


def _most(compiled: Compiled, i: int) -> float:
    modifier = compiled.modifiers[i]
    best = modifier.measure.best
    return modifier.curve.highest if best is None else modifier.curve(float(best))


def effects(plan: Plan, results: Mapping[str, float], period: Period = "year") -> dict[str, float]:
    """What each gate, modifier, kicker and the total cap does to the pay on some results.

    Parameters
    ----------
    plan, results, period
        As in `payout`; not for later periods of a year-to-date plan.

    Returns
    -------
    dict of str to float [currency]
        By path (``gates[0]``, ``modifiers[1]``, ``kickers[0]``, ``caps.total``): total pay with it less total pay
        without it.

    Examples
    --------
    >>> from compplan import templates
    >>> effects(
    ...     templates.load("knowup-csat-modifier"),
    ...     {"grr": 0.95, "expansion_arr": 310000, "csat_top_box": 0.8},
    ... )
    {'gates[0]': -5520.84}
    """
    compiled, frame = compile_plan(plan), _frame(plan, period)
    case = Case(from_mapping(compiled, results), np.array([plan.pay.target_variable]), {})
    size = 10.0**compiled.digits
    total = float(calculate(compiled, case, frame).total[0])
    found: dict[str, float] = {}
    places = [f"{name}[{i}]" for name in ("gates", "modifiers", "kickers") for i in range(len(getattr(plan, name)))]
    if plan.caps.total is not None:
        places.append("caps.total")
    for place in places:
        without = compile_plan(plan.edit({"about": None, place: None}))
        found[place] = (total - float(calculate(without, case, frame).total[0])) / size + 0.0
    return found


def totals(plan: Plan, results: Mapping[str, FloatArray], period: Period = "year") -> FloatArray:
    """Variable pay and kickers on many results at once, for charts and simulations.

    Parameters
    ----------
    plan : Plan
    results : Mapping of str to ndarray, shape (n,) [each measure's units]
        Every result that the plan needs, already within its measure's limits.
    period : int or 'year'

    Returns
    -------
    ndarray, shape (n,) [currency]

    Examples
    --------
    >>> from compplan import templates
    >>> totals(templates.load("flowfuse-csm"), {"nrr": np.array([1.0, 1.075, 1.15, 1.3])}, 1).tolist()
    [0.0, 5000.0, 10000.0, 20000.0]
    """
    compiled, frame = compile_plan(plan), _frame(plan, period)
    missing = [key for key in compiled.keys if key not in results]
    if missing:
        raise ResultError([Problem(key, "is missing.") for key in missing])
    case = Case(dict(results), np.array([plan.pay.target_variable]), {})
    work = calculate(compiled, case, frame)
    rows = max((v.size for v in results.values()), default=1)
    return np.broadcast_to(work.total / 10.0**compiled.digits, (rows,))


@dataclass(frozen=True, slots=True)
class PlanCliff:
    """A jump of one component's payout curve, in money.

    Attributes
    ----------
    component : str
        Its id.
    x : float [the measure's units, a year]
        The result at which the higher payout is earned.
    before, at : float [currency a year]
        Pay just short of it, and at it.
    """

    component: str
    x: float
    before: float
    at: float

    @property
    def jump(self) -> float:
        """What one more step of the result is worth there [currency a year]."""
        return self.at - self.before


def target_pays(plan: Plan) -> dict[str, float]:
    """Target pay of each component a year, before rounding [currency].

    Examples
    --------
    >>> from compplan import templates
    >>> target_pays(templates.load("knowup-csat-weighted"))
    {'grr': 9000.0, 'expansion_arr': 7000.0, 'csat_top_box': 4000.0}
    """
    commissions = sum(c.rate * c.target for c in plan.components if c.rate is not None)
    pool = plan.pay.target_variable - commissions
    return {c.key: c.rate * c.target if c.rate is not None else (c.weight or 0.0) * pool for c in plan.components}


def cliffs(plan: Plan) -> tuple[PlanCliff, ...]:
    """Every jump of the payout curves in money, the largest first.

    Examples
    --------
    >>> from compplan import templates
    >>> [(c.component, c.x, c.jump) for c in cliffs(templates.load("knowup-csat-weighted"))]
    [('grr', 0.85, 4500.0), ('csat_top_box', 0.9, 4000.0)]
    """
    pays = target_pays(plan)
    found = [
        PlanCliff(
            c.id,
            cliff.x * (c.part.target if c.part.axis == "attainment" else 1.0),
            cliff.before * pays[c.id],
            cliff.at * pays[c.id],
        )
        for c in compile_plan(plan).components
        for cliff in c.curve.cliffs()
        if pays[c.id] > 0
    ]
    return tuple(sorted(found, key=lambda c: -c.jump))


def leverage(plan: Plan) -> float | None:
    """Pay at the last point of every curve over pay at target; None where target pay is nothing.

    Examples
    --------
    >>> from compplan import templates
    >>> leverage(templates.load("knowup-csat-weighted"))
    1.575
    """
    pays = target_pays(plan)
    last = at = 0.0
    for c in compile_plan(plan).components:
        last += pays[c.id] * c.curve.points()[-1][1]
        at += pays[c.id] * c.curve(1.0 if c.part.axis == "attainment" else c.part.target)
    return last / at if at else None
