"""Who has helped whom: the history of each pair, faded and plain."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import LONG_AGO, Floats
from plugins.expert_finder.past import DAY

HALF_LIFE = 90 * DAY


class Bonds:
    """Answered topics by pair of numbers (helper, asker), and how often two helped in the same topic."""

    def __init__(self) -> None:
        self._helped_by: dict[int, dict[int, tuple[float, float, float]]] = defaultdict(dict)
        self._helped: dict[int, dict[int, tuple[float, float, float]]] = defaultdict(dict)
        self._together: dict[int, dict[int, float]] = defaultdict(dict)
        self._spoke: dict[tuple[int, int], float] = {}

    def helped(self, helper: int, asker: int, at: float, weight: float) -> None:
        count, faded, when = self._helped_by[asker].get(helper, (0.0, 0.0, at))
        entry = (count + weight, faded * 2 ** (-(at - when) / HALF_LIFE) + weight, at)
        self._helped_by[asker][helper] = entry
        self._helped[helper][asker] = entry

    def spoke(self, helper: int, asker: int, at: float) -> None:
        """A reply of the helper in a topic of the asker."""
        self._spoke[helper, asker] = at

    def last_spoke(self, asker: int, members: NDArray[np.intp]) -> Floats:
        """For each member: when one of the two last replied in a topic of the other's."""
        spoke = self._spoke
        pairs = ((spoke.get((one, asker), LONG_AGO), spoke.get((asker, one), LONG_AGO)) for one in members.tolist())
        return np.array([max(pair) for pair in pairs], np.float64)

    def met(self, one: int, other: int) -> None:
        self._together[one][other] = self._together[one].get(other, 0.0) + 1
        self._together[other][one] = self._together[other].get(one, 0.0) + 1

    def helpers_of(self, asker: int, at: float, members: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """For each member: topics of the asker that he answered, all and faded (half-life 90 days)."""
        return _columns(self._helped_by.get(asker, {}), at, members)

    def askers_helped_by(self, helper: int, at: float, members: NDArray[np.intp]) -> tuple[Floats, Floats]:
        return _columns(self._helped.get(helper, {}), at, members)

    def together(self, member: int, members: NDArray[np.intp]) -> Floats:
        met = self._together.get(member, {})
        return np.array([met.get(int(other), 0.0) for other in members])

    def closest(self, asker: int, count: int) -> list[int]:
        """Those who answered this asker most often."""
        found = self._helped_by.get(asker, {})
        return sorted(found, key=lambda helper: -found[helper][1])[:count]


def _columns(
    found: dict[int, tuple[float, float, float]], at: float, members: NDArray[np.intp]
) -> tuple[Floats, Floats]:
    plain, faded = np.zeros(len(members)), np.zeros(len(members))
    for place, member in enumerate(members):
        entry = found.get(int(member))
        if entry is not None:
            plain[place] = entry[0]
            faded[place] = entry[1] * 2 ** (-(at - entry[2]) / HALF_LIFE)
    return plain, faded
