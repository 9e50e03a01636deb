"""BM25 over a set of texts that only grows: the index of who wrote what, as of any minute of the forum's history."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009, the usual values
MOST_TERMS = 48
COMMON = 0.4  # a word of more than two fifths of all texts says nothing of the subject


class _Postings:
    __slots__ = ("counts", "size", "texts")

    def __init__(self) -> None:
        self.texts: NDArray[np.int32] = np.zeros(4, np.int32)
        self.counts: NDArray[np.float32] = np.zeros(4, np.float32)
        self.size = 0

    def add(self, text: int, count: int) -> None:
        if self.size == len(self.texts):
            self.texts = np.concatenate([self.texts, np.zeros_like(self.texts)])
            self.counts = np.concatenate([self.counts, np.zeros_like(self.counts)])
        self.texts[self.size] = text
        self.counts[self.size] = count
        self.size += 1


class Lexical:
    def __init__(self) -> None:
        self._postings: dict[str, _Postings] = {}
        self._lengths: NDArray[np.float32] = np.zeros(64, np.float32)
        self._total = 0.0
        self.size = 0

    def add(self, words: Mapping[str, int]) -> int:
        """Take in one text as counted stems; returns its number."""
        if self.size == len(self._lengths):
            self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        length = sum(words.values())
        self._lengths[self.size] = length
        self._total += length
        for word, count in words.items():
            found = self._postings.get(word)
            if found is None:
                found = self._postings[word] = _Postings()
            found.add(self.size, count)
        self.size += 1
        return self.size - 1

    def scores(self, words: Mapping[str, int]) -> NDArray[np.float32]:
        """BM25 of every text for the counted stems of a question; rare words first, at most 48 of them."""
        scores = np.zeros(self.size, np.float32)
        if not self.size:
            return scores
        weights = K1 * (1 - B + B * self._lengths[: self.size] / max(self._total / self.size, 1e-9))
        for idf, postings in self._telling(words):
            texts, counts = postings.texts[: postings.size], postings.counts[: postings.size]
            scores[texts] += idf * counts * (K1 + 1) / (counts + weights[texts])
        return scores

    def having(self, word: str) -> NDArray[np.int32]:
        """The numbers of the texts that hold the word."""
        found = self._postings.get(word)
        return np.zeros(0, np.int32) if found is None else found.texts[: found.size]

    def rarity(self, word: str) -> float:
        """The word's inverse document frequency; 0 for words of no text or of too many."""
        found = self._postings.get(word)
        if found is None or found.size > COMMON * self.size + 5:
            return 0.0
        return float(np.log(1 + (self.size - found.size + 0.5) / (found.size + 0.5)))

    def _telling(self, words: Mapping[str, int]) -> list[tuple[float, _Postings]]:
        ranked = []
        for word, count in words.items():
            idf = self.rarity(word)
            if idf > 0:
                ranked.append((idf * min(count, 3), self._postings[word]))
        ranked.sort(key=lambda pair: -pair[0])
        return ranked[:MOST_TERMS]
