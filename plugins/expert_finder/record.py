"""How much more or less often somebody answers than the facts about him let expect.

The trees see numbers, not people: of two with the same numbers one may be the kind who answers twice as often. What
they expected of a person over the last few hundred questions is laid beside what he did; the ratio corrects his next
chances. A few expected answers are added to both sides, so that little history corrects little (an empirical Bayes
ratio, as in Gamma-Poisson shrinkage).
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats

HALF_LIFE = 300.0
"""Questions after which what was seen counts half."""
PRIOR = 3.0
"""Answers added to what was expected and to what was done."""


class Record:
    """Done and expected answers by member id, faded by questions."""

    def __init__(self) -> None:
        self._questions = 0
        self._seen: dict[int, tuple[float, float, int]] = {}

    def tell(self, ids: NDArray[np.int64], chances: Floats, answered: NDArray[np.bool_]) -> None:
        """One question more: its candidates, what was expected of each, and who answered."""
        self._questions += 1
        for member, chance, did in zip(ids.tolist(), chances.tolist(), answered.tolist(), strict=True):
            done, expected, when = self._seen.get(member, (0.0, 0.0, self._questions))
            left = 0.5 ** ((self._questions - when) / HALF_LIFE)
            self._seen[member] = (done * left + did, expected * left + chance, self._questions)

    def corrected(self, ids: NDArray[np.int64], chances: Floats) -> Floats:
        """The chances with each person's odds multiplied by what his record says."""
        nothing = (0.0, 0.0, 0)
        seen = [self._seen.get(member, nothing) for member in ids.tolist()]
        factor = np.array([(done + PRIOR) / (expected + PRIOR) for done, expected, _ in seen])
        odds = factor * chances / np.maximum(1 - chances, 1e-6)
        corrected: Floats = odds / (1 + odds)
        return corrected

    def copy(self) -> "Record":
        found = Record()
        found._questions, found._seen = self._questions, dict(self._seen)
        return found

    def dump(self) -> list[list[float]]:
        """Rows of member id, done, expected, faded to now."""
        rows = []
        for member, (done, expected, when) in self._seen.items():
            left = 0.5 ** ((self._questions - when) / HALF_LIFE)
            rows.append([member, done * left, expected * left])
        return rows

    @classmethod
    def load(cls, rows: Sequence[Sequence[float]]) -> "Record":
        found = cls()
        found._seen = {int(member): (float(done), float(expected), 0) for member, done, expected in rows}
        return found
