"""The command on market pay: what sources state for a role, as published and moved to a place and date."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

import typer

from compplan.cli.terminal import JsonOption, app, as_share, columns, print_json, refuse, say, sentences
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.benchmarks import Adjusted, Area, Band, Basis, Market, Mean, Percentiles, RoleFigures
    from compplan.facts import Source

_OPTIONS = {
    "role": "--role",
    "basis": "--basis",
    "area": "--area",
    "place": "--area",
    "exponent": "--exponent",
    "specialism": "--specialism",
    "date": "--date",
    "rate": "--rate",
}


@app.command()
def bands(
    role: Annotated[
        str | None, typer.Option("--role", metavar="KEY", help="Key of a role, such as csm; all roles if left out.")
    ] = None,
    basis: Annotated[
        str | None,
        typer.Option(
            "--basis",
            metavar="KEY",
            help="Only figures of base, target_variable, ote, actual_cash, total_compensation, fully_loaded_cost or "
            "wage.",
        ),
    ] = None,
    area: Annotated[
        str | None,
        typer.Option(
            "--area",
            metavar="NAME",
            help="Move figures to a place of the United States: a town, a metropolitan area or a state. A "
            "metropolitan area wins over a state of the same name; NY and 'New York state' are the state.",
        ),
    ] = None,
    exponent: Annotated[
        str | None,
        typer.Option("--exponent", metavar="NUMBER", help="How far pay follows the wages of the place; 0.67 measured."),
    ] = None,
    specialism: Annotated[
        str | None, typer.Option("--specialism", metavar="SHARE", help="A premium for a specialism, 0.2 or 20%.")
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Age figures to this day, by --rate.")
    ] = None,
    rate: Annotated[
        str | None, typer.Option("--rate", metavar="SHARE", help="How much pay rises in a year, 0.03 or 3%.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print what sources state of the pay of a role, every figure with its source, date and basis.

    compplan bands --role csm --basis base --area Austin

    With --json: an object with market (the place, exponent, specialism, date and rate that were asked for) and roles.
    A role has role, name and figures. A figure has kind (band, percentiles or mean), basis, currency, amounts (low
    and high of a band; p10 to p90 of percentiles; mean), interval of the median, n, segment, experience, place, date,
    how, note, source, source_name, url and care (what to bear in mind of the source); then factor, the steps that it
    is the product of, and adjusted: amounts, interval, place and date after them, null for an average, which is not
    moved. Amounts are money of a year, shares and factors fractions, and what is not known is null.
    """
    from compplan.benchmarks import Market, find_area, sheet
    from compplan.benchmarks.amounts import as_basis
    from compplan.benchmarks.figures import check_role

    problems: list[Problem] = []
    power = _share("exponent", exponent, problems)
    premium = _share("specialism", specialism, problems)
    yearly = _share("rate", rate, problems)
    day = _day(date, problems)
    if problems:
        refuse(problems)
    with sentences(_OPTIONS):
        if role is not None:
            check_role(role)
        wanted = as_basis(basis) if basis is not None else None
        market = Market(find_area(area) if area is not None else None, power, premium, day, yearly)
        rows = [row for row in sheet(market) if role in (None, row.role)]
    found = [(row, _figures(row, wanted)) for row in rows]
    if as_json:
        print_json({"market": _market(market), "roles": [_role_data(row, figures) for row, figures in found]})
        return
    moved = any(part is not None for part in (market.place, market.specialism, market.date))
    told = _Told(moved, wanted)
    # What nothing is known of is said where it was asked for.
    said = [told.role(row, figures) for row, figures in found if figures or role is not None]
    if not said:
        said = ["No source states a figure of that basis."]
    say("\n\n".join([*said, *told.notes()]))


# What was given


def _share(name: str, text: str | None, problems: list[Problem]) -> float | None:
    value = None if text is None else as_share(text)
    if text is not None and value is None:
        problems.append(Problem(f"--{name}", f"must be a plain number or a percent, such as 0.2 or 20%; got {text!r}."))
    return value


def _day(text: str | None, problems: list[Problem]) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.datetime.strptime(text.strip(), "%Y-%m-%d").date()  # noqa: DTZ007  (a day has no zone)
    except ValueError:
        problems.append(Problem("--date", f"must be a day such as 2026-07-01; got {text!r}."))
        return None


# What is told


def _figures(row: RoleFigures, basis: str | None) -> list[Adjusted[Any] | Mean]:
    moved: list[Adjusted[Any]] = [*row.bands, *row.distributions]
    kept: list[Adjusted[Any] | Mean] = [one for one in moved if basis in (None, one.given.basis)]
    return kept + [one for one in row.means if basis in (None, one.amount.basis)]


def _market(market: Market) -> dict[str, Any]:
    """The market that was asked for, as plain data."""
    return {
        "place": _place(market.place) if market.place else None,
        "exponent": _exponent(market),
        "specialism": market.specialism,
        "date": market.date.isoformat() if market.date else None,
        "rate": market.rate,
    }


def _exponent(market: Market) -> float | None:
    from compplan.benchmarks import default_exponent

    if market.place is None:
        return None
    return default_exponent().value if market.exponent is None else market.exponent


def _place(area: Area) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "state": area.state or None,
        "wages": area.index,
        "source": area.source,
    }


def _role_data(row: RoleFigures, figures: list[Adjusted[Any] | Mean]) -> dict[str, Any]:
    return {"role": row.role or None, "name": row.name, "figures": [_figure_data(one) for one in figures]}


