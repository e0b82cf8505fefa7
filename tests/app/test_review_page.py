"""The review page without a browser: it says what the library finds, mends what can be mended, keeps what is typed."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

import compplan.ui
from compplan import formats, templates
from compplan.measures import catalogue
from compplan.plan import Plan, files
from compplan.review import GUIDES, PROFILES, Context, Review, Settings, elements, review, rules
from compplan.review.profiles import guide
from compplan.ui.review import session
from compplan.ui.session import Hand

FRAME = Path(compplan.ui.__path__[0]) / "shell" / "frame.py"
FIRST = templates.load("knowup-csat-weighted")


def expected(plan: Plan, profile: Any = "commercial", context: Any = None) -> Review:
    """What the library says today."""
    return review(plan, Context.of(context), Settings(profile=profile), today=dt.datetime.now(dt.UTC).date())


class Desk:
    """A session on the review page."""

    def __init__(self, plan: Plan | None = None) -> None:
        self.at = AppTest.from_file(FRAME, default_timeout=60)
        self.at.run()
        if plan is not None:
            self.hand.open(plan, "file")
        self.at.switch_page("../../../pages/review.py")
        self.run()

    @property
    def hand(self) -> Hand:
        held: Hand = self.at.session_state["compplan.hand"]
        return held

    def run(self) -> Desk:
        self.at.run()
        assert [error.message for error in self.at.exception] == []
        return self

    def go(self, page: str) -> Desk:
        self.at.switch_page(f"../../../pages/{page}.py")
        return self.run()

    def tab(self, name: str) -> Desk:
        self.at.session_state["review.tab"] = name
        return self.run()

    def field(self, kind: str, path: str) -> Any:
        (found,) = [one for one in self.at.get(kind) if re.fullmatch(rf"(\d+\.)?{re.escape(path)}", one.key or "")]
        return found

    def enter(self, kind: str, path: str, value: Any) -> Desk:
        self.field(kind, path).set_value(value)
        return self.run()

    def press(self, label: str) -> Desk:
        """Press the first button of a name; names are Markdown with marks escaped."""
        found = next(b for b in self.at.button if re.sub(r"\\(.)", r"\1", b.label) == label)
        found.click()
        return self.run()

    def upload(self, name: str, content: bytes) -> Desk:
        self.at.file_uploader(key="review.context").upload(name, content)
        return self.run()

    @property
    def pieces(self) -> list[str]:
        return [element.proto.body for element in self.at.get("html")]

    @property
    def text(self) -> str:
        captions = (re.sub(r"\\(.)", r"\1", caption.value) for caption in self.at.caption)
        told = " ".join([*self.pieces, *captions])
        return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", told)))

    @property
    def figures(self) -> dict[str, str]:
        (body,) = [body for body in self.pieces if 'class="cp-figures"' in body]
        return dict(re.findall(r"<dt>(.*?)</dt><dd><b>(.*?)</b>", body))

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Rule and sentence of each finding that is shown."""
        shown = (
            re.search(r"</em> (.*?) <code>([A-Z]+-\d+)</code></h4>", body)
            for body in self.pieces
            if body.startswith("<article")
        )
        return [(found[2], html.unescape(found[1])) for found in shown if found]

    @property
    def problems(self) -> list[str]:
        shown = (re.search(r'<p class="cp-problem" role="alert">(.*?)</p>', body) for body in self.pieces)
        return [html.unescape(found[1]) for found in shown if found]


def agrees(desk: Desk, seen: Review) -> None:
    """The page says what a review says: grade, counts, questions, and each finding in its order."""
    assert desk.figures == {
        "Grade": seen.grade,
        "Errors": str(seen.counts["error"]),
        "Warnings": str(seen.counts["warning"]),
        "Notes": str(seen.counts["info"]),
        "Questions open": str(len(seen.unanswered)),
    }
    assert desk.findings == [(f.rule, f.message) for f in seen.findings]


