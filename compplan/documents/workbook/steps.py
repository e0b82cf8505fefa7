"""The calculation, step by step in the order of the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compplan.documents.workbook.inputs import InputCells, measure_name
from compplan.documents.workbook.ledger import StepWriter
from compplan.documents.workbook.pages import Shown, shown_as
from compplan.documents.workbook.rules import clean, half_up, reaches, to_money
from compplan.documents.workbook.tables import CurveTable
from compplan.documents.workbook.terms import Term, if_, least, most, term, total
from compplan.payout.engine import Compiled, CompiledComponent

Apart = Mapping[int, Term | None]


@dataclass(frozen=True, slots=True)
class PersonTerms:
    """What the cases are calculated on.

    Attributes
    ----------
    base, variable : Term
    results : Mapping of str to Term
        By id.
    targets : Mapping of str to Term
        By id of a component; of those that have a target of their own.
    at_target : frozenset of int
        Cases in which every component is at its target: kickers are left out, a gate on something without a component
        is passed, a modifier on such takes its own target, or 1.
    apart : Mapping of str to Mapping of int to Term
        By ``base``, ``variable``, ``result <id>`` and ``target <id>``, the cases that have one of their own.
    """

    base: Term
    variable: Term
    results: Mapping[str, Term]
    targets: Mapping[str, Term] = field(default_factory=dict[str, Term])
    at_target: frozenset[int] = frozenset()
    apart: Mapping[str, Mapping[int, Term]] = field(default_factory=dict[str, Mapping[int, Term]])

    def own(self, key: str) -> Mapping[int, Term]:
        """The cases that have something of their own there."""
        return self.apart.get(key, {})


@dataclass(slots=True)
class StepSums:
    """What a calculation comes to; every term has a value a case."""

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
    ledger : StepWriter
    compiled : Compiled
    inputs : InputCells
    tables : (list of CurveTable, list of CurveTable)
        Of the components and of the modifiers.
    person : PersonTerms
    named : bool
        Whether the first case gives its cells the names ``pay_<id>``, ``total_pay`` and so on.
    """

    def __init__(
        self,
        ledger: StepWriter,
        compiled: Compiled,
        inputs: InputCells,
        tables: tuple[list[CurveTable], list[CurveTable]],
        person: PersonTerms,
        *,
        named: bool,
    ) -> None:
        self.ledger, self.compiled, self.inputs, self.person, self.named = ledger, compiled, inputs, person, named
        self.curves, self.factor_tables = tables
        self.digits = compiled.digits

    def name(self, name: str) -> str:
        """The name of a cell, where the first case has names."""
        return name if self.named else ""

    def write(self) -> StepSums:
        """Write them all."""
        ledger, compiled = self.ledger, self.compiled
        ledger.section("Results")
        results = {key: self._result(key) for key in compiled.keys}
        ledger.section("1 · Target pay")
        pool = self._pool()
        if compiled.gates or compiled.modifiers:
            ledger.section("2 · Conditions")
        passed, factors = self._passed(results), self._factors(results)
        sums = StepSums(pool, pool, results, {}, {}, [], pool, [], pool, pool)
        earned: list[Term] = []
        pays: list[Term] = []
        for number, c in enumerate(compiled.components):
            ledger.section(f"3 · {measure_name(c.measure, c.id)}")
            pay = self._target_pay(number, c, pool)
            pays += [pay] if c.part.rate is not None else []
            fraction = self._fraction(number, c, results, passed, factors)
            exact = pay * fraction
            if compiled.plan_modifiers:
                exact = ledger.step(f"earned {c.id}", "Earned, before rounding", exact, "exact")
                earned.append(exact)
            sums.fractions[c.id] = fraction
            sums.lines[c.id] = ledger.step(
                f"pay {c.id}", f"Pay: {c.id}", to_money(exact, self.digits), "money",
                name=self.name(f"pay_{c.id}"), style="total",
            )  # fmt: skip
        ledger.section("4 · The sum")
        whole = pool + total(pays) if pays else pool
        target = to_money(whole, self.digits)
        sums.period_target = ledger.step(
            "period_target", "Target variable of the year", target, "money", name=self.name("year_target")
        )
        self._sum(sums, earned, factors)
        if compiled.kickers:
            ledger.section("5 · Kickers")
        sums.kicker_lines = self._kickers(results)
        ledger.section("6 · Total")
        self._total(sums)
        return sums

    def _result(self, key: str) -> Term:
        """A result, as the case has it; where everything is at target, what has no component has none."""
        measure = self.compiled.plan.measure(key)
        apart: dict[int, Term | None] = dict(self.person.own(f"result {key}"))
        for case in self.person.at_target:
            component = next((i for i, c in enumerate(self.compiled.components) if c.id == key), None)
            apart[case] = None if component is None else self.inputs.components[component].target
        label = measure_name(measure, key)
        return self.ledger.step(f"result {key}", label, self.person.results[key], shown_as(measure.unit), apart)

    def _pool(self) -> Term:
        """What of target variable the weights share out."""
        variable = self.ledger.step("variable", "Target variable", self.person.variable, "money",
                                    self.person.own("variable"))  # fmt: skip
        rates = [c.rate * c.target for c in self.inputs.components if c.rate is not None]
        left = variable
        if rates:
            commission = sum(rates[1:], start=rates[0])
            commission = self.ledger.step("commission", "Commission at target", commission, "exact")
            left = most(variable - commission, 0)
        return self.ledger.step("pool", "For the weights to share", to_money(left, self.digits), "money")

    def _passed(self, results: Mapping[str, Term]) -> list[Term]:
        made: list[Term] = []
        for i, (gate, cells) in enumerate(zip(self.compiled.gates, self.inputs.gates, strict=True)):
            test = reaches(results[gate.key], cells.limit, at_least=gate.part.at_least is not None)
            own = gate.key not in self.compiled.plan.by_id
            apart = dict.fromkeys(self.person.at_target, term(1.0)) if own else {}
            label = f"Gate {i + 1} passed: {gate.key}"
            made.append(self.ledger.step(f"gate {i}", label, test, "yes", apart))
        return made

    def _factors(self, results: Mapping[str, Term]) -> list[Term]:
        made: list[Term] = []
        for i, (modifier, table) in enumerate(zip(self.compiled.modifiers, self.factor_tables, strict=True)):
            x, target = results[modifier.key], self.inputs.modifier_targets[i]
            at_target = self.person.at_target if modifier.key not in self.compiled.plan.by_id else frozenset[int]()
            rows: Apart = dict.fromkeys(at_target, None if target is None else table.row(target))
            row = self.ledger.step(f"row {i}", f"Modifier {i + 1}: row of its curve", table.row(x), "whole", rows)
            ones = {case: term(1.0) if target is None else table.pays(target, table.row(target)) for case in at_target}
            label = f"Modifier {i + 1}: {modifier.key}"
            made.append(self.ledger.step(f"factor {i}", label, table.pays(x, row), "factor", ones))
        return made

    def _target(self, number: int, c: CompiledComponent) -> Term:
        return self.person.targets.get(c.id, self.inputs.components[number].target)

    def _target_pay(self, number: int, c: CompiledComponent, pool: Term) -> Term:
        cells = self.inputs.components[number]
        key, label = f"target pay {c.id}", "Target pay"
        if cells.weight is not None:
            return self.ledger.step(key, label, cells.weight * pool, "exact")
        own = {i: (cells.rate or term(0.0)) * t for i, t in self.person.own(f"target {c.id}").items()}
        return self.ledger.step(key, label, (cells.rate or term(0.0)) * self._target(number, c), "exact", own)

    def _fraction(
        self,
        number: int,
        c: CompiledComponent,
        results: Mapping[str, Term],
        passed: list[Term],
        factors: list[Term],
    ) -> Term:
        """Result, rounding, curve, gates, modifiers."""
        ledger, table, drawn = self.ledger, self.curves[number], shown_as(c.measure.unit)
        x, apart = results[c.id], dict[int, Term | None]()
        if c.part.axis == "attainment":
            drawn = "fraction"
            apart = {i: half_up(x / t, self.inputs.decimals) for i, t in self.person.own(f"target {c.id}").items()}
            x = x / self._target(number, c)
        label = "Result over target, rounded" if c.part.axis == "attainment" else "Result, rounded"
        x = ledger.step(f"x {c.id}", label, half_up(x, self.inputs.decimals), drawn, apart)
        row = ledger.step(f"row {c.id}", "Row of its curve", table.row(x), "whole")
        fraction = ledger.step(f"curve {c.id}", "The curve pays", table.pays(x, row), "fraction")
        for i in c.gates:
            effect = self.inputs.gates[i].effect
            factor = self.compiled.gates[i].part.otherwise.factor
            held = fraction * effect if factor is not None else least(fraction, effect)
            fraction = ledger.step(f"gated {i} {c.id}", f"After gate {i + 1}", if_(passed[i].same(1), fraction, held),
                                   "fraction")  # fmt: skip
        for i in c.modifiers:
            fraction = ledger.step(f"modified {i} {c.id}", f"After modifier {i + 1}", fraction * factors[i], "fraction")
        return fraction

    def _sum(self, sums: StepSums, earned: list[Term], factors: list[Term]) -> None:
        """The lines of the components, then those of plan modifiers and of the total cap."""
        ledger, digits = self.ledger, self.digits
        exact = ledger.step("earned", "Earned, before rounding", total(earned), "exact") if earned else sums.pool
        for i in self.compiled.plan_modifiers:
            line = to_money(exact * (factors[i] - 1), digits)
            label = f"Modifier {i + 1}, on the whole plan"
            sums.modifier_lines.append(ledger.step(f"modifier {i}", label, line, "money"))
            exact = ledger.step(f"earned {i}", f"Earned after modifier {i + 1}", exact * factors[i], "exact")
        lines = ledger.step("lines", "Components and modifiers",
                            clean(total([*sums.lines.values(), *sums.modifier_lines]), digits), "money")  # fmt: skip
        cap = self.inputs.total_cap
        over = least(clean(to_money(cap * sums.period_target, digits) - lines, digits), 0)
        sums.cap_line = ledger.step("total_cap", "Total cap takes", if_(cap.empty, 0, over), "money")
        sums.total = lines

    def _kickers(self, results: Mapping[str, Term]) -> list[Term]:
        made: list[Term] = []
        for i, (kicker, cells) in enumerate(zip(self.compiled.kickers, self.inputs.kickers, strict=True)):
            units = results[kicker.key]
            units = if_(cells.max_units.empty, units, least(units, cells.max_units))
            line = to_money(units * cells.per_unit, self.digits)
            apart = dict.fromkeys(self.person.at_target, term(0.0))
            made.append(self.ledger.step(f"kicker {i}", f"Kicker: {kicker.part.name}", line, "money", apart))
        return made

    def _total(self, sums: StepSums) -> None:
        ledger, digits, person = self.ledger, self.digits, self.person
        shown: Shown = "money"
        paid = clean(total([sums.total, sums.cap_line, *sums.kicker_lines]), digits)
        sums.total = ledger.step("total", "Variable pay and kickers", paid, shown, name=self.name("total_pay"),
                                 style="total")  # fmt: skip
        own = {i: to_money(t, digits) for i, t in person.own("base").items()}
        base = ledger.step("base", "Base salary", to_money(person.base, digits), shown, own)
        sums.cash = ledger.step("cash", "Cash in the year", clean(base + sums.total, digits), shown,
                                name=self.name("cash_total"), style="total")  # fmt: skip
