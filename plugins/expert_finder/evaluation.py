"""Replay a forum's history in time order and compare whom we would have named with who answered.

Each question is ranked from the posts before it alone; what is learned, is learned from the past of that minute. Only
the judge, `_truth`, knows what came later.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugins.expert_finder import baselines
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.past import PastPost, Question, as_asked
from plugins.expert_finder.pupil import Pupil
from plugins.expert_finder.ranking import rank
from plugins.expert_finder.scores import Tally
from plugins.expert_finder.spending import Spending
from plugins.expert_finder.subjects import Vector

FIRST_LESSON = 0.04
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is evaluated: the last share of the topics, names per question, names per person from Monday to Sunday."""

    last: float = 0.25
    slots: int = 3
    cap: int = 3


@dataclass(frozen=True, slots=True)
class Named:
    """What a ranker said of one question: everybody in order, whom it names under the cap, and how long it took."""

    ranked: Sequence[int]
    capped: Sequence[int]
    ms: float


class Ours:
    """The product's own ranking, learning and spending, moved through time."""

    def __init__(self, terms: Terms) -> None:
        self.evidence = Evidence()
        self.pupil = Pupil(self.evidence)
        self._spending = Spending(terms.cap)
        self._terms = terms

    def study(self, question: Question, vector: Vector | None) -> None:
        """An earlier question: its portrait is kept to learn from."""
        self.pupil.remember(portrait(self.evidence, question, vector))

    def name(self, question: Question, vector: Vector | None) -> Named:
        model = self.pupil.model(question.at)
        start = time.perf_counter()
        found = portrait(self.evidence, question, vector)
        ranking = rank(self.evidence, found, model)
        ids = [int(member) for member in found.ids]
        chosen = self._spending.choose(question.at, ids, ranking.chances, self._terms.slots)
        ms = (time.perf_counter() - start) * 1000
        capped = [ids[place] for place in chosen]
        for member in capped:
            self._spending.spend(member, question.at)
        self.pupil.remember(found)
        return Named(ranking.ids, capped, ms)


class Plain:
    """A baseline with the same cap: its ranking, taken from the top among those who still have budget."""

    def __init__(self, ranker: Callable[[Question], list[int]], terms: Terms) -> None:
        self._ranker = ranker
        self._spending = Spending(terms.cap)
        self._terms = terms

    def name(self, question: Question) -> Named:
        start = time.perf_counter()
        ranked = self._ranker(question)
        ms = (time.perf_counter() - start) * 1000
        free = (member for member in ranked if self._spending.used(member, question.at) < self._terms.cap)
        capped = [member for member, _ in zip(free, range(self._terms.slots), strict=False)]
        for member in capped:
            self._spending.spend(member, question.at)
        return Named(ranked, capped, ms)


def evaluate(
    posts: Sequence[PastPost],
    vectors: Mapping[int, Vector] | None,
    terms: Terms,
    progress: Progress = lambda _: None,
) -> dict[str, Any]:
    """The measures per ranker, in the shape that `evaluate experts --json` prints.

    `posts` in time order; `vectors` by topic id (of `Question.whole`), None where there is no model.
    """
    asked = [post for post in posts if post.opens]
    first_test = int(len(asked) * (1 - terms.last))
    tests = {post.topic_id for post in asked[first_test:]}
    lessons = {post.topic_id for post in asked[int(len(asked) * FIRST_LESSON) : first_test]}
    truth = _truth(posts)
    rankers = _Rankers(terms, vectors)
    done = studied = 0
    for post in posts:
        if post.opens and post.topic_id in lessons:
            rankers.ours.study(as_asked(post), rankers.vector(post.topic_id))
            studied += 1
            if studied % 500 == 0:
                progress(f"{studied} of {len(lessons)} earlier questions read")
        elif post.opens and post.topic_id in tests:
            rankers.question(as_asked(post), truth.get(post.topic_id, set()))
            done += 1
            if done % 100 == 0:
                progress(f"{done} of {len(tests)} questions")
        rankers.tell(post)
    return rankers.report()


def _truth(posts: Sequence[PastPost]) -> dict[int, set[int]]:
    """By topic: everyone but the asker who ever wrote a regular post in it."""
    askers = {post.topic_id: post.author for post in posts if post.opens}
    found: dict[int, set[int]] = defaultdict(set)
    for post in posts:
        if not post.opens and askers.get(post.topic_id, post.author) != post.author:
            found[post.topic_id].add(post.author)
    return found


class _Rankers:
    def __init__(self, terms: Terms, vectors: Mapping[int, Vector] | None) -> None:
        self._terms = terms
        self._vectors = vectors
        self.ours = Ours(terms)
        self._active = baselines.MostActive()
        evidence = self.ours.evidence
        self._plain = {
            "most_active_90d": Plain(self._active.ranked, terms),
            "bm25": Plain(lambda question: baselines.by_words(evidence, question), terms),
            "random": Plain(lambda question: baselines.drawn(evidence, question), terms),
        }
        if vectors is not None:
            self._plain["dense"] = Plain(self._by_meaning, terms)
        self._tallies = {name: Tally() for name in ("passerelle", *self._plain)}
        self._questions = 0

    def vector(self, topic_id: int) -> Vector | None:
        return None if self._vectors is None else self._vectors.get(topic_id)

    def _by_meaning(self, question: Question) -> list[int]:
        vector = self.vector(question.topic_id)
        return [] if vector is None else baselines.by_meaning(self.ours.evidence, question, vector)

    def tell(self, post: PastPost) -> None:
        self.ours.evidence.tell(post, self.vector(post.topic_id) if post.opens else None)
        self._active.tell(post)

    def question(self, question: Question, truth: set[int]) -> None:
        """Everybody names people; those with an answer are judged."""
        self._questions += bool(truth)
        for name, named in self._named(question):
            tally = self._tallies[name]
            tally.name(named.ranked, named.capped, self._terms.slots, named.ms)
            if truth:
                tally.judge(named.ranked, named.capped, truth)

    def _named(self, question: Question) -> Iterator[tuple[str, Named]]:
        yield "passerelle", self.ours.name(question, self.vector(question.topic_id))
        for name, plain in self._plain.items():
            yield name, plain.name(question)

    def report(self) -> dict[str, Any]:
        return {
            "questions": self._questions,
            "terms": {"last": self._terms.last, "slots": self._terms.slots, "cap": self._terms.cap},
            "fits": self.ours.pupil.fits,
            "dense": self._vectors is not None,
            "rankers": {name: tally.report() for name, tally in self._tallies.items()},
        }