@pytest.mark.parametrize("key", templates.keys())
def test_every_template_is_reviewed_as_the_library_reviews_it(key: str) -> None:
    plan = templates.load(key)
    desk, seen = Desk(plan), expected(plan)
    agrees(desk, seen)
    assert desk.hand.plan == plan, "a review changes nothing"
    offered = {re.sub(r"\\(.)", r"\1", b.label) for b in desk.at.button if (b.key or "").startswith("fix.")}
    assert offered == {f.fix.title for f in seen.findings if f.fix and seen.fix(f)}, "only fixes that hold are offered"


def test_a_finding_is_told_with_its_source_its_evidence_and_who_disagrees() -> None:
    desk = Desk(templates.load("knowup-csat-modifier"))
    seen = expected(desk.hand.plan)
    told = [f for f in seen.findings if f.dissent]
    assert told
    for finding in seen.findings:
        (card,) = {b for b in desk.pieces if f"{html.escape(finding.message)} <code>{finding.rule}</code></h4>" in b}
        assert html.escape(rules()[finding.rule].title) in card
        assert f"grade {finding.grade}, " in card
        assert finding.dissent in html.unescape(card)
        if finding.place and not finding.place.startswith("context"):
            assert card.count("<mark>") == 1, "one line of the plan is marked"
        assert ("Not legal, tax or accounting advice." in card) is bool(finding.as_of)


def test_a_rule_of_law_comes_with_its_day_and_is_no_advice() -> None:
    desk = Desk()
    for path, value in {"country": "US", "states": ["CA"], "law": {"signed": False}}.items():
        desk.hand.context = {**desk.hand.context, path: value}
    desk.run()
    seen = expected(FIRST, context=desk.hand.context)
    dated = [f for f in seen.findings if f.as_of]
    assert dated, "an unsigned plan in California is a finding of law"
    agrees(desk, seen)
    assert desk.text.count("Not legal, tax or accounting advice.") == len(dated)
    assert f"Facts of {dated[0].as_of}" in desk.text


def test_a_fix_is_one_press_and_one_step_back() -> None:
    desk = Desk()
    seen = expected(FIRST)
    finding = next(f for f in seen.findings if f.rule == "INT-11")
    fixed = seen.fix(finding)
    assert fixed is not None
    desk.press(fixed.fix.title)
    assert desk.hand.plan == fixed.plan
    agrees(desk, fixed.review)
    assert f"Done: {fixed.fix.title}." in desk.text
    assert "Clears INT-11. Raises nothing." in desk.text
    assert "Decimals of attainment none 4" in desk.text, "in words, not as a path"
    pays = formats.percent(fixed.review.at_target or 0.0, 1)
    assert re.search(rf"Pays at target .*{pays}", desk.text)

    desk.press("Undo this")
    assert desk.hand.plan == FIRST
    assert "Done:" not in desk.text
    agrees(desk, seen)
    assert not desk.hand.past

    # The head has it too, and the fix can come back.
    desk.at.button(key="redo").click()
    desk.run()
    assert desk.hand.plan == fixed.plan
    desk.at.button(key="undo").click()
    desk.run()
    assert desk.hand.plan == FIRST


def test_what_a_fix_clears_is_told_right_where_the_others_move_up() -> None:
    """With a component out, the places of the later ones change; their findings are neither cleared nor new."""
    plan = templates.load("totango-four-factors")
    desk, seen = Desk(plan), expected(plan)
    finding = next(f for f in seen.findings if f.rule == "DRU-11")
    assert finding.place == "components[1].measure", "others come after it"
    fixed = seen.fix(finding)
    assert fixed is not None
    desk.press(fixed.fix.title)
    was, now = Counter(f.rule for f in seen.findings), Counter(f.rule for f in fixed.review.findings)
    told = [", ".join(sorted(rules)) or "nothing" for rules in (was - now, now - was)]
    assert f"Clears {told[0]}. Raises {told[1]}." in desk.text
    assert "DRU-11" in told[0]


