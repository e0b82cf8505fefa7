"""Columns that look as if they mattered and were not read: they are named, so that nothing is left out in silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from compplan.readers import amounts, dates, headings, titles
from compplan.readers.heading_words import normal
from compplan.readers.ledger import Ledger
from compplan.readers.notes import REMARKS, STATUS

_SAMPLE = 200
_MOST = 0.8
_LEAST_MONEY = 1_000.0
# Numbers under these words are not money.
_NOT_MONEY = re.compile(
    r"\b(id|ids|no|nr|number|code|zip|postal|post|phone|tel|mobile|fax|ssn|year|time|timestamp|count|headcount|age|plz"
    r"|iban|account|cost cent(?:er|re)|department|seats|users|employees)\b"
)

# Dates that no reader uses.
_NOT_ASKED = re.compile(r"\b(timestamp|dob|birth\w*|created|updated|modified|geburtsdatum|naissance|nacimiento)\b")


def _is_money(text: str) -> bool:
    amount = amounts.parse(text)
    return not amount.fault and not amount.percent and (bool(amount.signs) or amount.value >= _LEAST_MONEY)


def _is_date(text: str) -> bool:
    return re.search(r"\D", text) is not None and not dates.parse(text).fault


def _is_share(text: str) -> bool:
    return text.endswith("%") and re.search(r"\d", text) is not None


def _is_role(text: str) -> bool:
    return bool(titles.role_of(text)[0])


_KINDS: Mapping[str, tuple[str, Callable[[str], bool]]] = {
    "share": ("percents", _is_share),
    "date": ("dates", _is_date),
    "money": ("money", _is_money),
    "role": ("job titles", _is_role),
}


def looks_like(texts: list[str], heading: str) -> str:
    """Return what a column seems to hold: ``share``, ``date``, ``money``, ``role``, or an empty text.

    Examples
    --------
    >>> looks_like(["$12,000", "$9,500"], "Var"), looks_like(["2027-03-01"], "Renews"), looks_like(["blue"], "Team")
    ('money', 'date', '')
    """
    filled = [text for text in texts if text.casefold() not in amounts.MISSING][:_SAMPLE]
    if not filled or _NOT_ASKED.search(normal(heading)):
        return ""
    for kind, (_, fits) in _KINDS.items():
        if kind == "money" and _NOT_MONEY.search(normal(heading)):
            continue
        if sum(map(fits, filled)) >= _MOST * len(filled):
            return kind
    return ""


def note_unread(ledger: Ledger, examples: Mapping[str, str]) -> dict[str, str]:
    """Name each column without a field that looks like money, dates, percents or job titles.

    Parameters
    ----------
    ledger : Ledger
        After `Ledger.start`.
    examples : Mapping of str to str
        A field to map a column of each kind to; kinds that are missing are not looked for.

    Returns
    -------
    dict of str to str
        Heading to kind.
    """
    named: dict[str, str] = {}
    # Those are named with the heading that was used instead.
    rivals = {left.column for left, _ in headings.rivals(ledger.headings, ledger.vocabulary)}
    for heading in ledger.headings:
        if heading.field or heading.column in rivals or heading.heading in (STATUS, REMARKS):
            continue
        cells = ledger.raw(heading)
        texts = [text for text in cells.iloc[: 2 * _SAMPLE].str.strip().tolist() if text]
        kind = looks_like(texts, heading.heading)
        if kind in examples:
            named[heading.heading] = kind
            why = (
                f"The column looks like {_KINDS[kind][0]} and was not read. To use it, choose its field, as in "
                f"'{heading.heading}={examples[kind]}'."
            )
            ledger.note_column("doubt", why, heading)
    return named
