"""The command on people files: what was read, what was mended, and what cannot be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.terminal import JsonOption, app, columns, fields_of, number, print_json, refuse, say, sentences, stop
from compplan.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compplan.roster import Reading

_OPTIONS = {
    "hours_per_year": "--hours-per-year",
    "currency": "--currency",
    "percent_of": "--percent-of",
}
# Fields that say who somebody is in words; people are told by their id unless names are asked for.
_NAMES = {"name", "first_name", "last_name", "manager"}
_REFUSED_ROWS = 1


@app.command()
def roster(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A people file: .csv, .tsv, .txt or .xlsx.")],
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="HEADING=FIELD",
            help="Which heading, or letter of a column, is which field, such as 'Comp rate=base'; '=level' leaves a "
            "field out. Once for each.",
        ),
    ] = None,
    currency: Annotated[
        str | None, typer.Option("--currency", metavar="CODE", help="Of amounts that name none, such as EUR.")
    ] = None,
    hours_per_year: Annotated[
        str | None, typer.Option("--hours-per-year", metavar="HOURS", help="What hourly pay is multiplied by; 2080.")
    ] = None,
    percent_of: Annotated[
        str | None,
        typer.Option("--percent-of", metavar="base|ote", help="What a percent of variable is of, where nothing says."),
    ] = None,
    day_first: Annotated[
        bool | None,
        typer.Option("--day-first/--month-first", help="Whether 03/04/2025 is 3 April; by the column if left out."),
    ] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", metavar="NAME", help="Sheet of a workbook; the first with headings.")
    ] = None,
    remarks: Annotated[
        Path | None,
        typer.Option("--remarks", metavar="OUT", help="Write the file again, .csv or .xlsx, with a remark a row."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --remarks if it exists.")] = False,
    names: Annotated[bool, typer.Option("--names", help="Print the names of people and managers too.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 if a row was refused.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read a people file, and say of every row whether it was kept, mended or set aside, and why.

    compplan roster team.xlsx --map "Comp rate=base" --currency EUR --remarks team-remarks.xlsx

    Status 0: the file was read, also where rows were refused (1 with --strict). Status 2: it cannot be read at all, or
    an option does not fit it. Nothing leaves this machine. The table tells people by id; --json and --remarks hold
    everything that was read, names included.
    """
    from compplan.roster import read_file

    problems: list[Problem] = []
    fields = fields_of(mapping or [], problems)
    hours = _hours(hours_per_year, problems)
    if remarks is not None:
        _check_output(file, remarks, force, problems)
    if problems:
        refuse(problems)
    with sentences(_OPTIONS | {f"mapping.{field}": f"--map {field}" for field in fields}):
        reading = read_file(
            file,
            mapping=fields,
            hours_per_year=hours,
            day_first=day_first,
            percent_of=percent_of,
            currency=currency,
            sheet=sheet,
        )
    if remarks is not None:
        _write(reading, remarks, force)
    if as_json:
        print_json(reading.as_data())
    else:
        say(_told(reading, names))
        if remarks is not None:
            say(f"\nWrote {remarks}.")
    if strict and reading.counts.refused:
        raise typer.Exit(_REFUSED_ROWS)


# What was given


def _hours(text: str | None, problems: list[Problem]) -> float:
    hours = 2080.0 if text is None else number(text.strip())
    if hours is None:
        problems.append(Problem("--hours-per-year", f"must be a plain number of hours, such as 2080; got {text!r}."))
    return hours or 0.0


def _check_output(file: str, output: Path, force: bool, problems: list[Problem]) -> None:
    """Refuse what must not be written, before anything is read."""
    if output.suffix.lower() not in (".csv", ".xlsx"):
        problems.append(Problem("--remarks", f"must end in .csv or .xlsx; got {str(output)!r}."))
    elif output.exists() and Path(file).exists() and output.samefile(file):
        problems.append(Problem("--remarks", f"{output} is the file that is read; it is never overwritten."))
    elif output.exists() and not force:
        said = f"{output} exists already; take another name, or give --force to overwrite it."
        problems.append(Problem("--remarks", said))


def _write(reading: Reading, output: Path, force: bool) -> None:
    from compplan.documents import remarked_csv, remarked_xlsx

    made = remarked_csv(reading) if output.suffix.lower() == ".csv" else remarked_xlsx(reading)
    try:
        with output.open("wb" if force else "xb") as file:
            file.write(made)
    except OSError as error:
        stop(f"{output}: cannot be written: {error.strerror}.")


# What is told


def _told(reading: Reading, names: bool) -> str:
    parts = [_counts(reading), _headings(reading), *_people(reading, names), *_remarks(reading, names)]
    return "\n\n".join(parts)


def _counts(reading: Reading) -> str:
    from compplan.readers.csv_text import delimiter_name

    source, counts = reading.source, reading.counts
    if source.kind == "workbook":
        read = f"sheet {source.sheet!r} of a workbook"
    else:
        read = f"text in {source.encoding}, cells parted by {delimiter_name(source.delimiter)}"
    skipped = {"blank": counts.blank, "totals": counts.totals, "duplicate": counts.duplicate}
    which = ", ".join(f"{count:,} {name}" for name, count in skipped.items() if count)
    rows = [
        ("Kept", f"{counts.kept:,}", "people as they stand in the file"),
        ("Mended", f"{counts.mended:,}", "people with a cell that was read as something it does not literally say"),
        ("Refused", f"{counts.refused:,}", "rows of people that cannot be read"),
        ("Skipped", f"{sum(skipped.values()):,}", which or "rows that are no people"),
        ("Heading", f"{counts.heading:,}", "rows of headings and what stands above them"),
        ("Rows", f"{counts.rows:,}", "in the file"),
    ]
    return f"{source.filename}: {read}\n{columns(rows)}"


def _headings(reading: Reading) -> str:
    from compplan.formats import percent
    from compplan.readers.notes import shown

    rows = [("COLUMN", "HEADING", "READ AS", "SURE")]
    for one in reading.headings:
        sure = percent(one.confidence, 0) if one.field else ""
        rows.append((one.letter, shown(one.heading), one.field or "carried along", sure))
    return columns(rows)


def _people(reading: Reading, names: bool) -> Iterator[str]:
    from compplan.readers.notes import shown

    wanted = ["id", *(["name", "manager"] if names else []), "role", "place", "currency", "base", "variable", "ote"]
    people = reading.people[wanted]
    if people.empty:
        return
    rows = [("LINE", *(name.upper() for name in wanted))]
    for line, *cells in people.itertuples():
        # A figure that is not known is not a number, and so is unlike itself.
        texts = [shown(cell) if isinstance(cell, str) else f"{cell:,.0f}" if cell == cell else "" for cell in cells]
        rows.append((str(line), *texts))
    yield columns(rows)


def _remarks(reading: Reading, names: bool) -> Iterator[str]:
    if reading.notes:
        yield "\n".join(["Remarks", *map(str, reading.notes if names else reading.veiled())])
