"""The rule book as a program imports it."""

from __future__ import annotations

import subprocess
import sys


def test_rules_is_a_function_after_the_rule_book_was_imported() -> None:
    """A module named like the function must not replace it when it is imported."""
    program = (
        "from compplan import review; first = review.rules(); second = review.rules(); "
        "from compplan.review import rules; assert first == second == rules(); print(len(first))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) > 0
