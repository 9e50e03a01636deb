"""The host's own memory: what plugins share, facts about itself, wordings told, pace, one-time words, sessions."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Float, Index, Integer, String, Text

from connector.columns import UtcDateTime
from webhooks.tables.shape import named

shared = named(
    "shared",
    Column("name", String(100), primary_key=True),
    Column("plugin", String(60), nullable=False),
    Column("value", JSON),
    Column("at", UtcDateTime, nullable=False),
)

facts = named(
    "facts",
    # paused, bot, heartbeat, connection, client_settings…
    Column("name", String(100), primary_key=True),
    Column("value", JSON),
    Column("at", UtcDateTime, nullable=False),
)

told = named(
    "told",
    # How often a member was told a text of a plugin: nobody reads the same wording twice running.
    Column("plugin", String(60), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)

pace = named(
    "pace",
    # In seconds of the machine's own clock: pacing knows no moved time.
    Column("tokens", Float, nullable=False),
    Column("filled_at", Float, nullable=False),
    Column("closed_until", Float, nullable=False),
)

nonces = named(
    "nonces",
    # One-time words: login nonces, console links.
    Column("digest", String(64), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("data", JSON, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)

sessions = named(
    "sessions",
    Column("digest", String(64), primary_key=True),
    Column("member_id", BigInteger, nullable=False),
    Column("username", Text, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("admin", Boolean, nullable=False),
    Column("checked_at", UtcDateTime, nullable=False),
    Column("expires", UtcDateTime, nullable=False),
)
Index("ix_host_sessions_member", sessions.c.site, sessions.c.member_id)
