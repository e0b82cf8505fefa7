"""`compplan roster`: how a people file is read, row by row, and what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.arguments import ForceOption, check_output, write_file
from compplan.cli.people_file import PeopleFileOptions, takes_people_file
from compplan.cli.plan_summary import fact_name
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, refuse, text_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compplan.roster import Reading

SKIPPED_ROWS = NO_PAY = 1
"""Exit status of a file without a column of pay, and of --strict where a row could not be read."""


@app.command(
    epilog=examples(
        "compplan roster team.xlsx",
        "compplan roster team.csv --map 'Comp rate=base' --currency EUR --remarks team-remarks.xlsx",
    )
)
@takes_people_file
def roster(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A people file: .csv, .tsv, .txt or .xlsx.")],
    file_options: PeopleFileOptions,
    remarks: Annotated[
        Path | None,
        typer.Option(
            "--remarks", metavar="FILE", help="Write a copy, .csv or .xlsx, with a status and remarks per row."
        ),
    ] = None,
    force: ForceOption = False,
    names: Annotated[bool, typer.Option("--names", help="Print names of people and managers too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with status 1 if a row could not be read.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Check how a people file is read, row by row.

    Every row is read as is, corrected or skipped, with the reason. The file stays on this computer. Text output shows
    people by id; --json and --remarks contain everything, names included.

    Exit status: 0 if the file was read, even if rows were skipped (1 with --strict); 1 if no column of pay was found; 2
    if it cannot be read at all.
    """
    problems = list(file_options.problems)
    if remarks is not None:
        check_output("--remarks", remarks, (".csv", ".xlsx"), Path(file), force, problems)
    if problems:
        refuse(problems)
    reading = file_options.read(file)
    if remarks is not None:
        from compplan.documents import remarked_csv, remarked_xlsx

        content = remarked_csv(reading) if remarks.suffix.lower() == ".csv" else remarked_xlsx(reading)
        write_file(remarks, content, force=force)
    if as_json:
        print_json(reading.as_data())
    else:
        parts = [_counts(reading), _headings(reading), *_people(reading, names), *_notes(reading, names)]
        if not reading.has_pay:
            parts.insert(0, str(reading.notes[0]))
        parts.append("\n".join(reading.account(veiled=not names).lines()))
        print_text("\n\n".join(parts))
        if remarks is not None:
            print_text(f"\nWrote {remarks}.")
    if not reading.has_pay:
        raise typer.Exit(NO_PAY)
    if strict and reading.counts.refused:
        raise typer.Exit(SKIPPED_ROWS)


def _counts(reading: Reading) -> str:
    from compplan.readers.csv_text import delimiter_name

    source, counts = reading.source, reading.counts
    if source.kind == "workbook":
        kind = f"sheet {source.sheet!r} of a workbook"
    else:
        kind = f"text in {source.encoding}, {delimiter_name(source.delimiter)} separated"
    ignored = {"blank": counts.blank, "totals": counts.totals, "duplicate": counts.duplicate}
    left = [("Left", f"{counts.left:,}", "people who left before the plan year")] if counts.left else []
    which = ", ".join(f"{count:,} {name}" for name, count in ignored.items() if count)
    rows = [
        ("Read as is", f"{counts.as_is:,}", "people"),
        ("Corrected", f"{counts.corrected:,}", "people with a cell that needed interpretation"),
        ("Skipped", f"{counts.refused:,}", "people with a row that cannot be read"),
        *left,
        ("Ignored", f"{sum(ignored.values()):,}", which or "rows that are not people"),
        ("Headings", f"{counts.heading:,}", "rows of headings, and rows above them"),
        ("Total", f"{counts.rows:,}", "rows in the file"),
    ]
    return f"{source.filename}: {kind}\n{text_table(rows, header=False)}"


def _headings(reading: Reading) -> str:
    from compplan.formats import percent
    from compplan.readers.notes import shown

    rows = [("COLUMN", "HEADING", "READ AS", "CONFIDENCE")]
    for heading in reading.headings:
        confidence = percent(heading.confidence, 0) if heading.field else ""
        rows.append((heading.letter, shown(heading.heading), heading.field or "not used", confidence))
    return text_table(rows)


def _people(reading: Reading, names: bool) -> Iterator[str]:
    from compplan.readers.notes import shown

    columns = ["id", *(["name", "manager"] if names else []), "role", "place", "currency", "base", "variable", "ote"]
    people = reading.people[columns]
    if people.empty:
        return
    role = columns.index("role")
    rows = [("LINE", *(column.upper() for column in columns))]
    for line, *cells in people.itertuples():
        # Unknown amounts are NaN, which is not equal to itself.
        texts = [shown(cell) if isinstance(cell, str) else f"{cell:,.0f}" if cell == cell else "" for cell in cells]
        texts[role] = fact_name("roles", texts[role])
        rows.append((str(line), *texts))
    yield text_table(rows)


def _notes(reading: Reading, names: bool) -> Iterator[str]:
    if reading.notes:
        from compplan.readers.account import condensed

        yield "\n".join(["Remarks", *condensed(reading.notes if names else reading.veiled())])
