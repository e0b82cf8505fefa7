"""Run `compplan` commands inside the test process."""

from __future__ import annotations

from typing import Any

from typer.testing import CliRunner

from compplan import cli


def run(*arguments: str, stdin: str | None = None) -> Any:
    """The result of a command, whatever its exit status."""
    return CliRunner().invoke(cli.app, list(arguments), input=stdin)


def output_of(*arguments: str, stdin: str | None = None) -> str:
    """Standard output of a command that must succeed without a word on standard error."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def errors_of(*arguments: str, stdin: str | None = None) -> list[str]:
    """Lines on standard error of a command that must end with status 2 and print nothing else."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert isinstance(result.exception, SystemExit)
    return result.stderr.splitlines()


def review_output(*arguments: str, stdin: str | None = None) -> str:
    """Standard output of a review, whether it found an error (status 1) or none (status 0)."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code in {0, 1}, result.output
    assert result.stderr == ""
    return result.stdout
