"""Managers' words to us: settings, modes, changes, published pages, who is on duty, when nobody works."""

from sqlalchemy import JSON, BigInteger, Boolean, Column, Date, Index, String, Text, UniqueConstraint

from connector.columns import UtcDateTime
from webhooks.tables.shape import named, rows

settings = named(
    "settings",
    # "" is the host itself; category 0 is everywhere.
    Column("plugin", String(60), primary_key=True),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name", String(100), primary_key=True),
    Column("value", JSON),
)

modes = named(
    "modes",
    Column("plugin", String(60), primary_key=True),
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String(100), primary_key=True),
    Column("mode", String(10), nullable=False),
)

changes = rows(
    "changes",
    Column("plugin", String(60), nullable=False),
    Column("category_id", BigInteger, nullable=False),
    Column("name", String(200), nullable=False),
    Column("old", JSON),
    Column("new", JSON),
    Column("who", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_changes_plugin", changes.c.site, changes.c.plugin, changes.c.at)

published = named(
    "published",
    # why (the why-page) or announcement
    Column("plugin", String(60), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("lang", String(8), primary_key=True),
    Column("text", Text, nullable=False),
    Column("edited_at", UtcDateTime, nullable=False),
    Column("edited_by", Text, nullable=False),
    Column("published_at", UtcDateTime),
)

duty = rows(
    "duty",
    Column("username", Text, nullable=False),
    # Stands in while the others are away.
    Column("deputy", Boolean, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    UniqueConstraint("site", "username"),
)

absences = rows(
    "absences",
    Column("username", Text, nullable=False),
    Column("starts", UtcDateTime, nullable=False),
    Column("ends", UtcDateTime, nullable=False),
    Column("deputy", Text, nullable=False),
)
Index("ix_host_absences_ends", absences.c.site, absences.c.ends)

closures = rows(
    "closures",
    Column("name", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
)
