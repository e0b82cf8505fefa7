"""Every plan that ships, reviewed under every profile: exactly what was recorded and read for sense."""

from __future__ import annotations

import pytest
from review.goldens import FOLDER, of, recorded

from compplan import templates
from compplan.review import PROFILES, rules


def test_every_template_is_recorded_and_nothing_else() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(templates.keys())


@pytest.mark.parametrize("key", templates.keys())
def test_a_template_is_found_as_it_was_recorded(key: str) -> None:
    assert of(key) == recorded(key), "read what changed; then python tests/review/record.py"


@pytest.mark.parametrize("key", templates.keys())
def test_what_is_recorded_reads_as_sentences_about_rules_that_exist(key: str) -> None:
    told = recorded(key)
    assert told["findings"], "no plan is beyond remark"
    for found in told["findings"]:
        assert found["rule"] in rules()
        assert found["message"].endswith(".")
        assert found["message"][0].isupper() or found["message"][0].isdigit()
        assert "  " not in found["message"]
        # Nothing that the program did not put into words.
        assert not any(word in found["message"] for word in ("None", "nan", "inf ", "{", "}"))
        weighs = found["severity"]
        assert isinstance(weighs, str) or set(weighs) == set(PROFILES)


def test_no_template_is_refused_by_the_guide_that_it_follows() -> None:
    """A plan in the manner of a guide breaks no rule of that guide in earnest."""
    follows = {"knowup-csat-weighted": ("KNW", "commercial"), "tsia-adoption-charter": ("TSI", "charter"),
               "totango-four-factors": ("TOT", "survey"), "drury-adoption-first": ("DRU", "adoption_first"),
               "resumegeni-80-20-nrr": ("RSG", "quota_bearing")}  # fmt: skip
    for key, (family, profile) in follows.items():
        for found in recorded(key)["findings"]:
            weighs = found["severity"]
            severity = weighs if isinstance(weighs, str) else weighs[profile]
            assert not (found["rule"].startswith(family) and severity == "error"), (key, found)
