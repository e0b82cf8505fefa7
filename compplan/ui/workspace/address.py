"""The address of what is open: ``p`` names a template, a saved version or a draft; ``plan`` carries a whole plan."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from compplan import templates
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.plan.links import encode
from compplan.ui.session import EditSession

OPEN, DRAFT, PLAN = "p", "draft", "plan"
LINK = "link"  # in the session: the plan link that was opened last
Kind = Literal["template", "saved", "draft"]
_NAMES = re.compile(r"(template|draft)-([\w-]{1,64})|saved-([\w-]{1,32})-(\d{1,6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """What an address names.

    Attributes
    ----------
    kind : {'template', 'saved', 'draft'}
    key : str
        Of the template, the saved plan or the draft.
    number : int
        Of the version of a saved plan.
    """

    kind: Kind
    key: str
    number: int = 0

    def __str__(self) -> str:
        return f"saved-{self.key}-{self.number}" if self.kind == "saved" else f"{self.kind}-{self.key}"


def read(text: str) -> Target | None:
    """The target that a ``p`` parameter names; None where it names none.

    >>> read("saved-hT3_x-12"), read("draft-"), str(read("template-flowfuse-csm"))
    (Target(kind='saved', key='hT3_x', number=12), None, 'template-flowfuse-csm')
    """
    match = _NAMES.fullmatch(text)
    if match is None:
        return None
    kind, key, scenario, number = match.groups()
    if scenario is not None:
        return Target("saved", scenario, int(number))
    return Target("draft" if kind == "draft" else "template", key)


@functools.cache
def _template_keys() -> dict[str, str]:
    return {templates.load(key).hash: key for key in templates.keys()}  # noqa: SIM118


def template_key(plan: Plan) -> str | None:
    """The key of the template that a plan is."""
    return _template_keys().get(plan.hash)


def named(session: EditSession) -> Target | None:
    """The saved version or the template that is open as it is; None where nothing else can name the plan."""
    if session.changed or session.origin == "link":
        return None
    if session.open_version is not None:
        return Target("saved", session.open_version.scenario_id, session.open_version.number)
    key = template_key(session.plan)
    return None if key is None else Target("template", key)


def write(session: EditSession, draft: str) -> None:
    """Let the address name what is open.

    Parameters
    ----------
    session : EditSession
    draft : str
        Id of the draft that keeps the work; empty where nothing is kept. Then the address carries a changed plan.
    """
    target = named(session)
    wanted: dict[str, str] = {}
    if target is not None:
        wanted = {OPEN: str(target)} | ({DRAFT: draft} if draft else {})
    elif draft and (session.origin != "link" or session.changed):
        wanted = {OPEN: str(Target("draft", draft))}
    else:
        try:
            wanted = {PLAN: encode(session.plan)} | ({DRAFT: draft} if draft else {})
        except CompPlanError:
            wanted = {}
    now = st.query_params.to_dict()
    others = {name: value for name, value in now.items() if name not in (OPEN, DRAFT, PLAN)}
    if PLAN in wanted:
        st.session_state[LINK] = wanted[PLAN]
    if now != others | wanted:
        st.query_params.from_dict(others | wanted)
