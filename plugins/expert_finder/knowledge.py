"""What this process knows of the past, per audience: the ledger and the two evidences told from it.

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
from plugins.expert_finder.doubled import Doubled, Told
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.formula import plain_chances
from plugins.expert_finder.learning import Learned
from plugins.expert_finder.ledger import Ledger
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.ranking import Ranking, rank
from plugins.expert_finder.reading import Asked, Reading
from plugins.expert_finder.shared_lock import SharedLock
from plugins.expert_finder.similar_reading import TopicReading
from plugins.expert_finder.spending import REMEMBERED, Spending
from plugins.expert_finder.subjects import Vector

PATIENCE = 12.0
"""Seconds of reading in one turn of a handler, whose limit is 30."""
PAGES_SHARE = 0.3
"""How much of that somebody who looks at a page waits for."""


ATTENDED = 0.1
"""Seconds of a turn of the thread that reads beside requests."""


WARMING = "passerelle"


class StillReadingError(Exception):
    """The past has not been read to its end yet; it goes on where it stopped. `read` posts of `of` are known so far."""

    def __init__(self, read: int, of: int) -> None:
        super().__init__(f"{read} of {of} posts read so far")
        self.read = read
        self.of = of


class People(Reading):
    """The evidence of who helps with what, and what a place on a list is worth."""

    def __init__(self, ledger: Ledger, since: datetime | None) -> None:
        self.prices = Spending()
        super().__init__(ledger, self._price, since)

    def _price(self, evidence: Evidence) -> Asked:
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
            if question.topic_id:
                held = ctx.archive.vectors([question.topic_id]).rows.get(question.topic_id)
                if held is not None:
                    return held
            row: Vector = ctx.archive.embed([question.whole])[0]
            return row
        except ModelUnavailable:
            return None

    def ranked(self, question: Question, vector: Vector | None, model: Learned | None) -> Ranking:
        """`model` is asked where the question has the same kind of likeness as those it was learned from."""
        alike = (vector is not None) == bool(self.model)
        return rank(self.evidence, portrait(self.evidence, question, vector), model if alike else None)


class Knowledge:
    """One audience's. Many may look things up in an evidence at once, and nobody while it is told something new."""

    def __init__(self, audience: Audience) -> None:
        self.ledger = Ledger(audience)
        self.people: Doubled[People] = Doubled(
            self.ledger, lambda ctx: People(self.ledger, _priced_since(ctx, audience))
        )
        self.topics: Doubled[TopicReading] = Doubled(self.ledger, lambda _: TopicReading(self.ledger))
        self._reading = threading.Lock()
        self._in_use = SharedLock()
        self._told = -1

    @contextmanager
    def about_people(self, ctx: InlineContext, share: float = 1.0, *, patient: bool = True) -> Iterator[People]:
        """The evidence of people as of now. Raises `StillReadingError` while there is none.

        `share` of the patience is spent on reading, none where a thread of its own reads; without `patient` another
        thread that reads is not waited for.
        """
        self._follow(ctx, share, patient)
        with self._in_use.shared():
            if self.people.current is None:
                raise self._still()
            yield self.people.current

    @contextmanager
    def about_topics(self, ctx: InlineContext, share: float = 1.0, *, patient: bool = True) -> Iterator[TopicReading]:
        """The evidence of topics as of now; see `about_people`."""
        self._follow(ctx, share, patient)
        with self._in_use.shared():
            if self.topics.current is None:
                raise self._still()
            yield self.topics.current

    def tell_aside(self, other: Told, ctx: InlineContext, until: float) -> bool:
        """Go on telling somebody's own evidence from the same ledger; True once all is told."""
        with self._reading:
            return self.ledger.follow(ctx, until) and other.read_on(ctx, until)

    def tell_on(self, ctx: InlineContext, until: float) -> bool:
        """Go on telling what is not told yet; True once nothing is left."""
        with self._reading:
            return self._tell(ctx, until)

    @property
    def progress(self) -> tuple[int, int]:
        """Posts told so far, of about how many; equal once they are all in use."""
        told = [one.current or one.coming for one in (self.people, self.topics)]
        whole = all(one.current is not None for one in (self.people, self.topics))
        least = min((one.read if one is not None else 0 for one in told), default=0)
        of = max(self.ledger.expected, self.ledger.read)
        # Each post is taken apart once and told twice: half the way is done when the ledger holds all.
        return (of, of) if whole else ((self.ledger.read + least) // 2, of)

    def _still(self) -> StillReadingError:
        return StillReadingError(*self.progress)

    def _follow(self, ctx: InlineContext, share: float, patient: bool) -> None:
        if known.is_attended(ctx):
            return
        if not self._reading.acquire(blocking=patient):
            return
        try:
            self._tell(ctx, time.monotonic() + share * PATIENCE)
        finally:
            self._reading.release()

    def _tell(self, ctx: InlineContext, until: float) -> bool:
        if not self.ledger.follow(ctx, until):
            return False
        both = (self.people, self.topics)
        if self._told == self.ledger.generation and not any(one.needs_another(ctx) for one in both):
            return True
        whole = self._tell_one(self.people, ctx, until)
        whole = self._tell_one(self.topics, ctx, until) and whole
        if whole and self.ledger.newest <= seconds(ctx.now):
            self._told = self.ledger.generation
        return whole

    def _tell_one(self, one: "Doubled[People] | Doubled[TopicReading]", ctx: InlineContext, until: float) -> bool:
        if one.current is not None:
            with self._in_use.alone():
                told = one.current.read_on(ctx, until)
            if not one.needs_another(ctx):
                return told
        fresh = one.tell_another(ctx, until)
        if fresh is None:
            return False
        with self._in_use.alone():
            one.put(fresh, ctx)  # type: ignore[arg-type]  # it is of its own kind
        return True


def _priced_since(ctx: InlineContext, audience: Audience) -> datetime | None:
    """When the oldest of the last questions was asked: those teach what a place on a list is worth."""
    latest = ctx.archive.topics(audience, until=ctx.now, limit=REMEMBERED)
    return latest[-1].created_at if latest else None


known: ByAudience[Knowledge] = ByAudience(Knowledge)


def knowledge(ctx: InlineContext, audience: Audience) -> Knowledge:
    """What is known for this audience."""
    return known.of(ctx, audience)


def attend(ctx: InlineContext) -> tuple[int, int]:
    """A turn of the thread that keeps all audiences' knowledge up to date, the public's first; posts in use, of all."""
    public = ctx.archive.audience_public()
    if not known.is_attended(ctx):
        known.attended_by_a_thread(ctx)
        # The first question of a process loads the model and opens the indexes: let it be this one.
        ctx.archive.search(WARMING, public, limit=1)
    knowledge(ctx, public)
    until = time.monotonic() + ATTENDED
    for one in sorted(known.all_of(ctx), key=lambda one: len(one.ledger.audience.classes)):
        if not one.tell_on(ctx, until):
            return one.progress
    return one.progress
