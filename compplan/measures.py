"""The catalog of what a plan can measure, such as GRR, NRR and CSAT, and measures that a plan declares."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Literal, cast

from pydantic import Field, StringConstraints

from compplan import facts
from compplan._moved import forward_names
from compplan.errors import PlanError
from compplan.models import FrozenModel

Unit = Literal["share", "money", "count", "days", "score", "points", "ratio"]
Kind = Literal["level", "flow"]
Better = Literal["more", "less"]
Stance = Literal["pay", "conditional", "avoid"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that a plan can pay on.

    Attributes
    ----------
    key, name, short : str
        Key in files, full name, and short name for charts and tables.
    unit : str
        What its numbers are: a share (0.92), money, a count, days, a score, points or a ratio.
    kind : {'level', 'flow'}
        A flow adds up over the year (expansion ARR) and its yearly target is split over the periods; a level
        (a rate, a score, days) has the same target in every period.
    better : {'more', 'less'}
        Direction of improvement.
    low, high : float or None
        The bounds that its definition sets, as 0 and 1 for GRR; a result outside cannot be.
    true_zero : bool
        Whether half of the target is half of the result, so that attainment means something.
    family, definition, formula : str
    usual : tuple of (float or None, float or None)
        Levels that its source calls usual, for orientation.
    usual_note, usual_source : str
    spread : float or None
        An illustrative standard deviation of one person's yearly result, in units of the measure or, for
        `spread_kind` ``of_target``, as a fraction of the target.
    spread_kind, spread_source : str
    """

    key: str
    name: str
    short: str
    unit: Unit
    kind: Kind
    better: Better
    low: float | None = None
    high: float | None = None
    true_zero: bool = False
    family: str = ""
    definition: str = ""
    formula: str = ""
    usual: tuple[float | None, float | None] = (None, None)
    usual_note: str = ""
    usual_source: str = ""
    spread: float | None = None
    spread_kind: str = ""
    spread_source: str = ""

    @property
    def best(self) -> float | None:
        """The best result that the definition allows, if it sets one."""
        return self.high if self.better == "more" else self.low

    def spread_at(self, target: float) -> float | None:
        """Illustrative standard deviation of one person's yearly result; None if it is unknown.

        It is unknown for a measure that a plan declares, and for a share of a target of 0.
        """
        if self.spread is None:
            return None
        return self.spread if self.spread_kind != "of_target" else self.spread * abs(target) or None


@dataclass(frozen=True, slots=True)
class View:
    """What one source says about paying on a measure."""

    measure: str
    source: str
    stance: Stance
    condition: str
    pro: str
    con: str


class OwnMeasure(FrozenModel):
    """A measure that a plan declares itself.

    Examples
    --------
    >>> OwnMeasure(name="QBR quality", unit="score", kind="level", better="more").as_measure("qbr").true_zero
    False
    """

    error_class = PlanError

    name: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=80)] = Field(
        description="Name for people."
    )
    unit: Unit = Field(description="Unit of its numbers.")
    kind: Kind = Field(description="flow: adds up over the year; level: the same target in every period.")
    better: Better = Field(description="Direction of improvement: more or less.")

    def as_measure(self, key: str) -> Measure:
        """The same as an entry of the catalog; only a declared flow has a true zero."""
        return Measure(key, self.name, self.name, self.unit, self.kind, self.better, true_zero=self.kind == "flow")


def _number(text: str) -> float | None:
    return float(text) if text else None


@functools.cache
def catalog() -> Mapping[str, Measure]:
    """Every measure that ships, by key.

    Returns
    -------
    Mapping of str to Measure
        In the order of ``data/measures.csv``.

    Examples
    --------
    >>> catalog()["grr"].high, catalog()["expansion_arr"].kind
    (1.0, 'flow')
    """
    return MappingProxyType({row["key"]: _measure(row) for row in facts.table("measures")})


def _measure(row: Mapping[str, str]) -> Measure:
    return Measure(
        key=row["key"],
        name=row["name"],
        short=row["short"],
        unit=cast(Unit, row["unit"]),
        kind=cast(Kind, row["kind"]),
        better=cast(Better, row["better"]),
        low=_number(row["low"]),
        high=_number(row["high"]),
        true_zero=row["true_zero"] == "yes",
        family=row["family"],
        definition=row["definition"],
        formula=row["formula"],
        usual=(_number(row["usual_low"]), _number(row["usual_high"])),
        usual_note=row["usual_note"],
        usual_source=row["usual_source"],
        spread=_number(row["spread"]),
        spread_kind=row["spread_kind"],
        spread_source=row["spread_source"],
    )


@functools.cache
def views(measure: str) -> tuple[View, ...]:
    """What each source says for and against paying on a measure.

    Examples
    --------
    >>> sorted({v.stance for v in views("expansion_arr")})
    ['avoid', 'conditional', 'pay']
    """
    return tuple(
        View(r["measure"], r["source"], cast(Stance, r["stance"]), r["condition"], r["for"], r["against"])
        for r in facts.table("measure_views")
        if r["measure"] == measure
    )


__getattr__ = forward_names(__name__)
