"""Signed passes: they let the browser of an open page ask the server for charts while a slider moves."""

from __future__ import annotations

import functools
import hashlib
import secrets
import time

from itsdangerous import BadSignature, TimestampSigner, URLSafeTimedSerializer

from compplan import access
from compplan.access import Actor
from compplan.ui.host import deployment

_HOUR = 3600  # seconds
_LIFETIME = 24 * _HOUR
_LONGEST = 2_000  # characters


class _HourlySigner(TimestampSigner):
    """Signs the hour, so that a page gets the same pass in each run of one hour and need not redraw for a new one."""

    now: float | None = None

    def get_timestamp(self) -> int:
        return int((time.time() if self.now is None else self.now) // _HOUR) * _HOUR


@functools.cache
def signing_key() -> bytes:
    """The key of passes: the same on every server of a team, a random one on a single computer."""
    if deployment.team() is None:
        return secrets.token_bytes(32)
    return hashlib.sha256(b"compplan pass\0" + access.read_secret("COMPPLAN_COOKIE_SECRET").encode()).digest()


def _serializer(now: float | None) -> URLSafeTimedSerializer:
    signer = type("_Signer", (_HourlySigner,), {"now": now})
    return URLSafeTimedSerializer(
        signing_key(), salt=b"compplan pass", signer=signer, signer_kwargs={"digest_method": hashlib.sha256}
    )


def issue_pass(actor: Actor, now: float | None = None) -> str:
    """Issue a pass to a visitor who was admitted, valid for a day.

    Parameters
    ----------
    actor : Actor
    now : float, optional [seconds since 1970]
    """
    return str(_serializer(now).dumps(actor.id))


def is_pass(text: object, now: float | None = None) -> bool:
    """Whether this server, or another of the team, issued a pass within the last day."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        return False
    try:
        _serializer(now).loads(text, max_age=_LIFETIME)
    except BadSignature:
        return False
    return True
