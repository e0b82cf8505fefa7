"""People on the bands: how the file was read, where they stand, who is outside, and what mending it costs."""

from __future__ import annotations

import datetime as dt
import html
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from compplan import charts, documents, formats
from compplan.access import Right
from compplan.benchmarks import Basis, compression, costs, equity, group_compa_ratio, outliers
from compplan.benchmarks.placement import STANDING
from compplan.errors import CompPlanError
from compplan.ui.benchmarks.session import CURRENCIES, Desk, Team
from compplan.ui.host import sign_in
from compplan.ui.widgets import components
from compplan.ui.widgets.labels import table_names, verbatim
from compplan.ui.widgets.tables import frame_table, text_table

if TYPE_CHECKING:
    import pandas as pd

    from compplan.roster import Reading

_MOST_ROWS = 200
_FILTERS: tuple[Literal["role", "manager", "place"], ...] = ("role", "manager", "place")
_COMPA_EDGES = [0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4]
_RANGE_EDGES = [-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5]
_NOT_GROUPS = {"id", "name", "base", "variable", "ote", "currency", "hired", *STANDING}


def empty() -> None:
    """What the page says before there are people."""
    st.html(
        '<p class="cp-quiet">Drop a people file on the left: everybody then stands on the bands, with who is outside '
        "and what mending it costs. Headings in other words, mixed notations, blank and totals rows are read and told, "
        "never dropped in silence.</p>"
    )


