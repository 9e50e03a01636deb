"""A pile-on: many different people, in a short time, against one. Each post may be harmless; together they weigh.

A pure function of the turns; it counts people within one thread and remembers nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.tension import tension

WITHIN = timedelta(hours=48)
MANY = 4
"""Different people against one, from which it is a pile-on."""
SHARP = 0.3


@dataclass(frozen=True, slots=True)
class PileOn:
    """How many different people turned sharply on one member within two days, of how many who answered him."""

    people: int
    answered: int

    @property
    def sure(self) -> float:
        """From 0 to 1: by the number of people, and by how many of those who answer are sharp."""
        if self.people < MANY:
            return 0.0
        return min(0.95, 0.5 + 0.1 * (self.people - MANY) + 0.3 * self.people / max(1, self.answered))


def pile_on_one(turns: Sequence[Turn], attacks: Sequence[float] = ()) -> PileOn:
    """The heaviest one among the turns of the last two days before the newest one."""
    if not turns:
        return PileOn(0, 0)
    end = turns[-1].at
    sharp: dict[int, set[int]] = {}
    all_of: dict[int, set[int]] = {}
    opener = turns[0].author_id
    for place, turn in enumerate(turns):
        if turn.author_id is None or turn.at < end - WITHIN:
            continue
        to = turn.answers if turn.answers is not None else opener
        if to is None or to == turn.author_id:
            continue
        tone = max(tension(turn.text), attacks[place] if place < len(attacks) else 0.0)
        all_of.setdefault(to, set()).add(turn.author_id)
        if tone >= SHARP:
            sharp.setdefault(to, set()).add(turn.author_id)
    if not sharp:
        return PileOn(0, 0)
    one = max(sharp, key=lambda member: (len(sharp[member]), -member))
    return PileOn(len(sharp[one]), len(all_of[one]))
