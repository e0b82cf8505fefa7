"""The actors of these tests, and their clock."""

from __future__ import annotations

import datetime as dt

from compplan.access import Actor, Role

ANN = Actor("idp|ann", "ann@example.com", frozenset({Role.DESIGNER}))
BEN = Actor("idp|ben", "ben@example.com", frozenset({Role.DESIGNER}))
HR = Actor("idp|hr", "hr@example.com", frozenset({Role.HR}))
CFO = Actor("idp|cfo", "cfo@example.com", frozenset({Role.FINANCE}))
GUEST = Actor("idp|guest", "guest@example.com", frozenset({Role.VIEWER}))


class Clock:
    """A clock that advances when the test says so, and a little with each reading."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        self.now += dt.timedelta(milliseconds=1)
        return self.now

    def forward(self, **time: float) -> None:
        self.now += dt.timedelta(**time)
