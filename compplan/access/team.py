"""The sign-in configuration of a team, read from one TOML file."""

from __future__ import annotations

import os
import string
import tomllib
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self, cast
from urllib.parse import urlsplit

from pydantic import Field, StringConstraints, model_validator

from compplan.access.addresses import VARIABLE, loopback
from compplan.access.errors import AccessError
from compplan.access.roles import VISITOR, Actor, Role
from compplan.errors import CompPlanError, Problem
from compplan.models import FrozenModel, refuse_all

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
_SHORTEST_SECRET = 32


# Only these letters have a small form that is the same mailbox: other scripts have letters that look alike when small.
_ASCII_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def _comparable_domain(domain: str) -> str:
    """Return a domain in the form that the domain name system compares; empty if it has none."""
    if domain.isascii():
        return domain.translate(_ASCII_LOWER).removesuffix(".")
    import idna

    try:
        return idna.encode(unicodedata.normalize("NFC", domain.lower())).decode("ascii")
    except idna.IDNAError:
        return ""


def _comparable_address(address: str) -> str:
    """Return an e-mail address in the form in which two are compared; empty if it is none.

    Examples
    --------
    >>> _comparable_address("CFO@Example.com"), _comparable_address("ceo@Köln.example")
    ('cfo@example.com', 'ceo@xn--kln-sna.example')
    """
    mailbox, _, domain = address.strip().rpartition("@")
    domain = _comparable_domain(domain)
    return f"{mailbox.translate(_ASCII_LOWER)}@{domain}" if mailbox and domain else ""


class _ConfigSection(FrozenModel):
    error_class: ClassVar[type[CompPlanError]] = AccessError


class RoleMembers(_ConfigSection):
    """The people who have a role: by e-mail address, by e-mail domain, or by group."""

    emails: frozenset[_Text] = Field(default=frozenset(), description="E-mail addresses, upper or lower case.")
    domains: frozenset[_Text] = Field(default=frozenset(), description="Everyone with an address at these domains.")
    groups: frozenset[_Text] = Field(default=frozenset(), description="Values of the claim in `sign_in.groups_claim`.")


class SignIn(_ConfigSection):
    """Sign-in by OpenID Connect."""

    address: Annotated[
        str, StringConstraints(pattern=r"^https?://[A-Za-z0-9.\-\[\]:]{1,253}(/[A-Za-z0-9._~/-]*)?$")
    ] = Field(description="The address where people open the pages, such as https://pay.example.com.")
    provider: Annotated[str, StringConstraints(pattern=r"^https?://\S{1,1000}$")] = Field(
        description="The provider's discovery document; it ends in /.well-known/openid-configuration."
    )
    client_id: _Text
    hours: Annotated[float, Field(gt=0, le=720)] = Field(default=12, description="How long a sign-in lasts [hours].")
    groups_claim: _Text = Field(default="groups", description="The claim that lists the groups of a person.")
    trust_unverified_email: bool = Field(
        default=False,
        description="Accept e-mail addresses from a provider that sends no `email_verified`; otherwise such an address "
        "gives no role.",
    )

    @model_validator(mode="after")
    def _refuse_unencrypted_addresses(self) -> Self:
        urls = {name: urlsplit(url) for name, url in (("address", self.address), ("provider", self.provider))}
        refuse_all(
            [
                Problem(name, "Must begin with https://, because http traffic can be read.")
                for name, url in urls.items()
                if url.scheme == "http" and not loopback(url.hostname or "")
            ]
        )
        return self


