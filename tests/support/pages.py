"""One session of a page of the app without a browser, on Streamlit's AppTest."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any, Self

from streamlit.testing.v1 import AppTest

import compplan.ui
from compplan.plan import Plan
from compplan.ui.session import FIRST_TEMPLATE, EditSession

FRAME = Path(compplan.ui.__path__[0]) / "shell" / "frame.py"


class PageSession:
    """A session that has opened one page; it fails as soon as the page shows an exception.

    Parameters
    ----------
    page : str
        File name of the page without its suffix, such as ``"cost"``.
    plan : Plan, optional
        The plan to edit instead of the first template.
    tab_key : str
        Key of the page's tabs.
    """

    def __init__(self, page: str, plan: Plan | None = None, *, tab_key: str = "") -> None:
        self.at = AppTest.from_file(FRAME, default_timeout=60)
        self.at.query_params["p"] = f"template-{FIRST_TEMPLATE}"  # not the draft of a session before
        self.at.run()
        self._tab_key = tab_key
        if plan is not None:
            self.edit.open(plan, "file")
        self.go(page)

    @property
    def edit(self) -> EditSession:
        """The plan that this session edits, with what belongs to it."""
        session: EditSession = self.at.session_state["compplan.edit_session"]
        return session

    # What a person does

    def run(self) -> Self:
        """Rerun the page with what was set in its fields."""
        self.at.run()
        assert [error.message for error in self.at.exception] == []
        return self

    def go(self, page: str) -> Self:
        """Go to another page."""
        self.at.switch_page(f"../../../pages/{page}.py")
        return self.run()

    def set(self, **state: Any) -> Self:
        """Set entries of the session's state; two underscores in a name are a dot in its key."""
        for key, value in state.items():
            self.at.session_state[key.replace("__", ".")] = value
        return self.run()

    def tab(self, name: str) -> Self:
        self.at.session_state[self._tab_key] = name
        return self.run()

    def field(self, kind: str, path: str) -> Any:
        """A field by its key, without the number of the form before it."""
        keys = re.compile(rf"(\d+\.)?{re.escape(path)}")
        (widget,) = [widget for widget in self.at.get(kind) if keys.fullmatch(widget.key or "")]
        return widget

    def enter(self, kind: str, path: str, value: Any) -> Self:
        self.field(kind, path).set_value(value)
        return self.run()

    def press(self, name: str) -> Self:
        """Press the first button with this key or label."""
        next(button for button in self.at.button if name in (button.key, plain(button.label))).click()
        return self.run()

    def upload(self, key: str, name: str, content: bytes) -> Self:
        self.at.file_uploader(key=key).upload(name, content)
        return self.run()

    # What the page shows

    @property
    def pieces(self) -> list[str]:
        """Every piece of HTML."""
        return [element.proto.body for element in self.at.get("html")]

    @property
    def captions(self) -> list[str]:
        return [plain(caption.value) for caption in self.at.caption]

    @property
    def text(self) -> str:
        """The words of every piece of HTML and of every caption."""
        return words(" ".join([*self.pieces, *self.captions]))

    @property
    def problems(self) -> list[str]:
        """The sentences under fields, and those that stand in place of a result."""
        alerts = (re.search(r'class="cp-problem[^"]*" role="alert">(.*?)</p>', body, re.DOTALL) for body in self.pieces)
        return [html.unescape(alert[1]) for alert in alerts if alert]

    @property
    def figures(self) -> dict[str, str]:
        """The headline figures by name."""
        (body,) = [body for body in self.pieces if 'class="cp-figures"' in body]
        cards = re.findall(r"<dt>(.*?)</dt>\s*<dd><b[^>]*>(.*?)</b>", body)
        return {html.unescape(name): html.unescape(value) for name, value in cards}

    def table(self, mark: str) -> list[list[str]]:
        """The rows of the one table that contains a text, without the lists inside its cells."""
        (body,) = [body for body in map(html.unescape, self.pieces) if "<table" in body and mark in body]
        return table_rows(body)

    def traces(self, board: str) -> dict[str, dict[str, Any]]:
        """The traces by name of the one chart of a board."""
        (element,) = [element for element in self.at.get("bidi_component") if element.key == board]
        (figure,) = json.loads(element.proto.json)["figures"]
        return {trace.get("name", ""): trace for trace in json.loads(figure["spec"])["data"]}


def plain(markdown: str) -> str:
    r"""A label or caption without the backslashes before its marks.

    >>> plain(r"GRR \(grr\)")
    'GRR (grr)'
    """
    return re.sub(r"\\(.)", r"\1", markdown)


def words(body: str) -> str:
    """The text of a piece of HTML."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", body)))


def table_rows(body: str) -> list[list[str]]:
    """The cells of a table by row, without the lists inside them."""
    bare = re.sub(r"<ul>.*?</ul>", "", body, flags=re.DOTALL)
    rows = (
        re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", bare, re.DOTALL)
    )
    return [[re.sub(r"<[^>]+>", " ", cell).strip() for cell in row] for row in rows]
