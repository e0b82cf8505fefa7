"""A browser's tab without a browser: a websocket that speaks Streamlit's own messages, and what it was last drawn."""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import re
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PATIENCE = 120  # seconds for one run


@dataclass(frozen=True, slots=True)
class Drawn:
    """One element or block of the page, with the run and the fragment that drew it."""

    part: Any
    run: str
    fragment: str

    @property
    def widget(self) -> str:
        """The id of the widget; empty where it is none."""
        return str(getattr(self.part, "id", ""))

    @property
    def key(self) -> str:
        """The key that the program gave it, without the number of the form that it stands in."""
        return re.sub(r"^\$\$ID-[0-9a-f]+-(\d+\.)?", "", self.widget)


class Tab:
    """One session.

    Attributes
    ----------
    errors : list of str
        Everything that no visitor should ever see.
    """

    def __init__(self, socket: Any, address: str, page: str, query: str) -> None:
        self._socket, self._url, self._query = socket, f"{address}/{page}", query
        self._page_name, self._page_hash = page, ""
        self._drawn: dict[tuple[int, ...], Drawn] = {}
        self._values: dict[str, tuple[str, Any]] = {}
        self._run, self._again = "", ""
        self.errors: list[str] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, address: str, page: str = "", query: str = "") -> AsyncGenerator[Tab]:
        """Open a page, and wait until it is drawn."""
        url = f"ws://{urlsplit(address).netloc}/_stcore/stream"
        async with websockets.connect(
            url, subprotocols=["streamlit"], origin=address, max_size=None, ping_timeout=None, open_timeout=PATIENCE
        ) as socket:
            tab = cls(socket, address, page, query)
            await tab._send()
            yield tab

    # What a person does

    async def press(self, key: str) -> None:
        """Click on a button."""
        button = self._find(key)
        if button.part.disabled:
            self.errors.append(f"{key} is disabled")
        await self._send(button, trigger_value=True)

    async def type(self, key: str, text: str) -> None:
        """Put a text into a field."""
        await self._set(key, "string_value", text)

    async def menu(self, key: str, *, open: bool) -> None:  # noqa: A002
        """Open a menu, or shut it."""
        await self._set(key, "bool_value", open)

    async def choose(self, key: str, beginning: str) -> None:
        """Choose the option that begins with some words."""
        (option,) = [each for each in self._find(key).part.options if each.startswith(beginning)]
        await self._set(key, "string_value", option)

    async def slide(self, key: str, weights: Mapping[str, int], gesture: int) -> None:
        """Move the sliders of a component."""
        slider = self._find(key)
        told = json.loads(slider.part.mixed.json if slider.part.HasField("mixed") else slider.part.json)
        change = {"values": dict(weights), "locks": dict.fromkeys(weights, False), "done": True, "rev": told["rev"]}
        await self._send(slider, json_value=json.dumps({"change": change | {"gesture": gesture, "seq": gesture}}))

    async def look_again(self) -> None:
        """What an open page asks of itself now and then."""
        await self._send(again=True)

    # What a person sees

    def shows(self, key: str) -> bool:
        """Whether there is such a widget."""
        return any(each.key == key for each in self._drawn.values())

    def label(self, key: str) -> str:
        """What is written on a button."""
        return str(self._find(key).part.label)

    def html(self) -> Iterator[str]:
        """Pieces of HTML, in no order."""
        return (each.part.body for each in self._drawn.values() if type(each.part).__name__ == "Html")

    def code(self, beginning: str) -> str:
        """The piece of code that begins with some words."""
        told = [each.part.code_text for each in self._drawn.values() if type(each.part).__name__ == "Code"]
        return next((text for text in told if text.startswith(beginning)), "")

    def sentences(self, role: str) -> list[str]:
        """What stands on the page under a role, as a screen reader says it."""
        found = (re.search(rf'<p class="[^"]*" role="{role}">(.*?)</p>', body) for body in self.html())
        return [html.unescape(each[1]) for each in found if each]

    # How

    def _find(self, key: str) -> Drawn:
        found = [each for each in self._drawn.values() if each.key == key]
        if len(found) != 1:
            raise RuntimeError(f"{len(found)} widgets {key!r} on {self._url}; alerts: {self.sentences('alert')}")
        return found[0]

    async def _set(self, key: str, kind: str, value: Any) -> None:
        widget = self._find(key)
        self._values[widget.widget] = kind, value
        await self._send(widget)

    async def _send(self, widget: Drawn | None = None, *, again: bool = False, **once: Any) -> None:
        """Ask for a run with all widgets as they are now, as a browser does; a trigger is sent once."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_script_hash = self._query, self._page_hash
        asked.page_name = "" if self._page_hash else self._page_name
        asked.context_info.url = self._url
        asked.fragment_id = self._again if again else widget.fragment if widget else ""
        asked.is_auto_rerun = again
        values = [(name, kind, value) for name, (kind, value) in self._values.items()]
        values += [(widget.widget, kind, value) for kind, value in once.items()] if widget else []
        for name, kind, value in values:
            state = asked.widget_states.widgets.add()
            state.id = name
            setattr(state, kind, value)
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE):
            await self._until_drawn()

    async def _until_drawn(self) -> None:
        while True:
            message = ForwardMsg.FromString(await self._socket.recv())
            match message.WhichOneof("type"):
                case "new_session":
                    self._run = message.metadata.run.script_run_id
                case "navigation":
                    self._page_hash = message.navigation.page_script_hash
                case "auto_rerun":
                    self._again = message.auto_rerun.fragment_id
                case "page_not_found":
                    self.errors.append(f"no page {message.page_not_found.page_name}")
                case "delta":
                    self._draw(message)
                case "script_finished":
                    if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                        self.errors.append("a script does not compile")
                    if message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                        self._sweep(list(message.metadata.run.fragment_ids))
                        return

    def _draw(self, message: ForwardMsg) -> None:
        delta = message.delta
        kind = delta.WhichOneof("type")
        if kind not in {"new_element", "add_block"}:
            return
        holder = getattr(delta, kind)
        name = holder.WhichOneof("type")
        part = getattr(holder, name) if name else None
        place = tuple(message.metadata.delta_path)
        self._drawn[place] = drawn = Drawn(part, message.metadata.run.script_run_id or self._run, delta.fragment_id)
        if name == "exception":
            self.errors.append(f"{part.type}: {part.message}")
        elif name == "text_input" and part.set_value:
            self._values[drawn.widget] = "string_value", part.value
        elif name == "selectbox" and part.set_value:
            self._values.pop(drawn.widget, None)
            if part.HasField("raw_value"):
                self._values[drawn.widget] = "string_value", part.raw_value

    def _sweep(self, fragments: list[str]) -> None:
        """Forget what the run that is over did not draw again."""
        self._drawn = {
            place: each
            for place, each in self._drawn.items()
            if each.run == self._run or (fragments and each.fragment not in fragments)
        }
        there = {each.widget for each in self._drawn.values()}
        self._values = {name: value for name, value in self._values.items() if name in there}
