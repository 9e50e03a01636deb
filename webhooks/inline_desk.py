"""What one web process keeps for help beside texts: its threads, its limits, its signed words, and who is left out."""

import math
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from webhooks.config import Config
from webhooks.inline_crew import Crew, Turn
from webhooks.inline_signing import Seals

MISSES = 5
"""So many late or failed runs in a row leave a handler out."""
LEFT_OUT_FOR = timedelta(minutes=1)
_MINUTE = 60.0
MOST_HANGING = 2
"""So many runs of one handler that have not ended leave it out, until one does."""


@dataclass
class _Record:
    misses: int = 0
    out_until: datetime | None = None


class Breaker:
    """Leaves out for a minute whatever keeps missing its time, then tries it again, once."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records: dict[str, _Record] = defaultdict(_Record)
        self._hanging: dict[str, list[Turn]] = defaultdict(list)

    def lets(self, name: str) -> bool:
        """Whether this handler may run now."""
        with self._lock:
            self._hanging[name] = [turn for turn in self._hanging[name] if turn.state != "over"]
            if len(self._hanging[name]) >= MOST_HANGING:
                return False
            record = self._records[name]
            if record.out_until is None:
                return True
            if self._clock() < record.out_until:
                return False
            # One more try: where it misses again, it is out again at once.
            record.out_until, record.misses = None, MISSES - 1
            return True

    def kept_time(self, name: str) -> None:
        """It ended in time."""
        with self._lock:
            self._records[name].misses = 0

    def missed(self, name: str, turn: Turn | None = None) -> bool:
        """It failed, or is late (`turn` may still run); True where this leaves it out."""
        with self._lock:
            record = self._records[name]
            record.misses += 1
            if turn is not None:
                self._hanging[name].append(turn)
            if record.misses < MISSES:
                return False
            record.out_until = self._clock() + LEFT_OUT_FOR
            return True


class Limits:
    """So many requests within any minute for each member or address."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked: dict[str, deque[float]] = {}
        self._swept_at = 0.0

    def wait(self, whose: str, per_minute: int) -> int:
        """0 where one more is allowed, which is then counted; else the seconds until the next one is."""
        now = time.monotonic()
        with self._lock:
            self._sweep(now)
            asked = self._asked.setdefault(whose, deque())
            while asked and asked[0] <= now - _MINUTE:
                asked.popleft()
            if len(asked) < per_minute:
                asked.append(now)
                return 0
            return max(1, math.ceil(asked[0] + _MINUTE - now))

    def _sweep(self, now: float) -> None:
        """Forget, once a minute, whoever has not asked for one."""
        if now - self._swept_at < _MINUTE:
            return
        self._swept_at = now
        self._asked = {whose: asked for whose, asked in self._asked.items() if asked and asked[-1] > now - _MINUTE}


class Desk:
    """All of it, for one installation's web process."""

    def __init__(self, config: Config, clock: Callable[[], datetime]) -> None:
        self.crew = Crew(config.threads)
        self.breaker = Breaker(clock)
        self.limits = Limits()
        self.seals = Seals(config)
        self.patience = config.inline_patience
        self.ready: dict[str, tuple[int, int]] = {}
        """By plugin, how much of what its answers stand on is there, of how much."""
