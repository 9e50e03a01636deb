"""BM25 over a set of texts that only grows: the index of who wrote what, as of any minute of the forum's history."""

from array import array
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009, the usual values
MOST_TERMS = 48
COMMON = 0.4  # a word of more than two fifths of all texts says nothing of the subject


_SHIFT = 8
_MOST_COUNT = 2**_SHIFT - 1


class Lexical:
    """Each posting is one whole number (text and count), so that a long past takes some tens of megabytes."""

    def __init__(self) -> None:
        self._postings: dict[str, array[int]] = {}
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
        base = self.size << _SHIFT
        for word, count in words.items():
            found = self._postings.get(word)
            if found is None:
                found = self._postings[word] = array("I")
            found.append(base | (count if count < _MOST_COUNT else _MOST_COUNT))
        self.size += 1
        return self.size - 1

    def scores(self, words: Mapping[str, int]) -> NDArray[np.float32]:
        """BM25 of every text for the counted stems of a question; rare words first, at most 48 of them."""
        scores = np.zeros(self.size, np.float32)
        if not self.size:
            return scores
        weights = K1 * (1 - B + B * self._lengths[: self.size] / max(self._total / self.size, 1e-9))
        for idf, postings in self._telling(words):
            packed = np.array(postings, np.uint32)
            texts, counts = (packed >> _SHIFT).astype(np.intp), (packed & _MOST_COUNT).astype(np.float32)
            scores[texts] += idf * counts * (K1 + 1) / (counts + weights[texts])
        return scores

    def having(self, word: str) -> NDArray[np.int32]:
        """The numbers of the texts that hold the word."""
        found = self._postings.get(word)
        return np.zeros(0, np.int32) if found is None else (np.array(found, np.uint32) >> _SHIFT).astype(np.int32)

    def rarity(self, word: str) -> float:
        """The word's inverse document frequency; 0 for words of no text or of too many."""
        found = self._postings.get(word)
        if found is None or len(found) > COMMON * self.size + 5:
            return 0.0
        return float(np.log(1 + (self.size - len(found) + 0.5) / (len(found) + 0.5)))

    def _telling(self, words: Mapping[str, int]) -> list[tuple[float, "array[int]"]]:
        ranked = []
        for word, count in words.items():
            idf = self.rarity(word)
            if idf > 0:
                ranked.append((idf * min(count, 3), self._postings[word]))
        ranked.sort(key=lambda pair: -pair[0])
        return ranked[:MOST_TERMS]
