"""The page of saved plans without a browser: what is listed, what each reader sees, and the server's whole trail."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.pages import PageSession

from compplan import templates
from compplan.access import LOCAL, Actor, Role
from compplan.ui.host import deployment
from compplan.ui.widgets.labels import verbatim

PLAN = templates.load("knowup-csat-weighted")


class Saved(PageSession):
    """A session on the page of saved plans."""

    def __init__(self, **state: Any) -> None:
        super().__init__("saved")
        self.set(**state)

    @property
    def text(self) -> str:
        told = " ".join([*self.pieces, *(c.value for c in self.at.caption), *(t.value for t in self.at.text)])
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", told)))

    @property
    def options(self) -> list[str]:
        return list(self.at.radio(key="library.plan").options)

    def buttons(self) -> set[str]:
        return {str(button.key) for button in self.at.button}


def person(*roles: Role, name: str = "x@example.com") -> Actor:
    return Actor(f"https://id.example|{name}", name, frozenset(roles))


def saved(name: str, by: Actor = LOCAL, **cost: Any) -> str:
    return deployment.store().create(PLAN, name=name, by=by, cost=cost).scenario_id


# What is listed


def test_archived_plans_are_listed_last() -> None:
    old, _new = saved("Old"), saved("New")
    deployment.store().archive(old, by=LOCAL)
    page = Saved()
    assert page.options == ["New"]
    assert page.set(library__archived=True).options == ["New", "Old (archived)"]
    assert page.set(library__archived=False).options == ["New"]


def test_plans_with_the_same_name_stay_separate() -> None:
    first, second = saved("Same"), saved("Same")
    page = Saved()
    assert len(set(page.options)) == 2
    for index, key in enumerate((second, first)):
        page.at.radio(key="library.plan").set_value([second, first][index])
        page.run()
        assert any(str(button).endswith(f"archive.{key}") for button in page.buttons())


def test_empty_archived_and_unavailable_stores_show_different_pages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = Saved()
    assert "No saved plans yet" in page.text
    assert "Nothing was done" not in page.text
    deployment.store().archive(saved("Old"), by=LOCAL)
    page = Saved()
    assert "Every saved plan is archived" in page.text
    assert "No saved plans yet" not in page.text
    page.press("library.show_archived")
    assert page.options == ["Old (archived)"]

    deployment.close()
    good = f"sqlite:///{tmp_path / 'kept.db'}"
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", f"sqlite:///{tmp_path}/file/kept.db")
    page = Saved()
    assert "Saved plans are unavailable" in page.text
    assert "No saved plans yet" not in page.text
    assert "plan is archived" not in page.text
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", good)
    deployment.close()  # a failure is remembered for some seconds
    page.press("library.again")
    assert "cannot be reached" not in page.text
    assert "plan is archived" in page.text


# Names are only names


@pytest.mark.parametrize(
    "name", ["A $80k vs $90k", "[me](https://x.example)", "# *big* `code` :red[x]", "www.x.example"]
)
def test_name_is_shown_as_typed(name: str, signed_in: Callable[[Actor], None]) -> None:
    actor = person(Role.HR, name="[call](https://y.example) $1 or $2")
    signed_in(actor)
    saved(name, by=actor)
    page = Saved()
    assert page.options == [verbatim(name)]
    assert verbatim(name) in [each.value for each in page.at.subheader]
    (radio,) = [each for each in page.at.radio if each.key == "library.plan"]
    (caption,) = radio.proto.captions
    assert verbatim(actor.name) in caption
    assert not re.search(r"(?<!\\)[$\[]", " ".join([*page.options, caption]))


# Who sees what


def test_cost_is_hidden_from_roles_without_the_right(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, name="hr@example.com")
    signed_in(hr)
    key = saved("FY27", by=hr, people=3)
    deployment.store().save(key, PLAN, base=1, by=hr, cost={"people": 7})
    assert "Cost assumption people 3 7" in Saved(library__tab="Differences").text
    signed_in(person(Role.VIEWER))
    page = Saved(library__tab="Differences")
    assert "Cost assumption" not in page.text
    assert "The plans are the same." in page.text


def test_all_activity_describes_sign_ins_and_exports(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, name="hr@example.com")
    saved("FY27", by=hr)
    store = deployment.store()
    store.record_event("signed_in", by=hr)
    store.record_event("exported", by=hr, detail={"what": "people on the bands", "rows": 56})
    store.record_event("exported", by=hr, detail={"what": "workbook", "plan": "0123456789ab"})
    signed_in(hr)
    text = Saved(library__tab="All activity").text
    assert "exported hr@example.com people on the bands, 56 rows" in text
    assert "exported hr@example.com workbook, plan 0123456789ab" in text
    assert "signed in hr@example.com" in text
    assert "saved hr@example.com FY27 1" in text


def test_all_activity_works_before_anything_is_saved(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, name="hr@example.com")
    deployment.store().record_event("signed_in", by=hr)
    signed_in(hr)
    assert "signed in hr@example.com" in Saved().text
    signed_in(person(Role.VIEWER))
    assert "hr@example.com" not in Saved().text


def test_all_activity_shows_a_hundred_lines_per_page(signed_in: Callable[[Actor], None]) -> None:
    hr = person(Role.HR, name="hr@example.com")
    saved("FY27", by=hr)
    for number in range(205):
        deployment.store().record_event("exported", by=hr, detail={"what": f"file {number:03}"})
    signed_in(hr)
    page = Saved(library__tab="All activity")
    seen: list[str] = []
    for more in (True, True, False):
        shown = re.findall(r"file \d{3}", page.text)
        seen += shown
        assert len(shown) <= 100
        assert ("library.earlier" in page.buttons()) is more
        if more:
            page.press("library.earlier")
    assert seen == [f"file {number:03}" for number in reversed(range(205))]
    assert "file 204" in page.press("library.latest").text


@pytest.mark.parametrize("role", [Role.DESIGNER, Role.VIEWER])
def test_activity_is_shown_only_to_roles_that_may_audit(role: Role, signed_in: Callable[[Actor], None]) -> None:
    saved("FY27")
    signed_in(person(role))
    page = Saved(library__tab="All activity")
    assert [tab.label for tab in page.at.tabs] == ["Versions", "Differences", "Links"]
    assert "saved" not in page.text.replace("Saved", "")
