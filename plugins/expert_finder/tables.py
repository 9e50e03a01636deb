"""What the plugin keeps of its own: whom it named for what, who said no, and what it has learned."""

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime

metadata = MetaData()

suggestions = Table(
    "expert_finder_suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("topic_id", Integer, nullable=False, index=True),
    Column("asker_id", Integer, nullable=False, index=True),
    Column("member_id", Integer, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("place", Integer, nullable=False),
    Column("apprentice", Boolean, nullable=False, default=False),
    Column("reason", String(400), nullable=False, default=""),
    # named, declined (by the member, told to nobody), withdrawn, passed
    Column("state", String(12), nullable=False, default="named"),
    UniqueConstraint("topic_id", "member_id"),
)

refusals = Table(
    "expert_finder_refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member_id", Integer, nullable=False, index=True),
    Column("topic_id", Integer, nullable=True),  # None: a snooze of everything
    Column("until", UtcDateTime, nullable=True),
    UniqueConstraint("member_id", "topic_id"),
)

models = Table(
    "expert_finder_models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fitted_at", UtcDateTime, nullable=False),
    Column("learned", Float, nullable=False),
    Column("plain", Float, nullable=False),
    Column("questions", Integer, nullable=False),
    Column("text", Text, nullable=False),
)
