"""Laws of reading a people file, tested on generated files."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from compplan import roster
from compplan.documents import remarked_csv
from compplan.readers import csv_text as roster_text
from compplan.roster.words import PEOPLE

HEADINGS = [
    "Emp ID",
    "Name",
    "Job title",
    "Manager",
    "Currency",
    "Base salary",
    "Bonus %",
    "OTE",
    "Hire date",
    "Segment",
    "Gossip",
]
AMOUNTS = [
    "80000",
    "80,000",
    "$80,000",
    "80k",
    "€ 80.000,00",
    "80'000",
    "40/hr",
    "TBD",
    "",
    "-",
    "0",
    "-1",
    "=1+1",
    "95",
    "8e4",
    "80000 USD",
]
CELLS: dict[str, st.SearchStrategy[str]] = {
    "Emp ID": st.sampled_from(["E1", "E2", "E3", "E4", "e1", "", " ", "Total", "007", "Emp ID", "=E1"]),
    "Name": st.sampled_from(["Ann", "Bo", "", "Total", "Zoë", "A,B", 'C"D', "E\nF", "  "]),
    "Job title": st.sampled_from(["CSM", "Sr CSM", "CS Manager", "Barista", "", "VP CS"]),
    "Manager": st.sampled_from(["Dana", "", "Total"]),
    "Currency": st.sampled_from(["USD", "EUR", "", "$", "gold", "usd"]),
    "Base salary": st.sampled_from(AMOUNTS),
    "Bonus %": st.sampled_from(["20", "20%", "0.2", "", "80/20", "x", "1", "500"]),
    "OTE": st.sampled_from([*AMOUNTS, "96000", "100000"]),
    "Hire date": st.sampled_from(
        ["2024-03-15", "03/04/2025", "31/12/2025", "12/31/2025", "45366", "soon", "", "Mar 2024"]
    ),
    "Segment": st.sampled_from(["SMB", "commercial", "", "moon"]),
    "Gossip": st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=8),
}


@st.composite
def tables(draw: st.DrawFn, most: int = 8) -> tuple[list[str], list[list[str]]]:
    """Headings and rows; blank rows among them."""
    used = draw(st.lists(st.sampled_from(HEADINGS[1:]), unique=True, max_size=9))
    columns = ["Emp ID", *used]
    if len(columns) < 2:
        columns.append("Base salary")
    if columns == ["Emp ID", "Gossip"]:
        columns.append("Name")
    person = st.tuples(*(CELLS[column] for column in columns)).map(list)
    rows = draw(st.lists(person | st.just([""] * len(columns)), max_size=most))
    return columns, rows


def packed(columns: list[str], rows: list[list[str]], delimiter: str = ",") -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter).writerows([columns, *rows])
    return stream.getvalue().encode()


def notes_of(reading: roster.Reading) -> list[tuple[Any, ...]]:
    """The notes without the letters of their columns."""
    return sorted((n.kind, n.line or 0, n.column, n.found, n.became, n.reason) for n in reading.notes)


@settings(deadline=None, max_examples=100)
@given(tables())
def test_1_every_row_has_one_state_and_counts_add_up(table: tuple[list[str], list[list[str]]]) -> None:
    columns, rows = table
    reading = roster.read(packed(columns, rows), "a.csv")
    counts = reading.counts
    assert counts.rows == len(rows) + 1 == len(reading.states)
    assert counts.rows == counts.heading + counts.as_is + counts.corrected + counts.skipped
    assert counts.people == len(reading.people) == len(reading.other)
    for state in roster.STATES:
        assert counts.as_data()[state] == int((reading.states == state).sum())
    assert set(reading.states) <= set(roster.STATES)
    lines = reading.states.index
    assert lines.is_unique
    assert lines.is_monotonic_increasing
    people = reading.states.isin(["kept", "mended"])
    assert reading.people.index.tolist() == lines[people].tolist()


@settings(deadline=None, max_examples=50)
@given(tables())
def test_2_every_corrected_or_skipped_row_has_a_note(table: tuple[list[str], list[list[str]]]) -> None:
    reading = roster.read(packed(*table), "a.csv")
    by_line: dict[int | None, set[str]] = {}
    for note in reading.notes:
        by_line.setdefault(note.line, set()).add(note.kind)
        assert note.reason.endswith(".")
        assert note.kind in ("mended", "set_aside", "doubt", "assumed")
        assert note.line is not None or note.kind in ("assumed", "doubt")
    for line, state in reading.states.items():
        kinds = by_line.get(line, set())
        if state != "heading":
            assert ("set_aside" in kinds) == (state not in ("kept", "mended"))
        if state == "mended":
            assert "mended" in kinds
        if state == "kept":
            assert "mended" not in kinds


@settings(deadline=None, max_examples=50)
@given(tables())
def test_3_reading_twice_gives_the_same(table: tuple[list[str], list[list[str]]]) -> None:
    data = packed(*table)
    one, other = roster.read(data, "a.csv"), roster.read(data, "a.csv")
    pd.testing.assert_frame_equal(one.people, other.people)
    assert (one.notes, one.counts, one.headings) == (other.notes, other.counts, other.headings)
    assert remarked_csv(one) == remarked_csv(other)


@settings(deadline=None, max_examples=75)
@given(tables(), st.randoms(use_true_random=False))
def test_4_column_order_does_not_matter(table: tuple[list[str], list[list[str]]], random: Any) -> None:
    columns, rows = table
    order = list(range(len(columns)))
    random.shuffle(order)
    one = roster.read(packed(columns, rows), "a.csv")
    other = roster.read(packed([columns[i] for i in order], [[row[i] for i in order] for row in rows]), "a.csv")
    assert one.mapping == other.mapping
    pd.testing.assert_frame_equal(one.people, other.people)
    assert one.states.tolist() == other.states.tolist()
    assert one.counts == other.counts
    assert notes_of(one) == notes_of(other)


@settings(deadline=None, max_examples=50)
@given(tables())
def test_5_file_with_remarks_reads_as_the_same_people(table: tuple[list[str], list[list[str]]]) -> None:
    reading = roster.read(packed(*table), "a.csv")
    again = roster.read(remarked_csv(reading), "a.csv")
    pd.testing.assert_frame_equal(again.people, reading.people)
    assert again.counts == reading.counts


@settings(deadline=None, max_examples=75)
@given(tables(), st.sampled_from([",", ";", "\t", "|"]))
def test_6_fast_and_exact_parser_agree(table: tuple[list[str], list[list[str]]], delimiter: str) -> None:
    columns, rows = table
    body = packed(columns, rows, delimiter)
    quick = roster_text._quick(body, delimiter, len(columns) + 1, PEOPLE.limits.rows + 1)
    exact, lines = roster_text._exact(body, delimiter, PEOPLE.limits)
    assert quick is not None
    assert quick.iloc[:, : len(columns)].to_numpy().tolist() == exact.to_numpy().tolist()
    assert len(lines) == len(exact)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.floats(1_000, 9e8).map(lambda x: round(x, 2)), min_size=1, max_size=20))
def test_7_notation_does_not_change_an_amount(amounts: list[float]) -> None:
    notations = {
        "plain": lambda x: f"{x:.2f}",
        "commas": lambda x: f"{x:,.2f}",
        "dollars": lambda x: f"${x:,.2f}",
        "continental": lambda x: f"{x:,.2f}".translate(str.maketrans(",.", ".,")),
        "swiss": lambda x: f"{x:,.2f}".replace(",", "'"),
        "spaces": lambda x: f"{x:,.2f}".replace(",", "\u202f").replace(".", ","),
        "thousands": lambda x: f"{x / 1000:.5f}k",
    }
    for notation in notations.values():
        rows = [[f"E{n}", notation(amount)] for n, amount in enumerate(amounts)]
        reading = roster.read(packed(["Emp ID", "Base salary"], rows), "a.csv")
        np.testing.assert_allclose(reading.people["base"], amounts, rtol=1e-12)


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_8_any_bytes_are_read_or_refused_with_one_problem(data: bytes) -> None:
    for content in (data, b"Emp ID,Base salary\n" + data, b"PK\x03\x04" + data):
        problem = ""
        try:
            reading = roster.read(content, "a.csv")
        except roster.RosterError as error:
            problem = str(error)
        else:
            assert reading.counts.rows == len(reading.states)
        assert "\n" not in problem
