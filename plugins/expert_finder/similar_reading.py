"""The evidence for similar topics in memory, per process and audience: read a slice at a time, then told what is new.

The same class and ranking as in the evaluation. An audience's evidence holds only what all of it may read.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice

from connector.errors import ModelUnavailable
from connector.records import Audience, StoredPost, StoredTopic
from plugins.doors import InlineContext
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.by_audience import ByAudience
from plugins.expert_finder.knowledge import PATIENCE, StillReadingError
from plugins.expert_finder.past import Question, moment, seconds
from plugins.expert_finder.remembered import post_titled
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_links import Address, Homes, Link, addresses
from plugins.expert_finder.subjects import Vector

PAGE = 1_000
ASKED_AGAIN = 1_000
"""Topics without a vector that are asked for again in one go."""


class SimilarMemory:
    """One audience's evidence. `held` gives it brought up to now; its lock keeps two threads from telling it twice."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self.evidence = SimilarEvidence()
        self._model = ""
        self._read = 0
        self._generation = -1
        self._slugs: dict[int, str] = {}
        self._homes = Homes(self._slugs)
        self._links: list[tuple[StoredPost, Address]] = []
        self._lacking: list[int] = []

    @contextmanager
    def held(self, ctx: InlineContext, share: float = 1.0, *, patient: bool = True) -> Iterator[SimilarEvidence]:
        """The evidence as of now. Raises `StillReadingError` when this share of the patience is over first, or when
        another thread holds it and one is not `patient`; the next call goes on where this one stopped.
        """
        if not self._lock.acquire(blocking=patient):
            raise StillReadingError(self._read)
        try:
            self._read_on(ctx, time.monotonic() + share * PATIENCE)
            yield self.evidence
        finally:
            self._lock.release()

    def vector_of(self, ctx: InlineContext, question: Question) -> Vector | None:
        """The draft's own vector; None where words alone decide."""
        if not self._model:
            return None
        try:
            row: Vector = ctx.archive.embed([question.whole])[0]
        except ModelUnavailable:
            return None
        return row

    def _read_on(self, ctx: InlineContext, until: float) -> None:
        last = self.evidence.last_post
        if last is not None and last[0] > seconds(ctx.now):
            self._begin()  # time went back: a replay
            last = None
        generation = ctx.archive.generation()
        if generation == self._generation:
            return
        after = (moment(last[0]), last[1]) if last else None
        posts = (post for post in ctx.archive.all_posts(self._audience, after=after) if post.created_at <= ctx.now)
        while page := list(islice(posts, PAGE)):
            self._tell(ctx, page)
            if time.monotonic() >= until:
                raise StillReadingError(self._read)
        self._fill(ctx)
        self._connect()
        self._generation = generation

    def _tell(self, ctx: InlineContext, page: Sequence[StoredPost]) -> None:
        is_person = person_in(ctx.archive)
        topics = {post.topic_id: ctx.archive.topic(post.topic_id) for post in page if post.post_number == 1}
        vectors = self._vectors(ctx, list(topics))
        for post in page:
            self._read += 1
            topic = topics.get(post.topic_id)
            if post.post_number == 1 and topic is not None:
                self._slugs[topic.id] = topic.slug
            if post.hidden or not is_person(post.user_id):
                continue
            opens = post.post_number == 1
            vector = vectors.get(post.topic_id) if opens else None
            if opens and vector is None:
                self._lacking.append(post.topic_id)
            self.evidence.tell(post_titled(post, _title(topic) if opens else ""), vector)
            self._links += [(post, to) for to in addresses(post.links)]

    def _vectors(self, ctx: InlineContext, topic_ids: Sequence[int]) -> dict[int, Vector]:
        try:
            found = ctx.archive.vectors(topic_ids)
        except ModelUnavailable:
            self._model = ""
            return {}
        if found.model != self._model:
            # Vectors of two models cannot be compared: what was kept of the one before goes.
            self._model = found.model
            self._lacking = self.evidence.forget_vectors()
        return dict(found.rows)

    def _fill(self, ctx: InlineContext) -> None:
        """The worker may have embedded meanwhile what had no vector when it was read."""
        asked, self._lacking = self._lacking[:ASKED_AGAIN], self._lacking[ASKED_AGAIN:]
        found = self._vectors(ctx, asked) if asked else {}
        for topic_id in asked:
            if topic_id in found:
                self.evidence.keep_vector(topic_id, found[topic_id])
            else:
                self._lacking.append(topic_id)

    def _connect(self) -> None:
        """Links are told once it is known which addresses are the forum's own."""
        self._homes.learn(to for _, to in self._links)
        for post, to in self._links:
            if self._homes.own(to):
                at = seconds(post.created_at)
                self.evidence.link(Link(post.topic_id, to.topic_id, at, post.post_number == 1))
        self._links = []


def _title(topic: StoredTopic | None) -> str:
    return topic.title if topic is not None else ""


_held: ByAudience[SimilarMemory] = ByAudience(lambda _, audience: SimilarMemory(audience))


def similar_memory(ctx: InlineContext, audience: Audience) -> SimilarMemory:
    """The memory for this audience, begun anew once a day and whenever something left the forum."""
    return _held.of(ctx, audience)
