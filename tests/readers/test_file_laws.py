"""Laws of files of accounts and surveys: nothing vanishes, and the form of a file does not change what it says."""

from __future__ import annotations

import csv
import io
import math
import random
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from compplan.benchmarks import OwnSurvey, Percentiles, read_survey
from compplan.capacity import AccountsReading, read_accounts

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"]
DELIMITERS = [",", ";", "\t", "|"]
STYLES = {
    "plain": lambda value: f"{value}",
    "commas": lambda value: f"{value:,}",
    "decimals": lambda value: f"{value:,}.00",
    "continental": lambda value: f"{value:,}".replace(",", ".") + ",00",
    "apostrophes": lambda value: f"{value:,}".replace(",", "'"),
}


class Form(NamedTuple):
    """How a table is written."""

    delimiter: str
    encoding: str
    style: str
    seed: int

    def write(self, headings: list[str], rows: list[list[object]]) -> bytes:
        """The table with its columns and rows in another order."""
        order = random.Random(self.seed)
        columns = order.sample(range(len(headings)), len(headings))
        rows = order.sample(rows, len(rows))
        stream = io.StringIO()
        writer = csv.writer(stream, delimiter=self.delimiter)
        for row in [headings, *rows]:
            cells = [STYLES[self.style](cell) if isinstance(cell, int) else cell for cell in row]
            writer.writerow([cells[column] for column in columns])
        return stream.getvalue().encode(self.encoding)


PLAIN = Form(",", "utf-8", "plain", 0)
FORMS = st.builds(
    Form, st.sampled_from(DELIMITERS), st.sampled_from(ENCODINGS), st.sampled_from(list(STYLES)), st.integers(0, 999)
)

# Accounts

ACCOUNTS = ["Account ID", "Account", "CSM", "ARR", "Product", "Note"]
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["Acme", "Größe", "Globex", ""]),
        st.sampled_from(["Jo Doe", "jo doe", "Al Roe", "TBD", ""]),
        st.one_of(st.integers(1, 9_999_999), st.sampled_from(["soon", "", "-5"])),
        st.sampled_from(["A", "B"]),
    ).map(lambda cells: [*cells, "x"]),
    max_size=12,
)
OTHERS = st.lists(st.sampled_from([["", "Total", "", 99, "", ""], ["", "", "", "", "", ""], [*ACCOUNTS]]), max_size=3)


def accounts(form: Form, rows: list[list[object]]) -> AccountsReading:
    return read_accounts(form.write(ACCOUNTS, rows), "a.csv")


@settings(max_examples=60, deadline=None)
@given(LINES, OTHERS, FORMS)
def test_1_every_row_of_a_file_of_accounts_is_counted_once(
    lines: list[list[object]], others: list[list[object]], form: Form
) -> None:
    counts = accounts(form, [*lines, *others]).counts
    states = counts.as_data()
    assert states.pop("rows") == sum(states.values()) == 1 + len(lines) + len(others)


@settings(max_examples=60, deadline=None)
@given(LINES, OTHERS, FORMS)
def test_2_arr_in_is_arr_kept_and_arr_left_out(
    lines: list[list[object]], others: list[list[object]], form: Form
) -> None:
    reading = accounts(form, [*lines, *others])
    arr = sum(line[3] for line in lines if isinstance(line[3], int))
    assert math.isclose(sum(reading.kept.values()) + sum(reading.left_out.values()), arr, abs_tol=1e-6)


@settings(max_examples=60, deadline=None)
@given(LINES, FORMS)
def test_3_order_encoding_delimiter_and_numbers_do_not_change_accounts(lines: list[list[object]], form: Form) -> None:
    def content(reading: AccountsReading) -> list[tuple[object, ...]]:
        table = reading.accounts[["account", "owner", "arr"]]
        return sorted(tuple(row) for row in table.itertuples(index=False, name=None))

    plain, other = accounts(PLAIN, lines), accounts(form, lines)
    assert content(other) == content(plain)
    assert other.left_out == plain.left_out


# Surveys

SURVEY = ["Job title", "Level", "Currency", "N", "Base P25", "Base P50", "Base P75"]
JOBS = st.lists(
    st.tuples(
        st.sampled_from(["CSM", "Senior CSM", "Größenmanager", ""]),
        st.sampled_from(["", "P3", "P4"]),
        st.sampled_from(["USD", "EUR", ""]),
        st.one_of(st.integers(1, 400), st.sampled_from(["<5", "3-5", "*"])),
        st.one_of(st.integers(50_000, 60_000), st.sampled_from(["#", "N/A"])),
        st.one_of(st.integers(60_001, 70_000), st.sampled_from(["--", "60k?"])),
        st.one_of(st.integers(70_001, 80_000), st.sampled_from(["*", ""])),
    ).map(list),
    max_size=8,
)
GOOD = ["CS Ops", "", "USD", 40, 50_000, 60_000, 70_000]  # a survey without any row is refused


def survey(form: Form, rows: list[list[object]]) -> OwnSurvey:
    return read_survey(form.write(SURVEY, [GOOD, *rows]), "Ours")


@settings(max_examples=60, deadline=None)
@given(JOBS, st.integers(0, 3), FORMS)
def test_4_every_row_of_a_survey_is_counted_once(jobs: list[list[object]], blank: int, form: Form) -> None:
    states = survey(form, [*jobs, *[[""] * len(SURVEY)] * blank]).counts.as_data()
    assert states.pop("rows") == sum(states.values()) == 2 + len(jobs) + blank
    assert states["blank"] == blank


@settings(max_examples=60, deadline=None)
@given(JOBS, FORMS)
def test_5_order_encoding_delimiter_and_numbers_do_not_change_a_survey(jobs: list[list[object]], form: Form) -> None:
    def content(read: OwnSurvey) -> list[tuple[object, ...]]:
        figures = [(entry, entry.figure) for entry in read.entries if isinstance(entry.figure, Percentiles)]
        return sorted((e.label, e.role or "", f.points, f.n or 0, f.currency) for e, f in figures)

    assert content(survey(form, jobs)) == content(survey(PLAIN, jobs))


@settings(max_examples=60, deadline=None)
@given(JOBS, FORMS)
def test_6_percentiles_of_fewer_than_eight_are_never_shown(jobs: list[list[object]], form: Form) -> None:
    for entry in survey(form, jobs).entries:
        assert isinstance(entry.figure, Percentiles)
        if entry.figure.n is not None and entry.figure.n < 8:
            assert [p for p, _ in entry.figure.points] == [0.5]
