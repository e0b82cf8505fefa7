"""Documents that people download: workbooks, remarks on an uploaded file, and Python code.

Belongs here: layout and text of documents. Text cells never become formulas.
Does not belong here: the calculations behind the numbers, reading of files (`compplan.readers`).
"""

from compplan.documents.market import people_workbook
from compplan.documents.remarks import remarked_csv, remarked_xlsx

__all__ = ["people_workbook", "remarked_csv", "remarked_xlsx"]
