"""What the store refuses, and why, in one sentence each."""

from __future__ import annotations

from typing import Literal

from compplan.errors import CompPlanError, Problem

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


class LinkClosed(StoreError):
    """A share link that does not open.

    Attributes
    ----------
    reason : {'unknown', 'expired', 'revoked', 'sign_in', 'throttled'}
    """

    def __init__(self, reason: Reason, sentence: str) -> None:
        super().__init__(sentence)
        self.reason: Reason = reason
