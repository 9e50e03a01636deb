"""The tables of the forum's memory: SQLAlchemy Core, the same on SQLite and PostgreSQL, every row with its `site`.

`changed` on topics, posts and tombstones is the site's generation at the row's last change: indexes read what changed
since theirs. Only topics of a category with a class (`public`, `cat:<id>`) have words; of all others there are ids.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.schema import SchemaItem

from connector.columns import UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *columns: SchemaItem) -> Table:
    site = Column("site", Integer, primary_key=True, autoincrement=False)
    return Table(f"archive_{name}", metadata, site, *columns)


def _id(name: str = "id") -> Column[int]:
    return Column(name, BigInteger, primary_key=True, autoincrement=False)


sites = _table(
    "sites",
    Column("generation", BigInteger, nullable=False),
    # None: the forum has not said yet, which counts as required.
    Column("login_required", Boolean),
    Column("languages", JSON, nullable=False),
)

categories = _table(
    "categories",
    _id(),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("parent_id", BigInteger),
    # public, cat:<id>, closed (the forum says restricted, not opted in) or unknown (the forum has not said).
    Column("visibility", String(32), nullable=False),
    Column("opted_in", Boolean, nullable=False),
    # The groups an admin named when opting in, and those that a web hook said may enter; None: not told.
    Column("groups", JSON, nullable=False),
    Column("hook_groups", JSON),
    # The admin said `--public` at import; a word of the forum replaces it.
    Column("declared_public", Boolean, nullable=False),
    Column("checked_at", UtcDateTime),
)

members = _table(
    "members",
    _id(),
    Column("username", Text, nullable=False),
    Column("username_key", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("locale", String(16), nullable=False),
    Column("lang", String(16), nullable=False),
    Column("trust_level", Integer, nullable=False),
    Column("staff", Boolean, nullable=False),
    Column("groups", JSON, nullable=False),
    Column("suspended_till", UtcDateTime),
    Column("last_seen_at", UtcDateTime),
    Column("created_at", UtcDateTime),
    # The forum answered for this account itself; else it is only known as the author of something.
    Column("profile", Boolean, nullable=False),
    Column("checked_at", UtcDateTime),
)
Index("ix_archive_members_username", members.c.site, members.c.username_key)
Index("ix_archive_members_checked", members.c.site, members.c.checked_at)

topics = _table(
    "topics",
    _id(),
    Column("title", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("category_id", BigInteger),
    Column("tags", JSON, nullable=False),
    Column("created_at", UtcDateTime),
    Column("user_id", BigInteger),
    Column("visible", Boolean, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("archived", Boolean, nullable=False),
    Column("last_posted_at", UtcDateTime),
    Column("posts_count", Integer, nullable=False),
    Column("solved_post_id", BigInteger),
    # known (with words) or ids (nothing but ids: the category is not known to be readable).
    Column("state", String(8), nullable=False),
    Column("visibility", String(32), nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("first_answer_at", UtcDateTime),
    Column("changed", BigInteger, nullable=False),
    Column("checked_at", UtcDateTime),
)
Index("ix_archive_topics_category", topics.c.site, topics.c.category_id)
Index("ix_archive_topics_created", topics.c.site, topics.c.created_at)
Index("ix_archive_topics_posted", topics.c.site, topics.c.last_posted_at)
Index("ix_archive_topics_checked", topics.c.site, topics.c.checked_at)
Index("ix_archive_topics_changed", topics.c.site, topics.c.changed)

posts = _table(
    "posts",
    _id(),
    Column("topic_id", BigInteger, nullable=False),
    Column("post_number", Integer, nullable=False),
    Column("user_id", BigInteger),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("post_type", Integer, nullable=False),
    Column("reply_to_post_number", Integer),
    Column("text", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("links", JSON, nullable=False),
    Column("lang", String(16), nullable=False),
    Column("like_count", Integer, nullable=False),
    Column("hidden", Boolean, nullable=False),
    # Words that every reader of the topic sees; false for hidden, withdrawn, unlisted, small actions.
    Column("shown", Boolean, nullable=False),
    Column("visibility", String(32), nullable=False),
    # Of what is embedded: the title of an opening post, and the words. "" where there is nothing to embed.
    Column("content_hash", String(32), nullable=False),
    Column("changed", BigInteger, nullable=False),
    Column("checked_at", UtcDateTime),
    ForeignKeyConstraint(["site", "topic_id"], ["archive_topics.site", "archive_topics.id"]),
)
Index("ix_archive_posts_topic", posts.c.site, posts.c.topic_id, posts.c.post_number)
Index("ix_archive_posts_user", posts.c.site, posts.c.user_id, posts.c.created_at)
Index("ix_archive_posts_created", posts.c.site, posts.c.created_at, posts.c.id)
Index("ix_archive_posts_changed", posts.c.site, posts.c.changed)
Index("ix_archive_posts_hash", posts.c.site, posts.c.content_hash)

likes = _table("likes", _id("post_id"), _id("user_id"))
Index("ix_archive_likes_user", likes.c.site, likes.c.user_id)

tombstones = _table(
    "tombstones",
    # topic, post or member
    Column("kind", String(8), primary_key=True),
    _id(),
    Column("changed", BigInteger, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    # Erased: never to come back, whatever an old file or a late delivery says.
    Column("final", Boolean, nullable=False),
)
Index("ix_archive_tombstones_changed", tombstones.c.site, tombstones.c.changed)

forgotten_names = _table(
    "forgotten_names",
    # Keyed hashes of the names of erased members, with what spares most texts the hashing; see `forgotten`.
    Column("digest", String(32), primary_key=True),
    Column("words", Integer, nullable=False),
    Column("letters", Integer, nullable=False),
    Column("common", Boolean, nullable=False),
)

conversations = _table(
    "conversations",
    _id("topic_id"),
    # 0 is the row that says that our own outbox opened the conversation.
    _id("post_id"),
    Column("user_id", BigInteger),
    Column("created_at", UtcDateTime),
)

embedding_models = _table(
    "embedding_models",
    Column("id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("backend", String(16), nullable=False),
    Column("dim", Integer, nullable=False),
    Column("prompts", JSON, nullable=False),
    # building (vectors are being made), active (searches use it), retired, or beside (a plugin asks for it by name).
    Column("state", String(10), nullable=False),
    Column("facts", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

vectors = _table(
    "vectors",
    Column("content_hash", String(32), primary_key=True),
    Column("model_id", String(32), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
    Column("changed", BigInteger, nullable=False),
)
Index("ix_archive_vectors_changed", vectors.c.site, vectors.c.model_id, vectors.c.changed)

imported = _table(
    "imported",
    # SHA-256 of a file's path, size and time, and how far it was read.
    Column("source", String(64), primary_key=True),
    Column("done", BigInteger, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

sync_state = _table(
    "sync_state",
    Column("name", String(32), primary_key=True),
    Column("value", JSON, nullable=False),
    Column("due_at", UtcDateTime),
    Column("spent", Float, nullable=False),
)
