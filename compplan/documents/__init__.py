"""Files that people take away: made in memory, text as text, sums as formulas with their values."""

from compplan.documents.market import people_workbook
from compplan.documents.remarks import remarked_csv, remarked_xlsx

__all__ = ["people_workbook", "remarked_csv", "remarked_xlsx"]
