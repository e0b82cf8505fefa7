"""How often wrong links may be tried: a small memory of who tried, that cannot be filled up."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass

from compplan.store.errors import LinkClosed

_PATIENCE = 30.0  # seconds that a try waits for those under way


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float
    shut_until: float = -math.inf
    trying: int = 0


class Throttle:
    """A bucket of tries for each client; each wrong token takes one, and they come back with time.

    Parameters
    ----------
    wrong : int, optional
        Wrong tokens that a client may try in a minute.
    shut : float, optional [seconds]
        How long every further try is refused then, right or wrong.
    most : int, optional
        Clients that are remembered; beyond it the one that was silent longest is forgotten.
    clock : callable, optional
        Seconds that only go up.

    Examples
    --------
    >>> throttle = Throttle(wrong=1)
    >>> with throttle.guard("192.0.2.7"):
    ...     raise LinkClosed("unknown", "this link leads nowhere.")
    Traceback (most recent call last):
    compplan.store.errors.LinkClosed: this link leads nowhere.
    >>> with throttle.guard("192.0.2.7"):
    ...     pass
    Traceback (most recent call last):
    compplan.store.errors.LinkClosed: too many wrong links were tried from here; wait 5 minutes, then try again.
    """

    def __init__(
        self,
        *,
        wrong: int = 10,
        shut: float = 300.0,
        most: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wrong, self._shut, self._most, self._clock = wrong, shut, most, clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._turn = threading.Condition()

    @contextmanager
    def guard(self, client: str) -> Generator[None]:
        """Let a client try one link within the `with`.

        Parameters
        ----------
        client : str
            What tells clients from each other, see `client_key`.

        Raises
        ------
        LinkClosed
            If the client tried too many wrong ones, or what the link itself raised.
        """
        # Taken before the try and given back after a right one, so that many tries at once are counted too.
        bucket = self._take(client)
        wrong = False
        try:
            yield
        except LinkClosed as error:
            wrong = error.reason == "unknown"
            raise
        finally:
            self._done(bucket, wrong=wrong)

    def __len__(self) -> int:
        return len(self._buckets)

    def _take(self, client: str) -> _Bucket:
        with self._turn:
            bucket = self._buckets.pop(client, None) or _Bucket(float(self._wrong), self._clock())
            self._buckets[client] = bucket
            while len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            # A try under way may be a right one, and never counts as wrong: who comes meanwhile waits for it.
            self._turn.wait_for(lambda: self._filled(bucket) >= 1.0 or not bucket.trying, timeout=_PATIENCE)
            now, full = self._clock(), bucket.left >= 1.0
            if not full and bucket.trying:
                raise LinkClosed("throttled", "too many links are being tried from here; try again in a minute.")
            if now >= bucket.shut_until and not full:
                bucket.shut_until = now + self._shut
            if now < bucket.shut_until:
                minutes = max(1, math.ceil((bucket.shut_until - now) / 60.0))
                wait = f"{minutes} minute{'' if minutes == 1 else 's'}"
                raise LinkClosed(
                    "throttled", f"too many wrong links were tried from here; wait {wait}, then try again."
                )
            bucket.left -= 1.0
            bucket.trying += 1
            return bucket

    def _filled(self, bucket: _Bucket) -> float:
        """The tries that are left, with those that came back with time."""
        now = self._clock()
        bucket.left = min(float(self._wrong), bucket.left + (now - bucket.seen) * self._wrong / 60.0)
        bucket.seen = now
        return bucket.left

    def _done(self, bucket: _Bucket, *, wrong: bool) -> None:
        with self._turn:
            bucket.trying -= 1
            if not wrong:
                bucket.left = min(float(self._wrong), bucket.left + 1.0)
            self._turn.notify_all()


def client_key(address: str) -> str:
    """What tells clients apart: an IPv4 address, or the network of an IPv6 one, since a client has all of that.

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
