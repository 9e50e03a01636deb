"""How much each earlier question still counts at several half-lives, and what each member answered of all that.

2^-((now - then) / half-life) is 2^((then - start) / half-life) for every question, which never changes, times one
number for all of them at a given minute: so nothing is computed per question when somebody asks.
"""

import numpy as np

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.past import DAY


class Ages:
    """Questions by their place, members by their number; `days` are the half-lives."""

    def __init__(self, days: tuple[float, ...]) -> None:
        self.days = days
        self._half: Floats = np.array(days) * DAY
        self._start = 0.0
        self._size = 0
        self._asked: Floats = np.zeros((len(days), 256))
        self._answered: Floats = np.zeros((len(days), 64))
        self._answers: Floats = np.zeros(256)

    def ask(self, at: float) -> None:
        """The next question."""
        if not self._size:
            self._start = at
        if self._size == self._asked.shape[1]:
            self._asked = np.concatenate([self._asked, np.zeros_like(self._asked)], axis=1)
            self._answers = np.concatenate([self._answers, np.zeros_like(self._answers)])
        self._asked[:, self._size] = np.exp2((at - self._start) / self._half)
        self._size += 1

    def answer(self, place: int, member: int, weight: float) -> None:
        """A member answered the question at a place."""
        while member >= self._answered.shape[1]:
            self._answered = np.concatenate([self._answered, np.zeros_like(self._answered)], axis=1)
        self._answered[:, member] += weight * self._asked[:, place]
        self._answers[place] += weight

    @property
    def answers(self) -> Floats:
        """By question, the weight of all its answers."""
        return self._answers[: self._size]

    def left(self, days: float, at: float) -> Floats:
        """By question, what is left of it."""
        row = self.days.index(days)
        found: Floats = self._asked[row, : self._size] * self._since(row, at)
        return found

    def answered(self, days: float, at: float, members: "np.ndarray[tuple[int], np.dtype[np.intp]]") -> Floats:
        """For these members, what is left of all they answered."""
        row = self.days.index(days)
        known = members < self._answered.shape[1]
        found: Floats = np.where(known, self._answered[row, np.where(known, members, 0)], 0.0) * self._since(row, at)
        return found

    def _since(self, row: int, at: float) -> float:
        return float(np.exp2(-(at - self._start) / self._half[row]))
