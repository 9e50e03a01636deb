"""A member who was destroyed or anonymised leaves no trace: his row, his words, his likes, what others quoted of him.

What stays is his number on a tombstone, so that no late delivery and no old file brings him back, and the bare place
of posts that the forum still shows, without author and words.
"""

import logging
import re
from collections.abc import Sequence

from sqlalchemy import Engine, select, text
from sqlalchemy.exc import OperationalError

from connector.archive.purging import bury, drop_vectors_of
from connector.archive.store import Row, Writing, chunks
from connector.archive.tables import conversations, likes, members, posts, tombstones, topics
from connector.archive.words import NO_WORDS, content_hash, to_embed

log = logging.getLogger("passerelle.archive")

_REPLACED = "…"


def erase(writing: Writing, member_id: int) -> None:
    """Take a member out of every table; the index files follow by `changed`, or at once by `Archive.scrub`."""
    mine = (members.c.site == writing.site) & (members.c.id == member_id)
    username = writing.conn.execute(select(members.c.username).where(mine)).scalar_one_or_none() or ""
    written = (posts.c.site == writing.site) & (posts.c.user_id == member_id)
    rows = writing.conn.execute(select(posts.c.id, posts.c.topic_id, posts.c.content_hash).where(written)).all()
    for some in chunks([row.id for row in rows]):
        writing.update(posts, posts.c.id.in_(some), user_id=None, shown=False, changed=writing.generation, **NO_WORDS)
    drop_vectors_of(writing, {row.content_hash for row in rows})
    _unname(writing, username, sorted({row.topic_id for row in rows}))
    writing.update(topics, topics.c.user_id == member_id, user_id=None, changed=writing.generation)
    writing.delete(likes, likes.c.user_id == member_id)
    writing.delete(conversations, conversations.c.user_id == member_id)
    writing.delete(members, members.c.id == member_id)
    bury(writing, "member", [member_id], final=True)


def is_erased(writing: Writing, member_id: int) -> bool:
    buried = (tombstones.c.kind == "member") & (tombstones.c.id == member_id) & tombstones.c.final
    query = select(tombstones.c.id).where(tombstones.c.site == writing.site, buried)
    return writing.conn.execute(query).first() is not None


def scrub_files(engine: Engine) -> bool:
    """Overwrite what SQLite deleted and empty its write-ahead log, so that no erased byte stays in the files.

    To be called outside any transaction. PostgreSQL frees deleted rows at its next vacuum, which is asked for here.
    False where somebody else reads or writes just now and it could not be done.
    """
    try:
        return _vacuumed(engine)
    except OperationalError as error:
        log.info("the files are scrubbed later: %s", type(error.orig).__name__)
        return False


def _vacuumed(engine: Engine) -> bool:
    with engine.connect() as conn:
        plain = conn.execution_options(isolation_level="AUTOCOMMIT")
        if engine.dialect.name == "sqlite":
            plain.execute(text("PRAGMA secure_delete = ON"))
            plain.execute(text("VACUUM"))
            # The first column says whether a reader kept the log from being emptied.
            return not plain.execute(text("PRAGMA wal_checkpoint(TRUNCATE)")).one()[0]
        for table in (posts, members, likes, topics):
            plain.execute(text(f"VACUUM {table.name}"))
    return True


def _unname(writing: Writing, username: str, topic_ids: Sequence[int]) -> None:
    """Quotes in the topics he wrote in may be his words: they go. His name in others' words becomes an ellipsis."""
    for some in chunks(topic_ids):
        quoted = posts.c.topic_id.in_(some) & (posts.c.quotes != "")
        writing.update(posts, quoted, quotes="", changed=writing.generation)
    if len(username) < 2:
        return
    pattern = re.compile(rf"(?<![\w-]){re.escape(username)}(?![\w-])", re.IGNORECASE)
    like = f"%{username.replace('%', '')}%"
    named = (posts.c.site == writing.site) & (
        posts.c.text.ilike(like) | posts.c.code.ilike(like) | posts.c.quotes.ilike(like)
    )
    query = select(posts, topics.c.title).join(
        topics, (topics.c.site == posts.c.site) & (topics.c.id == posts.c.topic_id)
    )
    for row in writing.conn.execute(query.where(named)).mappings().all():
        _rewrite(writing, row, pattern)
    titled = (topics.c.site == writing.site) & topics.c.title.ilike(like)
    for one in writing.conn.execute(select(topics.c.id, topics.c.title).where(titled)).all():
        title = pattern.sub(_REPLACED, one.title)
        if title != one.title:
            writing.update(topics, topics.c.id == one.id, title=title, slug="", changed=writing.generation)


def _rewrite(writing: Writing, row: Row, pattern: "re.Pattern[str]") -> None:
    words = {key: pattern.sub(_REPLACED, row[key]) for key in ("text", "code", "quotes")}
    title = pattern.sub(_REPLACED, row["title"])
    if title == row["title"] and all(row[key] == value for key, value in words.items()):
        return
    fresh = content_hash(to_embed(title, row["post_number"], words["text"]))
    writing.update(posts, posts.c.id == row["id"], content_hash=fresh, changed=writing.generation, **words)
    if fresh != row["content_hash"]:
        drop_vectors_of(writing, {row["content_hash"]})
