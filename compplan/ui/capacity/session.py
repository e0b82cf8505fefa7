"""What a session keeps on the Capacity page: tiers, the year, what a person costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from compplan import facts
from compplan.capacity import (
    AccountsReading,
    CapacityError,
    Ceiling,
    Model,
    Service,
    Tier,
    Year,
    loaded_cost,
    presets,
    read_accounts,
    sample_accounts,
    usual_year,
)
from compplan.capacity.model import MOST_TIERS
from compplan.errors import CompPlanError, Problem
from compplan.plan import files

_KEY = "compplan.capacity"


@dataclass
class Sizing:
    """The model in hand.

    Attributes
    ----------
    tiers : tuple of Tier
    year : Year
    loaded : float [currency a year]
        What one person costs, all in.
    team : int
        People there are.
    renewal, slope : float
        What is assumed of renewals where hours are missing; see `compplan.capacity.Model`.
    form : int
        Part of the key of every field; a new number draws them anew.
    reading : AccountsReading or None
        The file of accounts, for who may handle people's rows.
    invented : bool
        Whether it is the invented one.
    given : tuple of (str, bytes) or None
        The file that was given last, also where it was refused.
    mapping : dict of str to str
        Headings that were named, by field.
    most_accounts, most_arr : float or None
        Ceilings of one person.
    within_hours : bool
        Whether a person's hours are a ceiling too.
    problems, typed : dict of str to str
        By field: why what was typed was refused, and what it was.
    """

    tiers: tuple[Tier, ...]
    year: Year
    loaded: float
    team: int = 1
    renewal: float = 0.9
    slope: float = 0.0
    form: int = 0
    reading: AccountsReading | None = None
    invented: bool = False
    given: tuple[str, bytes] | None = None
    mapping: dict[str, str] = field(default_factory=dict[str, str])
    most_accounts: float | None = None
    most_arr: float | None = None
    within_hours: bool = False
    problems: dict[str, str] = field(default_factory=dict[str, str])
    typed: dict[str, str] = field(default_factory=dict[str, str])

    def change_tier(self, place: int, changes: dict[str, Any], path: str, typed: str = "") -> None:
        """Change a tier; if that cannot be, keep it and the reason."""
        try:
            old = self.tiers[place].model_dump()
            service = old["service"] | changes.pop("service", {})
            made = Tier.of(old | changes | {"service": service})
        except CapacityError as error:
            self._refuse(path, error, typed)
            return
        self.problems.pop(path, None)
        self.tiers = (*self.tiers[:place], made, *self.tiers[place + 1 :])

    def change_year(self, changes: dict[str, Any], path: str, typed: str = "") -> None:
        """Change the year; if that cannot be, keep it and the reason."""
        try:
            self.year = Year.of(self.year.model_dump() | changes)
        except CapacityError as error:
            self._refuse(path, error, typed)
            return
        self.problems.pop(path, None)

    def _refuse(self, path: str, error: CapacityError, typed: str) -> None:
        told = error.problems[0].message
        self.problems[path] = told[:1].upper() + told[1:]
        self.typed[path] = typed

    def begin_with(self, key: str) -> None:
        """Begin anew with a preset."""
        self.tiers = (tier_of(key),)
        self.fresh()

    def add(self, key: str) -> None:
        """One tier more."""
        if len(self.tiers) < MOST_TIERS:
            added = tier_of(key)
            taken = {tier.name for tier in self.tiers}
            name = next(n for n in (added.name, *(f"{added.name} {i}" for i in range(2, 99))) if n not in taken)
            self.tiers = (*self.tiers, added.model_copy(update={"name": name}))
            self.fresh()

    def remove(self, place: int) -> None:
        """One tier less; the last one stays."""
        if len(self.tiers) > 1:
            self.tiers = (*self.tiers[:place], *self.tiers[place + 1 :])
            self.fresh()

    def read(self, file: tuple[str, bytes] | None) -> None:
        """Read a file of accounts; a refused one leaves what was there."""
        self.problems.pop("file", None)
        if file is None:
            self.reading, self.given, self.invented, self.mapping = None, None, False, {}
            return
        if self.given is None or self.given[0] != file[0]:
            self.mapping = {}  # the columns of another file
        self.given, self.invented = file, False
        try:
            self.reading = read_accounts(file[1], file[0], mapping=self.mapping)
        except CapacityError as error:
            self.problems["file"] = " ".join(str(problem) for problem in error.problems[:3])

    def name_column(self, name: str, heading: str) -> None:
        """Say which column is a field, and read the file again."""
        self.mapping.pop(name, None)
        if heading:
            self.mapping[name] = heading
        self.read(self.given)

    def invent(self) -> None:
        """Read the invented file of accounts."""
        self.mapping = {}
        self.read(("invented accounts.csv", sample_accounts()))
        self.invented = True

    def ceiling(self) -> Ceiling:
        """The ceilings that are set."""
        hours = self.year.available if self.within_hours and self.year.available > 0 else None
        return Ceiling(accounts=self.most_accounts, arr=self.most_arr, hours=hours)

    def model(self) -> Model:
        """The model as a file keeps it."""
        return Model(
            tiers=self.tiers, year=self.year, loaded_cost=self.loaded, people=self.team, renewal=self.renewal,
            slope=self.slope,
        )  # fmt: skip

    def take(self, model: Model) -> None:
        """Begin anew with the model of a file."""
        self.tiers, self.year, self.loaded, self.team = model.tiers, model.year, model.loaded_cost, model.people
        self.renewal, self.slope = model.renewal, model.slope
        self.fresh()

    def read_model(self, file: tuple[str, bytes] | None) -> None:
        """Read a model; a refused one leaves what was there."""
        if file is None:
            return
        try:
            self.take(Model.of(files.read_bytes(file[1], ".json" if file[0].lower().endswith(".json") else ".yaml")))
        except CompPlanError as error:
            self.problems["model"] = " ".join(str(problem) for problem in error.problems[:3])

    def change_assumption(self, name: str, value: float, typed: str) -> None:
        """Change what is assumed of renewals, of cost; if that cannot be, keep it and the reason."""
        try:
            made = Model.of(self.model().model_dump() | {name: value})
        except CapacityError as error:
            self._refuse(name, error, typed)
            return
        self.problems.pop(name, None)
        self.loaded, self.renewal, self.slope = made.loaded_cost, made.renewal, made.slope

    def add_work(self, place: int) -> None:
        """One kind of work more in a tier."""
        touches = [t.model_dump() for t in self.tiers[place].service.touches]
        taken = {touch["name"] for touch in touches}
        name = next(n for n in ("New work", *(f"New work {i}" for i in range(2, 99))) if n not in taken)
        added = [*touches, {"name": name, "times": 1.0, "hours": 1.0}]
        self.change_tier(place, {"service": {"touches": added}}, f"tiers[{place}].touches")
        self.form += 1

    def remove_idle(self, place: int) -> None:
        """Take out of a tier what takes no hours."""
        touches = [t.model_dump() for t in self.tiers[place].service.touches if t.times * t.hours > 0]
        self.change_tier(place, {"service": {"touches": touches}}, f"tiers[{place}].touches")
        self.form += 1

    def fresh(self) -> None:
        """Let every field take its value anew; what was refused of a tier goes, since tiers change their places."""
        self.form += 1
        for path in [path for path in self.problems if path.startswith("tiers[")]:
            self.problems.pop(path)


def tier_of(key: str) -> Tier:
    """A tier from a preset.

    Where a guide gives accounts and no hours, the hours that they leave are taken; where it gives no value of an
    account, its ARR over its accounts, and nothing where it gives neither.

    Raises
    ------
    CapacityError
        If there is no such preset.
    """
    if key not in presets():
        raise CapacityError([Problem("preset", f"there is no preset {key!r}.")])
    preset = presets()[key]
    low, high = preset.accounts[0].ends
    service = preset.service or Service(ad_hoc=round(usual_year().available / high, 1))
    accounts = (low + high) / 2
    arr = 0.0 if preset.arr is None else sum(preset.arr.ends) / 2
    acv = arr / accounts if preset.acv is None else sum(preset.acv.ends) / 2
    name = next(row["name"] for row in facts.table("segments") if row["key"] == preset.segment)
    return Tier(name=name, segment=preset.segment, service=service, accounts=round(accounts), acv=acv)


def sizing() -> Sizing:
    """The model of this session; KnowUp's enterprise book to begin with."""
    if _KEY not in st.session_state:
        st.session_state[_KEY] = Sizing((tier_of("knowup-enterprise"),), usual_year(), loaded_cost())
    held: Sizing = st.session_state[_KEY]
    return held
