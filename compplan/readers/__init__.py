"""Any messy table, CSV or .xlsx: vetted within limits, then read as text with headings matched to fields.

Belongs here: what works for every kind of file: encodings, headings, amounts, dates, currencies, job titles, notes.
Does not belong here: what the fields of one kind of file mean. Its own package says so with a `Vocabulary`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compplan.readers.errors import TableError as TableError
from compplan.readers.limits import Limits as Limits
from compplan.readers.vocabulary import Vocabulary as Vocabulary

if TYPE_CHECKING:
    from compplan.readers.files import TableFile as TableFile
    from compplan.readers.files import read_table as read_table


def __getattr__(name: str) -> Any:
    # These need pandas, which job titles, for example, do not: a review starts half a second sooner without it.
    if name in {"TableFile", "read_table"}:
        from compplan.readers import files

        return getattr(files, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
