"""The evidence so far: everything that posts up to a minute say about who helps with what, and when.

It is told posts in time order and never looks ahead: live, in a replay and in an evaluation alike.
"""

import heapq
from collections import Counter
from collections.abc import Mapping

import numpy as np

from plugins.expert_finder.bonds import Bonds
from plugins.expert_finder.columns import Columns
from plugins.expert_finder.fading import LONG_AGO, Fading
from plugins.expert_finder.past import DAY, PastPost, words_asked, words_of
from plugins.expert_finder.profiles import Profiles
from plugins.expert_finder.standing import Standing
from plugins.expert_finder.subjects import Subjects, Vector
from plugins.expert_finder.words import counted, stems

REPLY_DAYS = (0.1, 1.0, 3.0, 7.0, 30.0, 90.0, 365.0)
ACTIVE_DAYS = (7.0, 30.0, 90.0)
POST_DAYS = (0.02, 0.5, 3.0)
IN_FULL = 0.5
"""A reply worth less is no evidence of its own: neither helper nor asker is established (see `standing`)."""


class Evidence:
    def __init__(self) -> None:
        self.people = Columns()
        self.replies = Fading(REPLY_DAYS)
        self.topics = Fading(REPLY_DAYS)
        self.presence = Fading(ACTIVE_DAYS)
        self.posts = Fading(POST_DAYS)
        self.profiles = Profiles()
        self.bonds = Bonds()
        self.standing = Standing()
        self.subjects = Subjects()
        self.topic_places: dict[int, int] = {}
        self.topic_askers: dict[int, int] = {}
        self.topic_ids: list[int] = []
        self.asked_posts: list[float] = []
        self.last_post: tuple[float, int] | None = None
        self._later: list[tuple[float, int, int, float, Mapping[str, int]]] = []

    def tell(self, post: PastPost, vector: Vector | None = None) -> None:
        """Take in the next post; `vector` is an opening post's (its question as asked)."""
        self._reveal(post.at)
        member = self.people.number(post.author)
        self.standing.seen(member, post.at)
        self._present(member, post.at)
        if post.opens and post.topic_id not in self.topic_places:
            self._open(post, member, vector)
        elif post.topic_id in self.topic_places and self.topic_askers[post.topic_id] != member:
            self._reply(post, member)
        self.last_post = (post.at, post.id)

    def _present(self, member: int, at: float) -> None:
        people = self.people
        gap = at - people["last_post"][member]
        if people["first_seen"][member] == LONG_AGO:
            people["first_seen"][member] = at
        elif gap > 6 * 3600:
            people["gap"][member] = 0.8 * people["gap"][member] + 0.2 * np.log1p(gap / 3600)
        people["posts"][member] += 1
        people["last_post"][member] = at
        self.posts.add(member, at)
        day = at // DAY
        if people["last_day"][member] != day:
            people["last_day"][member] = day
            people["days"][member] += 1
            self.presence.add(member, at)
        people.hours[member] *= 0.995
        people.hours[member, int(at // 3600 % 24)] += 1
        people.weekdays[member] *= 0.995
        people.weekdays[member, int(day + 4) % 7] += 1

    def _open(self, post: PastPost, member: int, vector: Vector | None) -> None:
        title, text = words_asked(post)
        words = weighed(title, text)
        self.topic_places[post.topic_id] = self.subjects.add_topic(member, post.at, words, vector)
        self.topic_askers[post.topic_id] = member
        if vector is not None:
            self.profiles.asked(vector)
        self.topic_ids.append(post.topic_id)
        self.asked_posts.append(self.people["posts"][member])
        self.people["asked"][member] += 1

    def _reply(self, post: PastPost, member: int) -> None:
        place, asker = self.topic_places[post.topic_id], self.topic_askers[post.topic_id]
        self.bonds.spoke(member, asker, post.at)
        answered = self.subjects.answered[place]
        words = words_of(post)
        if member in answered:
            weight = answered[member][0]
        else:
            said = words if post.known_at <= post.at else {}  # what it said before it was edited, nobody knows
            weight = self.standing.weigh(member, asker, frozenset(said), post.at)
            self._first_reply(place, member, asker, post.at, weight)
        self.replies.add(member, post.at, weight)
        self.people["replies"][member] += weight
        self.people["last_reply"][member] = post.at
        if post.known_at > post.at:
            heapq.heappush(self._later, (post.known_at, post.id, member, weight, words))
        else:
            self.subjects.add_reply(member, post.at, weight, words)

    def _first_reply(self, place: int, member: int, asker: int, at: float, weight: float) -> None:
        people, answered = self.people, self.subjects.answered[place]
        if not answered:
            people["firsts"][member] += weight
        for other in answered:
            self.bonds.met(member, other)
        self.subjects.add_answer(place, member, at, weight)
        vector = self.subjects.vector_of(place)
        if vector is not None:
            self.profiles.answered(member, vector, weight)
        self.topics.add(member, at, weight)
        self.bonds.helped(member, asker, at, weight)
        people["topics"][member] += weight
        people["got"][asker] += weight
        people["vouched"][member] += weight >= IN_FULL
        people["wait"][member] += weight * np.log1p(max(0.0, at - self.subjects.topic_times[place]) / 60)
        people["newcomers"][member] += weight * (self.asked_posts[place] <= 3)

    def _reveal(self, at: float) -> None:
        """Texts edited meanwhile are known from the minute of their last edit."""
        while self._later and self._later[0][0] <= at:
            known_at, _, member, weight, words = heapq.heappop(self._later)
            self.subjects.add_reply(member, known_at, weight, words)


def question_words(title: str, text: str) -> Counter[str]:
    """Counted stems of a question; its title counts twice."""
    return weighed(counted(stems(title)), counted(stems(text)))


def weighed(title: Mapping[str, int], text: Mapping[str, int]) -> Counter[str]:
    """Counted stems of title and text as those of one question."""
    words = Counter(text)
    words.update(title)
    words.update(title)
    return words
