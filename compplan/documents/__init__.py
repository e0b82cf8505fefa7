"""Workbooks that people take away: made in memory, text as text, sums as formulas with their values."""

from compplan.documents.market import people_workbook

__all__ = ["people_workbook"]
