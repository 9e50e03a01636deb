"""What the plugin keeps of its own: whom it named for what, who said no, and what it has learned.

Every row carries its forum (`site`). A change of these tables needs a revision under `migrations/versions`.
"""

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

from connector.columns import UtcDateTime

metadata = MetaData()

suggestions = Table(
    "expert_finder_suggestions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("topic_id", Integer, nullable=False),
    Column("asker_id", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("place", Integer, nullable=False),
    Column("apprentice", Boolean, nullable=False, default=False),
    # The posts that spoke for the member, as [topic, post number]: what he sees on his own page.
    Column("links", JSON, nullable=False, default=list),
    # named, declined (by the member, told to nobody), withdrawn
    Column("state", String(12), nullable=False, default="named"),
    UniqueConstraint("site", "topic_id", "member_id"),
    Index("ix_expert_finder_suggestions_member", "site", "member_id", "at"),
    Index("ix_expert_finder_suggestions_asker", "site", "asker_id", "at"),
)

refusals = Table(
    "expert_finder_refusals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("topic_id", Integer, nullable=True),  # None: a snooze of everything
    Column("until", UtcDateTime, nullable=True),
    UniqueConstraint("site", "member_id", "topic_id"),
)

prepared = Table(
    "expert_finder_prepared",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("topic_id", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),  # 0: looked, and found nobody
    Column("place", Integer, nullable=False),
    Column("links", JSON, nullable=False, default=list),
    Column("part", JSON, nullable=False, default=list),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "topic_id", "member_id"),
)

invitations = Table(
    "expert_finder_invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("asker_id", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    Column("topic_id", Integer, nullable=True),  # None: wished for while the topic is still being written
    Column("links", JSON, nullable=False, default=list),
    # wished, asked, accepted, passed (to somebody else), declined (told to nobody)
    Column("state", String(12), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "topic_id", "member_id"),
    Index("ix_expert_finder_invitations_asker", "site", "asker_id", "at"),
)

said = Table(
    "expert_finder_said",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("member_id", Integer, nullable=False),
    # offer, need, project, interest: lines of the member's own card; muted: a subject he wants to be left out of
    Column("kind", String(12), nullable=False),
    Column("text", String(120), nullable=False),
    Column("sight", String(12), nullable=False),  # members, managers, me
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "member_id", "kind", "text"),
)

introductions = Table(
    "expert_finder_introductions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False),
    Column("need_line", Integer, nullable=False),
    Column("offer_line", Integer, nullable=False),
    Column("need_member", Integer, nullable=False),
    Column("offer_member", Integer, nullable=False),
    Column("need", String(120), nullable=False),
    Column("offer", String(120), nullable=False),
    Column("need_said", String(4), nullable=False),  # yes, no, or nothing yet
    Column("offer_said", String(4), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("site", "need_line", "offer_line"),
)

models = Table(
    "expert_finder_models",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("site", Integer, nullable=False, index=True),
    Column("fitted_at", UtcDateTime, nullable=False),
    Column("learned", Float, nullable=False),
    Column("plain", Float, nullable=False),
    Column("questions", Integer, nullable=False),
    # The embedding model on whose vectors likeness stood; "": words alone. With other vectors it would judge wrongly.
    Column("meaning", String(32), nullable=False),
    Column("text", Text, nullable=False),
)
