"""Files that people bring: told by their content, vetted within limits, and only then given to a reader.

Every refusal is an `UploadError` with one sentence that has the file for its subject; whoever reads the file says its
name and gives the refusal the type of its own errors.
"""

from compplan.readers.package import Part as Part
from compplan.readers.sheets import Book as Book
from compplan.readers.sheets import Sheet as Sheet
from compplan.readers.vetting import Limits as Limits
from compplan.readers.vetting import UploadError as UploadError
from compplan.readers.vetting import kind_of as kind_of
from compplan.readers.vetting import refuse as refuse
