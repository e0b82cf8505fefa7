"""People on the bands: how the file was read, where people stand, who is an outlier, and what raises cost."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from compplan import charts, documents, formats
from compplan.access import Right
from compplan.benchmarks import PayBasis, compression, group_compa_ratio, outliers, pay_gaps, raise_costs
from compplan.benchmarks.placement import STANDING
from compplan.clock import utc_today
from compplan.errors import CompPlanError
from compplan.ui.benchmarks.session import CURRENCIES, BenchmarksSession, PlacedTeam
from compplan.ui.host import sign_in
from compplan.ui.people import first_problem
from compplan.ui.templates import render
from compplan.ui.widgets import components
from compplan.ui.widgets.labels import table_names, verbatim
from compplan.ui.widgets.tables import frame_table, text_table

if TYPE_CHECKING:
    import pandas as pd
    from streamlit.delta_generator import DeltaGenerator

    from compplan.roster import Reading

_MOST_ROWS = 200
_MOST_TITLES = 30
_FILTERS: tuple[Literal["role", "manager", "place"], ...] = ("role", "manager", "place")
_COMPA_EDGES = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4]
_RANGE_EDGES = [-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5]
_NOT_GROUPS = {"id", "name", "base", "variable", "ote", "currency", "hired", "left", *STANDING}


def draw(
    state: BenchmarksSession,
    team: PlacedTeam | None,
    draw_people: Callable[[BenchmarksSession, PlacedTeam, pd.DataFrame], None],
) -> None:
    """Draw how the file was read, the filters, and one view of the people."""
    if team is None or state.people.reading is None:
        st.caption(
            "Upload a people file to see everyone on the bands, the outliers and the cost of raises. Any headings "
            "work, and every correction and skipped row is listed."
        )
        return
    _reading(state, state.people.reading)
    draw_people(state, team, _choices(state, team))


def _reading(state: BenchmarksSession, read: Reading) -> None:
    """How the file was read: counts, columns, remarks, and the file with its remarks."""
    from compplan.documents import remarked_csv, remarked_xlsx

    st.html(render("benchmarks.lead", read.source.filename, f"{read.counts.people:,} people"))
    for line in read.account(veiled=not state.names).lines():
        st.caption(verbatim(line))
    if not read.has_pay:
        st.html(render("widgets.message", "problem", str(read.notes[0]), "alert"))
    section = st.expander(f"Columns and {len(read.notes)} remarks", key="people.notes", on_change="rerun")
    if not section.open:
        return
    with section:
        _left_open(state)
        _periods(state)
        _roles(state, read)
        _headings(state, read)
        notes = read.notes if state.names else read.veiled()
        rows = [(str(n.line or ""), n.cell, n.column, n.remark) for n in notes[:_MOST_ROWS]]
        st.html(text_table(("Line", "Cell", "Column", "Remark"), rows))
        if len(read.notes) > _MOST_ROWS:
            st.caption(f"The first {_MOST_ROWS} of {len(read.notes)} remarks. The files below have all of them.")
        left, right = st.columns(2)
        with left:
            st.download_button(
                "File with remarks (XLSX)", lambda: remarked_xlsx(read), "remarks.xlsx", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
        with right:
            st.download_button(
                "File with remarks (CSV)", lambda: remarked_csv(read), "remarks.csv", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _left_open(state: BenchmarksSession) -> None:
    """What a people file may leave open."""
    st.caption("Fill in what the file leaves out.")
    choices: tuple[tuple[str, str, dict[Any, str]], ...] = (
        ("currency", "Amounts without a currency", {"": "As in the file", **{code: code for code in CURRENCIES}}),
        ("day_first", "Read 03/04/2025 as", {"": "As in the column", True: "April 3", False: "March 4"}),
        ("percent_of", "Variable pay is a % of", {"": "As in the file", "base": "Base", "ote": "OTE"}),
    )
    columns = st.columns(4)
    for column, (name, label, options) in zip(columns, choices, strict=False):

        def answer(value: Any, name: str = name) -> None:
            state.people.set_option(name, None if value == "" else value)

        current = state.people.options.get(name, "")
        _choice(column, f"people.option.{name}", label, list(options), current, options.__getitem__, answer)
    with columns[3]:
        st.session_state["people.option.hours"] = float(state.people.options.get("hours_per_year", 2080.0))
        st.number_input(
            "Hours per year, for hourly pay", 1.0, 8784.0, step=1.0, format="%g", key="people.option.hours",
            on_change=lambda: state.people.set_option("hours_per_year", float(st.session_state["people.option.hours"])),
        )  # fmt: skip


def _periods(state: BenchmarksSession) -> None:
    """What the amounts of base, variable and OTE are for."""
    from compplan.roster.options import PAY, PERIOD_NAMES

    names = {"biweek": "Two weeks", "semimonth": "Half a month"}
    labels = {"base": "Base is for each", "variable": "Variable is for each", "ote": "OTE is for each"}
    per: dict[str, str] = state.people.options.get("per", {})

    def period_name(period: str) -> str:
        return names.get(period, period.capitalize()) or "As in the file"

    for column, name in zip(st.columns(4), PAY, strict=False):

        def answer(period: str, name: str = name) -> None:
            periods = {field: each for field, each in {**per, name: period}.items() if each}
            state.people.set_option("per", periods or None)

        key = f"people.per.{name}"
        _choice(column, key, labels[name], ["", *PERIOD_NAMES], per.get(name, ""), period_name, answer)


def _roles(state: BenchmarksSession, read: Reading) -> None:
    """The role of titles that mean none, remembered while the file is open."""
    chosen: dict[str, str] = state.people.options.get("role_map", {})
    counts = {**dict.fromkeys(chosen, 0), **read.roleless}
    if not counts:
        return
    st.caption("Titles without a role. Choose the role that each of them means.")
    roles = table_names("roles")
    columns = st.columns(3)
    for place, (title, count) in enumerate(list(counts.items())[:_MOST_TITLES]):

        def answer(role: str, title: str = title) -> None:
            mapped = {name: each for name, each in {**chosen, title: role}.items() if each}
            state.people.set_option("role_map", mapped or None)

        people = f" ({count:,})" if count else ""
        _choice(
            columns[place % 3], f"people.role.{title}", verbatim(f"{title}{people}"), ["", *roles],
            chosen.get(title, ""),
            lambda role: roles.get(role, "No role"), answer,
        )  # fmt: skip


def _headings(state: BenchmarksSession, read: Reading) -> None:
    from compplan import roster

    st.caption("The column of each field. Choose another one if it is wrong.")
    headings = ["", *dict.fromkeys(h.heading for h in read.headings if h.heading)]
    columns = st.columns(3)
    for place, name in enumerate(field for field in roster.FIELDS if field not in ("first_name", "last_name")):
        _choice(
            columns[place % 3], f"people.map.{name}", verbatim(name.replace("_", " ").capitalize()), headings,
            read.mapping.get(name, ""), lambda heading: heading or "Not in the file",
            functools.partial(state.people.map_field, name),
        )  # fmt: skip


def _choice(
    column: DeltaGenerator,
    key: str,
    label: str,
    options: list[Any],
    current: Any,
    name_of: Callable[[Any], str],
    answer: Callable[[Any], None],
) -> None:
    """A field that shows what holds now, and hands on what is chosen."""
    st.session_state[key] = current
    with column:
        st.selectbox(label, options, format_func=name_of, key=key, on_change=lambda: answer(st.session_state[key]))


def _choices(state: BenchmarksSession, team: PlacedTeam) -> pd.DataFrame:
    """Filters and display options; returns the people that are left."""
    names = table_names("roles")
    columns = st.columns([1, 1, 1, 0.9, 1.7])
    chosen: dict[Literal["role", "manager", "place"], list[str]] = {}
    for column, name in zip(columns, _FILTERS, strict=False):
        values = sorted({str(value) for value in team.people[name] if value})
        shown = dict(zip(values, values, strict=True))
        if name == "role":
            shown = names
        elif name == "manager" and not state.names:
            # Managers are people too: without names, a team is known by its number and size.
            sizes = team.people["manager"].value_counts()
            shown = {value: f"Team {i} ({sizes[value]} people)" for i, value in enumerate(values, start=1)}
        with column:
            chosen[name] = st.multiselect(
                name.capitalize(), values, key=f"people.{name}", placeholder="All",
                format_func=lambda value, shown=shown: verbatim(shown[value]),
            )  # fmt: skip
    with columns[3]:
        if "people.basis" not in st.session_state:
            st.session_state["people.basis"] = state.basis.value
        st.segmented_control(
            "Compare on", [PayBasis.BASE.value, PayBasis.OTE.value], key="people.basis", required=True,
            format_func={"base": "Base", "ote": "OTE"}.__getitem__,
            on_change=lambda: setattr(state, "basis", PayBasis(st.session_state["people.basis"] or "base")),
        )  # fmt: skip
    with columns[4]:
        _toggle(state, "Use each person's location", "local", "Compares each person with the market of their location.")
        _toggle(state, "Show names", "names", "If off, people are shown by id.")
    return team.filtered(chosen)


def _toggle(state: BenchmarksSession, label: str, name: Literal["local", "names"], help_text: str) -> None:
    key = f"people.{name}"
    if key not in st.session_state:
        st.session_state[key] = getattr(state, name)
    st.toggle(label, key=key, help=help_text, on_change=lambda: setattr(state, name, bool(st.session_state[key])))


def standing(state: BenchmarksSession, team: PlacedTeam, people: pd.DataFrame) -> None:
    """Group compa-ratio, the two distributions, and the outliers."""
    placed = people[people["stands"] != ""]
    if team.unknown:
        unknown = ", ".join(list(team.unknown)[:8])
        more = f" and {len(team.unknown) - 8} more" if len(team.unknown) > 8 else ""
        st.caption(verbatim(f"Not found in the United States, compared with the market on the left: {unknown}{more}."))
    _areas(team)
    if not len(placed):
        st.caption("None of these people can be compared with a band. See the reason for each person below.")
    else:
        groups = group_compa_ratio(placed)
        for record in groups.to_dict("records"):
            text = f"group compa-ratio ({record['currency']}), {record['people']} people"
            st.html(render("benchmarks.lead", f"{record['compa_ratio']:.3f}", text))
        _histograms(placed)
    outlying = outliers(people)
    st.subheader(f"Outliers: {len(outlying)} of {len(placed)}", anchor=False)
    if len(outlying):
        _people_table(outlying, state)
    nowhere = people[people["stands"] == ""]
    if len(nowhere):
        st.subheader(f"Not compared with a band: {len(nowhere)}", anchor=False)
        _people_table(nowhere, state, ("remark",))


def _areas(team: PlacedTeam) -> None:
    """The area that was used for each place of the file."""
    if team.areas:
        with st.expander(f"Areas used for {len(team.areas)} places"):
            st.html(text_table(("Place in the file", "Area"), sorted(team.areas.items())[:_MOST_ROWS]))


def _histograms(placed: pd.DataFrame) -> None:
    compa = charts.histogram(placed["compa_ratio"].to_numpy(), _COMPA_EDGES, {0.8: "0.80", 1.2: "1.20"}, "Compa-ratio")
    span = charts.histogram(
        placed["penetration"].to_numpy(), _RANGE_EDGES, {0.0: "low end", 1.0: "high end"}, "Range penetration"
    )
    components.board(
        [
            components.figure(name, title, f"Number of people by {title.lower()}", chart, height=220)
            for name, title, chart in (("compa", "Compa-ratios", compa), ("range", "Range penetration", span))
        ],
        key="standing",
    )


def _people_table(
    frame: pd.DataFrame, state: BenchmarksSession, last: tuple[str, ...] = ("compa_ratio", "outlier")
) -> None:
    heads = {"id": "Id", "name": "Name", "role": "Role", "place": "Place", "pay": "Pay", "low": "Range low",
             "midpoint": "Midpoint", "high": "Range high", "compa_ratio": "Compa-ratio", "outlier": "Reason",
             "remark": "Reason"}  # fmt: skip
    shown = ["id", *(["name"] if state.names else []), "role", "place", "pay", "low", "midpoint", "high", *last]
    forms = dict.fromkeys(("pay", "low", "midpoint", "high"), "money") | {"compa_ratio": "ratio"}
    rows = frame.head(_MOST_ROWS).assign(role=frame["role"].map(table_names("roles")).fillna(""))
    st.html(frame_table(rows, {name: heads[name] for name in shown}, forms))
    if len(frame) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS} of {len(frame)} people. The workbook has all of them.")


def raises(state: BenchmarksSession, team: PlacedTeam, people: pd.DataFrame) -> None:
    """The cost of raises, compression, pay equity, and the workbook."""
    st.subheader("Annual cost of raises", anchor=False)
    heads = {
        "to": "To",
        "currency": "Currency",
        "people": "People",
        "raised": "Raised",
        "cost": "Cost",
        "share": "% of pay",
    }
    st.html(frame_table(raise_costs(people), heads, {"cost": "money", "share": "percent"}))
    if state.local:
        st.caption("Each person is compared with the market of their location.")
    compressed = compression(people, team.bands)
    st.subheader("Pay compression with the next role", anchor=False)
    if len(compressed):
        names = table_names("roles")
        compressed = compressed.assign(role=compressed["role"].map(names), next_role=compressed["next_role"].map(names))
        heads = {"role": "Role", "next_role": "Next role", "mean_pay": "Mean pay", "next_mean_pay": "Next mean pay",
                 "progression": "Difference", "reached": "In next band", "overtaken": "Paid above someone",
                 "compressed": "Under 5%"}  # fmt: skip
        forms = {"mean_pay": "money", "next_mean_pay": "money", "progression": "percent"}
        st.html(frame_table(compressed, heads, forms))
    else:
        st.caption("No two consecutive roles have people.")
    _equity(state, people)
    market = [step.why for band in state.reference().values() for step in state.settings.market().adjust(band).steps]
    notes = list(dict.fromkeys(market)) or ["As published."]
    if state.local:
        notes.append("Each person is compared with the band of their location if it is known; see Bands.")
    day, actor, check_access = utc_today(), sign_in.who(), sign_in.still(Right.PEOPLE)

    def team_workbook() -> bytes:
        check_access()
        sign_in.note_export(actor, "people on the bands")
        return documents.people_workbook(people, team.bands, market=notes, on=day, names=state.names)

    st.download_button(
        "Workbook of everything (XLSX)",
        team_workbook,
        file_name="people-on-the-bands.xlsx", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _equity(state: BenchmarksSession, people: pd.DataFrame) -> None:
    st.subheader("Pay equity", anchor=False)
    hidden = _NOT_GROUPS if state.names else _NOT_GROUPS | {"manager"}
    columns = [str(name) for name in people.columns if str(name) not in hidden and people[name].nunique() < 30]
    by = st.selectbox(
        "Group by", columns, index=None, key="people.equity", width=300, placeholder="Choose a column",
        format_func=lambda name: verbatim(name.replace("_", " ").capitalize()),
    )  # fmt: skip
    st.caption(
        "Mean pay of each group relative to the largest group, within each role. Groups of fewer than five people are "
        "hidden. Tenure, location and performance are not adjusted for."
    )
    if by is None or by == "role":
        return
    try:
        gaps = pay_gaps(people, by, pay="pay").assign(level=lambda frame: frame["level"].map(table_names("roles")))
    except CompPlanError as error:
        st.html(render("widgets.message", "problem", first_problem(error), "alert"))
        return
    gaps = gaps.assign(
        people=gaps["people"].astype(object).where(~gaps["withheld"], "fewer than 5"),
        group=gaps["group"].where(~gaps["withheld"], "a small group"),
    )
    heads = {"level": "Role", "currency": "Currency", "group": "Group", "people": "People", "mean_pay": "Mean pay",
             "ratio": "Ratio", "reference": "Relative to"}  # fmt: skip
    st.html(frame_table(gaps, heads, {"mean_pay": "money", "ratio": "ratio"}))
    shown = int((~gaps["withheld"]).sum())
    st.caption(f"{formats.plain_number(shown)} of {formats.plain_number(len(gaps))} groups have at least five people.")