def test_the_grade_is_told_with_its_day_and_its_guide() -> None:
    desk, today = Desk(), dt.datetime.now(dt.UTC).date()
    assert (
        f"Grade C: more than two warnings, on {today.day} {today:%B %Y}, following KnowUp (2024). "
        "It says nothing of what is unanswered."
    ) in desk.text


def test_a_finding_leads_to_its_control_on_the_designer() -> None:
    desk = Desk()
    finding = next(f for f in expected(FIRST).findings if f.place.startswith("components[2]"))
    place = expected(FIRST).findings.index(finding)
    desk.at.button(key=f"show.{place}").click()
    desk.run()
    assert "Review" in desk.figures, "the designer"
    assert desk.at.session_state["section.curves"] is True
    assert desk.field("selectbox", "picked").value == 2


def test_every_fix_that_is_offered_does_what_it_says() -> None:
    plan = templates.load("totango-four-factors")
    seen = expected(plan)
    offered = [(f, fixed) for f in seen.findings if (fixed := seen.fix(f))]
    assert len(offered) > 1
    for finding, fixed in offered:
        desk = Desk(plan)
        key = next(b.key for b in desk.at.button if (b.key or "").endswith(f".{seen.findings.index(finding)}"))
        desk.at.button(key=key).click()
        desk.run()
        assert desk.hand.plan == fixed.plan
        agrees(desk, fixed.review)


def test_another_guide_weighs_otherwise_and_the_page_says_what_changed() -> None:
    desk = Desk()
    for profile in PROFILES[1:]:
        desk.enter("selectbox", "review.profile", profile)
        assert desk.hand.profile == profile
        agrees(desk, expected(FIRST, profile))
    desk.enter("selectbox", "review.profile", "commercial")
    desk.enter("selectbox", "review.profile", "adoption_first")
    desk.tab("Profiles")
    before, now = expected(FIRST), expected(FIRST, "adoption_first")
    was = {(f.rule, f.place): f.severity for f in before.findings}
    moved = [f.rule for f in now.findings if was[f.rule, f.place] != f.severity]
    (table,) = [body for body in desk.pieces if "<table" in body]
    assert re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table) == moved
    assert "DRU-02" in moved
    assert "<td>Note</td><td>Warning</td>" in table
    assert f"Grade {now.grade} " in desk.text
    assert guide(GUIDES["commercial"]) in table

    # The guide stays over pages, and the designer's figure follows it.
    desk.go("designer")
    assert f"{now.counts['warning']} warnings" in desk.figures["Review"]
    desk.go("review")
    assert desk.hand.profile == "adoption_first"


def test_an_answer_is_heard_at_once_and_may_be_taken_back() -> None:
    desk = Desk()
    asked = len(expected(FIRST).unanswered)
    desk.enter("selectbox", "context.measures.grr.available", False)
    assert desk.hand.context == {"measures": {"grr": {"available": False}}}
    seen = expected(FIRST, context=desk.hand.context)
    assert "LIT-01" in {f.rule for f in seen.findings}
    agrees(desk, seen)
    assert len(seen.unanswered) < asked
    desk.enter("text_input", "context.litmus.last_two_weeks", "Discount renewals to close them early.")
    desk.enter("text_input", "context.litmus.reviewed", "2026-01-31")
    desk.enter("text_input", "context.litmus.lift", "0.02, -0.01")
    assert desk.hand.context["litmus"] == {
        "last_two_weeks": "Discount renewals to close them early.",
        "reviewed": "2026-01-31",
        "lift": [0.02, -0.01],
    }
    agrees(desk, expected(FIRST, context=desk.hand.context))
    desk.enter("selectbox", "context.measures.grr.available", "")
    desk.enter("text_input", "context.litmus.reviewed", "")
    assert "reviewed" not in desk.hand.context["litmus"]
    assert not desk.hand.context.get("measures", {}).get("grr")


