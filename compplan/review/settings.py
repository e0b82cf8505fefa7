"""Review settings of a team, from `compplan.toml`."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self, cast

from pydantic import Field, StringConstraints, model_validator

from compplan.errors import CompPlanError, Problem, nearest
from compplan.models import FrozenModel, refuse_all
from compplan.review.catalog import default_thresholds, rules, threshold_facts
from compplan.review.findings import Severity
from compplan.review.profiles import DEFAULT_PROFILE, Profile
from compplan.review.registry import Rule, Thresholds

FILENAME = "compplan.toml"
LARGEST = 100_000

RuleId = Annotated[str, StringConstraints(strict=True, max_length=20)]
Threshold = Annotated[float, Field(ge=-1e12, le=1e12, allow_inf_nan=False)]


class SettingsError(CompPlanError):
    """Error in the review settings."""


class Settings(FrozenModel):
    """The ``[review]`` table of a `compplan.toml`.

    Examples
    --------
    >>> settings = Settings.of(
    ...     {"profile": "adoption_first", "ignore": ["TOT"], "thresholds": {"KNW-03": {"low": 0.10}}}
    ... )
    >>> settings.ignores(rules()["TOT-02"]), dict(settings.thresholds_of("KNW-03"))
    (True, {'low': 0.1, 'high': 0.25})
    """

    error_class = SettingsError

    profile: Profile = Field(default=DEFAULT_PROFILE, description="Guide that the review follows.")
    ignore: Annotated[tuple[RuleId, ...], Field(max_length=500)] = Field(
        default=(), description="Rules (KNW-01) or families (KNW) to skip."
    )
    severity: Annotated[dict[RuleId, Literal["error", "warning", "info"]], Field(max_length=500)] = Field(
        default_factory=dict[str, Severity], description="Severity by rule ID or family; overrides the rule's own."
    )
    thresholds: Annotated[dict[RuleId, dict[str, Threshold]], Field(max_length=500)] = Field(
        default_factory=dict[str, dict[str, float]], description="Thresholds of a rule, by id and name."
    )

    @model_validator(mode="after")
    def _known(self) -> Self:
        refuse_all(list(_unknown(self)))
        return self

    @classmethod
    def of(cls, data: Any) -> Self:
        """Build settings from plain data.

        Raises
        ------
        SettingsError
        """
        try:
            return cls.model_validate(data)
        except SettingsError as error:
            raise SettingsError([p.under("review") for p in error.problems]) from None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the ``[review]`` table of a TOML file; default settings if it has none.

        Raises
        ------
        SettingsError
        """
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise SettingsError([Problem(str(path), f"cannot be read: {error.strerror}.")]) from None
        if len(raw) > LARGEST:
            raise SettingsError([Problem(str(path), f"has more than {LARGEST:,} bytes.")])
        try:
            data = tomllib.loads(raw.decode("utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise SettingsError([Problem(str(path), f"is not readable as TOML: {error}.")]) from None
        other = [key for key in data if key != "review"]
        problems = [Problem(key, "is not known here; settings go under [review].") for key in other]
        part: Any = data.get("review", {})
        if not isinstance(part, dict):
            problems.append(Problem("review", "must be a table: [review]."))
        if problems:
            raise SettingsError([Problem(f"{path.name}: {p.where}", p.message) for p in problems])
        try:
            return cls.of(cast("dict[str, Any]", part))
        except SettingsError as error:
            raise SettingsError([Problem(f"{path.name}: {p.where}", p.message) for p in error.problems]) from None

    def ignores(self, rule: Rule) -> bool:
        """Whether the settings skip a rule."""
        return rule.id in self.ignore or rule.family in self.ignore

    def forced(self, rule: Rule) -> Severity | None:
        """Return the severity set for a rule or its family; None if there is none."""
        return self.severity.get(rule.id) or self.severity.get(rule.family)

    def thresholds_of(self, rule: str) -> Thresholds:
        """Return the thresholds of a rule: defaults, overridden by these settings."""
        own = self.thresholds.get(rule)
        return {**default_thresholds()[rule], **own} if own else default_thresholds()[rule]

    @functools.cached_property
    def shown(self) -> Mapping[str, Any]:
        """The settings that differ from the defaults, as plain data."""
        return self.model_dump(mode="json", exclude_defaults=True)


_SHARES = frozenset(
    {
        "fraction of OTE", "fraction of a book", "fraction of target pay", "fraction of target variable",
        "fraction of the book", "points of retention", "share in one person's hands",
    }
)  # fmt: skip


def find(start: Path) -> Path | None:
    """Find the nearest `compplan.toml`, in a folder or one above it.

    Parameters
    ----------
    start : Path
        A folder, or a file in it.
    """
    here = start.resolve()
    for folder in (here, *here.parents) if here.is_dir() else here.parents:
        if (folder / FILENAME).is_file():
            return folder / FILENAME
    return None


def _unknown(settings: Settings) -> list[Problem]:
    ids, families = list(rules()), list(dict.fromkeys(r.family for r in rules().values()))
    problems: list[Problem] = []
    for name in ("ignore", "severity"):
        for i, key in enumerate(getattr(settings, name)):
            if key not in ids and key not in families:
                place = f"ignore[{i}]" if name == "ignore" else f"severity.{key}"
                problems.append(Problem(place, f"{key!r} is not a rule or family; {nearest(key, [*families, *ids])}"))
    for key, values in settings.thresholds.items():
        if key not in ids:
            problems.append(Problem(f"thresholds.{key}", f"{key!r} is not a rule; {nearest(key, ids)}"))
            continue
        for name in values:
            if name not in default_thresholds()[key]:
                allowed = nearest(name, default_thresholds()[key]) if default_thresholds()[key] else "it has none."
                problems.append(Problem(f"thresholds.{key}.{name}", f"{name!r} is not a threshold of {key}; {allowed}"))
        problems += _unfit(key, values)
    return problems


def _unfit(rule: str, values: Mapping[str, float]) -> list[Problem]:
    """Report impossible thresholds: below 0, a share above 1 (40 for 40%), a low end above its high end."""
    units = {row["name"]: row["unit"] for row in threshold_facts(rule)}
    problems: list[Problem] = []
    for name, value in values.items():
        place = f"thresholds.{rule}.{name}"
        if value < 0:
            problems.append(Problem(place, f"must be 0 or more. You entered {value:g}."))
        elif units.get(name) in _SHARES and value > 1:
            problems.append(Problem(place, f"is a {units[name]}, from 0 to 1; 40% is 0.4. You entered {value:g}."))
    both = {**default_thresholds()[rule], **values}
    if rule in ("KNW-01", "KNW-02") and values.get("satisfaction_high", 0) >= 1:
        place = f"thresholds.{rule}.satisfaction_high"
        problems.append(Problem(place, "must be below 1, or nothing is left for other measures."))
    if rule == "KNW-04":
        lows = math.fsum(value for name, value in both.items() if name.endswith("_low"))
        highs = math.fsum(value for name, value in both.items() if name.endswith("_high"))
        if not lows - 1e-9 <= 1.0 <= highs + 1e-9:
            message = (
                f"the low ends add up to {lows:g} and the high ends to {highs:g}; no split within them adds up to 1."
            )
            problems.append(Problem(f"thresholds.{rule}", message))
    for name, value in both.items():
        for low, high in (("low", "high"), ("least", "most")):
            partner = name.removesuffix(low) + high
            if name.endswith(low) and partner in both and value > both[partner]:
                where = f"thresholds.{rule}.{name if name in values else partner}"
                problems.append(
                    Problem(where, f"{name} is {value:g}, above {partner} of {both[partner]:g}; it must be lower.")
                )
    return problems
