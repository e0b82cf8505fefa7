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


@dataclass(slots=True)
class _Bucket:
    left: float
    seen: float
    shut_until: float = -math.inf


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
        self._turn = threading.Lock()

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
        self._take(client)
        try:
            yield
        except LinkClosed as error:
            if error.reason != "unknown":
                self._give_back(client)
            raise
        except BaseException:
            self._give_back(client)
            raise
        else:
            self._give_back(client)

    def __len__(self) -> int:
        return len(self._buckets)

    def _take(self, client: str) -> None:
        with self._turn:
            now = self._clock()
            bucket = self._buckets.pop(client, None) or _Bucket(float(self._wrong), now)
            self._buckets[client] = bucket
            bucket.left = min(float(self._wrong), bucket.left + (now - bucket.seen) * self._wrong / 60.0)
            bucket.seen = now
            while len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
            if now >= bucket.shut_until and bucket.left < 1.0:
                bucket.shut_until = now + self._shut
            if now < bucket.shut_until:
                minutes = max(1, math.ceil((bucket.shut_until - now) / 60.0))
                wait = f"{minutes} minute{'' if minutes == 1 else 's'}"
                raise LinkClosed(
                    "throttled", f"too many wrong links were tried from here; wait {wait}, then try again."
                )
            bucket.left -= 1.0

    def _give_back(self, client: str) -> None:
        with self._turn:
            if bucket := self._buckets.get(client):
                bucket.left = min(float(self._wrong), bucket.left + 1.0)


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
