"""Roles, and what each may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody is to the plans of a company."""

    DESIGNER = "designer"
    HR = "hr"
    FINANCE = "finance"
    VIEWER = "viewer"


class Right(StrEnum):
    """Something that not everybody may do."""

    READ = "read"
    SAVE = "save"
    SHARE = "share"
    PEOPLE = "people"
    COST = "cost"
    APPROVE = "approve"
    AUDIT = "audit"


_MAY: Mapping[Role, frozenset[Right]] = {
    Role.DESIGNER: frozenset({Right.READ, Right.SAVE, Right.SHARE, Right.COST}),
    Role.HR: frozenset({Right.READ, Right.SAVE, Right.SHARE, Right.PEOPLE, Right.COST, Right.APPROVE, Right.AUDIT}),
    Role.FINANCE: frozenset({Right.READ, Right.COST, Right.APPROVE, Right.AUDIT}),
    Role.VIEWER: frozenset({Right.READ}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something.

    Attributes
    ----------
    id : str
        What tells them from others and never changes: issuer and subject of their sign-in, ``local`` on a laptop, empty
        for a visitor who has not signed in.
    name : str
        For people: an e-mail address or a name.
    roles : frozenset of Role
    alone : bool
        On a laptop, where one person is everybody: what needs a second person does not.

    Examples
    --------
    >>> finance = Actor("https://id.example|7", "cfo@example.com", frozenset({Role.FINANCE}))
    >>> finance.may(Right.APPROVE), finance.may(Right.SAVE), VISITOR.may(Right.READ)
    (True, False, False)
    """

    id: str
    name: str
    roles: frozenset[Role] = frozenset()
    alone: bool = False

    def may(self, right: Right) -> bool:
        """Whether one of their roles carries a right."""
        return any(right in _MAY[role] for role in self.roles)

    @property
    def signed_in(self) -> bool:
        """Whether we know who it is."""
        return bool(self.id)


LOCAL = Actor("local", "this computer", frozenset(Role), alone=True)
VISITOR = Actor("", "a visitor")
