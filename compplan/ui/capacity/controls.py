"""The fields of the Capacity page: presets, tiers, the year, cost."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import streamlit as st

from compplan import formats
from compplan.capacity import presets
from compplan.capacity.model import MOST_TIERS
from compplan.ui.capacity.session import Sizing
from compplan.ui.widgets.fields import typed_form
from compplan.ui.widgets.labels import verbatim

_MOST_ACCOUNTS = 400


def start(held: Sizing) -> None:
    """Begin with a guide's book, or add one."""
    known = presets()
    st.selectbox("A guide's book", list(known), format_func=lambda key: known[key].name, key="capacity.preset")
    chosen = str(st.session_state["capacity.preset"])
    preset = known[chosen]
    told = " or ".join(r.told for r in preset.accounts)
    hours = "" if preset.service else " It gives no hours; those that its accounts leave are taken."
    st.caption(f"{told[:1].upper()}{told[1:]} accounts a person.{hours}")
    with st.container(horizontal=True):
        st.button("Begin with it", key="capacity.begin", on_click=held.begin_with, args=(chosen,))
        st.button(
            "Add it as a tier", key="capacity.add", on_click=held.add, args=(chosen,),
            disabled=len(held.tiers) >= MOST_TIERS,
        )  # fmt: skip
    _file(held)


def _file(held: Sizing) -> None:
    """The model as a file, out and in."""

    def given() -> None:
        found = st.session_state.get("capacity.model")
        held.read_model(None if found is None else (found.name, found.getvalue()))

    with st.popover("As a file", key="capacity.as_file"):
        st.caption("Save, Share, Export and Undo above are about the plan. This model is kept as a file of its own.")
        st.download_button(
            "Download the model", held.model().to_yaml(), "capacity.yaml", "application/yaml", on_click="ignore",
            key="capacity.download",
        )  # fmt: skip
        st.file_uploader(
            "Read a model", type=["yaml", "yml", "json"], key="capacity.model", on_change=given, max_upload_size=1
        )
    if "model" in held.problems:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(held.problems["model"])}</p>')


def tiers(held: Sizing) -> None:
    """One section for each tier."""
    for place, tier in enumerate(held.tiers):
        section = st.expander(
            verbatim(tier.name), expanded=len(held.tiers) == 1, key=f"{held.form}.tier.{place}", on_change="rerun"
        )
        if section.open:
            with section:
                _tier(held, place)


def _tier(held: Sizing, place: int) -> None:
    tier, path = held.tiers[place], f"tiers[{place}]"
    key = f"{held.form}.{path}.accounts"

    def moved() -> None:
        held.change_tier(place, {"accounts": int(st.session_state[key])}, f"{path}.accounts")

    _text(held, "Name", f"{path}.name", tier.name, _renamer(held, place))
    st.session_state[key] = tier.accounts
    st.slider("Accounts", 0, max(_MOST_ACCOUNTS, 2 * tier.accounts), key=key, on_change=moved)
    left, right = st.columns(2)
    with left:
        _number(held, "Value of one, a year", f"{path}.acv", tier.acv, "money", _setter(held, place, "acv"))
    with right:
        _number(
            held, "In their first year", f"{path}.share_new", tier.share_new, "share", _setter(held, place, "share_new")
        )
    for i, touch in enumerate(tier.service.touches):
        what, times, hours = st.columns([2, 1, 1], vertical_alignment="bottom", gap="xsmall")
        with what:
            _text(held, "Kind of work", f"{path}.touches[{i}].name", touch.name, _touch_setter(held, place, i, "name"))
        for column, name, label in ((times, "times", "Times"), (hours, "hours", "Hours")):
            with column:
                _number(
                    held, label, f"{path}.touches[{i}].{name}", getattr(touch, name), "",
                    _touch_setter(held, place, i, name),
                )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Add a kind of work", key=f"{held.form}.{path}.add", type="tertiary", on_click=held.add_work, args=(place,)
        )
        if any(touch.times * touch.hours == 0 for touch in tier.service.touches):
            st.button(
                "Take out what takes no hours", key=f"{held.form}.{path}.idle", type="tertiary",
                on_click=held.remove_idle, args=(place,),
            )  # fmt: skip
    for name, label in (
        ("onboarding", "Onboarding, first year"),
        ("renewal", "Renewal"),
        ("ad_hoc", "Escalations and the like"),
    ):
        slider = f"{held.form}.{path}.{name}"
        value = float(getattr(tier.service, name))
        st.session_state[slider] = value
        st.slider(
            f"{label}, hours", 0.0, max(120.0, value), step=0.5, key=slider, format="%.1f",
            on_change=_slid, args=(held, place, name, slider),
        )  # fmt: skip
    if len(held.tiers) > 1:
        st.button("Take this tier away", key=f"{held.form}.{path}.remove", on_click=held.remove, args=(place,))


