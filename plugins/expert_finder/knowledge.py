"""The evidence in memory, per process and audience: built once from the archive, then told what is new.

Live, every suggestion goes through the same evidence, portrait and ranking as the evaluation. What readers of a topic
may not open is not in the evidence that ranks people for it.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from connector.errors import ModelUnavailable
from connector.records import Audience
from plugins.doors import InlineContext
from plugins.expert_finder.by_audience import ByAudience
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.formula import plain_chances
from plugins.expert_finder.learning import Learned
from plugins.expert_finder.past import Question
from plugins.expert_finder.ranking import Ranking, rank
from plugins.expert_finder.reading import Asked, Reading
from plugins.expert_finder.spending import REMEMBERED, Spending
from plugins.expert_finder.subjects import Vector

PATIENCE = 12.0
"""Seconds of reading in one turn of a handler, whose limit is 30."""
PAGES_SHARE = 0.3
"""How much of that somebody who looks at a page waits for."""


class StillReadingError(Exception):
    """The past has not been read to its end yet; it goes on where it stopped. `read` posts are known so far."""

    def __init__(self, read: int) -> None:
        super().__init__(f"{read} posts read so far")
        self.read = read


class Knowledge:
    """One audience's evidence. Its lock keeps two threads from telling it the same post."""

    def __init__(self, audience: Audience, since: datetime | None) -> None:
        self.lock = threading.Lock()
        self.prices = Spending()
        self._reading = Reading(audience, self._watch, since)

    @property
    def evidence(self) -> Evidence:
        return self._reading.evidence

    @property
    def enough(self) -> float:
        """Words from which a reply speaks for its author."""
        return self._reading.enough

    @property
    def poorer(self) -> str:
        """Why words alone decide (`no_model`, `catching_up`); "" where they do not."""
        return self._reading.poorer

    @property
    def model(self) -> str:
        """Whose vectors likeness stands on; "" where words alone decide."""
        return self._reading.model

    @contextmanager
    def held(self, patient: bool = True) -> Iterator[None]:
        """Hold the evidence. Where somebody else holds it, wait; unless `patient`, raise `StillReadingError`."""
        if not self.lock.acquire(blocking=patient):
            raise StillReadingError(self._reading.read)
        try:
            yield
        finally:
            self.lock.release()

    def refresh(self, ctx: InlineContext, share: float = 1.0) -> None:
        """Tell the evidence what the archive learned since; call with the lock held.

        Raises `StillReadingError` when this share of the patience is over first; the next call goes on from there.
        """
        if not self._reading.read_on(ctx, time.monotonic() + share * PATIENCE):
            raise StillReadingError(self._reading.read)

    def _watch(self, evidence: Evidence) -> Asked:
        """The questions of the last weeks set the prices of the next ones."""
        self.prices = prices = Spending()

        def asked(question: Question, vector: Vector | None) -> None:
            found = portrait(evidence, question, vector)
            prices.choose(question.at, [int(member) for member in found.ids], plain_chances(found), 3)

        return asked

    def vector_of(self, ctx: InlineContext, question: Question) -> Vector | None:
        """The question's own vector; None where words alone decide, of everything or of this question."""
        if not self.model:
            return None
        try:
            held = ctx.archive.vectors([question.topic_id]).rows if question.topic_id else {}
            found: Vector | None = held.get(question.topic_id)
            return ctx.archive.embed([question.whole])[0] if found is None else found
        except ModelUnavailable:
            return None

    def ranked(self, question: Question, vector: Vector | None, model: Learned | None) -> Ranking:
        """`model` is asked where the question has the same kind of likeness as those it was learned from."""
        alike = (vector is not None) == bool(self.model)
        return rank(self.evidence, portrait(self.evidence, question, vector), model if alike else None)


def _priced_since(ctx: InlineContext, audience: Audience) -> datetime | None:
    """When the oldest of the last questions was asked: those teach what a place on a list is worth."""
    latest = ctx.archive.topics(audience, until=ctx.now, limit=REMEMBERED)
    return latest[-1].created_at if latest else None


_known: ByAudience[Knowledge] = ByAudience(lambda ctx, audience: Knowledge(audience, _priced_since(ctx, audience)))


def knowledge(ctx: InlineContext, audience: Audience) -> Knowledge:
    """The evidence for this audience, rebuilt once a day and whenever something left the forum."""
    return _known.of(ctx, audience)
