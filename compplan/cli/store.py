"""The commands on saved plans: what is kept, who did what, sharing, taking out, backup and restore."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from compplan.access import LOCAL, team_from_environment
from compplan.cli.plan import PlanArgument, read_plan
from compplan.cli.store_output import (
    as_event,
    as_link,
    as_scenario,
    as_version,
    counted,
    standing,
    table,
    warn_unless_scrubbed,
    when,
)
from compplan.cli.terminal import JsonOption, app, print_json, say, sentences, stop

if TYPE_CHECKING:
    from compplan.store import Store

_COMMANDS = typer.Typer(
    help="Saved plans: versions, share links, the trail, erasure, retention, backup.", no_args_is_help=True
)
app.add_typer(_COMMANDS, name="store")

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A saved plan: its id, or its name where only one has it.")
]
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}


@contextmanager
def _opened() -> Generator[Store]:
    """The store, within sentences for whatever goes wrong."""
    from compplan.store import Store

    with sentences(), Store.open() as store:
        yield store


@_COMMANDS.command("status")
def status(as_json: JsonOption = False) -> None:
    """Say where plans are kept, and how much there is."""
    with _opened() as store:
        live, away = store.scenarios(by=LOCAL), store.scenarios(by=LOCAL, archived=True)
        told = {"place": store.place, "ready": store.ready(), "plans": len(live), "archived": len(away)}
    if as_json:
        print_json(told)
    else:
        state = "ready" if told["ready"] else "not ready"
        say(f"{told['place']}: {state}; {len(live)} plans, {len(away)} archived.")


@_COMMANDS.command("path")
def path() -> None:
    """Print the file, or host and database, where plans are kept."""
    from compplan.store.database import address, place_of

    with sentences():
        say(place_of(address(None)))


@_COMMANDS.command("list")
def listing(
    archived: Annotated[bool, typer.Option("--archived", help="Those that were put away.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List saved plans, the one that was saved last first."""
    with _opened() as store:
        found = store.scenarios(by=LOCAL, archived=archived)
    if as_json:
        print_json([as_scenario(s) for s in found])
        return
    rows = [(s.id, str(s.head), when(s.saved), s.saved_by.name, s.name) for s in found]
    table(("ID", "VERSION", "SAVED", "BY", "NAME"), rows, "No plan is saved.")


@_COMMANDS.command("versions")
def versions(plan: ScenarioArgument, as_json: JsonOption = False) -> None:
    """List the versions of a saved plan, the newest first."""
    with _opened() as store:
        found = store.versions(_id(store, plan), by=LOCAL)
    if as_json:
        print_json([as_version(v) for v in found])
        return
    rows = [
        (str(v.number), standing(v.lifecycle), when(v.at), v.by.name, v.name, v.note.partition("\n")[0]) for v in found
    ]
    table(("VERSION", "STATE", "SAVED", "BY", "NAME", "NOTE"), rows, "")


@_COMMANDS.command("show")
def show(
    plan: ScenarioArgument,
    number: Annotated[int | None, typer.Argument(metavar="VERSION", help="The newest if left out.")] = None,
) -> None:
    """Print a version of a saved plan as YAML."""
    with _opened() as store:
        text = store.version(_id(store, plan), number, by=LOCAL).plan.to_yaml()
    typer.echo(text, nl=False)


