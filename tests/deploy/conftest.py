"""A team's server as compose.yaml describes it, on loopback: PostgreSQL, a provider, the pages, and the proxy."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import ipaddress
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from browser.serving import assert_no_errors
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from deploy.composed import ROOT, read
from sqlalchemy import make_url
from store import postgres
from support import requirements

PASSWORD = "pass/word@with:everything?"
COOKIE_SECRET = "a-cookie-secret-that-only-these-tests-have"
CLIENT_SECRET = "a-client-secret-that-only-these-tests-have"
DORA = {"sub": "dora", "email": "dora@example.com", "email_verified": True}
PASSED_ON = ("PATH", "LANG", "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "COVERAGE_PROCESS_START")
Headers = Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Proxy:
    """A proxy that runs."""

    port: int
    plain: int
    trusts: ssl.SSLContext
    log: Path

    @property
    def address(self) -> str:
        return f"https://localhost:{self.port}"

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def ask(self, path: str, method: str = "GET", headers: Headers | None = None, body: bytes | None = None) -> Answer:
        """By https, as a client that checks the certificate."""
        asked = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.trusts)
        return _answer(asked, method, path, headers, body)

    def ask_plainly(self, path: str) -> Answer:
        """By http."""
        return _answer(http.client.HTTPConnection("localhost", self.plain, timeout=20), "GET", path, None, None)


def _answer(
    asked: http.client.HTTPConnection, method: str, path: str, headers: Headers | None, body: bytes | None
) -> Answer:
    try:
        asked.request(method, path, body=body, headers=dict(headers or {}))
        got = asked.getresponse()
        return Answer(got.status, got.headers, got.read())
    finally:
        asked.close()


@dataclass(frozen=True)
class Site:
    """A team's server that runs."""

    proxy: Proxy
    app_port: int
    app_log: Path
    provider: str
    database: str