def _slid(held: Sizing, place: int, name: str, key: str) -> None:
    held.change_tier(place, {"service": {name: float(st.session_state[key])}}, f"tiers[{place}].{name}")


def _setter(held: Sizing, place: int, name: str) -> Callable[[float, str], None]:
    return lambda found, text: held.change_tier(place, {name: found}, f"tiers[{place}].{name}", text)


def _renamer(held: Sizing, place: int) -> Callable[[str, str], None]:
    return lambda found, text: held.change_tier(place, {"name": found}, f"tiers[{place}].name", text)


def _touch_setter(held: Sizing, place: int, i: int, name: str) -> Callable[[Any, str], None]:
    def entered(found: Any, text: str) -> None:
        touches = [t.model_dump() for t in held.tiers[place].service.touches]
        touches[i][name] = found
        held.change_tier(place, {"service": {"touches": touches}}, f"tiers[{place}].touches[{i}].{name}", text)

    return entered


def year(held: Sizing) -> None:
    """The hours that a person has."""
    fields: tuple[tuple[str, str, str], ...] = (
        ("overhead", "Overhead", "share"), ("pto", "Paid leave, days", ""),
        ("holidays", "Public holidays, days", ""), ("hours_a_day", "Hours a day", ""),
    )  # fmt: skip
    left, right = st.columns(2)
    for i, (name, label, unit) in enumerate(fields):
        with left if i % 2 == 0 else right:
            _number(held, label, f"year.{name}", getattr(held.year, name), unit, _year_setter(held, name))
    st.caption(
        f"{held.year.gross:,.1f} hours at work, {held.year.available:,.1f} of them for accounts. The guide's year has "
        "no leave in it."
    )


def _year_setter(held: Sizing, name: str) -> Callable[[float, str], None]:
    return lambda found, text: held.change_year({name: found}, f"year.{name}", text)


def cost(held: Sizing) -> None:
    """What a person costs, and how many there are."""
    _number(held, "One person, all in, a year", "loaded_cost", held.loaded, "money", _assumed(held, "loaded_cost"))
    st.caption("To begin with the mean of TSIA's members in 2022.")
    key = f"{held.form}.team"

    def moved() -> None:
        held.team = int(st.session_state[key])

    st.session_state[key] = held.team
    st.slider("People there are", 1, max(60, 2 * held.team), key=key, on_change=moved)
    left, right = st.columns(2)
    with left:
        _number(held, "Renew, of accounts", "renewal", held.renewal, "share", _assumed(held, "renewal"))
    with right:
        _number(held, "Lost per missing hours", "slope", held.slope, "", _assumed(held, "slope"))
    st.caption("That missing hours lose renewals is an assumption: nobody has measured by how much, so it begins at 0.")


def _assumed(held: Sizing, name: str) -> Callable[[float, str], None]:
    return lambda found, text: held.change_assumption(name, found, text)


