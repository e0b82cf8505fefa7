"""The commands that review: check plans, and the rule book itself."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.plan import TEMPLATE, plan_text, read_plan
from compplan.cli.terminal import JsonOption, app, columns, day_of, print_json, refuse, say, sentences
from compplan.errors import CompPlanError, Problem, nearest

if TYPE_CHECKING:
    from compplan.plan import Plan
    from compplan.review import Context, Review, Rule, Settings
    from compplan.review.reports import CheckedFile

FOUND = 1
_NEAR = 1e-4  # pay at target within this of 100% is 100%, since lines are paid in whole cents

Plans = Annotated[
    list[str],
    typer.Argument(metavar="PLAN...", help="Plan files (.yaml, .yml, .json), - for standard input, or template:KEY."),
]
ContextOption = Annotated[
    Path | None, typer.Option("--context", metavar="FILE", help="What there is to know beside the plan (YAML or JSON).")
]
ProfileOption = Annotated[
    str | None, typer.Option("--profile", metavar="NAME", help="Whose guide is followed; see `compplan rules`.")
]
ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", metavar="FILE", help="Settings; else compplan.toml beside the plan or above it."),
]


@app.command()
def check(
    plans: Plans,
    context: ContextOption = None,
    profile: ProfileOption = None,
    config: ConfigOption = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Leave any compplan.toml alone.")] = False,
    today: Annotated[
        str | None, typer.Option("--today", metavar="DATE", help="The day by which ages are told, such as 2026-01-31.")
    ] = None,
    as_json: JsonOption = False,
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
) -> None:
    """Say what is wrong with plans, who says so, who disagrees, and what would mend it.

    Ends with status 1 where a review finds an error, and 2 where something cannot be read.
    """
    if as_json + as_sarif + as_markdown > 1:
        refuse([Problem("--json", "is one form, --sarif and --markdown are others; give one of them.")])
    problems: list[Problem] = []
    day = day_of(today, problems)
    if problems:
        refuse(problems)
    with sentences():
        known = _context(context)
        checked = [_look(place, known, _settings(place, config, isolated, profile), day) for place in plans]
        _placed(known, checked)
    if as_json:
        told = [one.to_dict() for one in checked]
        print_json(told[0] if len(told) == 1 else told)
    elif as_sarif:
        from compplan.review.reports import sarif

        print_json(sarif(one.checked() for one in checked))
    elif as_markdown:
        say("\n\n".join(one.markdown() for one in checked))
    else:
        told_plans = [one.text() for one in checked if one.plan is not None]
        if told_plans:
            say("\n\n".join(told_plans))
    refused = [line for one in checked for line in one.refused()]
    if refused:
        refuse([Problem("", line) for line in refused])
    if any(one.seen is not None and one.seen.counts["error"] for one in checked):
        raise typer.Exit(FOUND)


class _Looked:
    """One plan that was looked at: what the review says of it, or why it cannot be read."""

    def __init__(
        self,
        place: str,
        text: str,
        plan: Plan | None,
        seen: Review | None,
        problems: tuple[Problem, ...],
    ) -> None:
        self.place, self.source_text, self.plan, self.seen = place, text, plan, seen
        self.given = problems

    @property
    def file(self) -> str:
        """The file that it is in; empty for a template and for standard input."""
        return "" if self.place == "-" or self.place.startswith(TEMPLATE) else self.place

    def refused(self) -> list[str]:
        """Why it cannot be read, a line each."""
        from compplan.review import reports

        return reports.refused_text(self.given, self.file, self.source_text)

    def to_dict(self) -> dict[str, Any]:
        from compplan.review import findings_of_problems, reports

        if self.plan is None or self.seen is None:
            return {
                "valid": False,
                "at_target_fraction": None,
                "findings": [reports.finding_dict(f) for f in findings_of_problems(self.given)],
                "unanswered": [],
                "problems": [{"where": p.where, "message": p.message, "rule": p.rule} for p in self.given],
            }
        return summary(self.plan) | reports.to_dict(self.seen)

    def checked(self) -> CheckedFile:
        from compplan.review import findings_of_problems, reports

        findings = self.seen.findings if self.seen else findings_of_problems(self.given)
        unread = tuple(problem for problem in self.given if not problem.rule)
        return reports.CheckedFile(self.place, self.source_text, findings, unread)

    def markdown(self) -> str:
        from compplan.review import reports

        if self.seen is None:
            lines = [f"- {reports.escaped(line)}" for line in reports.refused_text(self.given)]
            return "\n".join([f"### {reports.escaped(self.place)} cannot be read", "", *lines])
        return reports.markdown(self.place, self.seen)

    def text(self) -> str:
        from compplan.review import reports

        if self.plan is None or self.seen is None:
            return ""
        return f"{_told(self.plan)}\n\n{reports.to_text(self.seen, self.file, self.source_text)}"


def _look(place: str, context: Context | None, settings: Settings, day: dt.date) -> _Looked:
    from compplan.review import review

    text = plan_text(place)
    try:
        plan = read_plan(place, text)
    except CompPlanError as error:
        return _Looked(place, text or "", None, None, error.problems)
    return _Looked(place, text or "", plan, review(plan, context, settings, today=day), ())


def _placed(context: Context | None, checked: list[_Looked]) -> None:
    """Refuse answers about components that none of the plans has; one context may serve several plans."""
    plans = [one.plan for one in checked if one.plan is not None]
    if context is None or not plans:
        return
    first, *others = ({p.where: p for p in context.misplaced(plan)} for plan in plans)
    problems = [problem for where, problem in first.items() if all(where in other for other in others)]
    if problems:
        refuse(problems)


def _context(path: Path | None) -> Context | None:
    from compplan.review import Context

    return None if path is None else Context.load(path)


def _settings(place: str, config: Path | None, isolated: bool, profile: str | None) -> Settings:
    """Settings of a file that is named, or that lies beside the plan or above it; a profile that is named wins."""
    from compplan.review import PROFILES, Settings
    from compplan.review.settings import find

    path = config
    if path is None and not isolated:
        path = find(Path.cwd() if place == "-" or place.startswith(TEMPLATE) else Path(place))
    settings = Settings.load(path) if path else Settings()
    if profile is None:
        return settings
    if profile not in PROFILES:
        refuse([Problem("--profile", f"{profile!r} is no profile; {nearest(profile, PROFILES)}")])
    return settings.model_copy(update={"profile": profile})


# What a plan promises


def summary(plan: Plan) -> dict[str, Any]:
    """What a sound plan promises and pays, as plain data."""
    from compplan.payout import at_target, ceiling, cliffs

    paid, most = at_target(plan), ceiling(plan)
    return {
        "valid": True,
        "plan": plan.name,
        "plan_hash": plan.hash,
        "role": plan.role,
        "segment": plan.segment,
        "currency": plan.currency,
        "frequency": plan.frequency,
        "base": plan.pay.base,
        "variable": plan.pay.target_variable,
        "ote": plan.pay.ote,
        "variable_share": plan.pay.mix,
        "at_target_fraction": paid,
        "most_variable": most,
        "cliffs": [
            {"id": c.component, "result": c.x, "before": c.before, "at": c.at, "jump": c.jump} for c in cliffs(plan)
        ],
        "assumed": list(plan.about.assumed),
        "warnings": _warnings(paid),
    }


def _warnings(paid: float | None) -> list[str]:
    from compplan import formats

    if paid is None or abs(paid - 1.0) < _NEAR:
        return []
    return [f"at target this plan pays {formats.percent(paid)} of target variable, not 100%."]


def _told(plan: Plan) -> str:
    """The same as lines for people."""
    from compplan import formats

    seen = summary(plan)
    paid, most = seen["at_target_fraction"], seen["most_variable"]

    def cash(amount: float) -> str:
        return formats.money(amount, plan.currency)

    rows = [
        ("OTE", f"{cash(plan.pay.ote)} a year"),
        ("Base and variable", f"{cash(plan.pay.base)} and {cash(plan.pay.target_variable)}"),
        ("Pay mix", f"{formats.percent(1 - plan.pay.mix, 1)} base, {formats.percent(plan.pay.mix, 1)} variable"),
        ("Pays at target", "no target variable" if paid is None else f"{formats.percent(paid)} of target variable"),
        ("Most it can pay", "no limit" if math.isinf(most) else f"{cash(most)} of variable, kickers left out"),
    ]
    for i, cliff in enumerate(seen["cliffs"]):
        at = formats.result(cliff["result"], plan.measure(cliff["id"]), plan.currency)
        jump = f"{cash(cliff['jump'])} a year, from {cash(cliff['before'])} to {cash(cliff['at'])}"
        rows.append(("" if i else "Cliffs", f"{cliff['id']} at {at}: {jump}"))
    if not seen["cliffs"]:
        rows.append(("Cliffs", "none: no result makes pay jump"))
    count = len(plan.about.assumed)
    places = f"{count} place{'' if count == 1 else 's'} that the source does not give (about.assumed)"
    rows.append(("Assumed", places if count else "nothing"))
    lines = [f"{plan.name}: a plan for {plan.role}, {plan.segment}, paid {plan.frequency}", columns(rows)]
    return "\n".join([*lines, *(f"Warning: {warning}" for warning in seen["warnings"])])


# The rule book


@app.command("rules")
def rule_book(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="One rule, such as KNW-01, or a family: KNW.")
    ] = None,
    profile: ProfileOption = None,
    elements: Annotated[bool, typer.Option("--elements", help="What the five guides say of each element.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the rules that plans are checked by, or tell one of them whole."""
    from compplan.review import DEFAULT_PROFILE, PROFILES, rules

    if profile is not None and profile not in PROFILES:
        refuse([Problem("--profile", f"{profile!r} is no profile; {nearest(profile, PROFILES)}")])
    followed = next(p for p in PROFILES if p == (profile or DEFAULT_PROFILE))
    if elements:
        _elements(as_json)
        return
    chosen = [r for r in rules().values() if rule is None or rule.upper() in (r.id, r.family)]
    if not chosen:
        families = list(dict.fromkeys(r.family for r in rules().values()))
        refuse(
            [Problem("RULE", f"{rule!r} is no rule and no family; {nearest(str(rule).upper(), [*families, *rules()])}")]
        )
    told = [_rule(r, followed) for r in chosen]
    if as_json:
        print_json(told)
    elif rule is not None and len(chosen) == 1:
        say(_whole(told[0]))
    else:
        rows = [(t["id"], t["severity"], t["grade"], t["title"], t["source_label"]) for t in told]
        say(columns([("RULE", "SEVERITY", "GRADE", "TITLE", "SOURCE"), *rows]))


