"""Twenty people on the designer at once, each moving a weight once a second.

    python perf/bench_sessions.py

Every session is a real one (a websocket that speaks Streamlit's own messages), and moves a weight as the browser does:
it asks for the picture of the move, then commits the gesture to the session. Measured are both answers, from the
request to the last message of the run. Goals: server p50 at most 100 ms for each, and nothing lost: every picture and
every committed plan is checked against the library.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import websockets
from serving import ROOT, quantile, served
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from compplan import formats, templates
from compplan.outcomes import overview
from compplan.plan import Plan
from compplan.plan.edits import set_weights
from compplan.plan.links import encode
from compplan.ui.session import FIRST_TEMPLATE

SESSIONS, MOVES = 20, 15


def wanted(plan: Plan, grr: int) -> str:
    """The likely pay that the page must show for a weight of GRR."""
    plan = set_weights(plan, {"grr": grr, "expansion_arr": 80 - grr, "csat_top_box": 20})
    return formats.brief_money(overview(plan).cash_likely, plan.currency)


class Session:
    """One visitor."""

    def __init__(self, address: str, place: int) -> None:
        self.address = address
        # A plan of its own, so that nobody is served what was computed for another
        self.plan = templates.load(FIRST_TEMPLATE).edit({"pay.base": 80_000 + 1_000 * place})
        self.view: dict[str, Any] = {}
        self.sliders = ""
        self.rev = 0
        self.figures = ""
        self.pictures: list[float] = []
        self.commits: list[float] = []
        self.lost = 0

    async def live(self) -> None:
        """Open the page, then move once a second."""
        url = f"ws://{urlsplit(self.address).netloc}/_stcore/stream"
        async with websockets.connect(url, subprotocols=["streamlit"], origin=self.address, max_size=None) as socket:
            first = BackMsg()
            first.rerun_script.query_string = f"plan={encode(self.plan)}"
            await socket.send(first.SerializeToString())
            await self._run(socket)
            for move in range(MOVES):
                began = time.perf_counter()
                await self._move(socket, 40 + (move * 3) % 20, move + 1)
                await asyncio.sleep(max(0.0, 1.0 - (time.perf_counter() - began)))

    async def _move(self, socket: Any, grr: int, count: int) -> None:
        weights = {"grr": grr, "expansion_arr": 80 - grr, "csat_top_box": 20}
        began = time.perf_counter()
        picture = await asyncio.to_thread(self._picture, weights)
        self.pictures.append(time.perf_counter() - began)
        self.lost += picture["cards"][2][0] != wanted(self.plan, grr)
        change = {"values": weights, "locks": dict.fromkeys(weights, False), "done": True, "rev": self.rev}
        change |= {"gesture": count, "seq": count}
        message = BackMsg()
        message.rerun_script.query_string = f"plan={encode(self.plan)}"
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.json_value = self.sliders, json.dumps({"change": change})
        began = time.perf_counter()
        await socket.send(message.SerializeToString())
        await self._run(socket)
        self.commits.append(time.perf_counter() - began)
        self.lost += wanted(self.plan, grr) not in self.figures

    def _picture(self, weights: dict[str, int]) -> dict[str, Any]:
        body = json.dumps({**self.view, "weights": weights}).encode()
        request = urllib.request.Request(f"{self.address}/live/picture", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    async def _run(self, socket: Any) -> None:
        """Take messages until the run of the script is over, and keep what it drew."""
        while True:
            message = ForwardMsg.FromString(await socket.recv())
            if message.WhichOneof("type") == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return
            element = message.delta.new_element
            if element.HasField("html") and "cp-figures" in element.html.body:
                self.figures = element.html.body
            if element.HasField("bidi_component"):
                component = element.bidi_component
                if component.id.endswith("-weights"):
                    self.sliders = component.id
                    self.rev = json.loads(_json(component))["rev"]
                elif component.id.endswith("-charts"):
                    self.view = json.loads(_json(component))["view"]


def _json(component: Any) -> str:
    """What the server told a component."""
    return component.mixed.json if component.HasField("mixed") else component.json


async def crowd(address: str) -> list[Session]:
    """All sessions, started over one second."""
    sessions = [Session(address, place) for place in range(SESSIONS)]

    async def begin(place: int) -> None:
        await asyncio.sleep(place / SESSIONS)
        await sessions[place].live()

    await asyncio.gather(*(begin(place) for place in range(SESSIONS)))
    return sessions


if __name__ == "__main__":
    with served(ROOT / "app.py", "/healthz") as address:
        visited = asyncio.run(crowd(address))
    for name in ("pictures", "commits"):
        times = [1000 * t for session in visited for t in getattr(session, name)]
        print(f"{SESSIONS} sessions, {name}: {len(times)} answers, p50 {quantile(times, 0.5):.0f} ms (goal 100), "
              f"p95 {quantile(times, 0.95):.0f} ms")  # fmt: skip
    print(f"lost or wrong: {sum(session.lost for session in visited)} of {2 * SESSIONS * MOVES} (goal 0)")
