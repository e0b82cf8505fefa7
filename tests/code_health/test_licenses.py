"""Terms of data files match the terms of their sources, and every copyleft dependency is named with its use."""

from __future__ import annotations

import csv
import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "licenses.md").read_text(encoding="utf-8")
# Terms that a file takes over from its source, as the manifest names them. Other sources are cited figure by figure.
TERMS = {
    "CC BY-SA 4.0": "CC BY-SA 4.0",
    "CC BY 4.0": "CC BY 4.0",
    "Apache-2.0": "Apache-2.0",
    "US public domain": "US public domain",
    "free to cite and republish with attribution and a link": "Free to republish with attribution to ForgeApply",
}


def rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "data" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


SOURCES = {row["key"]: row["licence"] for row in rows("sources.csv")}
FILES = rows("manifest.csv")


@pytest.mark.parametrize("row", FILES, ids=[row["file"] for row in FILES])
def test_the_terms_of_a_file_are_those_of_its_sources(row: dict[str, str]) -> None:
    of_sources = {TERMS[SOURCES[key]] for key in row["sources"].split() if SOURCES[key] in TERMS}
    assert of_sources == set(row["licence"].split("; ")) - {"MIT"}
    if "CC BY-SA 4.0" in of_sources:
        assert row["licence"] == "CC BY-SA 4.0", "a share-alike source leaves no part of the file under MIT"


@pytest.mark.parametrize("row", [row for row in FILES if row["licence"] != "MIT"], ids=lambda row: row["file"])
def test_a_file_under_other_terms_is_in_the_document(row: dict[str, str]) -> None:
    assert f"data/{row['file']}" in DOCUMENT
    if row["file"].endswith(".yaml"):
        assert f"# License: {row['licence']}" in (ROOT / "data" / row["file"]).read_text(encoding="utf-8")


def test_the_package_declares_every_license_that_it_ships() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["license"].split(" AND ")
    spdx = {"CC BY-SA 4.0": "CC-BY-SA-4.0", "CC BY 4.0": "CC-BY-4.0", "Apache-2.0": "Apache-2.0", "MIT": "MIT"}
    assert set(declared) == {spdx[terms] for row in FILES for terms in row["licence"].split("; ") if terms in spdx}


def test_every_copyleft_dependency_is_named() -> None:
    pins = re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE)
    copyleft: list[str] = []
    for name in pins:
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # for another platform
        classifiers = [value for value in metadata.get_all("Classifier") or [] if value.startswith("License")]
        terms = " ".join([metadata.get("License-Expression") or (metadata.get("License") or "")[:60], *classifiers])
        # "or": the package may be taken under the permissive one.
        if re.search(r"GPL|MPL|EPL|CDDL|Mozilla", terms) and not re.search(r"\bor\b", terms, re.IGNORECASE):
            copyleft.append(name)
    assert [name for name in copyleft if not re.search(rf"\b{re.escape(name)}\b", DOCUMENT)] == []


def test_agpl_comes_only_with_the_benchmark_peer() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = {name for name, lines in project["optional-dependencies"].items() for line in lines if "openfisca" in line}
    assert extras == {"bench"}
    assert not any("openfisca" in line for line in project["dependencies"])
