"""The style sheet of the pages, with colors from the Streamlit theme."""

from functools import cache
from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parent.parent / "assets"
ICON = ASSETS / "icon.svg"
_NAMES = {
    "primary": "primaryColor",
    "bg": "backgroundColor",
    "surface": "secondaryBackgroundColor",
    "text": "textColor",
    "line": "borderColor",
    "link": "linkColor",
    "amber": "orangeTextColor",
    "red": "redTextColor",
}


@cache
def page_style() -> str:
    """The style sheet as an element; ``--cp-*`` follow the light or dark theme that is on."""
    colors = {name: [st.get_option(f"theme.{scheme}.{option}") for scheme in ("light", "dark")]
               for name, option in _NAMES.items()}  # fmt: skip
    light, dark = (st.get_option(f"theme.{scheme}.chartCategoricalColors") or () for scheme in ("light", "dark"))
    colors |= {f"c{i}": list(pair) for i, pair in enumerate(zip(light, dark, strict=False))}
    variables = "".join(f"--cp-{name}:light-dark({a},{b});" for name, (a, b) in colors.items() if a and b)
    return f"<style>.stApp{{{variables}}}{(ASSETS / 'page.css').read_text(encoding='utf-8')}</style>"
