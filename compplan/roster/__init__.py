r"""People and their pay, read from the files that companies have: each row is read, corrected with a note, or skipped.

Belongs here: what the fields of a people file mean: base, variable and OTE, roles, ids.
Does not belong here: encodings, headings, amounts and dates (`compplan.readers`), files to download
(`compplan.documents`).

Examples
--------
>>> from compplan import roster
>>> reading = roster.read(b"Emp ID;Title;Grundgehalt (EUR)\nE001;CSM;82.500,00\nE002;Sr CSM;95k\n", "team.csv")
>>> reading.people["base"].tolist(), reading.counts.corrected
([82500.0, 95000.0], 2)
>>> print(reading.notes[-1])
Line 3, C3 (Grundgehalt (EUR)): '95k' was read as 95,000 EUR. The letter next to the number stands for thousand...
"""

from compplan._moved import forward_names
from compplan.readers.headings import Heading as Heading
from compplan.readers.limits import MOST_BYTES as MOST_BYTES
from compplan.readers.limits import MOST_COLUMNS as MOST_COLUMNS
from compplan.readers.limits import MOST_ROWS as MOST_ROWS
from compplan.readers.notes import STATES as STATES
from compplan.readers.notes import Counts as Counts
from compplan.readers.notes import Note as Note
from compplan.roster.errors import RosterError as RosterError
from compplan.roster.people import PEOPLE as PEOPLE
from compplan.roster.reading import Reading as Reading
from compplan.roster.reading import RosterSource as RosterSource
from compplan.roster.reading import read as read
from compplan.roster.reading import read_file as read_file
from compplan.roster.samples import sample as sample
from compplan.roster.words import FIELDS as FIELDS

__getattr__ = forward_names(__name__)
