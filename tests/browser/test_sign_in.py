"""A team's server with a real OpenID provider beside it: who gets in, how far, and how they are kept out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from browser.serving import PATIENCE, context_of, free_port, served
from playwright.sync_api import Browser, BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from compplan import roster

# One server and one provider serve all of them.
pytestmark = pytest.mark.browser

COOKIE_SECRET = "a-secret-that-only-this-test-has-and-nobody-else"
PEOPLE = {
    "dora": {"email": "dora@example.com", "email_verified": True, "name": "Dora"},
    "hana": {"email": "hana@example.com", "email_verified": True, "groups": ["people-team"]},
    "finn": {"email": "Finn@Example.com", "email_verified": True},
    "vera": {"email": "vera@partner.example", "email_verified": True},
    "nora": {"email": "nora@nowhere.example", "email_verified": True},
    "eve": {"email": "hr@example.com", "email_verified": False, "groups": "people-team-fans"},
}
ROLES = """
[roles.designer]
emails = ["dora@example.com"]
[roles.hr]
emails = ["hr@example.com"]
groups = ["people-team"]
[roles.finance]
emails = ["finn@example.com"]
[roles.viewer]
domains = ["partner.example"]
"""


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A provider on loopback, in a process of its own."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    claims = [part for sub, told in PEOPLE.items() for part in ("--user-claims", json.dumps({"sub": sub, **told}))]
    log = tmp_path_factory.mktemp("provider") / "log.txt"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *claims],
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        end = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if time.monotonic() > end or process.poll() is not None:
                    pytest.fail(f"the provider did not start:\n{log.read_text()}")
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("team")


@pytest.fixture(scope="module")
def team(provider: str, folder: Path) -> Iterator[str]:
    """Address of a server where people sign in."""
    file = folder / "team.toml"
    port = free_port()
    file.write_text(
        f'[sign_in]\naddress = "http://127.0.0.1:{port}"\nclient_id = "compplan"\n'
        f'provider = "{provider}/.well-known/openid-configuration"\n{ROLES}'
    )
    with served(
        folder,
        port,
        COMPPLAN_TEAM_FILE=str(file),
        COMPPLAN_COOKIE_SECRET=COOKIE_SECRET,
        COMPPLAN_CLIENT_SECRET="not-so-secret",
    ) as address:
        yield address


@pytest.fixture
def browser_of(chromium: Browser) -> Iterator[Callable[[], BrowserContext]]:
    """A browser that knows nothing of the others."""
    expect.set_options(timeout=PATIENCE)
    contexts: list[BrowserContext] = []

    def fresh() -> BrowserContext:
        contexts.append(context_of(chromium))
        return contexts[-1]

    yield fresh
    for context in contexts:
        context.close()


def sign_in(page: Page, who: str) -> None:
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=who, exact=True).click()


def signed_in(context: BrowserContext, team: str, who: str) -> Page:
    page = context.new_page()
    page.goto(team)
    sign_in(page, who)
    page.wait_for_url(f"{team}/")
    return page


def at_the_gate(page: Page) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert page.locator(".cp-plan, .cp-board, .cp-figure").count() == 0


# Before anybody has signed in: these run first, on a server that has just started


@pytest.mark.parametrize("path", ["/benchmarks", "/finance", "/", "/design", "/nonsense"])
def test_deep_link_does_not_bypass_sign_in(team: str, browser_of: Callable[[], BrowserContext], path: str) -> None:
    page = browser_of().new_page()
    page.goto(f"{team}{path}")
    at_the_gate(page)


def test_live_picture_address_needs_a_pass(team: str) -> None:
    for sent in (b"{}", b'{"pass": "1.2.3"}', b"[]", b'"pass"', b"\xff"):
        asked = urllib.request.Request(f"{team}/live/picture", data=sent, method="POST")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(asked, timeout=10)
        assert refused.value.code in (400, 403)


def test_server_metrics_are_not_public(team: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{team}/_stcore/metrics", timeout=10)
    assert refused.value.code == 404


# Who gets in


def places(page: Page) -> list[str]:
    expect(page.locator(".cp-plan")).to_be_visible()
    expect(page.locator(".st-key-places a").filter(has_text="Saved")).to_be_visible()
    return page.locator(".st-key-places a").all_inner_texts()


@pytest.mark.parametrize(
    ("who", "open_to_them"),
    [
        ("dora", ["Designer", "Review", "Capacity", "Benchmarks", "Saved", "Cost"]),
        ("hana", ["Designer", "Review", "Capacity", "Benchmarks", "Saved", "Cost"]),
        ("finn", ["Designer", "Review", "Capacity", "Benchmarks", "Saved", "Cost"]),
        ("vera", ["Designer", "Review", "Capacity", "Benchmarks", "Saved"]),
    ],
)
def test_each_role_sees_only_its_pages(
    team: str, browser_of: Callable[[], BrowserContext], who: str, open_to_them: list[str]
) -> None:
    page = signed_in(browser_of(), team, who)
    assert places(page) == open_to_them
    page.goto(f"{team}/finance")
    if "Cost" in open_to_them:
        expect(page.locator(".cp-plan")).to_be_visible()
    else:
        expect(page.get_by_role("heading", name="You don't have access yet")).to_be_visible()
        assert page.locator(".cp-plan").count() == 0


@pytest.mark.parametrize("who", ["nora", "eve"])
def test_person_without_a_role_opens_no_page(team: str, browser_of: Callable[[], BrowserContext], who: str) -> None:
    page = signed_in(browser_of(), team, who)  # eve's address is HR's, and nobody has verified it
    expect(page.get_by_role("heading", name="You don't have access yet")).to_be_visible()
    page.goto(f"{team}/benchmarks")
    expect(page.get_by_role("heading", name="You don't have access yet")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()


def cookie(team: str, claims: dict[str, object], secret: str = COOKIE_SECRET) -> dict[str, str]:
    told = {"origin": team, "is_logged_in": True, "provider": "default", **claims}
    value = create_signed_value(secret, "_streamlit_user", json.dumps(told)).decode()
    return {"name": "_streamlit_user", "value": value, "url": team}


def claims_of(who: str, age: float = 0) -> dict[str, object]:
    return {"iss": "http://id.example", "sub": who, "iat": time.time() - age, **PEOPLE[who]}


def test_a_cookie_opens_only_with_this_servers_signature(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    forged = {**claims_of("vera"), "groups": ["people-team"]}
    real = cookie(team, claims_of("vera"))
    told, signature = real["value"].rsplit(".", 1)
    # Not the last character: two of its six bits are padding, and another one may stand for the same signature.
    tampered = {**real, "value": f"{told}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"}
    for bad in (cookie(team, forged, "another secret, as long as the real one is"), tampered):
        context = browser_of()
        context.add_cookies([bad])
        page = context.new_page()
        page.goto(team)
        at_the_gate(page)
    context = browser_of()
    context.add_cookies([real])
    page = context.new_page()
    page.goto(team)
    assert places(page) == ["Designer", "Review", "Capacity", "Benchmarks", "Saved"]


def test_sign_in_expires(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    for claims in (claims_of("dora", age=13 * 3600), {k: v for k, v in claims_of("dora").items() if k != "iat"}):
        context = browser_of()
        context.add_cookies([cookie(team, claims)])
        page = context.new_page()
        page.goto(team)
        at_the_gate(page)


def test_live_picture_is_served_to_signed_in_people(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    page = signed_in(browser_of(), team, "dora")
    page.wait_for_selector(".cp-board[data-settled-rev]")
    slider = page.locator(".st-key-weights .cp-range").first
    with page.expect_response(re.compile(r"/live/picture$")) as answer:
        slider.focus()
        page.keyboard.press("ArrowRight")
    assert answer.value.status == 200


def test_sign_in_ends_at_the_linked_page(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    page = browser_of().new_page()
    way = f"{team}/finance?share={'x' * 32}"
    page.goto(way)
    sign_in(page, "finn")
    page.wait_for_url(way)


def shared(page: Page, who_may: str) -> str:
    """Make a link in the Share menu."""
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_text(who_may, exact=True).click()
    page.locator(".st-key-share-make button").click()
    code = page.locator("code").filter(has_text="share=")
    expect(code).to_be_visible()
    link = code.inner_text()
    page.keyboard.press("Escape")
    return link


def test_link_for_signed_in_people_asks_for_sign_in_then_opens(
    team: str, browser_of: Callable[[], BrowserContext]
) -> None:
    link = shared(signed_in(browser_of(), team, "dora"), "People who sign in")
    assert link.startswith(f"{team}/finance?share=")
    page = browser_of().new_page()
    page.goto(link)
    at_the_gate(page)
    expect(page.get_by_role("alert")).to_contain_text("link is for people who sign in")
    sign_in(page, "nora")  # who has no role, and the link is for whoever signs in
    page.wait_for_url(link)
    expect(page.locator(".cp-headline")).to_contain_text("One person costs $113k")
    assert page.locator(".st-key-places a").count() == 0
    for path in ("/", "/benchmarks", "/saved", "/finance"):
        page.goto(f"{team}{path}")
        expect(page.get_by_role("heading", name="You don't have access yet")).to_be_visible()


def test_a_link_for_anyone_opens_its_page_and_no_other(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    leader = signed_in(browser_of(), team, "dora")
    link = shared(leader, "Anyone with the link")
    page = browser_of().new_page()
    page.goto(link)
    expect(page.locator(".cp-headline")).to_contain_text("One person costs $113k")
    assert page.locator(".st-key-places a").count() == 0
    assert page.get_by_role("button", name="Open a copy in the Designer").count() == 0
    token = link.partition("?")[2]
    for path in ("/", "/benchmarks", "/saved"):
        page.goto(f"{team}{path}?{token}")
        expect(page.locator(".cp-board, .st-key-gate").first).to_be_visible()
        assert page.locator(".st-key-controls, .st-key-weights").count() == 0, path
    leader.get_by_role("button", name="Share", exact=True).click()
    doors = leader.get_by_role("button", name="Turn off link", exact=True)
    expect(doors.first).to_be_visible()
    while open_doors := doors.count():
        doors.first.click()
        expect(doors).to_have_count(open_doors - 1)
    page.goto(link)
    at_the_gate(page)
    expect(page.get_by_role("alert")).to_contain_text("was turned off")


def test_activity_records_who_did_what(team: str, browser_of: Callable[[], BrowserContext]) -> None:
    link = shared(signed_in(browser_of(), team, "dora"), "People who sign in")
    page = signed_in(browser_of(), team, "finn")
    page.goto(link)
    expect(page.locator(".cp-headline")).to_be_visible()
    page.get_by_role("link", name="Saved").click()
    page.get_by_role("tab", name="Activity", exact=True).click()
    table = page.get_by_role("tabpanel").locator("table")
    expect(table).to_contain_text("dora@example.com")
    expect(table).to_contain_text("shared")
    expect(table).to_contain_text("opened")


def test_server_log_contains_no_token(team: str, folder: Path, browser_of: Callable[[], BrowserContext]) -> None:
    page = browser_of().new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(str(request.all_headers().get("referer", ""))))
    page.goto(f"{team}/finance?share={'s3cret' * 5}ab")
    at_the_gate(page)
    assert "s3cret" not in (folder / "log.txt").read_text()
    assert not [each for each in heard if "s3cret" in each]


def test_server_log_contains_no_names_or_pay(team: str, folder: Path, browser_of: Callable[[], BrowserContext]) -> None:
    page = signed_in(browser_of(), team, "hana")
    page.get_by_role("link", name="Benchmarks").click()
    page.get_by_role("button", name="Try sample data").click()
    expect(page.get_by_role("button", name="Remove sample data")).to_be_visible()
    page.get_by_role("tab", name="People").click()
    expect(page.get_by_text("64 rows = 1 heading", exact=False)).to_be_visible()
    people = roster.read(roster.sample(), "team.csv").people
    told = (folder / "log.txt").read_text()
    assert not [name for name in people["name"] if name and name in told]
    assert not [one for one in people["id"] if one in told]
