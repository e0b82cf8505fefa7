"""The fields of the Capacity page: templates, tiers, the working year, team and cost, books of business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from compplan import formats
from compplan.capacity import presets
from compplan.capacity.model import MOST_TIERS
from compplan.ui.capacity.fields import number, problem_under, text
from compplan.ui.capacity.session import CapacitySession
from compplan.ui.widgets.labels import verbatim

_MOST_ACCOUNTS = 400


def start(model: CapacitySession) -> None:
    """Choose a template, as the only tier or as another one."""
    guides = presets()
    st.selectbox("Template", list(guides), format_func=lambda key: guides[key].name, key="capacity.preset")
    chosen = str(st.session_state["capacity.preset"])
    preset = guides[chosen]
    accounts = " or ".join(stated.text for stated in preset.accounts)
    hours = "" if preset.service else " The guide gives no hours, so they follow from the number of accounts."
    st.caption(f"{accounts[:1].upper()}{accounts[1:]} accounts per person.{hours}")
    with st.container(horizontal=True):
        st.button("Use", key="capacity.begin", on_click=model.use_template, args=(chosen,))
        st.button(
            "Add as a tier", key="capacity.add", on_click=model.add_tier, args=(chosen,),
            disabled=len(model.tiers) >= MOST_TIERS,
        )  # fmt: skip
    _file(model)


def _file(model: CapacitySession) -> None:
    """Download and upload of the model."""

    def uploaded() -> None:
        file = st.session_state.get("capacity.model")
        model.read_model(None if file is None else (file.name, file.getvalue()))

    with st.popover("Model file", key="capacity.as_file"):
        st.caption("Save, Share, Export and Undo above apply to the plan. Keep this model as a file.")
        st.download_button(
            "Download model", model.model().to_yaml(), "capacity.yaml", "application/yaml", on_click="ignore",
            key="capacity.download",
        )  # fmt: skip
        st.file_uploader(
            "Upload model", type=["yaml", "yml", "json"], key="capacity.model", on_change=uploaded, max_upload_size=1
        )
    problem_under(model, "model")


def tiers(model: CapacitySession) -> None:
    """A section for each tier."""
    for place, tier in enumerate(model.tiers):
        section = st.expander(
            verbatim(tier.name),
            expanded=len(model.tiers) == 1,
            key=f"{model.field_version}.tier.{place}",
            on_change="rerun",
        )
        if section.open:
            with section:
                _tier(model, place)


def _tier(model: CapacitySession, place: int) -> None:
    tier, path = model.tiers[place], f"tiers[{place}]"
    key = f"{model.field_version}.{path}.accounts"

    def moved() -> None:
        model.change_tier(place, {"accounts": int(st.session_state[key])}, f"{path}.accounts")

    text(model, "Name", f"{path}.name", tier.name, _renamer(model, place))
    st.session_state[key] = tier.accounts
    st.slider("Accounts", 0, max(_MOST_ACCOUNTS, 2 * tier.accounts), key=key, on_change=moved)
    left, right = st.columns(2)
    with left:
        number(model, "ARR per account", f"{path}.acv", tier.acv, "money", _setter(model, place, "acv"))
    with right:
        number(
            model,
            "In their first year, %",
            f"{path}.share_new",
            tier.share_new,
            "share",
            _setter(model, place, "share_new"),
        )
    for i, touch in enumerate(tier.service.touches):
        what, times, hours = st.columns([2, 1, 1], vertical_alignment="bottom", gap="xsmall")
        with what:
            text(model, "Kind of work", f"{path}.touches[{i}].name", touch.name, _touch_setter(model, place, i, "name"))
        for column, name, label in ((times, "times", "Times"), (hours, "hours", "Hours")):
            with column:
                number(
                    model, label, f"{path}.touches[{i}].{name}", getattr(touch, name), "",
                    _touch_setter(model, place, i, name),
                )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Add a kind of work",
            key=f"{model.field_version}.{path}.add",
            type="tertiary",
            on_click=model.add_work,
            args=(place,),
        )
        if any(touch.times * touch.hours == 0 for touch in tier.service.touches):
            st.button(
                "Remove work without hours", key=f"{model.field_version}.{path}.idle", type="tertiary",
                on_click=model.remove_idle, args=(place,),
            )  # fmt: skip
    for name, label in (
        ("onboarding", "Onboarding in the first year"),
        ("renewal", "Renewal"),
        ("ad_hoc", "Escalations and other requests"),
    ):
        slider = f"{model.field_version}.{path}.{name}"
        value = float(getattr(tier.service, name))
        st.session_state[slider] = value
        st.slider(
            f"{label}, hours", 0.0, max(120.0, value), step=0.5, key=slider, format="%.1f",
            on_change=_slid, args=(model, place, name, slider),
        )  # fmt: skip
    if len(model.tiers) > 1:
        st.button("Remove tier", key=f"{model.field_version}.{path}.remove", on_click=model.remove_tier, args=(place,))


def _slid(model: CapacitySession, place: int, name: str, key: str) -> None:
    model.change_tier(place, {"service": {name: float(st.session_state[key])}}, f"tiers[{place}].{name}")


def _setter(model: CapacitySession, place: int, name: str) -> Callable[[float, str], None]:
    return lambda value, text: model.change_tier(place, {name: value}, f"tiers[{place}].{name}", text)


def _renamer(model: CapacitySession, place: int) -> Callable[[str, str], None]:
    return lambda value, text: model.change_tier(place, {"name": value}, f"tiers[{place}].name", text)


def _touch_setter(model: CapacitySession, place: int, i: int, name: str) -> Callable[[Any, str], None]:
    def entered(value: Any, text: str) -> None:
        touches = [t.model_dump() for t in model.tiers[place].service.touches]
        touches[i][name] = value
        model.change_tier(place, {"service": {"touches": touches}}, f"tiers[{place}].touches[{i}].{name}", text)

    return entered


def year(model: CapacitySession) -> None:
    """The working hours of a person in a year."""
    fields: tuple[tuple[str, str, str], ...] = (
        ("overhead", "Internal work, %", "share"), ("pto", "Paid leave, days", ""),
        ("holidays", "Public holidays, days", ""), ("hours_a_day", "Hours per day", ""),
    )  # fmt: skip
    left, right = st.columns(2)
    for i, (name, label, unit) in enumerate(fields):
        with left if i % 2 == 0 else right:
            number(model, label, f"year.{name}", getattr(model.year, name), unit, _year_setter(model, name))
    st.caption(
        f"{formats.plain_number(model.year.gross, 1)} hours at work per year, "
        f"{formats.plain_number(model.year.available, 1)} of them for accounts. The guide's year has no leave."
    )


def _year_setter(model: CapacitySession, name: str) -> Callable[[float, str], None]:
    return lambda value, text: model.change_year({name: value}, f"year.{name}", text)


def cost(model: CapacitySession) -> None:
    """The cost of a person, the size of the team, and renewals."""
    number(model, "Fully loaded cost per person", "loaded_cost", model.loaded, "money", _assumed(model, "loaded_cost"))
    st.caption("Default: the mean of TSIA members in 2022.")
    key = f"{model.field_version}.team"

    def moved() -> None:
        model.team = int(st.session_state[key])

    st.session_state[key] = model.team
    st.slider("Team size", 1, max(60, 2 * model.team), key=key, on_change=moved)
    left, right = st.columns(2)
    with left:
        number(model, "Renewal rate", "renewal", model.renewal, "share", _assumed(model, "renewal"))
    with right:
        number(model, "Renewal loss per share of missing hours", "slope", model.slope, "", _assumed(model, "slope"))
    st.caption("No study measures how many renewals missing hours cost. The default is 0.")


def _assumed(model: CapacitySession, name: str) -> Callable[[float, str], None]:
    return lambda value, text: model.change_assumption(name, value, text)


def accounts(model: CapacitySession) -> None:
    """A file of accounts, and the limits of one person."""

    def uploaded() -> None:
        file = st.session_state.get("capacity.file")
        model.read_accounts(None if file is None else (file.name, file.getvalue()))

    st.file_uploader(
        "Accounts (CSV or XLSX)", type=["csv", "xlsx"], key="capacity.file", on_change=uploaded,
        help="Needs columns for owner and ARR; renewal date, segment and start date are optional. Not stored.",
    )  # fmt: skip
    problem_under(model, "file")
    if model.file is not None and not model.is_sample:
        _columns(model)
    if model.reading is None:
        st.button("Try sample data", key="capacity.sample", on_click=model.read_sample, type="tertiary")
    elif model.is_sample:
        st.button(
            "Remove sample data", key="capacity.away", on_click=model.read_accounts, args=(None,), type="tertiary"
        )
    left, right = st.columns(2)
    for column, name, label, unit in (
        (left, "most_accounts", "Most accounts per person", ""),
        (right, "most_arr", "Most ARR per person", "money"),
    ):
        with column:
            number(model, label, name, getattr(model, name), unit, _limit_setter(model, name), optional=True)

    key = f"{model.field_version}.within_hours"

    def moved() -> None:
        model.within_hours = bool(st.session_state[key])

    st.session_state[key] = model.within_hours
    st.toggle("Limit to available hours", key=key, on_change=moved)


def _columns(model: CapacitySession) -> None:
    """Headings of the file, if they were not recognized."""
    with st.expander("Columns of the file", expanded="file" in model.problems):
        for name, label in (("owner", "Owner"), ("arr", "ARR"), ("account", "Account"), ("renewal", "Renewal date")):
            key = f"capacity.column.{name}"

            def typed(name: str = name, key: str = key) -> None:
                model.name_column(name, str(st.session_state[key]).strip())

            heading = "" if model.reading is None else model.reading.mapping.get(name, "")
            st.text_input(label, key=key, on_change=typed, placeholder=heading or "Heading or column letter")


def no_accounts(_: CapacitySession) -> None:
    """Shown instead of the file to people who may not see rows about people."""
    st.caption("Account files name people. Your role does not include data about people.")


def _limit_setter(model: CapacitySession, name: str) -> Callable[[float | None, str], None]:
    def entered(value: float | None, text: str) -> None:
        if value is not None and value <= 0:
            model.problems[name] = f"Enter a limit above 0, or leave the field empty for no limit. You entered {text}."
            model.invalid_entries[name] = text
            return
        setattr(model, name, value)
        model.problems.pop(name, None)

    return entered
