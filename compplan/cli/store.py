"""`compplan store`: saved plans, their versions, share links and audit log, retention, backup and restore."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.cli.arguments import ForceOption, PlanArgument, read_plan
from compplan.cli.diff import difference_dict
from compplan.cli.store_output import (
    event_dict,
    link_dict,
    moment_text,
    print_table,
    row_counts,
    scenario_dict,
    state_text,
    version_dict,
    warn_unless_scrubbed,
)
from compplan.cli.terminal import JsonOption, app, examples, print_json, print_text, stop, user_errors

if TYPE_CHECKING:
    from compplan.access import Actor
    from compplan.store import Store

_commands = typer.Typer(
    help="Manage saved plans, versions and share links.\n\nAlso the audit log, deletion, backup and restore.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "compplan store save plan.yaml --name 'CSM, FY26'",
        "compplan store versions 'CSM, FY26'",
        "compplan store share 'CSM, FY26' --expires 30d",
    ),
)
app.add_typer(_commands, name="store")

SavedPlanArgument = Annotated[
    str, typer.Argument(metavar="SAVED", help="A saved plan: its id, or its name if only one plan has that name.")
]
VersionArgument = Annotated[
    int | None, typer.Argument(metavar="VERSION", help="Number of a version. Default: the newest.")
]
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@contextmanager
def _open_store() -> Generator[Store]:
    """The store; whatever goes wrong with it ends the command with a sentence."""
    from compplan.store import Store

    with user_errors(), Store.open() as store:
        yield store


def _this_computer() -> Actor:
    """Who acts in commands: whoever has a shell on this computer, with every right."""
    from compplan.access import LOCAL

    return LOCAL


# Plans and versions


@_commands.command("status")
def status(as_json: JsonOption = False) -> None:
    """Show where plans are saved and how many there are."""
    with _open_store() as store:
        live, archived = store.scenarios(by=_this_computer()), store.scenarios(by=_this_computer(), archived=True)
        data = {"place": store.place, "ready": store.ready(), "plans": len(live), "archived": len(archived)}
    if as_json:
        print_json(data)
    else:
        state = "ready" if data["ready"] else "not ready"
        print_text(f"{data['place']}: {state}; {len(live)} plans, {len(archived)} archived.")


@_commands.command("path")
def path() -> None:
    """Print where plans are saved: a file, or a host and database."""
    from compplan.store.database import address, place_of

    with user_errors():
        print_text(place_of(address(None)))


@_commands.command("list")
def list_plans(
    archived: Annotated[bool, typer.Option("--archived", help="List archived plans instead.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List saved plans, the last saved first."""
    with _open_store() as store:
        scenarios = store.scenarios(by=_this_computer(), archived=archived)
    if as_json:
        print_json([scenario_dict(scenario) for scenario in scenarios])
        return
    rows = [(s.id, str(s.head), moment_text(s.saved), s.saved_by.name, s.name) for s in scenarios]
    print_table(
        ("ID", "VERSION", "SAVED", "BY", "NAME"), rows, "No archived plans." if archived else "No saved plans yet."
    )


@_commands.command("versions")
def versions(plan: SavedPlanArgument, as_json: JsonOption = False) -> None:
    """List the versions of a saved plan, the newest first."""
    with _open_store() as store:
        saved = store.versions(_scenario_id(store, plan), by=_this_computer())
    if as_json:
        print_json([version_dict(version) for version in saved])
        return
    rows = [
        (str(v.number), state_text(v.lifecycle), moment_text(v.at), v.by.name, v.name, v.note.partition("\n")[0])
        for v in saved
    ]
    print_table(("VERSION", "STATE", "SAVED", "BY", "NAME", "NOTE"), rows, "")


@_commands.command("show")
def show(plan: SavedPlanArgument, number: VersionArgument = None) -> None:
    """Print a version of a saved plan as YAML."""
    with _open_store() as store:
        text = store.version(_scenario_id(store, plan), number, by=_this_computer()).plan.to_yaml()
    typer.echo(text, nl=False)


