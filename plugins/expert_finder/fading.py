"""Counts that fade: a member's activity at several half-lives, kept for all members at once."""

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.past import DAY

Floats = NDArray[np.float64]
LONG_AGO = -1e15


class Fading:
    """One row a half-life, one column a member; `add` and `read` cost nothing for the days between."""

    def __init__(self, days: tuple[float, ...]) -> None:
        self.days = days
        self._half: Floats = np.array(days) * DAY
        self._values: Floats = np.zeros((len(days), 64))
        self._when: Floats = np.full(64, LONG_AGO)

    def add(self, member: int, at: float, amount: float = 1.0) -> None:
        while member >= len(self._when):
            self._values = np.concatenate([self._values, np.zeros_like(self._values)], axis=1)
            self._when = np.concatenate([self._when, np.full_like(self._when, LONG_AGO)])
        since = np.maximum(at - self._when[member], 0.0)
        self._values[:, member] = self._values[:, member] * np.exp2(-np.minimum(since / self._half, 200.0)) + amount
        self._when[member] = at

    def read(self, row: int, at: float, members: NDArray[np.intp]) -> Floats:
        """What is left at `at` for these members, in the row's half-life."""
        known = members < len(self._when)
        safe = np.where(known, members, 0)
        since = np.maximum(at - self._when[safe], 0.0)
        left: Floats = self._values[row, safe] * np.exp2(-np.minimum(since / self._half[row], 200.0))
        return np.where(known, left, 0.0)
