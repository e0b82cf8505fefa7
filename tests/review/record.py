"""Record the goldens of the review anew: ``python tests/review/record.py``.

Never record goldens to make a test pass: read what changed first, and describe it in CHANGELOG.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from review.goldens import FOLDER, text_of

from compplan import templates


def main() -> None:
    """Write a file for each template, and delete those of templates that no longer exist."""
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.yaml"):
        if old.stem not in templates.keys():  # noqa: SIM118  (a module, and no mapping)
            old.unlink()
    for key in templates.keys():  # noqa: SIM118
        (FOLDER / f"{key}.yaml").write_text(text_of(key), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
