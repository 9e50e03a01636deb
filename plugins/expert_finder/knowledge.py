"""The evidence in memory, per process and audience: built once from the archive, then told what is new.

Live, every suggestion goes through the same evidence, portrait and ranking as the evaluation. What readers of a topic
may not open is not in the evidence that ranks people for it.
"""

import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from connector.records import Audience
from plugins.doors import InlineContext
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.formula import plain_chances
from plugins.expert_finder.learning import Learned
from plugins.expert_finder.past import PastPost, Question, as_asked, moment, seconds
from plugins.expert_finder.ranking import Ranking, rank
from plugins.expert_finder.remembered import past_posts
from plugins.expert_finder.spending import REMEMBERED, Spending
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.vectors import VectorCache

KEPT = 6
FRESH = timedelta(hours=24)
PER_TURN = 256
LOADING = timedelta(hours=1)
NEW_VECTORS = 64
"""Texts embedded while somebody waits; the nightly job does the others."""


class Knowledge:
    """One audience's evidence. Its lock keeps two threads from telling it the same post."""

    def __init__(self, audience: Audience, now: datetime) -> None:
        self.audience = audience
        self.built_at = now
        self.lock = threading.Lock()
        self.evidence = Evidence()
        self.prices = Spending()
        self._vectors: dict[int, Vector] = {}
        self._generation = -1

    def refresh(self, ctx: InlineContext, cache: VectorCache) -> None:
        """Tell the evidence what the archive learned since; call with the lock held."""
        generation = ctx.archive.generation()
        if generation == self._generation:
            return
        last = self.evidence.last_post
        after = (moment(last[0]), last[1]) if last else None
        fresh = [post for post in past_posts(ctx.archive, self.audience, after=after) if post.at <= seconds(ctx.now)]
        self._embed(fresh, cache)
        warm_from = len(self.evidence.topic_ids) + sum(post.opens for post in fresh) - REMEMBERED
        for post in fresh:
            if post.opens and len(self.evidence.topic_ids) >= warm_from:
                self._price(as_asked(post))
            self.evidence.tell(post, self._vectors.get(post.topic_id) if post.opens else None)
        self._generation = generation

    def _embed(self, fresh: list[PastPost], cache: VectorCache) -> None:
        texts = {post.topic_id: as_asked(post).whole for post in fresh if post.opens}
        if texts:
            self._vectors |= cache.vectors(texts, most=NEW_VECTORS) or {}

    def _price(self, question: Question) -> None:
        """The questions of the last weeks set the prices of the next ones."""
        found = portrait(self.evidence, question, self._vectors.get(question.topic_id))
        chances = plain_chances(found)
        self.prices.choose(question.at, [int(member) for member in found.ids], chances, 3)

    def ranked(self, question: Question, cache: VectorCache, model: Learned | None) -> Ranking:
        vector = self._vectors.get(question.topic_id)
        if vector is None:
            vector = (cache.vectors({0: question.whole}, most=1) or {}).get(0)
        return rank(self.evidence, portrait(self.evidence, question, vector), model)


_known: OrderedDict[tuple[str, frozenset[str]], Knowledge] = OrderedDict()
_caches: dict[str, VectorCache] = {}
_guard = threading.Lock()
_ready: set[str] = set()
"""Installations whose questions all have their vectors; only this process's memory."""
_without_model: dict[str, datetime] = {}
"""Since when an installation was found without a model."""


def knowledge(ctx: InlineContext, audience: Audience) -> Knowledge:
    """The evidence for this audience, rebuilt once a day so that what left the forum leaves it too."""
    key = (str(ctx.data_dir), audience.classes)
    with _guard:
        found = _known.get(key)
        if found is None or not found.built_at <= ctx.now < found.built_at + FRESH:
            found = _known[key] = Knowledge(audience, ctx.now)
        _known.move_to_end(key)
        while len(_known) > KEPT:
            _known.popitem(last=False)
        return found


def vector_cache(ctx: InlineContext) -> VectorCache:
    """One cache per process and forum; what embeds is always the archive of the handler that asks."""
    with _guard:
        found = _caches.get(str(ctx.data_dir))
        if found is None:
            found = _caches[str(ctx.data_dir)] = VectorCache(ctx.data_dir, ctx.archive.embed)
        found.embeds_by(ctx.archive.embed)
        return found


def ready(ctx: InlineContext) -> bool:
    """Embed what is missing, as much as one turn of the clock allows; True once every question has its vector.

    Likeness is measured against the whole past: with vectors of a part of it the wrong people would look alike. Where
    no model is to be had within an hour (it may still be loading), words alone decide.
    """
    key = str(ctx.data_dir)
    if key in _ready:
        return True
    posts = past_posts(ctx.archive, ctx.archive.audience_public())
    texts = {post.topic_id: as_asked(post).whole for post in posts if post.opens and post.at <= seconds(ctx.now)}
    found = vector_cache(ctx).vectors(texts, most=PER_TURN)
    forget_all(ctx)
    if found is None:
        return ctx.now - _without_model.setdefault(key, ctx.now) >= LOADING
    if len(found) == len(texts):
        _ready.add(key)
    return key in _ready


def forget_all(ctx: InlineContext) -> None:
    """Drop the evidence in memory, to be built again from the archive."""
    with _guard:
        for key in [key for key in _known if key[0] == str(ctx.data_dir)]:
            del _known[key]


def forget_vectors(ctx: InlineContext) -> None:
    """Drop the evidence and every vector kept of a question: something was deleted, moved or erased."""
    forget_all(ctx)
    _ready.discard(str(ctx.data_dir))
    vector_cache(ctx).forget()
