"""Size limits, column letters and the row of headings of any table."""

from __future__ import annotations

import pytest

from compplan.readers.errors import TableError
from compplan.readers.headings import find
from compplan.readers.limits import Limits
from compplan.readers.table import column_letter
from compplan.readers.vocabulary import Vocabulary

SMALL = Limits("survey", rows=10, columns=5, cells=20)
WORDS = Vocabulary(
    {"id": ("emp id",), "base": ("base salary",)}, {}, Limits("roster"), "person", "people", "pay", "Emp ID"
)


@pytest.mark.parametrize(
    ("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_a_column_has_the_letters_of_a_spreadsheet(column: int, letters: str) -> None:
    assert column_letter(column) == letters


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (10, 2), (4, 5)])
def test_a_table_as_large_as_its_limits_is_read(rows: int, columns: int) -> None:
    SMALL.check_size(rows, columns)


@pytest.mark.parametrize(
    ("rows", "columns", "message"),
    [
        (1, 6, "The file has 6 columns; a survey may have at most 5."),
        (11, 1, "The file has 11 rows; a survey may have at most 10."),
        (7, 3, "The file has 7 rows and 3 columns; a survey may have at most 20 cells."),
    ],
)
def test_a_table_above_a_limit_is_refused(rows: int, columns: int, message: str) -> None:
    with pytest.raises(TableError) as caught:
        SMALL.check_size(rows, columns)
    assert str(caught.value) == message


def test_headings_are_found_below_blank_cells_and_numbers() -> None:
    rows = [["", ""], ["Our team", ""], ["2026", "1"], ["", "Emp ID", "Base salary"], ["", "E001", "80000"]]
    assert find(rows, None, WORDS) == (3, 2)
    assert find(rows[:3], None, WORDS) == (0, 0)
