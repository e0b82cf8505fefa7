"""The check that runs before the pages listen on an address that other machines can reach."""

from __future__ import annotations

import os
from collections.abc import Mapping

from compplan.access.addresses import VARIABLE, loopback
from compplan.access.errors import AccessError
from compplan.access.team import TeamConfig
from compplan.errors import Problem

OPEN_ACCESS_VARIABLE = "COMPPLAN_WITHOUT_SIGN_IN"
OPEN_ACCESS_VALUE = "everybody-may-change-everything"


def check_listen_address(address: str, team: TeamConfig | None, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse an address that other machines can reach, unless people sign in or open access is set explicitly.

    Parameters
    ----------
    address : str
        The address to listen on; empty for every address of this machine.
    team : TeamConfig or None
        The sign-in configuration, if there is one.
    environment : Mapping of str to str, optional

    Raises
    ------
    AccessError
        With the three ways to fix it.
    """
    if team is not None or loopback(address) or environment.get(OPEN_ACCESS_VARIABLE) == OPEN_ACCESS_VALUE:
        return
    raise AccessError(
        [
            Problem(
                "address",
                f"Other machines can reach {address or 'every address of this machine'}, and nobody would have to sign "
                f"in. Give a file with sign-in and roles (--team FILE, or {VARIABLE}), or listen on 127.0.0.1. If "
                f"everyone who can reach it may see and change everything, set "
                f"{OPEN_ACCESS_VARIABLE}={OPEN_ACCESS_VALUE}.",
            )
        ]
    )
