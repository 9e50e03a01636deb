"""Tells an evidence what the ledger holds, in time order and a slice at a time; by meaning or by words, never half.

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
from connector.records import TopicVectors
from plugins.doors import ArchiveDoor, InlineContext
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.ledger import Ledger, opening_of
from plugins.expert_finder.past import PastPost, Question, as_asked, seconds
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
    """An evidence on its way through the ledger.

    `watch` is called with each fresh evidence (there is a second one where vectors turn out to be missing) and gives
    what is to be done with every question asked since `since`, right before the evidence is told of it.
    """

    def __init__(self, ledger: Ledger, watch: Watch, since: datetime | None = None) -> None:
        self._ledger = ledger
        self._watch = watch
        self._since = seconds(since) if since is not None else 0.0
        self._looked_at: datetime | None = None
        self._is_person: Callable[[int | None], bool] | None = None
        self._enough: float | None = None
        self.whole = False
        """Whether it was read to the end once."""
        self._begin("")

    @property
    def enough(self) -> float:
        """Words from which a reply has substance here (see `substance`)."""
        if self._enough is None:
            self._enough = enough_words(self._lengths)
        return self._enough

    def _begin(self, poorer: Poorer) -> None:
        self.evidence = Evidence()
        self.poorer: Poorer = poorer
        self.model = ""
        self.read = 0
        """Posts told so far."""
        self.epoch = self._ledger.epoch
        self._overtaken = False
        self._lengths: deque[int] = deque(maxlen=REMEMBERED)
        self._enough = None
        self._asked = self._watch(self.evidence)

    def read_on(self, ctx: InlineContext, until: float) -> bool:
        """Tell what the ledger holds, until `time.monotonic()` is there; True once all is told, or has to wait."""
        now = seconds(ctx.now)
        posts = self._ledger.after(self.evidence.last_post, now)
        while page := list(islice(posts, PAGE)):
            told = self._tell(ctx, page, now - GRACE.total_seconds())
            if told == "anew":
                if self.whole:
                    # Others rely on it: they keep it until another one has been told everything.
                    self._overtaken = True
                    return True
                posts = self._ledger.after(None, now)
            if told == "waits":
                break
            if len(page) == PAGE and time.monotonic() >= until:
                return False
        self.whole = True
        return True

    def is_outdated(self, ctx: InlineContext) -> bool:
        """Whether another one, begun now, would say something else: time went back (a replay), the model was changed,
        or the vectors have caught up. What only left or was edited is told by the ledger's epoch.
        """
        last = self.evidence.last_post
        if self._overtaken or (last is not None and last[0] > seconds(ctx.now)):
            return True
        if self._looked_at is not None and timedelta(0) <= ctx.now - self._looked_at < LOOKED_AGAIN:
            return False
        self._looked_at = ctx.now
        if not self.evidence.topic_ids:
            return False
        asked = self.evidence.topic_ids if self.poorer else self.evidence.topic_ids[:1]
        found = _vectors_of(ctx.archive, asked)
        if self.poorer:
            self.poorer = "no_model" if found is None else "catching_up"
            return found is not None and len(found.rows) == len(asked)
        return found is None or found.model != self.model

    def _tell(self, ctx: InlineContext, page: Sequence[tuple[PastPost, int]], patient_since: float
              ) -> Literal["told", "waits", "anew"]:  # fmt: skip
        """`waits` at a fresh question without a vector, `anew` where words alone decide from now on."""
        is_person = self._is_person = self._is_person or person_in(ctx.archive, ask_for_all=True)
        written = [(post, length) for post, length in page if is_person(post.author)]
        found = None
        if not self.poorer:
            found = _vectors_of(ctx.archive, [post.topic_id for post, _ in written if post.opens])
            if found is None or (self.model and found.model != self.model):
                return self._anew("no_model" if found is None else "")
            self.model = found.model
        for post, length in written:
            vector = found.rows.get(post.topic_id) if found is not None and post.opens else None
            if post.opens and vector is None and not self.poorer:
                if post.at > patient_since:
                    return "waits"
                return self._anew("catching_up")
            if post.opens and post.at >= self._since:
                opening = opening_of(ctx, post.topic_id)
                if opening is not None:
                    self._asked(as_asked(opening), vector)
            self.evidence.tell(post, vector)
            self.read += 1
            if not post.opens:
                self._lengths.append(length)
                self._enough = None
        return "told"

    def _anew(self, poorer: Poorer) -> Literal["anew"]:
        if not self.whole:
            self._begin(poorer)
        return "anew"


def _vectors_of(archive: ArchiveDoor, topic_ids: Sequence[int]) -> TopicVectors | None:
    """None where no model is set up."""
    try:
        return archive.vectors(topic_ids)
    except ModelUnavailable:
        return None
