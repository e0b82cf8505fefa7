"""The Review page without a browser: the findings of the library, their fixes, and answers as typed."""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from collections import Counter
from typing import Any

import pytest
from markupsafe import escape
from support.pages import PageSession

from compplan import formats, templates
from compplan.measures import catalog
from compplan.plan import Plan, files
from compplan.review import (
    EVIDENCE_LEVELS,
    GUIDES,
    PROFILES,
    Context,
    Review,
    Settings,
    elements,
    evidence_legend,
    review,
    rules,
)
from compplan.review.profiles import guide
from compplan.ui.review.page import TABS
from compplan.ui.review_state import has_answers, set_answers

FIRST = templates.load("knowup-csat-weighted")


def expected(plan: Plan, profile: Any = "commercial", context: Any = None) -> Review:
    """What the library says today."""
    return review(plan, Context.of(context), Settings(profile=profile), today=dt.datetime.now(dt.UTC).date())


class ReviewPage(PageSession):
    """A session on the Review page."""

    def __init__(self, plan: Plan | None = None) -> None:
        super().__init__("review", plan, tab_key="review.tab")

    def upload_answers(self, name: str, content: bytes) -> ReviewPage:
        return self.upload("review.context", name, content)

    @property
    def findings(self) -> list[tuple[str, str]]:
        """Rule and sentence of each finding on the page."""
        shown = (
            re.search(r"</em> (.*?) <code>([A-Z]+-\d+)</code></h4>", body)
            for body in self.pieces
            if body.startswith("<article")
        )
        return [(found[2], html.unescape(found[1])) for found in shown if found]


def agrees(page: ReviewPage, seen: Review) -> None:
    """The page says what a review says: grade, counts, questions, and each finding in its order."""
    assert page.figures == {
        "Grade": seen.grade,
        "Errors": str(seen.counts["error"]),
        "Warnings": str(seen.counts["warning"]),
        "Notes": str(seen.counts["info"]),
        "Open questions": str(len(seen.unanswered)),
    }
    assert page.findings == [(f.rule, f.message) for f in seen.findings]


@pytest.mark.parametrize("key", templates.keys())
def test_page_shows_the_library_review_of_every_template(key: str) -> None:
    plan = templates.load(key)
    page, seen = ReviewPage(plan), expected(plan)
    agrees(page, seen)
    assert page.edit.plan == plan, "a review changes nothing"
    offered = {re.sub(r"\\(.)", r"\1", b.label) for b in page.at.button if (b.key or "").startswith("fix.")}
    assert offered == {f.fix.title for f in seen.findings if f.fix and seen.fix(f)}, "only fixes that hold are offered"


def test_finding_shows_source_evidence_and_other_views() -> None:
    page = ReviewPage(templates.load("knowup-csat-modifier"))
    seen = expected(page.edit.plan)
    told = [f for f in seen.findings if f.dissent]
    assert told
    for finding in seen.findings:
        (card,) = {b for b in page.pieces if f"{escape(finding.message)} <code>{finding.rule}</code></h4>" in b}
        assert escape(rules()[finding.rule].title) in card
        assert f"evidence level {finding.evidence_level}" in card
        assert EVIDENCE_LEVELS[finding.evidence_level] not in card, "the legend says it once"
        assert finding.dissent in html.unescape(card)
        if finding.place and not finding.place.startswith("context"):
            assert card.count("<mark>") == 1, "one line of the plan is marked"
            assert not re.search(r"line \d", card), "the open plan may be no file"
        assert ("Not legal, tax or accounting advice." in card) is bool(finding.as_of)


def test_page_says_once_what_the_evidence_levels_mean() -> None:
    page = ReviewPage(templates.load("knowup-csat-modifier"))
    (legend,) = [caption.value for caption in page.at.caption if caption.value.startswith("Evidence levels: ")]
    assert legend == evidence_legend(expected(page.edit.plan).findings)


def test_legal_finding_shows_its_date_and_is_not_advice() -> None:
    page = ReviewPage()
    for path, value in {"country": "US", "states": ["CA"], "law": {"signed": False}}.items():
        page.edit.context = {**page.edit.context, path: value}
    page.run()
    seen = expected(FIRST, context=page.edit.context)
    dated = [f for f in seen.findings if f.as_of]
    assert dated, "an unsigned plan in California is a finding of law"
    agrees(page, seen)
    assert page.text.count("Not legal, tax or accounting advice.") == len(dated)
    assert f"Facts as of {dated[0].as_of}." in page.text


