"""The capacity model of a session: tiers, the working year, the cost of a person, a file of accounts."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

import streamlit as st

from compplan import facts
from compplan.capacity import (
    AccountsReading,
    CapacityError,
    CapacityModel,
    Ceiling,
    Service,
    Tier,
    WorkYear,
    loaded_cost,
    presets,
    read_accounts,
    sample_accounts,
    usual_year,
)
from compplan.capacity.model import MOST_TIERS
from compplan.errors import CompPlanError, Problem
from compplan.plan import files
from compplan.ui.people import first_problem, problems_text

_KEY = "compplan.capacity"
SAMPLE_NAME = "invented accounts.csv"


@dataclass
class CapacitySession:
    """The capacity model of a session, with the file of accounts.

    Attributes
    ----------
    tiers : tuple of Tier
    year : WorkYear
    loaded : float [USD per year]
        Fully loaded cost of one person.
    team : int
        Team size.
    renewal, slope : float
        Renewal rate, and how far it falls with missing hours; see `compplan.capacity.Model`.
    field_version : int
        Part of the key of every field; a new number resets the fields.
    reading : AccountsReading or None
        The file of accounts, for people who may see rows about people.
    is_sample : bool
        Whether it is the invented sample.
    file : tuple of (str, bytes) or None
        The last file, also if it was refused.
    mapping : dict of str to str
        Headings that somebody entered, by field.
    most_accounts, most_arr : float or None
        Limits of one person.
    within_hours : bool
        Whether a person's hours are a limit too.
    problems, typed : dict of str to str
        By field: why an entry was refused, and the entry.
    """

    tiers: tuple[Tier, ...]
    year: WorkYear
    loaded: float
    team: int = 1
    renewal: float = 0.9
    slope: float = 0.0
    field_version: int = 0
    reading: AccountsReading | None = None
    is_sample: bool = False
    file: tuple[str, bytes] | None = None
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    most_accounts: float | None = None
    most_arr: float | None = None
    within_hours: bool = False
    problems: dict[str, str] = field(default_factory=dict[str, str])
    invalid_entries: dict[str, str] = field(default_factory=dict[str, str])

    def change_tier(self, place: int, changes: dict[str, Any], path: str, typed: str = "") -> None:
        """Change a tier; if it is refused, keep the entry and the reason."""
        try:
            old = self.tiers[place].model_dump()
            service = old["service"] | changes.pop("service", {})
            tier = Tier.of(old | changes | {"service": service})
        except CapacityError as error:
            self._refuse(path, error, typed)
            return
        self.problems.pop(path, None)
        self.tiers = (*self.tiers[:place], tier, *self.tiers[place + 1 :])

    def change_year(self, changes: dict[str, Any], path: str, typed: str = "") -> None:
        """Change the year; if it is refused, keep the entry and the reason."""
        try:
            self.year = WorkYear.of(self.year.model_dump() | changes)
        except CapacityError as error:
            self._refuse(path, error, typed)
            return
        self.problems.pop(path, None)

    def _refuse(self, path: str, error: CapacityError, typed: str) -> None:
        self.problems[path] = first_problem(error)
        self.invalid_entries[path] = typed

    def use_template(self, key: str) -> None:
        """Replace all tiers by one from a guide."""
        self.tiers = (tier_of(key),)
        self.reset_fields()

    def add_tier(self, key: str) -> None:
        """Add a tier from a guide, under a name of its own."""
        if len(self.tiers) < MOST_TIERS:
            added = tier_of(key)
            name = _free_name(added.name, {tier.name for tier in self.tiers})
            self.tiers = (*self.tiers, added.model_copy(update={"name": name}))
            self.reset_fields()

    def remove_tier(self, place: int) -> None:
        """Remove a tier; the last one stays."""
        if len(self.tiers) > 1:
            self.tiers = (*self.tiers[:place], *self.tiers[place + 1 :])
            self.reset_fields()

    def read_accounts(self, file: tuple[str, bytes] | None) -> None:
        """Read a file of accounts, or remove it with None; a refused file leaves the accounts as they were."""
        self.problems.pop("file", None)
        if file is None:
            self.reading, self.file, self.is_sample, self.mapping = None, None, False, {}
            return
        if self.file is None or self.file[0] != file[0]:
            self.mapping = {}  # the columns of another file
        self.file, self.is_sample = file, False
        try:
            self.reading = read_accounts(file[1], file[0], mapping=self.mapping)
        except CapacityError as error:
            self.problems["file"] = problems_text(error)

    def name_column(self, name: str, heading: str) -> None:
        """Read a field from another column."""
        self.mapping.pop(name, None)
        if heading:
            self.mapping[name] = heading
        self.read_accounts(self.file)

    def read_sample(self) -> None:
        """Read the invented sample of accounts."""
        self.mapping = {}
        self.read_accounts((SAMPLE_NAME, sample_accounts()))
        self.is_sample = True

    def ceiling(self) -> Ceiling:
        """The limits that are set."""
        hours = self.year.available if self.within_hours and self.year.available > 0 else None
        return Ceiling(accounts=self.most_accounts, arr=self.most_arr, hours=hours)

    def model(self) -> CapacityModel:
        """The model as it is saved to a file."""
        return CapacityModel(
            tiers=self.tiers, year=self.year, loaded_cost=self.loaded, people=self.team, renewal=self.renewal,
            slope=self.slope,
        )  # fmt: skip

    def use_model(self, model: CapacityModel) -> None:
        """Replace the model."""
        self.tiers, self.year, self.loaded, self.team = model.tiers, model.year, model.loaded_cost, model.people
        self.renewal, self.slope = model.renewal, model.slope
        self.reset_fields()

    def read_model(self, file: tuple[str, bytes] | None) -> None:
        """Read a model; a refused file leaves the model as it was."""
        if file is None:
            return
        try:
            self.use_model(
                CapacityModel.of(files.read_bytes(file[1], ".json" if file[0].lower().endswith(".json") else ".yaml"))
            )
        except CompPlanError as error:
            self.problems["model"] = problems_text(error)

    def change_assumption(self, name: str, value: float, typed: str) -> None:
        """Change the cost, the renewal rate or its slope; if it is refused, keep the entry and the reason."""
        try:
            model = CapacityModel.of(self.model().model_dump() | {name: value})
        except CapacityError as error:
            self._refuse(name, error, typed)
            return
        self.problems.pop(name, None)
        self.loaded, self.renewal, self.slope = model.loaded_cost, model.renewal, model.slope

    def add_work(self, place: int) -> None:
        """Add a kind of work to a tier."""
        touches = [t.model_dump() for t in self.tiers[place].service.touches]
        name = _free_name("New work", {touch["name"] for touch in touches})
        added = [*touches, {"name": name, "times": 1.0, "hours": 1.0}]
        self.change_tier(place, {"service": {"touches": added}}, f"tiers[{place}].touches")
        self.field_version += 1

    def remove_idle(self, place: int) -> None:
        """Remove the kinds of work of a tier that take no hours."""
        touches = [t.model_dump() for t in self.tiers[place].service.touches if t.times * t.hours > 0]
        self.change_tier(place, {"service": {"touches": touches}}, f"tiers[{place}].touches")
        self.field_version += 1

    def reset_fields(self) -> None:
        """Reset every field to its value, and drop invalid entries of tiers, because tier numbers may have changed."""
        self.field_version += 1
        for path in [path for path in self.problems if path.startswith("tiers[")]:
            self.problems.pop(path)


def _free_name(name: str, used: Collection[str]) -> str:
    """A name, with a number behind it if it is used already."""
    return next(
        free for free in itertools.chain([name], (f"{name} {i}" for i in itertools.count(2))) if free not in used
    )


def tier_of(key: str) -> Tier:
    """A tier from a guide.

    Where a guide gives accounts but no hours, the hours are what those accounts leave of a year. Where it gives no
    value of an account, the value is its ARR over its accounts, or 0 without ARR.

    Raises
    ------
    CapacityError
        If no guide has this key.
    """
    if key not in presets():
        raise CapacityError([Problem("preset", f"There is no template {key!r}.")])
    preset = presets()[key]
    low, high = preset.accounts[0].ends
    service = preset.service or Service(ad_hoc=round(usual_year().available / high, 1))
    accounts = (low + high) / 2
    arr = 0.0 if preset.arr is None else sum(preset.arr.ends) / 2
    acv = arr / accounts if preset.acv is None else sum(preset.acv.ends) / 2
    name = next(row["name"] for row in facts.table("segments") if row["key"] == preset.segment)
    return Tier(name=name, segment=preset.segment, service=service, accounts=round(accounts), acv=acv)


def first_session() -> CapacitySession:
    """What the Capacity page starts with: KnowUp's enterprise book."""
    return CapacitySession((tier_of("knowup-enterprise"),), usual_year(), loaded_cost())


def opened() -> CapacitySession | None:
    """The capacity model of this session, if its page was opened."""
    return cast("CapacitySession | None", st.session_state.get(_KEY))


def capacity_session() -> CapacitySession:
    """The capacity model of this session."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = first_session()
    model: CapacitySession = st.session_state[_KEY]
    return model
