"""Every market figure of every role, moved to one market: what a page or a printout lays side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from compplan import facts
from compplan.benchmarks.adjust import AdjustedFigure, Market
from compplan.benchmarks.amounts import PayBasis
from compplan.benchmarks.areas import area_of
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import AreaError
from compplan.benchmarks.figures import MeanPay, bands, distributions, means, role_names
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.percentiles import Percentiles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compplan.benchmarks.own_survey import OwnSurvey

ALL_ROLES = "All roles together"


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """What is known of the pay of one role.

    Attributes
    ----------
    role, name : str
        Key and name; the key is empty for figures over all roles.
    bands : tuple of AdjustedFigure[PayBand]
        Every source by itself, then the user's own survey.
    distributions : tuple of AdjustedFigure[Percentiles]
    means : tuple of MeanPay
        Averages; they are shown and not moved, since nothing is known of what lies around them.
    """

    role: str
    name: str
    bands: tuple[AdjustedFigure[PayBand], ...]
    distributions: tuple[AdjustedFigure[Percentiles], ...]
    means: tuple[MeanPay, ...]

    @property
    def first_sight(self) -> tuple[AdjustedFigure[Percentiles], ...]:
        """The distributions without the single waves of a survey that is there as a whole too."""
        whole = {(one.given.source, one.given.basis) for one in self.distributions}
        return tuple(
            one
            for one in self.distributions
            if not any(
                one.given.source.startswith(f"{source}-") and one.given.basis is basis for source, basis in whole
            )
        )


def sheet(market: Market | None = None, survey: OwnSurvey | None = None) -> tuple[RoleFigures, ...]:
    """All figures of all roles in a market.

    Parameters
    ----------
    market : Market, optional
        Where, when and for what; as published without it.
    survey : OwnSurvey, optional
        The user's own, laid beside what ships.

    Returns
    -------
    tuple of RoleFigures
        The ladder first, then the other roles, then what is known over all roles. A role of which nothing is known is
        there too, with nothing in it.

    Raises
    ------
    BenchmarkError
        If too few wages of the place are published.

    Examples
    --------
    >>> from compplan.benchmarks import find_area
    >>> rows = {row.role: row for row in sheet(Market(find_area("Austin")))}
    >>> [round(one.figure.low) for one in rows["csm"].bands]
    [71718, 86062]
    >>> [one.given.source for one in rows["csm"].first_sight]
    ['ask-a-manager', 'ask-a-manager', 'glide-2016']
    >>> rows["cs_ops"].bands, rows[""].name
    ((), 'All roles together')
    """
    where = market or Market()
    names = role_names()
    rows: list[RoleFigures] = []
    for role in dict.fromkeys([*ladder_roles(), *names]):
        own = survey.figures(role) if survey else ()
        rows.append(
            RoleFigures(
                role,
                names[role],
                tuple(where.adjust(one) for one in (*bands(role), *(f for f in own if isinstance(f, PayBand)))),
                tuple(
                    where.adjust(one) for one in (*distributions(role), *(f for f in own if isinstance(f, Percentiles)))
                ),
                means(role),
            )
        )
    over_all = tuple(where.adjust(one) for one in distributions(None))
    return (*rows, RoleFigures("", ALL_ROLES, (), over_all, means(None)))


def local_bands(
    reference: Mapping[str, PayBand],
    places: Iterable[str],
    market: Market | None = None,
    exponent: float | None = None,
) -> tuple[dict[str | tuple[str, str], PayBand], dict[str, str]]:
    """The bands of each place that people work in, by the wages there.

    Parameters
    ----------
    reference : Mapping of str to PayBand
        Role to band, as published: from `reference_bands`.
    places : iterable of str
        As a roster has them.
    market : Market, optional
        Specialism, date and its own place, which holds for people whose place is not known.
    exponent : float, optional
        How far pay follows wages; the market's, or else the measured one, unless said otherwise.

    Returns
    -------
    bands : dict
        By role and place, and by role alone for everybody else; what `placed` takes.
    unknown : dict of str to str
        Place to the sentence that says why it was not found.

    Raises
    ------
    BenchmarkError
        If too few wages of the market's own place are published.

    Examples
    --------
    >>> from compplan.benchmarks import reference_bands
    >>> found, unknown = local_bands(reference_bands("base"), ["Austin, TX", "Berlin, Germany", ""])
    >>> round(found["csm", "Austin, TX"].low), found["csm"].low
    (71718, 75000.0)
    >>> unknown
    {'Berlin, Germany': "No US area is called 'Berlin, Germany'."}
    """
    where = market or Market()
    found: dict[str | tuple[str, str], PayBand] = {role: where.adjust(band).figure for role, band in reference.items()}
    unknown: dict[str, str] = {}
    for place in dict.fromkeys(places):
        if not place.strip():
            continue
        try:
            here = area_of(place)
        except AreaError as error:
            unknown[place] = error.problems[0].message
            continue
        if here.index is None:
            unknown[place] = f"Too few wages are published for {here.label}."
            continue
        # A stated premium is one place's; people elsewhere go by the wages of theirs.
        premium = where.place_premium if here == where.place else None
        power = None if premium is not None else where.exponent if exponent is None else exponent
        there = Market(here, power, where.specialism, where.date, where.rate, premium)
        found |= {(role, place): there.adjust(band).figure for role, band in reference.items()}
    return found, unknown


def caveats(basis: PayBasis, source: str) -> tuple[str, ...]:
    """What a figure is not: what its basis counts where that is neither base nor OTE, and what its source needs.

    Examples
    --------
    >>> caveats(PayBasis.TOTAL_COMPENSATION, "levels-fyi-2026")[0]
    'Cash and equity together.'
    """
    told = () if basis in (PayBasis.BASE, PayBasis.OTE) else (basis.meaning,)
    care = facts.source(source).care if source else ""
    return (*told, *((care,) if care else ()))