def _figure_data(figure: Adjusted[Any] | Mean) -> dict[str, Any]:
    """One figure as plain data; every figure has the same keys."""
    from compplan import facts
    from compplan.benchmarks import Band, Mean

    of = figure if isinstance(figure, Mean) else figure.given
    kind = "mean" if isinstance(of, Mean) else "band" if isinstance(of, Band) else "percentiles"
    source = facts.source(of.source)
    return {
        "kind": kind,
        "basis": str(of.amount.basis if isinstance(of, Mean) else of.basis),
        "currency": of.amount.currency if isinstance(of, Mean) else of.currency,
        "amounts": _amounts(of),
        "interval": _interval(of),
        "n": getattr(of, "n", None),
        "segment": of.segment or None,
        "experience": getattr(of, "experience", "") or None,
        "place": of.place or None,
        "date": of.as_of or None,
        "how": of.how,
        "note": of.note or None,
        "source": source.key,
        "source_name": source.label,
        "url": source.url or None,
        "care": source.care,
        "factor": 1.0 if isinstance(figure, Mean) else figure.factor,
        "steps": []
        if isinstance(figure, Mean)
        else [
            {
                "name": step.name,
                "factor": step.factor,
                "interval": list(step.interval) if step.interval else None,
                "why": step.why,
                "source": step.source or None,
            }
            for step in figure.steps
        ],
        "adjusted": None
        if isinstance(figure, Mean)
        else {
            "amounts": _amounts(figure.figure),
            "interval": _interval(figure.figure),
            "place": figure.figure.place or None,
            "date": figure.figure.as_of or None,
        },
    }


def _amounts(figure: Band | Percentiles | Mean) -> dict[str, float]:
    from compplan.benchmarks import Band, Mean

    if isinstance(figure, Mean):
        return {"mean": figure.amount.value}
    if isinstance(figure, Band):
        return {"low": figure.low, "high": figure.high}
    return {f"p{p * 100:g}": value for p, value in figure.points}


def _interval(figure: object) -> list[float] | None:
    ends = getattr(figure, "interval", None)
    return list(ends) if ends else None


class _Told:
    """Figures as tables for people; steps, notes, bases and sources are told once, below."""

    def __init__(self, moved: bool, only: Basis | None) -> None:
        self._moved = moved
        self._only = only
        self._steps: dict[str, int] = {}
        self._remarks: dict[str, int] = {}
        self._bases: dict[Basis, None] = {}
        self._sources: dict[str, None] = {}

    def role(self, row: RoleFigures, figures: list[Adjusted[Any] | Mean]) -> str:
        head = f"{row.name} ({row.role})" if row.role else row.name
        if not figures:
            asked = f" of {self._only.words}" if self._only else ""
            return f"{head}: no source states a figure{asked}, and none is made up."
        names = ("BASIS", "PUBLISHED", *(("MOVED", "FACTOR", "STEPS") if self._moved else ()))
        lines = [(*names, "N", "DATE", "PLACE", "SOURCE", "NOTE"), *(self._line(one) for one in figures)]
        return f"{head}\n{columns(lines)}"

    def _line(self, figure: Adjusted[Any] | Mean) -> tuple[str, ...]:
        from compplan.benchmarks import Mean

        of = figure if isinstance(figure, Mean) else figure.given
        basis = of.amount.basis if isinstance(of, Mean) else of.basis
        self._sources[of.source] = None
        self._bases[basis] = None
        note = str(self._remarks.setdefault(of.note, len(self._remarks) + 1)) if of.note else ""
        cells = [str(basis), _words(of)]
        if self._moved:
            cells += ["not moved", "", ""] if isinstance(figure, Mean) else self._moves(figure)
        n = getattr(of, "n", None)
        return (*cells, "" if n is None else f"{n:,}", of.as_of, of.place or "not stated", of.source, note)

    def _moves(self, figure: Adjusted[Any]) -> list[str]:
        numbers: list[str] = []
        for step in figure.steps:
            why = step.why
            if step.interval:
                why += f" The factor lies between {step.interval[0]:.4f} and {step.interval[1]:.4f} (95% interval)."
            numbers.append(str(self._steps.setdefault(why, len(self._steps) + 1)))
            if step.source:
                self._sources[step.source] = None
        moved = _words(figure.figure) if figure.factor != 1 else "as published"
        return [moved, f"{figure.factor:.4f}", " ".join(numbers)]

    def notes(self) -> list[str]:
        """The steps and notes by number, what the bases count, and the sources with their addresses."""
        from compplan import facts

        told = [
            "\n".join([title, *(f"{number:>3}  {text}" for text, number in texts.items())])
            for title, texts in (("Steps", self._steps), ("Notes", self._remarks))
            if texts
        ]
        if self._bases:
            told.append("\n".join(["Bases", columns([(str(basis), basis.meaning) for basis in self._bases])]))
        if self._sources:
            told.append("\n".join(["Sources", *(self._source(facts.source(key)) for key in self._sources)]))
        return told

    def _source(self, source: Source) -> str:
        return f"{source.key}: {source.label}{f', {source.url}' if source.url else ''}\n     {source.care}"


def _words(figure: Band | Percentiles | Mean) -> str:
    from compplan.benchmarks import Band, Mean
    from compplan.formats import money

    if isinstance(figure, Mean):
        return f"mean {money(figure.amount.value, figure.amount.currency, 0)}"
    if isinstance(figure, Band):
        return f"{money(figure.low, figure.currency, 0)} to {money(figure.high, figure.currency, 0)}"
    return ", ".join(f"P{p * 100:g} {money(value, figure.currency, 0)}" for p, value in figure.points)
