"""Who may do what, and what a configuration of sign-in has to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from compplan import access
from compplan.access import LOCAL, VISITOR, AccessError, Actor, Right, Role, Team

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
def team() -> Team:
    return Team.from_dict(GOOD)


# Roles

MAY = {
    Role.VIEWER: {Right.READ},
    Role.DESIGNER: {Right.READ, Right.SAVE, Right.SHARE, Right.COST},
    Role.FINANCE: {Right.READ, Right.COST, Right.APPROVE, Right.AUDIT},
    Role.HR: set(Right),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_its_rights_and_no_other(role: Role) -> None:
    actor = Actor("id|1", "somebody", frozenset({role}))
    assert {right for right in Right if actor.may(right)} == MAY[role]


def test_on_a_laptop_one_person_is_everybody() -> None:
    assert LOCAL.alone
    assert LOCAL.signed_in
    assert all(LOCAL.may(right) for right in Right)


def test_a_visitor_may_nothing() -> None:
    assert not VISITOR.signed_in
    assert not any(VISITOR.may(right) for right in Right)


# Who somebody is


@pytest.mark.parametrize(
    ("claims", "roles"),
    [
        ({"email": "lead@example.com", "email_verified": True}, {Role.DESIGNER, Role.VIEWER}),
        ({"email": " LEAD@EXAMPLE.COM ", "email_verified": True}, {Role.DESIGNER, Role.VIEWER}),
        ({"email": "lead@example.com"}, set()),
        ({"email": "lead@example.com", "email_verified": "true"}, set()),
        ({"email": "lead@example.com", "email_verified": False}, set()),
        ({"email": "lead@example.com.evil.example", "email_verified": True}, set()),
        ({"email": "example.com", "email_verified": True}, {Role.VIEWER}),
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
    team: Team, claims: dict[str, Any], roles: set[Role]
) -> None:
    assert team.actor(WHO | claims).roles == roles


def test_an_unverified_address_counts_where_the_file_says_so() -> None:
    loose = Team.from_dict(GOOD | {"sign_in": GOOD["sign_in"] | {"trust_unverified_email": True}})
    assert Role.HR in loose.actor(WHO | {"email": "hr@example.com"}).roles


@pytest.mark.parametrize("claims", [{}, {"sub": "7"}, {"iss": "x"}, {"iss": "", "sub": "7"}, {"iss": 1, "sub": 2}])
def test_who_does_not_say_who_they_are_is_a_visitor(team: Team, claims: dict[str, Any]) -> None:
    assert team.actor(claims | {"groups": ["people"]}) == VISITOR


def test_two_providers_subjects_are_two_people(team: Team) -> None:
    assert team.actor(WHO).id != team.actor(WHO | {"iss": "https://other.example"}).id


@pytest.mark.parametrize(
    ("made", "over"),
    [(0, True), (-12 * 3600, True), (-12 * 3600 + 1, False), (0.5, False), (299, False), (301, True), ("now", True)],
)
def test_a_sign_in_lasts_its_hours(team: Team, made: Any, over: bool) -> None:
    now = 1_800_000_000.0
    claims = {} if made == 0 else {"iat": now + made if isinstance(made, int | float) else made}
    assert team.expired(claims, now) is over


# The file


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"sign_in": {}}, "sign_in.address"),
        ({"roles": {"boss": {}}}, "roles.boss"),
        ({"roles": {"hr": {"email": ["x@y.example"]}}}, "roles.hr.email"),
        ({"extra": 1}, "extra"),
        ({"sign_in": GOOD["sign_in"] | {"hours": 0}}, "sign_in.hours"),
        (
            {"sign_in": GOOD["sign_in"] | {"address": "http://pay.example.com"}},
            "sign_in.address: must begin with https",
        ),
        ({"sign_in": GOOD["sign_in"] | {"provider": "http://id.example.com/x"}}, "sign_in.provider: must begin"),
        ({"sign_in": GOOD["sign_in"] | {"address": "javascript:alert(1)"}}, "sign_in.address"),
    ],
)
def test_a_file_that_cannot_be_used_says_where(change: dict[str, Any], told: str) -> None:
    with pytest.raises(AccessError) as error:
        Team.from_dict(GOOD | change)
    assert told in str(error.value)


def test_sign_in_is_never_dropped_in_silence(tmp_path: Path) -> None:
    assert access.configured({}) is None
    with pytest.raises(AccessError, match="cannot be read"):
        access.configured({access.VARIABLE: str(tmp_path / "none.toml")})
    broken = tmp_path / "team.toml"
    broken.write_text("[sign_in\n")
    with pytest.raises(AccessError, match="is no TOML"):
        access.configured({access.VARIABLE: str(broken)})


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path, team: Team) -> None:
    file = tmp_path / "secret"
    file.write_text("c" * 40 + "\n")
    found = access.streamlit_auth(team, {"COMPPLAN_COOKIE_SECRET_FILE": str(file), "COMPPLAN_CLIENT_SECRET": "s"})
    assert found["cookie_secret"] == "c" * 40
    assert found["redirect_uri"] == "https://pay.example.com/oauth2callback"
    for environment, told in (
        ({}, "COMPPLAN_COOKIE_SECRET: is not set"),
        ({"COMPPLAN_COOKIE_SECRET": "short"}, "at least 32"),
        ({"COMPPLAN_COOKIE_SECRET": "c" * 32}, "COMPPLAN_CLIENT_SECRET: is not set"),
        ({"COMPPLAN_COOKIE_SECRET_FILE": str(tmp_path / "gone")}, "cannot be read"),
    ):
        with pytest.raises(AccessError, match=told):
            access.streamlit_auth(team, environment)


# Where it listens


@pytest.mark.parametrize(
    "address", ["0.0.0.0", "::", "", "10.1.2.3", "192.168.1.4", "pay.example.com", "127.0.0.1.nip.example"]
)
def test_nobody_listens_beyond_this_machine_without_sign_in(address: str, team: Team) -> None:
    with pytest.raises(AccessError, match="nobody would have to sign in"):
        access.may_listen(address, None, {})
    for almost in ("1", "yes", "true", access.OPEN_WORDS.upper()):
        with pytest.raises(AccessError):
            access.may_listen(address, None, {access.OPEN: almost})
    access.may_listen(address, None, {access.OPEN: access.OPEN_WORDS})
    access.may_listen(address, team, {})


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "localhost", "::1", "[::1]"])
def test_this_machine_needs_no_sign_in(address: str) -> None:
    access.may_listen(address, None, {})
