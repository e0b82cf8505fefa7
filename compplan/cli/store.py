"""`compplan store`: saved plans, their versions and share links."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.arguments import PlanArgument, read_plan
from compplan.cli.diff import difference_dict
from compplan.cli.store_output import link_dict, moment_text, print_table, scenario_dict, state_text, version_dict
from compplan.cli.terminal import App, JsonOption, app, examples, print_json, print_text, stop, user_errors

if TYPE_CHECKING:
    from compplan.access import Actor
    from compplan.store import Store

commands = App(
    help="Manage saved plans, versions and share links.\n\nAlso deletion, backup and restore, and the audit log.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "compplan store save plan.yaml --name 'CSM, FY26'",
        "compplan store versions 'CSM, FY26'",
        "compplan store share 'CSM, FY26' --expires 30d",
    ),
)
app.add_typer(commands, name="store")

SavedPlanArgument = Annotated[
    str, typer.Argument(metavar="SAVED", help="A saved plan: its id, or its name if only one plan has that name.")
]
VersionArgument = Annotated[
    int | None, typer.Argument(metavar="VERSION", help="Number of a version. Default: the newest.")
]
_SERVED = "http://127.0.0.1:8501"  # where `compplan serve` listens unless it is told otherwise
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@contextmanager
def open_store() -> Generator[Store]:
    """The store; whatever goes wrong with it ends the command with a sentence."""
    from compplan.store import Store

    with user_errors(), Store.open() as store:
        yield store


def this_computer() -> Actor:
    """Who acts in commands: whoever has a shell on this computer, with every right."""
    from compplan.access import LOCAL

    return LOCAL


# Plans and versions


@commands.command("status")
def status(as_json: JsonOption = False) -> None:
    """Show where plans are saved and how many there are."""
    with open_store() as store:
        live, archived = store.scenarios(by=this_computer()), store.scenarios(by=this_computer(), archived=True)
        data = {"place": store.place, "ready": store.ready(), "plans": len(live), "archived": len(archived)}
    if as_json:
        print_json(data)
    else:
        state = "ready" if data["ready"] else "not ready"
        print_text(f"{data['place']}: {state}; {len(live)} plans, {len(archived)} archived.")


@commands.command("path")
def path() -> None:
    """Print the file or the database of saved plans."""
    from compplan.store.database import address, place_of

    with user_errors():
        print_text(place_of(address(None)))


@commands.command("list")
def list_plans(
    archived: Annotated[bool, typer.Option("--archived", help="List archived plans instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List saved plans, the last saved first."""
    with open_store() as store:
        scenarios = store.scenarios(by=this_computer(), archived=archived)
    if as_json:
        print_json([scenario_dict(scenario) for scenario in scenarios])
        return
    rows = [(s.id, str(s.head), moment_text(s.saved), s.saved_by.name, s.name) for s in scenarios]
    print_table(
        ("ID", "VERSION", "SAVED", "BY", "NAME"), rows, "No archived plans." if archived else "No saved plans yet."
    )


@commands.command("versions")
def versions(plan: SavedPlanArgument, as_json: JsonOption = False) -> None:
    """List the versions of a saved plan, the newest first."""
    with open_store() as store:
        saved = store.versions(scenario_id(store, plan), by=this_computer())
    if as_json:
        print_json([version_dict(version) for version in saved])
        return
    rows = [
        (str(v.number), state_text(v.lifecycle), moment_text(v.at), v.by.name, v.name, v.note.partition("\n")[0])
        for v in saved
    ]
    print_table(("VERSION", "STATE", "SAVED", "BY", "NAME", "NOTE"), rows, "")


@commands.command("show")
def show(plan: SavedPlanArgument, number: VersionArgument = None) -> None:
    """Print a version of a saved plan as YAML."""
    with open_store() as store:
        text = store.version(scenario_id(store, plan), number, by=this_computer()).plan.to_yaml()
    typer.echo(text, nl=False)


@commands.command("save")
def save(
    plan: PlanArgument,
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="Name of the new saved plan. Default: the plan's own name."),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="SAVED", help="Add a version to this saved plan instead.")
    ] = None,
    base: Annotated[
        int | None,
        typer.Option(
            "--base", metavar="N", help="With --to: the version you started from. Refused if a newer one exists."
        ),
    ] = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="Version note.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Save a plan, or with --to a new version of a saved plan."""
    from compplan.store import Conflict, difference

    if to is None and base is not None:
        stop("--base needs --to.")
    if base is not None and base < 1:
        stop(f"--base must be the number of a version, 1 or more. You entered {base}.")
    with open_store() as store:
        loaded = read_plan(plan)
        if to is None:
            saved = store.create(loaded, name=loaded.name if name is None else name, by=this_computer(), note=note)
        else:
            key = scenario_id(store, to)
            head = store.scenario(key, by=this_computer()).head
            try:
                saved = store.save(
                    key, loaded, base=head if base is None else base, by=this_computer(), name=name or "", note=note
                )
            except Conflict as conflict:
                for line in difference(conflict.base, conflict.theirs).lines():
                    print_text(f"  {line}", err=True)
                raise
    if as_json:
        print_json(version_dict(saved))
    else:
        print_text(f"Saved version {saved.number} of {saved.scenario_id}.")


