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
    reference_bands,
    sheet,
)
from compplan.errors import CompPlanError, Problem

if TYPE_CHECKING:
    import pandas as pd

    from compplan.benchmarks import RoleFigures
    from compplan.roster import Reading

_KEY = "compplan.desk"


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
    mapping : dict of str to str
        Field to heading, where the person said so.
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
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    basis: Basis = Basis.BASE
    local: bool = True
    names: bool = False

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

    def reference(self, basis: Basis | None = None) -> dict[str, Band]:
        """The band of each role as published, or as the survey has it where it holds."""
        return reference_bands(basis or self.basis, survey=self.survey, override=self.override)

    def read_people(self, file: tuple[str, bytes] | None) -> None:
        """Read a people file, or the one in hand with another mapping; a refused one leaves what was there."""
        from compplan import roster

        if file is None:
            self.file, self.reading, self.mapping = None, None, {}
            self.problems.pop("people", None)
            return
        mapping = self.mapping if file == self.file else {}
        try:
            self.reading = roster.read(file[1], file[0], mapping=mapping)
        except CompPlanError as error:
            self.problems["people"] = _sentence(error)
            return
        self.problems.pop("people", None)
        self.file, self.mapping = file, mapping

    def map_heading(self, name: str, heading: str) -> None:
        """Read a field from another column; an empty heading leaves the field out."""
        before = dict(self.mapping)
        self.mapping[name] = heading
        self.read_people(self.file)
        if "people" in self.problems:
            self.mapping = before

    def team(self) -> Team | None:
        """Everybody of the people file on the bands; None without one."""
        if self.reading is None:
            return None
        people = self.reading.people.join(self.reading.other, rsuffix=" (file)")
        reference, market = self.reference(), self.asked.market()
        places = sorted(set(map(str, self.reading.people["place"]))) if self.local else []
        bands, unknown = local_bands(reference, places, market)
        by_role = {role: band for role, band in bands.items() if isinstance(role, str)}
        return Team(placed(people, bands), by_role, unknown)


@dataclass(frozen=True)
class Team:
    """People on the bands.

    Attributes
    ----------
    people : DataFrame
        From `compplan.benchmarks.placed`.
    bands : Mapping of str to Band
        Role to band in the market that is asked for.
    unknown : Mapping of str to str
        Places that were not found, and why.
    """

    people: pd.DataFrame
    bands: Mapping[str, Band]
    unknown: Mapping[str, str]

    def only(self, chosen: Mapping[Literal["role", "manager", "place"], list[str]]) -> pd.DataFrame:
        """The people who are in every list that names somebody."""
        kept = self.people
        for name, values in chosen.items():
            if values:
                kept = kept[kept[name].isin(values)]
        return kept


def _sentence(error: CompPlanError) -> str:
    return " ".join(_told(problem) for problem in error.problems[:5])


def _told(problem: Problem) -> str:
    return problem.message[:1].upper() + problem.message[1:] if problem.message.startswith("must") else problem.message


def desk() -> Desk:
    """The desk of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Desk()
    held: Desk = st.session_state[_KEY]
    return held
