"""What readers were shown once and are shown no more, told to whoever keeps texts made from it."""

from dataclasses import dataclass

from sqlalchemy import select, union

from connector.archive.store import Store
from connector.archive.tables import posts, tombstones, topics


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Topics, up to a generation, of which something may have been taken from sight; `is_shown` says whether."""

    generation: int
    topics: frozenset[int]


class Withdrawals:
    """Asks one site's memory."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def since(self, generation: int) -> Withdrawn:
        """The topics that vanished, closed, or lost a post after a generation; all there are after a restore."""
        now = self._store.generation()
        held = -1 if generation > now else generation
        of_site = self._store.of_site
        buried = select(tombstones.c.id).where(
            of_site(tombstones, tombstones.c.kind == "topic", tombstones.c.changed > held)
        )
        closed = select(topics.c.id).where(of_site(topics, topics.c.state == "ids", topics.c.changed > held))
        unseen = select(posts.c.topic_id).where(of_site(posts, ~posts.c.shown, posts.c.changed > held))
        lost = select(tombstones.c.id).where(
            of_site(tombstones, tombstones.c.kind == "post", tombstones.c.changed > held)
        )
        with self._store.read() as conn:
            found = set(conn.execute(union(buried, closed, unseen)).scalars())
            if conn.execute(lost.limit(1)).first() is not None:
                # A tombstone does not say in which topic the post was; the topic itself has changed as well.
                changed = select(topics.c.id).where(of_site(topics, topics.c.changed > held))
                found.update(conn.execute(changed).scalars())
        return Withdrawn(now, frozenset(found))

    def is_shown(self, topic_id: int, post_number: int | None = None) -> bool:
        """Whether readers of the forum are still shown this topic, and in it this post."""
        wanted = self._store.of_site(topics, topics.c.id == topic_id, topics.c.state == "known", topics.c.visible)
        inside = self._store.of_site(
            posts, posts.c.topic_id == topic_id, posts.c.post_number == post_number, posts.c.shown
        )
        with self._store.read() as conn:
            if conn.execute(select(topics.c.id).where(wanted)).first() is None:
                return False
            return post_number is None or conn.execute(select(posts.c.id).where(inside).limit(1)).first() is not None
