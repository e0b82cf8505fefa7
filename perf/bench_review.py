"""The whole rule book on every template, against checking one changed plan anew.

    python perf/bench_review.py

The floor is `plan.edit` of one target: whatever moves a slider has to pay it before a review begins. Before anything
is timed, a review is checked to say the same twice, the same of a plan that was read again, and nothing else than its
rules say one by one. The two are timed in turns, in one process; each review is of a plan nobody has looked at before.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from compplan import templates
from compplan.plan import Plan
from compplan.review import Context, default_thresholds, review, rules
from compplan.review.findings import Issue
from compplan.review.subject import Subject

ROUNDS = 60
GOAL_MS = 5.0
TODAY = dt.date(2026, 6, 1)
# What many rules want to know: with it they work out what they would otherwise only ask for.
KNOWN: dict[str, Any] = {
    "charters": ["retention", "expansion"],
    "maturity": "developing",
    "renewal_owner": "csm",
    "expansion_owner": "ae",
    "team_size": 8,
    "country": "US",
    "states": ["CA", "NY"],
    "exempt": True,
    "book": {"accounts": 40, "arr": 4_000_000.0, "mean_acv": 100_000.0, "largest_share": 0.2},
}


def check(plan: Plan, context: Context) -> None:
    """Stop unless a review says the same twice, of the same plan read again, and rule by rule."""
    seen = review(plan, context, today=TODAY)
    for other in (plan, Plan.from_yaml(plan.to_yaml())):
        again = review(other, context, today=TODAY)
        assert (again.findings, again.unanswered, again.clear) == (seen.findings, seen.unanswered, seen.clear)
    subject = Subject(plan, context, TODAY)
    alone = Counter(
        (rule.id, found.place, found.message)
        for rule in rules().values()
        for found in rule.check(subject, default_thresholds()[rule.id])
        if isinstance(found, Issue)
    )
    assert alone == Counter((f.rule, f.place, f.message) for f in seen.findings)


def timed(call: Callable[[], object]) -> float:
    """Milliseconds of one call."""
    start = time.perf_counter()
    made = call()
    taken = time.perf_counter() - start
    # What was made is let go of outside the clock.
    del made
    return taken * 1e3


def measured(plan: Plan, context: Context, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of reviews and of edits, in turns, after one round that does not count."""
    reviews: list[float] = []
    edits: list[float] = []
    for number in range(rounds + 1):
        # As a slider does: another plan every time, so that nothing that is kept of a plan can help.
        base = plan.pay.base + number
        fresh = plan.edit({"pay.base": base})
        edited = timed(lambda plan=fresh, base=base: plan.edit({"pay.base": base + 1.0}))
        looked = timed(lambda plan=fresh: review(plan, context, today=TODAY))
        if number:
            edits.append(edited)
            reviews.append(looked)
    return reviews, edits


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args()
    context = Context.of(KNOWN)
    keys = templates.keys()
    for key in keys:
        check(templates.load(key), Context())
        check(templates.load(key), context)
    print(f"equal on {len(keys)} templates: twice, read again, and rule by rule ({len(rules())} rules)")
    print(f"ms, {asked.rounds} rounds each   {'median':>8} {'p95':>8} {'edit':>8} {'ratio':>7}")
    worst_median = worst_p95 = 0.0
    reviews: list[float] = []
    edits: list[float] = []
    for key in keys:
        looked, edited = measured(templates.load(key), context, asked.rounds)
        middle, floor = statistics.median(looked), statistics.median(edited)
        p95 = statistics.quantiles(looked, n=20)[-1]
        worst_median, worst_p95 = max(worst_median, middle), max(worst_p95, p95)
        reviews += looked
        edits += edited
        print(f"  {key:<24} {middle:8.2f} {p95:8.2f} {floor:8.2f} {middle / floor:6.2f}x")
    for what, value in (("slowest template, median", worst_median), ("slowest template, p95", worst_p95)):
        print(f"  {what:<26} {value:6.2f} ms   goal < {GOAL_MS:g} ms   {'met' if value < GOAL_MS else 'MISSED'}")
    ratio = statistics.median(reviews) / statistics.median(edits)
    print(f"  for information: a review takes {ratio:.2f} times as long as checking one changed plan anew")
    return 0 if max(worst_median, worst_p95) < GOAL_MS else 1


if __name__ == "__main__":
    sys.exit(main())
