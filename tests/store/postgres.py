"""A PostgreSQL of the tests' own, from Debian's programs: on loopback, never waiting for the disk, gone afterwards."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from support import requirements

VARIABLE = requirements.POSTGRES_VARIABLE


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def server() -> Iterator[str]:
    """Address of the server's first database, while it runs."""
    given = os.environ.get(VARIABLE)
    if given:
        yield given
        return
    programs = requirements.postgres_programs()
    if programs is None:
        requirements.skip("PostgreSQL")
    # PostgreSQL refuses to run as root; Debian's package brings a user for it.
    other = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="compplan-pg-"))
    try:
        if other:
            entry = pwd.getpwnam("postgres")
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        data = folder / "data"
        subprocess.run(
            [*other, programs / "initdb", "-D", data, "-U", "compplan", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
             "--no-sync"],
            check=True, capture_output=True, cwd=folder, timeout=120,
        )  # fmt: skip
        port = _port()
        settings = {
            "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200",
        }  # fmt: skip
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [programs / "postgres", "-D", data, *(f"--{name}={value}" for name, value in settings.items())],
                stdout=log, stderr=log, cwd=folder,
                **({"user": "postgres", "group": "postgres", "extra_groups": []} if other else {}),
            )  # fmt: skip
        try:
            address = f"postgresql://compplan@127.0.0.1:{port}/postgres"
            _wait(address, process, folder / "log")
            yield address
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    import psycopg

    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            psycopg.connect(address, connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(log.read_text())
