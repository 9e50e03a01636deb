"""Subjects that are asked about, and how many active people answer them: where one leaving would leave a hole.

A subject is a category, or a tag of at least five questions in the last year. Active: answered in that subject within
the last 90 days. Next: whoever answered there at least once and is neither the first nor silent. Leaving: whoever gave
a fifth of the answers and has given none for 90 days.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugins.doors import InlineContext
from plugins.expert_finder.answers import last_year

ACTIVE = timedelta(days=90)
FEWEST = 5
MATTERED = 0.2


@dataclass(frozen=True, slots=True)
class Subject:
    """Demand and supply of one subject over a year; members by id with their answered topics, busiest first."""

    name: str
    questions: int
    unanswered: int
    active: tuple[tuple[int, int], ...]
    growing: tuple[int, ...]
    leaving: tuple[int, ...] = ()

    @property
    def at_risk(self) -> bool:
        """One active person or none, or one who gives three quarters of the answers."""
        total = sum(count for _, count in self.active)
        return len(self.active) <= 1 or self.active[0][1] >= 0.75 * total


def subjects(ctx: InlineContext) -> list[Subject]:
    """The public subjects with demand, the most fragile first."""
    names = {category.id: category.name for category in ctx.archive.categories()}
    asked: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    helpers: dict[str, Counter[int]] = defaultdict(Counter)
    last: dict[str, dict[int, datetime]] = defaultdict(dict)
    for one in last_year(ctx):
        if not one.is_question:
            continue
        topic = one.topic
        for label in [*topic.tags] + ([names[topic.category_id]] if topic.category_id in names else []):
            asked[label] += 1
            silent[label] += not one.joined
            for member, when in one.answered.items():
                helpers[label][member] += 1
                last[label][member] = max(when, last[label].get(member, when))
    found = [
        _subject(ctx.now, label, asked[label], silent[label], helpers[label], last[label])
        for label in asked
        if asked[label] >= FEWEST
    ]
    return sorted(found, key=lambda one: (not one.at_risk, len(one.active), -one.questions, one.name))


def _subject(
    now: datetime, name: str, asked: int, silent: int, helpers: Counter[int], last: dict[int, datetime]
) -> Subject:
    recent = {member for member, when in last.items() if now - when <= ACTIVE}
    active = tuple((member, count) for member, count in helpers.most_common() if member in recent)
    growing = tuple(member for member, _ in active)[1:4]
    leaving = tuple(
        member for member, count in helpers.most_common() if member not in recent and count >= MATTERED * asked
    )
    return Subject(name, asked, silent, active, growing, leaving)
