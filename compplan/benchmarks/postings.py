"""State laws on pay ranges in job postings. Not legal advice."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Literal

from compplan import facts
from compplan._moved import OldName
from compplan.benchmarks.ages import date_of
from compplan.benchmarks.amounts import PayBasis
from compplan.benchmarks.areas import state_code, state_name
from compplan.benchmarks.bands import PayBand, pair
from compplan.benchmarks.errors import AreaError, BasisError
from compplan.errors import Problem
from compplan.formats import money, percent

NOT_ADVICE = "Not legal advice. Laws change, and some cities and counties have their own."


@dataclass(frozen=True, slots=True)
class LawStatement:
    """What one source says about the law of a state.

    Attributes
    ----------
    law : bool
        Whether a law requires the pay range in job postings.
    since : str
        Year, month or day on which the law takes effect; empty if there is none.
    employees_at_least : int or None
        Size of the smallest employer that the law covers; None if the source gives none.
    as_of : str
        Date of the source.
    source, note : str
    postings, with_pay : int or None
        Number of live postings in the state that the source counted, and how many of them state pay.
    """

    law: bool
    since: str
    employees_at_least: int | None
    as_of: str
    source: str
    note: str
    postings: int | None
    with_pay: int | None

    @property
    def share_with_pay(self) -> float | None:
        """Share of postings that state pay. It measures disclosure, not compliance."""
        return self.with_pay / self.postings if self.postings and self.with_pay is not None else None

    def holds(self, on: dt.date) -> bool:
        """Return whether the law is in force on a day, according to this source. A year starts on January 1."""
        return self.law and (not self.since or _first_day(self.since) <= on)

    def outdated(self, on: dt.date, others: tuple[LawStatement, ...]) -> bool:
        """Return whether another source reports a law that took effect after this source, which reports none."""
        return not self.law and any(
            other.holds(on) and other.since and date_of(self.as_of) < _first_day(other.since) for other in others
        )


@dataclass(frozen=True, slots=True)
class PostingRules:
    """What the sources say about pay in job postings of a state.

    Attributes
    ----------
    state, name : str
        Postal code and name.
    statements : tuple of LawStatement
        One per source; empty if no source covers the state.
    caution : str
        Notice to show with the rules.
    """

    state: str
    name: str
    statements: tuple[LawStatement, ...]
    caution: str = NOT_ADVICE

    def requirement(self, on: dt.date) -> Literal["yes", "no", "disputed", "unknown"]:
        """Return whether a posting must state the pay range on a day.

        The answer is ``disputed`` if the sources disagree. A source from before the law took effect does not count
        as disagreement.

        Examples
        --------
        >>> day = dt.date(2026, 9, 1)
        >>> [posting_rules(state).requirement(day) for state in ("Colorado", "TX", "Maine", "Wyoming")]
        ['yes', 'no', 'disputed', 'unknown']
        >>> [posting_rules("Delaware").requirement(dt.date(year, 12, 1)) for year in (2026, 2027)]
        ['no', 'yes']
        """
        answers = {one.holds(on) for one in self.statements if not one.outdated(on, self.statements)}
        if not answers:
            return "unknown"
        return "disputed" if len(answers) > 1 else "yes" if True in answers else "no"

    asked = OldName("requirement")


def posting_rules(state: str) -> PostingRules:
    """Return what the sources say about pay in job postings of a state.

    Parameters
    ----------
    state : str
        Name or postal code, in any case.

    Raises
    ------
    AreaError
        If the state does not exist.

    Examples
    --------
    >>> (colorado,) = posting_rules("co").statements
    >>> colorado.law, colorado.since, colorado.employees_at_least, round(colorado.share_with_pay, 3)
    (True, '2021', 1, 0.472)
    """
    code = state_code(state)
    if code is None:
        raise AreaError(
            [Problem("state", f"There is no US state {state.strip()[:60]!r}. Enter the name or the two-letter code.")]
        )
    return PostingRules(code, state_name(code) or code, _statements().get(code, ()))


def posting_text(base: PayBand, ote: PayBand | None = None) -> str:
    """Return a sentence for a job posting: the range of base pay and, with a band of OTE, of variable pay.

    Parameters
    ----------
    base : PayBand
        Band of base pay.
    ote : PayBand, optional
        Band of OTE for the same role. Variable pay is the difference at the low ends and at the high ends.

    Raises
    ------
    BasisError
        If the bands are not of base pay and of OTE.
    BenchmarkError
        If OTE is below base pay at one end.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> print(posting_text(*bands("csm", source="knowup")))
    Base pay: $75,000 to $95,000 a year, plus variable pay of $15,000 to $25,000 on target (16.7% to 20.8% of
    on-target earnings).
    """
    if base.basis is not PayBasis.BASE:
        raise BasisError.at("", f"A posting needs a band of base pay. You gave {base.basis.words}.")
    text = f"Base pay: {_whole(base.low, base.currency)} to {_whole(base.high, base.currency)} a year"
    if ote is None:
        return f"{text}."
    ends = [pair(base, ote, q) for q in (0, 1)]
    low, high = sorted(end.target_variable.value for end in ends)
    least, most = sorted(end.variable_share for end in ends)
    return (
        f"{text}, plus variable pay of {_whole(low, base.currency)} to {_whole(high, base.currency)} on target "
        f"({percent(least, 1)} to {percent(most, 1)} of on-target earnings)."
    )


@functools.cache
def _statements() -> dict[str, tuple[LawStatement, ...]]:
    by_state: dict[str, tuple[LawStatement, ...]] = {}
    for row in facts.table("pay_transparency"):
        statement = LawStatement(
            law=row["law"] == "yes",
            since=row["since"],
            employees_at_least=_count(row["employees_at_least"]),
            as_of=row["as_of"],
            source=row["source"],
            note=row["note"],
            postings=_count(row["postings"]),
            with_pay=_count(row["with_pay"]),
        )
        by_state[row["state"]] = (*by_state.get(row["state"], ()), statement)
    return by_state


def _count(text: str) -> int | None:
    return int(text) if text else None


def _first_day(since: str) -> dt.date:
    """Return the first day of a year or month, or the day itself."""
    return dt.date.fromisoformat(since + {4: "-01-01", 7: "-01", 10: ""}[len(since)])


def _whole(amount: float, currency: str) -> str:
    return money(amount, currency, 0)
