"""Where, when and for what market figures are wanted; a survey and people of one's own."""

from __future__ import annotations

import html

import streamlit as st

from compplan import formats
from compplan.benchmarks import Basis, all_areas, default_exponent, premiums
from compplan.ui.benchmarks.session import CURRENCIES, INVENTED, Desk
from compplan.ui.widgets.labels import table_names, verbatim


def market(desk: Desk) -> None:
    """Place, how far pay follows its wages, specialism, date and rate."""
    areas = {one.code: one.label for one in all_areas() if one.kind != "national"}
    _keep("market.place", desk.asked.place or None)

    def asked_place() -> None:
        if not desk.ask("place", st.session_state["market.place"] or ""):
            st.session_state["market.place"] = desk.asked.place or None
        st.session_state.pop("market.state", None)

    def asked_date() -> None:
        desk.ask("date", st.session_state["market.date"])

    st.selectbox(
        "Place", list(areas), index=None, format_func=areas.__getitem__, key="market.place",
        placeholder="United States, as published",
        on_change=asked_place,
    )  # fmt: skip
    _problem(desk, "place")
    _place(desk)
    stated = premiums("specialism")[0]
    _number(
        desk, "specialism", "Premium for a specialism", "none",
        f"{stated.name}. KnowUp states {formats.percent(stated.low)} to {formats.percent(stated.high)}; what you "
        "enter is your own figure.",
    )  # fmt: skip
    left, right = st.columns(2)
    with left:
        _keep("market.date", desk.asked.date)
        st.date_input(
            "Aged to", value=None, key="market.date", format="YYYY-MM-DD",
            on_change=asked_date,
            help="Every figure is taken from its own date to this one.",
        )  # fmt: skip
        _problem(desk, "date")
    with right:
        _number(desk, "rate", "Rise of pay a year", "not set", "By how much pay rises in a year: yours to set.")
    if (desk.asked.date is None) != (desk.asked.rate is None):
        missing = "the rate" if desk.asked.rate is None else "the date"
        st.caption(f"Figures are aged as soon as {missing} is there too.")


def _place(desk: Desk) -> None:
    """The measured differential, or a stated premium where there is one; never both."""
    stated = [one for one in premiums("place") if desk.asked.place in one.areas]
    if stated:
        _number(
            desk, "place_premium", "Premium of the place, in place of its wages", "by its wages",
            f"KnowUp states {formats.percent(stated[0].low)} to {formats.percent(stated[0].high)} for "
            f"{stated[0].name}.",
        )  # fmt: skip
    if desk.asked.place_premium is not None:
        return
    measured = default_exponent()
    low, high = (formats.plain_number(end, 2) for end in measured.interval)
    _number(
        desk, "exponent", "How far pay follows wages there", formats.plain_number(measured.value),
        "The exponent: 1 follows the wages of the place fully, 0 not at all.", unit="",
    )  # fmt: skip
    st.caption(
        f"Measured: {formats.plain_number(measured.value)}, 95% interval {low} to {high}, on {measured.n:,} people in "
        "Customer Success and roles next to it."
    )


def survey(desk: Desk) -> None:
    """A survey of the user's own, laid beside what ships and put in its place where the user says so."""

    def uploaded() -> None:
        file = st.session_state["market.survey"]
        desk.read_survey(None if file is None else (file.name, file.getvalue()))

    st.file_uploader(
        "Radford, Pave, Carta or your own: CSV or XLSX", key="market.survey", on_change=uploaded, max_upload_size=5
    )
    _problem(desk, "survey")
    if desk.survey_file:
        _left_open(desk)
    if desk.survey is None:
        return
    held, roles = desk.survey, table_names("roles")
    st.caption(f"{verbatim(held.name)}: {len(held.entries)} figures. It stays in the memory of this session.")
    for place, label in enumerate(dict.fromkeys(entry.label for entry in held.entries)):
        known = next(entry.role for entry in held.entries if entry.label == label)
        key = f"survey.role.{place}"
        _keep(key, known)

        def mapped(label: str = label, key: str = key) -> None:
            if desk.survey:
                desk.survey = desk.survey.mapped({label: st.session_state[key]})
                desk.override &= {entry.role for entry in desk.survey.entries if entry.role}

        st.selectbox(
            verbatim(label), list(roles), index=None, format_func=roles.__getitem__, key=key, on_change=mapped,
            placeholder="Not used",
        )  # fmt: skip
    own = sorted({entry.role for entry in held.entries if entry.role})
    holds = [role for role in own if any(desk.survey_band(role, basis) for basis in (Basis.BASE, Basis.OTE))]
    _keep("survey.holds", sorted(desk.override & set(holds)))
    st.multiselect(
        "It holds in place of the published band for", holds, format_func=roles.__getitem__, key="survey.holds",
        on_change=lambda: setattr(desk, "override", frozenset(st.session_state["survey.holds"])),
        placeholder="No role: it stands beside",
    )  # fmt: skip
    words = {Basis.BASE: "base pay", Basis.OTE: "OTE"}
    for basis, word in words.items():
        without = [roles[role] for role in sorted(desk.override - desk.holding(basis))]
        if without:
            st.caption(f"It states no one band of {word} for {', '.join(without)}: the published one stands there.")
    for remark in held.remarks[:20]:
        st.html(f'<p class="cp-quiet">{html.escape(str(remark))}</p>')
    if len(held.remarks) > 20:
        st.caption(f"… and {len(held.remarks) - 20} more remarks")


