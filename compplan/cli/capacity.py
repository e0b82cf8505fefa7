"""The command on capacity: hours an account takes, people needed, books of accounts and who should look after what."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.terminal import (
    JsonOption,
    app,
    columns,
    day_of,
    fields_of,
    number,
    print_json,
    refuse,
    say,
    sentences,
    stop,
)
from compplan.errors import Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

    from compplan.capacity import AccountsReading, Ceiling, Model, Service, Tier, Year

_OF_A_FILE = "needs a file of accounts; give one with --accounts."


@app.command()
def capacity(
    preset: Annotated[str | None, typer.Option("--preset", help="A guide's book to start from.")] = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="FILE", help="A model of your own (YAML or JSON), as Capacity saves."),
    ] = None,
    accounts: Annotated[str | None, typer.Option("--count", metavar="N", help="How many accounts there are.")] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="H", help="Hours of one account a year, in place of the guide's.")
    ] = None,
    leave: Annotated[bool, typer.Option("--leave", help="Take leave and holidays off the year.")] = False,
    file: Annotated[
        Path | None, typer.Option("--accounts", metavar="FILE", help="A file of accounts, CSV or .xlsx.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map", metavar="HEADING=FIELD", help="Which heading is which field: 'Umsatz=arr'. Once for each."
        ),
    ] = None,
    most_accounts: Annotated[str | None, typer.Option("--most-accounts", metavar="N", help="Ceiling a person.")] = None,
    most_arr: Annotated[str | None, typer.Option("--most-arr", metavar="AMOUNT", help="Ceiling a person.")] = None,
    within_hours: Annotated[
        bool, typer.Option("--within-hours", help="The hours that a person has are a ceiling too.")
    ] = False,
    moves: Annotated[bool, typer.Option("--rebalance", help="Suggest the fewest accounts to move.")] = False,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="Write what a review asks of books, for `check --context`."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --answers if it exists.")] = False,
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="First day of the next quarter.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say how many accounts a person can look after, and who has too many."""
    problems: list[Problem] = []
    count, each = _plain("--count", accounts, problems), _plain("--hours", hours, problems)
    ceilings = {
        "accounts": _plain("--most-accounts", most_accounts, problems, whole=True),
        "arr": _plain("--most-arr", most_arr, problems),
    }
    fields = fields_of(mapping or [], problems)
    of_a_file = {
        "--map": mapping, "--most-accounts": most_accounts, "--most-arr": most_arr, "--within-hours": within_hours,
        "--rebalance": moves, "--answers": answers,
    }  # fmt: skip
    if file is None:
        problems += [Problem(name, _OF_A_FILE) for name, given in of_a_file.items() if given]
    if model is not None:
        others = {"--preset": preset, "--count": accounts, "--hours": hours, "--leave": leave}
        problems += [
            Problem(name, "is part of the file of --model; change it there.") for name, g in others.items() if g
        ]
    day = day_of(today, problems)
    if answers is not None and answers.exists() and not force:
        said = f"{answers} exists already; take another name, or give --force to overwrite it."
        problems.append(Problem("--answers", said))
    if problems:
        refuse(problems)
    with sentences({f"mapping.{field}": f"--map {field}" for field in fields}):
        made, told = _own(model) if model is not None else _guide(preset or "knowup-enterprise", count, each, leave)
        if file is not None:
            ceiling = _ceiling(ceilings, made.year if within_hours else None)
            told |= _books(_read(file, fields), made, ceiling, day, moves=moves, answers=answers)
    if as_json:
        print_json(told)
    else:
        say(_text(told))


# What was given


def _plain(name: str, text: str | None, problems: list[Problem], *, whole: bool = False) -> float | None:
    if text is None:
        return None
    value = number(text.replace(",", "").strip())
    if value is None or value <= 0 or (whole and value != int(value)):
        kind = "a whole" if whole else "a plain"
        problems.append(Problem(name, f"must be {kind} number above 0, such as 14; got {text!r}."))
    return value


def _ceiling(given: dict[str, float | None], year: Year | None) -> Ceiling:
    from compplan.capacity import Ceiling

    hours = year.available if year is not None else None
    return Ceiling.of({kind: most for kind, most in {**given, "hours": hours}.items() if most})


def _read(file: Path, fields: dict[str, str]) -> AccountsReading:
    from compplan.capacity import read_accounts
    from compplan.readers import limits

    try:
        with file.open("rb") as opened:
            data = opened.read(limits.MOST_BYTES + 1)
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror}.")
    return read_accounts(data, file.name, mapping=fields)


def _write(path: Path, answers: dict[str, Any]) -> None:
    from compplan.plan import files

    try:
        path.write_text(files.write_yaml(answers), encoding="utf-8")
    except OSError as error:
        stop(f"{path}: cannot be written: {error.strerror}.")


# What is worked out