StartProxy = Callable[..., contextlib.AbstractContextManager[Proxy]]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextlib.contextmanager
def running(
    command: Sequence[str | Path], log: Path, environment: Headers, cwd: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process, until the `with` ends; what it says goes to `log`."""
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(part) for part in command], stdout=out, stderr=subprocess.STDOUT, env=dict(environment), cwd=cwd
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(port: int, path: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 90) -> None:
    """Until a server answers 200; an empty path is content with a connection."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if not path:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                return
            asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            if _answer(asked, "GET", path, None, None).status == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"nothing answers {path or 'a connection'}:\n{log.read_text(encoding='utf-8', errors='replace')}")


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost, signed by itself, and its key."""
    folder = tmp_path_factory.mktemp("certificate")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "certificate.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()))
    return chain, private


def given(certificate: tuple[Path, Path], **more: str) -> dict[str, str]:
    """What an administrator writes into .env."""
    return {
        "COMPPLAN_HOST": "localhost",
        "COMPPLAN_NETWORK": "127.0.0.1/32",
        "COMPPLAN_TLS": " ".join(str(path) for path in certificate),
        "COMPPLAN_DATABASE_PASSWORD": PASSWORD,
        **more,
    }


@pytest.fixture(scope="session")
def start_proxy(certificate: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> StartProxy:
    """Starts the proxy with the configuration and the environment that compose.yaml gives it."""
    program = shutil.which("caddy")
    if program is None:
        requirements.skip("Caddy")

    @contextlib.contextmanager
    def start(servers: str, port: int = 0, config: str = "", **more: str) -> Iterator[Proxy]:
        composed = read(given(certificate, COMPPLAN_SERVERS=servers, **more))
        environment = dict(composed["services"]["proxy"]["environment"])
        folder = tmp_path_factory.mktemp("proxy")
        file = ROOT / composed["configs"]["caddyfile"]["file"]
        if config:
            file = folder / "Caddyfile"
            file.write_text(config, encoding="utf-8")
        port, plain = port or free_port(), free_port()
        environment |= {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_DATA_HOME": str(folder)}
        environment |= {
            "COMPPLAN_BIND": "127.0.0.1",
            "COMPPLAN_HTTP_PORT": str(plain),
            "COMPPLAN_HTTPS_PORT": str(port),
        }
        log = folder / "log"
        with running([program, "run", "--config", file, "--adapter", "caddyfile"], log, environment, folder) as process:
            wait_for(port, "", process, log, 20)
            yield Proxy(port, plain, ssl.create_default_context(cafile=str(certificate[0])), log)

    return start


@contextlib.contextmanager
def database() -> Iterator[str]:
    """Address of an empty PostgreSQL that asks for a password."""
    with postgres.server() as server:
        url = make_url(server)
        if postgres.VARIABLE not in os.environ:
            with psycopg.connect(server, autocommit=True) as admin:
                admin.execute(psycopg.sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    psycopg.sql.Identifier(str(url.username)), psycopg.sql.Literal(PASSWORD)
                ))  # fmt: skip
                (rules,) = admin.execute("SHOW hba_file").fetchone() or ("",)
                Path(str(rules)).write_text("host all all 127.0.0.1/32 scram-sha-256\n", encoding="utf-8")
                admin.execute("SELECT pg_reload_conf()")
            url = url.set(password=PASSWORD)
        name = f"deploy_{os.getpid()}"
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as admin:
            admin.execute(f'CREATE DATABASE "{name}"')
            try:
                yield url.set(database=name).render_as_string(hide_password=False)
            finally:
                admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextlib.contextmanager
def provider(folder: Path) -> Iterator[str]:
    """Address of an OpenID provider that knows Dora."""
    port, log = free_port(), folder / "provider.log"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    command += ["--user-claims", json.dumps(DORA)]
    with running(command, log, os.environ, folder) as process:
        wait_for(port, "/.well-known/openid-configuration", process, log)
        yield f"http://127.0.0.1:{port}"


@contextlib.contextmanager
def application(
    folder: Path, certificate: tuple[Path, Path], team: Path, kept_in: str
) -> Iterator[tuple[int, Path, subprocess.Popen[bytes]]]:
    """The pages, with the command and the environment of compose.yaml; only addresses and paths are others."""
    composed = read(given(certificate))
    service = composed["services"]["app"]
    url = make_url(kept_in)
    secrets = {"cookie_secret": COOKIE_SECRET, "client_secret": CLIENT_SECRET}
    places = {"0.0.0.0": "127.0.0.1"}
    for config in service["configs"]:
        places[config["target"]] = str({"team": team}[config["source"]])
    for name in service["secrets"]:
        (folder / name).write_text(secrets[name] + "\n", encoding="utf-8")
        places[f"/run/secrets/{name}"] = str(folder / name)
    environment = {name: places.get(value, value) for name, value in service["environment"].items()}
    there = make_url(environment["COMPPLAN_DATABASE_URL"])
    here = there.set(host=url.host, port=url.port, database=url.database, username=url.username)
    environment["COMPPLAN_DATABASE_URL"] = here.render_as_string(hide_password=False)
    if postgres.VARIABLE in os.environ:
        environment["PGPASSWORD"] = str(url.password or "")
    environment |= {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment |= {"PYTHONPATH": str(ROOT), "HOME": str(folder / "nowhere"), "PYTHONDONTWRITEBYTECODE": "1"}
    port, log = free_port(), folder / "app.log"
    arguments = [places.get(each, each) for each in service["command"]]
    command = [sys.executable, "-m", "compplan.cli", *arguments, "--port", str(port)]
    with running(command, log, environment, folder) as process:
        yield port, log, process


@pytest.fixture(scope="session")
def site(
    certificate: tuple[Path, Path], start_proxy: StartProxy, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    front = free_port()
    team = folder / "team.toml"
    with contextlib.ExitStack() as stack:
        issuer = stack.enter_context(provider(folder))
        team.write_text(
            f'[sign_in]\naddress = "https://localhost:{front}"\nclient_id = "compplan"\n'
            f'provider = "{issuer}/.well-known/openid-configuration"\n[roles.designer]\nemails = ["{DORA["email"]}"]\n'
        )
        kept_in = stack.enter_context(database())
        port, log, process = stack.enter_context(application(folder, certificate, team, kept_in))
        proxy = stack.enter_context(start_proxy(f"127.0.0.1:{port}", port=front))
        wait_for(port, "/readyz", process, log)
        yield Site(proxy, port, log, issuer, kept_in)
        assert_no_errors(log)
