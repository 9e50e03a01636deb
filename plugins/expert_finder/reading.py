"""Reads the archive's past into an evidence, in time order and a slice at a time; by meaning or by words, never half.

Likeness is measured against the whole past: with the vectors of a part of it the wrong people look alike. So either
every question has its vector, or words alone decide until the worker has caught up.
"""

import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from connector.errors import ModelUnavailable
from connector.records import Audience, TopicVectors
from plugins.doors import ArchiveDoor, InlineContext
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.past import PastPost, Question, as_asked, moment, seconds
from plugins.expert_finder.remembered import past_posts
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.substance import enough_words

PAGE = 250
REMEMBERED = 2_000
"""Replies whose length says what is usual here."""
GRACE = timedelta(hours=6)
"""How long a fresh question may wait for its vector before words alone decide; what came after it waits too."""
LOOKED_AGAIN = timedelta(minutes=5)

Asked = Callable[[Question, Vector | None], None]
Watch = Callable[[Evidence], Asked]
Poorer = Literal["", "no_model", "catching_up"]
"""Why words alone decide; "" where they do not."""


class Reading:
    """An evidence on its way through the past.

    `watch` is called with each fresh evidence (there is a second one where vectors turn out to be missing) and gives
    what is to be done with every question asked since `since`, right before the evidence is told of it.
    """

    def __init__(self, audience: Audience, watch: Watch, since: datetime | None = None) -> None:
        self.audience = audience
        self._watch = watch
        self._since = seconds(since) if since is not None else 0.0
        self._looked_at: datetime | None = None
        self._begin("")

    @property
    def enough(self) -> float:
        """Words from which a reply has substance here (see `substance`)."""
        return enough_words(self._lengths)

    def _begin(self, poorer: Poorer) -> None:
        self.evidence = Evidence()
        self.poorer: Poorer = poorer
        self.model = ""
        self.read = 0
        """Posts told so far."""
        self._lengths: deque[int] = deque(maxlen=REMEMBERED)
        self._asked = self._watch(self.evidence)
        self._generation = -1

    def read_on(self, ctx: InlineContext, until: float) -> bool:
        """Tell what the archive learned since, until `time.monotonic()` is there; True once all is told."""
        generation = ctx.archive.generation()
        self._look(ctx)
        if generation == self._generation:
            return True
        now = seconds(ctx.now)
        last = self.evidence.last_post
        after = (moment(last[0]), last[1]) if last else None
        posts = (post for post in past_posts(ctx.archive, self.audience, after=after) if post.at <= now)
        while page := list(islice(posts, PAGE)):
            told = self._tell(page, self._vectors(ctx.archive, page), now - GRACE.total_seconds())
            if told == "anew":
                return self.read_on(ctx, until)
            if told == "waits":
                return True
            if len(page) == PAGE and time.monotonic() >= until:
                return False
        self._generation = generation
        return True

    def _look(self, ctx: InlineContext) -> None:
        """Begin anew where time went back (a replay), the model was changed, or the vectors have caught up."""
        last = self.evidence.last_post
        if last is not None and last[0] > seconds(ctx.now):
            self._begin("")
        if self._looked_at is not None and timedelta(0) <= ctx.now - self._looked_at < LOOKED_AGAIN:
            return
        self._looked_at = ctx.now
        if not self.evidence.topic_ids:
            return
        asked = self.evidence.topic_ids if self.poorer else self.evidence.topic_ids[:1]
        found = _vectors_of(ctx.archive, asked)
        if (self.poorer and found is not None and len(found.rows) == len(asked)) or (
            not self.poorer and (found is None or found.model != self.model)
        ):
            self._begin("")
        elif self.poorer:
            self.poorer = "no_model" if found is None else "catching_up"

    def _vectors(self, archive: ArchiveDoor, page: Sequence[PastPost]) -> TopicVectors | None:
        return None if self.poorer else _vectors_of(archive, [post.topic_id for post in page if post.opens])

    def _tell(self, page: Sequence[PastPost], found: TopicVectors | None, patient_since: float
              ) -> Literal["told", "waits", "anew"]:  # fmt: skip
        """`waits` at a fresh question without a vector, `anew` where words alone decide from now on."""
        if not self.poorer:
            if found is None or (self.model and found.model != self.model):
                self._begin("no_model" if found is None else "")
                return "anew"
            self.model = found.model
        for post in page:
            vector = found.rows.get(post.topic_id) if found is not None and post.opens else None
            if post.opens and vector is None and not self.poorer:
                if post.at > patient_since:
                    return "waits"
                self._begin("catching_up")
                return "anew"
            if post.opens and post.at >= self._since:
                self._asked(as_asked(post), vector)
            self.evidence.tell(post, vector)
            self.read += 1
            if not post.opens:
                self._lengths.append(len(post.text.split()))
        return "told"


def _vectors_of(archive: ArchiveDoor, topic_ids: Sequence[int]) -> TopicVectors | None:
    """None where no model is set up."""
    try:
        return archive.vectors(topic_ids)
    except ModelUnavailable:
        return None
