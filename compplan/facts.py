"""The facts that come with the program, as tables, and the bibliography that they cite."""

from __future__ import annotations

import csv
import difflib
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache

from compplan.shipped import shipped


@dataclass(frozen=True, slots=True)
class Source:
    """A publication that figures are taken from.

    Parameters
    ----------
    key : str
        The word by which the tables cite it.
    publisher, title : str
        Who published it and under what name.
    year : str
        Year of publication, or of the figures where the page has no date; empty where neither is known.
    url : str
        Its address; empty for our own judgement.
    kind : str
        ``survey``, ``blog``, ``glossary``, ``statistics``, ``handbook``, ``slides``, ``research``, ``law``,
        ``dataset`` or ``judgement``.
    licence : str
        On what terms it may be used.
    care : str
        What to bear in mind before a figure of it is relied on.
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
        """How the source is named to people.

        Examples
        --------
        >>> source("knowup").label
        'KnowUp, Customer Success Compensation Design (2024)'
        """
        return f"{self.publisher}, {self.title} ({self.year or 'undated'})"


def table(name: str) -> tuple[dict[str, str], ...]:
    """Give the rows of a table, in the order of its file.

    Parameters
    ----------
    name : str
        Name of the table: ``data/<name>.csv``. Only what the manifest lists is read.

    Returns
    -------
    tuple of dict
        One dict a row, column to text; what is not known is empty. The dicts are the caller's own.

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
    """Give the publication that a table cites by this key.

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
    """What tells these facts from those of another release: SHA-256 of every file that the manifest lists.

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
    # What lies in a folder is no table: plans, and samples of files that people bring.
    return frozenset(file.removesuffix(".csv") for file in listed if file.endswith(".csv") and "/" not in file)


@cache
def _sources() -> Mapping[str, Source]:
    columns = [field.name for field in fields(Source)]
    found = (Source(**{column: row[column] for column in columns}) for row in _rows("sources"))
    return {entry.key: entry for entry in found}


def _read(file: str) -> tuple[dict[str, str], ...]:
    with shipped("data", file).open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines, strict=True))


def _nearest(word: str, known: Iterable[str]) -> str:
    options = sorted(known)
    close = difflib.get_close_matches(word, options, n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(options)}."
