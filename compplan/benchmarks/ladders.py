"""Career ladder: midpoint progression, overlap and gap between the bands of successive roles."""

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

# Usual range of midpoint progression. This is our judgment, and it is shown as such.
SMALL, LARGE = 0.05, 0.40


@dataclass(frozen=True, slots=True)
class LadderStep:
    """Two successive bands of a ladder.

    Attributes
    ----------
    lower, upper : PayBand
    crosses : bool
        Whether the step goes from the individual track to management, which is a change of job rather than a
        promotion.

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
            raise BasisError.at("", f"Bands of a ladder must share basis and currency. You gave {first} and {second}.")

    @property
    def progression(self) -> float:
        """Midpoint progression: ``upper midpoint / lower midpoint - 1``."""
        return self.upper.midpoint / self.lower.midpoint - 1

    @property
    def overlap(self) -> float:
        """Share of the upper band covered by the lower one: ``(min(highs) - max(lows)) / upper width``, at least 0."""
        shared = min(self.lower.high, self.upper.high) - max(self.lower.low, self.upper.low)
        return max(0.0, shared) / (self.upper.high - self.upper.low)

    @property
    def gap(self) -> float:
        """Pay between the two bands [currency a year]: ``upper low - lower high``, at least 0."""
        return max(0.0, self.upper.low - self.lower.high)

    @property
    def flag(self) -> str:
        """Sentence that says why the step is unusually small or large; empty if it is not."""
        if self.progression < SMALL:
            return f"The midpoint rises by {percent(self.progression, 1)}, less than {percent(SMALL)}."
        if self.progression > LARGE:
            return f"The midpoint rises by {percent(self.progression, 1)}, more than {percent(LARGE)}."
        return ""


def rungs(ordered: Sequence[PayBand]) -> tuple[LadderStep, ...]:
    """Return the steps between successive bands.

    Parameters
    ----------
    ordered : sequence of PayBand
        Bands from lowest to highest, all with the same basis and currency.

    Raises
    ------
    BasisError
        If the bands differ in basis or currency.
    """
    tracks = {row["key"]: row["track"] for row in facts.table("roles")}
    return tuple(
        LadderStep(lower, upper, tracks.get(lower.role) != tracks.get(upper.role)) for lower, upper in pairwise(ordered)
    )


def ladder(basis: PayBasis | str = PayBasis.BASE, source: str = "knowup") -> tuple[LadderStep, ...]:
    """Return the ladder of one source: the individual track, then management.

    Parameters
    ----------
    basis : PayBasis
    source : str
        Key of the source. Bands of different sources are not combined into one ladder.

    Returns
    -------
    tuple of LadderStep
        Roles for which the source has no band are left out.

    Raises
    ------
    BenchmarkError
        If the source has no band with this basis.

    Examples
    --------
    >>> [(step.upper.role, round(step.progression, 3), step.crosses) for step in ladder("base")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('csm', 0.308, False), ('senior_csm', 0.265, False), ('cs_manager', 0.07, True),
     ('cs_director', 0.304, False), ('cs_vp', 0.35, False)]
    """
    ordered = [band for role in ladder_roles() for band in bands(role, basis, source)]
    if not ordered:
        raise BenchmarkError.at("source", f"The source {source!r} has no band of {as_basis(basis).words}.")
    return rungs(ordered)


def ladder_roles() -> tuple[str, ...]:
    """Return the keys of the roles on the ladder, from lowest to highest.

    Examples
    --------
    >>> ladder_roles()[:4]
    ('associate_csm', 'csm', 'senior_csm', 'strategic_csm')
    """
    ranked = [row for row in facts.table("roles") if row["rank"]]
    ranked.sort(key=lambda row: (row["track"] != "individual", int(row["rank"])))
    return tuple(row["key"] for row in ranked)


def next_role(role: str) -> str | None:
    """Return the key of the next role in the same track; None at the top, and for roles that are not on the ladder.

    Examples
    --------
    >>> next_role("csm"), next_role("cs_vp")
    ('senior_csm', None)
    """
    return next((row["next"] or None for row in facts.table("roles") if row["key"] == role), None)