def _left_open(desk: Desk) -> None:
    """What a survey's file may leave open: what its figures are of, in which currency, of when and where."""
    left, right = st.columns(2)
    fields = (
        (left, "basis", "Figures are of", ["", "base", "target_variable", "ote", "actual_cash", "total_compensation"]),
        (right, "currency", "Currency", ["", *CURRENCIES]),
    )
    for column, name, label, options in fields:
        key = f"survey.said.{name}"
        _keep(key, desk.survey_said.get(name, ""))

        def chosen(name: str = name, key: str = key) -> None:
            desk.survey_said[name] = str(st.session_state[key] or "")
            desk.read_survey(desk.survey_file)

        with column:
            st.selectbox(label, options, key=key, on_change=chosen, format_func=_says)
    left, right = st.columns(2)
    for column, name, label, example in ((left, "as_of", "As of", "2026-03"), (right, "place", "Place", "US")):
        key = f"survey.said.{name}"
        _keep(key, desk.survey_said.get(name, ""))

        def typed(name: str = name, key: str = key) -> None:
            desk.survey_said[name] = str(st.session_state[key]).strip()
            desk.read_survey(desk.survey_file)

        with column:
            st.text_input(label, key=key, on_change=typed, placeholder=f"as the file says, or {example}")


def _says(option: str) -> str:
    return option if option in CURRENCIES else option.replace("_", " ").capitalize() or "As the file says"


def no_people(_desk: Desk) -> None:
    """What stands in place of the people file for whoever may not handle one."""
    st.caption("People files are for HR here: your role shows bands and plans, and nobody's pay.")


def people(desk: Desk) -> None:
    """The people file."""

    def uploaded() -> None:
        file = st.session_state["market.people"]
        desk.read_people(None if file is None else (file.name, file.getvalue()))

    st.file_uploader("Your people: CSV or XLSX, as you have it", key="market.people", on_change=uploaded)
    _problem(desk, "people")
    if desk.reading is None:

        def bring() -> None:
            from compplan import roster

            desk.read_people((INVENTED, roster.sample("csv")))

        st.button("Try it with an invented team", key="market.sample", on_click=bring, type="tertiary")
    elif desk.invented or st.session_state.get("market.people") is None:
        people_here = f"{desk.reading.counts.people} people of {verbatim(desk.reading.source.filename)}"
        st.caption(f"{people_here} are on the bands; nobody of them exists." if desk.invented else f"{people_here}.")
        st.button("Take them away", key="market.away", on_click=lambda: desk.read_people(None), type="tertiary")
    st.caption("It stays in the memory of this session. Save keeps it only when you say so there, and never its names.")


def _number(desk: Desk, name: str, label: str, placeholder: str, told: str, *, unit: str = "share") -> None:
    """A number of the market as text; a refusal stands under it."""
    key = f"market.{name}"
    value = getattr(desk.asked, name)
    shown = "" if value is None else (formats.percent(value, 4) if unit == "share" else formats.plain_number(value, 6))
    if name not in desk.problems:
        st.session_state[key] = shown
    st.text_input(
        label, key=key, placeholder=placeholder, help=told,
        on_change=lambda: desk.read_number(name, str(st.session_state[key]), unit),
    )  # fmt: skip
    _problem(desk, name)


def _keep(key: str, value: object) -> None:
    """Give a field what the desk has, when the page is come back to."""
    if key not in st.session_state:
        st.session_state[key] = value


def _problem(desk: Desk, name: str) -> None:
    if name in desk.problems:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(desk.problems[name])}</p>')
