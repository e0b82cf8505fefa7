"""What a session keeps on the Benchmarks page: the market that is asked for, a survey and people of one's own.

All of it lives in the memory of the session and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from compplan import formats
from compplan.benchmarks import (
    Area,
    Band,
    Basis,
    Market,
    OwnSurvey,
    area,
    local_bands,
    placed,
    read_survey,
    reference_bands,
    sheet,
)
from compplan.benchmarks.areas import area_of
from compplan.benchmarks.placement import STANDING
from compplan.errors import CompPlanError

if TYPE_CHECKING:
    import pandas as pd

    from compplan.benchmarks import RoleFigures
    from compplan.roster import Reading

_KEY = "compplan.desk"
INVENTED = "invented-team.csv"
# Offered first where a file does not say its currency.
CURRENCIES = ("USD", "EUR", "GBP", "CAD", "AUD", "CHF", "INR", "JPY", "SEK", "SGD", "BRL", "MXN")


@dataclass(frozen=True, slots=True)
class Asked:
    """The market as the fields of the page ask for it; see `compplan.benchmarks.Market`."""

    place: str = ""
    exponent: float | None = None
    place_premium: float | None = None
    specialism: float | None = None
    date: dt.date | None = None
    rate: float | None = None

    def area(self) -> Area | None:
        """The place, if one is asked for."""
        return area(self.place) if self.place else None

    def market(self) -> Market:
        """The market itself.

        Raises
        ------
        BenchmarkError
            If a number is out of bounds, or too few wages of the place are published.
        """
        aged = self.date is not None and self.rate is not None
        made = Market(
            self.area(),
            self.exponent if self.place and self.place_premium is None else None,
            self.specialism,
            self.date if aged else None,
            self.rate if aged else None,
            self.place_premium if self.place else None,
        )
        sheet(made)
        return made


@dataclass
class Desk:
    """What a session holds.

    Attributes
    ----------
    asked : Asked
        The last market that could be made.
    problems : dict of str to str
        By field: why what was typed there was refused.
    role : str
        Key of the role that is looked at.
    survey : OwnSurvey or None
    override : frozenset of str
        Roles for which the survey holds.
    file : tuple of (str, bytes) or None
        Name and content of the people file, to be read again when its headings are mapped otherwise.
    reading : Reading or None
    survey_file : tuple of (str, bytes) or None
    survey_said : dict of str to str
        What the survey's file does not say itself: ``basis``, ``currency``, ``as_of``, ``place``.
    mapping : dict of str to str
        Field to heading, where the person said so.
    said : dict of str to object
        What the people file leaves open: ``currency``, ``hours_per_year``, ``day_first``, ``percent_of``.
    basis : Basis
        Which pay people are placed by.
    local : bool
        Whether everybody is set against the market of the own place.
    names : bool
        Whether names are shown.
    """

    asked: Asked = field(default_factory=Asked)
    problems: dict[str, str] = field(default_factory=dict[str, str])
    role: str = ""
    survey: OwnSurvey | None = None
    override: frozenset[str] = frozenset()
    file: tuple[str, bytes] | None = None
    reading: Reading | None = None
    survey_file: tuple[str, bytes] | None = None
    survey_said: dict[str, str] = field(default_factory=dict[str, str])
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    said: dict[str, Any] = field(default_factory=dict[str, Any])
    basis: Basis = Basis.BASE
    local: bool = True
    names: bool = False

    @property
    def invented(self) -> bool:
        """Whether the people are the invented team."""
        return self.file is not None and self.file[0] == INVENTED

    def ask(self, name: str, value: Any) -> bool:
        """Change one thing of the market; if that cannot be, keep the market and the reason."""
        changes: dict[str, Any] = {name: value}
        if name == "place":
            changes["place_premium"] = None
        try:
            asked = replace(self.asked, **changes)
            asked.market()
        except CompPlanError as error:
            self.problems[name] = _sentence(error)
            return False
        self.problems.pop(name, None)
        self.asked = asked
        return True

    def read_number(self, name: str, text: str, unit: str = "") -> None:
        """Take what was typed for a number of the market; empty takes it away."""
        try:
            value = formats.read_number(text, unit) if text.strip() else None
        except ValueError as error:
            self.problems[name] = str(error)
            return
        self.ask(name, value)

    def rows(self) -> tuple[RoleFigures, ...]:
        """Every figure of every role in the market that is asked for."""
        return sheet(self.asked.market(), self.survey)

    def holding(self, basis: Basis) -> frozenset[str]:
        """Roles for which the survey is to hold and states one band of this basis."""
        return frozenset(role for role in self.override if self.survey_band(role, basis))

    def survey_band(self, role: str, basis: Basis) -> Band | None:
        """The survey's band of a role; None where it states none, or more than one."""
        try:
            return self.survey.band(role, basis) if self.survey else None
        except CompPlanError:
            return None

    def reference(self, basis: Basis | None = None) -> dict[str, Band]:
        """The band of each role as published, or as the survey has it where it holds."""
        wanted = basis or self.basis
        return reference_bands(wanted, survey=self.survey, override=self.holding(wanted))

    def read_survey(self, file: tuple[str, bytes] | None) -> None:
        """Read a survey, or the one in hand with other answers to what its file leaves open."""
        self.problems.pop("survey", None)
        self.survey, self.override, self.survey_file = None, frozenset(), file
        if file is None:
            return
        said = self.survey_said
        try:
            self.survey = read_survey(
                file[1], file[0], basis=said.get("basis") or None, currency=said.get("currency") or None,
                as_of=said.get("as_of", ""), place=said.get("place", ""),
            )  # fmt: skip
        except CompPlanError as error:
            self.problems["survey"] = _sentences(error)

    def read_people(self, file: tuple[str, bytes] | None) -> None:
        """Read a people file; a refused one leaves who was there."""
        if file is None:
            self.file, self.reading, self.mapping, self.said = None, None, {}, {}
            self.problems.pop("people", None)
        else:
            self._read(file, {}, self.said)

    def map_heading(self, name: str, heading: str) -> None:
        """Read a field of the people file from another column; an empty heading leaves the field out."""
        if self.file:
            self._read(self.file, {**self.mapping, name: heading}, self.said)

    def say(self, name: str, value: Any) -> None:
        """Answer what the people file leaves open; None takes the answer back."""
        said = {key: kept for key, kept in {**self.said, name: value}.items() if kept is not None}
        if self.file:
            self._read(self.file, self.mapping, said)

    def _read(self, file: tuple[str, bytes], mapping: dict[str, str], said: dict[str, Any]) -> None:
        from compplan import roster

        try:
            self.reading = roster.read(file[1], file[0], mapping=mapping, **said)
        except CompPlanError as error:
            self.problems["people"] = _sentences(error)
            return
        self.problems.pop("people", None)
        self.file, self.mapping, self.said = file, mapping, said

    def team(self) -> Team | None:
        """Everybody of the people file on the bands; None without one."""
        if self.reading is None:
            return None
        people = _with_own_columns(self.reading)
        reference, market = self.reference(), self.asked.market()
        places = sorted(set(map(str, self.reading.people["place"]))) if self.local else []
        bands, unknown = local_bands(reference, places, market, self.asked.exponent)
        taken = {place: area_of(place).label for place in places if place.strip() and place not in unknown}
        return Team(placed(people, bands), bands, unknown, taken)


