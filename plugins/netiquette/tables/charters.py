"""The charter's versions, and the texts that contests have added to its clauses' tests."""

from sqlalchemy import Column, Integer, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime
from plugins.netiquette.tables.metadata import metadata

charters = Table(
    "netiquette_charters",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("by", String(80), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # draft (imported or half done: never in force) or saved; the newest saved version is in force
    Column("state", String(12), nullable=False, default="saved"),
    UniqueConstraint("site", "version"),
)

examples = Table(
    "netiquette_examples",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("clause", String(60), nullable=False),
    Column("lang", String(2), nullable=False),
    # The contested text without names: allowed from then on. It goes with its author.
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("author_id", Integer, nullable=True, index=True),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "clause", "digest"),
)
