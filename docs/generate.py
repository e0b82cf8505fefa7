"""Write the tables of the reference pages anew, from the plan format, the catalog and the rule book themselves.

Run it with ``python docs/generate.py`` after a change of any of them; a test fails while a page is behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from compplan import facts
from compplan.cost import Assumptions, CostReport, Headcount, Schedule, SideBySide
from compplan.measures import Measure, catalog
from compplan.plan import Plan
from compplan.review import (
    EVIDENCE_LEVELS,
    FAMILIES,
    GUIDES,
    PROFILE_SUMMARIES,
    PROFILES,
    Context,
    Rule,
    elements,
    question_text,
    rules,
    severity_under,
    threshold_facts,
)
from compplan.review.context import MeasureData, answer_schema

DOCS = Path(__file__).resolve().parent
MARKED = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Rows as a Markdown table."""
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


# The plan format


def fields() -> str:
    """One row for every field of a plan, in the order of the format."""
    schema = Plan.model_json_schema(by_alias=True)
    rows = list(_rows(schema, schema["$defs"], ""))
    return table(("place", "type", "allowed", "default", "meaning"), rows)


def _rows(model: dict[str, Any], defs: dict[str, Any], place: str) -> Iterator[tuple[str, ...]]:
    for name, field in model["properties"].items():
        here = f"{place}.{name}" if place else name
        default = "required" if name in model.get("required", ()) else _default(field)
        shape = _present(field)
        yield (f"`{here}`", *_type(shape, defs), default, _meaning(field, shape, defs))
        yield from _inside(shape, defs, here)


def _inside(shape: dict[str, Any], defs: dict[str, Any], here: str) -> Iterator[tuple[str, ...]]:
    if "$ref" in shape:
        yield from _rows(_of(shape, defs), defs, here)
    elif "discriminator" in shape and here.startswith("components"):
        yield from _curve([_of(option, defs) for option in shape["oneOf"]], defs, here)
    elif "$ref" in shape.get("items", {}):
        yield from _rows(_of(shape["items"], defs), defs, f"{here}[]")
    elif _entries(shape):
        yield from _rows(_of(_entries(shape), defs), defs, f"{here}.<key>")


def _curve(kinds: list[dict[str, Any]], defs: dict[str, Any], here: str) -> Iterator[tuple[str, ...]]:
    """The kind, then what only some kinds have, then once what all of them have."""
    names = {kind["properties"]["kind"]["const"]: kind for kind in kinds}
    told = "; ".join(f"`{name}`: {_first(kind['description']).rstrip('.')}" for name, kind in names.items()) + "."
    yield (f"`{here}.kind`", "word", ", ".join(f"`{name}`" for name in names), "required", told)
    common = {place for place in kinds[0]["properties"] if all(place in kind["properties"] for kind in kinds)}
    for name, kind in names.items():
        own = {key: field for key, field in kind["properties"].items() if key not in common}
        for place, *cells, meaning in _rows({**kind, "properties": own}, defs, here):
            yield (place, *cells, f"`{name}`: {meaning}")
    shared = {key: field for key, field in kinds[0]["properties"].items() if key in common - {"kind"}}
    yield from _rows({"properties": shared}, defs, here)


