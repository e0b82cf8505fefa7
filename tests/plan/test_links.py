"""Ten thousand links that nobody made: each is a sound plan or one sentence, never anything else."""

from __future__ import annotations

import base64
import json
import random
import string
import time
import zlib

import pytest
from support.soak import blocks

from compplan import templates
from compplan.errors import LinkError
from compplan.plan import Plan
from compplan.plan.links import LARGEST, LONGEST, decode, encode

LINKS = 10_000


def tampered(rng: random.Random, sound: list[str]) -> str:
    """A link changed in one of the ways in which links break, or are broken."""
    text = rng.choice(sound)
    place = rng.randrange(len(text))
    ways = (
        lambda: text[:place],
        lambda: text[:place] + rng.choice(string.printable) + text[place + 1 :],
        lambda: text[:place] + text[place + 1 :],
        lambda: text + rng.choice(string.printable) * rng.randrange(1, 20),
        lambda: "".join(rng.choices(string.printable, k=rng.randrange(1, 400))),
        lambda: "v1." + "".join(rng.choices(string.ascii_letters + string.digits + "-_", k=rng.randrange(1, 400))),
        lambda: f"v{rng.randrange(100_000)}." + text[3:],
        lambda: "v1." + packed(changed(rng, json.loads(decode(text).to_json()))),
        lambda: "v1." + packed("".join(chr(rng.randrange(1, 0x2FF)) for _ in range(rng.randrange(200)))),
        lambda: "v1." + text[3:][::-1],
        lambda: "".join(chr(rng.randrange(0x110000)) for _ in range(rng.randrange(1, 60))),
    )
    return rng.choice(ways)()


def packed(text: str) -> str:
    return base64.urlsafe_b64encode(zlib.compress(text.encode("utf-8", "surrogatepass"), 1)).decode().rstrip("=")


def changed(rng: random.Random, data: object) -> str:
    """A plan's data with something in it replaced by something else."""
    junk = [None, True, -1, 0, 1e308, "x", "=1+1", "\x00", [], {}, [[]], {"kind": "linear"}, 10**40, "NaN", "é" * 50]
    at = data
    while isinstance(at, dict | list) and at:
        key = rng.choice(list(at)) if isinstance(at, dict) else rng.randrange(len(at))
        if rng.random() < 0.4 or not isinstance(at[key], dict | list) or not at[key]:
            at[key] = rng.choice(junk)
            break
        at = at[key]
    return json.dumps(data)


@pytest.mark.parametrize("block", blocks(1))
def test_ten_thousand_random_links_never_crash(block: int) -> None:
    rng = random.Random(20261122 + block)
    sound = [encode(templates.load(key)) for key in templates.keys()]  # noqa: SIM118
    opened, slowest = 0, 0.0
    for _ in range(LINKS):
        link = tampered(rng, sound)
        began = time.perf_counter()
        try:
            plan = decode(link)
        except LinkError as error:
            (problem,) = error.problems
            assert problem.message.endswith((".", "?", ")"))
            assert len(problem.message) < 2_000
        else:
            opened += 1
            assert isinstance(plan, Plan)
            assert decode(encode(plan)) == plan
        slowest = max(slowest, time.perf_counter() - began)
    assert 0 < opened < LINKS / 4
    assert slowest < 2.0, "no link keeps the server busy"


def test_a_link_that_unpacks_to_too_much_data_is_refused() -> None:
    for size in (LARGEST + 1, 50_000_000):
        body = packed("0" * size)
        if len(body) + 3 > LONGEST:
            body = body[: LONGEST - 3]
        with pytest.raises(LinkError, match=r"more data than a plan|damaged"):
            decode("v1." + body)
