"""Where the guides contradict themselves and each other: computed from what they state, shown, and not mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from compplan import facts
from compplan.benchmarks import bands
from compplan.capacity.money import unit_economics
from compplan.capacity.presets import (
    enterprise_service,
    facts_by_id,
    implied_hours,
    levels,
    presets,
    spending,
    stated,
    usual_year,
    value,
)
from compplan.capacity.services import accounts_per_person
from compplan.formats import money, percent, plain_number


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements that cannot all be true.

    Attributes
    ----------
    id, title : str
    sentence : str
        What does not fit, with the figures.
    numbers : Mapping of str to float
    sources : tuple of str
        Keys of the bibliography.
    """

    id: str
    title: str
    sentence: str
    numbers: Mapping[str, float] = field(hash=False)
    sources: tuple[str, ...] = ("knowup",)


def contradictions() -> tuple[Contradiction, ...]:
    """Everything that does not fit, in the order of the model.

    Examples
    --------
    >>> found = {c.id: c for c in contradictions()}
    >>> found["arr"].numbers["ratio_low"], found["arr"].numbers["ratio_high"]
    (11.428571428571429, 10.714285714285714)
    """
    return (
        _hours(), _mid_market_hours(), _biweekly(), _leave(), _onboarding(), _arr(), _mid_market(), _economics(),
        *_accounts(), *_itself(),
    )  # fmt: skip


def _hours() -> Contradiction:
    service = enterprise_service()
    steady, first = service.steady - service.ad_hoc, service.first_year - service.ad_hoc
    low, high = float(facts_by_id()["knowup-ent-total"]["low"]), float(facts_by_id()["knowup-ent-total"]["high"])
    return Contradiction(
        "hours",
        "The hours do not add up",
        f"What is listed makes {steady:g} hours a year, {first:g} in the first; stated are {low:g} to {high:g}. "
        f"Between {low - first:g} and {high - steady:g} hours are left to ad hoc work that nobody counted, "
        f"{percent((low - steady) / low, 0)} to {percent((high - steady) / high, 0)} of an account's hours, "
        f"{percent((low - first) / low, 0)} to {percent((high - first) / high, 0)} in the first year.",
        {"steady": steady, "first_year": first, "low": low, "high": high, "least": low - first, "most": high - steady},
    )


def _mid_market_hours() -> Contradiction:
    preset = presets()["knowup-mid_market"]
    listed = preset.service.steady if preset.service else 0.0
    least, most = implied_hours(preset.accounts[0], usual_year().available)
    few, many = preset.accounts[0].ends
    return Contradiction(
        "mid_market_hours",
        "Only the largest mid-market book takes the hours that are listed",
        f"What is listed makes {listed:g} hours a year. {many:g} accounts leave {_span(least, least)} hours each, and "
        f"{few:g} leave {_span(most, most)}: {_span(most - listed, most - listed)} more that nobody counted.",
        {"listed": listed, "least": least, "most": most, "unexplained": most - listed},
    )


def _biweekly() -> Contradiction:
    times, weeks = float(facts_by_id()["knowup-ent-checkin"]["times"]), value("leave-weekdays") / 5
    return Contradiction(
        "biweekly",
        "Every two weeks is not twice a month",
        f"A check-in every two weeks is {weeks / 2:g} a year and not {times:g}; and of business reviews only the "
        "preparation is counted, not the meeting.",
        {"stated": times, "every_two_weeks": weeks / 2},
    )


def _leave() -> Contradiction:
    total = value("knowup-ent-total")
    without, with_leave = usual_year(), usual_year(leave=True)
    before, after = (accounts_per_person(total, year.available) or 0 for year in (without, with_leave))
    return Contradiction(
        "leave",
        "Nobody takes leave",
        f"{without.gross:,.0f} hours are {without.weekdays:g} days of {without.hours_a_day:g}: no leave, no holidays. "
        f"With {with_leave.pto:g} and {with_leave.holidays:g} days {with_leave.gross:,.1f} are left, "
        f"{with_leave.available:,.0f} for accounts, and {after} accounts a person in place of {before}.",
        {"gross": without.gross, "with_leave": with_leave.gross, "available": with_leave.available, "accounts": after},
        ("knowup", "compplan"),
    )


def _onboarding() -> Contradiction:
    service = enterprise_service()
    total = value("knowup-ent-total")
    return Contradiction(
        "onboarding",
        "Every account is new every year",
        f"Onboarding of {service.onboarding:g} hours is for the first year only, and {total:g} hours are taken for "
        "every account in every year.",
        {"onboarding": service.onboarding, "hours": total},
    )


