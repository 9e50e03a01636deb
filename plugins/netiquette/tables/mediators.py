"""Who offered to mediate, and the cases that authors chose to put before two of them."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint

from connector.columns import UtcDateTime
from plugins.netiquette.tables.metadata import metadata

mediators = Table(
    "netiquette_mediators",
    metadata,
    Column("site", Integer, primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    Column("since", UtcDateTime, nullable=False),
    # Whose turn it is: whoever was asked longest ago.
    Column("asked_at", UtcDateTime, nullable=True),
)

mediations = Table(
    "netiquette_mediations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("topic_id", BigInteger, nullable=False),
    # Whose case it is: kept until it is closed, never counted.
    Column("author_id", BigInteger, nullable=True),
    # offered, open, closed, declined
    Column("state", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "topic_id", "author_id"),
)

opinions = Table(
    "netiquette_opinions",
    metadata,
    Column("site", Integer, primary_key=True),
    Column("mediation_id", Integer, primary_key=True, autoincrement=False),
    Column("mediator_id", BigInteger, primary_key=True, autoincrement=False),
    # "" asked, settled or staff (better left to those who look after the forum)
    Column("opinion", String(10), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
