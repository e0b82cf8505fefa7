"""The texts that people read, in one file to go through, and words that the product does not use."""

from __future__ import annotations

import re

from voice.collect import FILE, ROOT, collect, plan_texts, script_texts, table_texts, texts_of

# Words that readers stumbled over. A text that needs one is an exception, with the reason.
AVOIDED = re.compile(
    r"\b(in hand|reckoned|whose|of which|is told|are told|stands beside|stands under|leads nowhere|thereby|wherein"
    r"|whatever|whoever|nobody else|in so many words)\b",
    re.IGNORECASE,
)
EXCEPTIONS = {
    # The words of a statute's own test
    "The law covers people whose principal activity is selling, which may not include CSMs. Ask counsel.",
    # A template's note is part of its hash, which saved plans and links hold.
    *plan_texts((ROOT / "data/plans/knowup-csat-modifier.yaml").read_text(encoding="utf-8")),
}


def test_collected_texts_are_up_to_date_in_the_review_file() -> None:
    now = collect()
    assert now == FILE.read_text(encoding="utf-8"), f"Run `make strings`, and read the difference of {FILE.name} aloud."


def test_no_text_uses_a_word_that_readers_stumble_over() -> None:
    odd = [line for line in collect().splitlines() if AVOIDED.search(line) and line not in EXCEPTIONS]
    assert odd == []


def test_texts_use_the_straight_apostrophe() -> None:
    assert [line for line in collect().splitlines() if "\u2019" in line] == []


def test_an_f_string_is_collected_with_places_for_its_values() -> None:
    source = 'def f(n):\n    """Docstring of two words."""\n    return f"{n} people left", "key", "Save"\n'
    assert list(texts_of(source)) == ["{…} people left", "Save"]


def test_types_patterns_positions_public_names_and_vocabularies_are_no_texts() -> None:
    source = """
FIELDS: Mapping[str, str] = {"base": "Base salary"}
__all__ = ["One name"]
PATTERN = re.compile("please enter|what is")
rows = cast("dict[str, Any]", show(anchor="top left", title="Base salary"))
"""
    assert list(texts_of(source)) == ["Base salary"]


def test_scripts_tables_and_templates_of_plans_are_collected() -> None:
    script = 'if (key === "Enter") box.title = locked ? "Unlock" : `Moves ${n} weights`; find("div", "cp-row");'
    assert list(script_texts(script)) == ["Unlock", "Moves {…} weights"]
    assert list(table_texts('key,url,note\nPage one,http,"Read it, then judge."\n')) == ["Read it, then judge."]
    plan = "name: Adoption first\nabout: {note: Our own plan, source: Drury 2020}"
    assert list(plan_texts(plan)) == ["Adoption first", "Our own plan"]
