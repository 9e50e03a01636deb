"""What the ladder needs to remember of a thread, and for how long; nothing here counts or lists a member's breaches."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Index, Integer, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime
from plugins.netiquette.tables.metadata import metadata

settling = Table(
    "netiquette_settling",
    metadata,
    # A post that is left alone until its author has stopped mending it; whose it is, is not kept here.
    Column("site", Integer, primary_key=True, autoincrement=False),
    Column("post_id", BigInteger, primary_key=True, autoincrement=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    # When it is to be judged; None: it was, and nothing has changed since.
    Column("due_at", UtcDateTime, nullable=True),
    # Of the own words that were judged last, so that the same ones are judged once.
    Column("digest", String(64), nullable=False, default=""),
)
Index("ix_netiquette_settling_due", settling.c.site, settling.c.due_at)

steps = Table(
    "netiquette_steps",
    metadata,
    # One step of the ladder in one thread: what was said and why, until the thread is forgotten.
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    Column("author_id", BigInteger, nullable=False, index=True),
    Column("post_id", BigInteger, nullable=False),
    # word (a private message), offer (a mediator), queue (the managers)
    Column("step", String(10), nullable=False),
    # The act by which it was taken.
    Column("once", String(200), nullable=False),
    Column("clause", String(60), nullable=False),
    Column("formal", Boolean, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("words", JSON, nullable=False),
    # The own words that were judged: what a contest is about.
    Column("text", Text, nullable=False),
    Column("confidence", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "once"),
)
Index("ix_netiquette_steps_thread", steps.c.site, steps.c.topic_id)
