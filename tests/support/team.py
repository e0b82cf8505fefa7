"""The configuration of a team that signs in."""

from __future__ import annotations

from pathlib import Path

import pytest

TEAM = """
[sign_in]
address = "https://pay.example.com"
provider = "https://id.example.com/.well-known/openid-configuration"
client_id = "compplan"
[roles.viewer]
domains = ["example.com"]
"""


def use_team(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write the configuration into a folder and let the environment name it; return the file."""
    file = folder / "team.toml"
    file.write_text(TEAM, encoding="utf-8")
    monkeypatch.setenv("COMPPLAN_TEAM_FILE", str(file))
    return file
