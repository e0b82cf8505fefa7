"""The errors that the store raises, one sentence each."""

from __future__ import annotations

from typing import Literal

from compplan.errors import CompPlanError, Problem

Reason = Literal["unknown", "expired", "revoked", "sign_in", "throttled"]


class StoreError(CompPlanError):
    """Something that cannot be saved or found.

    Examples
    --------
    >>> str(StoreError("There is no such plan."))
    'There is no such plan.'
    """

    def __init__(self, sentence: str) -> None:
        super().__init__([Problem("", sentence)])


class Unavailable(StoreError):
    """A database that does not answer, or that this program cannot use."""


class Busy(Unavailable):
    """A database to which another program writes for longer than a save waits."""


class NotAllowed(StoreError):
    """An action that the actor has no right to perform."""


class NotFound(StoreError):
    """A scenario, version or link that does not exist."""


class NotPossible(StoreError):
    """An action that the current state does not allow, such as approving a draft."""


class LinkClosed(StoreError):
    """A share link that cannot be opened.

    Attributes
    ----------
    reason : {'unknown', 'expired', 'revoked', 'sign_in', 'throttled'}
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason


class DraftConflict(StoreError):
    """A draft that was changed in another tab, or on another computer, since it was read.

    Attributes
    ----------
    revision : int
        The number of the draft as it is now.
    """

    def __init__(self, revision: int) -> None:
        super().__init__("This draft was changed in another tab.")
        self.revision = revision
