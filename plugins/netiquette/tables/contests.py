"""Contests: an author said that a word to him was wrong. Once answered, who it was and what he wrote are dropped."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime
from plugins.netiquette.tables.metadata import metadata

contests = Table(
    "netiquette_contests",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    # The act that was contested.
    Column("once", String(200), nullable=False),
    Column("clause", String(60), nullable=False),
    Column("formal", Boolean, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("category_id", BigInteger, nullable=True),
    # What follows is None or empty once a person has answered.
    Column("member_id", BigInteger, nullable=True, index=True),
    Column("topic_id", BigInteger, nullable=True),
    Column("post_id", BigInteger, nullable=True),
    Column("words", JSON, nullable=False),
    Column("text", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    # open, agreed (the member was right), stands (the clause does)
    Column("state", String(10), nullable=False),
    Column("answered_at", UtcDateTime, nullable=True),
    UniqueConstraint("site", "once"),
)
Index("ix_netiquette_contests_state", contests.c.site, contests.c.state)
