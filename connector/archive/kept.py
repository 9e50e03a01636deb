"""Which private messages are not dropped at the door: those we must purge, and those our own outbox opened."""

from sqlalchemy import select, union_all

from connector.archive.store import Store
from connector.archive.tables import conversations, topics


class KeptTopics:
    """Asked with `in`, at each delivery of a message: topics held as regular so far, and our own conversations."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __contains__(self, topic_id: object) -> bool:
        if not isinstance(topic_id, int):
            return False
        held = select(topics.c.id).where(self._store.of_site(topics, topics.c.id == topic_id))
        ours = select(conversations.c.topic_id).where(
            self._store.of_site(conversations, conversations.c.topic_id == topic_id)
        )
        with self._store.read() as conn:
            return conn.execute(union_all(held, ours).limit(1)).first() is not None
