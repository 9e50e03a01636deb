"""What is around a text on the forum itself: its thread, earlier topics like it, what its author wrote elsewhere.

Everything is asked of the memory when a detector wants it, once, and only what every reader of the text may open.
"""

from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from connector.records import Audience, StoredPost
from plugins.doors import InlineContext
from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.detectors.finding import Alike, Turn

_LIKE = 12
_ASKED = 2_000
_LATELY = timedelta(days=14)
_ELSEWHERE = 20
_LONGEST_THREAD = 200


class OnForum:
    """`detectors.finding.Around` for a text by `author_id` in a topic (None: a new one) of a category.

    `encoder` names the model of the attack head ("": none), `before` is the number of the post judged: what came later
    is not looked at.
    """

    def __init__(self, ctx: InlineContext, *, topic_id: int | None, category_id: int | None, author_id: int | None,
                 encoder: str = "", before: int | None = None) -> None:  # fmt: skip
        self._ctx, self._encoder, self._before = ctx, encoder, before
        self._topic, self._category, self._author = topic_id, category_id, author_id

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        if not self._encoder:
            raise ModelUnavailable("no encoder is set up for attacks")
        return self._ctx.archive.embed(texts, model=self._encoder)

    def similar(self, text: str) -> Sequence[Alike]:
        asked = text[:_ASKED].strip()
        if not asked:
            return ()
        without = () if self._topic is None else (self._topic,)
        result = self._ctx.archive.search(asked, self._audience, limit=_LIKE, exclude_topics=without)
        words = set(words_of(asked))
        found = []
        for hit in result.hits:
            topic = self._ctx.archive.topic(hit.topic_id)
            if topic is None:
                continue
            title = set(words_of(topic.title))
            # Where no vectors are at hand, a title whose words all stand in the text is as good a sign as any.
            by_words = len(title & words) / len(title) if len(title) > 2 else 0.0
            likeness = hit.semantic if hit.semantic > 0 else 0.8 * by_words
            found.append(Alike(topic.id, topic.title, min(likeness, 1.0), topic.category_id, topic.user_id))
        return sorted(found, key=lambda one: -one.likeness)

    def thread(self) -> Sequence[Turn]:
        return self._thread

    def elsewhere(self) -> Sequence[str]:
        if self._author is None:
            return ()
        since = self._ctx.now - _LATELY
        posts = self._ctx.archive.posts_of_member(self._author, self._audience, limit=_ELSEWHERE)
        return [one.text for one in posts if one.topic_id != self._topic and one.created_at >= since]

    @cached_property
    def _audience(self) -> Audience:
        if self._topic is not None:
            return self._ctx.archive.audience_of_topic(self._topic)
        if self._category is not None:
            return self._ctx.archive.audience_of_category(self._category)
        return self._ctx.archive.audience_public()

    @cached_property
    def _thread(self) -> Sequence[Turn]:
        if self._topic is None:
            return ()
        posts = [one for one in self._ctx.archive.posts_of_topic(self._topic) if one.post_type == 1 and not one.hidden]
        before = [one for one in posts if self._before is None or one.post_number < self._before]
        return turns_among(posts, before)[-_LONGEST_THREAD:]


def turns_among(posts: Sequence[StoredPost], shown: Sequence[StoredPost]) -> list[Turn]:
    """Some posts of a thread as turns; whom each answers is looked up among all its `posts`."""
    authors = {one.post_number: one.user_id for one in posts}
    return [
        Turn(one.user_id, one.created_at, one.text, authors.get(one.reply_to_post_number or 0), one.post_number)
        for one in shown
    ]
