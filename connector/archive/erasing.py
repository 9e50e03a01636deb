"""A member who was destroyed or anonymised leaves no trace: his row, his words, his likes, his name in others' words.

What stays is his number on a tombstone, so that no late delivery and no old file brings him back; keyed hashes of his
names, so that others' posts which are read again do not either; and the bare place of posts that the forum still
shows, without author and words. What others quote is never kept, whoever said it.
"""

import logging
from collections.abc import Iterable

from sqlalchemy import Engine, Text, cast, select, text
from sqlalchemy.exc import OperationalError

from connector.archive.forgotten import Forgotten, pattern_of
from connector.archive.purging import bury, drop_vectors_of
from connector.archive.store import Row, Writing, chunks
from connector.archive.tables import conversations, forgotten_names, likes, members, posts, tombstones, topics
from connector.archive.words import NO_WORDS, content_hash, to_embed, without

log = logging.getLogger("passerelle.archive")


def erase(writing: Writing, member_id: int, also: Iterable[str] = ()) -> None:
    """Take a member out of every table; the index files follow by `changed`, or at once by `Archive.scrub`.

    `also` are usernames of the member that the memory may not know yet.
    """
    mine = (members.c.site == writing.site) & (members.c.id == member_id)
    told = writing.conn.execute(select(members.c.username, members.c.name).where(mine)).first()
    username, name = (told.username, told.name) if told is not None else ("", "")
    fresh = writing.names.rows_for(writing.conn, member_id, [username, *also], name)
    writing.upsert(forgotten_names, fresh)
    written = (posts.c.site == writing.site) & (posts.c.user_id == member_id)
    rows = writing.conn.execute(select(posts.c.id, posts.c.content_hash).where(written)).all()
    for some in chunks([row.id for row in rows]):
        writing.update(posts, posts.c.id.in_(some), user_id=None, shown=False, changed=writing.generation, **NO_WORDS)
    drop_vectors_of(writing, {row.content_hash for row in rows})
    for one in sorted({username, name, *also}):
        if len(one) > 1:
            _unname(writing, one)
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


def _unname(writing: Writing, name: str) -> None:
    """The name in others' words becomes an ellipsis."""
    forgotten = writing.names.of(writing.conn)
    like = pattern_of(name)
    own = cast(posts.c.links, Text)
    named = (posts.c.site == writing.site) & (posts.c.text.ilike(like) | posts.c.code.ilike(like) | own.ilike(like))
    titled = (topics.c.site == writing.site) & (topics.c.title.ilike(like) | topics.c.slug.ilike(like))
    for one in writing.conn.execute(select(topics.c.id, topics.c.title, topics.c.slug).where(titled)).all():
        fresh = {"title": forgotten.scrubbed(one.title), "slug": forgotten.scrubbed(one.slug)}
        if fresh != {"title": one.title, "slug": one.slug}:
            writing.update(topics, topics.c.id == one.id, changed=writing.generation, **fresh)
            named |= (posts.c.site == writing.site) & (posts.c.topic_id == one.id) & (posts.c.post_number == 1)
    with_title = posts.join(topics, (topics.c.site == posts.c.site) & (topics.c.id == posts.c.topic_id))
    query = select(posts, topics.c.title).select_from(with_title).where(named)
    for row in writing.conn.execute(query).mappings().all():
        _rewrite(writing, row, forgotten)


def _rewrite(writing: Writing, row: Row, forgotten: Forgotten) -> None:
    words = without(forgotten, row)
    hashed = content_hash(to_embed(row["title"], row["post_number"], words["text"])) if row["content_hash"] else ""
    if hashed == row["content_hash"] and all(row[key] == value for key, value in words.items()):
        return
    writing.update(posts, posts.c.id == row["id"], content_hash=hashed, changed=writing.generation, **words)
    if hashed != row["content_hash"]:
        drop_vectors_of(writing, {row["content_hash"]})
