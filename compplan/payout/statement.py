"""A statement of pay: every step from results to pay, with the numbers to check it by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from compplan import formats

LineKind = Literal["component", "gate", "modifier", "cap", "kicker", "paid_before", "carried"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement; the amounts of all lines add up to the total.

    Attributes
    ----------
    id : str
        The component's id, or the result's that a gate, modifier or kicker reads.
    kind : str
        A gate, and a modifier of single components, has an amount of 0: its effect is in the lines that it covers.
    label : str
    result : float or None [the measure's units]
    target : float or None [the measure's units]
        Of the period.
    attainment : float or None [fraction]
        Result over target, for a measure with a true zero where more is better.
    payout_fraction : float or None
        Fraction of the line's target pay, after gates and modifiers; a modifier's factor; a gate's factor or limit.
    target_pay : float or None [currency]
    amount : float [currency]
    working : tuple of str
        The calculation, one sentence a step.
    """

    id: str
    kind: LineKind
    label: str
    amount: float
    result: float | None = None
    target: float | None = None
    attainment: float | None = None
    payout_fraction: float | None = None
    target_pay: float | None = None
    passed: bool | None = None
    working: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The line as plain data; `passed` only for a gate."""
        line: dict[str, Any] = {
            "id": self.id,
            "kind": self.kind,
            "label": self.label,
            "result": self.result,
            "target": self.target,
            "attainment": self.attainment,
            "payout_fraction": self.payout_fraction,
            "target_pay": self.target_pay,
            "amount": self.amount,
            "working": list(self.working),
        }
        if self.passed is not None:
            line["passed"] = self.passed
        return line


@dataclass(frozen=True, slots=True)
class Statement:
    """Pay of one person for one period, with its calculation.

    Attributes
    ----------
    plan_name, plan_hash, version : str
        Plan and version of compplan that it was calculated with.
    currency : str
    period : str
        ``"year"``, ``"period 2 of 4"`` or ``"periods 1 to 2 of 4"``.
    base : float [currency]
        Base salary of the period.
    period_target : float [currency]
        Target variable of the period; of the year so far in a year-to-date plan.
    lines : tuple of Line
    total : float [currency]
        Variable and kickers, without base: the sum of the lines.
    payout_fraction : float or None
        (total - kickers) / period_target; None where the target is 0.
    at_target_fraction : float or None
        The same with every measure at its target.
    carried : float [currency]
        Negative difference that later periods of a year-to-date plan make up; 0 or negative.
    notes : tuple of str
        Limits of the statement, one sentence each.
    """

    plan_name: str
    plan_hash: str
    version: str
    currency: str
    period: str
    base: float
    period_target: float
    lines: tuple[Line, ...]
    total: float
    payout_fraction: float | None
    at_target_fraction: float | None
    carried: float = 0.0
    notes: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        total = formats.money(self.total, self.currency)
        return f"Statement({self.plan_name!r}, {self.period}, {total} variable pay and kickers)"

    @property
    def cash_total(self) -> float:
        """Total and the period's base [currency]."""
        return round(self.total + self.base, 6)

    def to_dict(self) -> dict[str, Any]:
        """The statement as plain data for JSON."""
        return {
            "plan": self.plan_name,
            "plan_hash": self.plan_hash,
            "version": self.version,
            "currency": self.currency,
            "period": self.period,
            "base": self.base,
            "period_target": self.period_target,
            "total": self.total,
            "cash_total": self.cash_total,
            "payout_fraction": self.payout_fraction,
            "at_target_fraction": self.at_target_fraction,
            "carried": self.carried,
            "lines": [line.to_dict() for line in self.lines],
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """The statement as text, amounts aligned on the right."""

        def cash(amount: float) -> str:
            return formats.money(amount, self.currency)

        rows: list[tuple[str, str]] = []
        for line in self.lines:
            amount = "" if line.kind == "gate" or (line.kind == "modifier" and not line.amount) else cash(line.amount)
            rows.append((line.label, amount))
            rows += [(f"    {step}", "") for step in line.working]
        rows += [("Total variable pay and kickers", cash(self.total))]
        if self.base:
            rows += [
                ("Base salary of the period", cash(self.base)),
                ("Cash in the period", cash(self.cash_total)),
            ]
        left = min(max((len(label) for label, shown in rows if shown), default=0), 72)
        right = max((len(shown) for _, shown in rows), default=0)
        body = [f"{label:<{left}}  {shown:>{right}}" if shown else label for label, shown in rows]
        span = "the year so far" if self.period.startswith("periods") else "the period"
        head = [
            f"{self.plan_name} · {self.period}",
            f"Target variable of {span} {cash(self.period_target)}",
            "",
        ]
        return "\n".join([*head, *body, *(["", *self.notes] if self.notes else [])])
