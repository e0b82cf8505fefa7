"""A payout curve of four segments with a jump on a million results, against OpenFisca and np.interp.

Run it with ``python perf/bench_curve.py``; it needs the ``bench`` extra. Equality is checked before anything is
timed; every round times each contender once, in turning order, and medians are compared.
"""

from __future__ import annotations

import statistics
import time
import tracemalloc
from collections.abc import Callable

import numpy as np
from openfisca_core.taxscales import MarginalRateTaxScale

from compplan.curves import Linear, compile_curve

N = 1_000_000
ROUNDS = 21
SEED = 20260101

# Four segments; the first curve is also a tax scale, the second one jumps by 0.2 at 80%.
SMOOTH = ((0.5, 0.0), (0.8, 0.3), (1.0, 1.0), (1.2, 1.8))
JUMPY = ((0.5, 0.0), (0.8, 0.3), (0.8, 0.5), (1.0, 1.0), (1.2, 1.8))


def interleaved(contenders: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Median seconds of each, every round in another order, after one round that does not count."""
    names = list(contenders)
    seconds: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            start = time.perf_counter()
            contenders[name]()
            if number:
                seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) for name, taken in seconds.items()}


def tax_scale() -> MarginalRateTaxScale:
    """The curve without a jump as OpenFisca has it: thresholds and marginal rates."""
    scale = MarginalRateTaxScale()
    for i, (x, y) in enumerate(SMOOTH):
        last = i + 1 == len(SMOOTH)
        scale.add_bracket(x, 0.0 if last else (SMOOTH[i + 1][1] - y) / (SMOOTH[i + 1][0] - x))
    return scale


def peak_beyond_output(call: Callable[[], np.ndarray]) -> float:
    """Most memory in use while it runs, less its output [MiB]; the input is there before."""
    tracemalloc.start()
    out = call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return (peak - out.nbytes) / 2**20


def told(what: str, value: str, goal: str, met: bool) -> None:
    print(f"  {what:<44} {value:>10}   goal {goal:<12} {'met' if met else 'MISSED'}")


def main() -> None:
    x = np.random.default_rng(SEED).normal(0.95, 0.2, N)
    smooth = compile_curve(Linear(kind="linear", points=SMOOTH))
    jumpy = compile_curve(Linear(kind="linear", points=JUMPY))
    scale = tax_scale()
    xs, ys = np.array(JUMPY).T
    xs_smooth, ys_smooth = np.array(SMOOTH).T
    assert jumpy.knots.size == 4
    assert len(jumpy.cliffs()) == 1

    np.testing.assert_allclose(smooth(x), scale.calc(x), rtol=0, atol=1e-9)
    np.testing.assert_allclose(smooth(x), np.interp(x, xs_smooth, ys_smooth, left=0.0), rtol=0, atol=1e-9)
    away = np.abs(x - 0.8) > 1e-8
    np.testing.assert_allclose(jumpy(x)[away], np.interp(x[away], xs, ys, left=0.0), rtol=0, atol=1e-9)
    print(f"equal on {N:,} results: to OpenFisca and np.interp without a jump, to np.interp away from the jump")

    ordered = np.sort(x)
    taken = interleaved(
        {
            "compplan": lambda: jumpy(x),
            "np.interp": lambda: np.interp(x, xs, ys, left=0.0),
            "OpenFisca": lambda: scale.calc(x),
            "compplan, sorted": lambda: jumpy(ordered),
            "np.interp, sorted": lambda: np.interp(ordered, xs, ys, left=0.0),
        },
        ROUNDS,
    )
    print(f"median of {ROUNDS} interleaved rounds")
    for name, seconds in taken.items():
        print(f"  {name:<20} {seconds * 1e3:8.2f} ms")
    faster = taken["OpenFisca"] / taken["compplan"]
    against = taken["compplan"] / taken["np.interp"]
    memory = peak_beyond_output(lambda: jumpy(x))
    told("times as fast as OpenFisca", f"{faster:.1f}x", ">= 6x", faster >= 6)
    told("time against np.interp", f"{against:.2f}x", "<= 1.5x", against <= 1.5)
    told("memory beyond input and output", f"{memory:.2f} MiB", "<= 25 MiB", memory <= 25)
    against_sorted = taken["compplan, sorted"] / taken["np.interp, sorted"]
    print(f"  for information: on sorted results {against_sorted:.2f}x the time of np.interp")


if __name__ == "__main__":
    main()
