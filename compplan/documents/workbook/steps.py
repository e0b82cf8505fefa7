"""The calculation, step by step in the order of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.pages import shown_as
from compplan.documents.workbook.rules import clean, half_up, reaches, to_money
from compplan.documents.workbook.step_writer import StepWriter
from compplan.documents.workbook.tables import Tables
from compplan.documents.workbook.terms import Term, if_, least, most, plus, term, total
from compplan.payout.engine import Compiled, CompiledComponent

Exceptions = Mapping[int, Term | None]


@dataclass(frozen=True, slots=True)
class PersonTerms:
    """Inputs of the cases.

    Attributes
    ----------
    base, variable : Term
    results : Mapping of str to Term
        By id.
    targets : Mapping of str to Term
        By component id, for components with individual targets.
    at_target : frozenset of int
        Cases with every component at target. For results without a component, gates are passed and modifiers are at
        their own target, or 1.
    without_kickers : frozenset of int
        Cases that follow from targets and not from results: kickers are left out.
    exceptions : Mapping of str to Mapping of int to Term
        By ``base``, ``variable``, ``result <id>`` and ``target <id>``: terms of the cases that differ.
    """

    base: Term
    variable: Term
    results: Mapping[str, Term]
    targets: Mapping[str, Term] = field(default_factory=dict[str, Term])
    at_target: frozenset[int] = frozenset()
    without_kickers: frozenset[int] = frozenset()
    exceptions: Mapping[str, Mapping[int, Term]] = field(default_factory=dict[str, Mapping[int, Term]])

    def exceptions_of(self, key: str) -> Mapping[int, Term]:
        """Terms of the cases that differ in an input."""
        return self.exceptions.get(key, {})


@dataclass(slots=True)
class StepSums:
    """Results of a calculation; each term has a value per case."""

    pool: Term
    period_target: Term
    results: dict[str, Term]
    fractions: dict[str, Term]
    lines: dict[str, Term]
    modifier_lines: list[Term]
    cap_line: Term
    kicker_lines: list[Term]
    total: Term
    cash: Term


class Steps:
    """Writes the steps from target pay to the total.

    Parameters
    ----------
    writer : StepWriter
    compiled : Compiled
    inputs : InputCells
    tables : (list of CurveTable, list of CurveTable)
        Of the components and of the modifiers.
    person : PersonTerms
    named : bool
        Whether cells of the first case get names: ``pay_<id>``, ``total_pay`` and so on.
    """

    def __init__(
        self,
        writer: StepWriter,
        compiled: Compiled,
        inputs: InputCells,
        tables: Tables,
        person: PersonTerms,
        *,
        named: bool,
    ) -> None:
        self.writer, self.compiled, self.inputs, self.person, self.named = writer, compiled, inputs, person, named
        self.curves, self.factor_tables = tables
        self.digits = compiled.digits

    def name(self, name: str) -> str:
        """The name of a cell if cells of the first case get names; else empty."""
        return name if self.named else ""

    def write(self) -> StepSums:
        """Write all steps."""
        writer, compiled = self.writer, self.compiled
        writer.section("Results")
        results = {key: self._result(key) for key in compiled.keys}
        writer.section("1 · Target pay")
        pool = self._pool()
        if compiled.gates or compiled.modifiers:
            writer.section("2 · Conditions")
        passed, factors = self._passed(results), self._factors(results)
        sums = StepSums(pool, pool, results, {}, {}, [], pool, [], pool, pool)
        earned: list[Term] = []
        pays: list[Term] = []
        for number, c in enumerate(compiled.components):
            writer.section(f"3 · {measure_name(c.measure, c.id)}")
            pay = self._target_pay(number, c, pool)
            pays += [pay] if c.part.rate is not None else []
            fraction = self._fraction(number, c, results, passed, factors)
            exact = pay * fraction
            if compiled.plan_modifiers:
                exact = writer.step(f"earned {c.id}", "Earned, before rounding", exact, "exact")
                earned.append(exact)
            sums.fractions[c.id] = fraction
            sums.lines[c.id] = writer.step(
                f"pay {c.id}", f"Pay: {c.id}", to_money(exact, self.digits), "money",
                name=self.name(f"pay_{c.id}"), style="total",
            )  # fmt: skip
        writer.section("4 · Sum")
        whole = pool + total(pays) if pays else pool
        target = to_money(whole, self.digits)
        sums.period_target = writer.step(
            "period_target", "Annual target variable", target, "money", name=self.name("year_target")
        )
        self._sum(sums, earned, factors)
        if compiled.kickers:
            writer.section("5 · Kickers")
        sums.kicker_lines = self._kickers(results)
        writer.section("6 · Total")
        self._total(sums)
        return sums

    def _result(self, key: str) -> Term:
        """Write a result; if everything is at target, a result without a component is left out."""
        measure = self.compiled.plan.measure(key)
        exceptions: dict[int, Term | None] = dict(self.person.exceptions_of(f"result {key}"))
        for case in self.person.at_target:
            component = next((i for i, c in enumerate(self.compiled.components) if c.id == key), None)
            exceptions[case] = None if component is None else self.inputs.components[component].target
        label = measure_name(measure, key)
        return self.writer.step(f"result {key}", label, self.person.results[key], shown_as(measure.unit), exceptions)

    def _pool(self) -> Term:
        """Write the target variable that the weights share."""
        variable = self.writer.step("variable", "Target variable", self.person.variable, "money",
                                    self.person.exceptions_of("variable"))  # fmt: skip
        rates = [c.rate * c.target for c in self.inputs.components if c.rate is not None]
        left = variable
        if rates:
            commission = self.writer.step("commission", "Commission at target", plus(rates), "exact")
            left = most(variable - commission, 0)
        return self.writer.step("pool", "Target variable for weights", to_money(left, self.digits), "money")

    def _passed(self, results: Mapping[str, Term]) -> list[Term]:
        terms: list[Term] = []
        for i, (gate, cells) in enumerate(zip(self.compiled.gates, self.inputs.gates, strict=True)):
            test = reaches(results[gate.key], cells.limit, at_least=gate.part.at_least is not None)
            own = gate.key not in self.compiled.plan.by_id
            exceptions = dict.fromkeys(self.person.at_target, term(1.0)) if own else {}
            label = f"Gate {i + 1} passed: {gate.key}"
            terms.append(self.writer.step(f"gate {i}", label, test, "yes", exceptions))
        return terms

    def _factors(self, results: Mapping[str, Term]) -> list[Term]:
        terms: list[Term] = []
        for i, (modifier, table) in enumerate(zip(self.compiled.modifiers, self.factor_tables, strict=True)):
            x, target = results[modifier.key], self.inputs.modifier_targets[i]
            at_target = self.person.at_target if modifier.key not in self.compiled.plan.by_id else frozenset[int]()
            rows: Exceptions = dict.fromkeys(at_target, None if target is None else table.row(target))
            row = self.writer.step(f"row {i}", f"Modifier {i + 1}: curve row", table.row(x), "whole", rows)
            ones = {case: term(1.0) if target is None else table.pays(target, table.row(target)) for case in at_target}
            label = f"Modifier {i + 1}: {modifier.key}"
            terms.append(self.writer.step(f"factor {i}", label, table.pays(x, row), "factor", ones))
        return terms

    def _target(self, number: int, c: CompiledComponent) -> Term:
        return self.person.targets.get(c.id, self.inputs.components[number].target)

    def _target_pay(self, number: int, c: CompiledComponent, pool: Term) -> Term:
        cells = self.inputs.components[number]
        key, label = f"target pay {c.id}", "Target pay"
        if cells.weight is not None:
            return self.writer.step(key, label, cells.weight * pool, "exact")
        own = {i: (cells.rate or term(0.0)) * t for i, t in self.person.exceptions_of(f"target {c.id}").items()}
        return self.writer.step(key, label, (cells.rate or term(0.0)) * self._target(number, c), "exact", own)

    def _fraction(
        self,
        number: int,
        c: CompiledComponent,
        results: Mapping[str, Term],
        passed: list[Term],
        factors: list[Term],
    ) -> Term:
        """Write result, rounding, curve, gates and modifiers of a component."""
        writer, table, drawn = self.writer, self.curves[number], shown_as(c.measure.unit)
        x, exceptions = results[c.id], dict[int, Term | None]()
        if c.part.axis == "attainment":
            drawn = "fraction"
            exceptions = {
                i: half_up(x / t, self.inputs.decimals) for i, t in self.person.exceptions_of(f"target {c.id}").items()
            }
            x = x / self._target(number, c)
        label = "Result over target, rounded" if c.part.axis == "attainment" else "Result, rounded"
        x = writer.step(f"x {c.id}", label, half_up(x, self.inputs.decimals), drawn, exceptions)
        row = writer.step(f"row {c.id}", "Curve row", table.row(x), "whole")
        fraction = writer.step(f"curve {c.id}", "Curve payout", table.pays(x, row), "fraction")
        for i in c.gates:
            effect = self.inputs.gates[i].effect
            factor = self.compiled.gates[i].part.otherwise.factor
            gated = fraction * effect if factor is not None else least(fraction, effect)
            fraction = writer.step(f"gated {i} {c.id}", f"After gate {i + 1}", if_(passed[i].same(1), fraction, gated),
                                   "fraction")  # fmt: skip
        for i in c.modifiers:
            fraction = writer.step(f"modified {i} {c.id}", f"After modifier {i + 1}", fraction * factors[i], "fraction")
        return fraction

    def _sum(self, sums: StepSums, earned: list[Term], factors: list[Term]) -> None:
        """Write the lines of plan modifiers, the sum of all lines, and the total cap."""
        writer, digits = self.writer, self.digits
        exact = writer.step("earned", "Earned, before rounding", total(earned), "exact") if earned else sums.pool
        for i in self.compiled.plan_modifiers:
            line = to_money(exact * (factors[i] - 1), digits)
            label = f"Modifier {i + 1}, on the whole plan"
            sums.modifier_lines.append(writer.step(f"modifier {i}", label, line, "money"))
            exact = writer.step(f"earned {i}", f"Earned after modifier {i + 1}", exact * factors[i], "exact")
        lines = writer.step("lines", "Components and modifiers",
                            clean(total([*sums.lines.values(), *sums.modifier_lines]), digits), "money")  # fmt: skip
        cap = self.inputs.total_cap
        over = least(clean(to_money(cap * sums.period_target, digits) - lines, digits), 0)
        sums.cap_line = writer.step("total_cap", "Reduction by total cap", if_(cap.empty, 0, over), "money")
        sums.total = lines

    def _kickers(self, results: Mapping[str, Term]) -> list[Term]:
        terms: list[Term] = []
        for i, (kicker, cells) in enumerate(zip(self.compiled.kickers, self.inputs.kickers, strict=True)):
            units = results[kicker.key]
            units = if_(cells.max_units.empty, units, least(units, cells.max_units))
            line = to_money(units * cells.per_unit, self.digits)
            exceptions = dict.fromkeys(self.person.without_kickers, term(0.0))
            terms.append(self.writer.step(f"kicker {i}", f"Kicker: {kicker.part.name}", line, "money", exceptions))
        return terms

    def _total(self, sums: StepSums) -> None:
        writer, digits, person = self.writer, self.digits, self.person
        paid = clean(total([sums.total, sums.cap_line, *sums.kicker_lines]), digits)
        sums.total = writer.step("total", "Variable pay and kickers", paid, "money", name=self.name("total_pay"),
                                 style="total")  # fmt: skip
        own = {i: to_money(t, digits) for i, t in person.exceptions_of("base").items()}
        base = writer.step("base", "Base salary", to_money(person.base, digits), "money", own)
        sums.cash = writer.step("cash", "Total cash for the year", clean(base + sums.total, digits), "money",
                                name=self.name("cash_total"), style="total")  # fmt: skip