def test_fix_is_applied_in_one_click_and_undone_in_one() -> None:
    page = ReviewPage()
    seen = expected(FIRST)
    finding = next(f for f in seen.findings if f.rule == "INT-11")
    fixed = seen.fix(finding)
    assert fixed is not None
    page.press(fixed.fix.title)
    assert page.edit.plan == fixed.plan
    agrees(page, fixed.review)
    assert f"Applied: {fixed.fix.title}." in page.text
    assert "Fixes INT-11; no new findings." in page.text
    assert "Decimals of attainment none 4" in page.text, "in words, not as a path"
    pays = formats.percent(fixed.review.at_target or 0.0, 1)
    assert re.search(rf"Payout at target .*{pays}", page.text)

    page.press("Undo fix")
    assert page.edit.plan == FIRST
    assert "Applied:" not in page.text
    agrees(page, seen)
    assert not page.edit.past

    # The head has it too, and the fix can come back.
    page.at.button(key="redo").click()
    page.run()
    assert page.edit.plan == fixed.plan
    page.at.button(key="undo").click()
    page.run()
    assert page.edit.plan == FIRST


def test_fix_that_removes_a_component_names_only_what_it_clears() -> None:
    """With a component out, the places of the later ones change; their findings are neither cleared nor new."""
    plan = templates.load("totango-four-factors")
    page, seen = ReviewPage(plan), expected(plan)
    finding = next(f for f in seen.findings if f.rule == "DRU-11")
    assert finding.place == "components[1].measure", "others come after it"
    fixed = seen.fix(finding)
    assert fixed is not None
    page.press(fixed.fix.title)
    was, now = Counter(f.rule for f in seen.findings), Counter(f.rule for f in fixed.review.findings)
    cleared, added = (", ".join(sorted(rules)) for rules in (was - now, now - was))
    assert f"Fixes {cleared}; {f'adds {added}' if added else 'no new findings'}." in page.text
    assert "DRU-11" in cleared


def test_grade_names_its_day_and_its_guide() -> None:
    page, today = ReviewPage(), dt.datetime.now(dt.UTC).date()
    assert (
        f"Grade C (more than two warnings) on {today:%B} {today.day}, {today.year}, following KnowUp (2024). "
        "Open questions are not part of the grade."
    ) in page.text


def test_finding_links_to_its_setting_in_the_designer() -> None:
    page = ReviewPage()
    finding = next(f for f in expected(FIRST).findings if f.place.startswith("components[2]"))
    place = expected(FIRST).findings.index(finding)
    page.at.button(key=f"show.{place}").click()
    page.run()
    assert "Review" in page.figures, "the designer"
    assert page.at.session_state["section.curves"] is True
    assert page.field("selectbox", "picked").value == 2


def test_every_offered_fix_gives_the_plan_it_promises() -> None:
    plan = templates.load("totango-four-factors")
    seen = expected(plan)
    offered = [(f, fixed) for f in seen.findings if (fixed := seen.fix(f))]
    assert len(offered) > 1
    for finding, fixed in offered:
        page = ReviewPage(plan)
        key = next(b.key for b in page.at.button if (b.key or "").endswith(f".{seen.findings.index(finding)}"))
        page.at.button(key=key).click()
        page.run()
        assert page.edit.plan == fixed.plan
        agrees(page, fixed.review)


def test_other_guide_changes_severities_and_the_page_lists_them() -> None:
    page = ReviewPage()
    for profile in PROFILES[1:]:
        page.enter("selectbox", "review.profile", profile)
        assert page.edit.profile == profile
        agrees(page, expected(FIRST, profile))
    page.enter("selectbox", "review.profile", "commercial")
    page.enter("selectbox", "review.profile", "adoption_first")
    page.tab("Compare guides")
    before, now = expected(FIRST), expected(FIRST, "adoption_first")
    was = {(f.rule, f.place): f.severity for f in before.findings}
    moved = [f.rule for f in now.findings if was[f.rule, f.place] != f.severity]
    (table,) = [body for body in page.pieces if "<table" in body]
    assert re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table) == moved
    assert "DRU-02" in moved
    assert "<td>Note</td><td>Warning</td>" in table
    assert f"Grade {now.grade} " in page.text
    assert guide(GUIDES["commercial"]) in table

    # The guide stays over pages, and the designer's figure follows it.
    page.go("designer")
    assert f"{now.counts['warning']} warnings" in page.figures["Review"]
    page.go("review")
    assert page.edit.profile == "adoption_first"


