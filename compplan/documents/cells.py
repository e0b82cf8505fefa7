"""Workbooks and CSV cells in which text never becomes a formula."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd

from compplan.readers.notes import RISKY

# A plain number with a sign is not a formula.
_HARMLESS = r"^[+\-]?[0-9][0-9.,]*%?$|^-+$"
_MOST_CHARACTERS = 32_767


def guard(texts: pd.Series[str]) -> pd.Series[str]:
    """Put an apostrophe before cells that a spreadsheet would run as a formula.

    Parameters
    ----------
    texts : Series of str

    Returns
    -------
    Series of str
        The same object where no cell needs it.

    Examples
    --------
    >>> guard(pd.Series(["=1+1", "-5", "Ann", "@SUM(A1)"], dtype="str")).tolist()
    ["'=1+1", '-5', 'Ann', "'@SUM(A1)"]
    """
    bare = texts.str.strip()
    risky = bare.str.startswith(RISKY) & ~bare.str.contains(_HARMLESS, regex=True)
    if not bool(risky.any()):
        return texts
    return texts.where(~risky, "'" + texts)


def fitting(text: str) -> str:
    """Cut a text to the 32,767 characters that a cell of a workbook can hold.

    Examples
    --------
    >>> fitting("short"), len(fitting("x" * 40_000))
    ('short', 32767)
    """
    if len(text) <= _MOST_CHARACTERS:
        return text
    tail = "… (cut: a cell holds no more)"
    return text[: _MOST_CHARACTERS - len(tail)] + tail


def new_workbook(stream: io.BytesIO) -> Any:
    """Start an .xlsx workbook in memory; text never becomes a formula, a link or a number."""
    import xlsxwriter

    names = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers", "nan_inf_to_errors")
    return xlsxwriter.Workbook(stream, {"in_memory": True, **dict.fromkeys(names, False)})
