"""The roles one above another: how far apart their bands stand, how far they overlap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from compplan import facts
from compplan.benchmarks.amounts import PayBasis, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import BasisError, BenchmarkError
from compplan.benchmarks.figures import bands
from compplan.formats import percent

# Between these two a step up the ladder is usual; our judgement, and shown as such.
SMALL, LARGE = 0.05, 0.40


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Two bands that follow each other on a ladder.

    Attributes
    ----------
    lower, upper : PayBand
    crosses : bool
        Whether the step leads from the individual track to management, which is a change of work and not a promotion
        within it.

    Examples
    --------
    >>> step = ladder("base")[1]
    >>> step.lower.role, step.upper.role, round(step.progression, 6), step.overlap, step.gap, step.flag
    ('csm', 'senior_csm', 0.264706, 0.0, 0.0, '')
    """

    lower: PayBand
    upper: PayBand
    crosses: bool = False

    def __post_init__(self) -> None:
        kinds = {(band.basis, band.currency) for band in (self.lower, self.upper)}
        if len(kinds) > 1:
            first, second = (f"{band.basis.words} in {band.currency}" for band in (self.lower, self.upper))
            raise BasisError.at("", f"Bands of one kind make a ladder, got {first} and {second}.")

    @property
    def progression(self) -> float:
        """Midpoint progression: ``upper midpoint / lower midpoint - 1``."""
        return self.upper.midpoint / self.lower.midpoint - 1

    @property
    def overlap(self) -> float:
        """Share of the upper band that the lower one covers: ``(min(highs) - max(lows)) / upper width``, at least 0."""
        shared = min(self.lower.high, self.upper.high) - max(self.lower.low, self.upper.low)
        return max(0.0, shared) / (self.upper.high - self.upper.low)

    @property
    def gap(self) -> float:
        """What no band covers between the two [currency a year]: ``upper low - lower high``, at least 0."""
        return max(0.0, self.upper.low - self.lower.high)

    @property
    def flag(self) -> str:
        """Why the step is worth a look, as a sentence; empty where it is not."""
        if self.progression < SMALL:
            return f"The midpoint rises by {percent(self.progression, 1)}, less than {percent(SMALL)}."
        if self.progression > LARGE:
            return f"The midpoint rises by {percent(self.progression, 1)}, more than {percent(LARGE)}."
        return ""


def rungs(ordered: Sequence[PayBand]) -> tuple[LadderStep, ...]:
    """The steps of a ladder of bands.

    Parameters
    ----------
    ordered : sequence of PayBand
        The lowest first, all of one basis and currency.

    Raises
    ------
    BasisError
        If they are not.
    """
    tracks = {row["key"]: row["track"] for row in facts.table("roles")}
    return tuple(
        LadderStep(lower, upper, tracks.get(lower.role) != tracks.get(upper.role)) for lower, upper in pairwise(ordered)
    )


def ladder(basis: PayBasis | str = PayBasis.BASE, source: str = "knowup") -> tuple[LadderStep, ...]:
    """The ladder that one source states: the individual track, then management.

    Parameters
    ----------
    basis : PayBasis
    source : str
        Key into the bibliography: bands of different sources make no ladder.

    Returns
    -------
    tuple of LadderStep
        Roles for which the source states no band are passed over.

    Raises
    ------
    BenchmarkError
        If the source states no band on this basis.

    Examples
    --------
    >>> [(step.upper.role, round(step.progression, 3), step.crosses) for step in ladder("base")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('csm', 0.308, False), ('senior_csm', 0.265, False), ('cs_manager', 0.07, True),
     ('cs_director', 0.304, False), ('cs_vp', 0.35, False)]
    """
    found = [band for role in ladder_roles() for band in bands(role, basis, source)]
    if not found:
        raise BenchmarkError.at("source", f"{source!r} states no band of {as_basis(basis).words}.")
    return rungs(found)


def ladder_roles() -> tuple[str, ...]:
    """Keys of the roles that have a place on the ladder, the lowest first.

    Examples
    --------
    >>> ladder_roles()[:4]
    ('associate_csm', 'csm', 'senior_csm', 'strategic_csm')
    """
    ranked = [row for row in facts.table("roles") if row["rank"]]
    ranked.sort(key=lambda row: (row["track"] != "individual", int(row["rank"])))
    return tuple(row["key"] for row in ranked)


def next_role(role: str) -> str | None:
    """Key of the role above one in its track; None at the top and off the ladder.

    Examples
    --------
    >>> next_role("csm"), next_role("cs_vp")
    ('senior_csm', None)
    """
    return next((row["next"] or None for row in facts.table("roles") if row["key"] == role), None)