def accounts(held: Sizing) -> None:
    """A file of accounts, and what nobody should be above."""

    def given() -> None:
        found = st.session_state.get("capacity.file")
        held.read(None if found is None else (found.name, found.getvalue()))

    st.file_uploader(
        "A file of accounts", type=["csv", "xlsx"], key="capacity.file", on_change=given,
        help="With a column of owners and one of ARR; renewal date, segment and start where there are. It "
        "stays in this session.",
    )  # fmt: skip
    if "file" in held.problems:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(held.problems["file"])}</p>')
    if held.given is not None and not held.invented:
        _columns(held)
    if held.reading is None:
        st.button("Try it with invented books", key="capacity.sample", on_click=held.invent, type="tertiary")
    elif held.invented:
        st.button("Take them away", key="capacity.away", on_click=held.read, args=(None,), type="tertiary")
    left, right = st.columns(2)
    for column, name, label, unit in (
        (left, "most_accounts", "At most, accounts", ""),
        (right, "most_arr", "At most, ARR", "money"),
    ):
        with column:
            _number(held, label, name, getattr(held, name), unit, _ceiling_setter(held, name), optional=True)

    key = f"{held.form}.within_hours"

    def moved() -> None:
        held.within_hours = bool(st.session_state[key])

    st.session_state[key] = held.within_hours
    st.toggle("At most, the hours that a person has", key=key, on_change=moved)


def _columns(held: Sizing) -> None:
    """Which column is which, for who has other headings."""
    with st.expander("Which column is which", expanded="file" in held.problems):
        for name, label in (("owner", "Owner"), ("arr", "ARR"), ("account", "Account"), ("renewal", "Renewal date")):
            key = f"capacity.column.{name}"

            def typed(name: str = name, key: str = key) -> None:
                held.name_column(name, str(st.session_state[key]).strip())

            known = "" if held.reading is None else held.reading.mapping.get(name, "")
            st.text_input(label, key=key, on_change=typed, placeholder=known or "heading, or letter of the column")


def no_accounts(_: Sizing) -> None:
    """What stands in place of the file for who may not handle people's rows."""
    st.caption("Files of accounts name people; they are for who handles people's rows.")


def _ceiling_setter(held: Sizing, name: str) -> Callable[[float | None, str], None]:
    def entered(found: float | None, text: str) -> None:
        if found is not None and found <= 0:
            held.problems[name], held.typed[name] = "A ceiling is above 0; left empty there is none.", text
            return
        setattr(held, name, found)
        held.problems.pop(name, None)

    return entered


def _number(
    held: Sizing,
    label: str,
    path: str,
    value: float | None,
    unit: str,
    entered: Callable[[Any, str], None],
    *,
    optional: bool = False,
) -> None:
    """A number as text; what cannot be read, or be, is kept with its reason under the field."""
    key = f"{held.form}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        if optional and not text.strip():
            entered(None, text)
            return
        try:
            found = formats.read_number(text, unit, "USD")
        except ValueError as error:
            told = str(error)
            held.problems[path], held.typed[path] = told[:1].upper() + told[1:], text
            return
        entered(found, text)

    shown: Any = held.typed.get(path, "") if path in held.problems else _shown(value, unit)
    st.session_state[key] = shown
    st.text_input(label, key=key, on_change=typed, placeholder="none" if optional else None)
    if path in held.problems:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(held.problems[path])}</p>')


def _text(held: Sizing, label: str, path: str, value: str, entered: Callable[[str, str], None]) -> None:
    """A name; what cannot be is kept with its reason under the field."""
    key = f"{held.form}.{path}"

    def typed() -> None:
        text = str(st.session_state[key])
        entered(text, text)

    st.session_state[key] = held.typed.get(path, "") if path in held.problems else value
    st.text_input(label, key=key, on_change=typed, max_chars=80)
    if path in held.problems:
        st.html(f'<p class="cp-problem" role="alert">{html.escape(held.problems[path])}</p>')


def _shown(value: float | None, unit: str) -> str:
    """A number as it stands in its field; nothing where there is none."""
    return "" if value is None else typed_form(value, unit)
