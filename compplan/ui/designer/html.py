"""HTML of the Designer: key figures, market bands, curves, the statement."""

from __future__ import annotations

import math
from collections.abc import Sequence

from compplan import facts, formats
from compplan.benchmarks import PayBand
from compplan.curves import PayoutCurve
from compplan.outcomes import Overview
from compplan.payout import Statement
from compplan.plan import Plan
from compplan.ui.templates import render
from compplan.ui.widgets.html import KeyFigure
from compplan.ui.widgets.ranges import money_range


def key_figures(plan: Plan, now: Overview, before: Overview | None, review: KeyFigure) -> tuple[KeyFigure, ...]:
    """The five key figures of a plan; the last one summarizes its review."""

    def brief(amount: float) -> str:
        return formats.brief_money(amount, plan.currency)

    def at_target(overview: Overview) -> str:
        return "–" if overview.at_target is None else formats.percent(overview.at_target, 1)

    leverage = formats.plain_number(now.leverage or 0, 2)
    return (
        _key_figure(
            "OTE",
            brief(now.ote),
            f"{brief(plan.pay.base)} base + {brief(now.variable)} variable",
            brief(before.ote) if before else "",
            hint="On-target earnings per year: base salary plus target variable, without equity.",
        ),
        _key_figure(
            "At target",
            at_target(now),
            f"pays {brief(now.cash_at_target)} in total",
            at_target(before) if before else "",
            amber=not now.keeps_its_promise,
            hint="Share of the target variable that the plan pays with every measure at its target.",
        ),
        _expected_figure(plan, now, before),
        _key_figure(
            "Maximum",
            brief(now.cash_ceiling),
            "no cap" if math.isinf(now.ceiling) else f"leverage {leverage}×",
            brief(before.cash_ceiling) if before else "",
            hint="The most the plan can pay, without kickers. Leverage is variable pay at the top of every curve "
            "divided by variable pay at target.",
        ),
        review,
    )


def _expected_figure(plan: Plan, now: Overview, before: Overview | None) -> KeyFigure:
    """Expected pay and its range; a dash where the spread of a result is unknown."""

    def brief(overview: Overview) -> str:
        return "–" if overview.cash_likely is None else formats.brief_money(overview.cash_likely, plan.currency)

    detail = "needs a spread of results"
    if now.likely is not None:
        ends = (plan.pay.base + now.likely.p10, plan.pay.base + now.likely.p90)
        detail = f"{money_range(*ends, plan.currency)}, 80% likely"
    return _key_figure(
        "Expected pay",
        brief(now),
        detail,
        brief(before) if before else "",
        hint="Mean pay when results vary around target as set under Expected pay, and the pay that one person in "
        f"ten falls short of or exceeds. {now.spread}",
    )


def _key_figure(
    name: str, value: str, detail: str, before: str = "", *, amber: bool = False, hint: str = ""
) -> KeyFigure:
    return KeyFigure(name, value, detail, f"was {before}" if before and before != value else "", amber, hint)


def promise_warning(plan: Plan, now: Overview) -> str:
    """A warning where a plan does not pay 100% at target; empty where it does."""
    if now.at_target is None or now.keeps_its_promise:
        return ""
    return (
        f"At target this plan pays {formats.percent(now.at_target, 1)} of the target variable instead of 100%: "
        f"{formats.money(now.cash_at_target - plan.pay.base, plan.currency)} instead of "
        f"{formats.money(now.variable, plan.currency)}."
    )


def market_band(plan: Plan, base: Sequence[PayBand], ote: Sequence[PayBand]) -> str:
    """Base salary and OTE of a plan on the pay bands that sources publish for its role."""
    rows = [
        *(("Base", band, plan.pay.base) for band in base if band.currency == plan.currency),
        *(("OTE", band, plan.pay.ote) for band in ote if band.currency == plan.currency),
    ]
    if not rows:
        return render("widgets.quiet", f"None of our sources publishes a pay band for this role in {plan.currency}.")
    low = min(min(band.low, pay) for _, band, pay in rows)
    high = max(max(band.high, pay) for _, band, pay in rows)
    margin = 0.06 * ((high - low) or 1.0)
    low, high = low - margin, high + margin

    def at(amount: float) -> str:
        return f"{100 * (amount - low) / (high - low):.2f}%"

    bars: list[dict[str, str]] = []
    for name, band, pay in rows:
        span = f"{formats.brief_money(band.low, plan.currency)} to {formats.brief_money(band.high, plan.currency)}"
        place = "inside" if band.low <= pay <= band.high else "outside"
        source = facts.source(band.source).label
        bars.append(
            {
                "name": name,
                "description": f"{name} band {span} ({band.place}, {band.as_of}). Source: {source}. "
                f"This plan is {place} the band.",
                "span": span,
                "place": place,
                "low": at(band.low),
                "high": at(band.high),
                "pay": at(pay),
            }
        )
    sources = ", ".join(dict.fromkeys(facts.source(band.source).label for _, band, _ in rows))
    return render("designer.market_band", bars, sources)


def curve_sketch(curve: PayoutCurve, low: float, high: float, target: float, ink: str = "var(--cp-primary)") -> str:
    """A small chart of a curve between two results, with lines at the target and at 100% payout."""
    knots = [x for x, _ in curve.points() if low < x < high]
    step = (high - low) * 1e-6  # both sides of a knot, since a curve may jump there
    xs = sorted({low, high, *knots, *(x - step for x in knots), *(x + step for x in knots)})
    top = max(1.25, *(curve(x) for x in xs)) * 1.08

    def across(x: float) -> str:
        return f"{100 * (x - low) / (high - low):.2f}%"

    def down(y: float) -> str:
        return f"{100 - 100 * y / top:.2f}%"

    outline = ", ".join(["0% 100%", *(f"{across(x)} {down(curve(x))}" for x in xs), "100% 100%"])
    description = "; ".join(f"{formats.plain_number(x)} pays {formats.percent(y)}" for x, y in curve.points())
    return render("designer.curve", outline, description, ink, across(target), down(1.0))


def statement_table(statement: Statement) -> str:
    """A pay statement with each step of its calculation."""
    lines: list[dict[str, object]] = []
    for line in statement.lines:
        no_amount = line.kind == "gate" or (line.kind == "modifier" and not line.amount)
        amount = "" if no_amount else formats.money(line.amount, statement.currency)
        lines.append({"label": line.label, "steps": line.working, "amount": amount})
    totals = [
        ("Variable pay and kickers", statement.total),
        ("Base salary", statement.base),
        ("Total pay", statement.cash_total),
    ]
    return render(
        "designer.statement", lines, [(label, formats.money(total, statement.currency)) for label, total in totals]
    )
