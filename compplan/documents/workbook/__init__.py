"""A plan and its people as a workbook of live formulas."""

from compplan.documents.workbook.build import workbook

__all__ = ["workbook"]