def test_answer_counts_at_once_and_can_be_withdrawn() -> None:
    page = ReviewPage()
    asked = len(expected(FIRST).unanswered)
    page.enter("selectbox", "context.measures.grr.available", False)
    assert page.edit.context == {"measures": {"grr": {"available": False}}}
    seen = expected(FIRST, context=page.edit.context)
    assert "LIT-01" in {f.rule for f in seen.findings}
    agrees(page, seen)
    assert len(seen.unanswered) < asked
    page.enter("text_input", "context.litmus.last_two_weeks", "Discount renewals to close them early.")
    page.enter("text_input", "context.litmus.reviewed", "2026-01-31")
    page.enter("text_input", "context.litmus.lift", "0.02, -0.01")
    assert page.edit.context["litmus"] == {
        "last_two_weeks": "Discount renewals to close them early.",
        "reviewed": "2026-01-31",
        "lift": [0.02, -0.01],
    }
    agrees(page, expected(FIRST, context=page.edit.context))
    page.enter("selectbox", "context.measures.grr.available", "")
    page.enter("text_input", "context.litmus.reviewed", "")
    assert "reviewed" not in page.edit.context["litmus"]
    assert not page.edit.context.get("measures", {}).get("grr")


def test_answers_survive_pages_and_fixes_and_stay_out_of_the_plan() -> None:
    page = ReviewPage()
    page.enter("selectbox", "context.measures.grr.available", True)
    told = dict(page.edit.context)
    plan = page.edit.plan.to_dict()
    page.go("designer").go("review")
    assert page.edit.context == told
    assert page.field("selectbox", "context.measures.grr.available").value is True
    page.press("Round results to 4 decimals")
    assert page.edit.context == told
    page.press("Undo fix")
    assert page.edit.context == told
    assert page.edit.plan.to_dict() == plan
    assert not page.edit.changed

    # What was said of this plan's data says nothing of another plan's; what is about the organisation holds.
    page.edit.context = {**told, "renewal_owner": "csm"}
    page.edit.open(templates.load("knowup-csat-gate"), "template")
    page.run()
    agrees(page, expected(templates.load("knowup-csat-gate"), context={"renewal_owner": "csm"}))
    page.edit.undo()
    assert page.edit.context == {**told, "renewal_owner": "csm"}


def test_answers_from_books_keep_the_other_answers() -> None:
    page = ReviewPage()
    page.edit.context = {"book": {"utilisation": 0.9, "first_year": 3}, "renewal_owner": "csm"}
    set_answers(page.edit, {"book": {"accounts": 10, "arr": 1e6}, "books": [{"accounts": 10}]}, "context.books")
    assert page.edit.context["book"] == {"utilisation": 0.9, "first_year": 3, "accounts": 10, "arr": 1e6}
    assert has_answers(page.edit, {"book": {"accounts": 10, "arr": 1e6}, "books": [{"accounts": 10}]})


def test_amounts_keep_every_digit_when_one_changes() -> None:
    page = ReviewPage().tab("Questions")
    page.edit.context = {"book": {"due": [1234567.0, 250000.0, 3.0, 4.0]}}
    page.run()
    assert page.field("text_input", "context.book.due").value == "1,234,567, 250,000, 3, 4"
    page.enter("text_input", "context.book.due", "1,234,567, 250,000, 5, 4")
    assert page.edit.context["book"]["due"] == [1234567.0, 250000.0, 5.0, 4.0]
    page.enter("text_input", "context.book.utilisation", "85%")
    assert (page.problems, page.edit.context["book"]["utilisation"]) == ([], 0.85)


WRONG = {
    "context.litmus.reviewed": ("last spring", "must be a date such as 2026-01-31"),
    "context.litmus.lift": ("some, more", "Enter numbers separated by commas"),
}


