"""The page as it opens, and every template in it: what is shown is what the library computes."""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from compplan import templates
from compplan.outcomes import overview
from compplan.payout import payout, results_at
from compplan.plan import Plan
from compplan.review import review

SECTIONS = ("section.curves", "section.conditions", "section.likely")


def number(text: str) -> Decimal:
    """The number in a figure: $1.4M is 1400000, −12.5% is −12.5."""
    found = re.search(r"(−?)[^\d−]*(\d[\d,]*(?:\.\d+)?)\s*([kM]?)", text)
    assert found, text
    size = Decimal(found[2].replace(",", "")) * {"": 1, "k": 1_000, "M": 1_000_000}[found[3]]
    return -size if found[1] else size


def near(text: str, amount: float) -> bool:
    """Whether a figure says an amount, rounded to the digit that it shows last."""
    shown = number(text)
    last = Decimal(100_000) if "M" in text else Decimal(100) if "k" in text else Decimal(1)
    return abs(shown - Decimal(amount)) <= last / 2 + Decimal("1e-6")


def check_figures(page: Any, plan: Plan) -> None:
    """The five figures against the library, and the warning where the plan pays something else at target."""
    seen, shown = overview(plan), page.figures
    assert list(shown) == ["OTE", "At target", "Expected pay", "Maximum", "Review"]
    assert near(shown["OTE"][0], plan.pay.ote)
    assert seen.at_target is not None
    assert abs(number(shown["At target"][0]) - Decimal(seen.at_target * 100)) <= Decimal("0.05")
    assert near(shown["At target"][1], seen.cash_at_target)
    if seen.cash_likely is None:
        assert shown["Expected pay"][:2] == ("–", "needs a spread of results")
    else:
        assert near(shown["Expected pay"][0], seen.cash_likely)
    if seen.cash_ceiling == float("inf"):
        assert shown["Maximum"][:2] == ("no limit", "no cap")
    else:
        assert near(shown["Maximum"][0], seen.cash_ceiling)
    found = review(plan, today=dt.datetime.now(dt.UTC).date())
    for severity in ("error", "warning"):
        count = found.counts[severity]
        counts = f"{shown['Review'][0]}, {shown['Review'][1].partition(' · ')[0]}"
        told = re.search(rf"(\d+) {severity}s?\b", counts)
        assert (int(told[1]) if told else 0) == count, "no count is left out, and none is of nothing"
    worst = next((f for f in found.findings if f.severity != "info"), None)
    assert worst is None or shown["Review"][1].rpartition(" · ")[2] == worst.message.rstrip(".")
    assert bool(page.warning) is not seen.keeps_its_promise


def check_statement(page: Any, plan: Plan, results: dict[str, float]) -> None:
    """The statement on the page against `payout`, cent by cent, and its own sum."""
    paid = payout(plan, results, "year")
    *lines, variable, base, total = page.table()
    amounts = [number(text) for _, text in lines if text]
    assert [label for label, _ in lines] == [line.label for line in paid.lines]
    assert amounts == [
        Decimal(str(line.amount))
        for line, (_, text) in zip(paid.lines, lines, strict=True)
        if text or pytest.approx(0) != line.amount
    ]
    assert sum(amounts) == number(variable[1]) == Decimal(str(paid.total))
    assert number(base[1]) == Decimal(str(paid.base))
    assert number(total[1]) == Decimal(str(paid.cash_total)) == number(variable[1]) + number(base[1])


def test_first_load_shows_a_template(page: Any) -> None:
    assert page.title == "KnowUp: CSAT as a weighted part · template"
    assert page.figures == {
        "OTE": ("$105k", "$85k base + $20k variable", ""),
        "At target": ("100%", "pays $105k in total", ""),
        "Expected pay": ("$103.7k", "$98.7k to $108.7k, 80% likely", ""),
        "Maximum": ("$116.5k", "leverage 1.57×", ""),
        "Review": (
            "3 warnings",
            "Pay for GRR jumps by $4,500 a year at 85%, but the plan does not say how results are rounded",
            "",
        ),
    }
    assert page.table() == [
        ["Gross revenue retention on ARR due", "$9,000.00"],
        ["Expansion ARR", "$7,000.00"],
        ["Customer satisfaction, share satisfied", "$4,000.00"],
        ["Variable pay and kickers", "$20,000.00"],
        ["Base salary", "$85,000.00"],
        ["Total pay", "$105,000.00"],
    ]
    assert (page.warning, page.warnings, page.problems) == ("", [], [])
    buttons = {str(button.key): button.disabled for button in page.at.button}
    fixes = [key for key in buttons if key.startswith("worst.")]
    assert buttons == {"undo": True, "redo": True} | dict.fromkeys(fixes, False)
    assert len(fixes) == 2
    check_figures(page, page.plan)
    check_statement(page, page.plan, results_at(page.plan, 1.0)[0])


