"""`compplan serve`: the web app, for one person on this computer or for a team."""

from __future__ import annotations

import errno
import importlib.util
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from compplan.cli.terminal import app, examples, stop, user_errors
from compplan.errors import MissingExtraError

if TYPE_CHECKING:
    from compplan.access import TeamConfig


@app.command(epilog=examples("compplan serve", "compplan serve --team team.toml --address 0.0.0.0 --port 8501"))
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, metavar="N", help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    team: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Sign-in and roles (TOML); see docs/team.md. Default: no sign-in."),
    ] = None,
) -> None:
    """Start the web app; its address is printed once it is ready.

    Without --team, only this computer can open it.
    """
    from compplan import access
    from compplan.shipped import shipped

    if importlib.util.find_spec("streamlit") is None:
        raise MissingExtraError("streamlit", "app")
    app_file = shipped("app.py")
    if not app_file.is_file():
        stop(f"{app_file}: there is no such file. Reinstall compplan.")
    with user_errors({"address": "--address"}):
        if team is not None:
            os.environ[access.VARIABLE] = str(team.resolve())
        configured = access.team_from_environment()
        access.check_listen_address(address, configured)
        if configured is not None:
            access.streamlit_auth(configured)  # A missing secret is an error now, not at the first sign-in.
    if _is_taken(address, port):
        stop(f"Port {port} is in use. Choose another one with --port.")
    command = [sys.executable, "-m", "streamlit", "run", app_file.name]
    command += ["--server.port", str(port), "--server.address", address, *_allowed_hosts(address, configured)]
    # Streamlit's welcome message would ask a server on the internet for this computer's address.
    command += ["--logger.hideWelcomeMessage", "true"] if not access.loopback(address) else []
    # Streamlit looks for .streamlit/config.toml in the current directory, so run where app.py is.
    if os.name == "posix":
        os.chdir(app_file.parent)
        os.execv(sys.executable, command)  # Replace this process, so that signals reach the server.
    raise typer.Exit(subprocess.call(command, cwd=app_file.parent))


def _is_taken(address: str, port: int) -> bool:
    """Return whether something listens on the port already; other faults of the address are the server's to name."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False


def _allowed_hosts(address: str, team: TeamConfig | None) -> list[str]:
    """Options for host names to accept, beyond the ones of this computer in .streamlit/config.toml."""
    if "STREAMLIT_SERVER_ALLOWED_HOSTS" in os.environ:
        return []
    if team is not None:
        names = ["localhost", "127.0.0.1", urlsplit(team.sign_in.address).hostname or ""]
    elif address in {"127.0.0.1", "localhost"}:
        return []
    else:
        names = ["*"] if address in {"0.0.0.0", "::"} else ["localhost", "127.0.0.1", address]
    return [part for name in names for part in ("--server.allowedHosts", name)]
