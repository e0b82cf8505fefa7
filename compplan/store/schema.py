"""The database tables, as the migrations create them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, MetaData, String, Table, Text

# Times are text in UTC, `2026-01-31T09:30:00.000000Z`, which sorts by time and is the same in every database.
metadata = MetaData()

scenarios = Table(
    "scenarios", metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("owner_id", String(400), nullable=False),
    Column("owner_name", String(200), nullable=False),
    Column("made", String(27), nullable=False),
    Column("archived", String(27)),
    Column("head", Integer, nullable=False),
)  # fmt: skip

# People rows are stored apart from versions, one row per person, so that one person can be erased everywhere.
snapshots = Table(
    "snapshots", metadata,
    Column("id", String(32), primary_key=True),
    Column("at", String(27), nullable=False),
    Column("names", Boolean, nullable=False),
    Column("count", Integer, nullable=False),
)  # fmt: skip

people = Table(
    "people", metadata,
    Column("snapshot_id", String(32), ForeignKey("snapshots.id"), primary_key=True),
    Column("person_id", String(200), primary_key=True, index=True),
    Column("place", Integer, nullable=False),
    Column("row", Text, nullable=False),
)  # fmt: skip

versions = Table(
    "versions", metadata,
    Column("id", String(32), primary_key=True),
    Column("scenario_id", String(32), ForeignKey("scenarios.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("base", Integer),
    Column("name", String(120), nullable=False),
    Column("note", String(4000), nullable=False),
    Column("by_id", String(400), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", String(27), nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("engine", String(40), nullable=False),
    Column("data", String(64), nullable=False),
    Column("cost", Text, nullable=False),
    Column("snapshot_id", String(32), ForeignKey("snapshots.id"), index=True),
)  # fmt: skip

moves = Table(
    "moves", metadata,
    Column("id", Integer, primary_key=True),
    Column("version_id", String(32), ForeignKey("versions.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("by_id", String(400), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", String(27), nullable=False),
    Column("reason", String(4000), nullable=False),
    Column("on", String(10)),
)  # fmt: skip

links = Table(
    "links", metadata,
    Column("id", String(32), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("version_id", String(32), ForeignKey("versions.id"), nullable=False, index=True),
    Column("by_id", String(400), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("at", String(27), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("people", Boolean, nullable=False),
    Column("small_teams", Boolean, nullable=False),
    Column("expires", String(27)),
    Column("revoked", String(27)),
    Column("opened", Integer, nullable=False),
    Column("last_opened", String(27)),
)  # fmt: skip

trail = Table(
    "trail", metadata,
    Column("id", Integer, primary_key=True),
    Column("at", String(27), nullable=False),
    Column("event", String(40), nullable=False),
    Column("by_id", String(400), nullable=False),
    Column("by_name", String(200), nullable=False),
    Column("scenario_id", String(32), index=True),
    Column("version", Integer),
    Column("link_id", String(32)),
    Column("detail", Text, nullable=False),
)  # fmt: skip

# Counts of opened and refused links. Every attempt writes one row, so that all attempts take the same time.
tallies = Table(
    "tallies", metadata,
    Column("name", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
)  # fmt: skip

# Drafts belong to one person each, are no part of a backup, and never hold people rows.
drafts = Table(
    "drafts", metadata,
    Column("id", String(32), primary_key=True),
    Column("owner_id", String(400), nullable=False, index=True),
    Column("owner_name", String(200), nullable=False),
    Column("name", String(120), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("at", String(27), nullable=False),
    Column("unsaved", Boolean, nullable=False),
    Column("state", Text, nullable=False),
)  # fmt: skip

# The tables in a backup, in the order in which they can be restored.
BACKED_UP = (scenarios, snapshots, people, versions, moves, links, trail)
