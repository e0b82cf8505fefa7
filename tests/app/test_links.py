"""Links from anywhere: two hundred that must not open, each refused with one sentence, in little time and memory."""

from __future__ import annotations

import base64
import copy
import html
import json
import random
import string
import time
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any

import pytest

from compplan import templates
from compplan.errors import LinkError
from compplan.plan import Plan
from compplan.plan.links import LONGEST, decode, encode

FIRST = "knowup-csat-weighted"
ALPHABET = string.ascii_letters + string.digits + "-_"
# What a link opens that holds nothing but letters of a link; the version is the newest
VERSION = encode(templates.load(FIRST)).split(".", maxsplit=1)[0]
PLAIN: dict[str, Any] = templates.load(FIRST).to_dict()
GOOD = json.dumps(PLAIN)


def packed(link: str) -> bytes:
    body = link.partition(".")[2]
    return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))


def link_of(raw: bytes, version: str = VERSION) -> str:
    return f"{version}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"


# Raw, as zlib does it, and as gzip does it: whichever the links of this version are, the text inside is hostile.
FORMS = {"raw": -15, "zlib": 15, "gzip": 31}


def pack(text: str | bytes, bits: int) -> str:
    raw = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    return link_of(packer.compress(raw) + packer.flush())


def _form() -> int:
    """The form in which links of this version are packed."""
    for bits in FORMS.values():
        try:
            if zlib.decompress(packed(encode(templates.load(FIRST))), bits).startswith(b"{"):
                return bits
        except zlib.error:
            continue
    raise AssertionError("links are packed in a way that these tests do not know")


FORM = _form()


def changed(**changes: Any) -> str:
    return json.dumps(copy.deepcopy(PLAIN) | changes)


def component(**changes: Any) -> str:
    data = copy.deepcopy(PLAIN)
    data["components"][0] |= changes
    return json.dumps(data)


