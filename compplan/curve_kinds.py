"""The kinds of payout curve as a plan writes them: their fields, their names, and how each becomes segments.

A new kind is one class here, added to `AnyCurve`. A class without `segments` or its names is refused when it is
defined; the type checker asks for the workbook's formula of the new kind.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import Field, Strict

from compplan.errors import CurveError, Problem
from compplan.models import FrozenModel, zero_or_at_least

Better = Literal["more", "less"]

# A result within this distance of a knot, relative to max(1, |knot|), is at the knot.
TOLERANCE = 1e-9

Number = Annotated[float, Strict(), Field(ge=-1e12, le=1e12, allow_inf_nan=False), zero_or_at_least(1e-9)]
Fraction = Annotated[float, Strict(), Field(ge=0, le=1000, allow_inf_nan=False), zero_or_at_least(1e-9)]
Pair = tuple[Number, Fraction]
Pairs = Annotated[tuple[Pair, ...], Field(min_length=1, max_length=100)]


@dataclass(slots=True)
class Segment:
    """A stretch of a curve: from a result on, the payout there and its slope.

    Attributes
    ----------
    start : float
        In the direction in which results improve: the negated result where less is better.
    value : float [fraction of target pay]
    slope : float [fraction per unit of the axis]
    """

    start: float
    value: float
    slope: float


class CurveKind(FrozenModel):
    """What curves of every kind have.

    Attributes
    ----------
    label : str
        What people call the kind.
    point_word : str
        What people call one of its points.
    pays_a_rate : bool
        Whether each point has a rate instead of a payout; such a kind needs a measure where more is better.
    """

    error_class = CurveError
    label: ClassVar[str]
    point_word: ClassVar[str]
    pays_a_rate: ClassVar[bool] = False

    cap: Fraction | None = Field(default=None, description="Pays at most this fraction of target pay.")
    floor: Fraction | None = Field(default=None, description="Pays at least this fraction of target pay.")
    threshold: Number | None = Field(default=None, description="Below this result it pays nothing, even with a floor.")

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Refuse a kind without its names or `segments` when it is defined."""
        super().__pydantic_init_subclass__(**options)
        if getattr(cls.segments, "__isabstractmethod__", False):
            raise TypeError(f"{cls.__name__} needs a method 'segments'.")
        for name in ("label", "point_word"):
            if not hasattr(cls, name):
                raise TypeError(f"{cls.__name__} needs a class attribute {name!r}.")

    @classmethod
    def broken_rule(cls, steps: tuple[int | str, ...], kind: str) -> str:
        """A negative rate makes the curve go down."""
        return "INT-04" if kind == "greater_than_equal" and steps[0] in RATES and steps[-1] == 1 else ""

    @property
    def pairs(self) -> Pairs:
        """Its points: result and payout, or result and rate."""
        return getattr(self, f"{self.point_word}s")

    @abstractmethod
    def segments(self, better: Better, unit: float) -> list[Segment]:
        """The curve without its cap, floor and threshold.

        Parameters
        ----------
        better : {'more', 'less'}
        unit : float [the curve's axis]
            What a rate of 1 needs to pay 100%.

        Raises
        ------
        CurveError
            With the place of every fault, relative to the curve.
        """

    @classmethod
    def starter(cls, points: list[list[float]], target: float, lowest: float) -> dict[str, Any]:
        """Plain data of a curve to start from, which pays 100% at target.

        Parameters
        ----------
        points : list of [result, payout]
            Below, at and above target, within the limits of the measure.
        target : float [the curve's axis]
        lowest : float [the curve's axis]
            Result from which a rate pays.
        """
        return {"kind": _kind_name(cls), f"{cls.point_word}s": points}

    @classmethod
    def name_in_text(cls) -> str:
        """Its label within a sentence.

        Examples
        --------
        >>> Tiered.name_in_text()
        'tiers, each slice at its rate'
        """
        return cls.label[0].lower() + cls.label[1:]

    def results(self) -> list[tuple[str, float]]:
        """Every result that the curve names, with its place in the curve.

        Examples
        --------
        >>> Step(kind="step", steps=((4.2, 0.5), (4.5, 1.0)), threshold=4.0).results()
        [('steps[0]', 4.2), ('steps[1]', 4.5), ('threshold', 4.0)]
        """
        results = [(self._place(i), x) for i, (x, _) in enumerate(self.pairs)]
        return results if self.threshold is None else [*results, ("threshold", self.threshold)]

    def _place(self, i: int) -> str:
        return f"{self.point_word}s[{i}]"