class TeamConfig(_ConfigSection):
    """Sign-in settings and the members of each role.

    Examples
    --------
    >>> team = TeamConfig.from_dict(
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
    roles: Mapping[Role, RoleMembers]

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Validate the content of a configuration file.

        Raises
        ------
        AccessError
            With one problem for each field that is wrong.
        """
        return cls.model_validate(dict(data))

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a configuration file (TOML).

        Raises
        ------
        AccessError
            If the file cannot be read or a field is wrong.
        """
        try:
            data = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise AccessError([Problem(str(path), f"The file cannot be read: {error.strerror}.")]) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise AccessError([Problem(str(path), f"The file is not valid TOML: {error}.")]) from None
        return cls.from_dict(data)

    def actor(self, claims: Mapping[str, Any]) -> Actor:
        """Return the actor for the verified claims of a sign-in.

        Parameters
        ----------
        claims : Mapping
            Claims of the provider's identity token.

        Returns
        -------
        Actor
            Without roles if the file gives the person none; `VISITOR` if the claims lack an issuer or a subject.
        """
        issuer, subject = claims.get("iss"), claims.get("sub")
        if not isinstance(issuer, str) or not isinstance(subject, str) or not issuer or not subject:
            return VISITOR
        email = claims.get("email")
        address = _comparable_address(email) if isinstance(email, str) else ""
        # A provider that denies an address is believed; the setting is for those that say nothing.
        is_trusted = claims.get("email_verified") is True or (
            "email_verified" not in claims and self.sign_in.trust_unverified_email
        )
        trusted = address if is_trusted else ""
        claim = claims.get(self.sign_in.groups_claim)
        values = cast("list[Any]", claim) if isinstance(claim, list) else [claim]
        groups = {value for value in values if isinstance(value, str)}
        roles = frozenset(role for role, members in self.roles.items() if _is_member(members, trusted, groups))
        return Actor(f"{issuer}|{subject}", trusted or _unverified_name(claims) or subject, roles)

    def expired(self, claims: Mapping[str, Any], now: float) -> bool:
        """Return whether a sign-in is too old, or does not state its time.

        Parameters
        ----------
        claims : Mapping
            Claims of the identity token; ``iat`` is the time when it was issued.
        now : float [seconds since 1970]
        """
        issued = claims.get("iat")
        return not isinstance(issued, int | float) or not -300 <= now - issued < self.sign_in.hours * 3600


def _is_member(members: RoleMembers, email: str, groups: set[str]) -> bool:
    if groups & members.groups:
        return True
    if not email:
        return False
    domain = email.rpartition("@")[2]
    return email in set(map(_comparable_address, members.emails)) or domain in set(
        map(_comparable_domain, members.domains)
    )


def _unverified_name(claims: Mapping[str, Any]) -> str:
    """Return the name that a person gave the provider, unless it looks like somebody's address."""
    name = claims.get("name")
    looks_like_address = not isinstance(name, str) or "@" in unicodedata.normalize("NFKC", name)
    return "" if looks_like_address else str(name).strip()


def team_from_environment(environment: Mapping[str, str] = os.environ) -> TeamConfig | None:
    """Read the file that ``COMPPLAN_TEAM_FILE`` names; None if the variable is not set.

    Raises
    ------
    AccessError
        If the variable is set and the file cannot be used. The server then does not start without sign-in.
    """
    path = environment.get(VARIABLE, "").strip()
    return TeamConfig.read(Path(path)) if path else None


def read_secret(name: str, environment: Mapping[str, str] = os.environ) -> str:
    """Read a secret from the environment variable `name`, or from the file that ``<name>_FILE`` names.

    Raises
    ------
    AccessError
        If neither is set, or the file cannot be read.
    """
    text = environment.get(name, "").strip()
    file = environment.get(f"{name}_FILE", "").strip()
    if not text and file:
        try:
            text = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise AccessError([Problem(f"{name}_FILE", f"cannot be read: {error}.")]) from None
    if not text:
        raise AccessError([Problem(name, f"Not set. Sign-in needs {name}, or {name}_FILE with the path of a file.")])
    return text


def streamlit_auth(team: TeamConfig, environment: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return the ``[auth]`` settings that `st.login` needs.

    Raises
    ------
    AccessError
        If a secret is missing or too short.
    """
    cookie = read_secret("COMPPLAN_COOKIE_SECRET", environment)
    if len(cookie) < _SHORTEST_SECRET:
        raise AccessError([Problem("COMPPLAN_COOKIE_SECRET", f"Must have at least {_SHORTEST_SECRET} characters.")])
    return {
        "redirect_uri": f"{team.sign_in.address.rstrip('/')}/oauth2callback",
        "cookie_secret": cookie,
        "client_id": team.sign_in.client_id,
        "client_secret": read_secret("COMPPLAN_CLIENT_SECRET", environment),
        "server_metadata_url": team.sign_in.provider,
    }
