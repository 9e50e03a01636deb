"""Tells the evidence for similar topics what the ledger holds: a slice at a time, then what is new.

The same class and ranking as in the evaluation. An audience's evidence holds only what all of it may read.
"""

import time
from collections.abc import Callable, Sequence
from itertools import islice

from connector.errors import ModelUnavailable
from plugins.doors import InlineContext
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.ledger import Ledger
from plugins.expert_finder.past import PastPost, Question, seconds
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_links import Address, Homes, Link
from plugins.expert_finder.subjects import Vector

PAGE = 250
ASKED_AGAIN = 1_000
"""Topics without a vector that are asked for again in one go."""


class TopicReading:
    """An evidence for similar topics on its way through the ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.evidence = SimilarEvidence()
        self.model = ""
        self.read = 0
        self.epoch = ledger.epoch
        self.whole = False
        self._is_person: Callable[[int | None], bool] | None = None
        self._homes = Homes(ledger.slugs)
        self._links: list[tuple[PastPost, Address]] = []
        self._lacking: list[int] = []

    def read_on(self, ctx: InlineContext, until: float) -> bool:
        """Tell what the ledger holds, until `time.monotonic()` is there; True once all is told."""
        posts = self._ledger.after(self.evidence.last_post, seconds(ctx.now))
        while page := list(islice(posts, PAGE)):
            self._tell(ctx, [post for post, _ in page])
            if len(page) == PAGE and time.monotonic() >= until:
                return False
        self._fill(ctx)
        self._connect()
        self.evidence.reveal(seconds(ctx.now))
        self.whole = True
        return True

    def is_outdated(self, ctx: InlineContext) -> bool:
        """Whether time went back: a replay."""
        last = self.evidence.last_post
        return last is not None and last[0] > seconds(ctx.now)

    def vector_of(self, ctx: InlineContext, question: Question) -> Vector | None:
        """The draft's own vector; None where words alone decide."""
        if not self.model:
            return None
        try:
            row: Vector = ctx.archive.embed([question.whole])[0]
        except ModelUnavailable:
            return None
        return row

    def _tell(self, ctx: InlineContext, page: Sequence[PastPost]) -> None:
        is_person = self._is_person = self._is_person or person_in(ctx.archive, ask_for_all=True)
        written = [post for post in page if is_person(post.author)]
        vectors = self._vectors(ctx, [post.topic_id for post in written if post.opens])
        for post in written:
            self.read += 1
            vector = vectors.get(post.topic_id) if post.opens else None
            if post.opens and vector is None:
                self._lacking.append(post.topic_id)
            self.evidence.tell(post, vector)
            self._links += [(post, to) for to in self._ledger.links.get(post.id, ())]

    def _vectors(self, ctx: InlineContext, topic_ids: Sequence[int]) -> dict[int, Vector]:
        try:
            found = ctx.archive.vectors(topic_ids)
        except ModelUnavailable:
            self.model = ""
            return {}
        if found.model != self.model:
            # Vectors of two models cannot be compared: what was kept of the one before goes.
            self.model = found.model
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
                self.evidence.link(Link(post.topic_id, to.topic_id, post.at, post.opens))
        self._links = []
