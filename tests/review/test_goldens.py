"""Every shipped plan reviewed under every profile, compared with its golden."""

from __future__ import annotations

import pytest
from review.goldens import FOLDER, of, recorded

from compplan import templates
from compplan.review import PROFILES, rules


def test_every_template_has_a_golden_and_no_other_exists() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.yaml")) == sorted(templates.keys())


@pytest.mark.parametrize("key", templates.keys())
def test_review_of_a_template_matches_its_golden(key: str) -> None:
    assert of(key) == recorded(key), "read what changed, then run python tests/review/record.py"


@pytest.mark.parametrize("key", templates.keys())
def test_golden_findings_are_sentences_of_known_rules(key: str) -> None:
    golden = recorded(key)
    assert golden["findings"], "every plan has a finding"
    for finding in golden["findings"]:
        assert finding["rule"] in rules()
        assert finding["message"].endswith(".")
        assert finding["message"][0].isupper() or finding["message"][0].isdigit()
        assert "  " not in finding["message"]
        # Nothing that the program did not put into words.
        assert not any(word in finding["message"] for word in ("None", "nan", "inf ", "{", "}"))
        severities = finding["severity"]
        assert isinstance(severities, str) or set(severities) == set(PROFILES)


def test_template_has_no_error_under_the_guide_that_it_follows() -> None:
    """A plan built on a guide breaks none of its rules badly."""
    follows = {"knowup-csat-weighted": ("KNW", "commercial"), "tsia-adoption-charter": ("TSI", "charter"),
               "totango-four-factors": ("TOT", "survey"), "drury-adoption-first": ("DRU", "adoption_first"),
               "resumegeni-80-20-nrr": ("RSG", "quota_bearing")}  # fmt: skip
    for key, (family, profile) in follows.items():
        for finding in recorded(key)["findings"]:
            severities = finding["severity"]
            severity = severities if isinstance(severities, str) else severities[profile]
            assert not (finding["rule"].startswith(family) and severity == "error"), (key, finding)
