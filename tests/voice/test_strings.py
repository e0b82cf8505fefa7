"""The texts that people read, in one file to go through, and words that the product does not use."""

from __future__ import annotations

import re

from voice.collect import FILE, collect, texts_of

# Words that readers stumbled over. A text that needs one is an exception, with the reason.
AVOIDED = re.compile(
    r"\b(in hand|reckoned|whose|of which|is told|are told|stands beside|stands under|leads nowhere|thereby|wherein"
    r"|whatever|whoever|nobody else|in so many words)\b",
    re.IGNORECASE,
)
# The words of a statute's own test.
EXCEPTIONS = ("The law covers people whose principal activity is selling, which may not include CSMs. Ask counsel.",)


def test_collected_texts_are_up_to_date_in_the_review_file() -> None:
    """The test writes the file; a change to it is reviewed like any other."""
    before = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    now = collect()
    if now != before:
        FILE.write_text(now, encoding="utf-8")
    assert now == before, f"Texts changed. Read the difference of {FILE.name} aloud, then commit it."


def test_no_text_uses_a_word_that_readers_stumble_over() -> None:
    odd = [line for line in collect().splitlines() if AVOIDED.search(line) and line not in EXCEPTIONS]
    assert odd == []


def test_an_f_string_is_collected_with_places_for_its_values() -> None:
    source = 'def f(n):\n    """Docstring of two words."""\n    return f"{n} people left", "key", "Save"\n'
    assert list(texts_of(source)) == ["{…} people left", "Save"]