TEXTS: dict[str, str | bytes] = {
    # numbers that are none
    "1e400": GOOD.replace("85000", "1e400"),
    "minus 1e400": GOOD.replace("0.92", "-1e400"),
    "NaN": GOOD.replace("85000", "NaN"),
    "Infinity": GOOD.replace("85000", "Infinity"),
    "minus Infinity": GOOD.replace("0.85,", "-Infinity,"),
    "400 digits": GOOD.replace("85000", "1" + "0" * 400),
    "4000 digits": GOOD.replace("85000", "9" * 4000),
    "5000 digits": GOOD.replace("85000", "9" * 5000),
    "100,000 digits": GOOD.replace("85000", "7" * 100_000),
    "1e308": GOOD.replace("85000", "1e308"),
    "negative pay": GOOD.replace("85000", "-1"),
    "a hexadecimal": GOOD.replace("85000", "0x10"),
    "a leading zero": GOOD.replace("85000", "085000"),
    # structure
    "deep lists": "[" * 100_000,
    "deep lists, closed": "[" * 50_000 + "]" * 50_000,
    "deep mappings": '{"a":' * 30_000,
    "deep inside": GOOD.replace("85000", "[" * 900 + "]" * 900),
    "deep curve": component(curve={"kind": {"kind": {"kind": "goal"}}}),
    "10,000 components": changed(components=[{}] * 10_000),
    "10,000 gates": changed(gates=[{}] * 10_000),
    "10,000 points": component(curve={"kind": "linear", "points": [[1, 1]] * 10_000}),
    "10,000 keys in components": changed(components=[{f"k{i}": 1 for i in range(20)}] * 500),
    "10,000 keys": changed(**{f"k{i}": 1 for i in range(10_000)}),
    "10,000 measures": changed(measures={f"m{i}": {} for i in range(10_000)}),
    "10,000 assumed": changed(about={"assumed": ["pay"] * 10_000}),
    "a long key": changed(**{"k" * 100_000: 1}),
    "a long name": changed(name="x" * 100_000),
    "a long note": changed(about={"note": "x" * 100_000}),
    "a repeated key": GOOD.replace('"role": "csm"', '"role": "csm", "role": "csm"'),
    "a repeated key, long": '{"' + "k" * 9000 + '": 1, "' + "k" * 9000 + '": 1}',
    "a repeated key with a line break": '{"a\\nb": 1, "a\\nb": 1}',
    "a repeated key inside": GOOD.replace('"base": 85000', '"base": 85000, "base": 1'),
    "two plans": GOOD + GOOD,
    "a comment": "// a plan\n" + GOOD,
    "YAML": templates.text(FIRST),
    "an alias bomb": "a: &a [x]\nb: &b [*a,*a]\nc: [*b,*b]\n",
    "nothing": "",
    "space": "  \n\t ",
    "a zero byte": "\0",
    "zero bytes": b"\0" * 4096,
    "zero bytes before": "\0" + GOOD,
    "not UTF-8": b"\xff\xfe" + GOOD.encode(),
    "UTF-16": GOOD.encode("utf-16"),
    "Latin-1": changed(name="Zoë").encode("latin-1").replace(b"\\u00eb", b"\xeb"),
    "a byte order mark": "\ufeff" + GOOD,
    "half a pair of surrogates": GOOD.replace('"csm"', '"\\ud800"'),
    "half a pair in a key": GOOD.replace('"role"', '"\\ud800"'),
    # JSON that is no plan
    **{f"only {text}": text for text in ("null", "true", "1", '"plan"', "[]", "{}", "[{}]", '{"plan": 1}', "-0.0")},
    # wrong types
    **{
        f"{key} is {json.dumps(value)}": changed(**{key: value})
        for key in ("name", "pay", "components", "currency")
        for value in (None, 7, True, [None], {"a": 1})
    },
    "text for a number": GOOD.replace("85000", '"85000"'),
    "true for a number": GOOD.replace("85000", "true"),
    "text in a point": component(curve={"kind": "linear", "points": [["0.9", 1.0]]}),
    "three numbers in a point": component(curve={"kind": "linear", "points": [[0.9, 1.0, 1.0]]}),
    "a curve without a kind": component(curve={"points": [[0.9, 1.0]]}),
    "a curve of no kind": component(curve={"kind": "__class__", "points": [[0.9, 1.0]]}),
    "a date that is none": changed(effective={"from": "2026-02-30"}),
    "a date of digits": changed(effective={"from": "9" * 4000}),
    # wrong values
    "format 0": changed(compplan=0),
    "format 2": changed(compplan=2),
    "format as text": changed(compplan="1"),
    "an unknown key": changed(discount=1),
    "an unknown key with a line break": changed(**{"a\nb": 1}),
    "an unknown key that runs backwards": changed(**{"\u202egnol": 1}),
    "an unknown key of markup": changed(**{"<img src=x onerror=alert(1)>": 1}),
    "__proto__": changed(__proto__={"x": 1}),
    "__class__": changed(__class__="Plan"),
    "an unknown role": changed(role="pirate"),
    "an unknown measure": component(measure="happiness"),
    "a measure with a path": component(measure="../../etc/passwd"),
    "a currency of no country": changed(currency="ZZZ"),
    "an empty name": changed(name="   "),
    "weights of 0.95": component(weight=0.40),
    "weights of 1 + 1e-6": component(weight=0.450001),
    "a weight of -0.1": component(weight=-0.1),
    "no components": changed(components=[]),
    "a curve that goes down": component(curve={"kind": "linear", "points": [[0.8, 1.0], [0.9, 0.5]]}),
    "a gate that covers nobody": changed(
        gates=[{"measure": "grr", "at_least": 0.9, "otherwise": {"factor": 0}, "covers": []}]
    ),
    "a gate on nobody": changed(gates=[{"measure": "x", "at_least": 0.9, "otherwise": {"factor": 0}}]),
    "a season of 1e12": changed(seasonality=[1e12, 1, 1, 1]),
    "a season of three": changed(seasonality=[0.3, 0.3, 0.4]),
    "a target of 150% retention": component(target=1.5),
    "an assumed place that is none": changed(about={"assumed": ["[[[["]}),
}  # fmt: skip


