"""Who may do what: roles, what each may do, and who has which, from one configuration file."""

from compplan.access.errors import AccessError
from compplan.access.listening import OPEN, OPEN_WORDS, VARIABLE, loopback, may_listen
from compplan.access.roles import LOCAL, VISITOR, Actor, Right, Role
from compplan.access.team import Members, SignIn, Team, configured, secret, streamlit_auth

__all__ = [
    "LOCAL",
    "OPEN",
    "OPEN_WORDS",
    "VARIABLE",
    "VISITOR",
    "AccessError",
    "Actor",
    "Members",
    "Right",
    "Role",
    "SignIn",
    "Team",
    "configured",
    "loopback",
    "may_listen",
    "secret",
    "streamlit_auth",
]
