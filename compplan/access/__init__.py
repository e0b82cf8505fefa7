"""Who may do what: roles and rights, the sign-in configuration of a team, and the address the pages listen on.

What belongs here: roles, rights, the file with sign-in settings, and checks on network addresses.
What does not: the sign-in page itself (`compplan.ui.host`) and the checks on saved plans (`compplan.store`).
"""

import warnings

from compplan.access.addresses import VARIABLE, loopback
from compplan.access.errors import AccessError
from compplan.access.listening import OPEN_ACCESS_VALUE, OPEN_ACCESS_VARIABLE, check_listen_address
from compplan.access.roles import LOCAL, VISITOR, Actor, Right, Role
from compplan.access.team import RoleMembers, SignIn, TeamConfig, read_secret, streamlit_auth, team_from_environment

__all__ = [
    "LOCAL",
    "OPEN_ACCESS_VALUE",
    "OPEN_ACCESS_VARIABLE",
    "VARIABLE",
    "VISITOR",
    "AccessError",
    "Actor",
    "Right",
    "Role",
    "RoleMembers",
    "SignIn",
    "TeamConfig",
    "check_listen_address",
    "loopback",
    "read_secret",
    "streamlit_auth",
    "team_from_environment",
]

# Names of compplan 0.1, removed in 0.3.
_RENAMED = {
    "Members": "RoleMembers",
    "OPEN": "OPEN_ACCESS_VARIABLE",
    "OPEN_WORDS": "OPEN_ACCESS_VALUE",
    "Team": "TeamConfig",
    "configured": "team_from_environment",
    "may_listen": "check_listen_address",
    "secret": "read_secret",
}


def __getattr__(name: str) -> object:
    if name not in _RENAMED:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    warnings.warn(f"{__name__}.{name} is now {_RENAMED[name]}.", DeprecationWarning, stacklevel=2)
    return globals()[_RENAMED[name]]
