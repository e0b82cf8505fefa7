"""Market pay as `compplan bands` prints it: plain data for programs, tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compplan.cli.terminal import text_table

if TYPE_CHECKING:
    from compplan.benchmarks import AdjustedFigure, Area, Market, MeanPay, PayBand, PayBasis, Percentiles, RoleFigures
    from compplan.facts import Source


def market_dict(market: Market) -> dict[str, Any]:
    """The market that figures are adjusted to, as plain data."""
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


def role_dict(row: RoleFigures, figures: list[AdjustedFigure[Any] | MeanPay]) -> dict[str, Any]:
    """A role with its figures, as plain data."""
    return {"role": row.role or None, "name": row.name, "figures": [_figure_dict(one) for one in figures]}


def _figure_dict(figure: AdjustedFigure[Any] | MeanPay) -> dict[str, Any]:
    """One figure as plain data; every figure has the same keys."""
    from compplan import facts
    from compplan.benchmarks import MeanPay, PayBand

    published = figure if isinstance(figure, MeanPay) else figure.given
    kind = "mean" if isinstance(published, MeanPay) else "band" if isinstance(published, PayBand) else "percentiles"
    source = facts.source(published.source)
    return {
        "kind": kind,
        "basis": str(published.amount.basis if isinstance(published, MeanPay) else published.basis),
        "currency": published.amount.currency if isinstance(published, MeanPay) else published.currency,
        "amounts": _amounts(published),
        "interval": _interval(published),
        "n": getattr(published, "n", None),
        "segment": published.segment or None,
        "experience": getattr(published, "experience", "") or None,
        "place": published.place or None,
        "date": published.as_of or None,
        "how": published.how,
        "note": published.note or None,
        "source": source.key,
        "source_name": source.label,
        "url": source.url or None,
        "care": source.care,
        "factor": 1.0 if isinstance(figure, MeanPay) else figure.factor,
        "steps": []
        if isinstance(figure, MeanPay)
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
        if isinstance(figure, MeanPay)
        else {
            "amounts": _amounts(figure.figure),
            "interval": _interval(figure.figure),
            "place": figure.figure.place or None,
            "date": figure.figure.as_of or None,
        },
    }


def _amounts(figure: PayBand | Percentiles | MeanPay) -> dict[str, float]:
    from compplan.benchmarks import MeanPay, PayBand

    if isinstance(figure, MeanPay):
        return {"mean": figure.amount.value}
    if isinstance(figure, PayBand):
        return {"low": figure.low, "high": figure.high}
    return {f"p{p * 100:g}": value for p, value in figure.points}


def _interval(figure: object) -> list[float] | None:
    ends = getattr(figure, "interval", None)
    return list(ends) if ends else None


class BandsText:
    """Tables of figures for people; steps, notes, kinds of pay and sources are numbered and printed once, below.

    Parameters
    ----------
    adjusted : bool
        Whether figures are adjusted to a place, date or specialty.
    basis : PayBasis or None
        The only kind of pay that is printed.
    """

    def __init__(self, adjusted: bool, basis: PayBasis | None) -> None:
        self._adjusted = adjusted
        self._basis = basis
        self._step_numbers: dict[str, int] = {}
        self._note_numbers: dict[str, int] = {}
        self._bases: dict[PayBasis, None] = {}
        self._sources: dict[str, None] = {}

    def role(self, row: RoleFigures, figures: list[AdjustedFigure[Any] | MeanPay]) -> str:
        """The figures of one role."""
        head = f"{row.name} ({row.role})" if row.role else row.name
        if not figures:
            kind = f" for {self._basis.words}" if self._basis else ""
            return f"{head}: no source has a figure{kind}."
        names = ("BASIS", "PUBLISHED", *(("ADJUSTED", "FACTOR", "STEPS") if self._adjusted else ()))
        lines = [(*names, "N", "DATE", "PLACE", "SOURCE", "NOTE"), *(self._row(one) for one in figures)]
        return f"{head}\n{text_table(lines)}"

    def _row(self, figure: AdjustedFigure[Any] | MeanPay) -> tuple[str, ...]:
        from compplan.benchmarks import MeanPay

        published = figure if isinstance(figure, MeanPay) else figure.given
        basis = published.amount.basis if isinstance(published, MeanPay) else published.basis
        self._sources[published.source] = None
        self._bases[basis] = None
        note = str(self._note_numbers.setdefault(published.note, len(self._note_numbers) + 1)) if published.note else ""
        cells = [str(basis), _amounts_text(published)]
        if self._adjusted:
            cells += ["not adjusted", "", ""] if isinstance(figure, MeanPay) else self._adjustment(figure)
        n = getattr(published, "n", None)
        sample = "" if n is None else f"{n:,}"
        return (*cells, sample, published.as_of, published.place or "not stated", published.source, note)

    def _adjustment(self, figure: AdjustedFigure[Any]) -> list[str]:
        numbers: list[str] = []
        for step in figure.steps:
            reason = step.why
            if step.interval:
                reason += f" 95% interval of the factor: {step.interval[0]:.4f} to {step.interval[1]:.4f}."
            numbers.append(str(self._step_numbers.setdefault(reason, len(self._step_numbers) + 1)))
            if step.source:
                self._sources[step.source] = None
        adjusted = _amounts_text(figure.figure) if figure.factor != 1 else "as published"
        return [adjusted, f"{figure.factor:.4f}", " ".join(numbers)]

    def notes(self) -> list[str]:
        """Steps and notes by number, what each kind of pay includes, and the sources with their addresses."""
        from compplan import facts

        parts = [
            "\n".join([title, *(f"{number:>3}  {text}" for text, number in numbers.items())])
            for title, numbers in (("Steps", self._step_numbers), ("Notes", self._note_numbers))
            if numbers
        ]
        if self._bases:
            rows = [(str(basis), basis.meaning) for basis in self._bases]
            parts.append("\n".join(["Kinds of pay", text_table(rows, header=False)]))
        if self._sources:
            parts.append("\n".join(["Sources", *(self._source(facts.source(key)) for key in self._sources)]))
        return parts

    def _source(self, source: Source) -> str:
        return f"{source.key}: {source.label}{f', {source.url}' if source.url else ''}\n     {source.care}"


def _amounts_text(figure: PayBand | Percentiles | MeanPay) -> str:
    from compplan.benchmarks import MeanPay, PayBand
    from compplan.formats import money

    if isinstance(figure, MeanPay):
        return f"mean {money(figure.amount.value, figure.amount.currency, 0)}"
    if isinstance(figure, PayBand):
        return f"{money(figure.low, figure.currency, 0)} to {money(figure.high, figure.currency, 0)}"
    return ", ".join(f"P{p * 100:g} {money(value, figure.currency, 0)}" for p, value in figure.points)
