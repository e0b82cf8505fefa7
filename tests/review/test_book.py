"""The rule book as a program imports it."""

from __future__ import annotations

import subprocess
import sys


def test_the_rule_book_can_be_asked_for_again() -> None:
    """The folder of the rules has the function's name; loading it must not take the function's place."""
    program = (
        "from compplan import review; first = review.rules(); second = review.rules(); "
        "from compplan.review import rules; assert first == second == rules(); print(len(first))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
