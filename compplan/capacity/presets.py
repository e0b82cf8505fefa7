"""Templates from published guides: hours, accounts and ARR per person."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compplan import facts
from compplan._moved import OldName
from compplan.capacity.services import Service, Touchpoint, WorkYear


@dataclass(frozen=True, slots=True)
class StatedRange:
    """Accounts or ARR of one person, as a source states them.

    Attributes
    ----------
    low, high : float or None
        None if the source states only a maximum or a minimum.
    source : str
        Key of the bibliography.
    note : str
    """

    low: float | None
    high: float | None
    source: str
    note: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """Low and high; both are the same if only one is stated.

        Examples
        --------
        >>> StatedRange(None, 14, "knowup").ends
        (14, 14)
        """
        low = self.low if self.low is not None else self.high or 0.0
        return low, self.high if self.high is not None else low

    @property
    def text(self) -> str:
        """The range in words.

        Examples
        --------
        >>> [StatedRange(*ends, "knowup").text for ends in ((40, 60), (None, 14), (5, 5))]
        ['40 to 60', 'at most 14', '5']
        """
        if self.low is None:
            return f"at most {self.high:,.0f}"
        if self.high is None:
            return f"{self.low:,.0f} or more"
        return f"{self.low:,.0f}" if self.low == self.high else f"{self.low:,.0f} to {self.high:,.0f}"

    told = OldName("text")


@dataclass(frozen=True, slots=True)
class Preset:
    """A capacity template from a guide.

    Attributes
    ----------
    key, name, segment, source : str
    service : Service or None
        None if the guide states accounts but no hours.
    accounts : tuple of StatedRange
        Every statement on accounts per person; a guide may contradict itself.
    acv, arr : StatedRange or None [USD a year]
        Contract value of one account, and ARR of one person.
    """

    key: str
    name: str
    segment: str
    source: str
    service: Service | None
    accounts: tuple[StatedRange, ...]
    acv: StatedRange | None = None
    arr: StatedRange | None = None


@functools.cache
def facts_by_id() -> Mapping[str, Mapping[str, str]]:
    """Return the rows of the capacity table by id."""
    return MappingProxyType({row["id"]: MappingProxyType(row) for row in facts.table("capacity")})


def value(id_: str) -> float:
    """Return a single figure of the capacity table."""
    return float(facts_by_id()[id_]["value"])


def stated(id_: str) -> StatedRange:
    """Return a range of the capacity table; a single figure is a maximum."""
    row = facts_by_id()[id_]
    if row["low"]:
        return StatedRange(float(row["low"]), float(row["high"]), row["source"], row["note"])
    return StatedRange(None, float(row["value"]), row["source"], row["note"])


def usual_year(*, leave: bool = False) -> WorkYear:
    """Return the working year of KnowUp's guide.

    Parameters
    ----------
    leave : bool
        Whether to subtract leave and holidays, which the guide leaves out.

    Examples
    --------
    >>> usual_year().available, usual_year(leave=True).available
    (1560.0, 1410.0)
    """
    year = WorkYear(hours_a_day=value("leave-day"), weekdays=value("leave-weekdays"), overhead=value("knowup-overhead"))
    if not leave:
        return year
    return year.model_copy(update={"pto": value("leave-pto"), "holidays": value("leave-holidays")})


def _service(prefix: str, touches: tuple[str, ...], *, onboarding: bool, ad_hoc: bool) -> Service:
    rows = [facts_by_id()[f"{prefix}-{name}"] for name in touches]
    return Service(
        touches=tuple(Touchpoint(name=r["item"], times=float(r["times"]), hours=float(r["value"])) for r in rows),
        onboarding=value(f"{prefix}-onboarding") if onboarding else 0.0,
        renewal=value(f"{prefix}-renewal"),
        ad_hoc=value(f"{prefix}-adhoc") if ad_hoc else 0.0,
    )


def enterprise_service() -> Service:
    """Return KnowUp's service of an enterprise account; hours missing from its total of 100 are ad hoc work."""
    return _service("knowup-ent", ("qbr", "checkin"), onboarding=True, ad_hoc=True)


def spending() -> tuple[float, float]:
    """Return the shares of ARR that Customer Success costs: lean and heavy [fraction].

    Examples
    --------
    >>> spending()
    (0.1, 0.15)
    """
    return stated("rates-lean").ends


@functools.cache
def levels(source: str) -> Mapping[str, tuple[StatedRange, ...]]:
    """Return every statement of a source on accounts per person, by segment.

    Examples
    --------
    >>> [stated_range.text for stated_range in levels("resumegeni-2026")["enterprise"]]
    ['5 to 12', '3 to 8']
    """
    ranges: dict[str, tuple[StatedRange, ...]] = {}
    for row in facts.table("role_levels"):
        if row["source"] != source or not (row["accounts_low"] or row["accounts_high"]):
            continue
        low = float(row["accounts_low"]) if row["accounts_low"] else None
        high = float(row["accounts_high"]) if row["accounts_high"] else None
        earlier = ranges.get(row["segment"], ())
        if (low, high) not in [(stated_range.low, stated_range.high) for stated_range in earlier]:
            ranges[row["segment"]] = (*earlier, StatedRange(low, high, source, row["note"]))
    return MappingProxyType(ranges)


@functools.cache
def presets() -> Mapping[str, Preset]:
    """Return every template from the guides, by key.

    Examples
    --------
    >>> list(presets())[:2], presets()["knowup-enterprise"].service.steady
    (['knowup-enterprise', 'knowup-mid_market'], 100.0)
    """
    templates = [
        Preset(
            "knowup-enterprise", "Enterprise (KnowUp)", "enterprise", "knowup",
            enterprise_service(),
            (stated("knowup-ent-accounts"),), stated("knowup-ent-acv"), stated("knowup-ent-arr"),
        ),
        Preset(
            "knowup-mid_market", "Mid-market (KnowUp)", "mid_market", "knowup",
            _service("knowup-mm", ("qbr", "checkin"), onboarding=False, ad_hoc=False),
            (stated("knowup-mm-accounts"),), None, stated("knowup-mm-arr"),
        ),
    ]  # fmt: skip
    segments = {row["key"]: row["name"] for row in facts.table("segments")}
    for source, title in (("tsia-2022", "TSIA example"), ("resumegeni-2026", "ResumeGeni")):
        for segment, ranges in levels(source).items():
            name = f"{segments.get(segment, segment)} ({title})"
            templates.append(Preset(f"{source}-{segment}", name, segment, source, None, ranges))
    return MappingProxyType({preset.key: preset for preset in templates})


def implied_hours(accounts: StatedRange, available: float) -> tuple[float, float]:
    """Return the hours per account that follow from accounts per person: least and most [hours a year].

    Parameters
    ----------
    accounts : StatedRange
    available : float [hours a year]
        Hours of one person for accounts.

    Examples
    --------
    >>> implied_hours(StatedRange(8, 25, "resumegeni-2026"), 1560)
    (62.4, 195.0)
    """
    least, most = accounts.ends
    return available / most, available / least
