"""`compplan store`, maintenance: delete people and old data, back up and restore, read the audit log."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from compplan.cli.arguments import ForceOption
from compplan.cli.store import commands, open_store, scenario_id, this_computer
from compplan.cli.store_output import event_dict, moment_text, print_table, row_counts, warn_unless_scrubbed
from compplan.cli.terminal import JsonOption, print_json, print_text


@commands.command("delete-person")
@commands.command("erase", hidden=True)
def delete_person(
    person: Annotated[str, typer.Argument(metavar="ID", help="Id of the person, as in the people file.")],
) -> None:
    """Delete one person's rows from every saved plan."""
    with open_store() as store:
        erased = store.erase(person, by=this_computer())
    print_text(f"Deleted from {erased.snapshots} saved set{'' if erased.snapshots == 1 else 's'} of people.")
    warn_unless_scrubbed(erased.scrubbed)
    print_text("Earlier backups still contain this person. When you restore one, add --without ID.", err=True)


@commands.command("prune")
@commands.command("retain", hidden=True)
def prune(
    days: Annotated[int, typer.Argument(metavar="DAYS", help="Age in days.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be deleted.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Delete old people rows, links, archived plans and drafts.

    Share links are deleted only once they are off, and archived plans only if no version was ever approved.
    """
    with open_store() as store:
        removed = store.apply_retention(days, now=dt.datetime.now(dt.UTC), by=this_computer(), dry_run=dry_run)
    data = {
        "people": removed.people,
        "links": removed.links,
        "plans": removed.scenarios,
        "versions": removed.versions,
        "drafts": removed.drafts,
    }
    if as_json:
        print_json({**data, "dry_run": dry_run, "scrubbed": removed.scrubbed})
        return
    counts = (
        f"{removed.people} rows about people, {removed.links} links, {removed.scenarios} archived plans, "
        f"{removed.drafts} drafts"
    )
    print_text(f"{'Would delete' if dry_run else 'Deleted'} {counts}.")
    warn_unless_scrubbed(removed.scrubbed)


@commands.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Backup file to write (.zip).")],
    force: ForceOption = False,
) -> None:
    """Write everything to one file, including rows about people. Only its owner can read it."""
    with open_store() as store:
        counts = store.backup(file, by=this_computer(), force=force)
    print_text(f"Wrote {file}: {row_counts(counts)}.")


@commands.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A backup file.")],
    without: Annotated[
        list[str] | None, typer.Option("--without", "--erase", metavar="ID", help="Leave out this person. Repeatable.")
    ] = None,
) -> None:
    """Restore a backup into an empty database.

    Name the database in COMPPLAN_DATABASE_URL.
    """
    with open_store() as store:
        counts = store.restore_backup(file, by=this_computer(), erase=frozenset(without or ()))
    print_text(f"Restored {row_counts(counts)}.")


@commands.command("activity")
@commands.command("trail", hidden=True)
def activity(
    plan: Annotated[str | None, typer.Option("--plan", metavar="SAVED", help="Only events of this saved plan.")] = None,
    event: Annotated[
        str | None, typer.Option("--event", metavar="EVENT", help="Only events of this kind, such as opened.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Number of events.")] = 50,
    before: Annotated[int | None, typer.Option("--before", metavar="N", help="Only events before this number.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show the audit log: who did what and when."""
    with open_store() as store:
        key = None if plan is None else scenario_id(store, plan)
        events = store.audit_log(by=this_computer(), event=event, scenario_id=key, before=before, limit=limit)
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