class Linear(CurveKind):
    """Straight lines between points; flat above the last unless `above` is ``extend``."""

    label = "Straight lines"
    point_word = "point"

    kind: Literal["linear"]
    points: Pairs = Field(description="[result, payout fraction], worst result first; one result twice is a jump.")
    above: Literal["flat", "extend"] = Field(default="flat", description="What happens above the last point.")

    def segments(self, better: Better, unit: float) -> list[Segment]:
        """Lines from each point to the next."""
        sign = 1.0 if better == "more" else -1.0
        xs = [x for x, _ in self.points]
        problems = order_problems(self.points, "points", sign, "the payout", jumps=True)
        _refuse([*problems, *self._jump_problems(xs)])
        segments: list[Segment] = []
        for i, (x, y) in enumerate(self.points):
            if i + 1 == len(self.points):
                slope = segments[-1].slope if self.above == "extend" else 0.0
            elif xs[i + 1] == x:
                continue
            else:
                slope = (self.points[i + 1][1] - y) / ((xs[i + 1] - x) * sign)
            segments.append(Segment(x * sign, y, slope))
        return segments

    def _jump_problems(self, xs: list[float]) -> list[Problem]:
        problems = [
            Problem(f"points[{i}]", f"{x:g} is listed three times; a jump needs it twice.", "INT-05")
            for i, x in enumerate(xs)
            if xs[:i].count(x) == 2
        ]
        if len(xs) > 1 and xs[0] == xs[1] and self.points[0][1] > 0:
            message = f"jumps twice at {xs[0]:g}, from 0 and from {self.points[0][1]:g}; leave out the first point."
            problems.append(Problem("points[1]", message, "INT-05"))
        if self.above == "extend" and (len(xs) < 2 or xs[-1] == xs[-2]):
            problems.append(Problem("above", "extend needs the last two points at different results, for a slope."))
        return problems


class Step(CurveKind):
    """Flat from each step to the next."""

    label = "Steps"
    point_word = "step"

    kind: Literal["step"]
    steps: Pairs = Field(description="[result, payout fraction], worst result first.")

    def segments(self, better: Better, unit: float) -> list[Segment]:
        """A flat stretch from each step."""
        sign = 1.0 if better == "more" else -1.0
        _refuse(order_problems(self.steps, "steps", sign, "the payout"))
        return [Segment(x * sign, y, 0.0) for x, y in self.steps]


class Tiered(CurveKind):
    """Each slice is paid at the rate of the tier it falls in (marginal rates)."""

    label = "Tiers, each slice at its rate"
    point_word = "tier"
    pays_a_rate = True

    kind: Literal["tiered"]
    tiers: Pairs = Field(description="[from, rate]; rate 1 pays 100% at target when paid from zero.")

    def segments(self, better: Better, unit: float) -> list[Segment]:
        """A stretch from each tier to the next, which goes on from what is earned there."""
        problems = [p for p in order_problems(self.tiers, "tiers", 1.0, "the rate") if p.rule == "INT-05"]
        _refuse_tiers(self.kind, self.tiers, better, problems)
        segments: list[Segment] = []
        earned = 0.0
        for i, (x, rate) in enumerate(self.tiers):
            if segments:
                earned += segments[-1].slope * (x - self.tiers[i - 1][0])
            segments.append(Segment(x, earned, rate / unit))
        return segments

    @classmethod
    def starter(cls, points: list[list[float]], target: float, lowest: float) -> dict[str, Any]:
        """The proportional rate up to target, half as much again beyond."""
        return {"kind": "tiered", "tiers": [[lowest, 1.0], [target, 1.5]]}


