"""What the laws of states ask a job posting to say about pay. Not legal advice."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass
from typing import Literal

from compplan import facts
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
    """What one source says of the law of a state.

    Attributes
    ----------
    law : bool
        Whether a law asks for the range in the posting.
    since : str
        A year, month or day from which it holds; empty where there is none.
    employees_at_least : int or None
        The smallest employer that it covers, where the source gives a number.
    as_of : str
        When the source said so.
    source, note : str
    postings, with_pay : int or None
        Live postings that the source counted in the state, and how many gave pay.
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
        """Share of the postings it counted that gave pay: disclosure, not compliance."""
        return self.with_pay / self.postings if self.postings and self.with_pay is not None else None

    def holds(self, on: dt.date) -> bool:
        """Whether, after this source, the law is in force on a day; a year holds from its first of January."""
        return self.law and (not self.since or _first_day(self.since) <= on)

    def outdated(self, on: dt.date, others: tuple[LawStatement, ...]) -> bool:
        """Whether it denies a law that another source says came into force after it was written."""
        return not self.law and any(
            other.holds(on) and other.since and date_of(self.as_of) < _first_day(other.since) for other in others
        )


@dataclass(frozen=True, slots=True)
class PostingRules:
    """What is known of pay in job postings of a state.

    Attributes
    ----------
    state, name : str
        Postal code and name.
    statements : tuple of LawStatement
        Every source by itself; empty where none says anything of the state.
    caution : str
        To be shown beside it.
    """

    state: str
    name: str
    statements: tuple[LawStatement, ...]
    caution: str = NOT_ADVICE

    def asked(self, on: dt.date) -> Literal["yes", "no", "disputed", "unknown"]:
        """Whether a posting has to give the range on a day.

        Sources that disagree make it disputed; one that was written before a law came into force does not
        speak against it.

        Examples
        --------
        >>> day = dt.date(2026, 9, 1)
        >>> [posting_rules(state).asked(day) for state in ("Colorado", "TX", "Maine", "Wyoming")]
        ['yes', 'no', 'disputed', 'unknown']
        >>> [posting_rules("Delaware").asked(dt.date(year, 12, 1)) for year in (2026, 2027)]
        ['no', 'yes']
        """
        said = {one.holds(on) for one in self.statements if not one.outdated(on, self.statements)}
        if not said:
            return "unknown"
        return "disputed" if len(said) > 1 else "yes" if True in said else "no"


def posting_rules(state: str) -> PostingRules:
    """What is known of the law of a state on pay in job postings.

    Parameters
    ----------
    state : str
        Its name or postal code, in any case.

    Raises
    ------
    AreaError
        If there is no such state.

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
    """A sentence for a posting: the range of base pay and, with a band of OTE, what is variable on top.

    Parameters
    ----------
    base : PayBand
        Of base pay.
    ote : PayBand, optional
        Of on-target earnings, of the same role. The variable part is told at the ends of both bands.

    Raises
    ------
    BasisError
        If the bands are not of base pay and of OTE.
    BenchmarkError
        If OTE would be below base.

    Examples
    --------
    >>> from compplan.benchmarks import bands
    >>> print(posting_text(*bands("csm", source="knowup")))
    Base pay: $75,000 to $95,000 a year, plus variable pay of $15,000 to $25,000 on target (16.7% to 20.8% of
    on-target earnings).
    """
    if base.basis is not PayBasis.BASE:
        raise BasisError.at("", f"A posting needs a band of base pay, got {base.basis.words}.")
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
    found: dict[str, tuple[LawStatement, ...]] = {}
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
        found[row["state"]] = (*found.get(row["state"], ()), statement)
    return found


def _count(text: str) -> int | None:
    return int(text) if text else None


def _first_day(since: str) -> dt.date:
    """A year holds from its first day, and so does a month."""
    return dt.date.fromisoformat(since + {4: "-01-01", 7: "-01", 10: ""}[len(since)])


def _whole(amount: float, currency: str) -> str:
    return money(amount, currency, 0)