def test_every_chart_of_the_first_load_has_its_numbers_as_a_table(page: Any) -> None:
    figures = page.component("charts")["figures"]
    assert [figure["id"] for figure in figures] == ["curves", "waterfall", "total"]
    for figure in figures:
        assert figure["title"]
        assert figure["alt"]
        assert '"data":[{' in figure["spec"]
        columns, rows = figure["table"]["columns"], figure["table"]["rows"]
        assert rows
        assert {len(row) for row in rows} == {len(columns)}
    waterfall = [row[1] for row in figures[1]["table"]["rows"]]
    assert (waterfall[0], waterfall[-1]) == ("$85,000.00", "$105,000.00")


@pytest.mark.parametrize("key", templates.keys())
def test_every_template_opens_from_the_menu(page: Any, key: str) -> None:
    plan = templates.load(key)
    page.open("open")
    page.at.selectbox(key="template").set_value(key)
    page.run()
    assert page.title == f"{plan.name} · template"
    assert page.plan == plan
    results = results_at(plan, 1.0)[0]
    check_figures(page, plan)
    check_statement(page, plan, results)

    page.open(*SECTIONS)
    assert (page.problems, page.warnings) == ([], [])
    assert all(page.at.session_state[section] for section in SECTIONS)
    for place in range(1, len(plan.components)):
        page.choose("picked", place)
    assert page.plan == plan, "looking at a plan changes nothing"

    page.tab("Plan file")
    assert [Plan.from_yaml(code.value) for code in page.at.code] == [plan]

    page.tab("Python")
    (code,) = page.at.code
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code.value, "the lines of the page", "exec"), {})
    assert printed.getvalue() == payout(plan, results, "year").text() + "\n"

    page.tab("Source")
    assert any("https://" in body for body in page.html if body.startswith("<p><a"))


def test_the_python_lines_print_the_statement_of_the_page(page: Any) -> None:
    page.what_if(grr=0.95, expansion_arr=300_000)
    total = page.table()[-1][1]
    assert total == "$110,500.00"
    page.tab("Python")
    (code,) = page.at.code
    done = subprocess.run([sys.executable, "-c", code.value], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert total in done.stdout


def test_tabs_and_heat_map_are_drawn_when_opened(page: Any) -> None:
    page.enter("pay.base", "90,000")
    page.tab("Changes")
    rows = {row[0]: row[1:] for row in page.table()[1:]}
    assert rows["Base salary"] == ["$85,000.00", "$90,000.00", "+$5,000.00"]
    assert page.figures["OTE"] == ("$110k", "$90k base + $20k variable", "$105k")

    page.at.get_by_key("second").set_value("pair")
    page.run()
    assert [figure["id"] for figure in page.component("charts")["figures"]] == ["curves", "waterfall", "pair"]
    page.choose("across", "csat_top_box")
    heat_map = page.component("charts")["figures"][2]
    assert "CSAT" in heat_map["spec"]
    # The same measure on both sides is no map: the line comes back.
    page.choose("up", "csat_top_box")
    assert page.component("charts")["figures"][2]["id"] == "total"


@pytest.mark.parametrize("key", ["knowup-csat-weighted", "gitlab-tam"])
def test_share_shows_a_link_that_opens_the_same_plan(open_page: Any, page: Any, key: str) -> None:
    page.at.context["url"] = "https://pay.example:8443/plans/?theme=dark"
    page.open("open", "share")
    page.at.selectbox(key="template").set_value(key)
    page.run()
    page.enter("pay.base", "91,234.50")
    (link,) = [code.value for code in page.at.code if "?plan=" in code.value]
    place, _, query = link.partition("?plan=")
    assert place == "https://pay.example:8443/plans/"
    assert re.fullmatch(r"v1\.[A-Za-z0-9_-]+", query)

    other = open_page(plan=query)
    assert other.plan == page.plan
    assert other.title == f"{page.plan.name} · link"
    # A plan from a link was never another one: there is nothing to go back to, and no "before".
    assert other.at.button(key="undo").disabled
    assert {name: figure[0] for name, figure in other.figures.items()} == {
        name: figure[0] for name, figure in page.figures.items()
    }
    assert other.table() == page.table()
    other.enter("pay.base", "100,000")
    assert other.plan.pay.base == 100_000, "the link opens its plan once, then the person goes on"


def test_share_on_a_local_server_says_who_can_open_the_link(page: Any) -> None:
    page.at.context["url"] = "http://127.0.0.1:8501/"
    page.open("share")
    assert any("running on this computer" in caption.value for caption in page.at.caption)
