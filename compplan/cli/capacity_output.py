"""Capacity and books as `compplan capacity` prints them: plain data for programs, tables for people."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import text_table

if TYPE_CHECKING:
    import pandas as pd

    from compplan.capacity import AccountsReading, CapacityModel, Preset, Tier, WorkYear

_DUE_ARR = tuple(f"due_arr_{quarter}" for quarter in range(1, 5))
_NO_OWNER = "no owner"
_MOST_NOTES = 50  # of a kind


# Plain data


def guide_dict(
    guide: Preset, year: WorkYear, *, key: str, count: float | None, account_hours: float | None
) -> dict[str, Any]:
    """What a published guide says, and what follows from it.

    Parameters
    ----------
    guide : Preset
    year : WorkYear
    key : str
        Of the guide.
    count : float or None
        Number of accounts to cover.
    account_hours : float or None [hours a year]
        Instead of the guide's.
    """
    from compplan.capacity import accounts_per_person, contradictions, implied_hours, people_needed

    hours = account_hours if account_hours is not None else guide.service.steady if guide.service else None
    implied = [implied_hours(stated, year.available) for stated in guide.accounts]
    return {
        "preset": key,
        "name": guide.name,
        "source": guide.source,
        "stated_accounts": [stated.text for stated in guide.accounts],
        "hours_available": year.available,
        "hours_an_account": hours,
        "hours_that_stated_accounts_leave": [list(pair) for pair in implied],
        "work": []
        if guide.service is None or account_hours is not None
        else [list(line) for line in guide.service.lines()],
        "accounts_a_person": accounts_per_person(hours, year.available) if hours else None,
        "people_needed": people_needed(count * hours, year.available) if hours and count else None,
        "contradictions": [
            {
                "id": conflict.id,
                "title": conflict.title,
                "sentence": conflict.sentence,
                "numbers": dict(conflict.numbers),
                "sources": list(conflict.sources),
            }
            for conflict in contradictions()
        ],
    }


def model_dict(model: CapacityModel) -> dict[str, Any]:
    """What a model of one's own says, and what follows from it."""
    needed = model.capacity
    return {
        "hours_available": needed.available,
        "tiers": [_tier_dict(tier, model) for tier in model.tiers],
        "accounts": needed.accounts,
        "arr": needed.arr,
        "hours": needed.hours,
        "people_needed": needed.people,
        "people": model.people,
        "utilisation": model.utilisation,
        "renewal": model.renewal_probability,
    }


def _tier_dict(tier: Tier, model: CapacityModel) -> dict[str, Any]:
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


def books_dict(reading: AccountsReading, table: pd.DataFrame, day: dt.date) -> dict[str, Any]:
    """Everybody's book of business.

    Parameters
    ----------
    reading : AccountsReading
    table : DataFrame
        One row per owner, from `compplan.capacity.books`.
    day : date
        First day of the quarters.
    """
    from compplan.capacity import owned_books, quarters, spread

    with_owner = owned_books(table) if len(table) else table
    columns = ("arr", "accounts", *_DUE_ARR)
    return {
        "rows": reading.counts.rows - reading.counts.heading,
        "read": len(reading.accounts),
        "account": reading.account().as_data(),
        "columns": reading.mapping,
        "columns_not_read": list(reading.unused),
        "how_it_was_read": list(reading.sentences()),
        "notes": [{"kind": note.kind, "said": str(note)} for note in reading.notes],
        "quarters": [first.isoformat() for first in quarters(day)],
        "books": [
            {"owner": str(owner)} | {str(name): float(value) for name, value in row.items()}
            for owner, row in table.iterrows()
        ],
        "spread": {name: _spread_dict(spread(table, name)) for name in columns} if len(with_owner) else {},
    }


def _spread_dict(spread: Any) -> dict[str, float]:
    return {"low": spread.low, "mean": spread.mean, "high": spread.high, "sd": spread.sd, "ratio": spread.ratio}


# Text


def capacity_text(data: dict[str, Any]) -> str:
    """Plain data of the functions above as text for people."""
    lines = _model_lines(data) if "tiers" in data else _guide_lines(data)
    if "books" in data:
        lines = [*_book_lines(data), "", *lines]
    if "contradictions" in data and "books" not in data:
        lines += ["", "Conflicts in the guides:"]
        lines += [f"  {conflict['title']}: {conflict['sentence']}" for conflict in data["contradictions"]]
    return "\n".join(lines)


def _guide_lines(data: dict[str, Any]) -> list[str]:
    from compplan import formats

    hours = data["hours_an_account"]
    ends = [[formats.plain_number(end, 1) for end in pair] for pair in data["hours_that_stated_accounts_leave"]]
    implied = " or ".join(" to ".join(dict.fromkeys(pair)) for pair in ends)
    rows: list[tuple[str, ...]] = [
        ("Stated by the guide", f"{' or '.join(data['stated_accounts'])} accounts per person, or {implied} hours each"),
        ("Hours per person", f"{data['hours_available']:,.0f} a year for accounts"),
        ("Hours per account", "not stated" if hours is None else f"{formats.plain_number(hours, 1)} a year"),
        *((f"  {name}", formats.plain_number(each, 1)) for name, each in data["work"]),
    ]
    if data["accounts_a_person"] is not None:
        rows.append(("Accounts per person", f"{data['accounts_a_person']:,}"))
    if data["people_needed"] is not None:
        rows.append(("People needed", f"{data['people_needed']:,}"))
    return [data["name"], text_table(rows, header=False)]


