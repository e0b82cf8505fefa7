"""Conflicts in the published guides, computed from their own figures; they are shown, not corrected."""

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
        The conflict in words, with its figures.
    numbers : Mapping of str to float
        The figures by name.
    sources : tuple of str
        Keys of the bibliography.
    """

    id: str
    title: str
    sentence: str
    numbers: Mapping[str, float] = field(hash=False)
    sources: tuple[str, ...] = ("knowup",)


def contradictions() -> tuple[Contradiction, ...]:
    """Return every conflict in the guides.

    Examples
    --------
    >>> conflicts = {conflict.id: conflict for conflict in contradictions()}
    >>> conflicts["arr"].numbers["ratio_low"], conflicts["arr"].numbers["ratio_high"]
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
        "The listed hours don't add up to the total",
        f"KnowUp lists {steady:g} hours a year per enterprise account, {first:g} in the first year, but states a total "
        f"of {low:g} to {high:g}. That leaves {low - first:g} to {high - steady:g} hours for ad hoc work that "
        f"it doesn't list: {percent((low - steady) / low, 0)} to {percent((high - steady) / high, 0)} of an account's "
        f"hours, or {percent((low - first) / low, 0)} to {percent((high - first) / high, 0)} in the first year.",
        {"steady": steady, "first_year": first, "low": low, "high": high, "least": low - first, "most": high - steady},
    )


def _mid_market_hours() -> Contradiction:
    preset = presets()["knowup-mid_market"]
    listed = preset.service.steady if preset.service else 0.0
    least, most = implied_hours(preset.accounts[0], usual_year().available)
    few, many = preset.accounts[0].ends
    return Contradiction(
        "mid_market_hours",
        "The listed mid-market hours fit only the largest book",
        f"KnowUp lists {listed:g} hours a year per mid-market account. A person with {many:g} accounts has "
        f"{_span(least, least)} hours for each, but a person with {few:g} has {_span(most, most)}, which is "
        f"{_span(most - listed, most - listed)} hours more than the guide lists.",
        {"listed": listed, "least": least, "most": most, "unexplained": most - listed},
    )


def _biweekly() -> Contradiction:
    times, weeks = float(facts_by_id()["knowup-ent-checkin"]["times"]), value("leave-weekdays") / 5
    return Contradiction(
        "biweekly",
        "A check-in every two weeks is counted as two a month",
        f"KnowUp counts {times:g} check-ins a year, but one every two weeks makes {weeks / 2:g}. For business reviews "
        "it counts only the preparation, not the meeting.",
        {"stated": times, "every_two_weeks": weeks / 2},
    )


def _leave() -> Contradiction:
    total = value("knowup-ent-total")
    without, with_leave = usual_year(), usual_year(leave=True)
    before, after = (accounts_per_person(total, year.available) or 0 for year in (without, with_leave))
    return Contradiction(
        "leave",
        "The working year has no leave",
        f"KnowUp's {without.gross:,.0f} hours a year are {without.weekdays:g} days of {without.hours_a_day:g} hours, "
        f"without leave or holidays. With {with_leave.pto:g} days of leave and {with_leave.holidays:g} holidays, "
        f"{with_leave.gross:,.1f} hours remain, {with_leave.available:,.0f} of them for accounts. That is enough for "
        f"{after} accounts per person instead of {before}.",
        {"gross": without.gross, "with_leave": with_leave.gross, "available": with_leave.available, "accounts": after},
        ("knowup", "compplan"),
    )


def _onboarding() -> Contradiction:
    service = enterprise_service()
    total = value("knowup-ent-total")
    return Contradiction(
        "onboarding",
        "Onboarding is counted every year",
        f"Onboarding takes {service.onboarding:g} hours in the first year only, but KnowUp plans {total:g} hours for "
        "every account in every year.",
        {"onboarding": service.onboarding, "hours": total},
    )