def test_answers_stay_over_pages_and_fixes_and_are_in_no_plan() -> None:
    desk = Desk()
    desk.enter("selectbox", "context.measures.grr.available", True)
    told = dict(desk.hand.context)
    plan = desk.hand.plan.to_dict()
    desk.go("designer").go("review")
    assert desk.hand.context == told
    assert desk.field("selectbox", "context.measures.grr.available").value is True
    desk.press("Round results to 4 decimals")
    assert desk.hand.context == told
    desk.press("Undo this")
    assert desk.hand.context == told
    assert desk.hand.plan.to_dict() == plan
    assert not desk.hand.changed

    # What was said of this plan's data says nothing of another plan's; what is about the organisation holds.
    desk.hand.context = {**told, "renewal_owner": "csm"}
    desk.hand.open(templates.load("knowup-csat-gate"), "template")
    desk.run()
    agrees(desk, expected(templates.load("knowup-csat-gate"), context={"renewal_owner": "csm"}))
    desk.hand.undo()
    assert desk.hand.context == {**told, "renewal_owner": "csm"}


def test_books_change_no_answer_that_they_say_nothing_of() -> None:
    desk = Desk()
    desk.hand.context = {"book": {"utilisation": 0.9, "first_year": 3}, "renewal_owner": "csm"}
    session.answers(desk.hand, {"book": {"accounts": 10, "arr": 1e6}, "books": [{"accounts": 10}]})
    assert desk.hand.context["book"] == {"utilisation": 0.9, "first_year": 3, "accounts": 10, "arr": 1e6}
    assert session.knows(desk.hand, {"book": {"accounts": 10, "arr": 1e6}, "books": [{"accounts": 10}]})


def test_amounts_stay_to_the_last_digit_when_one_of_them_changes() -> None:
    desk = Desk().tab("Questions")
    desk.hand.context = {"book": {"due": [1234567.0, 250000.0, 3.0, 4.0]}}
    desk.run()
    assert desk.field("text_input", "context.book.due").value == "1,234,567, 250,000, 3, 4"
    desk.enter("text_input", "context.book.due", "1,234,567, 250,000, 5, 4")
    assert desk.hand.context["book"]["due"] == [1234567.0, 250000.0, 5.0, 4.0]
    desk.enter("text_input", "context.book.utilisation", "85%")
    assert (desk.problems, desk.hand.context["book"]["utilisation"]) == ([], 0.85)


WRONG = {
    "context.litmus.reviewed": ("last spring", "must be a date such as 2026-01-31"),
    "context.litmus.lift": ("some, more", "Numbers with commas between them"),
}


@pytest.mark.parametrize("path", WRONG)
def test_a_wrong_answer_is_kept_and_explained(path: str) -> None:
    desk = Desk()
    text, told = WRONG[path]
    desk.enter("text_input", path, text)
    assert told.lower() in " ".join(desk.problems).lower()
    assert desk.field("text_input", path).value == text
    assert desk.hand.context == {}
    agrees(desk, expected(FIRST))
    desk.go("benchmarks").go("review")
    assert desk.field("text_input", path).value == text, "it waits for whoever comes back"
    desk.enter("text_input", path, "")
    assert desk.problems == []


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("context.book.accounts", "twelve", "must be a number"),
        ("context.book.accounts", "12.5", "whole number"),
        ("context.book.accounts", "-3", "at least 0"),
    ],
)
def test_a_wrong_number_is_kept_and_explained(path: str, text: str, told: str) -> None:
    desk = Desk().tab("Questions")
    desk.enter("text_input", path, text)
    assert told in " ".join(desk.problems).lower()
    assert desk.field("text_input", path).value == text
    assert desk.hand.context == {}
    desk.enter("text_input", path, "30")
    assert desk.problems == []
    assert desk.hand.context == {"book": {"accounts": 30}}