@commands.command("diff")
def diff(
    plan: SavedPlanArgument,
    before: Annotated[int, typer.Argument(metavar="OLD", help="Number of a version.")],
    now: Annotated[int, typer.Argument(metavar="NEW", help="Number of the version to compare it with.")],
    other: Annotated[
        str | None,
        typer.Option("--of", metavar="SAVED", help="The saved plan that NEW is a version of. Default: the same."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two versions, in words and in money."""
    from compplan.store import difference

    with open_store() as store:
        key = scenario_id(store, plan)
        first = store.version(key, before, by=this_computer())
        second = store.version(scenario_id(store, other) if other else key, now, by=this_computer())
        compared = difference(first, second)
        lines = compared.lines()
    if as_json:
        print_json(difference_dict((*compared.changes, *compared.cost), compared.changed_amounts, compared.currency))
    else:
        print_text("\n".join(lines) or "No differences.")


# Share links


@commands.command("share")
def share(
    plan: SavedPlanArgument,
    number: VersionArgument = None,
    anyone: Annotated[
        bool | None,
        typer.Option(
            "--anyone/--signed-in",
            help="Who can open it: anyone with the link, or only people who sign in. "
            "Default: people who sign in, where a team is set up.",
            show_default=False,
        ),
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Include rows about people, by id.")] = False,
    small_teams: Annotated[bool, typer.Option("--small-teams", help="Show totals of few people too.")] = False,
    expires: Annotated[
        str | None,
        typer.Option(
            "--expires", metavar="DURATION", help="Expire after this many hours (h), days (d) or weeks (w): 30d."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Create a share link to a version. Copy it when it is printed: you can't see it again."""
    from compplan.access import team_from_environment

    until = _expiry(expires)
    with open_store() as store:
        public = team_from_environment() is None if anyone is None else anyone
        version = store.version(scenario_id(store, plan), number, by=this_computer())
        link, token = store.share(
            version,
            by=this_computer(),
            audience="anyone" if public else "signed_in",
            people=people,
            small_teams=small_teams,
            expires=until,
        )
    if as_json:
        print_json({**link_dict(link), "token": token})
        return
    team = team_from_environment()
    print_text(f"{_SERVED if team is None else team.sign_in.address.rstrip('/')}/finance?share={token}")
    where = "" if team is not None else "The link opens on this computer while `compplan serve` runs. "
    print_text(f"{where}To turn the link off: compplan store revoke {link.id}", err=True)


@commands.command("links")
def links(plan: SavedPlanArgument, as_json: JsonOption = False) -> None:
    """List the share links of a saved plan."""
    with open_store() as store:
        shared = store.links(scenario_id(store, plan), by=this_computer())
    if as_json:
        print_json([link_dict(link) for link in shared])
        return
    now = dt.datetime.now(dt.UTC)
    rows = [
        (link.id, str(link.version), "active" if link.is_open(now) else "off", str(link.opened), link.audience)
        for link in shared
    ]
    print_table(("LINK", "VERSION", "STATE", "OPENED", "FOR"), rows, "No share links.")


@commands.command("revoke")
def revoke(
    link: Annotated[str, typer.Argument(metavar="LINK", help="Id of the link; see compplan store links.")],
) -> None:
    """Turn off a share link, at once and for good."""
    with open_store() as store:
        revoked = store.revoke(link, by=this_computer())
    print_text(f"Turned off. It was opened {revoked.opened} time{'' if revoked.opened == 1 else 's'}.")


# Arguments


def scenario_id(store: Store, name: str) -> str:
    """Id of the saved plan with this id or name."""
    scenarios = (*store.scenarios(by=this_computer()), *store.scenarios(by=this_computer(), archived=True))
    ids = [s.id for s in scenarios if s.name == name and all(other.id != name for other in scenarios)]
    if len(ids) > 1:
        stop(f"{name}: {len(ids)} saved plans have this name. Use an id: {', '.join(ids[:5])}.")
    return ids[0] if ids else name


def _expiry(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    duration = re.fullmatch(r"(\d{1,4})([hdw])", text.strip(), re.ASCII)
    if duration is None or not int(duration[1]):
        allowed = "must be a number of hours, days or weeks, such as 12h, 30d or 4w"
        stop(f"--expires {allowed}. You entered {text!r}.")
    return dt.datetime.now(dt.UTC) + dt.timedelta(**{_UNITS[duration[2]]: int(duration[1])})
