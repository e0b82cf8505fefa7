"""All market figures of all roles, adjusted to one market, for a page or a printout."""

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
from compplan.benchmarks.figures import MeanPay, bands, distributions, means
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.percentiles import Percentiles
from compplan.readers.titles import role_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from compplan.benchmarks.own_survey import OwnSurvey

ALL_ROLES = "All roles together"


@dataclass(frozen=True, slots=True)
class RoleFigures:
    """All market figures of one role.

    Attributes
    ----------
    role, name : str
        Key and name; the key is empty for figures of all roles together.
    bands : tuple of AdjustedFigure[PayBand]
        One per source, then the user's own survey.
    distributions : tuple of AdjustedFigure[Percentiles]
        One per source, then the user's own survey.
    means : tuple of MeanPay
        Mean pay as published. Means are not adjusted.
    """

    role: str
    name: str
    bands: tuple[AdjustedFigure[PayBand], ...]
    distributions: tuple[AdjustedFigure[Percentiles], ...]
    means: tuple[MeanPay, ...]

    @property
    def first_sight(self) -> tuple[AdjustedFigure[Percentiles], ...]:
        """Distributions, without the single years of a survey that is also there for all years together."""
        whole = {(one.given.source, one.given.basis) for one in self.distributions}
        return tuple(
            one
            for one in self.distributions
            if not any(
                one.given.source.startswith(f"{source}-") and one.given.basis is basis for source, basis in whole
            )
        )


def sheet(market: Market | None = None, survey: OwnSurvey | None = None) -> tuple[RoleFigures, ...]:
    """Return all figures of all roles, adjusted to a market.

    Parameters
    ----------
    market : Market, optional
        Place, date and specialty to adjust to. Default: figures as published.
    survey : OwnSurvey, optional
        The user's own survey, added to the published figures.

    Returns
    -------
    tuple of RoleFigures
        The roles of the ladder, then the other roles, then the figures of all roles together. A role without
        figures is included, with empty tuples.

    Raises
    ------
    BenchmarkError
        If too few wages are published for the place.

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
    settings = market or Market()
    names = role_names()
    rows: list[RoleFigures] = []
    for role in dict.fromkeys([*ladder_roles(), *names]):
        own = survey.figures(role) if survey else ()
        rows.append(
            RoleFigures(
                role,
                names[role],
                tuple(settings.adjust(one) for one in (*bands(role), *(f for f in own if isinstance(f, PayBand)))),
                tuple(
                    settings.adjust(one)
                    for one in (*distributions(role), *(f for f in own if isinstance(f, Percentiles)))
                ),
                means(role),
            )
        )
    all_roles = tuple(settings.adjust(one) for one in distributions(None))
    return (*rows, RoleFigures("", ALL_ROLES, (), all_roles, means(None)))


def local_bands(
    reference: Mapping[str, PayBand], places: Iterable[str], market: Market | None = None, exponent: float | None = None
) -> tuple[dict[str | tuple[str, str], PayBand], dict[str, str]]:
    """Return the bands adjusted to each place where people work.

    Parameters
    ----------
    reference : Mapping of str to PayBand
        Role to band as published, from `reference_bands`.
    places : iterable of str
        Locations, as in a roster.
    market : Market, optional
        Specialty and date for all bands, and the place for people without a known location.
    exponent : float, optional
        Location adjustment strength. Default: that of the market, or else the measured one.

    Returns
    -------
    bands : dict
        Bands by (role, place), and by role for everyone else, for `place_people`.
    unknown : dict of str to str
        Place to a sentence that says why it has no bands of its own.

    Raises
    ------
    BenchmarkError
        If too few wages are published for the place of the market.

    Examples
    --------
    >>> from compplan.benchmarks import reference_bands
    >>> local, unknown = local_bands(reference_bands("base"), ["Austin, TX", "Berlin, Germany", ""])
    >>> round(local["csm", "Austin, TX"].low), local["csm"].low
    (71718, 75000.0)
    >>> unknown
    {'Berlin, Germany': "No US area is called 'Berlin, Germany'."}
    """
    settings = market or Market()
    local: dict[str | tuple[str, str], PayBand] = {
        role: settings.adjust(band).figure for role, band in reference.items()
    }
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
        # A location premium applies to one place only, so other places use their wages.
        premium = settings.place_premium if here == settings.place else None
        strength = None if premium is not None else settings.exponent if exponent is None else exponent
        there = Market(here, strength, settings.specialism, settings.date, settings.rate, premium)
        local |= {(role, place): there.adjust(band).figure for role, band in reference.items()}
    return local, unknown


def caveats(basis: PayBasis, source: str) -> tuple[str, ...]:
    """Return the limits of a figure: the meaning of a basis other than base pay and OTE, and the limits of the source.

    Examples
    --------
    >>> caveats(PayBasis.TOTAL_COMPENSATION, "levels-fyi-2026")[0]
    'Cash and equity together.'
    """
    meaning = "" if basis in (PayBasis.BASE, PayBasis.OTE) else basis.meaning
    care = facts.source(source).care if source else ""
    return tuple(filter(None, (meaning, care)))
