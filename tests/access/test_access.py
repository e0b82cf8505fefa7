"""Roles and rights, the sign-in configuration, and the check of listen addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compplan import access
from compplan.access import LOCAL, VISITOR, AccessError, Actor, Right, Role, TeamConfig

GOOD: dict[str, Any] = {
    "sign_in": {
        "address": "https://pay.example.com",
        "provider": "https://id.example.com/.well-known/openid-configuration",
        "client_id": "compplan",
    },
    "roles": {
        "designer": {"emails": ["Lead@Example.com"]},
        "hr": {"groups": ["people"], "emails": ["hr@example.com"]},
        "viewer": {"domains": ["example.com"]},
    },
}
WHO = {"iss": "https://id.example.com", "sub": "7"}


@pytest.fixture
def team() -> TeamConfig:
    return TeamConfig.from_dict(GOOD)


# Roles

MAY = {
    Role.VIEWER: {Right.READ},
    Role.DESIGNER: {Right.READ, Right.SAVE, Right.SHARE, Right.COST},
    Role.FINANCE: {Right.READ, Right.COST, Right.APPROVE, Right.AUDIT},
    Role.HR: set(Right),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_exactly_its_rights(role: Role) -> None:
    actor = Actor("id|1", "a person", frozenset({role}))
    assert {right for right in Right if actor.may(right)} == MAY[role]


def test_local_actor_has_every_right() -> None:
    assert LOCAL.alone
    assert LOCAL.signed_in
    assert all(LOCAL.may(right) for right in Right)


def test_visitor_has_no_rights() -> None:
    assert not VISITOR.signed_in
    assert not any(VISITOR.may(right) for right in Right)


# Claims of a sign-in


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"email": "lead@example.com", "email_verified": True}, {Role.DESIGNER, Role.VIEWER}),
        ({"email": " LEAD@EXAMPLE.COM ", "email_verified": True}, {Role.DESIGNER, Role.VIEWER}),
        ({"email": "lead@example.com"}, set()),
        ({"email": "lead@example.com", "email_verified": "true"}, set()),
        ({"email": "lead@example.com", "email_verified": False}, set()),
        ({"email": "lead@example.com.evil.example", "email_verified": True}, set()),
        ({"email": "example.com", "email_verified": True}, set()),
        ({"email": ["lead@example.com"], "email_verified": True}, set()),
        ({"groups": ["people", "others"]}, {Role.HR}),
        ({"groups": "people"}, {Role.HR}),
        ({"groups": "people others"}, set()),
        ({"groups": {"people": True}}, set()),
        ({"groups": [["people"], None, 7]}, set()),
        ({"roles": ["hr"], "role": "hr"}, set()),
        ({}, set()),
    ],
)
def test_roles_come_from_verified_addresses_and_the_groups_claim(
    team: TeamConfig, claims: dict[str, Any], roles: set[Role]
) -> None:
    assert team.actor(WHO | claims).roles == roles


def test_unverified_address_counts_if_the_file_trusts_it() -> None:
    loose = TeamConfig.from_dict(GOOD | {"sign_in": GOOD["sign_in"] | {"trust_unverified_email": True}})
    assert Role.HR in loose.actor(WHO | {"email": "hr@example.com"}).roles
    assert loose.actor(WHO | {"email": "hr@example.com", "email_verified": False}).roles == set()


def signed_in(team: TeamConfig, email: str, **claims: Any) -> Actor:
    return team.actor({**WHO, "email": email, "email_verified": True, **claims})


@pytest.mark.parametrize(
    ("member", "email", "matches"),
    [
        ("Lead@Example.com", "lead@example.COM", True),
        ("lead@example.com.", "lead@example.com", True),
        ("kim@example.com", "\N{KELVIN SIGN}im@example.com", False),
        ("strasse@example.com", "straße@example.com", False),
        ("ann@köln.example", "ann@XN--KLN-SNA.example", True),
        ("ann@KÖLN.example", "ann@köln.example", True),
        ("ann@strasse.example", "ann@straße.example", False),
        ("ann@example.com", "ann@exa\N{MONGOLIAN VOWEL SEPARATOR}mple.com", False),
        ("ann@example.com", "@example.com", False),
    ],
)
def test_an_address_matches_by_ascii_case_and_its_domain_by_idna(member: str, email: str, matches: bool) -> None:
    team = TeamConfig.from_dict({**GOOD, "roles": {"hr": {"emails": [member]}}})
    assert bool(signed_in(team, email).roles) is matches


@pytest.mark.parametrize(("domain", "matches"), [("EXAMPLE.com", True), ("xn--kln-sna.example", False), ("com", False)])
def test_a_domain_matches_whole(domain: str, matches: bool) -> None:
    team = TeamConfig.from_dict({**GOOD, "roles": {"viewer": {"domains": [domain]}}})
    assert bool(signed_in(team, "ann@example.com").roles) is matches


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"email": "cfo@example.com", "email_verified": True, "name": "Ann"}, "cfo@example.com"),
        ({"email": "cfo@example.com", "email_verified": False, "name": "Ann"}, "Ann"),
        ({"email": "cfo@example.com", "name": "cfo@example.com"}, "7"),
        ({"email": "cfo@example.com", "name": "cfo\N{FULLWIDTH COMMERCIAL AT}example.com"}, "7"),
        ({"email": "cfo@example.com"}, "7"),
    ],
)
def test_an_unverified_address_is_never_shown_as_a_name(team: TeamConfig, claims: dict[str, Any], name: str) -> None:
    assert team.actor({**WHO, **claims}).name == name


@pytest.mark.parametrize("claims", [{}, {"sub": "7"}, {"iss": "x"}, {"iss": "", "sub": "7"}, {"iss": 1, "sub": 2}])
def test_claims_without_issuer_or_subject_give_a_visitor(team: TeamConfig, claims: dict[str, Any]) -> None:
    assert team.actor(claims | {"groups": ["people"]}) == VISITOR


def test_same_subject_of_two_providers_is_two_actors(team: TeamConfig) -> None:
    assert team.actor(WHO).id != team.actor(WHO | {"iss": "https://other.example"}).id


@pytest.mark.parametrize(
    ("issued", "expired"),
    [(0, True), (-12 * 3600, True), (-12 * 3600 + 1, False), (0.5, False), (299, False), (301, True), ("now", True)],
)
def test_sign_in_expires_after_its_hours(team: TeamConfig, issued: Any, expired: bool) -> None:
    now = 1_800_000_000.0
    claims = {} if issued == 0 else {"iat": now + issued if isinstance(issued, int | float) else issued}
    assert team.expired(claims, now) is expired


# The file


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sign_in": {}}, "sign_in.address"),
        ({"roles": {"boss": {}}}, "roles.boss"),
        ({"roles": {"hr": {"email": ["x@y.example"]}}}, "roles.hr.email"),
        ({"extra": 1}, "extra"),
        ({"sign_in": GOOD["sign_in"] | {"hours": 0}}, "sign_in.hours"),
        (
            {"sign_in": GOOD["sign_in"] | {"address": "http://pay.example.com"}},
            "sign_in.address: Must begin with https",
        ),
        ({"sign_in": GOOD["sign_in"] | {"provider": "http://id.example.com/x"}}, "sign_in.provider: Must begin"),
        ({"sign_in": GOOD["sign_in"] | {"address": "javascript:alert(1)"}}, "sign_in.address"),
    ],
)
def test_invalid_file_names_the_field(change: dict[str, Any], message: str) -> None:
    with pytest.raises(AccessError) as error:
        TeamConfig.from_dict(GOOD | change)
    assert message in str(error.value)


def test_unusable_team_file_raises(tmp_path: Path) -> None:
    assert access.team_from_environment({}) is None
    with pytest.raises(AccessError, match="cannot be read"):
        access.team_from_environment({access.VARIABLE: str(tmp_path / "none.toml")})
    broken = tmp_path / "team.toml"
    broken.write_text("[sign_in\n")
    with pytest.raises(AccessError, match="is not valid TOML"):
        access.team_from_environment({access.VARIABLE: str(broken)})


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path, team: TeamConfig) -> None:
    file = tmp_path / "secret"
    file.write_text("c" * 40 + "\n")
    settings = access.streamlit_auth(team, {"COMPPLAN_COOKIE_SECRET_FILE": str(file), "COMPPLAN_CLIENT_SECRET": "s"})
    assert settings["cookie_secret"] == "c" * 40
    assert settings["redirect_uri"] == "https://pay.example.com/oauth2callback"
    for environment, message in (
        ({}, "COMPPLAN_COOKIE_SECRET: Not set"),
        ({"COMPPLAN_COOKIE_SECRET": "short"}, "at least 32"),
        ({"COMPPLAN_COOKIE_SECRET": "c" * 32}, "COMPPLAN_CLIENT_SECRET: Not set"),
        ({"COMPPLAN_COOKIE_SECRET_FILE": str(tmp_path / "gone")}, "cannot be read"),
    ):
        with pytest.raises(AccessError, match=message):
            access.streamlit_auth(team, environment)


# Listen addresses


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "", "10.1.2.3", "192.168.1.4", "pay.example.com", "127.0.0.1.nip.example"]
)
def test_public_address_needs_sign_in_or_explicit_open_access(address: str, team: TeamConfig) -> None:
    with pytest.raises(AccessError, match="nobody would have to sign in"):
        access.check_listen_address(address, None, {})
    for wrong in ("1", "yes", "true", access.OPEN_ACCESS_VALUE.upper()):
        with pytest.raises(AccessError):
            access.check_listen_address(address, None, {access.OPEN_ACCESS_VARIABLE: wrong})
    access.check_listen_address(address, None, {access.OPEN_ACCESS_VARIABLE: access.OPEN_ACCESS_VALUE})
    access.check_listen_address(address, team, {})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_loopback_address_needs_no_sign_in(address: str) -> None:
    access.check_listen_address(address, None, {})


def test_names_of_the_last_release_still_work() -> None:
    with pytest.warns(DeprecationWarning, match=r"compplan\.access\.Team is now compplan\.access\.TeamConfig;"):
        assert access.Team is TeamConfig
    with pytest.raises(AttributeError, match="no attribute 'Nothing'"):
        access.Nothing  # noqa: B018
