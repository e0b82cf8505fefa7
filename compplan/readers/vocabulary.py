"""Vocabularies: the headings that a kind of file uses for its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from compplan.readers.heading_words import HeadingWords
from compplan.readers.limits import Limits

_FEWEST_FIELDS = 2
# Words that do not change what a heading means.
NOISE = re.compile(
    r"\b(fy ?\d{2,4}|20\d\d|current|gross|amount|amt|contractual|in|of|the|employee s|local"
    r"|fte|full ?time|equivalent|vollzeit|temps plein)\b"
)


def _by_name(field: str, _: HeadingWords) -> str:
    return field


def _no_pattern(_: str) -> str:
    return ""


def _two_fields(fields: Collection[str]) -> bool:
    return len(fields) >= _FEWEST_FIELDS


def _always(_: Collection[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The fields of a kind of file, and the words for them.

    Attributes
    ----------
    fields : Mapping of str to tuple of str
        Field to the headings that mean it, the clearest first.
    second : Mapping of str to str
        Headings that mean another field where a clearer heading has their first one.
    limits : Limits
        How large such a file may be, and what it is called.
    one, many, money : str
        What a row, rows and their amounts are called in notes.
    examples : str
        Some known headings, for files that have none.
    few : frozenset of str
        Fields with few different values, such as titles, which are read once per value.
    by_unit : callable
        Turns a field into another by what the heading says besides its name, such as a percent.
    complete : callable
        Whether these fields are enough for a sheet of a workbook to be the one that is read, without looking at others.
    pattern : callable
        Field of a heading by a pattern, for headings that are too many to list; empty where it means none.
    identifies : callable
        Whether a row with headings of these fields is the row of headings; at least two fields by default.
    """

    fields: Mapping[str, tuple[str, ...]]
    second: Mapping[str, str]
    limits: Limits
    one: str
    many: str
    money: str
    examples: str
    few: frozenset[str] = frozenset()
    by_unit: Callable[[str, HeadingWords], str] = _by_name
    pattern: Callable[[str], str] = _no_pattern
    identifies: Callable[[Collection[str]], bool] = _two_fields
    complete: Callable[[Collection[str]], bool] = _always
