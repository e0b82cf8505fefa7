"""Network addresses that only this machine can reach, and the environment variable that names the team file."""

from __future__ import annotations

import ipaddress

VARIABLE = "COMPPLAN_TEAM_FILE"


def loopback(address: str) -> bool:
    """Return whether only this machine can reach an address.

    Parameters
    ----------
    address : str
        A host name or IP address, IPv6 with or without brackets.

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
