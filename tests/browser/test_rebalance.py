"""The rule by which weights make room for one another, as the browser runs it."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

import compplan.ui

pytestmark = pytest.mark.browser

SCRIPT = Path(compplan.ui.__path__[0]) / "assets" / "rebalance.js"

Rebalance = Callable[[list[float], list[bool], int, float], list[float]]


@pytest.fixture(scope="module")
def rebalance(chromium: Browser) -> Iterator[Rebalance]:
    page = chromium.new_page()
    source = SCRIPT.read_text(encoding="utf-8").replace("export function", "function")
    page.evaluate("source => { window.rebalance = new Function(`${source}; return rebalance`)(); }", source)
    yield lambda *arguments: page.evaluate("arguments => window.rebalance(...arguments)", list(arguments))
    page.close()


def exact(values: list[int], locked: list[bool], moved: int, wanted: int) -> list[int]:
    """The same rule in fractions, for whole percents."""
    fellows = [row for row in range(len(values)) if row != moved and not locked[row]]
    if locked[moved] or not fellows:
        return values
    room = 100 - sum(value for row, value in enumerate(values) if row != moved and locked[row])
    target = min(max(wanted, 0), room)
    before = sum(values[row] for row in fellows)
    shares = {
        row: Fraction((room - target) * values[row], before) if before else Fraction(room - target, len(fellows))
        for row in fellows
    }
    result = [*values]
    result[moved] = target
    for row in fellows:
        result[row] = int(shares[row])
    spare = 100 - sum(result)
    for row in sorted(fellows, key=lambda row: (result[row] - shares[row], row))[:spare]:
        result[row] += 1
    return result


@st.composite
def weights(draw: st.DrawFn) -> tuple[list[int], list[bool], int]:
    """Whole percents that sum to 100, which of them are locked, and which one moves."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=7)))
    values = [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]
    locked = draw(st.lists(st.booleans(), min_size=len(values), max_size=len(values)))
    return values, locked, draw(st.integers(0, len(values) - 1))


# The fixture is one page for all examples: the function under test keeps no state
many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@many
@given(given_weights=weights(), wanted=st.integers(-20, 120))
def test_whole_percents_follow_the_exact_rule(
    rebalance: Rebalance, given_weights: tuple[list[int], list[bool], int], wanted: int
) -> None:
    values, locked, moved = given_weights
    assert rebalance(values, locked, moved, wanted) == exact(values, locked, moved, wanted)


@many
@given(given_weights=weights(), noise=st.integers(1, 9999), wanted=st.floats(-1000, 1000))
def test_fractional_weights_sum_to_100_and_locked_ones_do_not_move(
    rebalance: Rebalance, given_weights: tuple[list[int], list[bool], int], noise: int, wanted: float
) -> None:
    values, locked, moved = given_weights
    assume(len(values) > 1)
    loaded: list[float] = [*values]
    giver = max(range(len(values)), key=values.__getitem__)
    assume(values[giver] > 1)
    loaded[giver] = round(loaded[giver] - noise / 10000, 4)
    loaded[giver - 1] = round(loaded[giver - 1] + noise / 10000, 4)
    result = rebalance(loaded, locked, moved, wanted)
    assert sum(result) == pytest.approx(100, abs=1e-8)
    assert all(0 <= value <= 100 + 1e-9 for value in result)
    assert all(after == before for after, before, lock in zip(result, loaded, locked, strict=True) if lock)
    broken = [row for row, value in enumerate(result) if value != int(value) and not locked[row]]
    assert result == loaded or len(broken) <= 1, "at most one carries the fraction that the locks leave"


@many
@given(given_weights=weights())
def test_weight_moved_back_restores_all_weights(
    rebalance: Rebalance, given_weights: tuple[list[int], list[bool], int]
) -> None:
    values, locked, moved = given_weights
    assert rebalance(values, locked, moved, values[moved]) == values


@many
@given(given_weights=weights(), wanted=st.integers(0, 100))
def test_heavier_component_stays_at_least_as_heavy(
    rebalance: Rebalance, given_weights: tuple[list[int], list[bool], int], wanted: int
) -> None:
    values, locked, moved = given_weights
    result = rebalance(values, locked, moved, wanted)
    fellows = [row for row in range(len(values)) if row != moved and not locked[row]]
    for a in fellows:
        for b in fellows:
            if (values[a], b) > (values[b], a):
                assert result[a] >= result[b]


@pytest.mark.parametrize(
    ("values", "locked", "moved", "wanted", "expected"),
    [
        pytest.param([45, 35, 20], [0, 0, 0], 0, 60, [60, 25, 15], id="in proportion, the tie to the first row"),
        pytest.param([45, 35, 20], [0, 0, 0], 0, 0, [0, 64, 36], id="largest remainder"),
        pytest.param([100, 0, 0], [0, 0, 0], 0, 41, [41, 30, 29], id="fellows at zero share equally"),
        pytest.param([45, 35, 20], [0, 1, 0], 0, 90, [65, 35, 0], id="not beyond what the locks leave"),
        pytest.param([45, 35, 20], [0, 1, 1], 0, 10, [45, 35, 20], id="all fellows locked"),
        pytest.param([45, 35, 20], [1, 0, 0], 0, 10, [45, 35, 20], id="itself locked"),
        pytest.param([100], [0], 0, 10, [100], id="alone"),
        pytest.param([56.25, 33.75, 10], [0, 0, 0], 2, 11, [56, 33, 11], id="loaded fractions become whole"),
        pytest.param([56.25, 33.75, 10], [1, 0, 0], 2, 20, [56.25, 23.75, 20], id="a fellow carries the fraction"),
        pytest.param([50, 30, 20], [0, 0, 0], 0, None, [50, 30, 20], id="nothing that is a number"),
    ],
)
def test_moving_one_weight_gives_the_expected_weights(
    rebalance: Rebalance,
    values: list[float],
    locked: list[int],
    moved: int,
    wanted: float | None,
    expected: list[float],
) -> None:
    at = float("nan") if wanted is None else wanted
    assert rebalance(values, [bool(lock) for lock in locked], moved, at) == expected
