"""What is wrong with a people file, or with an option for reading it."""

from __future__ import annotations

from compplan.readers.errors import TableError


class RosterError(TableError):
    """A people file that can't be read, or an option that does not fit it."""
