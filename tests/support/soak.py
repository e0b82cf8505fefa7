"""How much more `make soak` draws than `make test`."""

from __future__ import annotations

from typing import Any

import pytest

TIMES = 20


def blocks(count: int) -> list[Any]:
    """Numbers of blocks of seeds: `count` of them in the usual tests, the rest under the mark `soak`."""
    return [*range(count), *(pytest.param(block, marks=pytest.mark.soak) for block in range(count, count * TIMES))]


def kinds(usual: list[str], every: Any) -> list[Any]:
    """The usual kinds, then all others under the mark `soak`."""
    return [*usual, *(pytest.param(kind, marks=pytest.mark.soak) for kind in every if kind not in usual)]
