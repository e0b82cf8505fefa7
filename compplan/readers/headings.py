"""Headings matched to fields, in any words and any order, with a confidence."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz, process

from compplan.errors import Problem, nearest
from compplan.readers.errors import TableError
from compplan.readers.heading_words import normal, subject, words_of
from compplan.readers.notes import MOST_LISTED, listed
from compplan.readers.table import column_letter
from compplan.readers.vocabulary import NOISE, Vocabulary

DEEPEST = 30
_FEWEST = 2
_CLOSE, _CLOSE_WORD = 88, 80  # percent
_SHORT = 3  # letters
_REMEMBERED = 4096
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a file and its field.

    Attributes
    ----------
    field : str
        A field of the vocabulary; empty for a column that has none.
    heading, letter : str
        Its text, and its letter in a spreadsheet.
    column : int
        Position from 0.
    confidence : float
        1 where the caller named the column or its words are known, less where words had to be cut or are only
        close, 0 without a field.
    chosen : bool
        Whether the caller named the column.
    currency : str
        Code that the heading names, as in "Base (EUR)".
    per : str
        A period of `compplan.readers.columns.PERIODS`, such as ``month``; empty where it says none.
    scale : float
        1,000 where the heading says thousands, 1,000,000 for millions, 100,000 for lakhs, 10,000,000 for crores,
        else 1.
    percent : bool
        Whether it says percent.
    of : str
        ``base`` or ``ote`` where the heading says what a percent is of.
    """

    field: str
    heading: str
    letter: str
    column: int
    confidence: float = 0.0
    currency: str = ""
    per: str = ""
    scale: float = 1.0
    percent: bool = False
    of: str = ""
    chosen: bool = False


@cache
def _ranks(vocabulary: Vocabulary) -> Mapping[str, tuple[str, int]]:
    return {word: (field, rank) for field, words in vocabulary.fields.items() for rank, word in enumerate(words)}


@cache
def _joined(vocabulary: Vocabulary) -> Mapping[str, str]:
    """Return the field of each known heading with its words written as one, as in ``dateofhire``."""
    return {word.replace(" ", ""): field for word, (field, _) in _ranks(vocabulary).items()}


@lru_cache(_REMEMBERED)
def _guess(heading: str, vocabulary: Vocabulary, *, close: bool = True) -> tuple[str, float, int]:
    """Return field, confidence and rank among the words for the field; words that are only close count if `close`."""
    if len(subject(heading)) > _LONGEST:
        return "", 0.0, 0
    words = words_of(heading)
    known = _ranks(vocabulary)
    numbered = [(normal(heading.replace("#", " number ")), 1.0)] if "#" in heading else []
    tries = [
        *numbered,
        (words.whole, 1.0),
        (words.timed, 1.0),
        (words.bare, 1.0),
        (normal(NOISE.sub(" ", words.bare)), 0.9),
    ]
    for text, confidence in tries:
        if text in known:
            field, rank = known[text]
            return vocabulary.by_unit(field, words), confidence, rank
        field = vocabulary.pattern(text)
        if field:
            return vocabulary.by_unit(field, words), confidence, 0
    joined = words.whole.replace(" ", "")
    if " " not in heading.strip() and joined in _joined(vocabulary):
        return vocabulary.by_unit(_joined(vocabulary)[joined], words), 0.9, 0
    text = tries[-1][0]
    near = _near(text, vocabulary) if close and len(text) > 4 else ""
    if near:
        field, rank = known[near]
        return vocabulary.by_unit(field, words), 0.7, rank
    return "", 0.0, 0


def _near(text: str, vocabulary: Vocabulary) -> str:
    """Return the known heading with the same words but for a slip of the pen; another word is another meaning."""
    for near, *_ in process.extract(text, _ranks(vocabulary).keys(), scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=5):
        pairs = list(zip(text.split(), near.split(), strict=False))
        if len(text.split()) != len(near.split()):
            # "jobtitle" and "job title"
            if text.replace(" ", "") == near.replace(" ", ""):
                return near
        elif all(one == other or _is_slip(one, other) for one, other in pairs):
            return near
    return ""


def _is_slip(one: str, other: str) -> bool:
    return max(len(one), len(other)) > _SHORT and fuzz.ratio(one, other) >= _CLOSE_WORD


class HeadingRow(NamedTuple):
    """Where the headings of a table are.

    Attributes
    ----------
    place : int
        Position of the row, of the last one where they are in two rows.
    known : int
        How many fields they have; 0 if no row has headings.
    rows : int
        1, or 2 where two rows make one heading, as in "Base" above "Salary".
    fields : frozenset of str
    """

    place: int
    known: int
    rows: int
    fields: frozenset[str]


