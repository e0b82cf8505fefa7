"""The function that renders templates, for the pages."""

from compplan.ui.templates import render

__all__ = ["render"]
