"""What this server was started with: its team and its store; and the sign-ins that it recorded."""

from __future__ import annotations

import functools
import math
import threading
import time
from typing import TYPE_CHECKING

from cachetools import TLRUCache, TTLCache

from compplan import access
from compplan.access import TeamConfig
from compplan.errors import CompPlanError

if TYPE_CHECKING:
    from compplan.store import Store
    from compplan.store.throttle import Throttle

_RETRY_STORE = 5.0  # seconds
_RETRY_SIGN_IN = 60.0  # seconds
_MOST_SIGN_INS = 10_000

_store_lock = threading.Lock()
_open_stores: list[Store] = []
_failures: TTLCache[str, CompPlanError] = TTLCache(maxsize=1, ttl=_RETRY_STORE)


def _expires(_sign_in: str, lifetime: float, now: float) -> float:
    return now + lifetime


_sign_in_lock = threading.Lock()
# Each recorded sign-in with the seconds for which it counts as recorded
_sign_ins: TLRUCache[str, float] = TLRUCache(maxsize=_MOST_SIGN_INS, ttu=_expires, timer=time.monotonic)


@functools.cache
def team() -> TeamConfig | None:
    """Sign-in and roles; None on a single computer, where one person has every role.

    Raises
    ------
    AccessError
        If there is a configuration and it cannot be used.
    """
    return access.team_from_environment()


def store() -> Store:
    """The store of plans, opened at the first call; after a failure the next attempt is some seconds later.

    Raises
    ------
    CompPlanError
        If the store cannot be opened.
    """
    from compplan.store import Store

    with _store_lock:
        if not _open_stores:
            failure = _failures.get("store")
            if failure is not None:
                raise failure
            try:
                _open_stores.append(Store.open())
            except CompPlanError as error:
                _failures["store"] = error
                raise
        return _open_stores[0]


def close() -> None:
    """Close the store when the server ends."""
    with _store_lock:
        _failures.clear()
        while _open_stores:
            _open_stores.pop().close()


@functools.cache
def throttle() -> Throttle:
    """The counter of wrong share links by client, for all sessions."""
    from compplan.store.throttle import Throttle

    return Throttle()


def is_new_sign_in(sign_in: str) -> bool:
    """Whether this server sees a sign-in for the first time; it remembers a limited number of them."""
    with _sign_in_lock:
        if sign_in in _sign_ins:
            return False
        _sign_ins[sign_in] = math.inf
        return True


def retry_sign_in(sign_in: str) -> None:
    """Let a sign-in count as new again after a minute, since it could not be recorded."""
    with _sign_in_lock:
        _sign_ins[sign_in] = _RETRY_SIGN_IN
