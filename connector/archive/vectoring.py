"""Gives posts their vectors, in the worker: by content hash, so that equal words are computed once."""

import time
from collections.abc import Callable, Collection

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, FromClause, and_, func, select

from connector.archive.model_files import ModelFacts
from connector.archive.models import Models
from connector.archive.purging import drop_vectors_of
from connector.archive.store import Store, chunks
from connector.archive.tables import posts, topics, vectors
from connector.archive.words import to_embed

Progress = Callable[[int, int], None]
BATCH = 512
_MOST_CHARACTERS = 4_000


class Vectoring:
    """Fills the vectors that a model still lacks."""

    def __init__(self, store: Store, models: Models) -> None:
        self._store = store
        self._models = models

    def pending(self, facts: ModelFacts) -> int:
        """How many posts wait for a vector of this model."""
        with self._store.read() as conn:
            query = select(func.count()).select_from(self._with_vector(facts)).where(self._lacking())
            return int(conn.execute(query).scalar_one())

    def fill(self, facts: ModelFacts, seconds: float, progress: Progress | None = None) -> int:
        """Embed what waits, newest first, for about so many seconds; how many texts were embedded."""
        until = time.monotonic() + seconds
        total = self.pending(facts) if progress else 0
        done = 0
        while time.monotonic() < until:
            count = self._batch(facts)
            if not count:
                break
            done += count
            if progress:
                progress(done, total)
        return done

    def _batch(self, facts: ModelFacts) -> int:
        columns = (posts.c.content_hash, posts.c.post_number, posts.c.text, topics.c.title)
        query = select(*columns).select_from(self._with_vector(facts)).where(self._lacking())
        query = query.order_by(posts.c.created_at.desc(), posts.c.id).limit(BATCH)
        with self._store.read() as conn:
            rows = conn.execute(query).all()
        waiting = {row.content_hash: to_embed(row.title, row.post_number, row.text) for row in rows}
        if not waiting:
            return 0
        prompt = facts.prompts.get("document") or facts.prompts.get("passage") or ""
        found = self._models.indexer(facts).embed([prompt + text[:_MOST_CHARACTERS] for text in waiting.values()])
        with self._store.write() as writing:
            grown = writing.generation
            writing.upsert(
                vectors,
                [
                    {"content_hash": key, "model_id": facts.id, "vector": packed(row), "changed": grown}
                    for key, row in zip(waiting, found, strict=True)
                ],
            )
            # Words that were purged while they were being read must leave no vector behind.
            drop_vectors_of(writing, waiting.keys())
        return len(waiting)

    def _with_vector(self, facts: ModelFacts) -> FromClause:
        same = and_(
            vectors.c.site == posts.c.site,
            vectors.c.content_hash == posts.c.content_hash,
            vectors.c.model_id == facts.id,
        )
        of_topic = and_(topics.c.site == posts.c.site, topics.c.id == posts.c.topic_id)
        return posts.join(topics, of_topic).outerjoin(vectors, same)

    def _lacking(self) -> ColumnElement[bool]:
        waiting = (posts.c.content_hash != "") & posts.c.shown & vectors.c.content_hash.is_(None)
        return self._store.of_site(posts, waiting)


def stored_vectors(store: Store, facts: ModelFacts, keys: Collection[str]) -> dict[str, NDArray[np.float32]]:
    """The vectors of a model that are held, by content hash: unit rows of `facts.dim`, half floats made whole."""
    found: dict[str, NDArray[np.float32]] = {}
    with store.read() as conn:
        for some in chunks(sorted(keys)):
            wanted = store.of_site(vectors, vectors.c.model_id == facts.id, vectors.c.content_hash.in_(some))
            for row in conn.execute(select(vectors.c.content_hash, vectors.c.vector).where(wanted)):
                found[row.content_hash] = unpacked(row.vector)
    return found


def vectors_of_topics(store: Store, facts: ModelFacts, topic_ids: Collection[int]) -> dict[int, NDArray[np.float32]]:
    """By topic id, the held vector of its opening post where that is shown to readers."""
    found: dict[int, NDArray[np.float32]] = {}
    same = and_(vectors.c.site == posts.c.site, vectors.c.content_hash == posts.c.content_hash)
    with store.read() as conn:
        for some in chunks(sorted(topic_ids)):
            wanted = store.of_site(
                posts, posts.c.topic_id.in_(some), posts.c.post_number == 1, posts.c.shown,
                vectors.c.model_id == facts.id,
            )  # fmt: skip
            query = select(posts.c.topic_id, vectors.c.vector).select_from(posts.join(vectors, same)).where(wanted)
            found.update((row.topic_id, unpacked(row.vector)) for row in conn.execute(query))
    return found


def packed(row: NDArray[np.float32]) -> bytes:
    """A vector as half floats: a third of a thousandth off, and half the room."""
    return row.astype(np.float16).tobytes()


def unpacked(stored: bytes) -> NDArray[np.float32]:
    """A held vector as a unit row."""
    row = np.frombuffer(stored, dtype=np.float16).astype(np.float32)
    unit: NDArray[np.float32] = row / max(float(np.linalg.norm(row)), 1e-9)
    return unit
