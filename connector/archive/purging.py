"""Takes things out of the memory: posts, topics, the words of a category; with their likes, vectors and traces.

What is gone leaves a tombstone (kind and number), by which indexes learn of it and old files cannot bring it back.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam, select

from connector.archive.store import Writing, chunks
from connector.archive.tables import likes, posts, tombstones, topics, vectors

_BURIED = select(tombstones.c.id).where(
    tombstones.c.site == bindparam("site_id"),
    tombstones.c.kind == bindparam("kind_told"),
    tombstones.c.id.in_(bindparam("keys", expanding=True)),
    ~tombstones.c.final,
)


def purge_posts(writing: Writing, ids: Sequence[int]) -> int:
    """Forget these posts; how many there were."""
    count = 0
    for some in chunks(ids):
        mine = (posts.c.site == writing.site) & posts.c.id.in_(some)
        rows = writing.conn.execute(select(posts.c.id, posts.c.content_hash).where(mine)).all()
        if not rows:
            continue
        held = [row.id for row in rows]
        writing.delete(likes, likes.c.post_id.in_(held))
        count += writing.delete(posts, posts.c.id.in_(held))
        bury(writing, "post", held)
        drop_vectors_of(writing, {row.content_hash for row in rows})
    return count


def purge_topic(writing: Writing, topic_id: int) -> bool:
    """Forget a topic and all its posts; False where we held nothing of it."""
    mine = (posts.c.site == writing.site) & (posts.c.topic_id == topic_id)
    held = writing.conn.execute(select(posts.c.id).where(mine)).scalars().all()
    purge_posts(writing, held)
    if not writing.delete(topics, topics.c.id == topic_id):
        return False
    bury(writing, "topic", [topic_id])
    return True


def forget_words_of_category(writing: Writing, category_id: int, visibility: str) -> None:
    """A category that nobody is known to read any more keeps the numbers of its topics, and nothing else."""
    inside = (topics.c.site == writing.site) & (topics.c.category_id == category_id)
    ids = writing.conn.execute(select(topics.c.id).where(inside)).scalars().all()
    for some in chunks(ids):
        mine = (posts.c.site == writing.site) & posts.c.topic_id.in_(some)
        purge_posts(writing, writing.conn.execute(select(posts.c.id).where(mine)).scalars().all())
        writing.update(
            topics, topics.c.id.in_(some), title="", slug="", tags=[], created_at=None, user_id=None, closed=False,
            archived=False, last_posted_at=None, posts_count=0, solved_post_id=None, first_answer_at=None,
            state="ids", visibility=visibility, complete=False, changed=writing.generation, checked_at=None,
        )  # fmt: skip


def bury(writing: Writing, kind: str, ids: Sequence[int], final: bool = False) -> None:
    """Leave tombstones; a final one (an erased member) is never taken back."""
    rows = [{"kind": kind, "id": number, "changed": writing.generation, "at": writing.now, "final": final}
            for number in ids]  # fmt: skip
    for some in chunks(rows):
        writing.upsert(tombstones, some)


def revive(writing: Writing, kind: str, ids: Sequence[int]) -> None:
    """The forum shows these again: a deletion was taken back, or a post came by another way."""
    for some in chunks(ids):
        told = {"site_id": writing.site, "kind_told": kind, "keys": list(some)}
        if writing.conn.execute(_BURIED, told).first() is not None:
            buried = (tombstones.c.kind == kind) & tombstones.c.id.in_(some) & ~tombstones.c.final
            writing.delete(tombstones, buried)


def drop_vectors_of(writing: Writing, hashes: Collection[str]) -> None:
    """Delete the vectors of words that no post holds any more."""
    for some in chunks(sorted(one for one in hashes if one)):
        wanted = select(posts.c.content_hash).where(posts.c.site == writing.site, posts.c.content_hash.in_(some))
        still = set(writing.conn.execute(wanted).scalars())
        gone = [one for one in some if one not in still]
        if gone:
            writing.delete(vectors, vectors.c.content_hash.in_(gone))
