"""The command that serves the pages."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Annotated

import typer

from compplan.cli.terminal import app, stop


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the pages; the address is printed once they are ready."""
    from compplan.home import shipped

    front = shipped("app.py")
    if not front.is_file():
        stop(f"{front}: there is no such file; this installation of compplan is not complete.")
    command = [sys.executable, "-m", "streamlit", "run", front.name]
    command += ["--server.port", str(port), "--server.address", address, *_hosts(address)]
    # From where app.py lies, since Streamlit looks for .streamlit/config.toml in the current directory.
    if os.name == "posix":
        os.chdir(front.parent)
        os.execv(sys.executable, command)  # so that signals reach the server and nothing is left behind
    raise typer.Exit(subprocess.call(command, cwd=front.parent))


def _hosts(address: str) -> list[str]:
    """Host names to accept besides those of the configuration, which are this machine's own."""
    if address in {"127.0.0.1", "localhost"} or "STREAMLIT_SERVER_ALLOWED_HOSTS" in os.environ:
        return []
    names = ["*"] if address in {"0.0.0.0", "::"} else ["localhost", "127.0.0.1", address]
    return [part for name in names for part in ("--server.allowedHosts", name)]
