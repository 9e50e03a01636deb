"""Members' words about us: verdicts, wishes, offers they took, and who looked at pages about them."""

from sqlalchemy import JSON, BigInteger, Column, Index, String, Text, UniqueConstraint

from connector.columns import UtcDateTime
from webhooks.tables.shape import named, rows

verdicts = rows(
    "verdicts",
    Column("plugin", String(60), nullable=False),
    Column("once", String(200), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("answer", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("data", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "plugin", "once", "member_id"),
)
Index("ix_host_verdicts_member", verdicts.c.site, verdicts.c.member_id)

wishes = named(
    "wishes",
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    # never, snoozed, away, agreed or speaks (a language)
    Column("kind", String(10), primary_key=True),
    # "" stands for every plugin, or every subject.
    Column("plugin", String(60), primary_key=True),
    Column("subject", String(200), primary_key=True),
    Column("since", UtcDateTime, nullable=False),
    Column("until", UtcDateTime),
)

access_log = rows(
    "access_log",
    Column("viewer_id", BigInteger, nullable=False),
    Column("viewer", Text, nullable=False),
    Column("member_id", BigInteger, nullable=False),
    Column("page", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_access_log_member", access_log.c.site, access_log.c.member_id, access_log.c.at)

taken = named(
    "taken",
    # Of plugin, offer, its data, member and suggestion: the same offer is taken once.
    Column("digest", String(64), primary_key=True),
    Column("plugin", String(60), nullable=False),
    Column("member_id", BigInteger, nullable=False),
    # The plugin's answer, said again to whoever clicks again.
    Column("said", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
Index("ix_host_taken_member", taken.c.site, taken.c.member_id)
