"""The fields of the Benchmarks page: the market, a people file, a survey of one's own."""

from __future__ import annotations

import streamlit as st

from compplan import formats
from compplan.benchmarks import PayBasis, all_areas, default_exponent, premiums
from compplan.ui.benchmarks.session import CURRENCIES, BenchmarksSession
from compplan.ui.templates import render
from compplan.ui.widgets.labels import table_names, verbatim


def market(state: BenchmarksSession) -> None:
    """Place, location adjustment, specialty, date and pay growth."""
    areas = {one.code: one.label for one in all_areas() if one.kind != "national"}
    _restore("market.place", state.settings.place or None)

    def place_chosen() -> None:
        if not state.change_setting("place", st.session_state["market.place"] or ""):
            st.session_state["market.place"] = state.settings.place or None
        st.session_state.pop("market.state", None)

    def date_chosen() -> None:
        state.change_setting("date", st.session_state["market.date"])

    st.selectbox(
        "Place", list(areas), index=None, format_func=areas.__getitem__, key="market.place",
        placeholder="United States, as published",
        on_change=place_chosen,
    )  # fmt: skip
    _problem(state, "place")
    _place(state)
    stated = premiums("specialism")[0]
    _number(
        state, "specialism", "Specialty premium", "None",
        f"{stated.name}. KnowUp states {formats.percent(stated.low)} to {formats.percent(stated.high)}; enter "
        "your own figure.",
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        _restore("market.date", state.settings.date)
        st.date_input(
            "Age data to", value=None, key="market.date", format="YYYY-MM-DD",
            on_change=date_chosen,
            help="Moves every figure from its own date to this one.",
        )  # fmt: skip
        _problem(state, "date")
    with right:
        _number(state, "rate", "Annual pay growth", "Not set", "How much pay rises in a year. Enter your own figure.")
    if (state.settings.date is None) != (state.settings.rate is None):
        missing = "annual pay growth" if state.settings.rate is None else "a date"
        st.caption(f"Enter {missing} to age the data.")


def _place(state: BenchmarksSession) -> None:
    """The location adjustment, or a premium that a source states for the place; never both."""
    stated = [one for one in premiums("place") if state.settings.place in one.areas]
    if stated:
        _number(
            state, "place_premium", "Location premium", "By local wages",
            f"KnowUp states {formats.percent(stated[0].low)} to {formats.percent(stated[0].high)} for "
            f"{stated[0].name}.",
        )  # fmt: skip
    if state.settings.place_premium is not None:
        return
    measured = default_exponent()
    low, high = (formats.plain_number(end, 2) for end in measured.interval)
    _number(
        state, "exponent", "Location adjustment strength", formats.plain_number(measured.value),
        "1 follows local wages fully, 0 ignores them.", unit="",
    )  # fmt: skip
    st.caption(
        f"Measured: {formats.plain_number(measured.value)} (95% interval {low} to {high}), from {measured.n:,} people "
        "in Customer Success and related roles."
    )


def survey(state: BenchmarksSession) -> None:
    """A survey of one's own, shown next to the published bands or used instead of them."""

    def uploaded() -> None:
        file = st.session_state["market.survey"]
        state.read_survey(None if file is None else (file.name, file.getvalue()))

    st.file_uploader(
        "Radford, Pave, Carta or your own (CSV or XLSX)", key="market.survey", on_change=uploaded, max_upload_size=5
    )
    _problem(state, "survey")
    if state.survey_file:
        _left_open(state)
    if state.survey is None:
        return
    survey_data, roles = state.survey, table_names("roles")
    st.caption(f"{verbatim(survey_data.name)}: {len(survey_data.entries)} figures. Not stored.")
    for place, label in enumerate(dict.fromkeys(entry.label for entry in survey_data.entries)):
        survey_role = next(entry.role for entry in survey_data.entries if entry.label == label)
        key = f"survey.role.{place}"
        _restore(key, survey_role)

        def mapped(label: str = label, key: str = key) -> None:
            if state.survey:
                state.survey = state.survey.mapped({label: st.session_state[key]})
                state.override &= {entry.role for entry in state.survey.entries if entry.role}

        st.selectbox(
            verbatim(label), list(roles), index=None, format_func=roles.__getitem__, key=key, on_change=mapped,
            placeholder="Not used",
        )  # fmt: skip
    own = sorted({entry.role for entry in survey_data.entries if entry.role})
    usable = [role for role in own if any(state.survey_band(role, basis) for basis in (PayBasis.BASE, PayBasis.OTE))]
    _restore("survey.holds", sorted(state.override & set(usable)))
    st.multiselect(
        "Use instead of the published band for", usable, format_func=roles.__getitem__, key="survey.holds",
        on_change=lambda: setattr(state, "override", frozenset(st.session_state["survey.holds"])),
        placeholder="No role",
    )  # fmt: skip
    words = {PayBasis.BASE: "base pay", PayBasis.OTE: "OTE"}
    for basis, word in words.items():
        without = [roles[role] for role in sorted(state.override - state.overridden(basis))]
        if without:
            st.caption(
                f"The survey has no single band of {word} for {', '.join(without)}. The published band is used there."
            )
    for remark in survey_data.remarks[:20]:
        st.html(render("widgets.quiet", str(remark)))
    if len(survey_data.remarks) > 20:
        st.caption(f"{len(survey_data.remarks) - 20} more remarks")


def _left_open(state: BenchmarksSession) -> None:
    """What a survey's file may leave open: kind of pay, currency, date and place."""
    left, right = st.columns(2)
    fields = (
        (left, "basis", "Pay type", ["", "base", "target_variable", "ote", "actual_cash", "total_compensation"]),
        (right, "currency", "Currency", ["", *CURRENCIES]),
    )
    for column, name, label, options in fields:
        key = f"survey.option.{name}"
        _restore(key, state.survey_options.get(name, ""))

        def chosen(name: str = name, key: str = key) -> None:
            state.survey_options[name] = str(st.session_state[key] or "")
            state.read_survey(state.survey_file)

        with column:
            st.selectbox(label, options, key=key, on_change=chosen, format_func=_option_name)
    left, right = st.columns(2)
    for column, name, label, example in ((left, "as_of", "As of", "2026-03"), (right, "place", "Place", "US")):
        key = f"survey.option.{name}"
        _restore(key, state.survey_options.get(name, ""))

        def typed(name: str = name, key: str = key) -> None:
            state.survey_options[name] = str(st.session_state[key]).strip()
            state.read_survey(state.survey_file)

        with column:
            st.text_input(label, key=key, on_change=typed, placeholder=f"As in the file, or {example}")

    key = "survey.option.columns"
    _restore(key, state.survey_options.get("columns", ""))

    def named() -> None:
        state.survey_options["columns"] = str(st.session_state[key])
        state.read_survey(state.survey_file)

    st.text_area(
        "Columns, one per line", key=key, on_change=named, placeholder="Survey match = role\nMarket 50 = base p50",
        height=100, help="Heading = field, where a heading isn't recognized. Fields: role, family, level, n, basis, "
        "currency, date, place, and figures such as base p25, ote p50, low or base high.",
    )  # fmt: skip


def _option_name(option: str) -> str:
    return option if option in CURRENCIES else option.replace("_", " ").capitalize() or "As in the file"


def no_people(_state: BenchmarksSession) -> None:
    """Shown instead of the people file to people who may not see one."""
    st.caption("Your role includes bands and plans, but not people's pay.")


def people(state: BenchmarksSession) -> None:
    """The people file."""

    def uploaded() -> None:
        file = st.session_state["market.people"]
        state.people.read(None if file is None else (file.name, file.getvalue()))

    st.file_uploader("People file (CSV or XLSX)", key="market.people", on_change=uploaded)
    _show_problem(state.people.problem)
    if state.people.reading is None:
        st.button("Try sample data", key="market.sample", on_click=state.people.read_sample, type="tertiary")
    elif state.people.is_sample or st.session_state.get("market.people") is None:
        reading = state.people.reading
        sample = " This is sample data." if state.people.is_sample else ""
        st.caption(f"{reading.counts.people} people from {verbatim(reading.source.filename)}.{sample}")
        label = "Remove sample data" if state.people.is_sample else "Remove people"
        st.button(label, key="market.away", on_click=state.people.read, args=(None,), type="tertiary")
    st.caption("Not stored. Names are never saved.")


def _number(
    state: BenchmarksSession, name: str, label: str, placeholder: str, help_text: str, *, unit: str = "share"
) -> None:
    """A number of the market as text; a refused entry stays with the reason under the field."""
    key = f"market.{name}"
    value = getattr(state.settings, name)
    shown = "" if value is None else (formats.percent(value, 4) if unit == "share" else formats.plain_number(value, 6))
    if name not in state.problems:
        st.session_state[key] = shown
    st.text_input(
        label, key=key, placeholder=placeholder, help=help_text,
        on_change=lambda: state.read_number(name, str(st.session_state[key]), unit),
    )  # fmt: skip
    _problem(state, name)


def _restore(key: str, value: object) -> None:
    """Set a field that is new to Streamlit, such as after a visit of another page."""
    if key not in st.session_state:
        st.session_state[key] = value


def _problem(state: BenchmarksSession, name: str) -> None:
    _show_problem(state.problems.get(name, ""))


def _show_problem(text: str) -> None:
    if text:
        st.html(render("widgets.message", "problem", text, "alert"))