def locate(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> HeadingRow:
    """Find the row of headings among the first rows, or the two rows that are headings together.

    Examples
    --------
    >>> from compplan.readers.limits import Limits
    >>> words = {"id": ("employee id",), "base": ("base salary",), "title": ("job title", "job")}
    >>> people = Vocabulary(words, {}, Limits("roster"), "person", "people", "pay", "Emp ID")
    >>> locate([["Employee", "Job", "Base"], ["ID", "Title", "Salary"], ["E1", "CSM", "80000"]], None, people)[:3]
    (1, 3, 2)
    """
    place, known = find(rows, mapping, vocabulary)
    fields = _fields_of(rows[place], vocabulary) if known else frozenset[str]()
    last = min(len(rows), DEEPEST) - 1
    starts = range(0) if mapping else range(max(place - 1, 0), min(place + 1, last)) if known else range(last)
    # A row of headings that "Base" above "Salary" makes clearer has more fields than either row alone.
    for first in starts:
        if not all(_is_words(row) for row in rows[first : first + 2]):
            continue
        joined = joined_headings(rows[first], rows[first + 1])
        together = _fields_of(joined, vocabulary)
        alone = max(len(_fields_of(row, vocabulary)) for row in rows[first : first + 2])
        if len(together) > alone and vocabulary.identifies(together):
            return HeadingRow(first + 1, len(together), 2, together)
    return HeadingRow(place, known, 1, fields)


def joined_headings(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return the headings that two rows make together."""
    width = max(len(upper), len(lower))
    rows = [[*row, *[""] * (width - len(row))] for row in (upper, lower)]
    return [f"{one} {other}".strip() for one, other in zip(*rows, strict=True)]


def _is_words(row: Sequence[str]) -> bool:
    return sum(bool(text.strip()) for text in row) >= _FEWEST and not any(c.isdigit() for text in row for c in text)


def _fields_of(row: Sequence[str], vocabulary: Vocabulary) -> frozenset[str]:
    return frozenset(_guess(text, vocabulary, close=False)[0] for text in row) - {""}


def find(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> tuple[int, int]:
    """Find the row of headings among the first rows.

    Parameters
    ----------
    rows : sequence of sequences of str
    mapping : Mapping of str to str, optional
        Field to heading, as in `match`; named headings count as known.
    vocabulary : Vocabulary

    Returns
    -------
    place : int
        Position of the row.
    known : int
        How many fields it has; 0 if no row has headings.

    Examples
    --------
    >>> from compplan.readers.limits import Limits
    >>> words = {"id": ("emp id",), "base": ("base salary",)}
    >>> people = Vocabulary(words, {}, Limits("roster"), "person", "people", "pay", "Emp ID")
    >>> find([["Our team", ""], ["Emp ID", "Base salary (USD)"], ["E001", "80000"]], None, people)
    (1, 2)
    """
    headings = {normal(text) for text in (mapping or {}).values() if text}
    # Words that are only close count where nothing else is known, because data come close now and then.
    for close in (False, True):
        best = place = 0
        for index, row in enumerate(rows[:DEEPEST]):
            texts = [text for text in row if text.strip() and not text.strip()[0].isdigit()]
            texts += [text for text in row if text.strip()[:1].isdigit() and vocabulary.pattern(normal(text))]
            if len(texts) < _FEWEST:
                continue
            guesses = [_guess(text, vocabulary, close=close)[0] for text in texts]
            fields = {
                guess or normal(text) * (normal(text) in headings) for text, guess in zip(texts, guesses, strict=True)
            }
            fields.discard("")
            recognized = vocabulary.identifies(fields) or (len(fields) >= _FEWEST and bool(headings & fields))
            if len(fields) > best and recognized:
                best, place = len(fields), index
                if best > len(texts) / 2:
                    break
        if best >= _FEWEST:
            return place, best
    if len(headings) >= _FEWEST:
        # The caller names the columns, so the first row that can be headings is the row of headings.
        full = (index for index, row in enumerate(rows[:DEEPEST]) if sum(bool(text.strip()) for text in row) >= _FEWEST)
        place = next(full, -1)
        if place >= 0:
            return place, _FEWEST
    return 0, 0


def seen(rows: Sequence[Sequence[object]]) -> str:
    """Return a sentence with the cells of the first row that can be headings, for messages; empty if there is none.

    Examples
    --------
    >>> seen([["Our team", ""], ["Name", "Pay"]])
    " The first row with several cells has 'Name', 'Pay'."
    >>> seen([["E1", "Ann Example", "80000"]])
    ''
    """
    for row in rows[:DEEPEST]:
        texts = [str(cell) for cell in row if cell is not None and str(cell).strip()]
        if len(texts) >= _FEWEST:
            # A number or a date shows that it is somebody's row, which messages must not repeat.
            if any(re.search(r"\d", text) and not re.search(r"[^\W\d_]", text) for text in texts):
                return ""
            return f" The first row with several cells has {listed(texts)}."
    return ""


def match(names: Sequence[str], mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> tuple[Heading, ...]:
    """Match headings to fields, at most one heading per field.

    Parameters
    ----------
    names : sequence of str
        Headings, all different.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; an empty text leaves the field out. Fields that it does not
        name are matched by their words.
    vocabulary : Vocabulary

    Returns
    -------
    tuple of Heading
        In the order of the file.

    Raises
    ------
    TableError
        If the mapping names a field or a heading that does not exist.

    Examples
    --------
    >>> from compplan.readers.limits import Limits
    >>> words = {"id": ("emp id",), "base": ("base salary", "salary")}
    >>> people = Vocabulary(words, {}, Limits("roster"), "person", "people", "pay", "Emp ID")
    >>> [(h.field, h.currency) for h in match(["Salary (EUR)", "Emp. ID", "Team song"], None, people)]
    [('base', 'EUR'), ('id', ''), ('', '')]
    """
    fixed = _fixed(names, mapping or {}, vocabulary)
    by_column = {column: (field, 1.0) for field, column in fixed.items() if column is not None}
    used = set(fixed)

    def assign(column: int, field: str, confidence: float) -> None:
        if field and column not in by_column and field not in used:
            by_column[column] = field, confidence
            used.add(field)

    guesses = [(*_guess(name, vocabulary), name, column) for column, name in enumerate(names)]
    # Sorted by words and not by position, so that columns in another order give the same result; an amount a year
    # comes before an amount a month, which has to be multiplied, and the newest year before the others.
    for field, confidence, *_, column in sorted(
        guesses,
        key=lambda g: (-g[1], words_of(g[3]).per not in ("", "year"), g[2], -_year(g[3]), g[3].casefold(), g[4]),
    ):
        assign(column, field, confidence)
    for column, name in enumerate(names):
        assign(column, vocabulary.second.get(normal(name), ""), 0.9)
    return tuple(_described(names, by_column, {column for column in fixed.values() if column is not None}))


def _year(name: str) -> int:
    year = re.search(r"\b(?:20|fy ?(?:20)?)(\d\d)\b", name[:_LONGEST].casefold())
    return int(year[1]) if year else 0


def _described(
    names: Sequence[str], by_column: Mapping[int, tuple[str, float]], chosen: Collection[int]
) -> Iterator[Heading]:
    for column, name in enumerate(names):
        field, confidence = by_column.get(column, ("", 0.0))
        words = words_of(name)
        yield Heading(
            field, name, column_letter(column), column, confidence,
            words.currency, words.per, words.scale, words.percent, words.of, column in chosen,
        )  # fmt: skip


def rivals(matched: Sequence[Heading], vocabulary: Vocabulary) -> list[tuple[Heading, Heading]]:
    """Return headings without a field that have words for one, each with the heading that has that field."""
    by_field = {h.field: h for h in matched if h.field}
    pairs: list[tuple[Heading, Heading]] = []
    for heading in matched:
        guess, confidence, _ = _guess(heading.heading, vocabulary)
        if not heading.field and confidence >= 0.9 and guess in by_field:
            pairs.append((heading, by_field[guess]))
    return pairs


def _fixed(names: Sequence[str], mapping: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, int | None]:
    """Return the column of each field that the caller names."""
    fixed: dict[str, int | None] = {}
    problems: list[Problem] = []
    for field, heading in mapping.items():
        if field not in vocabulary.fields and vocabulary.pattern(field) != field:
            why = f"is not a field of a {vocabulary.limits.noun}; {nearest(field, vocabulary.fields)}"
            problems.append(Problem(f"mapping.{field}", why))
            continue
        column = _column_of(names, heading) if heading else None
        if heading and column is None:
            problems.append(Problem(f"mapping.{field}", f"there is no heading {heading!r}; {_hint(heading, names)}"))
        elif column is not None and column in fixed.values():
            problems.append(Problem(f"mapping.{field}", f"{heading!r} is named for two fields; a column has one."))
        fixed[field] = column
    if problems:
        raise TableError(problems)
    return fixed


def _hint(heading: str, names: Sequence[str]) -> str:
    """Return the closest headings, or the first ones; no more of the file than a message may repeat."""
    hint = nearest(heading, names)
    return hint if len(hint) <= MOST_LISTED else f"its headings are {listed(names)}."


def _column_of(names: Sequence[str], heading: str) -> int | None:
    for column, name in enumerate(names):
        if name == heading:
            return column
    for column, name in enumerate(names):
        if normal(name) == normal(heading) and normal(heading):
            return column
    return next((c for c in range(len(names)) if column_letter(c) == heading.strip().upper()), None)
