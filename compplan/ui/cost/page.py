"""The Cost page: headline, five figures, three charts, and a tab for each table."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from compplan import charts, templates
from compplan.clock import utc_today
from compplan.cost import CostReport, contract_costs
from compplan.errors import CompPlanError
from compplan.plan import Plan
from compplan.ui.cost import html, tables
from compplan.ui.cost.session import CostRequest, CostVisibility, cost_report, monthly_schedule, plan_comparison
from compplan.ui.host import deployment, sign_in
from compplan.ui.session import OpenVersion
from compplan.ui.widgets import components
from compplan.ui.widgets.downloads import XLSX
from compplan.ui.widgets.html import key_figures_html, show_error
from compplan.ui.widgets.versions import plan_labels

_MOST_ROWS = 200
_SHARES = {f"{percent}%": percent / 100 for percent in range(50, 155, 5)}
SHARED_TABS = ("Year", "By attainment", "People", "Budget and ratios", "Accounting")
TABS = (*SHARED_TABS, "Assumptions", "Compare plans")


def draw(
    request: CostRequest, visibility: CostVisibility, *, key: str = "cost", tabs: Sequence[str] = TABS
) -> CostReport | None:
    """Draw the cost of a plan; return None and show the reason if it cannot be computed."""
    try:
        report = cost_report(request)
    except CompPlanError as error:
        show_error(html.refusal(error, request.plan))
        return None
    if visibility.withholds(report.employed):
        st.html(
            html.headline_html(
                "Fewer than five people are paid under this plan. The owner of this link does not share totals of so "
                "few people, because they would reveal what one person earns."
            )
        )
        return None
    st.html(html.headline_html(html.headline(report)))
    st.html(key_figures_html(html.key_figures(report)) + html.spread_html(report))
    _pictures(request, report, key, months=visibility.shows_months(request))
    for name, tab in zip(tabs, st.tabs(tabs, key=f"{key}.tab", on_change="rerun"), strict=True):
        if tab.open:
            with tab:
                _tab(name, request, report, visibility)
    return report


def _pictures(request: CostRequest, report: CostReport, key: str, *, months: bool) -> None:
    components.board(
        [
            components.figure(
                "grid",
                "Cost by attainment (all measures)",
                "Fully loaded cost of the year at each attainment of all measures",
                charts.cost_by_attainment(report),
                height=300,
                span=2,
            ),
            *([_month_figure(request)] if months else []),
            components.figure(
                "loaded",
                "Fully loaded cost by part",
                "Fully loaded cost of the year from base salary to overhead",
                charts.loaded_waterfall(report),
                height=300,
            ),
        ],
        key=f"{key}.charts",
    )


def _month_figure(request: CostRequest) -> components.BoardFigure:
    chart = charts.cost_by_month(monthly_schedule(request))
    alt = "Cost by month, with the accrual at the end of each month"
    return components.figure("months", "Monthly cost and accrual", alt, chart, height=300)


def _tab(name: str, request: CostRequest, report: CostReport, visibility: CostVisibility) -> None:
    match name:
        case "Year" if not visibility.shows_months(request):
            st.caption(
                "Months are hidden: in at least one month fewer than five people are paid, join or leave, which would "
                "reveal what one person earns."
            )
        case "Year":
            year = monthly_schedule(request)
            st.html(tables.quarter_table(year))
            st.html(tables.month_table(year))
            footing = "expected pay" if year.footing == "expected" else "target"
            st.caption(
                f"At {footing}. The accrual is variable pay that is earned but not yet paid, with its employer tax."
            )
        case "By attainment":
            st.html(tables.parts_table(report))
            st.html(tables.grid_table(report))
            for sentence in html.held_measures(report, request.plan):
                st.caption(sentence)
        case "People":
            _people(report, visibility)
        case "Budget and ratios":
            if report.budget is not None:
                st.html(tables.budget_table(report, report.budget))
            st.html(tables.ratio_table(report))
        case "Accounting":
            parts = contract_costs(request.plan)
            st.html(tables.contract_table(parts))
            st.caption(parts[0].note)
        case "Assumptions":
            assumptions(request, report)
        case _:
            _compare_plans(request)


def assumptions(request: CostRequest, report: CostReport) -> None:
    """The assumptions with their sources, and what the model leaves out."""
    st.html(html.assumption_list(report, request.inputs.dropped))
    if report.assumptions.regime == "us_fica":
        st.html(html.tax_sources())
    st.markdown("**Not included**")
    st.html(html.not_modelled(report))
    st.caption(f"Plan {report.plan_hash[:12]}, compplan {report.version}. Not tax, legal or accounting advice.")


def _people(report: CostReport, visibility: CostVisibility) -> None:
    if any(visibility.withholds(people) for people in report.by_role["headcount"]):
        # The cost of a hidden role would follow from the total and the other roles.
        st.caption("Costs by role are hidden because one role has fewer than five people.")
    else:
        st.html(tables.role_table(report))
    if visibility.by_person and not visibility.rows:
        st.caption("The owner of this link does not share the rows of single people.")
        if len(report.set_aside):
            st.caption(f"{len(report.set_aside):,} people in the file are not costed under this plan.")
        return
    st.html(tables.people_table(report, _MOST_ROWS))
    if len(report.each) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS} of {len(report.each):,} rows; the workbook has all.")
    if len(report.set_aside):
        st.html(tables.aside_table(report, _MOST_ROWS))


def _compare_plans(request: CostRequest) -> None:
    """Compare with another plan for the same people."""
    saved = _saved_plans()
    template_names = {key: templates.describe(key).name for key in templates.keys()}  # noqa: SIM118
    names = {f"saved:{key}": name for key, name in saved.items()} | template_names
    chosen = st.selectbox(
        "Compare with",
        list(names),
        index=None,
        key="cost.against",
        placeholder="Choose a saved plan or a template",
        format_func=names.__getitem__,
    )
    if chosen not in names:
        st.caption("See who gains and who loses compared with a saved plan or a template, for the same people.")
        return
    on = _SHARES[st.select_slider("Attainment of everyone", list(_SHARES), "100%", key="cost.on")]
    try:
        other = _saved_plan(chosen.removeprefix("saved:")) if chosen not in template_names else templates.load(chosen)
        comparison = plan_comparison(CostRequest.of(request.plan, request.inputs, request.table, other), on)
    except CompPlanError as error:
        show_error(html.refusal(error, request.plan))
        return
    st.html(html.headline_html(html.comparison_headline(comparison, other.name)))
    if len(comparison.people) > 1:
        title = "Change in cash pay, largest loss first"
        chart = charts.gains_and_losses(comparison)
        components.board([components.figure("gains", title, title, chart, height=300, span=2)], key="cost.gains")
    st.html(tables.comparison_roles(comparison))
    st.html(tables.comparison_people(comparison, _MOST_ROWS))


def _saved_plans() -> dict[str, str]:
    """Names of the saved plans by id; none if they cannot be read, which the Open menu explains."""
    try:
        return plan_labels(deployment.store().scenarios(by=sign_in.who()))
    except CompPlanError:
        return {}


def _saved_plan(key: str) -> Plan:
    return deployment.store().version(key, by=sign_in.who()).plan


def downloads(request: CostRequest, visibility: CostVisibility, open_version: OpenVersion | None = None) -> None:
    """The workbook with formulas and the months as CSV, without what the viewer may not see."""
    day, actor = utc_today(), sign_in.who()
    hides_rows = visibility.by_person and not visibility.rows

    def cost_workbook() -> bytes:
        from compplan.documents.workbook import workbook

        visibility.check_access()
        sign_in.note_export(actor, "workbook of cost", open_version=open_version, link_id=visibility.link_id)
        if hides_rows:
            return workbook(request.plan, on=day)
        return workbook(request.plan, request.headcount(), assumptions=request.inputs.assumptions, on=day)

    def by_month() -> str:
        visibility.check_access()
        sign_in.note_export(actor, "cost by month", open_version=open_version, link_id=visibility.link_id)
        return monthly_schedule(request).months.to_csv(index=False)

    with st.container(horizontal=True, key="cost.downloads"):
        st.download_button(
            "Workbook: one person's year" if hides_rows else "Workbook with formulas (Excel)",
            cost_workbook,
            file_name="cost.xlsx",
            mime=XLSX,
            on_click="ignore",
            icon=":material/table:",
            type="primary",
        )
        if visibility.shows_months(request):
            st.download_button(
                "Cost by month (CSV)",
                by_month,
                file_name="cost-by-month.csv",
                mime="text/csv",
                on_click="ignore",
                icon=":material/download:",
            )
    if hides_rows:
        st.caption(
            "The workbook has no rows of single people: it recomputes one person's year at the plan's own pay, not the "
            "totals above. The owner of this link can share the rows with it."
        )
