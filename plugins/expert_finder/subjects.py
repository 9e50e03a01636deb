"""Earlier questions and replies that are like this one, and whom they speak for.

Votes: texts are retrieved, each votes for its people with its likeness (Macdonald and Ounis 2006, Voting for
Candidates); lexical by BM25, semantic by the model's vectors where there is one.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.ages import Ages
from plugins.expert_finder.fading import Floats
from plugins.expert_finder.lexical import Lexical
from plugins.expert_finder.past import DAY

HALF_LIVES = (30.0, 90.0, 365.0, 2000.0)
"""Days after which an earlier question counts half, for who answers questions like this one (see `neighbours`)."""
TOPICS = 60
REPLIES = 200
YEAR = 365 * DAY

Vector = NDArray[np.float32]


@dataclass(slots=True)
class Votes:
    """Votes by member number for one question, and the earlier topics they come from (place, likeness)."""

    total: Floats
    recent: Floats
    strongest: Floats
    share: Floats
    asked: Floats
    topics: list[tuple[int, float]] = field(default_factory=list)


class Vectors:
    """Unit vectors of the questions so far; rows are added as questions are asked."""

    def __init__(self) -> None:
        self._rows: Vector | None = None
        self.size = 0

    def add(self, row: Vector) -> None:
        if self._rows is None:
            self._rows = np.zeros((256, len(row)), np.float32)
        if self.size == len(self._rows):
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._rows[self.size] = row
        self.size += 1

    def row(self, place: int) -> Vector:
        if self._rows is None or place >= self.size:
            raise IndexError(place)
        found: Vector = self._rows[place]
        return found

    def likeness(self, row: Vector) -> Vector:
        if self._rows is None:
            return np.zeros(0, np.float32)
        # one thread without BLAS: on busy cores its threads wait for one another fifty times longer than they multiply
        found: Vector = np.einsum("ij,j->i", self._rows[: self.size], row)
        return found


class Subjects:
    """Questions (title and text) with those who answered them, and replies with their authors."""

    def __init__(self) -> None:
        self.topics = Lexical()
        self.replies = Lexical()
        self.vectors = Vectors()
        self._dense_places = _Growing()
        self.askers: list[int] = []
        self._topic_times = _Growing()
        self.ages = Ages(HALF_LIVES)
        self.answered: list[dict[int, tuple[float, float]]] = []
        """By topic: helper → (weight of the evidence, time of the first reply)."""
        self._answer_places = _Growing()
        self._answer_helpers = _Growing()
        self._answer_weights = _Growing()
        self._dense_rows: dict[int, int] = {}
        self.reply_authors = _Growing()
        self.reply_times = _Growing()
        self.reply_weights = _Growing()

    @property
    def dense_places(self) -> NDArray[np.intp]:
        """The places of the questions that have a vector, by its row."""
        return self._dense_places.filled.astype(np.intp)

    @property
    def topic_times(self) -> Floats:
        """When each question was asked."""
        return self._topic_times.filled

    def add_topic(self, asker: int, at: float, words: Counter[str], vector: Vector | None) -> int:
        place = self.topics.add(words)
        if vector is not None:
            self._dense_rows[place] = self.vectors.size
            self.vectors.add(vector)
            self._dense_places.add(place)
        self.askers.append(asker)
        self._topic_times.add(at)
        self.ages.ask(at)
        self.answered.append({})
        return place

    def add_answer(self, place: int, helper: int, at: float, weight: float) -> None:
        """The first reply of a helper in a topic."""
        self.answered[place][helper] = (weight, at)
        self.ages.answer(place, helper, weight)
        self._answer_places.add(place)
        self._answer_helpers.add(helper)
        self._answer_weights.add(weight)

    def answers(self) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
        """All answers in time order: the topic's place, the helper's number, the weight of the evidence."""
        places, helpers = self._answer_places.filled.astype(np.intp), self._answer_helpers.filled.astype(np.intp)
        return places, helpers, self._answer_weights.filled

    def crowd(self, span: tuple[int, int]) -> float:
        """How many people answered each of the last questions, those from the first to the second number back."""
        found = self.answered[-span[0] : -span[1]]
        return sum(weight for answers in found for weight, _ in answers.values()) / len(found) if found else 2.0

    def vector_of(self, place: int) -> Vector | None:
        """The vector of an earlier question."""
        row = self._dense_rows.get(place)
        return None if row is None else self.vectors.row(row)

    def nearness(self, vector: Vector | None) -> Floats:
        """The cosine of every earlier question to this one: -1 for one without a vector; without a model all 0."""
        found: Floats = np.zeros(len(self.topic_times))
        if vector is not None and self.vectors.size:
            found[:] = -1.0
            found[self.dense_places] = self.vectors.likeness(vector)
        return found

    def add_reply(self, author: int, at: float, weight: float, words: Mapping[str, int]) -> None:
        self.replies.add(words)
        self.reply_authors.add(author)
        self.reply_times.add(at)
        self.reply_weights.add(weight)

    def helpers_of_word(self, word: str, people: int) -> NDArray[np.bool_]:
        """By number, whether somebody used the word in a reply, or answered a question that holds it."""
        found = np.zeros(people, bool)
        found[self.reply_authors.filled[self.replies.having(word)].astype(np.intp)] = True
        asked = np.zeros(self.topics.size, bool)
        asked[self.topics.having(word)] = True
        places, helpers, _ = self.answers()
        found[helpers[asked[places]]] = True
        return found

    def lexical_votes(self, words: Counter[str], at: float, people: int, without: int | None = None) -> Votes:
        scores = self.topics.scores(words)
        if without is not None:
            scores[without] = 0.0
        best = _best(scores, TOPICS)
        best = best[scores[best] > 0]
        top = scores[best].max() if len(best) else 1.0
        return self._votes(best, (scores[best] / top) ** 2, at, people)

    def dense_votes(self, vector: Vector | None, at: float, people: int, without: int | None = None) -> Votes:
        if vector is None or not self.vectors.size:
            return self._votes(np.zeros(0, np.intp), np.zeros(0), at, people)
        likeness = self.vectors.likeness(vector)
        if without is not None and without in self._dense_rows:
            likeness[self._dense_rows[without]] = -1.0
        best = _best(likeness, TOPICS)
        weights = np.exp((likeness[best] - likeness[best].max()) * 15)
        return self._votes(self.dense_places[best], weights, at, people)

    def _votes(self, places: NDArray[np.intp], weights: NDArray[np.floating], at: float, people: int) -> Votes:
        votes = Votes(np.zeros(people), np.zeros(people), np.zeros(people), np.zeros(people), np.zeros(people))
        whole, times = 0.0, self.topic_times
        for place, weight in zip(places.tolist(), weights.tolist(), strict=True):
            fresh = weight * 2 ** (-(at - times[place]) / YEAR)
            whole += fresh
            asker = self.askers[place]
            votes.asked[asker] = max(votes.asked[asker], weight)
            votes.topics.append((place, weight))
            for helper, (evidence, _) in self.answered[place].items():
                votes.total[helper] += weight * evidence
                votes.recent[helper] += fresh * evidence
                votes.strongest[helper] = max(votes.strongest[helper], weight * evidence)
        votes.share = votes.recent / max(whole, 1e-6)
        return votes

    def reply_votes(self, words: Counter[str], at: float, people: int) -> tuple[Floats, Floats, Floats]:
        """Votes of the likest replies for their authors: all, faded (half-life 180 days), strongest."""
        scores = self.replies.scores(words)
        best = _best(scores, REPLIES)
        best = best[scores[best] > 0]
        if not len(best):
            return np.zeros(people), np.zeros(people), np.zeros(people)
        weights = (scores[best] / scores[best].max()) ** 2 * self.reply_weights.filled[best]
        authors = self.reply_authors.filled[best].astype(np.intp)
        fresh = weights * np.exp2(-(at - self.reply_times.filled[best]) / (YEAR / 2))
        strongest = np.zeros(people)
        np.maximum.at(strongest, authors, weights)
        return (
            _summed(authors, weights, people),
            _summed(authors, fresh, people),
            strongest,
        )


class _Growing:
    """Numbers in a row that grows; whole numbers up to 2**53 stay exact."""

    def __init__(self) -> None:
        self._values: Floats = np.zeros(256)
        self.size = 0

    def add(self, value: float) -> None:
        if self.size == len(self._values):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)])
        self._values[self.size] = value
        self.size += 1

    @property
    def filled(self) -> Floats:
        return self._values[: self.size]


def _summed(authors: NDArray[np.intp], weights: Floats, people: int) -> Floats:
    found: Floats = np.bincount(authors, weights, minlength=people).astype(np.float64)
    return found


def _best(scores: NDArray[np.floating], count: int) -> NDArray[np.intp]:
    """Places of the highest scores, best first; equal ones in order of age."""
    if len(scores) > count:
        best = np.argpartition(-scores, count - 1)[:count]
    else:
        best = np.arange(len(scores))
    return best[np.lexsort((best, -scores[best]))]
