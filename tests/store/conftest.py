"""Stores to test on. Every test with the fixture `store` runs on SQLite and on PostgreSQL."""

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


class Databases:
    """Databases of a server, emptied and reused, because creating one takes longer than most tests."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.admin = psycopg.connect(server, autocommit=True)
        self.free: list[str] = []
        self.names: list[str] = []

    def take(self) -> str:
        if not self.free:
            name = f"compplan_test_{secrets.token_hex(6)}"
            self.admin.execute(f'CREATE DATABASE "{name}"')
            self.names.append(name)
            return name
        return self.free.pop()

    def give_back(self, name: str) -> None:
        self.admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        with psycopg.connect(self.address(name), autocommit=True) as connection:
            connection.execute("SET client_min_messages = warning")
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        connection.close()
        self.free.append(name)

    def address(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def close(self) -> None:
        for name in self.names:
            self.admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        self.admin.close()


@pytest.fixture(scope="session")
def databases(postgres: str) -> Iterator[Databases]:
    pool = Databases(postgres)
    yield pool
    pool.close()


@pytest.fixture
def make_url_of(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[MakeUrl]:
    """Gives the address of a new, empty database of a kind."""
    with contextlib.ExitStack() as stack:

        def make(kind: str) -> str:
            if kind == "sqlite":
                return f"sqlite:///{tmp_path}/plans_{secrets.token_hex(6)}.db"
            server: Databases = request.getfixturevalue("databases")
            name = server.take()
            stack.callback(server.give_back, name)
            return server.address(name)

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