def _guide(preset: str, count: float | None, each: float | None, leave: bool) -> tuple[Model, dict[str, Any]]:
    from compplan.capacity import (
        Model,
        Service,
        Tier,
        accounts_per_person,
        contradictions,
        implied_hours,
        people_needed,
        presets,
        usual_year,
    )

    known = presets()
    if preset not in known:
        refuse([Problem("--preset", f"{preset!r} is no preset; {nearest(preset, known)}")])
    book, year = known[preset], usual_year(leave=leave)
    hours = each if each is not None else book.service.steady if book.service else None
    left = [implied_hours(stated, year.available) for stated in book.accounts]
    told: dict[str, Any] = {
        "preset": preset,
        "name": book.name,
        "source": book.source,
        "stated_accounts": [r.told for r in book.accounts],
        "hours_available": year.available,
        "hours_an_account": hours,
        "hours_that_stated_accounts_leave": [list(pair) for pair in left],
        "work": [] if book.service is None or each is not None else [list(line) for line in book.service.lines()],
        "accounts_a_person": accounts_per_person(hours, year.available) if hours else None,
        "people_needed": people_needed(count * hours, year.available) if hours and count else None,
        "contradictions": [
            {
                "id": c.id,
                "title": c.title,
                "sentence": c.sentence,
                "numbers": dict(c.numbers),
                "sources": list(c.sources),
            }
            for c in contradictions()
        ],
    }
    served: Service = book.service if book.service and each is None else Service.of({"ad_hoc": hours or left[0][0]})
    return Model(tiers=(Tier(name=book.name, service=served, segment=book.segment),), year=year), told


def _own(path: Path) -> tuple[Model, dict[str, Any]]:
    from compplan.capacity import Model

    model = Model.load(path)
    found = model.capacity
    return model, {
        "hours_available": found.available,
        "tiers": [_tier(tier, model) for tier in model.tiers],
        "accounts": found.accounts,
        "arr": found.arr,
        "hours": found.hours,
        "people_needed": found.people,
        "people": model.people,
        "utilisation": model.utilisation,
        "renewal": model.renewal_probability,
    }


def _tier(tier: Tier, model: Model) -> dict[str, Any]:
    from compplan.capacity import accounts_per_person, cost_to_serve

    served = cost_to_serve(tier.each, model.loaded_cost, model.year.available, tier.acv)
    return {
        "name": tier.name,
        "accounts": tier.accounts,
        "hours_an_account": tier.each,
        "work": [list(line) for line in tier.service.lines(tier.share_new)],
        "accounts_a_person": accounts_per_person(tier.each, model.year.available),
        "cost_to_serve": served.cost,
        "cost_share": served.share,
    }


def _books(
    reading: AccountsReading, model: Model, ceiling: Ceiling, day: dt.date, *, moves: bool, answers: Path | None
) -> dict[str, Any]:
    from compplan.capacity import books, owned, quarters, rebalance, review_answers, spread

    hours = model.hours_by_segment()
    found = books(reading.accounts, today=day, ceiling=ceiling, hours=hours, available=model.year.available)
    held = owned(found) if len(found) else found
    told: dict[str, Any] = {
        "rows": reading.counts.rows - reading.counts.heading,
        "read": len(reading.accounts),
        "notes": [{"kind": note.kind, "said": str(note)} for note in reading.notes],
        "quarters": [first.isoformat() for first in quarters(day)],
        "books": _rows(found),
        "spread": {name: _spread(spread(found, name)) for name in ("arr", "accounts", *_DUE)} if len(held) else {},
    }
    if answers is not None:
        _write(answers, review_answers(found))
        told["answers"] = str(answers)
    if moves:
        suggested = rebalance(reading.accounts, ceiling, hours=hours)
        told["rebalance"] = {
            "possible": suggested.possible,
            "least": suggested.least,
            "sentence": suggested.sentence,
            "moves": [
                {"line": m.line, "account": m.account, "from": m.source, "to": m.target, "arr": m.arr}
                for m in suggested.moves
            ],
        }
    return told


_DUE = tuple(f"due_arr_{q}" for q in range(1, 5))


def _spread(seen: Any) -> dict[str, float]:
    return {"low": seen.low, "mean": seen.mean, "high": seen.high, "sd": seen.sd, "ratio": seen.ratio}


def _rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for owner, row in found.iterrows():
        rows.append({"owner": str(owner)} | {str(name): float(value) for name, value in row.items()})
    return rows


# What is told


def _text(told: dict[str, Any]) -> str:
    parts = _model_lines(told) if "tiers" in told else _guide_lines(told)
    if "books" in told:
        parts = [*_book_lines(told), "", *parts]
    if "contradictions" in told and "books" not in told:
        parts += ["", "What does not fit, computed and not mended:"]
        parts += [f"  {c['title']}: {c['sentence']}" for c in told["contradictions"]]
    return "\n".join(parts)


