"""How large a file may be."""

from __future__ import annotations

from dataclasses import dataclass

from compplan.readers.errors import refuse

# A file of people or accounts; a workbook with the most cells unpacks to about 250 MB.
MOST_BYTES = 25_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
MOST_UNPACKED = 250_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest file of a kind that is read.

    Parameters
    ----------
    noun : str
        What such a file is called in messages: ``roster`` gives "a roster may have".
    bytes, rows, columns, cells : int
    unpacked : int [bytes]
        Size of all parts of a workbook together, unpacked.
    parts : int
        Number of parts in the package of a workbook.
    """

    noun: str
    bytes: int = MOST_BYTES
    rows: int = MOST_ROWS
    columns: int = MOST_COLUMNS
    cells: int = MOST_CELLS
    unpacked: int = MOST_UNPACKED
    parts: int = 2_000

    def check_size(self, rows: int, columns: int) -> None:
        """Refuse a table that is larger.

        Raises
        ------
        TableError

        Examples
        --------
        >>> Limits("roster").check_size(2, 16_384)
        Traceback (most recent call last):
        compplan.readers.errors.TableError: The file has 16,384 columns; a roster may have at most 256.
        """
        if columns > self.columns:
            refuse(f"The file has {columns:,} columns; a {self.noun} may have at most {self.columns:,}.")
        if rows > self.rows:
            refuse(f"The file has {rows:,} rows; a {self.noun} may have at most {self.rows:,}.")
        if rows * columns > self.cells:
            refuse(
                f"The file has {rows:,} rows and {columns:,} columns; a {self.noun} may have at most "
                f"{self.cells:,} cells."
            )
