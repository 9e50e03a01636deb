"""What sets the questions that a member answers apart from all those that were asked.

A member's profile is the mean vector of the questions he answered, less the mean of everything asked: a direction in
the model's space that a new question follows or not. It is kept at three memories, since interests move.
"""

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.subjects import Vector

ANSWERS = (15.0, 60.0, 240.0)
"""Half-lives of a profile, in answers of the member's own."""
QUESTIONS = (1500.0, 150.0)
"""Half-lives of what is asked on the forum, in questions: in general, and lately."""
UNSURE = 4.0
"""Answers' worth of "nothing special" that every profile begins with."""
NAMES = ("profile_lately", "profile", "profile_long", "profile_unlike")
_KINDS = ((0, 0), (1, 0), (2, 0), (1, 1))
"""For each of the names: which memory of the member, beside which of the forum."""


class Profiles:
    def __init__(self) -> None:
        self._rows: dict[int, int] = {}
        self._sums = np.zeros((len(ANSWERS), 64, 0), np.float32)
        self._counts = np.zeros((len(ANSWERS), 64))
        self._asked: Floats = np.zeros((len(QUESTIONS), 0))
        self._asked_counts = np.zeros(len(QUESTIONS))

    def asked(self, vector: Vector) -> None:
        """A question was asked; its unit vector."""
        if not self._asked.shape[1]:
            self._asked = np.zeros((len(QUESTIONS), len(vector)))
            self._sums = np.zeros((*self._sums.shape[:2], len(vector)), np.float32)
        left = np.exp2(-1 / np.array(QUESTIONS))
        self._asked = self._asked * left[:, None] + vector
        self._asked_counts = self._asked_counts * left + 1

    def answered(self, member: int, vector: Vector, weight: float) -> None:
        """A member answered a question that was asked before; `weight` is what his reply is worth as evidence."""
        row = self._rows.setdefault(member, len(self._rows))
        if row == self._counts.shape[1]:
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)], axis=1)
            self._counts = np.concatenate([self._counts, np.zeros_like(self._counts)], axis=1)
        left = np.exp2(-1 / np.array(ANSWERS))
        self._sums[:, row] = self._sums[:, row] * left[:, None].astype(np.float32) + weight * vector
        self._counts[:, row] = self._counts[:, row] * left + weight

    def columns(self, vector: Vector | None, members: NDArray[np.intp]) -> dict[str, Floats]:
        """How far the question follows each member's profiles: 0 where nothing is known, more is liker."""
        found = {name: np.zeros(len(members)) for name in NAMES}
        if vector is None or not self._asked_counts[0]:
            return found
        known = np.array([place for place, member in enumerate(members.tolist()) if member in self._rows], np.intp)
        rows = np.array([self._rows[int(members[place])] for place in known], np.intp)
        for name, (memory, forum) in zip(NAMES, _KINDS, strict=True):
            usual = self._asked[forum] / self._asked_counts[forum]
            apart = vector - usual
            counts = self._counts[memory, rows]
            along = self._sums[memory, rows] @ apart - counts * float(usual @ apart)
            found[name][known] = along / (counts + UNSURE)
        return found
