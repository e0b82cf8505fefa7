"""Twenty people who save, share and open links for a minute, half of them one plan against each other.

    python perf/bench_keeping.py

Every session is a real one (see `tabs`). It keeps a plan of its own through the Save menu, then changes its base or
its weights and saves a version more, again and again; every third turn it makes a link through the Share menu and opens
one of anybody's as a new visitor. Every second session also takes one common plan in hand in every turn and saves that,
so that others are often quicker; then it saves its own after theirs. At the end everybody opens the same link at once.

Afterwards the database is opened beside the program and everything that a page confirmed is looked for in it. Goals:
nothing lost, nothing twice, no error. Times are for information.
"""

from __future__ import annotations

import asyncio
import random
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from serving import ROOT, quantile, served
from tabs import Tab

from compplan import formats, templates
from compplan.access import LOCAL
from compplan.cost import Assumptions, cost, headcount, schedule
from compplan.plan import Plan
from compplan.plan.edits import set_weights
from compplan.plan.links import encode
from compplan.store import AuditEvent, Scenario, Store
from compplan.ui.cost.session import DEFAULT_HEADCOUNT
from compplan.ui.session import FIRST_TEMPLATE

SESSIONS = 20
MINUTE = 60  # seconds
PAUSE = 3.0  # seconds from the beginning of one turn to that of the next, where the server lets it be
COMMON = "Everybody's"


@dataclass(frozen=True)
class Saved:
    """What a page said that it saved."""

    name: str
    number: int
    plan: Plan


@dataclass(eq=False)
class Link:
    """A link to what was saved, and how often it was opened."""

    saved: Saved
    token: str
    opened: int = 0


@dataclass
class Book:
    """What happened, as the visitors saw it."""

    saves: list[Saved] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pages: list[tuple[Link, str]] = field(default_factory=list)
    seconds: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    conflicts: int = 0
    errors: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, what: str) -> Iterator[None]:
        """Note how long something takes."""
        began = time.perf_counter()
        yield
        self.seconds[what].append(time.perf_counter() - began)


class Person:
    """One visitor with a designer open."""

    def __init__(self, address: str, place: int, book: Book) -> None:
        self.address, self.place, self.book = address, place, book
        self.name = f"Plan {place}"
        # A plan of its own, so that nobody is served what was computed for another
        self.base = 60_000 + 2_000 * place
        self.plan = templates.load(FIRST_TEMPLATE).edit({"pay.base": self.base})
        self.chance = random.Random(place)

    async def live(self, until: float) -> None:
        """Save a plan of one's own, then go on until the minute is over."""
        async with Tab.open(self.address, query=f"plan={encode(self.plan)}") as tab:
            self.tab = tab
            await tab.menu("save", open=True)
            await tab.type("save.name", self.name)
            await self._save("save.new", self.name, self.plan, 1)
            turn = 0
            while time.perf_counter() < until:
                turn, began = turn + 1, time.perf_counter()
                await self._own(turn)
                if self.place % 2:
                    await self._common(turn)
                if turn % 3 == 1:
                    await self._share()
                    await self._read(self.chance.choice(self.book.links))
                await asyncio.sleep(max(0.0, PAUSE - (time.perf_counter() - began)))
            self.book.errors += tab.errors

    async def _own(self, turn: int) -> None:
        """Change one's own plan and save it."""
        if turn % 2:
            grr = 40 + turn % 39
            weights = {"grr": grr, "expansion_arr": 80 - grr, "csat_top_box": 20}
            self.plan = set_weights(self.plan, weights)
            await self.tab.slide("weights", weights, turn)
        else:
            self.plan = self.plan.edit({"pay.base": self.base + turn})
            await self.tab.type("pay.base", f"{self.base + turn:,}")
        await self.tab.menu("save", open=True)
        await self.tab.type("save.note", f"Turn {turn}")
        await self._save("save.version", self.name, self.plan, turn + 1)

    async def _common(self, turn: int) -> None:
        """Take the common plan in hand, change and save it, after others if they were quicker; then back."""
        await self._take(COMMON)
        base = 100_000 + 1_000 * self.place + turn
        plan = templates.load(FIRST_TEMPLATE).edit({"pay.base": base})
        await self.tab.type("pay.base", f"{base:,}")
        await self.tab.menu("save", open=True)
        await self._save("save.version", COMMON, plan)
        await self._take(self.name)
        if not any(f"<span>version {turn + 1}</span>" in body for body in self.tab.html()):
            self.book.errors.append(f"{self.name} was not taken up at version {turn + 1}")

    async def _take(self, name: str) -> None:
        await self.tab.menu("open", open=True)
        await self.tab.choose("saved", f"{name} · ")
        await self.tab.menu("open", open=False)

    async def _save(self, button: str, name: str, plan: Plan, expected: int | None = None) -> None:
        """Press a button of the open menu until the page says what was saved, and shut the menu."""
        theirs = None
        while True:
            with self.book.timed("a save"):
                await self.tab.press(button)
            if not self.tab.shows("conflict.mine"):
                break
            button = "conflict.mine"
            theirs = int(self.tab.label(button).rpartition(" ")[2])
            self.book.conflicts += 1
        told = [re.fullmatch(rf"Saved: {name}, version (\d+)\.", text) for text in self.tab.sentences("status")]
        numbers = [int(each[1]) for each in told if each]
        if len(numbers) != 1 or numbers[0] != (expected or (theirs + 1 if theirs else numbers[0])):
            self.book.errors.append(f"{name}: {numbers} saved, {expected} expected; {self.tab.sentences('alert')}")
        self.book.saves += [Saved(name, number, plan) for number in numbers]
        await self.tab.menu("save", open=False)

    async def _share(self) -> None:
        """Make a link to what was saved last."""
        beginning = f"{self.address}/finance?share="
        await self.tab.menu("share", open=True)
        with self.book.timed("a link made"):
            await self.tab.press("share.make")
        token = self.tab.code(beginning).removeprefix(beginning)
        saved = next(each for each in reversed(self.book.saves) if each.name == self.name)
        if token:
            self.book.links.append(Link(saved, token))
        else:
            self.book.errors.append(f"{self.name}: no link; {self.tab.sentences('alert')}")
        await self.tab.menu("share", open=False)

    async def _read(self, link: Link) -> None:
        await read(self.address, link, self.book)


