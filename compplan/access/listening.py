"""Where the pages listen, and when that is refused."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from compplan.access.errors import AccessError
from compplan.errors import Problem

if TYPE_CHECKING:
    from compplan.access.team import Team

VARIABLE = "COMPPLAN_TEAM_FILE"
OPEN = "COMPPLAN_WITHOUT_SIGN_IN"
OPEN_WORDS = "everybody-may-change-everything"


def loopback(address: str) -> bool:
    """Whether only this machine reaches an address.

    Examples
    --------
    >>> [loopback(address) for address in ("127.0.0.1", "localhost", "::1", "0.0.0.0", "", "10.0.0.7")]
    [True, True, True, False, False, False]
    """
    if address.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def may_listen(address: str, team: Team | None, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse to listen beyond this machine without sign-in, unless told so in so many words.

    Raises
    ------
    AccessError
        With what to do instead.
    """
    if team is not None or loopback(address) or environment.get(OPEN) == OPEN_WORDS:
        return
    raise AccessError(
        [
            Problem(
                "address",
                f"{address or 'every address'} can be reached by other machines, and nobody would have to sign in. "
                f"Name a file with sign-in and roles (--team FILE, or {VARIABLE}); or listen on 127.0.0.1; "
                f"or, where everybody who reaches it may see and change everything, set {OPEN}={OPEN_WORDS}.",
            )
        ]
    )