@pytest.mark.parametrize("path", WRONG)
def test_wrong_answer_stays_in_its_field_with_a_reason(path: str) -> None:
    page = ReviewPage()
    text, told = WRONG[path]
    page.enter("text_input", path, text)
    assert told.lower() in " ".join(page.problems).lower()
    assert page.field("text_input", path).value == text
    assert page.edit.context == {}
    agrees(page, expected(FIRST))
    page.go("benchmarks").go("review")
    assert page.field("text_input", path).value == text, "it waits for whoever comes back"
    page.enter("text_input", path, "")
    assert page.problems == []


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("context.book.accounts", "twelve", "must be a number"),
        ("context.book.accounts", "12.5", "whole number"),
        ("context.book.accounts", "-3", "at least 0"),
    ],
)
def test_wrong_number_stays_in_its_field_with_a_reason(path: str, text: str, told: str) -> None:
    page = ReviewPage().tab("Questions")
    page.enter("text_input", path, text)
    assert told in " ".join(page.problems).lower()
    assert page.field("text_input", path).value == text
    assert page.edit.context == {}
    page.enter("text_input", path, "30")
    assert page.problems == []
    assert page.edit.context == {"book": {"accounts": 30}}


def test_every_open_question_has_a_field_or_names_the_file() -> None:
    page = ReviewPage().tab("Questions")
    keys = {
        re.sub(r"^\d+\.context\.", "", w.key or "") for kind in ("selectbox", "text_input") for w in page.at.get(kind)
    }
    seen = expected(FIRST)
    for unanswered in seen.unanswered:
        assert unanswered.question in keys or unanswered.text in page.text, unanswered.question


def test_answers_file_fills_the_fields() -> None:
    page = ReviewPage()
    page.upload_answers(
        "context.yaml", b"renewal_owner: csm\nmeasures: {grr: {available: false}}\nbook: {accounts: 40}\n"
    )
    assert page.problems == []
    agrees(page, expected(FIRST, context={"renewal_owner": "csm", "measures": {"grr": {"available": False}},
                                          "book": {"accounts": 40}}))  # fmt: skip
    assert page.field("selectbox", "context.measures.grr.available").value is False
    page.tab("Questions")
    assert page.field("selectbox", "context.renewal_owner").value == "csm"
    assert page.field("text_input", "context.book.accounts").value == "40"


def test_downloaded_answers_can_be_uploaded() -> None:
    told = {
        "renewal_owner": "csm", "charters": ["retention"], "country": "NO", "states": ["OR", "CA"],
        "segments": {"EMEA: north": 0.9},
        "litmus": {"last_two_weeks": "- discount\n# close: early", "reviewed": "2026-01-31", "lift": [0.02, -1.0]},
        "measures": {"grr": {"available": True, "lag_days": 10, "owner": "no"}},
    }  # fmt: skip
    page = ReviewPage()
    page.edit.context = told
    page.run()
    text = files.write_yaml(told)
    other = ReviewPage().upload_answers("context.yaml", text.encode())
    assert other.problems == []
    assert other.edit.context == page.edit.context == told
    assert other.field("text_input", "context.measures.grr.lag_days").value == "10"


def test_too_many_answers_are_refused() -> None:
    """The designer sends the answers along with every move, and a request has its limit."""
    many = {"books": [{"accounts": 40, "arr": 1e6, "mean_acv": 25e3, "largest_share": 0.1} for _ in range(480)]}
    page = ReviewPage().upload_answers("context.json", json.dumps(many).encode())
    assert "at most 24,000 characters" in " ".join(page.problems)
    assert page.edit.context == {}
    few = {"books": many["books"][:40]}
    page.upload_answers("context.json", json.dumps(few).encode())
    assert page.problems == []
    agrees(page, expected(FIRST, context=few))


CORRUPT = {
    "no text": (b"\xff\xfe\x00", "UTF-8"),
    "no YAML": (b"renewal_owner: [csm", "YAML"),
    "an alias": (b"book: &a {accounts: 1}\nbooks: [*a]\n", "alias"),
    "a list": (b"[1, 2]", "fields and values"),
    "an unknown key": (b"team_sise: 4", "team_size"),
    "a wrong choice": (b"renewal_owner: nobody", "csm"),
    "a number of text": (b"team_size: many", "must be a whole number"),
    "a bomb": (b"roles: [" + b"csm, " * 5_000 + b"csm]", "500"),
    "too many letters": (b"# " + b"x" * 300_000, "200,000"),
}


