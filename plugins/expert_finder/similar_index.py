"""Topics by their words, growing post by post: BM25 over whole topics in which the title's words weigh more.

Fields with weights before saturation, as in BM25F (Robertson, Zaragoza, Taylor 2004). Each posting is one whole number
(topic and count), so that a hundred thousand posts take some tens of megabytes and a new reply is one append a word.
"""

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.lexical import COMMON, K1, B

MOST_TERMS = 64
FEW = 5
"""A word in so few topics is never too common, however small the forum."""
_MOST_COUNT = 63
_SHIFT = 6

Floats = NDArray[np.float64]


class TopicWords:
    """Words of topics by their place (0, 1, … in the order of `open`)."""

    def __init__(self) -> None:
        self._postings: dict[str, array[int]] = {}
        self._lengths: Floats = np.zeros(64)
        self.size = 0

    def open(self) -> int:
        """A new topic, still without words; its place."""
        if self.size == len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self.size += 1
        return self.size - 1

    def add(self, place: int, words: Mapping[str, int], weight: int = 1) -> None:
        """More words of a topic: its title (with its weight), a post."""
        base = place << _SHIFT
        for word, count in words.items():
            found = self._postings.get(word)
            if found is None:
                found = self._postings[word] = array("I")
            found.append(base | min(count * weight, _MOST_COUNT))
        self._lengths[place] += weight * sum(words.values())

    def scores(self, words: Mapping[str, int]) -> Floats:
        """BM25 of every topic for the counted stems of a question; a word repeated counts up to three times."""
        scores = np.zeros(self.size)
        if not self.size:
            return scores
        lengths = self._lengths[: self.size]
        norms = K1 * (1 - B + B * lengths / max(float(lengths.mean()), 1.0))
        for count, rarity, held in self._telling(words):
            where = np.flatnonzero(held)
            counts = held[where]
            scores[where] += min(count, 3) * rarity * counts * (K1 + 1) / (counts + norms[where])
        return scores

    def rarity(self, word: str) -> tuple[float, Floats] | None:
        """Inverse document frequency (0 where too many topics hold the word), and its count by topic; None where no
        topic holds it.
        """
        held = self._held(word)
        return None if held is None else (self._rarity(held), held)

    def _telling(self, words: Mapping[str, int]) -> list[tuple[int, float, Floats]]:
        """The rarest words that are worth asking for: (count in the question, rarity, count by topic)."""
        known = sorted((len(self._postings[word]), word) for word in words if word in self._postings)
        found: list[tuple[int, float, Floats]] = []
        for _, word in known[: 2 * MOST_TERMS]:
            held = self._held(word)
            rarity = 0.0 if held is None else self._rarity(held)
            if held is not None and rarity > 0:
                found.append((words[word], rarity, held))
        found.sort(key=lambda one: -min(one[0], 3) * one[1])
        return found[:MOST_TERMS]

    def _held(self, word: str) -> Floats | None:
        found = self._postings.get(word)
        if found is None:
            return None
        packed = np.array(found, np.uint32)
        held: Floats = np.bincount(packed >> _SHIFT, packed & _MOST_COUNT, minlength=self.size).astype(np.float64)
        return held

    def _rarity(self, held: Floats) -> float:
        topics = int(np.count_nonzero(held))
        if topics > COMMON * self.size + FEW:
            return 0.0
        return float(np.log(1 + (self.size - topics + 0.5) / (topics + 0.5)))
