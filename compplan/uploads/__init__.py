"""Files that people bring: told by their content, vetted within limits, and only then given to a reader.

Every refusal is an `UploadError` with one sentence that has the file for its subject; whoever reads the file says its
name and gives the refusal the type of its own errors.
"""

from compplan.uploads.book import Book as Book
from compplan.uploads.book import Sheet as Sheet
from compplan.uploads.limits import Limits as Limits
from compplan.uploads.limits import UploadError as UploadError
from compplan.uploads.limits import kind_of as kind_of
from compplan.uploads.limits import refuse as refuse
from compplan.uploads.package import Part as Part