@_COMMANDS.command("save")
def save(
    plan: PlanArgument,
    name: Annotated[str | None, typer.Option("--name", help="Of a new saved plan; the plan's own if left out.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="SCENARIO", help="Add a version to this one.")] = None,
    base: Annotated[
        int | None, typer.Option("--base", metavar="N", help="With --to: the version that it was made from.")
    ] = None,
    note: Annotated[str, typer.Option("--note", help="What is kept with it.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Save a plan, or with --to a new version of one that is saved."""
    from compplan.store import Conflict, difference

    if to is None and base is not None:
        stop("--base: goes with --to.")
    if base is not None and base < 1:
        stop(f"--base: must be the number of a version, 1 or more; got {base}.")
    with _opened() as store:
        read = read_plan(plan)
        if to is None:
            made = store.create(read, name=read.name if name is None else name, by=LOCAL, note=note)
        else:
            key = _id(store, to)
            head = store.scenario(key, by=LOCAL).head
            try:
                made = store.save(key, read, base=head if base is None else base, by=LOCAL, name=name or "", note=note)
            except Conflict as conflict:
                for line in difference(conflict.base, conflict.theirs).lines():
                    say(f"  {line}", err=True)
                raise
    if as_json:
        print_json(as_version(made))
    else:
        say(f"Saved version {made.number} of {made.scenario_id}.")


@_COMMANDS.command("diff")
def diff(
    plan: ScenarioArgument,
    before: Annotated[int, typer.Argument(metavar="A", help="A version.")],
    now: Annotated[int, typer.Argument(metavar="B", help="Another.")],
    other: Annotated[str | None, typer.Option("--of", metavar="SCENARIO", help="B is a version of this one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what differs between two versions, in words and in money."""
    from compplan.store import difference

    with _opened() as store:
        key = _id(store, plan)
        first = store.version(key, before, by=LOCAL)
        second = store.version(_id(store, other) if other else key, now, by=LOCAL)
        found = difference(first, second)
        lines = found.lines()
    if as_json:
        print_json(
            {
                "words": [{"where": c.where, "before": c.before, "now": c.now} for c in (*found.changes, *found.cost)],
                "money": [
                    {"name": m.name, "kind": m.kind, "before": m.before, "now": m.now} for m in found.changed_amounts
                ],
                "currency": found.currency,
            }
        )
    else:
        say("\n".join(lines) or "They are alike.")


@_COMMANDS.command("share")
def share(
    plan: ScenarioArgument,
    number: Annotated[int | None, typer.Argument(metavar="VERSION", help="The newest if left out.")] = None,
    anyone: Annotated[
        bool | None,
        typer.Option(
            "--anyone/--signed-in",
            help="For whoever has it, or only for people who sign in; the second if left out where a team signs in.",
            show_default=False,
        ),
    ] = None,
    people: Annotated[bool, typer.Option("--people", help="Rows about people travel with it, by id.")] = False,
    small_teams: Annotated[bool, typer.Option("--small-teams", help="Totals of few people are shown.")] = False,
    expires: Annotated[
        str | None, typer.Option("--expires", metavar="30d", help="After so many hours (h), days (d) or weeks (w).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a share link to a version; its token is printed once and never kept."""
    until = _until(expires)
    with _opened() as store:
        everybody = team_from_environment() is None if anyone is None else anyone
        version = store.version(_id(store, plan), number, by=LOCAL)
        link, token = store.share(
            version,
            by=LOCAL,
            audience="anyone" if everybody else "signed_in",
            people=people,
            small_teams=small_teams,
            expires=until,
        )
    if as_json:
        print_json({**as_link(link), "token": token})
        return
    say(f"?share={token}")
    say(f"Put that behind the address of your server. Shut it with: compplan store revoke {link.id}", err=True)


@_COMMANDS.command("links")
def links(plan: ScenarioArgument, as_json: JsonOption = False) -> None:
    """List the share links of a saved plan."""
    with _opened() as store:
        found = store.links(_id(store, plan), by=LOCAL)
    if as_json:
        print_json([as_link(link) for link in found])
        return
    now = dt.datetime.now(dt.UTC)
    rows = [
        (link.id, str(link.version), "open" if link.is_open(now) else "shut", str(link.opened), link.audience)
        for link in found
    ]
    table(("LINK", "VERSION", "STATE", "OPENED", "FOR"), rows, "It has no links.")


@_COMMANDS.command("revoke")
def revoke(
    link: Annotated[str, typer.Argument(metavar="LINK", help="Its id, as `links` tells it.")],
) -> None:
    """Shut a share link, at once and for good."""
    with _opened() as store:
        shut = store.revoke(link, by=LOCAL)
    say(f"Shut. It was opened {shut.opened} time{'' if shut.opened == 1 else 's'}.")


@_COMMANDS.command("erase")
def erase(person: Annotated[str, typer.Argument(metavar="ID", help="Of the person, as in the rows.")]) -> None:
    """Take one person's rows out of everything that was saved."""
    with _opened() as store:
        gone = store.erase(person, by=LOCAL)
    say(f"Erased from {gone.snapshots} set{'' if gone.snapshots == 1 else 's'} of people's rows.")
    warn_unless_scrubbed(gone.scrubbed)
    say("Backups that were taken before still hold the person: restore them with --erase ID.", err=True)


@_COMMANDS.command("retain")
def retain(
    days: Annotated[int, typer.Argument(metavar="DAYS", help="What is older goes.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take out people's rows, shut links and archived plans that were kept long enough."""
    with _opened() as store:
        gone = store.apply_retention(days, now=dt.datetime.now(dt.UTC), by=LOCAL, dry_run=dry_run)
    told = {"people": gone.people, "links": gone.links, "plans": gone.scenarios, "versions": gone.versions}
    if as_json:
        print_json({**told, "dry_run": dry_run, "scrubbed": gone.scrubbed})
        return
    counts = f"{gone.people} rows about people, {gone.links} links, {gone.scenarios} archived plans"
    say(f"{'Would take' if dry_run else 'Took'} out {counts}.")
    warn_unless_scrubbed(gone.scrubbed)


@_COMMANDS.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A .zip file to write.")],
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")] = False,
) -> None:
    """Write everything into one file, people's rows too; only its owner can read it."""
    with _opened() as store:
        counts = store.backup(file, by=LOCAL, force=force)
    say(f"Wrote {file}: {counted(counts)}.")


@_COMMANDS.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    without: Annotated[
        list[str] | None, typer.Option("--erase", metavar="ID", help="A person to leave out. Once for each.")
    ] = None,
) -> None:
    """Read a backup into an empty database; name the database in COMPPLAN_DATABASE_URL."""
    with _opened() as store:
        counts = store.restore_backup(file, by=LOCAL, erase=frozenset(without or ()))
    say(f"Restored {counted(counts)}.")


@_COMMANDS.command("trail")
def trail(
    plan: Annotated[str | None, typer.Option("--plan", metavar="SCENARIO", help="Only of this saved plan.")] = None,
    event: Annotated[str | None, typer.Option("--event", metavar="EVENT", help="Only these, such as opened.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many lines.")] = 50,
    before: Annotated[int | None, typer.Option("--before", metavar="N", help="Only lines before this one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Say what was done, by whom and when, the newest first."""
    with _opened() as store:
        key = None if plan is None else _id(store, plan)
        found = store.audit_log(by=LOCAL, event=event, scenario_id=key, before=before, limit=limit)
    if as_json:
        print_json([as_event(e) for e in found])
        return
    rows = [
        (str(e.id), when(e.at), e.by.name, e.event, " ".join(filter(None, [e.scenario_id, str(e.version or "")])))
        for e in found
    ]
    table(("LINE", "WHEN", "WHO", "WHAT", "PLAN"), rows, "Nothing was done yet.")


# What was given


def _id(store: Store, name: str) -> str:
    """The id of a saved plan that is named by it, or by its name."""
    everything = (*store.scenarios(by=LOCAL), *store.scenarios(by=LOCAL, archived=True))
    named = [s.id for s in everything if s.name == name and all(o.id != name for o in everything)]
    if len(named) > 1:
        stop(f"{name}: {len(named)} saved plans have this name; say which by its id: {', '.join(named[:5])}.")
    return named[0] if named else name


def _until(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d{1,4})([hdw])", text.strip(), re.ASCII)
    if found is None or not int(found[1]):
        stop(f"--expires: must be a number of hours, days or weeks, such as 12h, 30d or 4w; got {text!r}.")
    return dt.datetime.now(dt.UTC) + dt.timedelta(**{_UNITS[found[2]]: int(found[1])})
