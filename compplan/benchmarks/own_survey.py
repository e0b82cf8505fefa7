"""The user's own survey: mapped to roles, compared with published figures, and used instead of them on request."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from compplan.benchmarks.amounts import PayBasis, as_basis
from compplan.benchmarks.bands import PayBand
from compplan.benchmarks.errors import SurveyError
from compplan.benchmarks.figures import bands, check_role, distributions
from compplan.benchmarks.ladders import ladder_roles
from compplan.benchmarks.percentiles import Percentiles
from compplan.errors import Problem
from compplan.readers.notes import Counts
from compplan.readers.titles import role_names


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of a survey.

    Attributes
    ----------
    line : int
        Line of the file, from 1.
    label : str
        Role or level as the survey names it.
    role : str or None
        Key of a role; None until the user chooses one.
    figure : Percentiles or PayBand
    """

    line: int
    label: str
    role: str | None
    figure: Percentiles | PayBand


@dataclass(frozen=True, slots=True)
class OwnSurvey:
    """The user's own survey. It is never saved.

    Attributes
    ----------
    name : str
        Name of the survey.
    entries : tuple of Entry
    columns : Mapping of str to str
        Heading to what it was read as, for the user to confirm.
    remarks : tuple of Problem
        First what was not used, and why; then how the rest was read.
    counts : Counts
        Number of rows by what happened to them; they add up to the rows of the file.
    """

    name: str
    entries: tuple[Entry, ...]
    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    remarks: tuple[Problem, ...] = ()
    counts: Counts = field(default_factory=lambda: Counts(0))

    @property
    def unmapped(self) -> tuple[str, ...]:
        """Labels without a role, each once."""
        return tuple(dict.fromkeys(entry.label for entry in self.entries if entry.role is None))

    def mapped(self, roles: Mapping[str, str | None]) -> OwnSurvey:
        """Return the survey with roles that the user chose.

        Parameters
        ----------
        roles : Mapping of str to str or None
            Label to key of a role; None removes the role of a label. Other labels keep theirs.

        Raises
        ------
        SurveyError
            If the survey has no such label.
        BenchmarkError
            If a role does not exist.
        """
        labels = {entry.label for entry in self.entries}
        unknown = [label for label in roles if label not in labels]
        if unknown:
            raise SurveyError([Problem("", f"{self.name} has no role or level {label!r}.") for label in unknown])
        for role in filter(None, roles.values()):
            check_role(role)
        return replace(
            self, entries=tuple(_with_role(entry, roles.get(entry.label, entry.role)) for entry in self.entries)
        )

    def figures(self, role: str, basis: PayBasis | str | None = None) -> tuple[Percentiles | PayBand, ...]:
        """Return the figures of a role, for one kind of pay or all."""
        check_role(role)
        wanted = as_basis(basis) if basis is not None else None
        figures = (entry.figure for entry in self.entries if entry.role == role)
        return tuple(figure for figure in figures if wanted is None or figure.basis is wanted)

    def band(self, role: str, basis: PayBasis | str) -> PayBand | None:
        """Return the band of a role: as the survey states it, or its middle half; None where it has neither.

        Raises
        ------
        SurveyError
            If more than one row has the role, for example in two places.
        """
        matches: list[PayBand] = []
        for figure in self.figures(role, basis):
            if isinstance(figure, PayBand):
                matches.append(figure)
            elif figure.points[0][0] <= 0.25 and figure.points[-1][0] >= 0.75:
                matches.append(figure.band())
        if len(matches) > 1:
            lines = ", ".join(str(entry.line) for entry in self.entries if entry.role == role)
            why = (
                f"{self.name} has more than one row of {as_basis(basis).words} for {role_names()[role]}: lines {lines}."
            )
            raise SurveyError([Problem("", why)])
        return matches[0] if matches else None


def reference_bands(
    basis: PayBasis | str = PayBasis.BASE,
    source: str = "knowup",
    survey: OwnSurvey | None = None,
    override: Collection[str] = (),
) -> dict[str, PayBand]:
    """Return the reference band of each role: of one source, and of the user's survey where the user chose it.

    Parameters
    ----------
    basis : PayBasis
    source : str
        Key of a source.
    survey : OwnSurvey, optional
    override : collection of str
        Keys of the roles that take their band from the survey.

    Raises
    ------
    SurveyError
        If the survey has no band, or more than one, for one of these roles.

    Examples
    --------
    >>> list(reference_bands("base"))[:2]
    ['associate_csm', 'csm']
    """
    chosen: dict[str, PayBand] = {}
    for role in dict.fromkeys([*ladder_roles(), *override]):
        published = bands(role, basis, source)
        if role in override:
            band = survey.band(role, basis) if survey else None
            if band is None:
                name = survey.name if survey else "The survey"
                why = f"{name} has no band of {as_basis(basis).words} for {role_names().get(role, role)}."
                raise SurveyError([Problem("", why)])
            chosen[role] = band
        elif published:
            chosen[role] = published[0]
    return chosen


def beside(role: str, basis: PayBasis | str, survey: OwnSurvey | None = None) -> tuple[Percentiles | PayBand, ...]:
    """Return all figures of a role for one kind of pay: published bands and distributions, then the user's own."""
    own = survey.figures(role, basis) if survey else ()
    return (*bands(role, basis), *distributions(role, basis), *own)


def _with_role(entry: Entry, role: str | None) -> Entry:
    return replace(entry, role=role, figure=replace(entry.figure, role=role or ""))