@_commands.command("save")
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
    with _open_store() as store:
        loaded = read_plan(plan)
        if to is None:
            saved = store.create(loaded, name=loaded.name if name is None else name, by=_this_computer(), note=note)
        else:
            key = _scenario_id(store, to)
            head = store.scenario(key, by=_this_computer()).head
            try:
                saved = store.save(
                    key, loaded, base=head if base is None else base, by=_this_computer(), name=name or "", note=note
                )
            except Conflict as conflict:
                for line in difference(conflict.base, conflict.theirs).lines():
                    print_text(f"  {line}", err=True)
                raise
    if as_json:
        print_json(version_dict(saved))
    else:
        print_text(f"Saved version {saved.number} of {saved.scenario_id}.")


@_commands.command("diff")
def diff(
    plan: SavedPlanArgument,
    before: Annotated[int, typer.Argument(metavar="A", help="Number of a version.")],
    now: Annotated[int, typer.Argument(metavar="B", help="Number of the version to compare it with.")],
    other: Annotated[
        str | None,
        typer.Option("--of", metavar="SAVED", help="The saved plan that B is a version of. Default: the same."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two versions, in words and in money."""
    from compplan.store import difference

    with _open_store() as store:
        key = _scenario_id(store, plan)
        first = store.version(key, before, by=_this_computer())
        second = store.version(_scenario_id(store, other) if other else key, now, by=_this_computer())
        compared = difference(first, second)
        lines = compared.lines()
    if as_json:
        print_json(difference_dict((*compared.changes, *compared.cost), compared.changed_amounts, compared.currency))
    else:
        print_text("\n".join(lines) or "No differences.")


# Share links


@_commands.command("share")
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
        typer.Option("--expires", metavar="30d", help="Expire after this many hours (h), days (d) or weeks (w)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Create a share link to a version. Copy it when it is printed: you can't see it again."""
    from compplan.access import team_from_environment

    until = _expiry(expires)
    with _open_store() as store:
        public = team_from_environment() is None if anyone is None else anyone
        version = store.version(_scenario_id(store, plan), number, by=_this_computer())
        link, token = store.share(
            version,
            by=_this_computer(),
            audience="anyone" if public else "signed_in",
            people=people,
            small_teams=small_teams,
            expires=until,
        )
    if as_json:
        print_json({**link_dict(link), "token": token})
        return
    print_text(f"?share={token}")
    print_text(
        f"Add this to the address of your server. To turn the link off: compplan store revoke {link.id}", err=True
    )


@_commands.command("links")
def links(plan: SavedPlanArgument, as_json: JsonOption = False) -> None:
    """List the share links of a saved plan."""
    with _open_store() as store:
        shared = store.links(_scenario_id(store, plan), by=_this_computer())
    if as_json:
        print_json([link_dict(link) for link in shared])
        return
    now = dt.datetime.now(dt.UTC)
    rows = [
        (link.id, str(link.version), "active" if link.is_open(now) else "off", str(link.opened), link.audience)
        for link in shared
    ]
    print_table(("LINK", "VERSION", "STATE", "OPENED", "FOR"), rows, "No share links.")


@_commands.command("revoke")
def revoke(
    link: Annotated[str, typer.Argument(metavar="LINK", help="Id of the link; see compplan store links.")],
) -> None:
    """Turn off a share link, at once and for good."""
    with _open_store() as store:
        revoked = store.revoke(link, by=_this_computer())
    print_text(f"Turned off. It was opened {revoked.opened} time{'' if revoked.opened == 1 else 's'}.")


# Removal, backup and audit log


@_commands.command("erase")
def erase(
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of the person, as in the people file.")],
) -> None:
    """Delete one person's rows from every saved plan."""
    with _open_store() as store:
        erased = store.erase(person, by=_this_computer())
    print_text(f"Deleted from {erased.snapshots} saved set{'' if erased.snapshots == 1 else 's'} of people.")
    warn_unless_scrubbed(erased.scrubbed)
    print_text("Earlier backups still contain this person. When you restore one, add --erase ID.", err=True)


@_commands.command("retain")
def retain(
    days: Annotated[int, typer.Argument(metavar="DAYS", help="Delete what is older than this.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be deleted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete what is older than some days.

    That is rows about people, share links that are off, and archived plans.
    """
    with _open_store() as store:
        removed = store.apply_retention(days, now=dt.datetime.now(dt.UTC), by=_this_computer(), dry_run=dry_run)
    data = {"people": removed.people, "links": removed.links, "plans": removed.scenarios, "versions": removed.versions}
    if as_json:
        print_json({**data, "dry_run": dry_run, "scrubbed": removed.scrubbed})
        return
    counts = f"{removed.people} rows about people, {removed.links} links, {removed.scenarios} archived plans"
    print_text(f"{'Would delete' if dry_run else 'Deleted'} {counts}.")
    warn_unless_scrubbed(removed.scrubbed)


@_commands.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Backup file to write (.zip).")],
    force: ForceOption = False,
) -> None:
    """Write everything to one file, including rows about people. Only its owner can read it."""
    with _open_store() as store:
        counts = store.backup(file, by=_this_computer(), force=force)
    print_text(f"Wrote {file}: {row_counts(counts)}.")


@_commands.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup file.")],
    without: Annotated[
        list[str] | None, typer.Option("--erase", metavar="ID", help="Leave out this person. Repeatable.")
    ] = None,
) -> None:
    """Restore a backup into an empty database.

    Name the database in COMPPLAN_DATABASE_URL.
    """
    with _open_store() as store:
        counts = store.restore_backup(file, by=_this_computer(), erase=frozenset(without or ()))
    print_text(f"Restored {row_counts(counts)}.")


@_commands.command("trail")
def trail(
    plan: Annotated[str | None, typer.Option("--plan", metavar="SAVED", help="Only events of this saved plan.")] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="EVENT", help="Only events of this kind, such as opened.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Number of events.")] = 50,
    before: Annotated[int | None, typer.Option("--before", metavar="N", help="Only events before this number.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the audit log: who did what and when."""
    with _open_store() as store:
        key = None if plan is None else _scenario_id(store, plan)
        events = store.audit_log(by=_this_computer(), event=event, scenario_id=key, before=before, limit=limit)
    if as_json:
        print_json([event_dict(e) for e in events])
        return
    rows = [
        (
            str(e.id),
            moment_text(e.at),
            e.by.name,
            e.event,
            " ".join(filter(None, [e.scenario_id, str(e.version or "")])),
        )
        for e in events
    ]
    print_table(("NUMBER", "WHEN", "WHO", "EVENT", "PLAN"), rows, "No events yet.")


# Arguments


def _scenario_id(store: Store, name: str) -> str:
    """Id of the saved plan with this id or name."""
    scenarios = (*store.scenarios(by=_this_computer()), *store.scenarios(by=_this_computer(), archived=True))
    named = [s.id for s in scenarios if s.name == name and all(other.id != name for other in scenarios)]
    if len(named) > 1:
        stop(f"{name}: {len(named)} saved plans have this name. Use an id: {', '.join(named[:5])}.")
    return named[0] if named else name


def _expiry(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    duration = re.fullmatch(r"(\d{1,4})([hdw])", text.strip(), re.ASCII)
    if duration is None or not int(duration[1]):
        allowed = "must be a number of hours, days or weeks, such as 12h, 30d or 4w"
        stop(f"--expires {allowed}. You entered {text!r}.")
    return dt.datetime.now(dt.UTC) + dt.timedelta(**{_UNITS[duration[2]]: int(duration[1])})
