"""`compplan rules`: the rules that plans are reviewed by, and what the guides say about each measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.check import ProfileOption, known_profile
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, text_table
from compplan.errors import Problem, nearest

if TYPE_CHECKING:
    from compplan.review import Rule

_STANCES = {"pay": "recommend", "conditional": "conditional", "avoid": "avoid", None: "."}


@app.command(
    "rules",
    epilog=examples(
        "compplan rules KNW-01       one rule: why, source, thresholds",
        "compplan rules KNW          the rules of a family",
        "compplan rules --elements   what five published guides say about each measure",
    ),
)
def list_rules(
    rule: Annotated[
        str | None, typer.Argument(metavar="RULE", help="A rule, such as KNW-01, or a family: KNW. Default: all.")
    ] = None,
    profile: ProfileOption = None,
    elements: Annotated[
        bool, typer.Option("--elements", help="Print what the five guides say about each measure.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the rules that plans are reviewed by, or explain one."""
    from compplan.review import DEFAULT_PROFILE, rules

    guide_profile = DEFAULT_PROFILE if profile is None else known_profile(profile)
    if elements:
        _print_elements(as_json)
        return
    chosen = [r for r in rules().values() if rule is None or rule.upper() in (r.id, r.family)]
    if not chosen:
        families = list(dict.fromkeys(r.family for r in rules().values()))
        hint = nearest(str(rule).upper(), [*families, *rules()])
        refuse([Problem("", f"There is no rule or family {rule!r}; {hint}")])
    listed = [_rule_dict(r, guide_profile) for r in chosen]
    if as_json:
        print_json(listed)
    elif rule is not None and len(chosen) == 1:
        print_text(_rule_text(listed[0]))
    else:
        rows = [
            (row["id"], _severity_word(row["severity"]), row["grade"], row["title"], row["source_label"])
            for row in listed
        ]
        print_text(text_table([("RULE", "SEVERITY", "EVIDENCE", "TITLE", "SOURCE"), *rows]))


def _rule_dict(rule: Rule, profile: Any) -> dict[str, Any]:
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


def _rule_text(rule: dict[str, Any]) -> str:
    from compplan.review import NOT_ADVICE, evidence_text

    lines = [f"{rule['id']}: {rule['title']}", "", rule["why"], ""]
    rows: list[tuple[str, ...]] = [
        ("Severity", _severity_text(rule["severities"])),
        ("Source", rule["source_label"]),
        ("Evidence", evidence_text(rule["id"]).removeprefix("evidence ")),
    ]
    if rule["dissent"]:
        rows.append(("Other views", rule["dissent"]))
    if rule["as_of"]:
        rows.append(("Facts as of", f"{rule['as_of']}. {NOT_ADVICE}"))
    if rule["on_reading"]:
        rows.append(("Checked", "when a plan is read: a plan that breaks this rule is refused"))
    rows.append(("Depends on", ", ".join(map(_place_text, rule["reads"])) or "nothing"))
    rows += [
        ("" if i else "Thresholds", f"{t['name']} = {t['value']:g} {t['unit']} ({t['how']}, {t['source']})")
        for i, t in enumerate(rule["thresholds"])
    ]
    return "\n".join([*lines, text_table(rows, header=False)])


def _severity_word(severity: str) -> str:
    return "note" if severity == "info" else severity


def _severity_text(severities: dict[str, str]) -> str:
    """Severities with the guides that they hold under, such as "warning; note under charter"."""
    profiles: dict[str, list[str]] = {}
    for profile, severity in severities.items():
        profiles.setdefault(_severity_word(severity), []).append(profile)
    if len(profiles) == 1:
        return f"{next(iter(profiles))} under every guide"
    return "; ".join(f"{severity} under {', '.join(names)}" for severity, names in profiles.items())


def _place_text(place: str) -> str:
    """A place that a rule reads, in words; answers keep their keys, as files of answers have them."""
    from compplan.plan.place_names import detail_of, place_name

    first, *rest = place.split(".")
    if first == "context":
        return f"answer to {'.'.join(rest)}"
    if rest and first in ("components", "modifiers"):
        return f"{first.removesuffix('s')} {detail_of((first, '', *rest))}"
    name = place_name(place)
    return name[0].lower() + name[1:]


def _print_elements(as_json: bool) -> None:
    from compplan.review import GUIDES, PROFILES, elements
    from compplan.review.profiles import guide

    if as_json:
        print_json(
            [
                {
                    "measure": element.measure,
                    "name": element.name,
                    "views": [
                        {
                            "source": view.source,
                            "stance": view.stance,
                            "condition": view.condition,
                            "for": view.pro,
                            "against": view.con,
                        }
                        for view in element.views
                    ],
                }
                for element in elements()
            ]
        )
        return
    head = ("MEASURE", *(guide(GUIDES[profile]).upper() for profile in PROFILES))
    rows = [(e.name, *(_STANCES[e.stance(profile)] for profile in PROFILES)) for e in elements()]
    print_text(text_table([head, *rows]))