def test_every_open_question_is_asked_or_said_to_be_for_a_file() -> None:
    desk = Desk().tab("Questions")
    keys = {
        re.sub(r"^\d+\.context\.", "", w.key or "") for kind in ("selectbox", "text_input") for w in desk.at.get(kind)
    }
    seen = expected(FIRST)
    for unanswered in seen.unanswered:
        assert unanswered.question in keys or unanswered.text in desk.text, unanswered.question


def test_a_context_file_is_read_and_its_answers_are_in_the_fields() -> None:
    desk = Desk()
    desk.upload("context.yaml", b"renewal_owner: csm\nmeasures: {grr: {available: false}}\nbook: {accounts: 40}\n")
    assert desk.problems == []
    agrees(desk, expected(FIRST, context={"renewal_owner": "csm", "measures": {"grr": {"available": False}},
                                          "book": {"accounts": 40}}))  # fmt: skip
    assert desk.field("selectbox", "context.measures.grr.available").value is False
    desk.tab("Questions")
    assert desk.field("selectbox", "context.renewal_owner").value == "csm"
    assert desk.field("text_input", "context.book.accounts").value == "40"


def test_answers_that_were_downloaded_are_read_again() -> None:
    told = {
        "renewal_owner": "csm", "charters": ["retention"], "country": "NO", "states": ["OR", "CA"],
        "segments": {"EMEA: north": 0.9},
        "litmus": {"last_two_weeks": "- discount\n# close: early", "reviewed": "2026-01-31", "lift": [0.02, -1.0]},
        "measures": {"grr": {"available": True, "lag_days": 10, "owner": "no"}},
    }  # fmt: skip
    desk = Desk()
    desk.hand.context = told
    desk.run()
    text = files.write_yaml(told)
    other = Desk().upload("context.yaml", text.encode())
    assert other.problems == []
    assert other.hand.context == desk.hand.context == told
    assert other.field("text_input", "context.measures.grr.lag_days").value == "10"


def test_more_than_a_move_of_a_slider_can_carry_is_refused() -> None:
    """The designer sends the answers along with every move, and a request has its limit."""
    many = {"books": [{"accounts": 40, "arr": 1e6, "mean_acv": 25e3, "largest_share": 0.1} for _ in range(480)]}
    desk = Desk().upload("context.json", json.dumps(many).encode())
    assert "at most 24,000 characters" in " ".join(desk.problems)
    assert desk.hand.context == {}
    few = {"books": many["books"][:40]}
    desk.upload("context.json", json.dumps(few).encode())
    assert desk.problems == []
    agrees(desk, expected(FIRST, context=few))


CORRUPT = {
    "no text": (b"\xff\xfe\x00", "UTF-8"),
    "no YAML": (b"renewal_owner: [csm", "YAML"),
    "an alias": (b"book: &a {accounts: 1}\nbooks: [*a]\n", "alias"),
    "a list": (b"[1, 2]", "mapping"),
    "an unknown key": (b"team_sise: 4", "team_size"),
    "a wrong choice": (b"renewal_owner: nobody", "csm"),
    "a number of text": (b"team_size: many", "must be a whole number"),
    "a bomb": (b"roles: [" + b"csm, " * 5_000 + b"csm]", "500"),
    "too many letters": (b"# " + b"x" * 300_000, "200,000"),
}


@pytest.mark.parametrize("name", CORRUPT)
def test_a_corrupt_context_file_gets_a_sentence_and_changes_nothing(name: str) -> None:
    content, told = CORRUPT[name]
    desk = Desk()
    desk.enter("selectbox", "context.measures.grr.available", True)
    before = dict(desk.hand.context)
    desk.upload("context.yaml", content)
    assert told in " ".join(desk.problems)
    assert len(" ".join(desk.problems)) < 2_000
    assert desk.hand.context == before
    agrees(desk, expected(FIRST, context=before))


