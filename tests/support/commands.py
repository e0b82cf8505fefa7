"""The commands, run within the test."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from compplan import cli


def run(*arguments: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(cli.app, list(arguments), input=stdin)


def refused(*arguments: str, stdin: str | None = None) -> list[str]:
    """The sentences of a command that must refuse, with nothing on stdout."""
    done = run(*arguments, stdin=stdin)
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert isinstance(done.exception, SystemExit)
    return done.stderr.splitlines()


def answered(*arguments: str, stdin: str | None = None) -> str:
    done = run(*arguments, stdin=stdin)
    assert done.exit_code == 0, done.output
    assert done.stderr == ""
    return done.stdout


def reviewed(*arguments: str, stdin: str | None = None) -> str:
    """What a command that reviews prints, whether it found an error (1) or none (0)."""
    done = run(*arguments, stdin=stdin)
    assert done.exit_code in {0, 1}, done.output
    assert done.stderr == ""
    return done.stdout