class Retroactive(CurveKind):
    """All of the result is paid at the rate of the tier it reaches (back to the first dollar)."""

    label = "Tiers, all at the rate reached"
    point_word = "tier"
    pays_a_rate = True

    kind: Literal["retroactive"]
    tiers: Pairs = Field(description="[from, rate]; rate 1 pays 100% at target.")

    def segments(self, better: Better, unit: float) -> list[Segment]:
        """A stretch from each tier to the next, on the line from zero at the tier's rate."""
        _refuse_tiers(self.kind, self.tiers, better, order_problems(self.tiers, "tiers", 1.0, "the rate"))
        return [Segment(x, rate / unit * x, rate / unit) for x, rate in self.tiers]

    @classmethod
    def starter(cls, points: list[list[float]], target: float, lowest: float) -> dict[str, Any]:
        """The proportional rate, before and beyond target."""
        return {"kind": "retroactive", "tiers": [[lowest, 1.0], [target, 1.0]]}


class Goal(CurveKind):
    """All or nothing: 100% at or beyond `at`, nothing before."""

    label = "All or nothing"
    point_word = "goal"

    kind: Literal["goal"]
    at: Number = Field(description="The result that earns 100%.")

    @property
    def pairs(self) -> Pairs:
        """The goal, which pays 100%."""
        return ((self.at, 1.0),)

    def segments(self, better: Better, unit: float) -> list[Segment]:
        """100% from the goal on."""
        return [Segment(self.at if better == "more" else -self.at, 1.0, 0.0)]

    @classmethod
    def starter(cls, points: list[list[float]], target: float, lowest: float) -> dict[str, Any]:
        """The target as the goal."""
        return {"kind": "goal", "at": target}

    def _place(self, i: int) -> str:
        return "at"


AnyCurve = Linear | Step | Tiered | Retroactive | Goal
Curve = Annotated[AnyCurve, Field(discriminator="kind")]
# A modifier is a factor, so it has points with values and no rates.
ModifierCurve = Annotated[Linear | Step, Field(discriminator="kind")]


def _kind_name(kind: type[CurveKind]) -> str:
    return get_args(kind.model_fields["kind"].annotation)[0]


# Every kind by the word that a plan uses for it.
KINDS: dict[str, type[AnyCurve]] = {_kind_name(kind): kind for kind in get_args(AnyCurve)}
# What people call a point, by the field of a curve that lists them; `RATES` lists the fields with rates.
POINT_WORDS = {f"{kind.point_word}s": kind.point_word for kind in KINDS.values()}
RATES = frozenset(f"{kind.point_word}s" for kind in KINDS.values() if kind.pays_a_rate)


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise CurveError(problems)


def _refuse_tiers(kind: str, tiers: Pairs, better: Better, problems: list[Problem]) -> None:
    if better == "less":
        message = f"{kind} pays a rate per unit, so more must be better. Use linear, step or goal for this measure."
        raise CurveError([Problem("kind", message)])
    if tiers[0][0] < 0:
        problems = [*problems, Problem("tiers[0]", f"must start at 0 or above. You entered {tiers[0][0]:g}.")]
    _refuse(problems)


def order_problems(pairs: Pairs, name: str, sign: float, value: str, *, jumps: bool = False) -> list[Problem]:
    """Points that are out of order: results that do not improve, and values that go down.

    Parameters
    ----------
    pairs : tuple of (float, float)
    name : str
        The field of the curve that has them.
    sign : {1.0, -1.0}
        Whether better results are larger or smaller.
    value : str
        What the second number is called.
    jumps : bool
        Whether a result may be listed twice, for a jump.
    """
    direction = "rise" if sign > 0 else "fall (less is better)"
    problems: list[Problem] = []
    for i, ((x0, y0), (x1, y1)) in enumerate(pairwise(pairs), start=1):
        equal = x0 == x1
        if not (equal and jumps) and (x1 - x0) * sign <= 2 * TOLERANCE * max(1.0, abs(x0), abs(x1)):
            entered = f"{x1:g} twice" if equal else f"{x1:g} after {x0:g}"
            message = f"results must {direction} from one point to the next. You entered {entered}."
            problems.append(Problem(f"{name}[{i}]", message, "INT-05"))
        if y1 < y0:
            message = f"{value} must not go down as the result gets better. You entered {y1:g} after {y0:g}."
            problems.append(Problem(f"{name}[{i}]", message, "INT-04"))
    return problems
