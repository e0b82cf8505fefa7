"""A plan and its people as a workbook of live formulas."""

from compplan.exports.workbook.build import workbook

__all__ = ["workbook"]
