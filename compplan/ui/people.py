"""The people file of this session: read on Benchmarks, costed on Cost, saved or shared if its owner chooses to.

It stays in the memory of the session until then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from compplan.errors import CompPlanError
from compplan.ui.session import EditSession

if TYPE_CHECKING:
    import pandas as pd

    from compplan.roster import Reading

_KEY = "compplan.people_file"
SAMPLE_NAME = "invented-team.csv"
_MOST_PROBLEMS = 5


@dataclass
class PeopleFile:
    """A people file and how it is read.

    Attributes
    ----------
    file : tuple of (str, bytes) or None
        Name and content, to be read again when somebody corrects how.
    reading : Reading or None
        What was read from it.
    mapping : dict of str to str
        Field to heading, where a person chose another one.
    options : dict of str to object
        What the file leaves open: ``currency``, ``hours_per_year``, ``day_first``, ``percent_of``.
    problem : str
        Why the last file or choice was refused.
    """

    file: tuple[str, bytes] | None = None
    reading: Reading | None = None
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    problem: str = ""

    @property
    def is_sample(self) -> bool:
        """Whether the people are the invented sample team."""
        return self.file is not None and self.file[0] == SAMPLE_NAME

    def read(self, file: tuple[str, bytes] | None) -> None:
        """Read another file, or remove the people with None; a refused file leaves the people as they were."""
        if file is None:
            self.file, self.reading, self.mapping, self.options, self.problem = None, None, {}, {}, ""
        else:
            self._read(file, {}, self.options)

    def read_sample(self) -> None:
        """Read the invented sample team."""
        from compplan import roster

        self.read((SAMPLE_NAME, roster.sample("csv")))

    def map_field(self, name: str, heading: str) -> None:
        """Read a field from another column; an empty heading leaves the field out."""
        if self.file:
            self._read(self.file, {**self.mapping, name: heading}, self.options)

    def set_option(self, name: str, value: Any) -> None:
        """Set what the file leaves open; None resets it."""
        options = {key: option for key, option in {**self.options, name: value}.items() if option is not None}
        if self.file:
            self._read(self.file, self.mapping, options)

    def _read(self, file: tuple[str, bytes], mapping: dict[str, str], options: dict[str, Any]) -> None:
        from compplan import roster

        try:
            self.reading = roster.read(file[1], file[0], mapping=mapping, **options)
        except CompPlanError as error:
            self.problem = problems_text(error)
            return
        self.problem = ""
        self.file, self.mapping, self.options = file, mapping, options


def opened() -> Reading | None:
    """The people of this session's file, if it has one."""
    people = cast("PeopleFile | None", st.session_state.get(_KEY))
    return None if people is None else people.reading


def people_file() -> PeopleFile:
    """The people file of this session, empty at first."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = PeopleFile()
    people: PeopleFile = st.session_state[_KEY]
    return people


def people_table(rows: Sequence[Mapping[str, Any]] | None) -> pd.DataFrame | None:
    """Saved rows about people as a table; None if there are none."""
    import pandas as pd

    return pd.DataFrame(list(rows)) if rows else None


def costs_people(session: EditSession) -> bool:
    """Whether Cost uses the people file, where there is one, instead of a headcount or groups."""
    return session.cost.get("who", "people") == "people"


def problems_text(error: CompPlanError) -> str:
    """What is wrong with a file, with the places; at most five problems."""
    problems = [str(problem) for problem in error.problems]
    more = f" {len(problems) - _MOST_PROBLEMS} more problems." if len(problems) > _MOST_PROBLEMS else ""
    return " ".join(problems[:_MOST_PROBLEMS]) + more


def first_problem(error: CompPlanError) -> str:
    """What is wrong with an entry, as the sentence under its field."""
    message = error.problems[0].message
    return message[:1].upper() + message[1:]
