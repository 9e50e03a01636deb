"""Is a thread heating up? From who answers whom, how fast, and how the tone of the turns moves; never about a person.

`forecast` is a pure function of the turns so far. It warns before a thread derails, and says "wait" where people are
coming back to each other by themselves.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.tension import calm, tension

State = Literal["calm", "wait", "heating"]

WINDOW = 8
"""Turns that are looked at: the last ones."""
FEWEST = 5
"""Turns before which nothing can be said."""
FROM = 0.4
"""Heat from which a thread is said to be heating: `python -m bench.heating` tells how often that is right."""
SHARP = 0.3
"""Tension from which a turn is sharp."""


@dataclass(frozen=True, slots=True)
class Heat:
    """What is to be said of a thread.

    `heat` is 0 to 1; `state` is "heating", "wait" (it was, and is calming down) or "calm". `pace` is the usual time
    between the last turns, `between` the share of the last turns that two people exchanged with each other, `sharp` how
    many different people were sharp.
    """

    heat: float
    state: State
    pace: timedelta
    between: float
    sharp: int


def forecast(turns: Sequence[Turn], attacks: Sequence[float] = ()) -> Heat:
    """What the turns so far say of the next ones. `attacks`: per turn, how surely it attacks somebody (0: unknown)."""
    places = [place for place, turn in enumerate(turns) if turn.author_id is not None]
    last = places[-WINDOW:]
    tones = [max(tension(turns[place].text), attacks[place] if place < len(attacks) else 0.0) for place in last]
    return forecast_from([turns[place] for place in last], tones, len(places))


def forecast_from(last: Sequence[Turn], tones: Sequence[float], so_far: int) -> Heat:
    """The same from the last turns with their tones already known, of so many turns so far."""
    if so_far < FEWEST or len({turn.author_id for turn in last}) < 2:
        return Heat(0.0, "calm", timedelta(), 0.0, 0)
    sharp = len({turn.author_id for turn, one in zip(last, tones, strict=True) if one >= SHARP})
    pace = _pace(last)
    between = _between(last)
    heat = _heat(tones, sharp, between, pace)
    state: State = "calm"
    if heat >= FROM:
        state = "wait" if _is_recovering(last, tones) else "heating"
    return Heat(heat, state, pace, between, sharp)


def _heat(tones: Sequence[float], sharp: int, between: float, pace: timedelta) -> float:
    """Sharp turns carry it, from several sides; a quick exchange between two adds to it, and alone means nothing."""
    weights = range(1, len(tones) + 1)
    tone = sum(weight * one for weight, one in zip(weights, tones, strict=True)) / sum(weights)
    quick = 1.0 if pace <= timedelta(minutes=30) else 0.5 if pace <= timedelta(hours=6) else 0.0
    several = min(1.0, max(0, sharp - 1) / 2)
    if not several:
        # One sharp voice is a temper, not a quarrel.
        return min(FROM / 2, tone)
    return min(1.0, tone * (1.0 + 0.4 * between + 0.3 * quick) + 0.3 * several)


def _pace(turns: Sequence[Turn]) -> timedelta:
    gaps = [max(0.0, (later.at - earlier.at).total_seconds()) for earlier, later in pairwise(turns)]
    return timedelta(seconds=median(gaps)) if gaps else timedelta()


def _between(turns: Sequence[Turn]) -> float:
    """The share of answers that went back and forth within one pair of people."""
    pairs: Counter[frozenset[int]] = Counter()
    before: Turn | None = None
    answers = 0
    for turn in turns:
        if turn.author_id is None:
            continue
        to = turn.answers if turn.answers is not None else (before.author_id if before else None)
        if to is not None and to != turn.author_id:
            pairs[frozenset((turn.author_id, to))] += 1
            answers += 1
        before = turn
    return max(pairs.values()) / answers if answers else 0.0


def _is_recovering(turns: Sequence[Turn], tones: Sequence[float]) -> bool:
    """The last turns are plain again and one of them makes a step: thanks, an excuse, agreement."""
    return max(tones[-2:]) < 0.2 and any(calm(turn.text) >= 0.5 for turn in turns[-2:])