def _model_lines(data: dict[str, Any]) -> list[str]:
    from compplan import formats

    rows: list[tuple[str, ...]] = [
        ("TIER", "ACCOUNTS", "HOURS PER ACCOUNT", "ACCOUNTS PER PERSON", "COST TO SERVE", "% OF ACV")
    ]
    rows += [
        (
            tier["name"], f"{tier['accounts']:,}", formats.plain_number(tier["hours_an_account"], 1),
            "no limit" if tier["accounts_a_person"] is None else f"{tier['accounts_a_person']:,}",
            f"{tier['cost_to_serve']:,.0f}",
            "-" if tier["cost_share"] is None else formats.percent(tier["cost_share"], 1),
        )
        for tier in data["tiers"]
    ]  # fmt: skip
    totals = [
        ("Hours per person", f"{data['hours_available']:,.0f} a year for accounts"),
        ("People needed", f"{data['people_needed']:,} for {data['hours']:,.0f} hours"),
        ("Utilization", f"{formats.percent(data['utilisation'], 0)} of the hours of {data['people']:,} people"),
    ]
    return [text_table(rows), "", text_table(totals, header=False)]


def _book_lines(data: dict[str, Any]) -> list[str]:
    from compplan.capacity.accounts import NOTES

    lines = [f"{data['read']} accounts in {data['rows']} rows.", *data["how_it_was_read"]]
    for kind, title in NOTES.items():
        notes = [note["said"] for note in data["notes"] if note["kind"] == kind]
        lines += [f"{title} ({len(notes)}):", *(f"  {note}" for note in notes[:_MOST_NOTES])] if notes else []
        if len(notes) > _MOST_NOTES:
            lines.append(f"  … and {len(notes) - _MOST_NOTES:,} more. --json has all of them.")
    starts = [dt.date.fromisoformat(first) for first in data["quarters"]]
    head = (
        "OWNER", "ACCOUNTS", "ARR", "LARGEST", "EFFECTIVE", "HOURS",
        *(f"DUE FROM {day.day} {day:%b}".upper() for day in starts), "ABOVE MAXIMUM",
    )  # fmt: skip
    lines += ["", text_table([head, *(_book_row(row) for row in data["books"])])]
    lines += [f"  {text}" for row in data["books"] if (text := _undated_text(row))]
    if data["spread"]:
        lines += ["", _spread_table(data["spread"], starts)]
    if "answers" in data:
        lines += ["", f"Wrote {data['answers']}: answers for a review, without names."]
    if "rebalance" in data:
        lines += ["", data["rebalance"]["sentence"]]
        lines += [
            f"  {move['account']} (line {move['line']}): {move['from'] or _NO_OWNER} to {move['to']}"
            for move in data["rebalance"]["moves"]
        ]
    return lines


def _spread_table(spreads: dict[str, dict[str, float]], starts: list[dt.date]) -> str:
    from compplan import formats

    titles = {"arr": "ARR", "accounts": "Accounts"} | {
        name: f"ARR due from {day.day} {day:%b}" for name, day in zip(_DUE_ARR, starts, strict=True)
    }
    rows: list[tuple[str, ...]] = [("PER PERSON", "LOWEST", "MEAN", "HIGHEST")]
    for name, title in titles.items():
        spread = spreads[name]
        if not math.isnan(spread["mean"]):
            rows.append((title, *(formats.plain_number(spread[key], 1) for key in ("low", "mean", "high"))))
    return text_table(rows)


def _undated_text(row: dict[str, Any]) -> str:
    """Accounts of a book that are due in none of the quarters, in words; empty where there are none."""
    words = {"overdue": "renewal date past", "later": "due later", "undated": "without a renewal date"}
    counts = [f"{row[name]:.0f} {word}" for name, word in words.items() if row[name]]
    return f"{row['owner'] or _NO_OWNER}: {', '.join(counts)}." if counts else ""


def _book_row(row: dict[str, Any]) -> tuple[str, ...]:
    from compplan import formats
    from compplan.capacity.books import CEILINGS

    above = [word for kind, word in CEILINGS.items() if row[f"over_{kind}"] > 0]
    return (
        row["owner"] or _NO_OWNER,
        f"{row['accounts']:.0f}",
        f"{row['arr']:,.0f}",
        formats.percent(row["largest_share"], 1),
        "-" if math.isnan(row["effective"]) else formats.plain_number(row["effective"], 1),
        "-" if math.isnan(row["utilisation"]) or not row["owner"] else formats.percent(row["utilisation"], 0),
        *(
            "-"
            if math.isnan(row[f"due_{quarter}"])
            else f"{row[f'due_{quarter}']:.0f} ({row[f'due_arr_{quarter}']:,.0f})"
            for quarter in range(1, 5)
        ),
        ", ".join(above) or "-",
    )
