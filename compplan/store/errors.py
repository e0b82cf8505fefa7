"""What the store refuses, and why, in one sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from compplan.errors import CompPlanError, Problem

if TYPE_CHECKING:
    from compplan.store.records import Version

Reason = Literal["unknown", "expired", "revoked", "sign_in", "throttled"]


class StoreError(CompPlanError):
    """Something that cannot be kept or found.

    Examples
    --------
    >>> str(StoreError("there is no such plan."))
    'there is no such plan.'
    """

    def __init__(self, sentence: str) -> None:
        super().__init__([Problem("", sentence)])


class Unavailable(StoreError):
    """The database does not answer, or is not one that this program can use."""


class NotAllowed(StoreError):
    """Somebody who may not do this."""


class NotFound(StoreError):
    """A scenario, version or link that does not exist."""


class NotPossible(StoreError):
    """A step that does not follow from where a version stands."""


class Conflict(StoreError):
    """Somebody else saved first; nothing was written, and both versions are here to compare.

    Attributes
    ----------
    theirs : Version
        The newest version, which the caller had not seen.
    base : Version
        The version that the caller's plan was made from.
    """

    def __init__(self, theirs: Version, base: Version) -> None:
        super().__init__(
            f"{theirs.by.name} saved version {theirs.number} after version {base.number}, which yours was made from. "
            f"Nothing is lost: look at the difference, then save yours on top of version {theirs.number}, "
            "or as a plan of its own."
        )
        self.theirs = theirs
        self.base = base


class LinkClosed(StoreError):
    """A share link that does not open.

    Attributes
    ----------
    reason : {'unknown', 'expired', 'revoked', 'sign_in', 'throttled'}
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason
