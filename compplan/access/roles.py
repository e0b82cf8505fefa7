"""Roles, the rights of each, and the actor who has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The part that a person has in a company's pay plans."""

    DESIGNER = "designer"
    HR = "hr"
    FINANCE = "finance"
    VIEWER = "viewer"


class Right(StrEnum):
    """An action that needs permission."""

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
    """The person who performs an action, with their roles.

    Attributes
    ----------
    id : str
        A permanent identifier: issuer and subject of the sign-in, ``local`` on a laptop, empty for a visitor who has
        not signed in.
    name : str
        An e-mail address or a name, for display.
    roles : frozenset of Role
    alone : bool
        Whether one person uses the program alone, on a laptop. Steps that need a second person are then allowed.

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
        """Return whether one of the roles grants a right."""
        return any(right in _MAY[role] for role in self.roles)

    @property
    def signed_in(self) -> bool:
        """Whether the person has signed in."""
        return bool(self.id)


LOCAL = Actor("local", "this computer", frozenset(Role), alone=True)
VISITOR = Actor("", "a visitor")