def test_the_elements_are_told_in_words_and_what_the_plan_pays_on_is_marked() -> None:
    desk = Desk().tab("Elements")
    (table,) = [body for body in desk.pieces if body.startswith("<div") and "cp-elements" in body]
    rows = re.findall(r"<tr><td><details><summary>(.*?)</summary>(.*?)</tr>", table)
    assert len(rows) == len(elements()) == 19
    words = {"pay": "recommend", "conditional": "conditional", "avoid": "avoid", None: "silent"}
    for element, (name, rest) in zip(elements(), rows, strict=True):
        assert html.escape(element.name) in name
        assert re.findall(r"</b> (\w+)</td>", rest) == [words[element.stance(p)] for p in PROFILES]
        for view in element.views:
            for said in (view.condition, view.pro, view.con):
                assert html.escape(said) in rest
    marked = {re.sub(r"<.*", "", name).strip() for name, _ in rows if "in this plan" in name}
    assert marked == {html.escape(catalogue()[c.measure].name) for c in FIRST.components}


def test_all_rules_can_be_looked_through() -> None:
    desk = Desk().tab("Rules")
    (table,) = [body for body in desk.pieces if "A plan should be like this" in body]
    assert re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table) == list(rules())
    seen = expected(FIRST)
    assert len(re.findall(r"<td>clear</td></tr>", table)) >= len(
        set(seen.clear) - {r for u in seen.unanswered for r in u.rules}
    )
    desk.enter("text_input", "review.find", "knw-0")
    (table,) = [body for body in desk.pieces if "A plan should be like this" in body]
    found = re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table)
    assert found == [r for r in rules() if r.startswith("KNW-0")]
    desk.enter("text_input", "review.find", "<script>")
    assert f"0 of {len(rules())} rules" in desk.text


def test_names_of_a_plan_are_text_wherever_a_finding_tells_them() -> None:
    """A plan may come from anywhere: no name in it becomes a part of the page."""
    hostile = '<img src=x onerror="alert(1)">'
    data = FIRST.to_dict()
    data["name"] = hostile
    data["measures"] = {"qbr": {"name": hostile, "unit": "score", "kind": "level", "better": "more"}}
    data["components"][2] |= {"measure": "qbr", "id": "qbr", "target": 4.5, "curve": {"kind": "goal", "at": 4.5}}
    desk = Desk(Plan.from_dict(data))
    for name in ("Findings", "Questions", "Profiles", "Elements", "Rules"):
        desk.tab(name)
        assert not any("<img" in body for body in desk.pieces), name
    assert any("&lt;img" in body for body in desk.pieces)


def test_the_designer_has_room_for_findings_that_are_not_there() -> None:
    plan = FIRST.edit({"rounding.attainment": 4})
    desk = Desk(plan).go("designer")
    shown = [body for body in desk.pieces if body.startswith('<p class="cp-finding')]
    assert len(shown) == 3
    assert sum("cp-is-none" in body for body in shown) == 3 - min(3, expected(plan).counts["warning"])


def test_the_designer_shows_the_review_and_its_worst_findings_with_their_fixes() -> None:
    desk = Desk().go("designer")
    seen = expected(FIRST)
    assert desk.figures["Review"] == f"{seen.counts['warning']} warnings"
    assert sum(body.startswith('<p class="cp-finding') for body in desk.pieces) == 3, "room for three, always"
    worst = [f for f in seen.findings if f.severity != "info"][:3]
    shown = [body for body in desk.pieces if body.startswith('<p class="cp-finding') and "cp-is-none" not in body]
    assert [re.search(r"<code>(.*?)</code>", body)[1] for body in shown] == [f.rule for f in worst]  # type: ignore[index]
    fixed = next(done for f in worst if (done := seen.fix(f)))
    desk.press(fixed.fix.title)
    assert desk.hand.plan == fixed.plan
    assert desk.hand.past
    desk.at.button(key="undo").click()
    desk.run()
    assert desk.hand.plan == FIRST
