"""A survey of the user's own: mapped to roles, laid beside what ships, and holding where the user says so."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from compplan.benchmarks.amounts import Basis, as_basis
from compplan.benchmarks.bands import Band
from compplan.benchmarks.errors import SurveyError
from compplan.benchmarks.figures import bands, check_role, distributions
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.percentiles import Percentiles
from compplan.errors import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of a survey.

    Attributes
    ----------
    line : int
        Line of the file, from 1.
    label : str
        Role or level in the words of the survey.
    role : str or None
        Key of a role; None until somebody says which.
    figure : Percentiles or Band
    """

    line: int
    label: str
    role: str | None
    figure: Percentiles | Band


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """A survey that the user brought. It stays where it was read: in memory.

    Attributes
    ----------
    name : str
        How people call it.
    entries : tuple of Entry
    columns : Mapping of str to str
        Heading to what it was taken for, to be confirmed.
    remarks : tuple of Problem
        What was not used, and why, line by line.
    """

    name: str
    entries: tuple[Entry, ...]
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    remarks: tuple[Problem, ...] = ()

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Labels that no role is known for, each once."""
        return tuple(dict.fromkeys(entry.label for entry in self.entries if entry.role is None))

    def mapped(self, roles: Mapping[str, str | None]) -> OwnSurvey:
        """The same survey with the user's word on which label is which role.

        Parameters
        ----------
        roles : Mapping of str to str or None
            Label to key of a role; None takes a label out. Labels that are left out keep what they have.

        Raises
        ------
        SurveyError
            If the survey has no such label.
        BenchmarkError
            If there is no such role.
        """
        labels = {entry.label for entry in self.entries}
        strange = [label for label in roles if label not in labels]
        if strange:
            raise SurveyError(
                [Problem("", f"There is no role or level {label!r} in {self.name}.") for label in strange]
            )
        for role in filter(None, roles.values()):
            check_role(role)
        return replace(self, entries=tuple(_renamed(one, roles.get(one.label, one.role)) for one in self.entries))

    def figures(self, role: str, basis: Basis | str | None = None) -> tuple[Percentiles | Band, ...]:
        """What the survey says of a role, on one basis or all."""
        check_role(role)
        wanted = as_basis(basis) if basis is not None else None
        mine = (one.figure for one in self.entries if one.role == role)
        return tuple(one for one in mine if wanted is None or one.basis is wanted)

    def band(self, role: str, basis: Basis | str) -> Band | None:
        """The band of a role: as the survey states it, or its middle half; None where it gives neither.

        Raises
        ------
        SurveyError
            If more than one row answers, for another place or twice over.
        """
        found: list[Band] = []
        for figure in self.figures(role, basis):
            if isinstance(figure, Band):
                found.append(figure)
            elif figure.points[0][0] <= 0.25 and figure.points[-1][0] >= 0.75:
                found.append(figure.band())
        if len(found) > 1:
            lines = ", ".join(str(one.line) for one in self.entries if one.role == role)
            what = as_basis(basis).words
            raise SurveyError([Problem("", f"{self.name} has more than one row of {what} for {role}: lines {lines}.")])
        return found[0] if found else None


def reference_bands(
    basis: Basis | str = Basis.BASE,
    source: str = "knowup",
    survey: OwnSurvey | None = None,
    override: Collection[str] = (),
) -> dict[str, Band]:
    """The band of each role that people are laid on: one source's, and the user's survey where the user says so.

    Parameters
    ----------
    basis : Basis
    source : str
        Key into the bibliography.
    survey : OwnSurvey, optional
    override : collection of str
        Keys of the roles for which the survey is to hold.

    Raises
    ------
    SurveyError
        If the survey has no band, or more than one, for a role that it is to hold for.

    Examples
    --------
    >>> list(reference_bands("base"))[:2]
    ['associate_csm', 'csm']
    """
    chosen: dict[str, Band] = {}
    for role in dict.fromkeys([*ladder_roles(), *override]):
        stated = bands(role, basis, source)
        if role in override:
            band = survey.band(role, basis) if survey else None
            if band is None:
                whose = survey.name if survey else "A survey that was not given"
                raise SurveyError([Problem("", f"{whose} states no band of {as_basis(basis).words} for {role}.")])
            chosen[role] = band
        elif stated:
            chosen[role] = stated[0]
    return chosen


def beside(role: str, basis: Basis | str, survey: OwnSurvey | None = None) -> tuple[Percentiles | Band, ...]:
    """Everything that is known of a role on one basis: bands and distributions that ship, then the user's own."""
    own = survey.figures(role, basis) if survey else ()
    return (*bands(role, basis), *distributions(role, basis), *own)


def _renamed(entry: Entry, role: str | None) -> Entry:
    return replace(entry, role=role, figure=replace(entry.figure, role=role or ""))