def _arr() -> Contradiction:
    accounts = value("knowup-ent-accounts")
    (acv_low, acv_high), (arr_low, arr_high) = stated("knowup-ent-acv").ends, stated("knowup-ent-arr").ends
    low, high = accounts * acv_low, accounts * acv_high
    return Contradiction(
        "arr",
        "The book is ten times what its accounts are worth",
        f"{accounts:g} accounts of {_usd(acv_low)} to {_usd(acv_high)} make {_usd(low)} to {_usd(high)}; stated are "
        f"{_usd(arr_low)} to {_usd(arr_high)}, {plain_number(arr_low / low, 2)} and "
        f"{plain_number(arr_high / high, 2)} times "
        f"as much, or accounts of {_usd(arr_low / accounts)} to {_usd(arr_high / accounts)}.",
        {
            "low": low,
            "high": high,
            "ratio_low": arr_low / low,
            "ratio_high": arr_high / high,
            "acv_low": arr_low / accounts,
            "acv_high": arr_high / accounts,
        },
    )


def _mid_market() -> Contradiction:
    accounts, arr = stated("knowup-mm-accounts"), stated("knowup-mm-arr")
    acv = stated("knowup-ent-acv")
    (arr_low, arr_high), (few, many) = arr.ends, accounts.ends
    low, high = arr_low / many, arr_high / few
    return Contradiction(
        "mid_market",
        "Mid-market accounts reach into what enterprise ones are worth",
        f"{_usd(arr_low)} to {_usd(arr_high)} over {accounts.told} accounts are {_usd(low)} to {_usd(high)} each; an "
        f"enterprise account is said to be worth {_usd(acv.ends[0])} to {_usd(acv.ends[1])}.",
        {"acv_low": low, "acv_high": high},
    )


def _economics() -> Contradiction:
    (band,) = bands("senior_csm", "ote", source="knowup")
    accounts = value("knowup-ent-accounts")
    (acv_low, acv_high), (arr_low, arr_high) = stated("knowup-ent-acv").ends, stated("knowup-ent-arr").ends
    most, least = band.high / (accounts * acv_low), band.low / (accounts * acv_high)
    stated_most, stated_least = band.high / arr_low, band.low / arr_high
    loaded = loaded_cost()
    needed = unit_economics(band.midpoint, loaded, arr_low, spending()).break_even
    return Contradiction(
        "economics",
        "The two sizes of the book are two businesses",
        f"OTE of {_usd(band.low)} to {_usd(band.high)} is {percent(least, 1)} to {percent(most, 1)} of what the "
        f"accounts are worth, and {percent(stated_least, 1)} to {percent(stated_most, 1)} of the ARR that is stated. "
        f"At a cost of {_usd(loaded)} a person needs {_usd(needed[0][1])} to stay at {percent(needed[0][0])} of ARR, "
        f"{_usd(needed[1][1])} at {percent(needed[1][0])}.",
        {"least": least, "most": most, "stated_least": stated_least, "stated_most": stated_most},
        ("knowup", "tsia-2022"),
    )


def _accounts() -> list[Contradiction]:
    found: list[Contradiction] = []
    available = usual_year().available
    for preset in presets().values():
        others = levels("resumegeni-2026").get(preset.segment, ())
        if preset.source != "knowup" or not others:
            continue
        own = preset.accounts[0]
        low, high = implied_hours(own, available)
        told = " or ".join(r.told for r in others)
        example = levels("tsia-2022").get(preset.segment, ())
        further = f" TSIA's example has {example[0].told}." if example else ""
        widest = [implied_hours(r, available) for r in others]
        least, most = min(a for a, _ in widest), max(b for _, b in widest)
        found.append(
            Contradiction(
                f"accounts-{preset.segment}",
                f"One guide's {preset.segment.replace('_', '-')} book is several of the other's",
                f"KnowUp has {own.told} accounts a person, {_span(low, high)} hours each; ResumeGeni {told}, which "
                f"leaves {_span(least, most)} hours each.{further}",
                {"hours_low": low, "hours_high": high, "other_low": least, "other_high": most},
                ("knowup", "resumegeni-2026", *(("tsia-2022",) if example else ())),
            )
        )
    return found


def _itself() -> list[Contradiction]:
    return [
        Contradiction(
            f"itself-{segment}",
            f"ResumeGeni's two {segment.replace('_', '-')} books",
            f"By level it has {ranges[0].told} {segment.replace('_', '-')} accounts a person, by size of the portfolio "
            f"{ranges[1].told}.",
            {
                f"{name}_{i}": float(end or 0)
                for i, r in enumerate(ranges)
                for name, end in (("low", r.low), ("high", r.high))
            },
            ("resumegeni-2026",),
        )
        for segment, ranges in levels("resumegeni-2026").items()
        # Its two small-business books are of two roles, an associate's and a pooled one.
        if len(ranges) > 1 and segment != "smb"
    ]


def loaded_cost() -> float:
    """What a CSM costs a company a year, all in: the mean of TSIA's members in 2022 [USD].

    Examples
    --------
    >>> loaded_cost()
    141800.0
    """
    rows = (row for row in facts.table("pay") if row["basis"] == "fully_loaded_cost" and row["source"] == "tsia-2022")
    return float(next(rows)["value"])


def _usd(amount: float) -> str:
    return money(amount, "USD", 0)


def _span(low: float, high: float) -> str:
    """A range of hours in words."""
    return plain_number(low, 1) if abs(high - low) < 1e-9 else f"{plain_number(low, 1)} to {plain_number(high, 1)}"
