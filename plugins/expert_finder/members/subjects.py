"""A member's subjects as his answers show them: categories and tags in which he answered others within the year."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from connector.records import Audience, StoredTopic
from plugins.blocks import Anchor
from plugins.doors import InlineContext

YEAR = timedelta(days=365)
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


def subjects_of(ctx: InlineContext, member_id: int, audience: Audience) -> list[Subject]:
    """The subjects with most answers first, with links that this audience may open."""
    found: dict[str, dict[int, Anchor]] = defaultdict(dict)
    for post in ctx.archive.posts_of_member(member_id, audience, limit=READ):
        if post.post_number == 1 or post.post_type != 1 or ctx.now - post.created_at > YEAR:
            continue
        topic = ctx.archive.topic(post.topic_id)
        if topic is None or topic.user_id == member_id or not topic.visible:
            continue
        for label in labels_of(ctx, topic):
            found[label].setdefault(topic.id, Anchor(topic.title, f"/t/{topic.id}/{post.post_number}"))
    ranked = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return [Subject(name, len(links), tuple(links.values())[:LINKS]) for name, links in ranked[:SHOWN]]


def labels_of(ctx: InlineContext, topic: StoredTopic) -> list[str]:
    """The names of a topic's subjects: its category and its tags."""
    category = ctx.archive.category(topic.category_id) if topic.category_id is not None else None
    return [*([category.name] if category else []), *topic.tags]


def answers_that_helped(ctx: InlineContext, member_id: int, audience: Audience) -> list[tuple[Anchor, bool, int]]:
    """His answers that were accepted or liked, the best first: link, accepted, likes."""
    found = []
    for post in ctx.archive.posts_of_member(member_id, audience, limit=READ):
        topic = ctx.archive.topic(post.topic_id) if post.accepted or post.like_count else None
        if topic is not None and post.post_number > 1 and topic.visible:
            link = Anchor(topic.title, f"/t/{topic.id}/{post.post_number}")
            found.append((link, post.accepted, post.like_count))
    return sorted(found, key=lambda one: (not one[1], -one[2]))[:SHOWN]