@dataclass(frozen=True)
class Team:
    """People on the bands.

    Attributes
    ----------
    people : DataFrame
        From `compplan.benchmarks.placed`.
    bands : Mapping
        Role and place to band, and role alone for everybody else.
    unknown : Mapping of str to str
        Places that were not found, and why.
    taken : Mapping of str to str
        Places to the areas that they were taken for.
    """

    people: pd.DataFrame
    bands: dict[str | tuple[str, str], Band]
    unknown: Mapping[str, str]
    taken: Mapping[str, str]

    def only(self, chosen: Mapping[Literal["role", "manager", "place"], list[str]]) -> pd.DataFrame:
        """The people who are in every list that names somebody."""
        kept = self.people
        for name, values in chosen.items():
            if values:
                kept = kept[kept[name].isin(values)]
        return kept


def _with_own_columns(reading: Reading) -> pd.DataFrame:
    """The people with the columns that are no field of a roster, none of which takes the name of another."""
    import pandas as pd

    taken = {*reading.people.columns, *STANDING}
    names: list[str] = []
    for heading in map(str, reading.other.columns):
        name = heading or "no heading"
        while name in taken:
            name += " (file)"
        taken.add(name)
        names.append(name)
    return pd.concat([reading.people, reading.other.set_axis(names, axis=1)], axis=1)


def _sentence(error: CompPlanError) -> str:
    """What is wrong with what was typed, as it stands under its field."""
    told = error.problems[0].message
    return told[:1].upper() + told[1:]


def _sentences(error: CompPlanError) -> str:
    """What is wrong with a file, with the places."""
    told = [str(problem) for problem in error.problems]
    return " ".join(told[:5]) + (f" … and {len(told) - 5} more." if len(told) > 5 else "")


def desk() -> Desk:
    """The desk of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Desk()
    held: Desk = st.session_state[_KEY]
    return held
