"""What a plan costs, drawn: headline, five figures, three pictures, and the tables under them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from compplan import charts, templates
from compplan.cost import CostReport, contract_costs
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.ui.cost import html
from compplan.ui.cost import session as cost_session
from compplan.ui.cost.session import Asked
from compplan.ui.host import deployment, sign_in
from compplan.ui.saved import open_plan
from compplan.ui.saved.export import XLSX
from compplan.ui.session import OpenVersion
from compplan.ui.widgets import components
from compplan.ui.widgets.html import key_figures_html, show_error

FEWEST = 5  # totals of fewer people tell what one of them earns
_MOST_ROWS = 200
_SHARES = {f"{percent}%": percent / 100 for percent in range(50, 155, 5)}
SHARED_TABS = ("Year", "By attainment", "Who", "Budget and ratios", "Accounting")
_TABS = (*SHARED_TABS, "Assumptions")


@dataclass(frozen=True, slots=True)
class Door:
    """What somebody who looks at a cost may see.

    Attributes
    ----------
    rows : bool
        Single people, by id.
    few : bool
        Totals of fewer than `FEWEST` people.
    by_person : bool
        Whether the cost is of real people at all; without that there is nothing to withhold.
    ask : callable
        Raises once the door is shut, for what is made later, outside the session.
    link_id : str or None
        Of the link through which somebody looks.
    """

    rows: bool = True
    few: bool = True
    by_person: bool = False
    ask: Callable[[], object] = lambda: None
    link_id: str | None = None

    def withholds(self, people: int) -> bool:
        """Whether a total of some people is not shown."""
        return self.by_person and not self.few and people < FEWEST

    def tells_months(self, asked: Asked) -> bool:
        """Whether the year by month is shown: not where a month, or a change between two, is of few people."""
        return not self.by_person or self.few or cost_session.months(asked).fewest >= FEWEST


def draw(
    asked: Asked, door: Door, *, key: str = "cost", tabs: Sequence[str] = (*_TABS, "Two plans")
) -> CostReport | None:
    """Everything about the cost of a plan; None, and the reason shown, where it cannot be reckoned."""
    try:
        report = cost_session.report(asked)
    except CompPlanError as error:
        show_error(html.refused(error, asked.plan))
        return None
    if door.withholds(report.employed):
        st.html(
            '<p class="cp-headline">Fewer than five people are paid under this plan, and whoever shared it does not '
            "show totals of so few: what one of them earns could be told from it.</p>"
        )
        return None
    st.html(f'<p class="cp-headline">{html.headline(report)}</p>')
    st.html(key_figures_html(html.cards(report)))
    _pictures(asked, report, key, months=door.tells_months(asked))
    for name, tab in zip(tabs, st.tabs(tabs, key=f"{key}.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, asked, report, door)
    return report


def _pictures(asked: Asked, report: CostReport, key: str, *, months: bool) -> None:
    components.board(
        [
            components.figure(
                "grid",
                "Cost against attainment in everything",
                "Loaded cost of the year at each attainment",
                charts.cost_by_attainment(report),
                height=300,
                span=2,
            ),
            *([_month_figure(asked)] if months else []),
            components.figure(
                "loaded",
                "Where the loaded cost goes",
                "From base to the loaded cost",
                charts.loaded_waterfall(report),
                height=300,
            ),
        ],
        key=f"{key}.charts",
    )


def _month_figure(asked: Asked) -> components.Figure:
    chart = charts.cost_by_month(cost_session.months(asked))
    told = "Cost by month with the accrual"
    return components.figure("months", "When it falls due, and what is owed", told, chart, height=300)


def _tab(name: str, asked: Asked, report: CostReport, door: Door) -> None:
    match name:
        case "Year" if not door.tells_months(asked):
            st.caption(
                "The year by month is not shown: in some month fewer than five people are paid, or come or go, and "
                "what one of them earns could be told from it."
            )
        case "Year":
            year = cost_session.months(asked)
            st.html(html.quarter_table(year))
            st.html(html.month_table(year))
            st.caption("On expected pay. The accrual is what is earned and not yet paid, with the employer tax on it.")
        case "By attainment":
            st.html(html.parts_table(report))
            st.html(html.grid_table(report))
            for sentence in html.held_sentences(report, asked.plan):
                st.caption(sentence)
        case "Who":
            _who(report, door)
        case "Budget and ratios":
            if report.budget is not None:
                st.html(html.budget_table(report, report.budget))
            st.html(html.ratio_table(report))
        case "Accounting":
            parts = contract_costs(asked.plan)
            st.html(html.contract_table(parts))
            st.caption(parts[0].note)
        case "Assumptions":
            assumptions(asked, report)
        case _:
            _beside(asked)


def assumptions(asked: Asked, report: CostReport) -> None:
    """What was assumed, with sources, and what is not modelled."""
    st.html(html.assumption_list(report, asked.inputs.dropped))
    if report.assumptions.regime == "us_fica":
        st.html(html.tax_sources())
    st.markdown("**What this does not model**")
    st.html(html.not_modelled(report))
    st.caption(f"Plan {report.plan_hash[:12]}, compplan {report.version}. Not tax, legal or accounting advice.")


def _who(report: CostReport, door: Door) -> None:
    if any(door.withholds(people) for people in report.by_role["headcount"]):
        # One role that is left out could be told from the total less the others.
        st.caption("Roles are not told apart here: one of them has fewer than five people.")
    else:
        st.html(html.role_table(report))
    if door.by_person and not door.rows:
        st.caption("Single people are not shown here: whoever shared this did not say so.")
        if len(report.set_aside):
            st.caption(f"{len(report.set_aside):,} people of the file are not costed under this plan.")
        return
    st.html(html.people_table(report, _MOST_ROWS))
    if len(report.each) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS} of {len(report.each):,} rows; the workbook has all.")
    if len(report.set_aside):
        st.html(html.aside_table(report, _MOST_ROWS))


def _beside(asked: Asked) -> None:
    """Another plan for the same people."""
    saved = _saved()
    known = {key: templates.describe(key).name for key in templates.keys()}  # noqa: SIM118
    names = {f"saved:{key}": name for key, name in saved.items()} | known
    chosen = st.selectbox(
        "Against",
        list(names),
        index=None,
        key="cost.against",
        placeholder="Choose a plan to compare with",
        format_func=names.__getitem__,
    )
    if chosen not in names:
        st.caption("A saved plan or a template, costed on the same people: who gains, who loses, and by how much.")
        return
    on = _SHARES[st.select_slider("With everybody at", list(_SHARES), "100%", key="cost.on")]
    try:
        other = _saved_plan(chosen.removeprefix("saved:")) if chosen not in known else templates.load(chosen)
        seen = cost_session.beside(Asked.about(asked.plan, asked.inputs, asked.table, other), on)
    except CompPlanError as error:
        show_error(html.refused(error, asked.plan))
        return
    st.html(f"<p>{html.beside_headline(seen, other.name)}</p>")
    if len(seen.people) > 1:
        told = "Change of cash pay, the largest loss first"
        chart = charts.gains_and_losses(seen)
        components.board([components.figure("gains", told, told, chart, height=300, span=2)], key="cost.gains")
    st.html(html.beside_roles(seen))
    st.html(html.beside_people(seen, _MOST_ROWS))


def _saved() -> dict[str, str]:
    """Names of the saved plans by id; none where they cannot be reached, which Open tells."""
    try:
        return open_plan.labels(deployment.store().scenarios(by=sign_in.who()))
    except CompPlanError:
        return {}


def _saved_plan(key: str) -> Plan:
    return deployment.store().version(key, by=sign_in.who()).plan


def downloads(asked: Asked, door: Door, open_version: OpenVersion | None = None) -> None:
    """The workbook that recomputes it, and the year as CSV; both without what the door withholds."""
    today, here = dt.datetime.now(dt.UTC).date(), sign_in.who()
    veiled = door.by_person and not door.rows

    def made() -> bytes:
        from compplan.documents.workbook import workbook

        door.ask()
        sign_in.note_export(here, "workbook of cost", open_version=open_version, link_id=door.link_id)
        if veiled:
            return workbook(asked.plan, on=today)
        return workbook(asked.plan, asked.who(), assumptions=asked.inputs.assumptions, on=today)

    def by_month() -> str:
        door.ask()
        sign_in.note_export(here, "cost by month", open_version=open_version, link_id=door.link_id)
        return cost_session.months(asked).months.to_csv(index=False)

    with st.container(horizontal=True, key="cost.downloads"):
        st.download_button(
            "Workbook: one person's year" if veiled else "Workbook: every cent as a formula",
            made,
            file_name="cost.xlsx",
            mime=XLSX,
            on_click="ignore",
            icon=":material/table:",
            type="primary",
        )
        if door.tells_months(asked):
            st.download_button(
                "The year by month (CSV)",
                by_month,
                file_name="cost-by-month.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
            )
    if veiled:
        st.caption(
            "Single people stay out of the workbook: it recomputes one person's year on the plan's own pay, and not "
            "the totals above. Who shared this can let the rows travel with the link."
        )
