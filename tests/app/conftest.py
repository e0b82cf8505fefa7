"""The page as a person has it, without a browser: Streamlit's AppTest, and messages as the browser would send them."""

from __future__ import annotations

import html
import json
import logging
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import compplan.ui
from compplan.access import Actor
from compplan.plan import Plan
from compplan.ui.host import deployment, sign_in
from compplan.ui.session import FIRST_TEMPLATE
from compplan.ui.workspace.autosave import autosave

FRAME = Path(compplan.ui.__path__[0]) / "shell" / "frame.py"


class _Cells(HTMLParser):
    """Rows of the tables in a piece of HTML, each cell as its own text; what stands in a list is left out."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = self._in_list = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
            self._in_cell = True
        self._in_list |= tag == "ul"

    def handle_endtag(self, tag: str) -> None:
        self._in_cell &= tag not in ("td", "th")
        self._in_list &= tag != "ul"

    def handle_data(self, data: str) -> None:
        if self._in_cell and not self._in_list:
            self.rows[-1][-1] += data


class Page:
    """One session of the page.

    Fields are told by their place in the plan (``pay.base``); the number of the form before it is left to the page.
    """

    def __init__(self, *, bare: bool = False, **query: str) -> None:
        self.at = AppTest.from_file(FRAME, default_timeout=60)
        # At a bare address the last draft of this person opens, also that of another session of the test.
        self.at.query_params.update(query if query or bare else {"p": f"template-{FIRST_TEMPLATE}"})
        self._ids: dict[str, str] = {}
        self._seq = 0
        self.run()

    def run(self) -> Page:
        """Rerun with what was set in the fields; the page never shows an exception."""
        return self._ran(self.at.run())

    def _ran(self, at: AppTest) -> Page:
        assert [error.message for error in at.exception] == []
        if not any(field.label == "Role" for field in at.selectbox):
            # AppTest keeps only what a run of fragments drew; a run of the whole page brings the rest back.
            at.run()
            assert [error.message for error in at.exception] == []
        for element in at.get("bidi_component"):
            self._ids[str(element.key)] = element.proto.id
        return self

    def _with_controls(self) -> None:
        """After a slider's gesture AppTest holds only what was drawn anew; a browser still has the controls."""
        if not list(self.at.subheader):
            self.run()

    # What is shown

    @property
    def html(self) -> list[str]:
        return [element.proto.body for element in self.at.get("html")]

    def piece(self, mark: str) -> str:
        """The one piece of HTML in which something stands."""
        (found,) = [body for body in self.html if mark in body]
        return found

    @property
    def title(self) -> str:
        found = re.search(r'<h1 class="cp-plan">(.*?) <span>(.*?)</span></h1>', self.piece('<h1 class="cp-plan"'))
        assert found
        return html.unescape(f"{found[1]} · {found[2]}")

    @property
    def figures(self) -> dict[str, tuple[str, str, str]]:
        """The headline figures by name: the figure, what is told under it, and what it was before."""
        card = r'<dt>(.*?)</dt><dd><b[^>]*>(.*?)</b><span class="cp-was">(?:was )?(.*?)</span><small>(.*?)</small>'
        found = re.findall(card, self.piece('class="cp-figures"'))
        return {name: (html.unescape(now), html.unescape(told), html.unescape(was)) for name, now, was, told in found}

    @property
    def warning(self) -> str:
        """The sentence under the figures, if the plan does not keep its promise."""
        found = re.search(r'<p class="cp-warning"[^>]*>(.*?)</p>', self.piece('class="cp-figures"'))
        return html.unescape(found[1]) if found else ""

    @property
    def problems(self) -> list[str]:
        """The sentences that stand under fields."""
        self._with_controls()
        shown = (re.search(r'<p class="cp-problem" role="alert">(.*?)</p>', body, re.DOTALL) for body in self.html)
        return [html.unescape(found[1]) for found in shown if found]

    @property
    def warnings(self) -> list[str]:
        """What stands over the page about the link that was opened."""
        self._with_controls()
        shown = (re.search(r'<p class="cp-problem cp-broken" role="alert">(.*?)</p>', body) for body in self.html)
        return [html.unescape(found[1]) for found in shown if found]

    @property
    def plan(self) -> Plan:
        """The plan in hand, which has to be the one that the charts were drawn for."""
        plan: Plan = self.at.session_state["compplan.edit_session"].plan
        assert self.piece("data-plan") == f'<span data-plan="{plan.hash[:12]}" hidden></span>'
        assert self.component("charts")["view"]["plan"] == plan.to_json()
        return plan

    def table(self) -> list[list[str]]:
        """The rows of the statement, or of the table of differences."""
        return _Cells(self.piece('<table class="cp-statement')).rows

    def component(self, key: str) -> dict[str, Any]:
        """What a browser component was given."""
        if key != "charts":
            self._with_controls()
        (found,) = [element for element in self.at.get("bidi_component") if element.key == key]
        data: dict[str, Any] = json.loads(found.proto.json)
        return data

    # What a person does

    def open(self, *places: str) -> Page:
        """Open popovers and sections: they are drawn only then."""
        for place in places:
            self.at.session_state[place] = True
        return self.run()

    def tab(self, name: str) -> Page:
        self.at.session_state["detail"] = name
        return self.run()

    def widget(self, kind: str, path: str) -> Any:
        """The field for a place in the plan."""
        self._with_controls()
        keys = re.compile(rf"\d+\.{re.escape(path)}")
        (found,) = [widget for widget in getattr(self.at, kind) if widget.key and keys.fullmatch(widget.key)]
        return found

    def enter(self, path: str, text: str) -> Page:
        self.widget("text_input", path).set_value(text)
        return self.run()

    def entered(self, path: str) -> str:
        """What stands in a field."""
        return str(self.widget("text_input", path).value)

    def choose(self, path: str, value: Any) -> Page:
        self.widget("selectbox", path).set_value(value)
        return self.run()

    def press(self, key: str) -> Page:
        self._with_controls()
        (button,) = [b for b in self.at.button if b.key == key or re.fullmatch(rf"\d+\.{re.escape(key)}", b.key or "")]
        assert not button.disabled
        button.click()
        return self.run()

    def upload(self, name: str, content: bytes) -> Page:
        self.at.file_uploader(key="file").upload(name, content)
        return self.run()

    def edit_table(self, path: str, **changes: Any) -> Page:
        """Edit a table of points, as the browser reports it: the changes so far, all of them."""
        self._with_controls()
        (table,) = [t for t in self.at.data_editor if t.key and f".{path}." in t.key]
        edits = {"edited_rows": {}, "added_rows": [], "deleted_rows": [], **changes}
        return self._send(table.proto.id, string_value=json.dumps(edits))

    def slide(self, key: str, change: object) -> Page:
        """Send what the sliders of the browser would send; it may be anything."""
        return self._send(self._ids[key], json_value=json.dumps({"change": change}))

    def weigh(self, locks: dict[str, bool] | None = None, **percents: Any) -> Page:
        """Move the weights to some percents, in one gesture."""
        return self._gesture("weights", percents, locks or {})

    def what_if(self, **results: Any) -> Page:
        """Move what-if sliders."""
        return self._gesture("whatif", {r["id"]: r["value"] for r in self.component("whatif")["rows"]} | results, {})

    def _gesture(self, key: str, values: dict[str, Any], locks: dict[str, bool]) -> Page:
        self._seq += 1
        change = {"values": values, "locks": dict.fromkeys(values, False) | locks, "gesture": self._seq, "done": True}
        return self.slide(key, change | {"rev": self.component(key)["rev"], "seq": self._seq})

    def _send(self, element: str, **value: str) -> Page:
        # AppTest has no hand for these two elements, so the message that their browser side sends is put in by hand.
        states = self.at._tree.get_widget_states()
        state = states.widgets.add()
        state.id = element
        for name, text in value.items():
            setattr(state, name, text)
        return self._ran(self.at._run(states))


