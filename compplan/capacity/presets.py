"""What the guides say of hours, accounts and ARR, as models to start from."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from compplan import facts
from compplan.capacity.services import Service, Touchpoint, WorkYear


@dataclass(frozen=True, slots=True)
class StatedRange:
    """Accounts or ARR of one person, as a source states it.

    Attributes
    ----------
    low, high : float or None
        None where only a most or a least is stated.
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
        """Both ends, the other one where only one is stated.

        Examples
        --------
        >>> StatedRange(None, 14, "knowup").ends
        (14, 14)
        """
        low = self.low if self.low is not None else self.high or 0.0
        return low, self.high if self.high is not None else low

    @property
    def told(self) -> str:
        """The range in words.

        Examples
        --------
        >>> [StatedRange(*ends, "knowup").told for ends in ((40, 60), (None, 14), (5, 5))]
        ['40 to 60', 'at most 14', '5']
        """
        if self.low is None:
            return f"at most {self.high:,.0f}"
        if self.high is None:
            return f"{self.low:,.0f} or more"
        return f"{self.low:,.0f}" if self.low == self.high else f"{self.low:,.0f} to {self.high:,.0f}"


@dataclass(frozen=True, slots=True)
class Preset:
    """A model that a guide describes.

    Attributes
    ----------
    key, name, segment, source : str
    service : Service or None
        None where the guide gives accounts and no hours.
    accounts : tuple of StatedRange
        Every statement on accounts a person; a guide may contradict itself.
    acv, arr : StatedRange or None
        What an account is worth, and what one person looks after.
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
    """Rows of the capacity table by id."""
    return MappingProxyType({row["id"]: MappingProxyType(row) for row in facts.table("capacity")})


def value(id_: str) -> float:
    """A single figure of the capacity table."""
    return float(facts_by_id()[id_]["value"])


def stated(id_: str) -> StatedRange:
    """A range of the capacity table; one figure is a most."""
    row = facts_by_id()[id_]
    if row["low"]:
        return StatedRange(float(row["low"]), float(row["high"]), row["source"], row["note"])
    return StatedRange(None, float(row["value"]), row["source"], row["note"])


def usual_year(*, leave: bool = False) -> WorkYear:
    """The year of KnowUp's guide; with leave and holidays where wanted.

    Examples
    --------
    >>> usual_year().available, usual_year(leave=True).available
    (1560.0, 1410.0)
    """
    made = WorkYear(hours_a_day=value("leave-day"), weekdays=value("leave-weekdays"), overhead=value("knowup-overhead"))
    if not leave:
        return made
    return made.model_copy(update={"pto": value("leave-pto"), "holidays": value("leave-holidays")})


def _service(prefix: str, touches: tuple[str, ...], *, onboarding: bool, ad_hoc: bool) -> Service:
    rows = [facts_by_id()[f"{prefix}-{name}"] for name in touches]
    return Service(
        touches=tuple(Touchpoint(name=r["item"], times=float(r["times"]), hours=float(r["value"])) for r in rows),
        onboarding=value(f"{prefix}-onboarding") if onboarding else 0.0,
        renewal=value(f"{prefix}-renewal"),
        ad_hoc=value(f"{prefix}-adhoc") if ad_hoc else 0.0,
    )


def enterprise_service() -> Service:
    """What KnowUp's guide lists for an enterprise account, with what is missing from 100 hours as ad hoc work."""
    return _service("knowup-ent", ("qbr", "checkin"), onboarding=True, ad_hoc=True)


def spending() -> tuple[float, float]:
    """Shares of ARR that Customer Success may cost: lean, and heavy.

    Examples
    --------
    >>> spending()
    (0.1, 0.15)
    """
    return stated("rates-lean").ends


@functools.cache
def levels(source: str) -> Mapping[str, tuple[StatedRange, ...]]:
    """Accounts a person by segment: every statement of a source.

    Examples
    --------
    >>> [r.told for r in levels("resumegeni-2026")["enterprise"]]
    ['5 to 12', '3 to 8']
    """
    found: dict[str, tuple[StatedRange, ...]] = {}
    for row in facts.table("role_levels"):
        if row["source"] != source or not (row["accounts_low"] or row["accounts_high"]):
            continue
        low = float(row["accounts_low"]) if row["accounts_low"] else None
        high = float(row["accounts_high"]) if row["accounts_high"] else None
        said = StatedRange(low, high, source, row["note"])
        known = found.get(row["segment"], ())
        if (low, high) not in [(r.low, r.high) for r in known]:
            found[row["segment"]] = (*known, said)
    return MappingProxyType(found)


@functools.cache
def presets() -> Mapping[str, Preset]:
    """Every model that the guides describe, by key.

    Examples
    --------
    >>> list(presets())[:2], presets()["knowup-enterprise"].service.steady
    (['knowup-enterprise', 'knowup-mid_market'], 100.0)
    """
    made = [
        Preset(
            "knowup-enterprise", "Enterprise, as KnowUp has it", "enterprise", "knowup",
            enterprise_service(),
            (stated("knowup-ent-accounts"),), stated("knowup-ent-acv"), stated("knowup-ent-arr"),
        ),
        Preset(
            "knowup-mid_market", "Mid-market, as KnowUp has it", "mid_market", "knowup",
            _service("knowup-mm", ("qbr", "checkin"), onboarding=False, ad_hoc=False),
            (stated("knowup-mm-accounts"),), None, stated("knowup-mm-arr"),
        ),
    ]  # fmt: skip
    segments = {row["key"]: row["name"] for row in facts.table("segments")}
    for source, said in (("tsia-2022", "TSIA gives as an example"), ("resumegeni-2026", "ResumeGeni has it")):
        for segment, ranges in levels(source).items():
            name = f"{segments.get(segment, segment)}, as {said}"
            made.append(Preset(f"{source}-{segment}", name, segment, source, None, ranges))
    return MappingProxyType({preset.key: preset for preset in made})


def implied_hours(accounts: StatedRange, available: float) -> tuple[float, float]:
    """Hours an account that a statement on accounts a person leaves: least and most [hours a year].

    Examples
    --------
    >>> implied_hours(StatedRange(8, 25, "resumegeni-2026"), 1560)
    (62.4, 195.0)
    """
    least, most = accounts.ends
    return available / most, available / least
