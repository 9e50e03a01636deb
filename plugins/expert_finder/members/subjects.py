"""A member's subjects as his answers show them: categories and tags in which he answered others within the year."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import timedelta

from connector.records import Audience, StoredPost, StoredTopic
from plugins.blocks import Anchor
from plugins.doors import InlineContext
from plugins.expert_finder.substance import enough_words, has_substance, length_of

YEAR = timedelta(days=365)
EVER = 100 * YEAR
READ = 400
"""The newest posts that are looked at."""
SHOWN = 8
LINKS = 3


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject: its name, in how many topics of others he answered, and the newest of them."""

    name: str
    topics: int
    links: tuple[Anchor, ...]


def subjects_of(ctx: InlineContext, member_id: int, audience: Audience, left: Collection[str] = ()) -> list[Subject]:
    """The subjects with most answers first, with links that this audience may open; `left` as in `answers_of`."""
    found: dict[str, dict[int, Anchor]] = defaultdict(dict)
    for post, topic in answers_of(ctx, member_id, audience, left):
        for label in labels_of(ctx, topic):
            found[label].setdefault(topic.id, Anchor(topic.title, f"/t/{topic.id}/{post.post_number}"))
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Subject(name, len(links), tuple(links.values())[:LINKS]) for name, links in ranked[:SHOWN]]


def answers_of(
    ctx: InlineContext, member_id: int, audience: Audience, left: Collection[str] = (), within: timedelta = YEAR
) -> Iterator[tuple[StoredPost, StoredTopic]]:
    """What he answered others within this time, newest first, as far as this audience may open it.

    No small talk (see `substance`), and nothing of a topic about a subject that he left to others (`left`, in lower
    case).
    """
    posts = [
        post
        for post in ctx.archive.posts_of_member(member_id, audience, limit=READ)
        if post.post_number > 1 and post.post_type == 1 and ctx.now - post.created_at <= within
    ]
    enough = enough_words([length_of(post) for post in posts])
    for post in posts:
        if not has_substance(post, enough):
            continue
        topic = ctx.archive.topic(post.topic_id)
        if topic is None or topic.user_id == member_id or not topic.visible:
            continue
        if not {label.strip().lower() for label in labels_of(ctx, topic)} & set(left):
            yield post, topic


def labels_of(ctx: InlineContext, topic: StoredTopic) -> list[str]:
    """The names of a topic's subjects: its category and its tags."""
    category = ctx.archive.category(topic.category_id) if topic.category_id is not None else None
    return [*([category.name] if category else []), *topic.tags]


def answers_that_helped(
    ctx: InlineContext, member_id: int, audience: Audience, left: Collection[str] = ()
) -> list[tuple[StoredPost, StoredTopic]]:
    """His answers that were accepted or liked, the best first; `left` as in `answers_of`."""
    answers = answers_of(ctx, member_id, audience, left, EVER)
    found = [(post, topic) for post, topic in answers if post.accepted or post.like_count]
    return sorted(found, key=lambda pair: (not pair[0].accepted, -pair[0].like_count))[:SHOWN]
