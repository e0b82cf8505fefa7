"""The facts that ship with compplan, as tables, and the bibliography that they cite."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache

from compplan.errors import closest, one_of
from compplan.shipped import shipped


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that figures come from.

    Parameters
    ----------
    key : str
        Key by which the tables cite it.
    publisher, title : str
        Who published it and under what name.
    year : str
        Year of publication, or of the figures where the page has no date; empty where neither is known.
    url : str
        Web address; empty for our own judgment.
    kind : str
        ``survey``, ``blog``, ``glossary``, ``statistics``, ``handbook``, ``slides``, ``research``, ``law``,
        ``dataset`` or ``judgement``.
    licence : str
        Terms of use.
    care : str
        Caution for anyone who relies on its figures.
    """

    key: str
    publisher: str
    title: str
    year: str
    url: str
    kind: str
    licence: str
    care: str

    @property
    def label(self) -> str:
        """Publisher, title and year, for display.

        Examples
        --------
        >>> source("knowup").label
        'KnowUp, Customer Success Compensation Design (2024)'
        """
        return f"{self.publisher}, {self.title} ({self.year or 'undated'})"


def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, in the order of its file.

    Parameters
    ----------
    name : str
        Name of the table: ``data/<name>.csv``. Only what the manifest lists is read.

    Returns
    -------
    tuple of dict
        One dict a row, column to text; empty where unknown. Changing them changes nothing else.

    Raises
    ------
    LookupError
        If the manifest lists no such table.

    Examples
    --------
    >>> [row["key"] for row in table("segments")]
    ['smb', 'digital', 'mid_market', 'enterprise', 'strategic']
    >>> table("segment")
    Traceback (most recent call last):
    LookupError: No table 'segment' among the facts that come with compplan; did you mean segments?
    """
    return tuple(dict(row) for row in _rows(name))


def source(key: str) -> Source:
    """The publication that a table cites by a key.

    Parameters
    ----------
    key : str
        Key into the bibliography, ``data/sources.csv``.

    Raises
    ------
    LookupError
        If the bibliography has no such key.

    Examples
    --------
    >>> source("tsia-2022").publisher
    'TSIA'
    """
    try:
        return _sources()[key]
    except KeyError:
        raise LookupError(f"No source {key!r} in the bibliography of compplan; {_nearest(key, _sources())}") from None


@cache
def version() -> str:
    """Version of the facts: SHA-256 over every file in the manifest.

    Examples
    --------
    >>> len(version())
    64
    """
    files = sorted(row["file"] for row in _read("manifest.csv"))
    lines = [f"{file} {hashlib.sha256(_bytes(file)).hexdigest()}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _bytes(file: str) -> bytes:
    return shipped("data", *file.split("/")).read_bytes()


@cache
def _rows(name: str) -> tuple[Mapping[str, str], ...]:
    known = _names()
    if name not in known:
        raise LookupError(f"No table {name!r} among the facts that come with compplan; {_nearest(name, known)}")
    return _read(f"{name}.csv")


@cache
def _names() -> frozenset[str]:
    listed = (row["file"] for row in _read("manifest.csv"))
    # Files in folders are not tables: plans, and samples of people's files.
    return frozenset(file.removesuffix(".csv") for file in listed if file.endswith(".csv") and "/" not in file)


@cache
def _sources() -> Mapping[str, Source]:
    columns = [field.name for field in fields(Source)]
    entries = (Source(**{column: row[column] for column in columns}) for row in _rows("sources"))
    return {entry.key: entry for entry in entries}


def _read(file: str) -> tuple[dict[str, str], ...]:
    with shipped("data", file).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, strict=True))


def _nearest(word: str, known: Iterable[str]) -> str:
    options = sorted(known)
    close = closest(word, options)
    return f"did you mean {one_of(close)}?" if close else f"there are {', '.join(options)}."
