"""HTML of the pages: Jinja templates that escape every value, and the function that renders them.

Belongs here: markup, one file of macros for each folder of `compplan.ui`.
Does not belong here: texts, numbers and decisions, which are in Python.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_BETWEEN_TAGS = re.compile(r">\n\s*<")  # line breaks of the template itself; those of values are escaped text


@functools.cache
def _environment() -> Environment:
    """The environment of all templates; it compiles each file once."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _macros(file: str) -> Any:
    return _environment().get_template(f"{file}.html").module


def render(name: str, /, *args: Any, **kwargs: Any) -> str:
    """Render a macro of ``compplan/ui/templates``.

    Parameters
    ----------
    name : str
        File without its suffix and macro: ``"widgets.message"`` is the macro ``message`` of ``widgets.html``.
    *args, **kwargs
        The arguments of the macro. Text is escaped; what another `render` returned must be marked with the filter
        ``safe`` where the template shows it.

    Examples
    --------
    >>> render("widgets.message", "error", "Enter a number below <100>.", "alert")
    '<p class="cp-error" role="alert">Enter a number below &lt;100&gt;.</p>'
    """
    file, _, macro = name.partition(".")
    return _BETWEEN_TAGS.sub("><", str(getattr(_macros(file), macro)(*args, **kwargs)).strip())
