"""A complementary set instead of clones: each next person is chosen for what the others do not cover.

Facets are the question's telling words; a person covers a word he used in a reply, or that a question he answered
held. Greedy choice on a submodular gain (Nemhauser 1978) comes within 1 - 1/e of the best set.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.evidence import Evidence, question_words
from plugins.expert_finder.past import Question
from plugins.expert_finder.words import stems

FACETS = 10
NEW = 0.6
"""How much of a person's worth depends on what the others leave uncovered."""
_SAID = re.compile(r"[^\W\d_]{4,40}|\b[A-Z]{2,5}\b")
"""Words worth saying: of four letters and more, or names of letters (SAP, CATIA)."""
PART = 0.2
"""The share of the question's weight that somebody must add for it to be called his part."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A member and the facets (stems) he adds to those chosen before him."""

    member: int
    adds: tuple[str, ...]


class Facets(dict[str, float]):
    """The question's most telling stems with their weight, whose sum is 1; who touched each with his answers."""

    def __init__(self, evidence: Evidence, question: Question) -> None:
        subjects, people = evidence.subjects, len(evidence.people)
        weights = {word: subjects.topics.rarity(word) for word in question_words(question.title, question.text)}
        self._numbers = evidence.people.numbers
        self._helpers: dict[str, NDArray[np.bool_]] = {}
        for word in sorted(weights, key=lambda word: (-weights[word], word)):
            if weights[word] <= 0 or len(self._helpers) == FACETS:
                break
            helpers = subjects.helpers_of_word(word, people)
            if helpers.any():
                self._helpers[word] = helpers
        total = sum(weights[word] for word in self._helpers) or 1.0
        super().__init__({word: weights[word] / total for word in self._helpers})

    def covered(self, member: int) -> set[str]:
        """The facets that this member's answers touch."""
        number = self._numbers.get(member)
        return set() if number is None else {word for word, helpers in self._helpers.items() if helpers[number]}


def complementary(
    members: Sequence[int], worth: Mapping[int, float], covers: Mapping[int, set[str]], words: Mapping[str, float],
    slots: int,
) -> list[Choice]:  # fmt: skip
    """Up to `slots` members: worth times (what everybody brings + what only he brings), best first."""
    chosen: list[Choice] = []
    open_words = set(words)
    left = list(members)
    while left and len(chosen) < slots:
        gains = [worth[one] * (1 - NEW + NEW * sum(words[word] for word in covers[one] & open_words)) for one in left]
        best = left[gains.index(max(gains))]
        adds = covers[best] & open_words
        chosen.append(Choice(best, tuple(sorted(adds, key=lambda word: -words[word]))))
        open_words -= adds
        left.remove(best)
    return chosen


def parts_of(
    question: Question, choices: Sequence[Choice], words: Mapping[str, float]
) -> dict[int, tuple[str, ...]]:  # fmt: skip
    """By member, his part of the question in one or two words of its title; empty unless two people have one."""
    spelled = {stem: word for word in _SAID.findall(question.title) for stem in stems(word)}
    order = list(spelled)
    found: dict[int, tuple[str, ...]] = {}
    for choice in choices:
        said = sorted([stem for stem in choice.adds if stem in spelled][:2], key=order.index)
        if said and sum(words[stem] for stem in choice.adds) >= PART:
            found[choice.member] = tuple(_plain(spelled[stem]) for stem in said)
    return found if len(found) > 1 else {}


def _plain(word: str) -> str:
    """In lower case, but for a name of letters."""
    return word if word.isupper() else word.lower()