def _guide_lines(told: dict[str, Any]) -> list[str]:
    from compplan import formats

    hours = told["hours_an_account"]
    ends = [[formats.plain_number(end, 1) for end in pair] for pair in told["hours_that_stated_accounts_leave"]]
    leaves = " or ".join(" to ".join(dict.fromkeys(pair)) for pair in ends)
    rows: list[tuple[str, ...]] = [
        ("Stated", f"{' or '.join(told['stated_accounts'])} accounts a person, which leaves {leaves} hours each"),
        ("Hours of a person", f"{told['hours_available']:,.0f} a year for accounts"),
        ("Hours of an account", "not stated" if hours is None else f"{formats.plain_number(hours, 1)} a year"),
        *((f"  {name}", formats.plain_number(each, 1)) for name, each in told["work"]),
    ]
    if told["accounts_a_person"] is not None:
        rows.append(("Accounts a person", f"{told['accounts_a_person']:,}"))
    if told["people_needed"] is not None:
        rows.append(("People needed", f"{told['people_needed']:,}"))
    return [told["name"], columns(rows)]


def _model_lines(told: dict[str, Any]) -> list[str]:
    from compplan import formats

    rows: list[tuple[str, ...]] = [("TIER", "ACCOUNTS", "HOURS EACH", "FIT A PERSON", "COST TO SERVE", "OF ITS VALUE")]
    rows += [
        (
            t["name"], f"{t['accounts']:,}", formats.plain_number(t["hours_an_account"], 1),
            "no limit" if t["accounts_a_person"] is None else f"{t['accounts_a_person']:,}",
            f"{t['cost_to_serve']:,.0f}", "-" if t["cost_share"] is None else formats.percent(t["cost_share"], 1),
        )
        for t in told["tiers"]
    ]  # fmt: skip
    totals = [
        ("Hours of a person", f"{told['hours_available']:,.0f} a year for accounts"),
        ("People needed", f"{told['people_needed']:,} for {told['hours']:,.0f} hours"),
        ("Used", f"{formats.percent(told['utilisation'], 0)} of the hours of {told['people']:,}"),
    ]
    return [columns(rows), "", columns(totals)]


def _book_lines(told: dict[str, Any]) -> list[str]:
    from compplan import formats
    from compplan.capacity.accounts import NOTES

    parts = [f"{told['read']} accounts of {told['rows']} rows."]
    for kind, title in NOTES.items():
        said = [note["said"] for note in told["notes"] if note["kind"] == kind]
        parts += [f"{title} ({len(said)}):", *(f"  {sentence}" for sentence in said)] if said else []
    starts = [dt.date.fromisoformat(first) for first in told["quarters"]]
    head = (
        "OWNER", "ACCOUNTS", "ARR", "LARGEST", "EFFECTIVE", "HOURS",
        *(f"DUE FROM {day.day} {day:%b}".upper() for day in starts), "ABOVE",
    )  # fmt: skip
    parts += ["", columns([head, *(_book_row(row) for row in told["books"])])]
    parts += [f"  {sentence}" for row in told["books"] if (sentence := _dates(row))]
    if told["spread"]:
        table: list[tuple[str, ...]] = [("SPREAD", "LEAST", "MEAN", "MOST")]
        names = {"arr": "ARR", "accounts": "Accounts"} | {
            name: f"ARR due from {day.day} {day:%b}" for name, day in zip(_DUE, starts, strict=True)
        }
        for name, title in names.items():
            seen = told["spread"][name]
            if not math.isnan(seen["mean"]):
                table.append((title, *(formats.plain_number(seen[k], 1) for k in ("low", "mean", "high"))))
        parts += ["", columns(table)]
    if "answers" in told:
        parts += ["", f"What a review asks of these books is in {told['answers']}; no name is in it."]
    if "rebalance" in told:
        parts += ["", told["rebalance"]["sentence"]]
        parts += [
            f"  {m['account']} (line {m['line']}): {m['from'] or 'nobody'} to {m['to']}"
            for m in told["rebalance"]["moves"]
        ]
    return parts


def _dates(row: dict[str, Any]) -> str:
    """What is not in the quarters of a book, in words; empty where everything is."""
    words = {"overdue": "renewal date past", "later": "due later", "undated": "without a renewal date"}
    told = [f"{row[name]:.0f} {word}" for name, word in words.items() if row[name]]
    return f"{row['owner'] or 'nobody'}: {', '.join(told)}." if told else ""


def _book_row(row: dict[str, Any]) -> tuple[str, ...]:
    from compplan import formats
    from compplan.capacity.books import CEILINGS

    over = [word for kind, word in CEILINGS.items() if row[f"over_{kind}"] > 0]
    return (
        row["owner"] or "nobody",
        f"{row['accounts']:.0f}",
        f"{row['arr']:,.0f}",
        formats.percent(row["largest_share"], 1),
        "-" if math.isnan(row["effective"]) else formats.plain_number(row["effective"], 1),
        "-" if math.isnan(row["utilisation"]) or not row["owner"] else formats.percent(row["utilisation"], 0),
        *(
            "-" if math.isnan(row[f"due_{q}"]) else f"{row[f'due_{q}']:.0f} ({row[f'due_arr_{q}']:,.0f})"
            for q in range(1, 5)
        ),
        ", ".join(over) or "-",
    )
