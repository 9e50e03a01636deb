"""Who is established, so that nobody becomes an expert by talking to accounts of his own.

A reply is evidence in full when the helper or the asker is established: one of the forum's first members, or known for
a week and in exchange with three established others. Ten sock puppets who answer one another have exchanged with
nobody established, however many posts and likes they give themselves; their replies weigh next to nothing. Of those
not established, near-copies of anybody's reply do not count, replies to the same asker count once, and three replies a
day are counted.
"""

import zlib
from collections import defaultdict, deque

from plugins.expert_finder.past import DAY
from plugins.expert_finder.words import overlap, stems

FIRST_DAYS = 60
FIRST_SHARE = 0.25
KNOWN_DAYS = 7
EXCHANGES = 3
UNKNOWN_WEIGHT = 0.1
REPLIES_A_DAY = 3
SAME = 0.8
REMEMBERED = 2_000
MARKS = 3
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

    def weigh(self, helper: int, asker: int, text: str, at: float) -> float:
        """What a first reply of `helper` in a topic of `asker` is worth as evidence, 0 to 1."""
        helper_known, asker_known = self.established(helper, at), self.established(asker, at)
        copied = self._texts.seen_before(frozenset(stems(text[:1500])))
        if helper_known:
            self._exchanged[asker].add(helper)
            if asker_known:
                self._exchanged[helper].add(asker)
            return 1.0
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
    """The words of the last replies, found again by the few of them that hash lowest (a MinHash, Broder 1997)."""

    def __init__(self) -> None:
        self._latest: deque[frozenset[str]] = deque()
        self._by_mark: dict[int, list[frozenset[str]]] = defaultdict(list)

    def seen_before(self, words: frozenset[str]) -> bool:
        """Whether one of the last replies is nearly the same; this one is remembered."""
        if len(words) < TELLING:
            return False
        marks = _marks(words)
        found = any(overlap(words, other) >= SAME for mark in marks for other in self._by_mark.get(mark, ()))
        self._latest.append(words)
        for mark in marks:
            self._by_mark[mark].append(words)
        if len(self._latest) > REMEMBERED:
            self._forget(self._latest.popleft())
        return found

    def _forget(self, words: frozenset[str]) -> None:
        for mark in _marks(words):
            self._by_mark[mark].remove(words)
            if not self._by_mark[mark]:
                del self._by_mark[mark]


def _marks(words: frozenset[str]) -> list[int]:
    return sorted(zlib.crc32(word.encode()) for word in words)[:MARKS]
