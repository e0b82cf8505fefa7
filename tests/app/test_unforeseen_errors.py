"""An error that no page foresaw: a sentence, a log line without pay in it, and the last plan that could be shown."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest

from compplan.ui.designer import page as designer_page


class UnforeseenError(Exception):
    pass


@pytest.fixture
def fails_at_77777(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the Designer fail on a base of 77,777."""
    draw = designer_page.draw

    def fail_or_draw() -> None:
        from compplan.ui.session import edit_session

        if edit_session().plan.pay.base == 77_777:
            raise UnforeseenError("Ann earns 77,777")
        draw()

    monkeypatch.setattr(designer_page, "draw", fail_or_draw)


@pytest.mark.usefixtures("fails_at_77777")
def test_a_change_that_cannot_be_shown_is_undone_and_said(page: Any, caplog: pytest.LogCaptureFixture) -> None:
    page.enter("pay.base", "80000")
    with caplog.at_level(logging.ERROR, logger="compplan.ui.shell.errors"):
        page.enter("pay.base", "77777")
    assert page.plan.pay.base == 80_000
    assert page.entered("pay.base") == "80,000"
    message = page.piece("so the change was undone")
    number = re.search(r"under ([0-9a-f]{8})", message)
    assert number is not None
    (record,) = [r for r in caplog.records if r.name == "compplan.ui.shell.errors"]
    assert number[1] in record.getMessage()
    assert "UnforeseenError at" in record.getMessage()
    assert "fail_or_draw" in record.getMessage()
    assert "77,777" not in caplog.text
    page.enter("pay.base", "81000")
    assert page.plan.pay.base == 81_000
    assert not any("so the change was undone" in piece for piece in page.html)


def test_a_page_that_always_fails_says_so_and_keeps_the_plan(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    page.enter("pay.base", "80000")

    def fail() -> None:
        raise UnforeseenError

    monkeypatch.setattr(designer_page, "draw", fail)
    page.run()
    assert page.piece("Something went wrong on this page. Your plan was not changed.")
    monkeypatch.undo()
    page.run()
    assert not any("Something went wrong" in piece for piece in page.html)
    assert page.plan.pay.base == 80_000
