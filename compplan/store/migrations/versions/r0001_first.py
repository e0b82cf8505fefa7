"""Create scenarios, versions, people, approval steps, links and the audit log, with triggers that forbid changes.

Revision ID: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Table, refused statement, and the rows it applies to (empty: all rows).
_APPROVED = "EXISTS (SELECT 1 FROM moves WHERE moves.version_id = OLD.id AND moves.kind = 'approved')"
_REFUSED = (
    ("trail", "UPDATE", ""),
    ("trail", "DELETE", ""),
    ("versions", "UPDATE", ""),
    ("versions", "DELETE", _APPROVED),
    ("moves", "UPDATE", ""),
    ("moves", "DELETE", "OLD.kind IN ('approved', 'in_force')"),
)


def upgrade() -> None:
    """Create the tables and triggers."""
    _plans()
    _people_and_links()
    _upkeep()
    for table, deed, rows in _REFUSED:
        _refuse(table, deed, rows)


def _by() -> tuple[sa.Column[str], sa.Column[str], sa.Column[str]]:
    return (
        sa.Column("by_id", sa.String(400), nullable=False),
        sa.Column("by_name", sa.String(200), nullable=False),
        sa.Column("at", sa.String(27), nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "scenarios",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("owner_id", sa.String(400), nullable=False),
        sa.Column("owner_name", sa.String(200), nullable=False),
        sa.Column("made", sa.String(27), nullable=False),
        sa.Column("archived", sa.String(27)),
        sa.Column("head", sa.Integer, nullable=False),
    )
    op.create_table(
        "snapshots",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("at", sa.String(27), nullable=False),
        sa.Column("names", sa.Boolean, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("scenario_id", sa.String(32), sa.ForeignKey("scenarios.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("base", sa.Integer),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("note", sa.String(4000), nullable=False),
        *_by(),
        sa.Column("plan", sa.Text, nullable=False),
        sa.Column("plan_hash", sa.String(64), nullable=False),
        sa.Column("engine", sa.String(40), nullable=False),
        sa.Column("data", sa.String(64), nullable=False),
        sa.Column("cost", sa.Text, nullable=False),
        sa.Column("snapshot_id", sa.String(32), sa.ForeignKey("snapshots.id"), index=True),
        sa.UniqueConstraint("scenario_id", "number"),
    )
    op.create_table(
        "moves",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("version_id", sa.String(32), sa.ForeignKey("versions.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        *_by(),
        sa.Column("reason", sa.String(4000), nullable=False),
        sa.Column("on", sa.String(10)),
    )


def _people_and_links() -> None:
    op.create_table(
        "people",
        sa.Column("snapshot_id", sa.String(32), sa.ForeignKey("snapshots.id"), primary_key=True),
        sa.Column("person_id", sa.String(200), primary_key=True, index=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("row", sa.Text, nullable=False),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("version_id", sa.String(32), sa.ForeignKey("versions.id"), nullable=False, index=True),
        *_by(),
        sa.Column("audience", sa.String(20), nullable=False),
        sa.Column("people", sa.Boolean, nullable=False),
        sa.Column("small_teams", sa.Boolean, nullable=False),
        sa.Column("expires", sa.String(27)),
        sa.Column("revoked", sa.String(27)),
        sa.Column("opened", sa.Integer, nullable=False),
        sa.Column("last_opened", sa.String(27)),
    )


def _upkeep() -> None:
    op.create_table(
        "trail",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event", sa.String(40), nullable=False),
        *_by(),
        sa.Column("scenario_id", sa.String(32), index=True),
        sa.Column("version", sa.Integer),
        sa.Column("link_id", sa.String(32)),
        sa.Column("detail", sa.Text, nullable=False),
    )
    tallies = op.create_table(
        "tallies", sa.Column("name", sa.String(20), primary_key=True), sa.Column("count", sa.Integer, nullable=False)
    )
    op.bulk_insert(tallies, [{"name": "opened", "count": 0}, {"name": "refused", "count": 0}])


def _refuse(table: str, deed: str, rows: str) -> None:
    """Add a trigger that makes the database refuse to change some rows."""
    name, sentence = f"{table}_no_{deed.lower()}", f"{table} are kept as they are"
    when = f"WHEN ({rows})" if rows else ""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        )
        return
    # PostgreSQL allows no subquery in WHEN.
    body = f"IF {rows or 'TRUE'} THEN RAISE EXCEPTION '{sentence}'; END IF; RETURN OLD;"
    op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$")
    op.execute(f"CREATE TRIGGER {name} BEFORE {deed} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")
    if deed == "DELETE":
        op.execute(
            f"CREATE FUNCTION {table}_no_truncate() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_no_truncate()"
        )
