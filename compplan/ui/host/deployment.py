"""What this server was started with: its team, its store, and the secret that it signs with."""

from __future__ import annotations

import functools
import hashlib
import hmac
import math
import secrets
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from compplan import access
from compplan.access import Actor, TeamConfig
from compplan.errors import CompPlanError

if TYPE_CHECKING:
    from compplan.store import Store
    from compplan.store.throttle import Throttle

_HOUR = 3600
_lock = threading.Lock()
_opening = threading.Lock()
_opened: list[Store] = []
_failed: list[tuple[float, CompPlanError]] = []
_PATIENCE = 5.0  # s


@functools.cache
def team() -> TeamConfig | None:
    """Sign-in and roles; None on a laptop, where one person is everybody.

    Raises
    ------
    AccessError
        If there is a configuration and it cannot be used.
    """
    return access.team_from_environment()


def store() -> Store:
    """Where plans are kept: opened when it is first asked for, tried again some seconds after that failed.

    Raises
    ------
    CompPlanError
        With a sentence, if it cannot be opened.
    """
    from compplan.store import Store

    with _opening:
        if not _opened:
            if _failed and time.monotonic() < _failed[-1][0] + _PATIENCE:
                raise _failed[-1][1]
            _failed.clear()
            try:
                _opened.append(Store.open())
            except CompPlanError as error:
                _failed.append((time.monotonic(), error))
                raise
        return _opened[0]


def close() -> None:
    """Let go of the store, as the server ends."""
    with _opening:
        _failed.clear()
        while _opened:
            _opened.pop().close()


@functools.cache
def throttle() -> Throttle:
    """Counts wrong share links by client, for all sessions."""
    from compplan.store.throttle import Throttle

    return Throttle()


# Sign-ins that were noted


_MOST_MARKS = 10_000
_AGAIN = 60.0  # s after which something that failed is tried again
_marks: OrderedDict[str, float] = OrderedDict()  # mark, and when it is new again


def is_new(mark: str) -> bool:
    """Whether a sign-in is seen for the first time by this server; the oldest are forgotten."""
    with _lock:
        new = _marks.get(mark, -math.inf) <= time.monotonic()
        if new:
            _marks[mark] = math.inf
        while len(_marks) > _MOST_MARKS:
            _marks.popitem(last=False)
        return new


def try_later(mark: str) -> None:
    """See a sign-in for the first time once more, but not at once."""
    with _lock:
        _marks[mark] = time.monotonic() + _AGAIN


# Passes: what lets a page's browser ask this server for pictures


@functools.cache
def _key() -> bytes:
    """The same on every server of a team, so that any of them takes a pass that another gave."""
    if team() is None:
        return secrets.token_bytes(32)
    return hashlib.sha256(b"compplan pass\0" + access.read_secret("COMPPLAN_COOKIE_SECRET").encode()).digest()


def issue_pass(actor: Actor, now: float | None = None) -> str:
    """A mark that somebody was let in, good for a day.

    Parameters
    ----------
    actor : Actor
    now : float, optional [seconds since 1970]
    """
    hour = int((time.time() if now is None else now) // _HOUR)
    return f"{hour}.{_signature(hour, actor.id)}.{actor.id.encode().hex()}"


def is_pass(text: object, now: float | None = None) -> bool:
    """Whether this server, or another of the team, gave a mark within the last day."""
    if not isinstance(text, str) or len(text) > 2_000:
        return False
    given, _, rest = text.partition(".")
    signature, _, who = rest.partition(".")
    try:
        hour, actor = int(given), bytes.fromhex(who).decode()
    except ValueError:
        return False
    age = int((time.time() if now is None else now) // _HOUR) - hour
    return hmac.compare_digest(signature.encode(), _signature(hour, actor).encode()) and 0 <= age <= 24


def _signature(hour: int, actor: str) -> str:
    return hmac.new(_key(), f"{hour}\0{actor}".encode(), hashlib.sha256).hexdigest()
