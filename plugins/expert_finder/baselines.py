"""What any newcomer could do: rankings that ours must beat."""

import random
from collections import Counter, deque
from dataclasses import dataclass, field

import numpy as np

from plugins.expert_finder.evidence import Evidence, question_words
from plugins.expert_finder.fading import Floats
from plugins.expert_finder.past import DAY, PastPost, Question
from plugins.expert_finder.subjects import Vector

WINDOW = 90 * DAY


@dataclass(slots=True)
class MostActive:
    """Replies to others in the last 90 days, no content at all."""

    _replies: deque[tuple[float, int]] = field(default_factory=deque)
    _counts: Counter[int] = field(default_factory=Counter)
    _askers: dict[int, int] = field(default_factory=dict)

    def tell(self, post: PastPost) -> None:
        if post.opens:
            self._askers[post.topic_id] = post.author
        elif self._askers.get(post.topic_id, post.author) != post.author:
            self._replies.append((post.at, post.author))
            self._counts[post.author] += 1

    def ranked(self, question: Question) -> list[int]:
        while self._replies and self._replies[0][0] < question.at - WINDOW:
            self._counts[self._replies.popleft()[1]] -= 1
        found = [(count, member) for member, count in self._counts.items() if count > 0 and member != question.asker]
        return [member for _, member in sorted(found, key=lambda pair: (-pair[0], pair[1]))]


def candidates(evidence: Evidence, question: Question) -> list[int]:
    """Members with at least one earlier reply to somebody else, the asker left out."""
    people = evidence.people
    numbers = np.flatnonzero(people["last_reply"][: len(people)] > 0)
    return [people.ids[number] for number in numbers if people.ids[number] != question.asker]


def drawn(evidence: Evidence, question: Question) -> list[int]:
    """A random order, the same for the same question."""
    found = candidates(evidence, question)
    random.Random(question.topic_id).shuffle(found)
    return found


def by_words(evidence: Evidence, question: Question) -> list[int]:
    """BM25 votes: likest earlier questions for their answerers, likest replies for their authors."""
    words = question_words(question.title, question.text)
    count = len(evidence.people)
    topics = evidence.subjects.lexical_votes(words, question.at, count)
    replies, _, _ = evidence.subjects.reply_votes(words, question.at, count)
    return _by(evidence, question, topics.total + replies)


def by_meaning(evidence: Evidence, question: Question, vector: Vector) -> list[int]:
    """Dense votes: earlier questions likest in meaning, for their answerers."""
    votes = evidence.subjects.dense_votes(vector, question.at, len(evidence.people))
    return _by(evidence, question, votes.total)


def _by(evidence: Evidence, question: Question, votes: Floats) -> list[int]:
    numbers = np.argsort(-votes, kind="stable")
    ids = [evidence.people.ids[number] for number in numbers if votes[number] > 0]
    return [member for member in ids if member != question.asker]
