"""How large a roster may be."""

from __future__ import annotations

from compplan.readers import Limits

MOST_BYTES = 25_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
# A workbook of the most cells, unpacked.
MOST_UNPACKED = 250_000_000

LIMITS = Limits("roster", MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CELLS, MOST_UNPACKED)
