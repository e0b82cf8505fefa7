"""The Benchmarks page of a session: the market to compare with, a survey of one's own, and how people are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

import streamlit as st

from compplan import formats
from compplan.benchmarks import (
    Area,
    Market,
    OwnSurvey,
    PayBand,
    PayBasis,
    all_areas,
    area,
    local_bands,
    place_people,
    read_survey,
    reference_bands,
    sheet,
)
from compplan.benchmarks.areas import area_of
from compplan.benchmarks.placement import STANDING
from compplan.errors import CompPlanError
from compplan.ui.people import PeopleFile, first_problem, people_file, problems_text

if TYPE_CHECKING:
    import pandas as pd

    from compplan.benchmarks import RoleFigures
    from compplan.roster import Reading

_KEY = "compplan.benchmarks"
# Offered first where a file does not state its currency.
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "CHF", "INR", "JPY", "SEK", "SGD", "BRL", "MXN")


@dataclass(frozen=True, slots=True)
class MarketSettings:
    """The market as the fields of the page set it; see `compplan.benchmarks.Market`."""

    place: str = ""
    exponent: float | None = None
    place_premium: float | None = None
    specialism: float | None = None
    date: dt.date | None = None
    rate: float | None = None

    def area(self) -> Area | None:
        """The chosen place, if there is one."""
        return area(self.place) if self.place else None

    def market(self) -> Market:
        """The market with these settings.

        Raises
        ------
        BenchmarkError
            If a number is out of bounds, or too few wages of the place are published.
        """
        aged = self.date is not None and self.rate is not None
        market = Market(
            self.area(),
            self.exponent if self.place and self.place_premium is None else None,
            self.specialism,
            self.date if aged else None,
            self.rate if aged else None,
            self.place_premium if self.place else None,
        )
        sheet(market)
        return market

    def market_of_state(self, state: str) -> tuple[Market, str]:
        """The market for a posting in a state: the chosen place if it is in the state, else the state.

        Returns
        -------
        tuple of (Market, str)
            The market, and what it is in words.
        """
        chosen = self.area()
        if chosen and state in chosen.states:
            return self.market(), f"in the market of {chosen.label}"
        of_state = next(each for each in all_areas() if each.kind == "state" and each.state == state)
        settings = replace(self, place=of_state.code, place_premium=None)
        try:
            return settings.market(), f"in the market of {of_state.label}"
        except CompPlanError as error:
            return replace(settings, place="").market(), f"for the whole country: {error.problems[0].message}"


@dataclass
class BenchmarksSession:
    """What a session keeps of the Benchmarks page.

    Attributes
    ----------
    settings : MarketSettings
        The last valid market settings.
    problems : dict of str to str
        By field: why an entry was refused.
    role : str
        Key of the chosen role.
    survey : OwnSurvey or None
    override : frozenset of str
        Roles for which the survey replaces the published band.
    survey_file : tuple of (str, bytes) or None
    survey_options : dict of str to str
        What the survey's file leaves open: ``basis``, ``currency``, ``as_of``, ``place``.
    people : PeopleFile
    basis : PayBasis
        The pay that is compared.
    local : bool
        Whether each person is compared with the market of their own location.
    names : bool
        Whether names are shown.
    """

    settings: MarketSettings = field(default_factory=MarketSettings)
    problems: dict[str, str] = field(default_factory=dict[str, str])
    role: str = ""
    survey: OwnSurvey | None = None
    override: frozenset[str] = frozenset()
    survey_file: tuple[str, bytes] | None = None
    survey_options: dict[str, str] = field(default_factory=dict[str, str])
    people: PeopleFile = field(default_factory=PeopleFile)
    basis: PayBasis = PayBasis.BASE
    local: bool = True
    names: bool = False

    def change_setting(self, name: str, value: Any) -> bool:
        """Change one setting of the market; if it is refused, keep the market and the reason."""
        changes: dict[str, Any] = {name: value}
        if name == "place":
            changes["place_premium"] = None
        try:
            settings = replace(self.settings, **changes)
            settings.market()
        except CompPlanError as error:
            self.problems[name] = first_problem(error)
            return False
        self.problems.pop(name, None)
        self.settings = settings
        return True

    def read_number(self, name: str, text: str, unit: str = "") -> None:
        """Change a number of the market from its field; an empty field removes it."""
        try:
            value = formats.read_number(text, unit) if text.strip() else None
        except ValueError as error:
            self.problems[name] = str(error)
            return
        self.change_setting(name, value)

    def rows(self) -> tuple[RoleFigures, ...]:
        """Every figure of every role in the chosen market."""
        return sheet(self.settings.market(), self.survey)

    def overridden(self, basis: PayBasis) -> frozenset[str]:
        """Roles for which the survey replaces the published band and states one band of this basis."""
        return frozenset(role for role in self.override if self.survey_band(role, basis))

    def survey_band(self, role: str, basis: PayBasis) -> PayBand | None:
        """The survey's band of a role; None if it states none, or more than one."""
        try:
            return self.survey.band(role, basis) if self.survey else None
        except CompPlanError:
            return None

    def reference(self, basis: PayBasis | None = None) -> dict[str, PayBand]:
        """The band of each role: the survey's where it replaces the published one."""
        chosen = basis or self.basis
        return reference_bands(chosen, survey=self.survey, override=self.overridden(chosen))

    def read_survey(self, file: tuple[str, bytes] | None) -> None:
        """Read a survey, or remove it with None; if it cannot be read, keep the reasons."""
        self.problems.pop("survey", None)
        self.survey, self.override, self.survey_file = None, frozenset(), file
        if file is None:
            return
        options = self.survey_options
        try:
            self.survey = read_survey(
                file[1], file[0], basis=options.get("basis") or None, currency=options.get("currency") or None,
                as_of=options.get("as_of", ""), place=options.get("place", ""),
                mapping=_columns(options.get("columns", "")),
            )  # fmt: skip
        except CompPlanError as error:
            self.problems["survey"] = problems_text(error)

    def team(self) -> PlacedTeam | None:
        """Everybody of the people file on the bands; None without a file."""
        if self.people.reading is None:
            return None
        people = _with_own_columns(self.people.reading)
        places = sorted(set(map(str, people["place"]))) if self.local else []
        bands, unknown = local_bands(self.reference(), places, self.settings.market(), self.settings.exponent)
        areas = {place: area_of(place).label for place in places if place.strip() and place not in unknown}
        return PlacedTeam(place_people(people, bands), bands, unknown, areas)


