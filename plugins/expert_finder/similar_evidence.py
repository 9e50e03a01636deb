"""All that a forum said up to a minute, as far as it tells which earlier topic has the same problem.

Told in time order, it never looks ahead: live and in the evaluation alike. An edited post counts from the minute of its
edit on, for nobody can say what it said before.
"""

import heapq
from array import array
from bisect import bisect_right

import numpy as np

from plugins.expert_finder.past import PastPost, words_asked, words_of
from plugins.expert_finder.similar_index import Floats, TopicWords
from plugins.expert_finder.similar_links import Link
from plugins.expert_finder.subjects import Vector

TITLE_WEIGHT = 3
"""A word of the title says as much as three in the text: the middle of what the literature on BM25F finds useful."""
LACKING = 0.1
QUARTER = 90 * 86_400.0


class SimilarEvidence:
    """Topics by their place, in the order in which they were opened."""

    def __init__(self, title_weight: int = TITLE_WEIGHT) -> None:
        self._title_weight = title_weight
        self.words = TopicWords()
        self.topic_ids: list[int] = []
        self.places: dict[int, int] = {}
        self.last_post: tuple[float, int] | None = None
        self._last_at: list[float] = []
        self._askers: list[int] = []
        self._answered: list[bool] = []
        self._members: dict[int, int] = {}
        self._posts: list[list[float]] = []
        self._wrote: dict[tuple[int, int], None] = {}
        self._writers = array("q")
        self._written = array("q")
        self._vectors: np.ndarray | None = None
        self._edges: dict[tuple[int, int], None] = {}
        self._later: list[tuple[float, int, PastPost | Link, Vector | None]] = []
        self._told = 0

    @property
    def size(self) -> int:
        return len(self.topic_ids)

    # -- telling

    def tell(self, post: PastPost, vector: Vector | None = None, settled: Vector | None = None) -> None:
        """Take in the next post. `vector` is an opening post's, of its question as asked; `settled` that of its words
        after a later edit, where they are known.
        """
        self.reveal(post.at)
        if post.opens and post.topic_id not in self.places:
            self._open(post, vector)
        place = self.places.get(post.topic_id)
        self.last_post = (post.at, post.id)
        if place is None:
            return
        self._last_at[place] = post.at
        self._present(post, place)
        self._answered[place] |= post.author != self._askers[place]
        if post.known_at > post.at:
            self._wait(post.known_at, post, settled)
        else:
            self._words_of(post, place)

    def keep_vector(self, topic_id: int, vector: Vector) -> None:
        """The vector of a topic that was told without one."""
        self._keep(self.places[topic_id], vector)

    def forget_vectors(self) -> list[int]:
        """Drop all vectors; the topics, all of which now lack one."""
        self._vectors = None
        return list(self.topic_ids)

    def link(self, link: Link) -> None:
        """A topic leads to another from `link.at` on."""
        self._wait(link.at, link, None)

    def reveal(self, now: float) -> None:
        """Take in the edits and links that are known by now."""
        while self._later and self._later[0][0] <= now:
            _, _, known, vector = heapq.heappop(self._later)
            if isinstance(known, Link):
                source, target = self.places.get(known.source), self.places.get(known.target)
                if source is not None and target is not None and source != target:
                    self._edges[source, target] = None
                continue
            place = self.places[known.topic_id]
            self._words_of(known, place)
            if known.opens and vector is not None:
                self._keep(place, vector)

    def _present(self, post: PastPost, place: int) -> None:
        member = self._members.setdefault(post.author, len(self._members))
        if member == len(self._posts):
            self._posts.append([])
        self._posts[member].append(post.at)
        if (member, place) not in self._wrote:
            self._wrote[member, place] = None
            self._writers.append(member)
            self._written.append(place)

    def _wait(self, at: float, known: PastPost | Link, vector: Vector | None) -> None:
        self._told += 1
        heapq.heappush(self._later, (at, self._told, known, vector))

    def _open(self, post: PastPost, vector: Vector | None) -> None:
        place = self.words.open()
        self.places[post.topic_id] = place
        self.topic_ids.append(post.topic_id)
        self._askers.append(post.author)
        self._answered.append(False)
        self._last_at.append(post.at)
        self.words.add(place, words_asked(post)[0], self._title_weight)
        if vector is not None:
            self._keep(place, vector)

    def _words_of(self, post: PastPost, place: int) -> None:
        self.words.add(place, words_of(post))

    def _keep(self, place: int, vector: Vector) -> None:
        if self._vectors is None:
            self._vectors = np.zeros((256, len(vector)), np.float32)
        while place >= len(self._vectors):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
        self._vectors[place] = vector

    # -- what is known, by place

    def likeness(self, vector: Vector) -> Floats | None:
        """Cosine of every topic, those without a vector given the mean of the others; None where a tenth have none:
        with the vectors of a part of the past the wrong topics look alike.
        """
        if self._vectors is None:
            return None
        rows = self._vectors[: self.size]
        if len(rows) < self.size:
            rows = np.concatenate([rows, np.zeros((self.size - len(rows), rows.shape[1]), np.float32)])
        # one thread without BLAS: on busy cores its threads wait for one another longer than they multiply
        cosines: Floats = np.einsum("ij,j->i", rows, vector).astype(np.float64)
        lacking = ~rows.any(axis=1)
        if lacking.sum() > LACKING * self.size:
            return None
        cosines[lacking] = cosines[~lacking].mean()
        return cosines

    def silence(self, now: float) -> Floats:
        """Seconds since the last post of every topic."""
        return np.maximum(now - np.array(self._last_at), 0.0)

    def presence(self, now: float) -> Floats:
        """Posts of the last ninety days by the most active of those who wrote in each topic."""
        recent = np.array([len(times) - bisect_right(times, now - QUARTER) for times in self._posts], np.float64)
        found = np.zeros(self.size)
        if len(self._writers):
            np.maximum.at(found, np.array(self._written), recent[np.array(self._writers)])
        return found

    def edges(self) -> tuple[np.ndarray, np.ndarray]:
        """Places of the topics that lead, and of those they lead to; each pair once."""
        pairs = np.array(list(self._edges), np.intp).reshape(-1, 2)
        return pairs[:, 0], pairs[:, 1]

    def answered(self, place: int) -> bool:
        """Whether somebody other than the asker wrote there."""
        return self._answered[place]
