"""Payout curves: each kind of curve compiles to one `PayoutCurve`.

A curve gives the fraction of a component's target pay that a result earns. Every kind becomes ascending knots, the
value at each knot, and the slope from that knot to the next. One evaluation serves a single person, a million people
and every chart, and cliffs, dead zones, marginal rates and expected payout follow from the same three arrays.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from compplan.arrays import BoolArray, FloatArray
from compplan.curve_kinds import TOLERANCE, AnyCurve, Better, Curve, Goal, Linear, Retroactive, Segment, Step, Tiered
from compplan.errors import CurveError, Problem

__all__ = [
    "TOLERANCE",
    "AnyCurve",
    "Better",
    "Cliff",
    "Curve",
    "Goal",
    "Linear",
    "PayoutCurve",
    "Retroactive",
    "Step",
    "Tiered",
    "compile_curve",
]

_CHUNK = 16_384  # rows whose working arrays stay in a core's cache
_FEW = 12  # up to this many edges, counting the passed ones beats a binary search


@dataclass(frozen=True, slots=True)
class Cliff:
    """A jump of a payout curve.

    Attributes
    ----------
    x : float
        The result at which the higher payout is earned [the curve's axis].
    before, at : float [fraction of target pay]
        Payout just short of `x`, and at `x`.
    """

    x: float
    before: float
    at: float

    @property
    def jump(self) -> float:
        """Height of the jump [fraction of target pay]."""
        return self.at - self.before


@dataclass(frozen=True, slots=True, eq=False)
class PayoutCurve:
    """A compiled payout curve.

    Attributes
    ----------
    knots : ndarray, shape (k,)
        Strictly ascending. Where less is better, the negated results, so that later is always better.
    values : ndarray, shape (k,) [fraction of target pay]
        Payout at each knot.
    slopes : ndarray, shape (k,) [fraction per unit of the axis]
        Slope from each knot to the next; the last one has no end.
    below : float [fraction of target pay]
        Payout short of the first knot: 0, except for a floor, or a modifier, which holds its first value.
    better : {'more', 'less'}
        Which way a result improves.

    Notes
    -----
    With ``z = x`` (more is better) or ``z = -x`` (less is better)

        f(x) = below                        for z < b_0
        f(x) = y_k + s_k * (z - b_k)        for b_k <= z < b_(k+1)

    A knot belongs to the segment on its right, so "at or above pays"; a result within ``1e-9 * max(1, |b|)`` of
    a knot is at the knot.

    Examples
    --------
    >>> curve = compile_curve(Linear(kind="linear", points=((0.86, 0.5), (0.92, 1.0), (0.97, 1.8))))
    >>> curve(0.92)
    1.0
    >>> curve(np.array([0.85, 0.86, 0.89, 0.99])).round(4).tolist()
    [0.0, 0.5, 0.75, 1.8]
    >>> curve.cliffs()
    (Cliff(x=0.86, before=0.0, at=0.5),)
    """

    knots: FloatArray
    values: FloatArray
    slopes: FloatArray
    below: float = 0.0
    better: Better = "more"
    _edges: FloatArray = field(init=False, repr=False)
    _table: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        tolerance = TOLERANCE * np.maximum(1.0, np.abs(self.knots))
        # Row 0 is below the first knot; then one row for each knot. Columns: start, value, slope, tolerance.
        table = np.column_stack(
            [
                np.concatenate([self.knots[:1], self.knots]),
                np.concatenate([[self.below], self.values]),
                np.concatenate([[0.0], self.slopes]),
                np.concatenate([tolerance[:1], tolerance]),
            ]
        )
        edges = self.knots - tolerance
        for array in (self.knots, self.values, self.slopes, edges, table):
            array.setflags(write=False)
        object.__setattr__(self, "_edges", edges)
        object.__setattr__(self, "_table", table)

    @property
    def sign(self) -> float:
        """+1 where more is better, -1 where less is better."""
        return 1.0 if self.better == "more" else -1.0

    @overload
    def __call__(self, x: float) -> float: ...
    @overload
    def __call__(self, x: NDArray[Any]) -> FloatArray: ...
    def __call__(self, x: float | NDArray[Any]) -> float | FloatArray:
        """Payout fraction of a result.

        Parameters
        ----------
        x : float or ndarray, any shape [the curve's axis: the measure's units, or attainment]

        Returns
        -------
        float or ndarray of float64 [fraction of target pay]
            The shape of `x`. NaN stays NaN. An infinite result pays the value beyond the last knot, or infinity where
            the last slope is not 0.
        """
        results = np.asarray(x, dtype=np.float64)
        flat = results.reshape(-1)
        out = np.empty_like(flat)
        width = min(_CHUNK, flat.size)
        buffers = _Buffers(width)
        for start in range(0, flat.size, _CHUNK):
            part = slice(start, start + _CHUNK)
            self._evaluate(flat[part], out[part], buffers)
        return float(out[0]) if results.ndim == 0 else out.reshape(results.shape)

    def _evaluate(self, x: FloatArray, out: FloatArray, buffers: _Buffers) -> None:
        n = x.size
        index, z, work = buffers.index[:n], buffers.z[:n], buffers.work[:n]
        results = x
        if self.better == "less":
            x = np.negative(x, out=z)
        self._segment(x, index, buffers.passed[:n])
        # The four numbers of a segment are one row of 32 bytes: one fetch is far cheaper than four.
        rows = buffers.rows[:n]
        self._table.take(index, axis=0, out=rows, mode="clip")
        start, value, slope, slack = rows.T
        with np.errstate(invalid="ignore"):
            np.subtract(x, start, out=z)
            np.copyto(work, np.greater(z, slack, out=buffers.passed[:n]))
            np.multiply(z, work, out=z)
            np.multiply(z, slope, out=z)
            np.add(z, value, out=out)
        if n and not math.isfinite(float(out.max())):
            self._set_infinite(results * self.sign, out)  # x may share memory with z, which is overwritten by now

    def _segment(self, z: FloatArray, index: NDArray[np.int8], passed: BoolArray) -> None:
        """Number of knots at or below each result."""
        if self._edges.size > _FEW:
            index[:] = np.searchsorted(self._edges, z, side="right")
            return
        index.fill(0)
        for edge in self._edges:
            np.greater_equal(z, edge, out=passed)
            np.add(index, passed.view(np.int8), out=index)

    def _set_infinite(self, z: FloatArray, out: FloatArray) -> None:
        """Payout of infinite results and NaN, where 0 * inf is not a number."""
        out[np.isnan(z)] = np.nan
        out[z == -np.inf] = self.below
        out[z == np.inf] = self.values[-1] if self.slopes[-1] == 0 else np.inf

    def slope(self, x: float | NDArray[Any]) -> Any:
        """Marginal payout: the slope at a result; at a knot, that of the segment on its right.

        Parameters
        ----------
        x : float or ndarray, any shape [the curve's axis]

        Returns
        -------
        float or ndarray of float64 [fraction of target pay per unit of x]
            Negative where less is better.

        Examples
        --------
        >>> curve = compile_curve(Tiered(kind="tiered", tiers=((0.0, 1.0), (1.0, 1.5)), cap=2.0))
        >>> curve.slope(np.array([0.5, 1.0, 1.9])).tolist()
        [1.0, 1.5, 0.0]
        """
        z = np.asarray(x, dtype=np.float64) * self.sign
        slopes = self._table[:, 2][np.searchsorted(self._edges, z, side="right")] * self.sign + 0.0
        slopes = np.where(np.isnan(z), np.nan, slopes)
        return float(slopes) if z.ndim == 0 else slopes

    def cliffs(self) -> tuple[Cliff, ...]:
        """Jumps of the curve, from the worst result to the best."""
        before = self._approach()
        return tuple(
            Cliff(float(b * self.sign), float(left), float(y))
            for b, left, y in zip(self.knots, before, self.values, strict=True)
            if y - left > 1e-12
        )

    def dead_zones(self) -> tuple[tuple[float, float], ...]:
        """Ranges of results where a better result earns no more: (from, to) in ascending x, ends may be infinite.

        Examples
        --------
        >>> compile_curve(Goal(kind="goal", at=0.9)).dead_zones()
        ((-inf, 0.9), (0.9, inf))
        """
        ends = np.concatenate([self.knots[1:], [np.inf]])
        zones = [(-np.inf, float(self.knots[0]))]
        zones += [(float(b), float(e)) for b, e, s in zip(self.knots, ends, self.slopes, strict=True) if s == 0]
        if self.better == "less":
            zones = [(-end, -start) for start, end in reversed(zones)]
        return tuple(zones)

    def points(self) -> tuple[tuple[float, float], ...]:
        """(x, payout) at every knot, from the worst result to the best."""
        return tuple((float(b * self.sign), float(y)) for b, y in zip(self.knots, self.values, strict=True))

    @property
    def highest(self) -> float:
        """Maximum payout of the curve [fraction of target pay]; infinite where nothing limits it."""
        return float(self.values[-1]) if self.slopes[-1] == 0 else math.inf

    def reach(self, payout: float) -> float | None:
        """Worst result that pays at least `payout`, or None where no result does.

        Examples
        --------
        >>> curve = compile_curve(Linear(kind="linear", points=((0.86, 0.5), (0.92, 1.0), (0.97, 1.8))))
        >>> round(curve.reach(0.75), 4), curve.reach(0.2), curve.reach(2)
        (0.89, 0.86, None)
        """
        x = float(self.reaches(np.array([payout]))[0])
        return None if math.isnan(x) else x

    def reaches(self, payouts: FloatArray) -> FloatArray:
        """Worst result that pays at least each payout; NaN where no result does.

        Parameters
        ----------
        payouts : ndarray, shape (n,) [fraction of target pay]

        Returns
        -------
        ndarray, shape (n,) [the curve's axis]
            Infinite where every result pays at least as much.
        """
        payout = payouts[:, None]
        ends = np.append(self.knots[1:], np.inf)
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = self.knots + (payout - self.values) / self.slopes
        at_knot = self.values >= payout - TOLERANCE
        hit = at_knot | ((self.slopes > 0) & (inside < ends))
        first = hit.argmax(axis=1)
        rows = np.arange(payouts.size)
        z = np.where(at_knot[rows, first], self.knots[first], inside[rows, first])
        z = np.where(hit.any(axis=1), z, np.nan)
        return np.where(payouts <= self.below, -np.inf, z) * self.sign

    def expected(self, mean: float, sd: float) -> float:
        """Expected payout when the result is normally distributed.

        Parameters
        ----------
        mean, sd : float [the curve's axis]
            Mean and standard deviation of the result; with an `sd` of 0, the payout of the mean.

        Returns
        -------
        float [fraction of target pay]

        Raises
        ------
        CurveError
            If `sd` is negative, or one of them is not finite.

        Notes
        -----
        With the curve as a sum of bends and jumps, and ``d_k = (mean - b_k) / sd``

            E[f] = below + sum_k J_k * Phi(d_k) + (s_k - s_(k-1)) * (mean - b_k) * Phi(d_k)
                   + (s_k - s_(k-1)) * sd * phi(d_k)

        Examples
        --------
        >>> curve = compile_curve(Linear(kind="linear", points=((0.85, 0.5), (0.92, 1.0), (0.97, 1.5))))
        >>> round(curve.expected(0.92, 0.03), 6)
        1.024051
        """
        if not (math.isfinite(mean) and math.isfinite(sd)) or sd < 0:
            message = f"mean and sd must be finite, and sd 0 or more. You entered mean={mean} and sd={sd}."
            raise CurveError([Problem("", message)])
        if sd == 0:
            return self(float(mean))
        unit = NormalDist()
        center = mean * self.sign
        jumps = self.values - self._approach()
        bends = np.diff(self.slopes, prepend=0.0)
        total = self.below
        for b, jump, bend in zip(self.knots.tolist(), jumps.tolist(), bends.tolist(), strict=True):
            d = (center - b) / sd
            above = unit.cdf(d)
            total += jump * above + bend * ((center - b) * above + sd * unit.pdf(d))
        return total

    def _approach(self) -> FloatArray:
        """Payout just short of each knot."""
        reached = self.values[:-1] + self.slopes[:-1] * np.diff(self.knots)
        return np.concatenate([[self.below], reached])


class _Buffers:
    """Working arrays of one chunk, reused for every chunk."""

    def __init__(self, width: int) -> None:
        self.index = np.empty(width, np.int8)
        self.passed = np.empty(width, np.bool_)
        self.z = np.empty(width)
        self.work = np.empty(width)
        self.rows = np.empty((width, 4))


def compile_curve(spec: AnyCurve, *, better: Better = "more", unit: float = 1.0, hold: bool = False) -> PayoutCurve:
    """Compile a curve of any kind.

    Parameters
    ----------
    spec : Linear, Step, Tiered, Retroactive or Goal
    better : {'more', 'less'}
        Which way a result improves; where less is better, points are in descending order.
    unit : float [the curve's axis]
        Result at which a rate of 1 pays 100%: the target where the axis is the measure, 1 where it is attainment.
        Only tiers use it.
    hold : bool
        Whether the first value also holds below the first knot, as for a modifier.

    Raises
    ------
    CurveError
        With every problem; places are relative to the curve.

    Examples
    --------
    >>> days = Linear(kind="linear", points=((90, 0.5), (60, 1.0), (45, 1.5)))
    >>> curve = compile_curve(days, better="less")
    >>> [curve(d) for d in (91, 90, 75, 60, 30)]
    [0.0, 0.5, 0.75, 1.0, 1.5]
    """
    segments = spec.segments(better, unit)
    below = segments[0].value if hold else 0.0
    if spec.cap is not None and spec.floor is not None and spec.floor > spec.cap:
        raise CurveError([Problem("floor", f"must not be above the cap of {spec.cap:g}. You entered {spec.floor:g}.")])
    if spec.cap is not None:
        segments = _capped(segments, spec.cap)
        below = min(below, spec.cap)
    if spec.floor is not None:
        segments = _floored(segments, spec.floor)
        below = max(below, spec.floor)
    if spec.threshold is not None:
        segments = _cut_below(segments, spec.threshold if better == "more" else -spec.threshold, below)
        below = 0.0
    columns = np.array([[s.start + 0.0, s.value, s.slope] for s in segments]).T
    return PayoutCurve(columns[0].copy(), columns[1].copy(), columns[2].copy(), below, better)


def _end_value(segments: list[Segment], k: int) -> float:
    this = segments[k]
    if k + 1 == len(segments):
        return math.inf if this.slope > 0 else this.value
    return this.value + this.slope * (segments[k + 1].start - this.start)


def _capped(segments: list[Segment], cap: float) -> list[Segment]:
    capped: list[Segment] = []
    for k, this in enumerate(segments):
        if this.value >= cap:
            capped.append(Segment(this.start, cap, 0.0))
            return capped
        capped.append(this)
        if _end_value(segments, k) > cap:
            capped.append(Segment(this.start + (cap - this.value) / this.slope, cap, 0.0))
            return capped
    return capped


def _floored(segments: list[Segment], floor: float) -> list[Segment]:
    raised: list[Segment] = []
    for k, this in enumerate(segments):
        if this.value >= floor:
            raised.append(this)
            continue
        if not raised:
            raised.append(Segment(this.start, floor, 0.0))
        if _end_value(segments, k) > floor:
            raised.append(Segment(this.start + (floor - this.value) / this.slope, floor, this.slope))
    return raised


def _cut_below(segments: list[Segment], threshold: float, below: float) -> list[Segment]:
    later = [s for s in segments if s.start > threshold]
    earlier = [s for s in segments if s.start <= threshold]
    if earlier:
        last = earlier[-1]
        at = Segment(threshold, last.value + last.slope * (threshold - last.start), last.slope)
    else:
        at = Segment(threshold, below, 0.0)
    return [at, *later]