async def read(address: str, link: Link, book: Book) -> None:
    """Open a link as somebody who was sent it, and stay until the page asks whether the link is still open."""
    began = time.perf_counter()
    async with Tab.open(address, "finance", f"share={link.token}") as tab:
        book.seconds["a page with a link"].append(time.perf_counter() - began)
        link.opened += 1
        book.pages.append((link, "".join(tab.html())))
        await tab.look_again()
        book.errors += tab.errors + tab.sentences("alert")


async def crowd(address: str, book: Book) -> None:
    """All sessions, started over one second; then everybody opens one link at once."""
    until = time.perf_counter() + MINUTE

    async def begin(place: int) -> None:
        await asyncio.sleep(place / SESSIONS)
        await Person(address, place, book).live(until)

    await asyncio.gather(*(begin(place) for place in range(SESSIONS)))
    await asyncio.gather(*(read(address, book.links[-1], book) for _ in range(SESSIONS)))


# What the database says


def figures(plan: Plan) -> list[str]:
    """What the page of a link must show: the plan itself, its cost at target and expected, and each month's."""
    who, assumed = headcount(plan, DEFAULT_HEADCOUNT), Assumptions.for_plan(plan)
    report, months = cost(plan, who, assumed), schedule(plan, who, assumed).months
    told = [formats.brief_money(x, plan.currency) for x in (report.at_target.loaded, report.expected.cost.loaded)]
    told = [f"<b>{text}</b>" for text in told]
    told += [f"<td>{formats.money(x, plan.currency)}</td>" for x in months["total_cost"]]
    return [f'data-plan="{plan.hash[:12]}"', *told]


def wrong_pages(book: Book) -> list[str]:
    """Pages of links that do not show what the library says of the saved plan."""
    wanted = {id(link): figures(link.saved.plan) for link, _ in book.pages}
    return [
        f"the page of {link.saved.name}, version {link.saved.number} lacks {missing}"
        for link, page in book.pages
        if (missing := [text for text in wanted[id(link)] if text not in page])
    ]


