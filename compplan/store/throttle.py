"""A limit on wrong share links for each client, with bounded memory.

The library `limits` is not used: it does not bound the number of clients, cannot return an attempt after a valid link,
and does not make a client wait for its attempts in progress.
"""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from compplan._moved import renamed_keywords
from compplan.store.errors import LinkClosed

_MAX_WAIT = 30.0  # how long an attempt waits for other attempts of the client [s]


@dataclass(slots=True)
class _Bucket:
    remaining: float
    updated: float
    blocked_until: float = -math.inf
    in_progress: int = 0


class Throttle:
    """A token bucket for each client. A wrong link takes one attempt, and attempts refill over time.

    Parameters
    ----------
    wrong : int, optional
        Wrong links that a client may try in a minute.
    block : float, optional [seconds]
        How long every further attempt is then refused, right or wrong.
    max_clients : int, optional
        Maximum number of clients in memory. The client that was inactive longest is forgotten first.
    clock : callable, optional
        A monotonic clock [s].

    Examples
    --------
    >>> throttle = Throttle(wrong=1)
    >>> with throttle.guard("192.0.2.7"):
    ...     raise LinkClosed("unknown", "This link isn't valid.")
    Traceback (most recent call last):
    compplan.store.errors.LinkClosed: This link isn't valid.
    >>> with throttle.guard("192.0.2.7"):
    ...     pass
    Traceback (most recent call last):
    compplan.store.errors.LinkClosed: Too many wrong links. Wait 5 minutes, then try again.
    """

    @renamed_keywords(shut="block", most="max_clients")
    def __init__(
        self,
        *,
        wrong: int = 10,
        block: float = 300.0,
        max_clients: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wrong, self._block, self._max_clients, self._clock = wrong, block, max_clients, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._condition = threading.Condition()

    @contextmanager
    def guard(self, client: str) -> Generator[None]:
        """Count one attempt of a client, within a `with` block that opens the link.

        Parameters
        ----------
        client : str
            Identifies the client, see `client_key`.

        Raises
        ------
        LinkClosed
            If the client tried too many wrong links, or if the link itself raises it.
        """
        # Count the attempt before it starts and return it if the link is valid, so that parallel attempts count too.
        bucket = self._start(client)
        wrong = False
        try:
            yield
        except LinkClosed as error:
            wrong = error.reason == "unknown"
            raise
        finally:
            self._finish(bucket, wrong=wrong)

    def __len__(self) -> int:
        return len(self._buckets)

    def _start(self, client: str) -> _Bucket:
        with self._condition:
            bucket = self._buckets.pop(client, None) or _Bucket(float(self._wrong), self._clock())
            self._buckets[client] = bucket
            while len(self._buckets) > self._max_clients:
                self._buckets.popitem(last=False)
            # An attempt in progress may turn out to be valid, so wait for it before refusing this one.
            self._condition.wait_for(lambda: self._refill(bucket) >= 1.0 or not bucket.in_progress, timeout=_MAX_WAIT)
            now, full = self._clock(), bucket.remaining >= 1.0
            if not full and bucket.in_progress:
                raise LinkClosed("throttled", "Too many links are being opened at once. Try again in a minute.")
            if now >= bucket.blocked_until and not full:
                bucket.blocked_until = now + self._block
            if now < bucket.blocked_until:
                # The difference of two clock values is off in its last digits: five minutes must not become six.
                minutes = max(1, math.ceil(round(bucket.blocked_until - now, 3) / 60.0))
                wait = f"{minutes} minute{'' if minutes == 1 else 's'}"
                raise LinkClosed("throttled", f"Too many wrong links. Wait {wait}, then try again.")
            bucket.remaining -= 1.0
            bucket.in_progress += 1
            return bucket

    def _refill(self, bucket: _Bucket) -> float:
        """Add the attempts that have come back since the last update, and return the remaining ones."""
        now = self._clock()
        bucket.remaining = min(float(self._wrong), bucket.remaining + (now - bucket.updated) * self._wrong / 60.0)
        bucket.updated = now
        return bucket.remaining

    def _finish(self, bucket: _Bucket, *, wrong: bool) -> None:
        with self._condition:
            bucket.in_progress -= 1
            if not wrong:
                bucket.remaining = min(float(self._wrong), bucket.remaining + 1.0)
            self._condition.notify_all()


def client_key(address: str) -> str:
    """Return the key of a client: an IPv4 address, or the /64 network of an IPv6 address, which one client owns.

    Examples
    --------
    >>> client_key("192.0.2.7"), client_key("2001:db8:1:2:aaaa::1"), client_key("::ffff:192.0.2.7"), client_key("?")
    ('192.0.2.7', '2001:db8:1:2::/64', '192.0.2.7', 'unknown')
    """
    try:
        ip = ipaddress.ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