def _rule(rule: Rule, profile: Any) -> dict[str, Any]:
    from compplan import facts
    from compplan.review import PROFILES, severity_under, threshold_facts

    return {
        "id": rule.id,
        "title": rule.title,
        "severity": severity_under(rule, profile),
        "severities": {name: severity_under(rule, name) for name in PROFILES},
        "grade": rule.evidence_level,
        "source": rule.source,
        "source_label": facts.source(rule.source).label,
        "why": rule.why,
        "dissent": rule.dissent,
        "reads": list(rule.reads),
        "as_of": rule.as_of.isoformat() if rule.as_of else None,
        "on_reading": rule.on_reading,
        "thresholds": [
            {"name": t["name"], "value": float(t["value"]), "unit": t["unit"], "source": t["source"], "how": t["how"]}
            for t in threshold_facts(rule.id)
        ],
    }


def _whole(told: dict[str, Any]) -> str:
    from compplan.review import NOT_ADVICE, evidence_text

    lines = [f"{told['id']}: {told['title']}", "", told["why"], ""]
    rows: list[tuple[str, ...]] = [
        ("Severity", ", ".join(f"{name} {severity}" for name, severity in told["severities"].items())),
        ("Source", told["source_label"]),
        ("Evidence", evidence_text(told["id"])),
    ]
    if told["dissent"]:
        rows.append(("Others", told["dissent"]))
    if told["as_of"]:
        rows.append(("Facts of", f"{told['as_of']}. {NOT_ADVICE}"))
    if told["on_reading"]:
        rows.append(("When", "a plan that breaks it is refused when it is read"))
    rows.append(("Reads", ", ".join(told["reads"]) or "nothing"))
    rows += [
        ("Threshold" if not i else "", f"{t['name']} = {t['value']:g} {t['unit']} ({t['how']}, {t['source']})")
        for i, t in enumerate(told["thresholds"])
    ]
    return "\n".join([*lines, columns(rows)])


def _elements(as_json: bool) -> None:
    from compplan.review import GUIDES, PROFILES, elements

    if as_json:
        print_json(
            [
                {
                    "measure": e.measure,
                    "name": e.name,
                    "views": [
                        {
                            "source": v.source,
                            "stance": v.stance,
                            "condition": v.condition,
                            "for": v.pro,
                            "against": v.con,
                        }
                        for v in e.views
                    ],
                }
                for e in elements()
            ]
        )
        return
    head = ("ELEMENT", *(GUIDES[p] for p in PROFILES))
    words = {"pay": "recommend", "conditional": "conditional", "avoid": "avoid", None: "."}
    say(columns([head, *((e.measure, *(words[e.stance(p)] for p in PROFILES)) for e in elements())]))
