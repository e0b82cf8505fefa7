"""Saved versions: open one in the session, and label them in lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from compplan.access import Right
from compplan.store import Scenario, Version
from compplan.ui.host import deployment, sign_in
from compplan.ui.people import people_table
from compplan.ui.session import EditSession, OpenVersion

if TYPE_CHECKING:
    pass


def open_version(session: EditSession, version: Version, name: str) -> None:
    """Open a saved version with its cost assumptions and its people.

    Raises
    ------
    CompPlanError
        If the saved plan was altered, or this release cannot read it.
    """
    actor, people = sign_in.who(), None
    if version.has_people and actor.may(Right.PEOPLE):
        people = people_table(deployment.store().people(version, by=actor))
    unseen = version.people if people is None else 0
    opened = OpenVersion(version.scenario_id, name, version.number, dict(version.cost), unseen)
    session.open(version.plan, f"version {version.number}", opened, people)


def plan_labels(scenarios: Iterable[Scenario]) -> dict[str, str]:
    """Labels of saved plans by id; plans of the same name and day get the time, author and id."""
    by_id = {each.id: each for each in scenarios}
    labels = {key: f"{each.name} · version {each.head}, {each.saved:%d %b %Y}" for key, each in by_id.items()}
    twice = {text for text, count in Counter(labels.values()).items() if count > 1}
    return {
        key: f"{text}, {by_id[key].saved:%H:%M:%S} by {by_id[key].saved_by.name} ({key[:4]})" if text in twice else text
        for key, text in labels.items()
    }
