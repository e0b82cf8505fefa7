"""The error that every reader of tables raises."""

from __future__ import annotations

from typing import NoReturn

from compplan.errors import CompPlanError, Problem


class TableError(CompPlanError):
    """A file that can't be read as a table: too large, of the wrong kind, damaged, or without known headings.

    Callers turn it into an error of their own that names the file.
    """


def refuse(message: str) -> NoReturn:
    """Give up on the file.

    Parameters
    ----------
    message : str
        One sentence, or two, that says what is wrong with the file and what to do.

    Raises
    ------
    TableError
    """
    raise TableError([Problem("", message)])