@pytest.fixture(autouse=True)
def own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database of its own for each test; nobody's plans are touched."""
    monkeypatch.setenv("COMPPLAN_DATABASE_URL", f"sqlite:///{tmp_path / 'kept.db'}")
    monkeypatch.delenv("COMPPLAN_TEAM_FILE", raising=False)
    deployment.team.cache_clear()
    deployment.throttle.cache_clear()
    yield
    autosave.flush()
    deployment.close()


@pytest.fixture(autouse=True)
def no_page_hides_an_error(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which a page met an error that it did not foresee, which it would otherwise put in a sentence."""
    records: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: records.append(record.getMessage())  # pyright: ignore[reportAttributeAccessIssue]
    logger = logging.getLogger("compplan.ui.shell.errors")
    logger.addHandler(handler)
    yield
    logger.removeHandler(handler)
    assert records == [] or request.module.__name__.endswith("test_unforeseen_errors")


@pytest.fixture
def signed_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[Actor], None]:
    """Let sessions belong to somebody."""

    def become(actor: Actor) -> None:
        monkeypatch.setattr(sign_in, "who", lambda: actor)

    return become


@pytest.fixture
def page() -> Page:
    """The page as it first loads."""
    return Page()


@pytest.fixture
def open_page() -> Callable[..., Page]:
    """Open a page of its own, with a query such as ``plan="v1.…"``."""
    return Page