def hostile_links() -> Iterator[tuple[str, str]]:
    """Links by name; the same ones in every run."""
    rng = random.Random(20)
    goods = [encode(templates.load(key)) for key in templates.keys()]  # noqa: SIM118
    good = goods[0]

    for name, text in TEXTS.items():
        yield name, pack(text, FORM)
    for name, bits in FORMS.items():
        if bits != FORM:
            yield f"packed as {name}", pack(GOOD, bits)

    yield "empty", ""
    yield "only the version", VERSION
    yield "version and dot", f"{VERSION}."
    yield "only a dot", "."
    for version in ("v0", "v2", "v99", "v9999", "v99999", "V1", "v", "v-1", "v1.0", "1", "", "v\u0661", "v 1", "v1\0"):
        yield f"version {version!r}", f"{version}.{good.partition('.')[2]}"
    yield "9,000 characters", good + "A" * (9_000 - len(good))
    yield "9,000 dots", "." * 9_000
    yield "a million characters", f"{VERSION}." + "A" * 1_000_000
    yield "one character too many", f"{VERSION}." + "A" * (LONGEST - len(VERSION))
    for name, text in {"space": " ", "plus": "+", "slash": "/", "percent": "%", "zero byte": "\0", "é": "é"}.items():
        yield f"{name} inside", good[:40] + text + good[41:]
    yield "a line break at the end", good + "\n"
    yield "a script", f"{VERSION}.<script>alert(1)</script>"
    yield "an address", "https://pay.example/?plan=" + good
    yield "the file, not packed", GOOD
    yield "base64 of the file", link_of(GOOD.encode())
    for size in (1_000_000, 5_000_000):
        yield f"a bomb of {size:,} zero bytes", pack(b"\0" * size, FORM)
        yield f"a bomb of {size:,} spaces", pack(" " * size + GOOD, FORM)
    yield "a bomb behind a plan", pack(GOOD + " " * 5_000_000, FORM)

    for turn in range(25):
        yield f"random bytes {turn}", link_of(rng.randbytes(rng.randrange(1, 600)))
    for turn in range(10):
        yield f"random letters {turn}", "".join(rng.choices(string.printable, k=rng.randrange(1, 300)))
    for turn in range(20):
        whole = rng.choice(goods)
        yield f"truncated {turn}", whole[: rng.randrange(4, len(whole) - 1)]
    for turn in range(10):
        whole = rng.choice(goods)
        yield f"extended {turn}", whole + "".join(rng.choices(ALPHABET, k=rng.randrange(4, 40)))
    for turn in range(30):
        raw = bytearray(packed(rng.choice(goods)))
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        yield f"one bit flipped {turn}", link_of(bytes(raw))


LINKS = dict(hostile_links())


def test_there_are_two_hundred_hostile_links() -> None:
    assert len(LINKS) >= 200
    assert len(set(LINKS.values())) == len(LINKS)
    assert dict(hostile_links()) == LINKS, "the same ones in every run"
    bombs = [link for name, link in LINKS.items() if "bomb of" in name]
    assert bombs
    assert all(len(link) < LONGEST for link in bombs), "a bomb is refused for what it holds, not for its length"


@pytest.mark.parametrize("name", LINKS)
def test_hostile_link_is_refused_with_one_sentence(name: str) -> None:
    link = LINKS[name]
    tracemalloc.start()
    begun = time.process_time()
    try:
        with pytest.raises(LinkError) as refused:
            decode(link)
        spent, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    (problem,) = refused.value.problems
    said = str(refused.value)
    assert said == str(problem)
    assert said.startswith(("This link ", "The plan in this link "))
    assert said.rstrip(")")[-1] in ".?" or said.endswith("more)")
    assert said.isprintable(), "nothing in it breaks the line or turns the text round"
    assert len(said) <= 400
    # Limits that no machine under load comes near, and a bomb would pass by far.
    assert spent < 2
    assert peak < 64e6


@pytest.mark.parametrize("name", [name for name in LINKS if "bomb of" in name])
def test_decompression_bomb_uses_no_more_memory_than_a_plan_may(name: str) -> None:
    link = LINKS[name]
    tracemalloc.start()
    try:
        with pytest.raises(LinkError, match="unpacks to more data than a plan"):
            decode(link)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1e6


