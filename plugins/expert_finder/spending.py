"""Spend each person's weekly budget of suggestions where it matters most, rather than first come, first served.

Each suggestion of a person has a price: what the least useful of the uses still left until Sunday would have brought,
judged by the questions of the last weeks (an online assignment by dual prices, as in Devanur and Hayes 2009). A
person is named when his chance to be the one who helps exceeds the price; a place may stay empty.
"""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.fading import Floats
from plugins.expert_finder.past import WEEK
from plugins.expert_finder.weeks import week_end

REMEMBERED = 80
FIRM = 0.9
"""How much of the estimated price is asked: below 1, since tomorrow's questions are a guess."""
CONSIDERED = 40


class Spending:
    """Budgets from Monday to Sunday, and the gains that the last questions offered."""

    def __init__(self, cap: int = 3, firm: float = FIRM) -> None:
        self.cap = cap
        self._firm = firm
        self._week = 0.0
        self._uses: dict[int, int] = defaultdict(int)
        self._past: deque[tuple[float, Mapping[int, float]]] = deque(maxlen=REMEMBERED)

    def used(self, member: int, at: float) -> int:
        """Suggestions of this member so far in the week of `at`."""
        return self._uses.get(member, 0) if week_end(at) == self._week else 0

    def spend(self, member: int, at: float) -> None:
        if week_end(at) != self._week:
            self._week = week_end(at)
            self._uses.clear()
        self._uses[member] += 1

    def choose(self, at: float, ids: Sequence[int], chances: Floats, slots: int) -> list[int]:
        """Whom to name, best first: places in `ids`. Remembers the question; `spend` is the caller's."""
        order = np.argsort(-chances, kind="stable")[:CONSIDERED]
        left = {int(ids[place]): self.cap - self.used(int(ids[place]), at) for place in order}
        free = np.array([uses > 0 for uses in left.values()], bool)
        prices = np.array(list(self.prices(at, left).values()))
        chosen = _greedy(chances[order], prices, free, slots)
        self._past.append((at, _gains([int(ids[place]) for place in order], chances[order], chosen, slots)))
        return [int(order[place]) for place in chosen]

    def prices(self, at: float, left: Mapping[int, float]) -> dict[int, float]:
        """By member, what naming him now must bring: in the unit of chances, from the uses he has left this week.

        The price of a member's last `n` uses is what the `n`th best of the questions still to come is expected to
        gain from him, when questions come at random times (Poisson) and are like those remembered.
        """
        ahead = self._rate(at) * (week_end(at) - at) / WEEK
        if ahead <= 0:
            return dict.fromkeys(left, 0.0)
        offered = np.array([[gains.get(member, 0.0) for member in left] for _, gains in self._past])
        offered = -np.sort(-offered, axis=0)
        steps = offered - np.vstack([offered[1:], np.zeros(len(left))])
        better = ahead * np.arange(1, len(offered) + 1) / len(offered)
        worth = (
            self._firm * float(_at_least(int(uses), better) @ steps[:, place])
            for place, uses in enumerate(left.values())
        )
        return dict(zip(left, worth, strict=True))

    def _rate(self, at: float) -> float:
        """Questions a week: the mean of the remembered ones and of the last four weeks."""
        if len(self._past) < 10:
            return 0.0
        whole = len(self._past) / (max(at - self._past[0][0], WEEK / 7) / WEEK)
        lately = sum(when > at - 4 * WEEK for when, _ in self._past) / 4
        return min(whole, (whole + lately) / 2)


def _at_least(count: int, expected: Floats) -> Floats:
    """The chance of at least `count` events where so many are expected (Poisson)."""
    term = np.exp(-expected)
    fewer = np.zeros(len(expected))
    for number in range(count):
        fewer += term
        term = term * expected / (number + 1)
    return 1.0 - fewer


def _greedy(chances: Floats, prices: Floats, free: NDArray[np.bool_], slots: int) -> list[int]:
    chosen: list[int] = []
    missed = 1.0
    for _ in range(slots):
        worth = np.where(free, missed * chances - prices, -np.inf)
        worth[chosen] = -np.inf
        if not len(worth) or worth.max() <= 0:
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
