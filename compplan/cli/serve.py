"""The command that serves the pages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from compplan.cli.terminal import app, sentences, stop

if TYPE_CHECKING:
    from compplan.access import TeamConfig


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    team: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Sign-in and roles (TOML); without it nobody signs in.")
    ] = None,
) -> None:
    """Serve the pages; the address is printed once they are ready.

    On this machine only, unless people sign in: other machines are refused without --team.
    """
    from compplan import access
    from compplan.shipped import shipped

    front = shipped("app.py")
    if not front.is_file():
        stop(f"{front}: there is no such file; this installation of compplan is not complete.")
    with sentences({"address": "--address"}):
        if team is not None:
            os.environ[access.VARIABLE] = str(team.resolve())
        known = access.team_from_environment()
        access.check_listen_address(address, known)
        if known is not None:
            access.streamlit_auth(known)  # a missing secret is told now, not at the first sign-in
    command = [sys.executable, "-m", "streamlit", "run", front.name]
    command += ["--server.port", str(port), "--server.address", address, *_hosts(address, known)]
    # For its greeting Streamlit would ask a server on the internet for this machine's address.
    command += ["--logger.hideWelcomeMessage", "true"] if not access.loopback(address) else []
    # From where app.py lies, since Streamlit looks for .streamlit/config.toml in the current directory.
    if os.name == "posix":
        os.chdir(front.parent)
        os.execv(sys.executable, command)  # so that signals reach the server and nothing is left behind
    raise typer.Exit(subprocess.call(command, cwd=front.parent))


def _hosts(address: str, team: TeamConfig | None) -> list[str]:
    """Host names to accept besides those of the configuration, which are this machine's own."""
    if "STREAMLIT_SERVER_ALLOWED_HOSTS" in os.environ:
        return []
    if team is not None:
        names = ["localhost", "127.0.0.1", urlsplit(team.sign_in.address).hostname or ""]
    elif address in {"127.0.0.1", "localhost"}:
        return []
    else:
        names = ["*"] if address in {"0.0.0.0", "::"} else ["localhost", "127.0.0.1", address]
    return [part for name in names for part in ("--server.allowedHosts", name)]
