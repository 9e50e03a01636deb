"""The public questions of the last year and who answered them, for the managers' pages: read from the archive at once.

An answer is a reply of substance (see `substance`).
"""

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connector.records import StoredPost, StoredTopic
from plugins.doors import InlineContext
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.by_audience import left_mark
from plugins.expert_finder.holdback import is_question
from plugins.expert_finder.substance import enough_words, has_substance, length_of

YEAR = timedelta(days=365)
KEPT_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Asked:
    """A topic opened in the last year. `joined`: everybody else who wrote in it; `answered`: helpers, with the time of
    their first answer of substance, where the topic is a question.
    """

    topic: StoredTopic
    is_question: bool
    joined: frozenset[int]
    answered: Mapping[int, datetime] = field(default_factory=dict)


_kept: dict[tuple[str, int], tuple[int, datetime, list[Asked]]] = {}
_guard = threading.Lock()


def last_year(ctx: InlineContext) -> list[Asked]:
    """The public topics of the last year, newest first; read anew after ten minutes, or when something left."""
    key, mark = (str(ctx.data_dir), ctx.site), left_mark(ctx)
    with _guard:
        kept = _kept.get(key)
        if kept is None or kept[0] != mark or not timedelta(0) <= ctx.now - kept[1] < KEPT_FOR:
            kept = _kept[key] = (mark, ctx.now, _read(ctx))
        return kept[2]


def _read(ctx: InlineContext) -> list[Asked]:
    audience, since = ctx.archive.audience_public(), ctx.now - YEAR
    topics = ctx.archive.topics(audience, since=since, until=ctx.now, limit=20_000)
    openings: dict[int, StoredPost] = {}
    replies: dict[int, list[StoredPost]] = defaultdict(list)
    askers = {topic.id: topic.user_id for topic in topics}
    titles = {topic.id: topic.title for topic in topics}
    is_person = person_in(ctx.archive)
    for post in ctx.archive.all_posts(audience, after=(since, 0), before=ctx.now):
        if post.topic_id not in askers:
            continue
        if post.post_number == 1:
            openings[post.topic_id] = post
        elif post.user_id != askers[post.topic_id] and is_person(post.user_id):
            replies[post.topic_id].append(post)
    asked = {number for number, post in openings.items() if is_question(titles[number], post.text)}
    enough = enough_words([length_of(post) for number in asked for post in replies[number]])
    return [_asked(topic, topic.id in asked, replies[topic.id], enough) for topic in topics]


def _asked(topic: StoredTopic, question: bool, replies: list[StoredPost], enough: float) -> Asked:
    answered: dict[int, datetime] = {}
    for post in replies:
        if question and has_substance(post, enough):
            answered.setdefault(post.user_id or 0, post.created_at)
    return Asked(topic, question, frozenset(post.user_id or 0 for post in replies), answered)
