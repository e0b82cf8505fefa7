"""Stores to test on: every test that takes one runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from store import postgres as own_server
from store.actors import Clock

from compplan import templates
from compplan.plan import Plan
from compplan.store import Store

MakeUrl = Callable[[str], str]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a server that runs for this session."""
    with own_server.server() as address:
        yield address


@pytest.fixture
def make_url_of(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeUrl]:
    """Gives the address of a new, empty database of a kind."""
    with contextlib.ExitStack() as stack:

        def make(kind: str) -> str:
            name = f"test_{secrets.token_hex(6)}"
            if kind == "sqlite":
                return f"sqlite:///{tmp_path}/{name}.db"
            server: str = request.getfixturevalue("postgres")
            admin = stack.enter_context(psycopg.connect(server, autocommit=True))
            admin.execute(f'CREATE DATABASE "{name}"')
            stack.callback(admin.execute, f'DROP DATABASE "{name}" WITH (FORCE)')
            return make_url(server).set(database=name).render_as_string(hide_password=False)

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def url(kind: str, make_url_of: MakeUrl) -> str:
    """Address of an empty database."""
    return make_url_of(kind)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(url: str, clock: Clock) -> Iterator[Store]:
    with Store.open(url, clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def plan() -> Plan:
    return templates.load("knowup-csat-gate")