def whole_trail(store: Store) -> list[AuditEvent]:
    """Every line of the trail."""
    lines: list[AuditEvent] = []
    while more := store.audit_log(by=LOCAL, limit=1000, before=lines[-1].id if lines else None):
        lines += more
    return lines


def lost(book: Book, store: Store) -> list[str]:
    """What was confirmed and is not there, what is there and was not confirmed, and what was counted wrongly."""
    faults: list[str] = []
    lines = Counter((each.event, each.scenario_id, each.version, each.link_id) for each in whole_trail(store))
    confirmed = {(each.name, each.number): each.plan.hash for each in book.saves}
    if len(confirmed) != len(book.saves):
        faults.append("a version was confirmed twice")
    scenarios = store.scenarios(by=LOCAL)
    if len({each.name for each in scenarios}) != len(scenarios):
        faults.append("a plan was created twice")
    kept: dict[tuple[str, int], str] = {}
    for scenario in scenarios:
        versions = store.versions(scenario.id, by=LOCAL)
        if [each.number for each in versions] != list(range(len(versions), 0, -1)):
            faults.append(f"{scenario.name}: versions {[each.number for each in versions]}")
        kept |= {(scenario.name, each.number): each.plan.hash for each in versions}
        wanted = Counter({("saved", scenario.id, each.number, None): 1 for each in versions})
        wanted += _links(book, store, scenario, faults)
        there = Counter({key: count for key, count in lines.items() if key[1] == scenario.id})
        faults += [f"{scenario.name}: trail {key}, {there[key]} for {wanted[key]}" for key in wanted | there
                   if there[key] != wanted[key]]  # fmt: skip
        lines -= there
    faults += [f"{key}: confirmed {confirmed.get(key)}, kept {kept.get(key)}" for key in confirmed | kept
               if confirmed.get(key) != kept.get(key)]  # fmt: skip
    return faults + [f"trail: {key}" for key in lines]


def _links(book: Book, store: Store, scenario: Scenario, faults: list[str]) -> Counter[tuple[str, str, int, str]]:
    """The trail that the links of a plan must have left; faults are added where they were counted differently."""
    mine = [each for each in book.links if each.saved.name == scenario.name]
    found = store.links(scenario.id, by=LOCAL)
    told, kept = sorted((each.saved.number, each.opened) for each in mine), sorted((e.version, e.opened) for e in found)
    if told != kept:
        faults.append(f"{scenario.name}: links opened {told}, counted {kept}")
    lines = Counter({("opened", scenario.id, each.version, each.id): each.opened for each in found})
    return lines + Counter({("shared", scenario.id, each.version, each.id): 1 for each in found})


def main() -> None:
    book = Book()
    with tempfile.TemporaryDirectory() as folder:
        url, log = f"sqlite:///{folder}/plans.db", Path(folder) / "server.log"
        plan = templates.load(FIRST_TEMPLATE).edit({"pay.base": 99_999})
        with Store.open(url) as store:
            book.saves.append(Saved(COMMON, store.create(plan, name=COMMON, by=LOCAL).number, plan))
        with served(ROOT / "app.py", "/readyz", environment={"COMPPLAN_DATABASE_URL": url}, log=log) as address:
            asyncio.run(crowd(address, book))
        said = log.read_text("utf-8")
        book.errors += re.findall(r"^.*(?:Traceback|Error|Not ready|cannot be kept).*$", said, re.MULTILINE)
        with Store.open(url) as store:
            wrong = lost(book, store) + wrong_pages(book)
    print(f"{SESSIONS} sessions for {MINUTE} s: {len(book.saves)} saves, {len(book.links)} links made, "
          f"{len(book.pages)} pages with a link, {book.conflicts} conflicts")  # fmt: skip
    for what, times in sorted(book.seconds.items()):
        p50, p95 = (1000 * quantile(times, q) for q in (0.5, 0.95))
        print(f"  {what + ', to the end of the run':<42} p50 {p50:5.0f} ms, p95 {p95:5.0f} ms   for information")
    for what, faults in (("lost or wrong", wrong), ("errors", book.errors)):
        print(f"  {what}: {len(faults)} (goal 0)")
        for fault in faults[:10]:
            print(f"    {fault}")
    if wrong or book.errors:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
