"""A plan and its people as a workbook of live formulas.

Belongs here: a module for each sheet, with its formulas, layout and texts.
Does not belong here: figures that a formula could calculate from the inputs.
"""

from compplan.documents.workbook.build import workbook

__all__ = ["workbook"]