@dataclass(frozen=True)
class PlacedTeam:
    """People compared with the bands of their roles.

    Attributes
    ----------
    people : DataFrame
        From `compplan.benchmarks.placed`.
    bands : Mapping
        Role and place to band, and role alone for everybody else.
    unknown : Mapping of str to str
        Places that were not found, and why.
    areas : Mapping of str to str
        Places to the areas that were used for them.
    """

    people: pd.DataFrame
    bands: dict[str | tuple[str, str], PayBand]
    unknown: Mapping[str, str]
    areas: Mapping[str, str]

    def filtered(self, choices: Mapping[Literal["role", "manager", "place"], list[str]]) -> pd.DataFrame:
        """The people with the chosen values; no choice keeps everybody."""
        people = self.people
        for name, values in choices.items():
            if values:
                people = people[people[name].isin(values)]
        return people


def _columns(text: str) -> dict[str, str]:
    """Return the heading of each field, as lines of ``heading = field`` state them."""
    pairs = (line.rpartition("=") for line in text.splitlines() if "=" in line)
    return {field.strip(): heading.strip() for heading, _, field in pairs}


def _with_own_columns(reading: Reading) -> pd.DataFrame:
    """The people with the file's other columns, renamed where they would hide a column of compplan."""
    import pandas as pd

    used = {*reading.people.columns, *STANDING}
    names: list[str] = []
    for heading in map(str, reading.other.columns):
        name = heading or "no heading"
        while name in used:
            name += " (file)"
        used.add(name)
        names.append(name)
    return pd.concat([reading.people, reading.other.set_axis(names, axis=1)], axis=1)


def opened() -> BenchmarksSession | None:
    """The Benchmarks page of this session, if it was opened."""
    return cast("BenchmarksSession | None", st.session_state.get(_KEY))


def benchmarks_session() -> BenchmarksSession:
    """The Benchmarks page of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = BenchmarksSession(people=people_file())
    session: BenchmarksSession = st.session_state[_KEY]
    return session