def _of(reference: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    return defs[reference["$ref"].rpartition("/")[2]]


def _entries(shape: dict[str, Any]) -> dict[str, Any]:
    """What the values of a mapping with keys of one's own are."""
    found = [*shape.get("patternProperties", {}).values(), shape.get("additionalProperties", False)]
    return next((entry for entry in found if isinstance(entry, dict) and "$ref" in entry), {})


def _present(field: dict[str, Any]) -> dict[str, Any]:
    """A field as it is where it is not left out."""
    options = [option for option in field.get("anyOf", ()) if option.get("type") != "null"]
    return options[0] if options else field


def _default(field: dict[str, Any]) -> str:
    value = field.get("default")
    return "" if value in (None, {}, []) or isinstance(value, dict) else f"`{value}`"


def _meaning(field: dict[str, Any], shape: dict[str, Any], defs: dict[str, Any]) -> str:
    told = field.get("description")
    if told is None:
        inner = shape if "$ref" in shape else shape["items"]
        told = _of(inner, defs)["description"]
    told = _first(told)
    return f"{told} Its fields are those above." if "discriminator" in shape and "factor" in told else told


def _first(text: str) -> str:
    """The first paragraph, on one line."""
    return text.partition("\n\n")[0].replace("\n", " ").replace("<", "&lt;")


def _type(shape: dict[str, Any], defs: dict[str, Any]) -> tuple[str, str]:
    """Type and bounds in words."""
    if "const" in shape:
        return "constant", f"`{shape['const']}`"
    if "enum" in shape:
        return "word", ", ".join(f"`{value}`" for value in shape["enum"])
    if "$ref" in shape or _entries(shape):
        return "mapping", _count(shape, "maxProperties", "entries")
    if "discriminator" in shape:
        kinds = [_of(option, defs)["properties"]["kind"]["const"] for option in shape["oneOf"]]
        return "curve", ", ".join(f"`{kind}`" for kind in kinds)
    kind = shape["type"]
    if kind == "array":
        return _list(shape, defs)
    if kind == "string":
        return _text(shape)
    return ("whole number" if kind == "integer" else "number"), _between(shape)


def _text(shape: dict[str, Any]) -> tuple[str, str]:
    if shape.get("format") == "date":
        return "date", "such as 2026-01-31"
    if "pattern" in shape:
        return ("currency", "three capitals, ISO 4217") if "A-Z" in shape["pattern"] else ("key", "a–z, 0–9, _")
    return "text", _count(shape, "maxLength", "characters")


def _list(shape: dict[str, Any], defs: dict[str, Any]) -> tuple[str, str]:
    many = _count(shape, "maxItems", "entries", shape.get("minItems", 0))
    item = shape["items"]
    if "prefixItems" in item:
        first, second = (_between(part) for part in item["prefixItems"])
        return "list of [number, number]", f"{many}; first {first}, second {second}"
    if "$ref" in item:
        return "list of mappings", many
    kind, allowed = _type(item, defs)
    plural = {"text": "texts", "key": "keys", "number": "numbers"}[kind]
    return f"list of {plural}", f"{many}; {allowed}" if allowed else many


def _count(shape: dict[str, Any], most: str, what: str, least: int = 0) -> str:
    if most not in shape:
        return ""
    return f"{least} to {shape[most]:,} {what}" if least else f"at most {shape[most]:,} {what}"


def _between(shape: dict[str, Any]) -> str:
    low = shape.get("minimum", shape.get("exclusiveMinimum"))
    high = shape.get("maximum", shape.get("exclusiveMaximum"))
    told = f"{_plain(low)} to {_plain(high)}"
    if "exclusiveMinimum" in shape:
        told = f"above {_plain(low)}, at most {_plain(high)}"
    return f"{_plain(low)} to below {_plain(high)}" if "exclusiveMaximum" in shape else told


def _plain(value: float) -> str:
    size = abs(value)
    text = f"10^{len(f'{size:.0f}') - 1}" if size >= 1e6 else f"{size:,g}"
    return f"−{text}" if value < 0 else text


# The catalog


def measures() -> str:
    """One row for every measure that ships."""
    rows = [
        (f"`{m.key}`", m.name, m.unit, m.kind, m.better, limits(m), f"{m.definition} *{m.formula}*")
        for m in catalog().values()
    ]
    return table(("key", "name", "unit", "kind", "better", "limits", "definition, *formula*"), rows)


def limits(measure: Measure) -> str:
    """What the definition of a measure bounds, as a range."""
    low, high = (None if bound is None else f"{bound:g}".replace("-", "−") for bound in (measure.low, measure.high))
    if low is None or high is None:
        return "none" if low == high else f"at least {low}" if high is None else f"at most {high}"
    return f"{low} to {high}"


# The rule book

SHOWN = {"info": "note"}
STANCES = {"pay": "recommend", "conditional": "conditional", "avoid": "avoid", None: ""}


def rule_book() -> str:
    """One table for every family of rules."""
    told: list[str] = []
    for family, members in groupby(rules().values(), key=lambda rule: rule.family):
        book = list(members)
        rows = [
            (rule.id, _title(rule), _weighs(rule), rule.evidence_level, _source(rule), _limits(rule)) for rule in book
        ]
        head = ("rule", "recommendation", "severity", "evidence level", "source", "thresholds")
        told.append(f"**{family}**: {FAMILIES[family]}\n\n{table(head, rows)}")
    return "\n".join(told)


def _title(rule: Rule) -> str:
    told = f"{rule.title}. *{rule.why}*"
    return f"{told} Facts as of {rule.as_of.isoformat()}." if rule.as_of else told


def _weighs(rule: Rule) -> str:
    """What a finding weighs under every profile, those that agree together."""
    if rule.on_reading:
        return "enforced on reading"
    weights = {profile: severity_under(rule, profile) for profile in PROFILES}
    usual = max(weights.values(), key=list(weights.values()).count)
    others = [f"`{p}`: {SHOWN.get(w, w)}" for p, w in weights.items() if w != usual]
    return "; ".join([SHOWN.get(usual, usual), *others])


def _source(rule: Rule) -> str:
    known = facts.source(rule.source)
    name = f"{known.publisher} ({known.year})" if known.year else known.publisher
    return f"[{name}]({known.url})" if known.url else name


def _limits(rule: Rule) -> str:
    return "; ".join(f"`{t['name']}` {float(t['value']):g} {t['unit']}" for t in threshold_facts(rule.id))


def element_table() -> str:
    """What each guide says of everything that plans pay on."""
    head = ("element", *(f"`{profile}`" for profile in PROFILES))
    return table(head, [(e.name, *(STANCES[e.stance(p)] for p in PROFILES)) for e in elements()])


def profiles() -> str:
    """The profiles, each with the guide that it follows."""
    known = {profile: facts.source(GUIDES[profile]) for profile in PROFILES}
    rows = [(f"`{p}`", f"[{s.label}]({s.url})" if s.url else s.label, PROFILE_SUMMARIES[p]) for p, s in known.items()]
    return table(("profile", "follows", "what it holds"), rows)


def grades() -> str:
    """How well rules are supported."""
    return table(("evidence level", "support"), [(level, text) for level, text in EVIDENCE_LEVELS.items()])


def questions() -> str:
    """One row for every question of the context."""
    rows = [(f"`{place}`", question_text(path), _answer(answer_schema(path))) for place, path in _asked()]
    return table(("place", "question", "answer"), rows)


def _asked() -> Iterator[tuple[str, str]]:
    """Every question as it is written in a file, and as it is looked up."""
    for name, field in Context.model_fields.items():
        inner = field.annotation
        if name == "measures":
            yield from ((f"measures.<id>.{leaf}", f"measures.any.{leaf}") for leaf in MeasureData.model_fields)
        elif isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from ((f"{name}.{leaf}", f"{name}.{leaf}") for leaf in inner.model_fields)
        else:
            yield name, name


def _answer(kind: dict[str, Any]) -> str:
    """What an answer looks like."""
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if kind["type"] == "array":
        items = kind["items"]
        if "$ref" in items:
            return "list of mappings, each as `book`"
        many = f"{kind['minItems']} of " if kind.get("minItems") else "list of "
        return f"{many}{_answer(items)}"
    if kind["type"] == "object":
        inner = next(iter(kind.get("patternProperties", {}).values()), kind.get("additionalProperties"))
        return f"mapping to {_answer(inner)}"
    if kind["type"] in ("integer", "number"):
        return f"{'whole number' if kind['type'] == 'integer' else 'number'}, {_between(kind)}"
    if kind.get("format") == "date":
        return "date, such as 2026-01-31"
    if "A-Z" in kind.get("pattern", ""):
        return "two capitals"
    return {"boolean": "`true`, `false`", "string": "key" if "pattern" in kind else "text"}[kind["type"]]


# Cost


def assumptions() -> str:
    """One row for every field of the assumptions of a cost report."""
    rows = [
        (f"`{name}`", _shown_default(field.get_default(call_default_factory=True)), f"{field.description}")
        for name, field in Assumptions.model_fields.items()
    ]
    return table(("field", "default", "meaning"), rows)


def _shown_default(value: Any) -> str:
    return "" if value is None or value == {} else f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def columns() -> str:
    """A table of columns for every table that `compplan.cost` and `compplan.settlement` return."""
    sections: list[str] = []
    for owner in (Headcount, CostReport, Schedule, SideBySide):
        for names, rows in column_tables(owner.__doc__ or ""):
            titles = " and ".join(f"`{owner.__name__}.{name}`" for name in names)
            body = [(name.replace("``", "`"), unit, meaning.replace("``", "`")) for name, unit, meaning in rows]
            sections.append(f"{titles}:\n\n{table(('column', 'unit', 'meaning'), body)}")
    return "\n".join(sections)


def column_tables(text: str) -> Iterator[tuple[list[str], list[tuple[str, str, str]]]]:
    """The tables of columns in a docstring: attributes that each describes, and its rows.

    Yields
    ------
    names : list of str
    rows : list of (str, str, str)
        Column, unit, meaning. A row without unit and meaning has those of the row above.
    """
    found = re.findall(r"Columns of ([^;:\n]*)[^:]*:\n\n( +=[= ]+)\n.*\n +=[= ]+\n((?: +``.*\n)+)", text)
    for names, rule, body in found:
        starts = [match.start() for match in re.finditer("=+", rule)]
        rows: list[tuple[str, str, str]] = []
        for line in body.splitlines():
            name, unit, meaning = (
                line[start:end].strip() for start, end in zip(starts, [*starts[1:], None], strict=True)
            )
            rows.append((name, unit, meaning) if meaning else (name, *rows[-1][1:]))
        yield re.findall(r"`(\w+)`", names), rows


TABLES = {
    "assumptions": assumptions, "columns": columns, "fields": fields,
    "measures": measures, "rules": rule_book, "elements": element_table, "profiles": profiles,
    "grades": grades, "questions": questions,
}  # fmt: skip


def up_to_date(page: str) -> str:
    """A page with its tables written anew."""
    return MARKED.sub(lambda found: f"{found[1]}\n{TABLES[found[2]]()}\n{found[3]}", page)


def main() -> None:
    """Bring every page of this folder up to date."""
    for file in sorted(DOCS.glob("*.md")):
        file.write_text(up_to_date(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
