"""Settings of a review are read from a file, and an error names the file and the key."""

from __future__ import annotations

from pathlib import Path

import pytest

from compplan.review import Settings
from compplan.review.settings import LARGEST, SettingsError, find


def written(folder: Path, text: str) -> Path:
    path = folder / "compplan.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_review_table_is_read(tmp_path: Path) -> None:
    text = '[review]\nprofile = "charter"\nignore = ["TOT"]\n[review.thresholds.KNW-03]\nlow = 0.1\n'
    settings = Settings.load(written(tmp_path, text))
    assert settings == Settings.of({"profile": "charter", "ignore": ["TOT"], "thresholds": {"KNW-03": {"low": 0.1}}})
    assert settings.shown == {"profile": "charter", "ignore": ["TOT"], "thresholds": {"KNW-03": {"low": 0.1}}}


@pytest.mark.parametrize("text", ["", "\ufeff", "[review]\n"])
def test_a_file_without_settings_changes_nothing(tmp_path: Path, text: str) -> None:
    assert Settings.load(written(tmp_path, text)) == Settings()


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        ("[reviews]\n", ["compplan.toml: reviews: is not known here; settings go under [review]."]),
        ("review = 1\n", ["compplan.toml: review: must be a table: [review]."]),
        ("a = 1\nreview = 1\n", ["compplan.toml: a: is not known here; settings go under [review].",
                                 "compplan.toml: review: must be a table: [review]."]),
        ("[review.thresholds.KNW-03]\nlow = -1\n",
         ["compplan.toml: review.thresholds.KNW-03.low: must be 0 or more. You entered -1."]),
        ("[review]\nignore = ['KNW-3']\n",
         ["compplan.toml: review.ignore[0]: 'KNW-3' is not a rule or family; did you mean KNW-03, KNW-13 or KNW?"]),
    ],
)  # fmt: skip
def test_an_error_names_the_file_and_the_key(tmp_path: Path, text: str, messages: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.load(written(tmp_path, text))
    assert str(caught.value).splitlines() == messages


def test_a_file_that_is_no_settings_is_refused(tmp_path: Path) -> None:
    missing = tmp_path / "none.toml"
    with pytest.raises(SettingsError) as caught:
        Settings.load(missing)
    assert str(caught.value) == f"{missing}: cannot be read: No such file or directory."
    with pytest.raises(SettingsError, match="is not readable as TOML: "):
        Settings.load(written(tmp_path, "[review"))
    assert Settings.load(written(tmp_path, "#" * LARGEST)) == Settings()
    with pytest.raises(SettingsError, match="has more than 100,000 bytes"):
        Settings.load(written(tmp_path, "#" * (LARGEST + 1)))


def test_the_nearest_file_is_found(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    path = written(tmp_path, "")
    assert find(inner) == find(tmp_path) == path
    assert find(path) == path
    nearer = written(inner.parent, "")
    assert find(inner) == nearer
