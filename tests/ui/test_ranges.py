"""Ranges of amounts differ in their printed digits and fit a key figure."""

import pytest

from compplan.ui.widgets.html import KeyFigure, key_figures_html
from compplan.ui.widgets.ranges import compact_range, money_range


@pytest.mark.parametrize(
    ("low", "high", "currency", "text", "compact"),
    [
        (1_104_000, 1_131_000, "USD", "$1.10M to $1.13M", "$1.10–1.13M"),
        (1_101_000, 1_102_000, "USD", "$1,101,000 to $1,102,000", "$1.101–1.102M"),
        (1_100_000, 1_100_001, "USD", "$1,100,000 to $1,100,001", "$1.100000–1.100001M"),
        (98_700, 100_000, "EUR", "€98.7k to €100.0k", "€98.7–100.0k"),
        (950_000, 1_100_000, "CHF", "CHF 950k to CHF 1.1M", "CHF 950k–1.1M"),
        (500, 900, "USD", "$500 to $900", "$500–900"),
        (0, 0, "USD", "$0", "$0"),
        (-500, 900, "USD", "−$500 to $900", "−$500 to $900"),
        (5, float("inf"), "USD", "$5 to no limit", "$5–no limit"),
    ],
)
def test_range_differs_in_its_digits(low: float, high: float, currency: str, text: str, compact: str) -> None:
    assert money_range(low, high, currency) == text
    assert compact_range(low, high, currency) == compact


def test_long_key_figure_is_drawn_smaller_and_never_cut() -> None:
    assert "<b>$1.101–1.102M</b>" in key_figures_html([KeyFigure("Likely", "$1.101–1.102M", "")])
    assert "<b class=cp-long>CHF 1.101–1.102M</b>" in key_figures_html([KeyFigure("Likely", "CHF 1.101–1.102M", "")])