@pytest.mark.parametrize("name", CORRUPT)
def test_unreadable_answers_file_gets_a_sentence_and_changes_nothing(name: str) -> None:
    content, told = CORRUPT[name]
    page = ReviewPage()
    page.enter("selectbox", "context.measures.grr.available", True)
    before = dict(page.edit.context)
    page.upload_answers("context.yaml", content)
    assert told in " ".join(page.problems)
    assert len(" ".join(page.problems)) < 2_000
    assert page.edit.context == before
    agrees(page, expected(FIRST, context=before))


def test_measures_by_guide_mark_what_the_plan_pays_on() -> None:
    page = ReviewPage().tab("Measures by guide")
    (table,) = [body for body in page.pieces if body.startswith("<div") and "cp-elements" in body]
    rows = re.findall(r"<tr><td><details><summary>(.*?)</summary>(.*?)</tr>", table)
    assert len(rows) == len(elements()) == 19
    words = {"pay": "recommends", "conditional": "conditional", "avoid": "avoids", None: "no view"}
    for element, (name, rest) in zip(elements(), rows, strict=True):
        assert escape(element.name) in name
        assert re.findall(r"</b> ([a-z ]+)</td>", rest) == [words[element.stance(p)] for p in PROFILES]
        for view in element.views:
            for said in (view.condition, view.pro, view.con):
                assert escape(said) in rest
    marked = {re.sub(r"<.*", "", name).strip() for name, _ in rows if "in this plan" in name}
    assert marked == {escape(catalog()[c.measure].name) for c in FIRST.components}


def test_rules_can_be_searched() -> None:
    page = ReviewPage().tab("Rules")
    (table,) = [body for body in page.pieces if "<th>Recommendation</th>" in body]
    assert re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table) == list(rules())
    seen = expected(FIRST)
    assert len(re.findall(r"<td>passes</td></tr>", table)) >= len(
        set(seen.clear) - {r for u in seen.unanswered for r in u.rules}
    )
    page.enter("text_input", "review.find", "knw-0")
    (table,) = [body for body in page.pieces if "<th>Recommendation</th>" in body]
    found = re.findall(r"<tr><td>([A-Z]+-\d+)</td>", table)
    assert found == [r for r in rules() if r.startswith("KNW-0")]
    page.enter("text_input", "review.find", "<script>")
    assert f"0 of {len(rules())} rules" in page.text


def test_names_of_a_plan_stay_text_in_every_tab() -> None:
    """A plan may come from anywhere: no name in it becomes a part of the page."""
    hostile = '<img src=x onerror="alert(1)">'
    data = FIRST.to_dict()
    data["name"] = hostile
    data["measures"] = {"qbr": {"name": hostile, "unit": "score", "kind": "level", "better": "more"}}
    data["components"][2] |= {"measure": "qbr", "id": "qbr", "target": 4.5, "curve": {"kind": "goal", "at": 4.5}}
    page = ReviewPage(Plan.from_dict(data))
    for name in TABS:
        page.tab(name)
        assert not any("<img" in body for body in page.pieces), name
    assert any("&lt;img" in body for body in page.pieces)


def test_designer_keeps_room_for_three_findings() -> None:
    plan = FIRST.edit({"rounding.attainment": 4})
    page = ReviewPage(plan).go("designer")
    shown = [body for body in page.pieces if body.startswith('<p class="cp-finding')]
    assert len(shown) == 3
    assert sum("cp-is-none" in body for body in shown) == 3 - min(3, expected(plan).counts["warning"])


def test_designer_shows_the_worst_findings_and_their_fixes() -> None:
    page = ReviewPage().go("designer")
    seen = expected(FIRST)
    assert page.figures["Review"] == f"{seen.counts['warning']} warnings"
    assert sum(body.startswith('<p class="cp-finding') for body in page.pieces) == 3, "room for three, always"
    worst = [f for f in seen.findings if f.severity != "info"][:3]
    shown = [body for body in page.pieces if body.startswith('<p class="cp-finding') and "cp-is-none" not in body]
    assert [re.search(r"<code>(.*?)</code>", body)[1] for body in shown] == [f.rule for f in worst]  # type: ignore[index]
    fixed = next(done for f in worst if (done := seen.fix(f)))
    page.press(fixed.fix.title)
    assert page.edit.plan == fixed.plan
    assert page.edit.past
    page.at.button(key="undo").click()
    page.run()
    assert page.edit.plan == FIRST
