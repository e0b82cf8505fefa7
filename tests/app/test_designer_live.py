"""The picture that a board asks for while a slider moves: the same as the page will show, and nothing for strangers."""

from __future__ import annotations

import html
import json
import math
import random
import re
from typing import Any

import pytest

from compplan import templates
from compplan.outcomes import illustrative_spreads
from compplan.payout import results_at
from compplan.ui.designer import live as picture

PLAN = templates.load("knowup-csat-weighted")


def view(key: str = "knowup-csat-weighted") -> dict[str, Any]:
    plan = templates.load(key)
    return picture.BoardView(plan, results_at(plan, 1.0)[0], illustrative_spreads(plan)).to_dict()


def ask(sent: Any) -> tuple[int, Any]:
    """Status and answer; the answer is always JSON that a browser can read, without NaN."""

    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    status, told = picture.answer(sent if isinstance(sent, bytes) else json.dumps(sent).encode())
    return status, json.loads(told, parse_constant=refuse)


LINE = r'<p class="cp-finding cp-is-(error|warning)"[^>]*><b>(.*?)</b> <span>(.*?)</span> <code>(.*?)</code>'


def on_page(page: Any) -> dict[str, Any]:
    """What the page shows of a picture."""
    return {
        "cards": [[now, f"was {was}" if was else "", told] for now, told, was in page.figures.values()],
        "warning": page.warning,
        "findings": [list(found) for body in page.html for found in re.findall(LINE, html.unescape(body))],
        "figures": page.component("charts")["figures"],
        "rev": page.component("charts")["rev"],
    }


def pictured(told: dict[str, Any]) -> dict[str, Any]:
    return told | {"cards": [card[:3] for card in told["cards"]]}


MOVES: list[dict[str, dict[str, float]]] = [
    {"weights": {"grr": 60, "expansion_arr": 20, "csat_top_box": 20}},
    {"weights": {"grr": 100, "expansion_arr": 0, "csat_top_box": 0}},
    {"moved": {"grr": 0.97, "expansion_arr": 100_000, "csat_top_box": 0.88}},
    {
        "weights": {"grr": 10, "expansion_arr": 80, "csat_top_box": 10},
        "moved": {"grr": 0.9, "expansion_arr": 430_000, "csat_top_box": 0.9},
    },
]


@pytest.mark.parametrize("move", MOVES)
def test_live_picture_matches_the_page_after_the_gesture(page: Any, move: dict[str, Any]) -> None:
    status, told = ask(page.component("charts")["view"] | move)
    assert status == 200
    if "weights" in move:
        page.weigh(**move["weights"])
    if "moved" in move:
        page.what_if(**move["moved"])
    assert pictured(told) == on_page(page)


def test_the_review_of_a_picture_follows_guide_and_context() -> None:
    plain, strict = ask(GOOD)[1], ask(GOOD | {"profile": "adoption_first"})[1]
    answered = ask(GOOD | {"context": {"measures": {"grr": {"available": False, "lag_days": 90}}}})[1]
    told = [picture["cards"][4] for picture in (plain, strict, answered)]
    assert told[0] == [
        "3 warnings",
        "",
        "Pay for GRR jumps by $4,500 a year at 85%, but the plan does not say how results are rounded",
        True,
        False,
    ]
    assert [card[0] for card in told[1:]] != ["3 warnings"] * 2
    assert [card[3:] for card in told] == [[True, False], [True, False], [False, True]], (
        "amber for warnings, red for errors"
    )
    assert [rule for *_, rule in plain["findings"]] == ["INT-11", "CUR-04", "CUR-04"]
    assert answered["findings"][0][0] == "error"
    assert len({plain["rev"], strict["rev"], answered["rev"]}) == 3
    assert plain["cards"][:4] == strict["cards"][:4] == answered["cards"][:4]
    assert plain["figures"] == strict["figures"]


def test_answers_about_unknown_components_are_ignored() -> None:
    stray = ask(GOOD | {"context": {"measures": {"nps": {"available": False}}}})
    assert stray[0] == 200
    assert stray[1]["cards"] == ask(GOOD)[1]["cards"]


def test_changed_plan_is_drawn_with_the_opened_one(page: Any) -> None:
    page.enter("pay.base", "90k")
    move = {"weights": {"grr": 60, "expansion_arr": 20, "csat_top_box": 20}}
    status, told = ask(page.component("charts")["view"] | move)
    page.weigh(**move["weights"])
    assert (status, pictured(told)) == (200, on_page(page))
    assert told["cards"][0][:2] == ["$110k", "was $105k"]


@pytest.mark.parametrize("key", templates.keys())
def test_view_of_every_template_survives_a_round_trip(key: str) -> None:
    sent = view(key)
    assert picture.read_view(json.loads(json.dumps(sent))).to_dict() == sent
    ids = list(templates.load(key).by_id)
    status, told = ask(sent | {"pair": ids[:2] if len(ids) > 1 else None})
    assert status == 200
    assert len(told["cards"]) == 5
    assert len(told["figures"]) == 3
    assert ask(sent | {"pair": ids[:2] if len(ids) > 1 else None}) == (status, told)