def _arr() -> Contradiction:
    accounts = value("knowup-ent-accounts")
    (acv_low, acv_high), (arr_low, arr_high) = stated("knowup-ent-acv").ends, stated("knowup-ent-arr").ends
    low, high = accounts * acv_low, accounts * acv_high
    return Contradiction(
        "arr",
        "The stated ARR is over ten times the ARR of the accounts",
        f"{accounts:g} accounts of {_usd(acv_low)} to {_usd(acv_high)} have {_usd(low)} to {_usd(high)} of ARR. KnowUp "
        f"states {_usd(arr_low)} to {_usd(arr_high)}, which is {plain_number(arr_low / low, 2)} to "
        f"{plain_number(arr_high / high, 2)} times as much. For that, each account would need "
        f"{_usd(arr_low / accounts)} to {_usd(arr_high / accounts)}.",
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
        "Some mid-market accounts are larger than enterprise accounts",
        f"{_usd(arr_low)} to {_usd(arr_high)} of ARR over {accounts.text} accounts is {_usd(low)} to {_usd(high)} "
        f"each. KnowUp values an enterprise account at {_usd(acv.ends[0])} to {_usd(acv.ends[1])}.",
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
        "Pay as a share of ARR depends on which ARR is right",
        f"OTE of {_usd(band.low)} to {_usd(band.high)} is {percent(least, 1)} to {percent(most, 1)} of the ARR of the "
        f"accounts, but {percent(stated_least, 1)} to {percent(stated_most, 1)} of the stated ARR. A person with a "
        f"fully loaded cost of {_usd(loaded)} needs {_usd(needed[0][1])} of ARR to cost {percent(needed[0][0])} of it, "
        f"or {_usd(needed[1][1])} to cost {percent(needed[1][0])}.",
        {"least": least, "most": most, "stated_least": stated_least, "stated_most": stated_most},
        ("knowup", "tsia-2022"),
    )


def _accounts() -> list[Contradiction]:
    conflicts: list[Contradiction] = []
    available = usual_year().available
    for preset in presets().values():
        others = levels("resumegeni-2026").get(preset.segment, ())
        if preset.source != "knowup" or not others:
            continue
        own = preset.accounts[0]
        low, high = implied_hours(own, available)
        other_accounts = " or ".join(stated_range.text for stated_range in others)
        example = levels("tsia-2022").get(preset.segment, ())
        tsia = f" TSIA's example has {example[0].text} accounts." if example else ""
        hours = [implied_hours(stated_range, available) for stated_range in others]
        least, most = min(fewest for fewest, _ in hours), max(highest for _, highest in hours)
        conflicts.append(
            Contradiction(
                f"accounts-{preset.segment}",
                f"The guides disagree on the {_segment_name(preset.segment)} book",
                f"KnowUp states {own.text} accounts per person, which leaves {_span(low, high)} hours for each. "
                f"ResumeGeni states {other_accounts}, which leaves {_span(least, most)} hours for each.{tsia}",
                {"hours_low": low, "hours_high": high, "other_low": least, "other_high": most},
                ("knowup", "resumegeni-2026", *(("tsia-2022",) if example else ())),
            )
        )
    return conflicts


def _itself() -> list[Contradiction]:
    return [
        Contradiction(
            f"itself-{segment}",
            f"ResumeGeni states two {_segment_name(segment)} books",
            f"ResumeGeni states {ranges[0].text} {_segment_name(segment)} accounts per person by level, but "
            f"{ranges[1].text} by size of the portfolio.",
            {
                f"{name}_{i}": float(end or 0)
                for i, stated_range in enumerate(ranges)
                for name, end in (("low", stated_range.low), ("high", stated_range.high))
            },
            ("resumegeni-2026",),
        )
        for segment, ranges in levels("resumegeni-2026").items()
        # Its two small-business books don't conflict: one is of an associate, the other of a pooled role.
        if len(ranges) > 1 and segment != "smb"
    ]


def loaded_cost() -> float:
    """Return the fully loaded cost of a CSM: the mean of TSIA's members in 2022 [USD a year].

    Examples
    --------
    >>> loaded_cost()
    141800.0
    """
    rows = (row for row in facts.table("pay") if row["basis"] == "fully_loaded_cost" and row["source"] == "tsia-2022")
    return float(next(rows)["value"])


def _usd(amount: float) -> str:
    return money(amount, "USD", 0)


def _segment_name(key: str) -> str:
    return key.replace("_", "-")


def _span(low: float, high: float) -> str:
    """Return a range of hours in words."""
    return plain_number(low, 1) if abs(high - low) < 1e-9 else f"{plain_number(low, 1)} to {plain_number(high, 1)}"
