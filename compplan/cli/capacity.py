"""The command on capacity: hours an account takes, people needed, books of accounts and who should look after what."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.terminal import JsonOption, app, columns, number, print_json, refuse, say, sentences, stop
from compplan.errors import Problem, nearest

if TYPE_CHECKING:
    import pandas as pd

    from compplan.capacity import AccountsReading, Ceiling


@app.command()
def capacity(
    preset: Annotated[str, typer.Option("--preset", help="A guide's book to start from.")] = "knowup-enterprise",
    accounts: Annotated[str | None, typer.Option("--count", metavar="N", help="How many accounts there are.")] = None,
    hours: Annotated[
        str | None, typer.Option("--hours", metavar="H", help="Hours of one account a year, in place of the guide's.")
    ] = None,
    leave: Annotated[bool, typer.Option("--leave", help="Take leave and holidays off the year.")] = False,
    file: Annotated[
        Path | None, typer.Option("--accounts", metavar="FILE", help="A file of accounts, CSV or .xlsx.")
    ] = None,
    most_accounts: Annotated[str | None, typer.Option("--most-accounts", metavar="N", help="Ceiling a person.")] = None,
    most_arr: Annotated[str | None, typer.Option("--most-arr", metavar="AMOUNT", help="Ceiling a person.")] = None,
    moves: Annotated[bool, typer.Option("--rebalance", help="Suggest the fewest accounts to move.")] = False,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", metavar="FILE", help="Write what a review asks of books, for `check --context`."),
    ] = None,
    today: Annotated[str | None, typer.Option("--today", metavar="DATE", help="First day of the next quarter.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say how many accounts a person can look after, and who has too many."""
    problems: list[Problem] = []
    count, each = _plain("--count", accounts, problems), _plain("--hours", hours, problems)
    ceilings = {
        "accounts": _plain("--most-accounts", most_accounts, problems),
        "arr": _plain("--most-arr", most_arr, problems),
    }
    day = _day(today, problems)
    if answers is not None and file is None:
        problems.append(Problem("--answers", "needs a file of accounts; give one with --accounts."))
    if problems:
        refuse(problems)
    with sentences():
        told = _model(preset, count, each, leave)
        if file is not None:
            told |= _books(_read(file), ceilings, day, moves, answers)
    if as_json:
        print_json(told)
    else:
        say(_text(told))


def _plain(name: str, text: str | None, problems: list[Problem]) -> float | None:
    if text is None:
        return None
    value = number(text.replace(",", "").strip())
    if value is None or value <= 0:
        problems.append(Problem(name, f"must be a plain number above 0, such as 14; got {text!r}."))
    return value


def _day(text: str | None, problems: list[Problem]) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("--today", f"must be a date such as 2026-01-31, got {text!r}."))
        return dt.date.min


def _model(preset: str, count: float | None, each: float | None, leave: bool) -> dict[str, Any]:
    from compplan.capacity import accounts_per_person, contradictions, people_needed, presets, usual_year

    known = presets()
    if preset not in known:
        refuse([Problem("--preset", f"{preset!r} is no preset; {nearest(preset, known)}")])
    book, year = known[preset], usual_year(leave=leave)
    hours = each if each is not None else book.service.steady if book.service else None
    told: dict[str, Any] = {
        "preset": preset,
        "name": book.name,
        "source": book.source,
        "stated_accounts": [r.told for r in book.accounts],
        "hours_available": year.available,
        "hours_an_account": hours,
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
    return told


def _read(file: Path) -> AccountsReading:
    from compplan.capacity import read_accounts
    from compplan.roster import limits

    try:
        with file.open("rb") as opened:
            data = opened.read(limits.MOST_BYTES + 1)
    except OSError as error:
        stop(f"{file}: cannot be read: {error.strerror}.")
    return read_accounts(data, file.name)


def _books(
    reading: AccountsReading, ceilings: dict[str, float | None], day: dt.date, moves: bool, answers: Path | None
) -> dict[str, Any]:
    from compplan.capacity import Ceiling, books, rebalance, review_answers, spread

    ceiling: Ceiling = Ceiling.of({kind: value for kind, value in ceilings.items() if value is not None})
    found = books(reading.accounts, today=day, ceiling=ceiling)
    seen = spread(found) if len(found) else None
    told: dict[str, Any] = {
        "rows": reading.counts.rows - reading.counts.heading,
        "read": len(reading.accounts),
        "notes": [str(note) for note in reading.notes],
        "books": _rows(found),
        "arr_spread": None if seen is None else {"low": seen.low, "high": seen.high, "mean": seen.mean, "sd": seen.sd},
    }
    if answers is not None:
        _write(answers, review_answers(found))
        told["answers"] = str(answers)
    if moves:
        suggested = rebalance(reading.accounts, ceiling)
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


def _write(path: Path, answers: dict[str, Any]) -> None:
    from compplan.plan import files

    try:
        path.write_text(files.write_yaml(answers), encoding="utf-8")
    except OSError as error:
        stop(f"{path}: cannot be written: {error.strerror}.")


def _rows(found: pd.DataFrame) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for owner, row in found.iterrows():
        rows.append({"owner": str(owner)} | {str(name): float(value) for name, value in row.items()})
    return rows


def _text(told: dict[str, Any]) -> str:
    from compplan import formats

    hours = told["hours_an_account"]
    rows: list[tuple[str, ...]] = [
        ("Stated", " or ".join(told["stated_accounts"]) + " accounts a person"),
        ("Hours of a person", f"{told['hours_available']:,.0f} a year for accounts"),
        ("Hours of an account", "not stated" if hours is None else f"{formats.plain_number(hours, 1)} a year"),
        *((f"  {name}", formats.plain_number(each, 1)) for name, each in told["work"]),
    ]
    if told["accounts_a_person"] is not None:
        rows.append(("Accounts a person", f"{told['accounts_a_person']:,}"))
    if told["people_needed"] is not None:
        rows.append(("People needed", f"{told['people_needed']:,}"))
    parts = [told["name"], columns(rows), "", "What does not fit, computed and not mended:"]
    parts += [f"  {c['title']}: {c['sentence']}" for c in told["contradictions"]]
    if "books" in told:
        parts += ["", f"{told['read']} accounts of {told['rows']} rows.", *(f"  {note}" for note in told["notes"])]
        head = ("OWNER", "ACCOUNTS", "ARR", "LARGEST", "EFFECTIVE", "Q1", "Q2", "Q3", "Q4", "ABOVE")
        parts.append(columns([head, *(_book_row(row) for row in told["books"])]))
    if "answers" in told:
        parts += ["", f"What a review asks of these books is in {told['answers']}; no name is in it."]
    if "rebalance" in told:
        parts += ["", told["rebalance"]["sentence"]]
        parts += [f"  {m['account']} (line {m['line']}): {m['from']} to {m['to']}" for m in told["rebalance"]["moves"]]
    return "\n".join(parts)


def _book_row(row: dict[str, Any]) -> tuple[str, ...]:
    from compplan import formats

    over = [kind for kind in ("accounts", "arr") if row[f"over_{kind}"] > 0]
    return (
        row["owner"],
        f"{row['accounts']:.0f}",
        f"{row['arr']:,.0f}",
        formats.percent(row["largest_share"], 1),
        formats.plain_number(row["effective"], 1),
        *("-" if math.isnan(row[f"due_{q}"]) else f"{row[f'due_{q}']:.0f}" for q in range(1, 5)),
        ", ".join(over) or "-",
    )