def test_damaged_link_never_opens_another_plan() -> None:
    """One character read or typed wrong must not give a plan with other numbers."""
    rng = random.Random(21)
    opened = []
    for key in templates.keys():  # noqa: SIM118
        link, plan = encode(templates.load(key)), templates.load(key)
        for _ in range(60):
            at = rng.randrange(len(VERSION) + 1, len(link))
            wrong = link[:at] + rng.choice(ALPHABET.replace(link[at], "")) + link[at + 1 :]
            try:
                found = decode(wrong)
            except LinkError:
                continue
            # The last character may differ in bits that stand for nothing.
            if found != plan:
                opened.append((key, at, found.name))
    assert opened == []


@pytest.mark.parametrize("key", templates.keys())
def test_plan_link_opens_the_same_plan(key: str) -> None:
    plan = templates.load(key)
    link = encode(plan)
    assert len(link) <= LONGEST
    assert decode(link) == plan
    assert decode(link).to_json() == plan.to_json()
    assert encode(decode(link)) == link


def test_plan_too_large_for_a_link_shows_a_message() -> None:
    rng = random.Random(22)
    noise = ["".join(rng.choices(string.ascii_letters, k=200)) for _ in range(60)]
    plan = Plan.from_dict(PLAIN | {"about": {"note": " ".join(noise)[:4000]}, "name": "Fits"})
    assert decode(encode(plan)) == plan
    own = {"unit": "score", "kind": "level", "better": "more"}
    large = plan.edit({"measures": {f"own_{i}": own | {"name": name[:80]} for i, name in enumerate(noise[:50])}})
    large = large.edit({"kickers": [{"name": n[100:], "measure": "advocacy", "per_unit": 1} for n in noise[:50]]})
    with pytest.raises(
        LinkError, match=r"too large for a link \([\d,]+ of 8,000 characters\)\. Share the plan file instead\.$"
    ):
        encode(large)


PAGE_LINKS = [
    "1e400", "NaN", "deep lists", "10,000 components", "a repeated key", "an unknown key of markup", "only null",
    "half a pair in a key", "weights of 0.95", "empty", "version 'v0'", "version 'v99'", "9,000 characters",
    "a bomb of 5,000,000 zero bytes", "random bytes 0", "truncated 0", "a script", "zero byte inside",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGE_LINKS)
def test_hostile_link_shows_an_error_on_a_working_page(open_page: Any, name: str) -> None:
    with pytest.raises(LinkError) as refused:
        decode(LINKS[name])
    page = open_page(plan=LINKS[name])
    assert page.warnings == [capitalized(str(refused.value))]
    assert page.plan == templates.load(FIRST)
    assert page.figures["OTE"][0] == "$105k"
    page.enter("pay.base", "90k")
    assert page.figures["OTE"][0] == "$110k"
    assert page.table()[-1] == ["Total pay", "$110,000.00"]


def test_valid_link_opens_after_an_invalid_one(open_page: Any) -> None:
    page = open_page(plan=LINKS["NaN"])
    assert page.warnings != []
    page.at.query_params["plan"] = encode(templates.load("flowfuse-csm"))
    page.run()
    assert page.warnings == []
    assert page.plan == templates.load("flowfuse-csm")


def capitalized(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


@pytest.mark.parametrize("name", ["review", "capacity", "benchmarks", "saved", "cost"])
def test_share_link_opens_on_every_page(open_page: Any, name: str) -> None:
    page = open_page().at
    page.query_params["plan"] = LINKS["NaN"]
    page.switch_page(f"../../../pages/{name}.py").run()
    with pytest.raises(LinkError) as refused:
        decode(LINKS["NaN"])
    assert list(page.exception) == []
    told = [one.proto.body for one in page.get("html") if "cp-broken" in one.proto.body]
    assert [html.unescape(body) for body in told] == [
        f'<p class="cp-problem cp-broken" role="alert">{capitalized(str(refused.value))}</p>'
    ]
    page.query_params["plan"] = encode(templates.load("flowfuse-csm"))
    page.run()
    assert not any("cp-broken" in one.proto.body for one in page.get("html"))
    assert page.session_state["compplan.edit_session"].plan == templates.load("flowfuse-csm")
