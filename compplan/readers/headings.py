"""Headings in other words and another order, matched to the fields of a roster, with how sure that is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from compplan.errors import Problem, nearest
from compplan.readers.notes import RosterError
from compplan.readers.table import letter
from compplan.readers.vocabulary import NOISE, Vocabulary, Words, normal, words_of

DEEPEST = 30
_FEWEST = 2
_CLOSE = 0.88
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of the file and the field that it was taken for.

    Attributes
    ----------
    field : str
        A field of the vocabulary, such as a key of `FIELDS`, or empty for a column that is carried along.
    heading, letter : str
        Its text and the letter that a spreadsheet gives to it.
    column : int
        From 0.
    confidence : float
        1 where the caller said so or the words are known, less where they had to be cut or come close only,
        0 without a field.
    currency : str
        Code that the heading names, as in "Base (EUR)".
    per : str
        ``hour``, ``week``, ``month``, ``year`` or empty.
    scale : float
        1000 where the heading says thousands, else 1.
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


@cache
def _ranks(vocabulary: Vocabulary) -> Mapping[str, tuple[str, int]]:
    return {word: (field, rank) for field, words in vocabulary.fields.items() for rank, word in enumerate(words)}


def _guess(heading: str, vocabulary: Vocabulary, *, close: bool = True) -> tuple[str, float, int]:
    """Field, confidence and rank among the words for the field; a text that only comes close counts if `close`."""
    if len(heading) > _LONGEST:
        return "", 0.0, 0
    words = words_of(heading)
    known = _ranks(vocabulary)
    tries = [(words.whole, 1.0), (words.timed, 1.0), (words.bare, 1.0), (normal(NOISE.sub(" ", words.bare)), 0.9)]
    for text, confidence in tries:
        if text in known:
            field, rank = known[text]
            return _by_unit(field, words), confidence, rank
    text = tries[-1][0]
    if close and len(text) > 4:
        near = difflib.get_close_matches(text, known, n=1, cutoff=_CLOSE)
        if near:
            field, rank = known[near[0]]
            return _by_unit(field, words), 0.7, rank
    return "", 0.0, 0


def _by_unit(field: str, words: Words) -> str:
    if field == "variable" and (words.percent or words.of):
        return "variable_share"
    return "hourly" if field == "base" and words.per == "hour" else field


def find(rows: Sequence[Sequence[str]], mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> tuple[int, int]:
    """The row of headings among the first rows, and how many fields it has; 0 fields if there is none.

    Examples
    --------
    >>> from compplan.roster.words import PEOPLE
    >>> find([["Our team", ""], ["Emp ID", "Base salary (USD)"], ["E001", "80000"]], None, PEOPLE)
    (1, 2)
    """
    named = {normal(text) for text in (mapping or {}).values() if text}
    # Words that only come close are looked at where nothing else is found: data come close now and then.
    for close in (False, True):
        best = place = 0
        for index, row in enumerate(rows[:DEEPEST]):
            texts = [text for text in row if text.strip() and not text.strip()[0].isdigit()]
            if len(texts) < _FEWEST:
                continue
            guesses = [_guess(text, vocabulary, close=close)[0] for text in texts]
            fields = {
                guess or normal(text) * (normal(text) in named) for text, guess in zip(texts, guesses, strict=True)
            }
            known = len(fields - {""})
            if known > best:
                best, place = known, index
                if known > len(texts) / 2:
                    break
        if best >= _FEWEST:
            return place, best
    if len(named) >= _FEWEST:
        # The caller says which column is which, so the first row that can be one is taken for the headings.
        full = (index for index, row in enumerate(rows[:DEEPEST]) if sum(bool(text.strip()) for text in row) >= _FEWEST)
        place = next(full, -1)
        if place >= 0:
            return place, _FEWEST
    return 0, 0


def match(names: Sequence[str], mapping: Mapping[str, str] | None, vocabulary: Vocabulary) -> tuple[Heading, ...]:
    """Take each heading for a field, at most one heading a field.

    Parameters
    ----------
    names : sequence of str
        Headings, all different.
    mapping : Mapping of str to str, optional
        Field to heading, or to the letter of a column; an empty text leaves the field out. What it does not
        name is proposed.
    vocabulary : Vocabulary

    Returns
    -------
    tuple of Heading
        In the order of the file.

    Raises
    ------
    RosterError
        If the mapping names a field or a heading that is not there.

    Examples
    --------
    >>> from compplan.roster.words import PEOPLE
    >>> names = ["Salary (EUR)", "Emp. ID", "Team song", "Bonus % of base"]
    >>> [(h.field, h.currency) for h in match(names, None, PEOPLE)]
    [('base', 'EUR'), ('id', ''), ('', ''), ('variable_share', '')]
    """
    taken: dict[int, tuple[str, float]] = {}
    fixed = _fixed(names, mapping or {}, vocabulary)
    for field, column in fixed.items():
        if column is not None:
            taken[column] = field, 1.0
    guesses = [(*_guess(name, vocabulary), name, column) for column, name in enumerate(names)]
    # By words, not by place: another order of the columns gives the same mapping.
    for field, confidence, _, _, column in sorted(guesses, key=lambda g: (-g[1], g[2], g[3].casefold(), g[4])):
        if field and column not in taken and field not in fixed and all(field != f for f, _ in taken.values()):
            taken[column] = field, confidence
    for column, name in enumerate(names):
        second = vocabulary.second.get(normal(name), "")
        if second and column not in taken and second not in fixed and all(second != f for f, _ in taken.values()):
            taken[column] = second, 0.9
    made: list[Heading] = []
    for column, name in enumerate(names):
        field, confidence = taken.get(column, ("", 0.0))
        words = words_of(name)
        made.append(
            Heading(
                field, name, letter(column), column, confidence,
                words.currency, words.per, words.scale, words.percent, words.of,
            )
        )  # fmt: skip
    return tuple(made)


def rivals(found: Sequence[Heading], vocabulary: Vocabulary) -> list[tuple[Heading, Heading]]:
    """Headings that were left out although they have words for a field, each with the one that was taken."""
    by_field = {h.field: h for h in found if h.field}
    pairs: list[tuple[Heading, Heading]] = []
    for heading in found:
        guess, confidence, _ = _guess(heading.heading, vocabulary)
        if not heading.field and confidence >= 0.9 and guess in by_field:
            pairs.append((heading, by_field[guess]))
    return pairs


def _fixed(names: Sequence[str], mapping: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, int | None]:
    fixed: dict[str, int | None] = {}
    problems: list[Problem] = []
    for field, wanted in mapping.items():
        if field not in vocabulary.fields:
            said = f"is not a field of a {vocabulary.limits.noun}; {nearest(field, vocabulary.fields)}"
            problems.append(Problem(f"mapping.{field}", said))
            continue
        column = _column_of(names, wanted) if wanted else None
        if wanted and column is None:
            problems.append(Problem(f"mapping.{field}", f"there is no heading {wanted!r}; {nearest(wanted, names)}"))
        elif column is not None and column in fixed.values():
            problems.append(Problem(f"mapping.{field}", f"{wanted!r} is named for two fields; a column has one."))
        fixed[field] = column
    if problems:
        raise RosterError(problems)
    return fixed


def _column_of(names: Sequence[str], wanted: str) -> int | None:
    for column, name in enumerate(names):
        if name == wanted:
            return column
    for column, name in enumerate(names):
        if normal(name) == normal(wanted) and normal(wanted):
            return column
    return next((c for c in range(len(names)) if letter(c) == wanted.strip().upper()), None)
