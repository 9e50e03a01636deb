"""Subjects that are asked about, and how many active people answer them: where one leaving would leave a hole.

A subject is a category, or a tag of at least five questions in the last year. Active: answered in that subject within
the last 90 days. Next: whoever answered there at least once and is neither the first nor silent.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta

from plugins.doors import InlineContext
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.holdback import is_question

YEAR = timedelta(days=365)
ACTIVE = timedelta(days=90)
FEWEST = 5


@dataclass(frozen=True, slots=True)
class Subject:
    """Demand and supply of one subject over a year; members by id with their answered topics, busiest first."""

    name: str
    questions: int
    unanswered: int
    active: tuple[tuple[int, int], ...]
    growing: tuple[int, ...]

    @property
    def at_risk(self) -> bool:
        """One active person or none, or one who gives three quarters of the answers."""
        total = sum(count for _, count in self.active)
        return len(self.active) <= 1 or self.active[0][1] >= 0.75 * total


def subjects(ctx: InlineContext) -> list[Subject]:
    """The public subjects with demand, the most fragile first."""
    audience = ctx.archive.audience_public()
    names = {category.id: category.name for category in ctx.archive.categories()}
    asked: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    helpers: dict[str, Counter[int]] = defaultdict(Counter)
    recent: dict[str, set[int]] = defaultdict(set)
    is_person = person_in(ctx.archive)
    for topic in ctx.archive.topics(audience, since=ctx.now - YEAR, until=ctx.now, limit=20_000):
        posts = ctx.archive.posts_of_topic(topic.id)
        opening = posts[0].text if posts else ""
        labels = [*topic.tags] + ([names[topic.category_id]] if topic.category_id in names else [])
        if not is_question(topic.title, opening):
            continue
        answers = {
            post.user_id: post.created_at
            for post in posts
            if post.post_number > 1 and post.user_id != topic.user_id and is_person(post.user_id)
        }
        for label in labels:
            asked[label] += 1
            silent[label] += not answers
            for member, when in answers.items():
                helpers[label][member or 0] += 1
                if ctx.now - when <= ACTIVE:
                    recent[label].add(member or 0)
    found = [
        _subject(label, asked[label], silent[label], helpers[label], recent[label])
        for label in asked
        if asked[label] >= FEWEST
    ]
    return sorted(found, key=lambda one: (not one.at_risk, len(one.active), -one.questions, one.name))


def _subject(name: str, asked: int, silent: int, helpers: Counter[int], recent: set[int]) -> Subject:
    active = tuple((member, count) for member, count in helpers.most_common() if member in recent)
    growing = tuple(member for member, count in helpers.most_common() if member in recent and count >= 1)[1:4]
    return Subject(name, asked, silent, active, growing)