GOOD = view()
RESULTS = GOOD["results"]
HOSTILE: dict[str, Any] = {
    "nothing": b"",
    "zero bytes": b"\0" * 4096,
    "not UTF-8": b"\xff\xfe\xfd",
    "deep": b"[" * 60_000,
    "deep mappings": b'{"a":' * 10_000,
    "5000 digits": json.dumps(GOOD).replace("0.92", "9" * 5000).encode(),
    **{f"only {json.dumps(value)}": value for value in (None, True, 0, "", [], {}, [GOOD])},
    **{
        f"no {key}": {name: value for name, value in GOOD.items() if name != key}
        for key in ("plan", "results", "scatter")
    },
    "a plan that is no text": GOOD | {"plan": PLAN.to_dict()},
    "a plan that is no plan": GOOD | {"plan": "{}"},
    "a plan of 15,000 components": GOOD | {"plan": json.dumps(PLAN.to_dict() | {"components": [{}] * 15_000})},
    "half a pair of surrogates": GOOD | {"plan": "\ud800"},
    "a plan before that is none": GOOD | {"before": "[]"},
    "a plan before that is a number": GOOD | {"before": 7},
    "no results": GOOD | {"results": {}},
    "a missing result": GOOD | {"results": {"grr": 0.9}},
    "an unknown result": GOOD | {"results": RESULTS | {"nps": 1}},
    "a result that cannot be": GOOD | {"results": RESULTS | {"grr": -5}},
    "a result of text": GOOD | {"results": RESULTS | {"grr": "0.9"}},
    "a result of true": GOOD | {"results": RESULTS | {"grr": True}},
    "a result of NaN": GOOD | {"results": RESULTS | {"grr": math.nan}},
    "an infinite result": GOOD | {"results": RESULTS | {"expansion_arr": math.inf}},
    "a result past all bounds": GOOD | {"results": RESULTS | {"expansion_arr": 1e13}},
    "a result too large for a float": GOOD | {"results": RESULTS | {"expansion_arr": 10**400}},
    "results as a list": GOOD | {"results": [1, 2, 3]},
    "an unknown move": GOOD | {"moved": {"nps": 1}},
    "a move of NaN": GOOD | {"moved": {"grr": math.nan}},
    "moves as a list": GOOD | {"moved": [1]},
    "weights of 101": GOOD | {"weights": {"grr": 46, "expansion_arr": 35, "csat_top_box": 20}},
    "a negative weight": GOOD | {"weights": {"grr": -20, "expansion_arr": 100, "csat_top_box": 20}},
    "a weight of NaN": GOOD | {"weights": {"grr": math.nan, "expansion_arr": 35, "csat_top_box": 20}},
    "an unknown weight": GOOD | {"weights": {"grr": 45, "expansion_arr": 35, "nps": 20}},
    "a missing weight": GOOD | {"weights": {"grr": 65, "expansion_arr": 35}},
    "weights of text": GOOD | {"weights": "45/35/20"},
    "a scatter of nobody": GOOD | {"scatter": {"nps": 1}},
    "a scatter of NaN": GOOD | {"scatter": {"grr": math.nan}},
    "a guide that is none": GOOD | {"profile": "seldom"},
    "a guide of a list": GOOD | {"profile": ["commercial"]},
    "no guide": GOOD | {"profile": None},
    "a context of text": GOOD | {"context": "csm"},
    "a context of true": GOOD | {"context": True},
    "a context as a list": GOOD | {"context": [1]},
    "an unknown question": GOOD | {"context": {"team_sise": 4}},
    "an answer of NaN": GOOD | {"context": {"gross_margin": math.nan}},
    "an answer past all bounds": GOOD | {"context": {"team_size": 10**400}},
    "an answer of half a surrogate": GOOD | {"context": {"benchmark": {"source": "\ud800"}}},
    "an answer that is no day": GOOD | {"context": {"litmus": {"reviewed": "2026-99-99"}}},
    "measures that are none": GOOD | {"context": {"measures": None}},
    "a deep context": GOOD | {"context": {"book": {"a": {"b": {"c": {}}}}}},
    "a pair of one": GOOD | {"pair": ["grr", "grr"]},
    "a pair of strangers": GOOD | {"pair": ["grr", "nps"]},
    "a pair of three": GOOD | {"pair": ["grr", "expansion_arr", "csat_top_box"]},
    "a pair of mappings": GOOD | {"pair": [{}, []]},
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_view_is_refused(name: str) -> None:
    status, told = ask(HOSTILE[name])
    assert status in (400, 422)
    assert list(told) == ["error"]
    assert "Traceback" not in told["error"]
    assert len(told["error"]) < 2_000


def test_damaged_view_is_answered_or_refused() -> None:
    rng = random.Random(7)
    whole = json.dumps(GOOD).encode()
    statuses = set()
    for _ in range(300):
        body = bytearray(whole)
        for _ in range(rng.randrange(1, 4)):
            body[rng.randrange(len(body))] = rng.randrange(32, 127)
        statuses.add(ask(bytes(body[: rng.choice([len(body), rng.randrange(len(body))])]))[0])
    assert statuses <= {200, 400, 422}
    assert {400, 422} <= statuses
