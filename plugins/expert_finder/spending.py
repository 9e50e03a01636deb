"""Spend each person's weekly budget of suggestions where it matters most, rather than first come, first served.

Each suggestion of a person has a price: what the least useful of the uses still left this week would have brought,
judged by the questions of the last weeks (an online assignment by dual prices, as in Devanur and Hayes 2009). A
person is named when his chance to be the one who helps exceeds the price; a place may stay empty.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.past import WEEK

REMEMBERED = 60
FIRM = 0.75
"""How much of the estimated price is asked: below 1, since tomorrow's questions are a guess."""
CONSIDERED = 40


class Spending:
    """Budgets over any seven days, and the gains that the last questions offered."""

    def __init__(self, cap: int = 3, firm: float = FIRM) -> None:
        self.cap = cap
        self._firm = firm
        self._uses: dict[int, list[float]] = defaultdict(list)
        self._past: deque[tuple[float, Mapping[int, float]]] = deque(maxlen=REMEMBERED)

    def used(self, member: int, at: float) -> int:
        """Suggestions of this member in the seven days before `at`."""
        uses = [when for when in self._uses[member] if when > at - WEEK]
        self._uses[member] = uses
        return len(uses)

    def spend(self, member: int, at: float) -> None:
        self._uses[member].append(at)

    def choose(self, at: float, ids: Sequence[int], chances: Floats, slots: int) -> list[int]:
        """Whom to name, best first: places in `ids`. Remembers the question; `spend` is the caller's."""
        order = np.argsort(-chances, kind="stable")[:CONSIDERED]
        free = np.array([self.used(int(ids[place]), at) < self.cap for place in order], bool)
        prices = self.prices(at, {int(ids[place]): self._left(int(ids[place]), at) for place in order})
        chosen = _greedy(chances[order], np.array(list(prices.values())), free, slots)
        self._past.append((at, _gains([int(ids[place]) for place in order], chances[order], chosen, slots)))
        return [int(order[place]) for place in chosen]

    def _rate(self, at: float) -> float:
        """Questions a week: the mean of the remembered ones and of the last four weeks."""
        if len(self._past) < 10:
            return 0.0
        whole = len(self._past) / (max(at - self._past[0][0], WEEK / 7) / WEEK)
        lately = sum(when > at - 4 * WEEK for when, _ in self._past) / 4
        return min(whole, (whole + lately) / 2)

    def prices(self, at: float, left: Mapping[int, float]) -> dict[int, float]:
        """By member, what naming him now must bring: in the unit of chances, from the uses he has left this week."""
        rate = self._rate(at)
        return {member: self._firm * self._price(member, uses, rate) for member, uses in left.items()}

    def _left(self, member: int, at: float) -> float:
        """Uses left in the seven days ahead: those free now, and those that come back, by how soon they do."""
        free = self.cap - self.used(member, at)
        return free + sum((at - when) / WEEK for when in self._uses[member])

    def _price(self, member: int, left: float, rate: float) -> float:
        place = int(left / rate * len(self._past)) if rate > 0 else len(self._past)
        if place >= len(self._past):
            return 0.0
        offered = sorted((gains.get(member, 0.0) for _, gains in self._past), reverse=True)
        return offered[place]


def _greedy(chances: Floats, prices: Floats, free: NDArray[np.bool_], slots: int) -> list[int]:
    chosen: list[int] = []
    missed = 1.0
    for _ in range(slots):
        worth = np.where(free, missed * chances - prices, -np.inf)
        worth[chosen] = -np.inf
        if not len(worth) or worth.max() < 0:
            break  # a place left empty costs less than a name that will be missed later this week
        best = int(np.argmax(worth))
        chosen.append(best)
        missed *= 1 - chances[best]
    return chosen


def _gains(ids: list[int], chances: Floats, chosen: list[int], slots: int) -> dict[int, float]:
    """What each candidate would have added to this question's chance of being met."""
    taken = chances[chosen]
    met = 1 - float(np.prod(1 - taken)) if len(taken) else 0.0
    rest = float(np.prod(1 - np.delete(taken, np.argmin(taken)))) if len(taken) == slots else 1 - met
    gains = {}
    for place, member in enumerate(ids):
        if place in chosen:
            others = np.delete(taken, chosen.index(place))
            gains[member] = float(np.prod(1 - others) * chances[place])
        else:
            gains[member] = max(0.0, rest * float(chances[place]) - (met - (1 - rest)))
    return gains
