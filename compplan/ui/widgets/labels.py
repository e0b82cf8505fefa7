"""Labels of choices: names of measures, components and rows of facts, safe for Markdown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping

from compplan import facts
from compplan.measures import catalog
from compplan.plan import Plan
from compplan.ui.session import EditSession

_MARKS = re.compile(r"[\\`*_{}\[\]()<>#+\-.!|~:$&]")
_ADDRESS = re.compile(r":(?=//)|www(?=\.)|@", re.IGNORECASE)


def verbatim(text: str) -> str:
    r"""A text of a plan as part of a label, which Streamlit reads as Markdown.

    A plan may come from anywhere: no name in it may become a link or a picture. Addresses become links by themselves,
    so they get an invisible word joiner.

    Examples
    --------
    >>> print(verbatim("*pay* [me](x)"))
    \*pay\* \[me\]\(x\)
    """
    return _MARKS.sub(r"\\\g<0>", _ADDRESS.sub("\\g<0>\u2060", text))


def table_names(table: str) -> dict[str, str]:
    """Names by key of a table of facts."""
    return {row["key"]: row["name"] for row in facts.table(table)}


def measure_names(plan: Plan) -> dict[str, str]:
    """Names by key of every measure that a plan may use."""
    own = {key: measure.name for key, measure in plan.measures.items()}
    return distinct({key: measure.name for key, measure in catalog().items()} | own)


def component_names(plan: Plan) -> dict[str, str]:
    """Short names by id of the components of a plan."""
    return distinct({c.key: plan.measure(c.key).short for c in plan.components})


def distinct(names: Mapping[str, str]) -> dict[str, str]:
    """Names that differ, since Streamlit tells the choices of a list by their text.

    Examples
    --------
    >>> distinct({"grr": "GRR", "late": "GRR", "csat": "CSAT"})
    {'grr': 'GRR (grr)', 'late': 'GRR (late)', 'csat': 'CSAT'}
    """
    often = Counter(names.values())
    return {key: f"{name} ({key})" if often[name] > 1 else name for key, name in names.items()}


def rebuild(session: EditSession, make: Callable[[Plan], Plan], field_path: str) -> None:
    """`EditSession.rebuild` as a callback."""
    session.rebuild(make, field_path=field_path)