def reading(desk: Desk, read: Reading) -> None:
    """How the file was read: counts, headings to confirm, remarks, and the file with its remarks."""
    from compplan.documents import remarked_csv, remarked_xlsx

    counts = read.counts
    aside = counts.blank + counts.totals + counts.duplicate + counts.refused
    told = (
        f"{counts.people} people of {counts.rows} rows: {counts.kept} as they stood, {counts.mended} mended; "
        f"{aside} set aside ({counts.blank} blank, {counts.totals} totals, {counts.duplicate} duplicate, "
        f"{counts.refused} refused)."
    )
    st.html(f"<p><b>{html.escape(read.source.filename)}</b> {told}</p>")
    section = st.expander(f"Headings and {len(read.notes)} remarks", key="people.notes", on_change="rerun")
    if not section.open:
        return
    with section:
        _left_open(desk)
        _headings(desk, read)
        notes = read.notes if desk.names else read.veiled()
        told = [(str(n.line or ""), n.cell, n.column, n.remark) for n in notes[:_MOST_ROWS]]
        st.html(text_table(("Line", "Cell", "Column", "Remark"), told))
        if len(read.notes) > _MOST_ROWS:
            st.caption(f"The first {_MOST_ROWS} of {len(read.notes)}; the files below have all.")
        left, right = st.columns(2)
        with left:
            st.download_button(
                "The file with remarks (XLSX)", lambda: remarked_xlsx(read), "remarks.xlsx", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
        with right:
            st.download_button(
                "The file with remarks (CSV)", lambda: remarked_csv(read), "remarks.csv", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


def _left_open(desk: Desk) -> None:
    """What a people file may leave open."""
    st.caption("What the file may not say itself.")
    choices: tuple[tuple[str, str, dict[Any, str]], ...] = (
        ("currency", "Amounts without a currency", {"": "As the file says", **{code: code for code in CURRENCIES}}),
        ("day_first", "03/04/2025 is", {"": "By the column", True: "the 3rd of April", False: "March the 4th"}),
        ("percent_of", "Percents of variable are of", {"": "As the file says", "base": "base", "ote": "OTE"}),
    )
    columns = st.columns(4)
    for column, (name, label, options) in zip(columns, choices, strict=False):
        key = f"people.said.{name}"
        st.session_state[key] = desk.said.get(name, "")

        def chosen(name: str = name, key: str = key) -> None:
            desk.say(name, None if st.session_state[key] == "" else st.session_state[key])

        with column:
            st.selectbox(label, list(options), format_func=options.__getitem__, key=key, on_change=chosen)
    with columns[3]:
        st.session_state["people.said.hours"] = float(desk.said.get("hours_per_year", 2080.0))
        st.number_input(
            "Hours a year, for hourly pay", 1.0, 8784.0, step=1.0, format="%g", key="people.said.hours",
            on_change=lambda: desk.say("hours_per_year", float(st.session_state["people.said.hours"])),
        )  # fmt: skip


def _headings(desk: Desk, read: Reading) -> None:
    from compplan import roster

    st.caption("What each field was read from. Choose another heading where that is wrong.")
    offered = ["", *dict.fromkeys(h.heading for h in read.headings if h.heading)]
    columns = st.columns(3)
    for place, name in enumerate(field for field in roster.FIELDS if field not in ("first_name", "last_name")):
        key = f"people.map.{name}"
        st.session_state[key] = read.mapping.get(name, "")

        def mapped(name: str = name, key: str = key) -> None:
            desk.map_heading(name, str(st.session_state[key]))

        with columns[place % 3]:
            st.selectbox(
                verbatim(name.replace("_", " ").capitalize()), offered, key=key, on_change=mapped,
                format_func=lambda heading: heading or "not in the file",
            )  # fmt: skip


def choices(desk: Desk, team: Team) -> pd.DataFrame:
    """Filters, the pay that people are placed by, names; the people that are left."""
    names = table_names("roles")
    columns = st.columns([1.2, 1.2, 1.2, 1, 1.1])
    chosen: dict[Literal["role", "manager", "place"], list[str]] = {}
    for column, name in zip(columns, _FILTERS, strict=False):
        values = sorted({str(value) for value in team.people[name] if value})
        shown = dict(zip(values, values, strict=True))
        if name == "role":
            shown = names
        elif name == "manager" and not desk.names:
            # Managers are people too: until names are asked for, a team is told by its number and size.
            sizes = team.people["manager"].value_counts()
            shown = {value: f"Team {i} ({sizes[value]} people)" for i, value in enumerate(values, start=1)}
        with column:
            chosen[name] = st.multiselect(
                name.capitalize(), values, key=f"people.{name}", placeholder="All",
                format_func=lambda value, shown=shown: verbatim(shown[value]),
            )  # fmt: skip
    with columns[3]:
        if "people.basis" not in st.session_state:
            st.session_state["people.basis"] = desk.basis.value
        st.segmented_control(
            "Placed by", [Basis.BASE.value, Basis.OTE.value], key="people.basis", required=True,
            format_func={"base": "Base", "ote": "OTE"}.__getitem__,
            on_change=lambda: setattr(desk, "basis", Basis(st.session_state["people.basis"] or "base")),
        )  # fmt: skip
    with columns[4]:
        _toggle(desk, "Own place", "local", "Everybody against the market of the place that the file gives for them.")
        _toggle(desk, "Names", "names", "Until then people are told by their id.")
    return team.only(chosen)


def _toggle(desk: Desk, label: str, name: Literal["local", "names"], told: str) -> None:
    key = f"people.{name}"
    if key not in st.session_state:
        st.session_state[key] = getattr(desk, name)
    st.toggle(label, key=key, help=told, on_change=lambda: setattr(desk, name, bool(st.session_state[key])))


def standing(desk: Desk, team: Team, people: pd.DataFrame) -> None:
    """Group compa-ratio, the two distributions, and who is outside."""
    placed = people[people["stands"] != ""]
    if team.unknown:
        told = "; ".join(f"{place!r}" for place in list(team.unknown)[:8])
        told += f"; and {len(team.unknown) - 8} more" if len(team.unknown) > 8 else ""
        st.caption(
            verbatim(f"Places that are not known in the United States, set against the market on the left: {told}")
        )
    _taken_for(team)
    if not len(placed):
        st.caption("Nobody of these has a band to stand in: see the remarks of each person below.")
    else:
        groups = group_compa_ratio(placed)
        told = " · ".join(
            f"{record['currency']}: group compa-ratio <b>{record['compa_ratio']:.3f}</b>, {record['people']} people"
            for record in groups.to_dict("records")
        )
        st.html(f"<p>{told}</p>")
        _histograms(placed)
    far = outliers(people)
    st.subheader(f"Outside: {len(far)} of {len(placed)}", anchor=False)
    if len(far):
        _people_table(far, desk)
    nowhere = people[people["stands"] == ""]
    if len(nowhere):
        st.subheader(f"Without a place in a band: {len(nowhere)}", anchor=False)
        _people_table(nowhere, desk, ("remark",))


def _taken_for(team: Team) -> None:
    """Which area each place of the file was taken for."""
    if team.taken:
        with st.expander(f"What {len(team.taken)} places were taken for"):
            st.html(text_table(("Place in the file", "Area"), sorted(team.taken.items())[:_MOST_ROWS]))


def _histograms(placed: pd.DataFrame) -> None:
    compa = charts.histogram(placed["compa_ratio"].to_numpy(), _COMPA_EDGES, {0.8: "0.80", 1.2: "1.20"}, "Compa-ratio")
    span = charts.histogram(
        placed["penetration"].to_numpy(), _RANGE_EDGES, {0.0: "low end", 1.0: "high end"}, "Position in the range"
    )
    components.board(
        [
            components.figure(name, title, f"{title}: people by bar", chart, height=220)
            for name, title, chart in (("compa", "Compa-ratios", compa), ("range", "Range penetration", span))
        ],
        key="standing",
    )


def _people_table(frame: pd.DataFrame, desk: Desk, last: tuple[str, ...] = ("compa_ratio", "outlier")) -> None:
    heads = {"id": "Id", "name": "Name", "role": "Role", "place": "Place", "pay": "Pay", "low": "Range low",
             "midpoint": "Midpoint", "high": "Range high", "compa_ratio": "Compa-ratio", "outlier": "Why",
             "remark": "Why"}  # fmt: skip
    shown = ["id", *(["name"] if desk.names else []), "role", "place", "pay", "low", "midpoint", "high", *last]
    forms = dict.fromkeys(("pay", "low", "midpoint", "high"), "money") | {"compa_ratio": "ratio"}
    named = frame.head(_MOST_ROWS).assign(role=frame["role"].map(table_names("roles")).fillna(""))
    st.html(frame_table(named, {name: heads[name] for name in shown}, forms))
    if len(frame) > _MOST_ROWS:
        st.caption(f"The first {_MOST_ROWS} of {len(frame)}; the workbook has all.")


def mending(desk: Desk, team: Team, people: pd.DataFrame) -> None:
    """What raises cost, compression against the next role, pay equity, and the workbook."""
    st.subheader("What raising everybody costs a year", anchor=False)
    heads = {
        "to": "To",
        "currency": "Currency",
        "people": "People",
        "raised": "Raised",
        "cost": "Cost",
        "share": "Of pay",
    }
    st.html(frame_table(costs(people), heads, {"cost": "money", "share": "percent"}))
    if desk.local:
        st.caption("Everybody is set against the market of the place that the file gives for them.")
    close = compression(people, team.bands)
    st.subheader("Compression against the next role", anchor=False)
    if len(close):
        names = table_names("roles")
        close = close.assign(role=close["role"].map(names), next_role=close["next_role"].map(names))
        heads = {"role": "Role", "next_role": "Next role", "mean_pay": "Mean pay", "next_mean_pay": "Next mean pay",
                 "progression": "Apart", "reached": "In next band", "overtaken": "Above someone",
                 "compressed": "Under 5%"}  # fmt: skip
        forms = {"mean_pay": "money", "next_mean_pay": "money", "progression": "percent"}
        st.html(frame_table(close, heads, forms))
    else:
        st.caption("No two roles that follow each other have people in them here.")
    _equity(desk, people)
    market = [step.why for band in desk.reference().values() for step in desk.asked.market().adjust(band).steps]
    told = list(dict.fromkeys(market)) or ["As published."]
    if desk.local:
        told.append("Everybody is set against the band of the own place where that is known, see Bands.")
    today = dt.datetime.now(tz=dt.UTC).date()
    here, still = sign_in.who(), sign_in.still(Right.PEOPLE)

    def made() -> bytes:
        still()
        sign_in.note_export(here, "people on the bands")
        return documents.people_workbook(people, team.bands, market=told, on=today, names=desk.names)

    st.download_button(
        "Everything as a workbook (XLSX)",
        made,
        file_name="people-on-the-bands.xlsx", on_click="ignore", icon=":material/download:",
    )  # fmt: skip


def _equity(desk: Desk, people: pd.DataFrame) -> None:
    st.subheader("Pay equity", anchor=False)
    hidden = _NOT_GROUPS if desk.names else _NOT_GROUPS | {"manager"}
    offered = [str(name) for name in people.columns if str(name) not in hidden and people[name].nunique() < 30]
    by = st.selectbox(
        "Groups by", offered, index=None, key="people.equity", width=300, placeholder="Choose a column of the file",
        format_func=lambda name: verbatim(name.replace("_", " ").capitalize()),
    )  # fmt: skip
    st.caption(
        "Mean pay of a group over that of the largest, within each role. Never for fewer than five people; length of "
        "service, place and performance stay in it."
    )
    if by is None or by == "role":
        return
    try:
        found = equity(people, by, pay="pay").assign(level=lambda made: made["level"].map(table_names("roles")))
    except CompPlanError as error:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(str(error))}</p>')
        return
    found = found.assign(
        people=found["people"].astype(object).where(~found["withheld"], "fewer than 5"),
        group=found["group"].where(~found["withheld"], "a small group"),
    )
    heads = {"level": "Role", "currency": "Currency", "group": "Group", "people": "People", "mean_pay": "Mean pay",
             "ratio": "Ratio", "reference": "Over"}  # fmt: skip
    st.html(frame_table(found, heads, {"mean_pay": "money", "ratio": "ratio"}))
    shown = int((~found["withheld"]).sum())
    st.caption(f"{formats.plain_number(shown)} of {formats.plain_number(len(found))} groups are large enough.")
