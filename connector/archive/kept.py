"""Which private messages are not dropped at the door: those we must purge, and those our own outbox opened."""

from sqlalchemy import bindparam, select, union_all

from connector.archive.store import Store
from connector.archive.tables import conversations, topics

# Built once: building a statement costs more than asking it.
_KEPT = union_all(
    select(topics.c.id).where(topics.c.site == bindparam("site_id"), topics.c.id == bindparam("key")),
    select(conversations.c.topic_id).where(
        conversations.c.site == bindparam("site_id"), conversations.c.topic_id == bindparam("key")
    ),
).limit(1)


class KeptTopics:
    """Asked with `in`, at each delivery of a message: topics held as regular so far, and our own conversations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __contains__(self, topic_id: object) -> bool:
        if not isinstance(topic_id, int):
            return False
        with self._store.read() as conn:
            return conn.execute(_KEPT, {"site_id": self._store.site, "key": topic_id}).first() is not None
