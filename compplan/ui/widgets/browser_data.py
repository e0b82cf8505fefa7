"""What the sliders and the charts of a page send: the browser can send any data, so all of it is checked here."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

Mode = Literal["weights", "free"]

LARGEST_COUNT = 2**53


@dataclass(frozen=True, slots=True)
class SliderChange:
    """What the sliders say now. `done` ends a gesture: one drag, or one burst of keys."""

    values: Mapping[str, float]
    locks: Mapping[str, bool]
    gesture: int
    done: bool
    seq: int


@dataclass(frozen=True, slots=True)
class ClickedPoint:
    """A point that a person clicked in a figure."""

    figure: str
    curve: int
    index: tuple[int, ...]
    x: float | str | None
    y: float | str | None


def read_change(raw: object, rows: Sequence[Mapping[str, Any]], mode: Mode, rev: int) -> SliderChange | None:
    """The change that the browser sent, or None if it is not one that these sliders can make."""
    change = read_mapping(raw)
    if change is None or change.get("rev") != rev:
        return None
    gesture, seq, done = _count(change.get("gesture")), _count(change.get("seq")), change.get("done")
    sent_values, sent_locks = read_mapping(change.get("values")), read_mapping(change.get("locks"))
    ids = {row["id"] for row in rows}
    if gesture is None or seq is None or not isinstance(done, bool) or sent_values is None or sent_locks is None:
        return None
    if set(sent_values) != ids or set(sent_locks) != ids:
        return None

    values: dict[str, float] = {}
    locks: dict[str, bool] = {}
    for row in rows:
        value, lock = _number(sent_values[row["id"]]), sent_locks[row["id"]]
        if value is None or not isinstance(lock, bool):
            return None
        values[row["id"]] = min(max(value, row["min"]), row["max"])
        if mode == "weights" and values[row["id"]] != value:
            return None
        locks[row["id"]] = lock
    if mode == "weights" and abs(math.fsum(values.values()) - 100) > 1e-6:
        return None
    return SliderChange(values, locks, gesture, done, seq)


def read_point(raw: object, figures: set[str]) -> ClickedPoint | None:
    """The point that the browser sent, or None if it is not one of these figures."""
    point = read_mapping(raw)
    if point is None or point.get("figure") not in figures:
        return None
    curve, sent_index = _count(point.get("curve")), point.get("index")
    if curve is None or not isinstance(sent_index, list):
        return None
    index = [_count(part) for part in cast(list[object], sent_index)]
    if not 1 <= len(index) <= 2 or None in index:
        return None
    x, y = (_coordinate(point.get(name)) for name in ("x", "y"))
    return ClickedPoint(str(point["figure"]), curve, tuple(part for part in index if part is not None), x, y)


def _coordinate(value: object) -> float | str | None:
    return value[:200] if isinstance(value, str) else _number(value)


def read_mapping(value: object) -> Mapping[str, object] | None:
    """The value if it is a mapping, otherwise None."""
    return cast(Mapping[str, object], value) if isinstance(value, Mapping) else None


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value < LARGEST_COUNT else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) else None
    except OverflowError:
        return None
