"""Sign-in and roles of a team, from one configuration file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Self, cast
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from compplan.access.errors import AccessError
from compplan.access.listening import VARIABLE, loopback
from compplan.access.roles import VISITOR, Actor, Role
from compplan.errors import Problem

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_SHORTEST_SECRET = 32


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Members(_Part):
    """Who has a role: by e-mail address, by the domain of one, or by what the provider says of them."""

    emails: frozenset[_Text] = Field(default=frozenset(), description="E-mail addresses, in any case.")
    domains: frozenset[_Text] = Field(default=frozenset(), description="Everybody with an address at these domains.")
    groups: frozenset[_Text] = Field(default=frozenset(), description="Values of the claim `sign_in.groups_claim`.")


class SignIn(_Part):
    """How people sign in, by OpenID Connect."""

    address: Annotated[
        str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.\-\[\]:]{1,253}(/[A-Za-z0-9._~/-]*)?$")
    ] = Field(description="Where people open the pages, such as https://pay.example.com.")
    provider: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,1000}$")] = Field(
        description="The provider's discovery document, which ends in /.well-known/openid-configuration."
    )
    client_id: _Text
    hours: Annotated[float, Field(gt=0, le=720)] = Field(default=12, description="How long one sign-in lasts.")
    groups_claim: _Text = Field(default="groups", description="The claim that carries groups or roles.")
    trust_unverified_email: bool = Field(
        default=False, description="For providers that send no `email_verified`; else such an address gives no role."
    )


class Team(_Part):
    """Sign-in and roles of a team.

    Examples
    --------
    >>> team = Team.from_dict(
    ...     {
    ...         "sign_in": {
    ...             "address": "https://pay.example.com",
    ...             "provider": "https://id.example.com/.well-known/openid-configuration",
    ...             "client_id": "compplan",
    ...         },
    ...         "roles": {"finance": {"emails": ["cfo@example.com"]}},
    ...     }
    ... )
    >>> claims = {"iss": "https://id.example.com", "sub": "7", "email": "CFO@example.com", "email_verified": True}
    >>> [role.value for role in team.actor(claims).roles]
    ['finance']
    """

    sign_in: SignIn
    roles: Mapping[Role, Members]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Check what a file says.

        Raises
        ------
        AccessError
            With a sentence for each thing that is wrong.
        """
        try:
            team = cls.model_validate(dict(data))
        except ValidationError as error:
            raise AccessError(
                Problem(".".join(str(part) for part in each["loc"]), f"{each['msg'].rstrip('.')}.")
                for each in error.errors(include_url=False, include_input=False)
            ) from None
        for name, given in (("address", team.sign_in.address), ("provider", team.sign_in.provider)):
            parts = urlsplit(given)
            if parts.scheme == "http" and not loopback(parts.hostname or ""):
                raise AccessError(
                    [Problem(f"sign_in.{name}", "must begin with https://: over http, anybody between can read it.")]
                )
        return team

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a configuration file (TOML).

        Raises
        ------
        AccessError
            If it cannot be read, or says what cannot be used.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise AccessError([Problem(str(path), f"cannot be read: {error.strerror}.")]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise AccessError([Problem(str(path), f"is no TOML: {error}.")]) from None
        return cls.from_dict(data)

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        """Who somebody is, by the claims of a sign-in that has been verified.

        Parameters
        ----------
        claims : Mapping
            Of the provider's identity token.

        Returns
        -------
        Actor
            Without a role where the file gives them none; `VISITOR` where the claims do not say who it is.
        """
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
            return VISITOR
        email = claims.get("email")
        address = email.strip().casefold() if isinstance(email, str) else ""
        trusted = address if claims.get("email_verified") is True or self.sign_in.trust_unverified_email else ""
        told = claims.get(self.sign_in.groups_claim)
        listed = cast("list[Any]", told) if isinstance(told, list) else [told]
        groups = {each for each in listed if isinstance(each, str)}
        roles = frozenset(role for role, members in self.roles.items() if _is_member(members, trusted, groups))
        return Actor(f"{issuer}|{subject}", address or str(claims.get("name") or subject), roles)

    def expired(self, claims: Mapping[str, Any], now: float) -> bool:
        """Whether a sign-in is too old; one that does not say when it was, is.

        Parameters
        ----------
        claims : Mapping
            Of the identity token; ``iat`` is when it was made.
        now : float [seconds since 1970]
        """
        made = claims.get("iat")
        return not isinstance(made, int | float) or not -300 <= now - made < self.sign_in.hours * 3600


def _is_member(members: Members, email: str, groups: set[str]) -> bool:
    if groups & members.groups:
        return True
    if not email:
        return False
    domain = email.rpartition("@")[2]
    return email in {each.casefold() for each in members.emails} or domain in {d.casefold() for d in members.domains}


def configured(environment: Mapping[str, str] = os.environ) -> Team | None:
    """The team of the file that ``COMPPLAN_TEAM_FILE`` names; None where it names none.

    Raises
    ------
    AccessError
        If there is a name and the file cannot be used: sign-in is never dropped in silence.
    """
    named = environment.get(VARIABLE, "").strip()
    return Team.read(Path(named)) if named else None


def secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """A secret from the environment variable `name`, or from the file that ``<name>_FILE`` names.

    Raises
    ------
    AccessError
        If there is none.
    """
    text = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip()
    if not text and file:
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AccessError([Problem(f"{name}_FILE", f"cannot be read: {error}.")]) from None
    if not text:
        raise AccessError([Problem(name, f"is not set; sign-in needs it, or a file named by {name}_FILE.")])
    return text


def streamlit_auth(team: Team, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """What `st.login` needs of a team: its section ``[auth]``.

    Raises
    ------
    AccessError
        If a secret is missing or too short.
    """
    cookie = secret("COMPPLAN_COOKIE_SECRET", environment)
    if len(cookie) < _SHORTEST_SECRET:
        raise AccessError(
            [Problem("COMPPLAN_COOKIE_SECRET", f"must have at least {_SHORTEST_SECRET} characters; it signs sessions.")]
        )
    return {
        "redirect_uri": f"{team.sign_in.address.rstrip('/')}/oauth2callback",
        "cookie_secret": cookie,
        "client_id": team.sign_in.client_id,
        "client_secret": secret("COMPPLAN_CLIENT_SECRET", environment),
        "server_metadata_url": team.sign_in.provider,
    }
