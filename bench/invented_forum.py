"""A large invented forum: members who each know a few of many subjects, in made-up words, as topic documents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

START = datetime(2022, 1, 3, 8, tzinfo=UTC)
SUBJECTS, WORDS, MEMBERS, COMMON = 120, 24, 3_000, 4_000
UNANSWERED = 100
"""Topics at the end that nobody has answered yet."""


@dataclass(frozen=True)
class Words:
    """Made-up words: of every subject, and those that all use."""

    subjects: list[list[str]]
    common: list[str]

    def text(self, chance: np.random.Generator, subject: int, length: int) -> str:
        """A text of a subject: a third its own words, the rest what everybody says, frequent words more often."""
        own = chance.choice(self.subjects[subject], size=max(2, length // 3))
        rest = chance.zipf(1.3, size=length - len(own)) % COMMON
        return " ".join([*own, *(self.common[place] for place in rest)])


def words() -> Words:
    """The same words at every run."""
    chance = np.random.default_rng(11)
    letters = np.array(list("abcdefghijklmnoprstuvz"))

    def made(count: int) -> list[str]:
        return ["".join(chance.choice(letters, size=chance.integers(4, 10))) for _ in range(count)]

    return Words([made(WORDS) for _ in range(SUBJECTS)], made(COMMON))


def subject_of(topic_id: int) -> int:
    return topic_id * 7919 % SUBJECTS


def documents(posts: int) -> Iterator[dict[str, object]]:
    """Topics with about so many posts in all, over four years, the last hundred without an answer."""
    chance = np.random.default_rng(12)
    said = words()
    topics = posts // 7
    step = timedelta(days=4 * 365) / topics
    number = 0
    for topic in range(1, topics + 1):
        subject, at = subject_of(topic), START + topic * step
        asker = int(chance.integers(1, MEMBERS))
        helpers = 1 + (subject * 12 + chance.zipf(1.5, size=12) % 12) % (MEMBERS - 1)
        replies = 0 if topic > topics - UNANSWERED else int(chance.integers(4, 9))
        authors = [asker, *(int(one) for one in chance.choice(helpers, size=replies))]
        stream = []
        for place, author in enumerate(authors):
            number += 1
            moment = (at + timedelta(minutes=47 * place)).isoformat()
            cooked = f"<p>{said.text(chance, subject, int(chance.integers(20, 70)))}?</p>"
            stream.append({
                "id": number, "user_id": author, "username": f"member{author}", "name": "", "post_number": place + 1,
                "created_at": moment, "updated_at": moment, "post_type": 1, "version": 1, "cooked": cooked,
            })  # fmt: skip
        yield {
            "id": topic, "title": said.text(chance, subject, 8) + "?", "slug": "s", "category_id": 1 + subject % 8,
            "archetype": "regular", "visible": True, "created_at": at.isoformat(), "posts_count": len(stream),
            "post_stream": {"posts": stream, "stream": [one["id"] for one in stream]},
        }  # fmt: skip


def write(path: Path, posts: int) -> datetime:
    """Write the documents to a .jsonl; gives the moment after the last one."""
    with path.open("w", encoding="utf-8") as out:
        for document in documents(posts):
            out.write(json.dumps(document) + "\n")
    return START + timedelta(days=4 * 365 + 1)
