"""Who is established, so that nobody becomes an expert by talking to accounts of his own.

A reply is evidence in full when the helper or the asker is established: one of the forum's first members, or known for
a week and in exchange with three established others. Ten sock puppets who answer one another have exchanged with
nobody established, however many posts and likes they give themselves; their replies weigh next to nothing. Of those
not established, near-copies of anybody's reply do not count, replies to the same asker count once, and three replies a
day are counted.
"""

import zlib
from collections import defaultdict, deque

import numpy as np
from numpy.typing import NDArray

from plugins.expert_finder.past import DAY
from plugins.expert_finder.words import overlap

FIRST_DAYS = 60
FIRST_SHARE = 0.25
KNOWN_DAYS = 7
EXCHANGES = 3
UNKNOWN_WEIGHT = 0.1
REPLIES_A_DAY = 3
SAME = 0.8
REMEMBERED = 2_000
BITS = 512
TELLING = 5
"""Fewer different words than these are nobody's own: thanks and greetings are no copies."""


class Standing:
    def __init__(self) -> None:
        self._start: float | None = None
        self._first_seen: dict[int, float] = {}
        self._exchanged: dict[int, set[int]] = defaultdict(set)
        self._established: set[int] = set()
        self._pairs: set[tuple[int, int]] = set()
        self._today: dict[int, tuple[int, int]] = {}
        self._texts = _Texts()

    def seen(self, member: int, at: float) -> None:
        if self._start is None:
            self._start = at
        self._first_seen.setdefault(member, at)

    def established(self, member: int, at: float) -> bool:
        if member in self._established:
            return True
        first = self._first_seen.get(member, at)
        start = self._start if self._start is not None else at
        founder = first - start <= min(FIRST_DAYS * DAY, FIRST_SHARE * (at - start))
        known = at - first >= KNOWN_DAYS * DAY and len(self._exchanged[member]) >= EXCHANGES
        if founder or known:
            self._established.add(member)
        return founder or known

    def weigh(self, helper: int, asker: int, words: frozenset[str], at: float) -> float:
        """What a first reply of `helper` in a topic of `asker`, with these stems, is worth as evidence, 0 to 1."""
        helper_known, asker_known = self.established(helper, at), self.established(asker, at)
        if helper_known:
            self._texts.remember(words)
            self._exchanged[asker].add(helper)
            if asker_known:
                self._exchanged[helper].add(asker)
            return 1.0
        copied = self._texts.seen_before(words)
        self._texts.remember(words)
        if self._repeated(helper, asker, at) or copied:
            return 0.0
        if not asker_known:
            return UNKNOWN_WEIGHT
        self._exchanged[helper].add(asker)
        return 1.0

    def _repeated(self, helper: int, asker: int, at: float) -> bool:
        day, count = self._today.get(helper, (-1, 0))
        today = int(at // DAY)
        count = count + 1 if day == today else 1
        self._today[helper] = (today, count)
        again = (helper, asker) in self._pairs
        self._pairs.add((helper, asker))
        return again or count > REPLIES_A_DAY


class _Texts:
    """The words of the last replies. Every word sets one of 512 bits of its reply, so that a few machine instructions
    say of which of them a reply could be a copy; only those are compared word by word.
    """

    def __init__(self) -> None:
        self._latest: deque[frozenset[str]] = deque(maxlen=REMEMBERED)
        self._bits = np.zeros((REMEMBERED, BITS // 8), np.uint8)
        self._sizes = np.zeros(REMEMBERED)
        self._told = 0

    def seen_before(self, words: frozenset[str]) -> bool:
        """Whether one of the last replies is nearly the same."""
        if len(words) < TELLING:
            return False
        bits = _bits_of(words)
        held = len(self._latest)
        shared = np.bitwise_count(self._bits[:held].view(np.uint64) & bits.view(np.uint64)).sum(axis=1)
        # Words of one reply that set the same bit are counted once: add those that may be missing.
        most = shared + (len(words) - int(np.bitwise_count(bits).sum()))
        # |a ∩ b| / |a ∪ b| >= s is |a ∩ b| >= s / (1 + s) · (|a| + |b|).
        near = np.flatnonzero(most >= SAME / (1 + SAME) * (self._sizes[:held] + len(words)) - 1e-9)
        oldest = self._told - held
        places = ((int(row) - oldest) % REMEMBERED for row in near)
        return any(overlap(words, self._latest[place]) >= SAME for place in places)

    def remember(self, words: frozenset[str]) -> None:
        """Keep a reply's words until two thousand more have come."""
        if len(words) < TELLING:
            return
        row = self._told % REMEMBERED
        self._bits[row], self._sizes[row] = _bits_of(words), len(words)
        self._latest.append(words)
        self._told += 1


def _bits_of(words: frozenset[str]) -> NDArray[np.uint8]:
    marks = np.fromiter((zlib.crc32(word.encode()) % BITS for word in words), np.intp, len(words))
    bits = np.zeros(BITS, np.uint8)
    bits[marks] = 1
    packed: NDArray[np.uint8] = np.packbits(bits)
    return packed
