"""Who may do what: roles and rights, the sign-in configuration of a team, and the address the pages listen on.

Belongs here: roles, rights, the file with sign-in settings, and checks on network addresses.
Does not belong here: the sign-in page itself (`compplan.ui.host`) and the checks on saved plans (`compplan.store`).
"""

from compplan._moved import forward_names
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
__getattr__ = forward_names(__name__)
