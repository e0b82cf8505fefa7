"""What an import costs: fresh processes, medians, and what must not be loaded.

Run it with ``python perf/bench_imports.py``. The time is that of the import statement itself, without the start
of Python; every import is run once before it counts, so that byte code is there.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys

ROUNDS = 15
GOAL = 0.05
HEAVY = ("streamlit", "plotly", "pandas")
STATEMENTS = (
    "import compplan",
    "from compplan import Plan",
    "import compplan.payout",
    "import compplan.cli",
)
PROBE = """
import json, sys, time
start = time.perf_counter()
{statement}
taken = time.perf_counter() - start
print(json.dumps([taken, [name for name in {heavy!r} if name in sys.modules]]))
"""


def once(statement: str) -> tuple[float, list[str]]:
    """Seconds that a statement takes in a process of its own, and the heavy modules that it loaded."""
    code = PROBE.format(statement=statement, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    taken, loaded = json.loads(done.stdout)
    return taken, loaded


def main() -> None:
    seconds: dict[str, list[float]] = {statement: [] for statement in STATEMENTS}
    loaded: dict[str, list[str]] = {}
    for number in range(ROUNDS + 1):
        for statement in STATEMENTS:
            taken, loaded[statement] = once(statement)
            if number:
                seconds[statement].append(taken)
    print(f"median of {ROUNDS} fresh processes, interleaved")
    for statement in STATEMENTS:
        median = statistics.median(seconds[statement])
        heavy = ", ".join(loaded[statement]) or "none"
        goal = ""
        if statement == STATEMENTS[0]:
            met = median <= GOAL and not loaded[statement]
            goal = f"   goal <= {GOAL} s and none of them   {'met' if met else 'MISSED'}"
        print(f"  {statement:<26} {median:6.3f} s   of {', '.join(HEAVY)}: {heavy}{goal}")


if __name__ == "__main__":
    main()
