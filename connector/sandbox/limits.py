"""How often one may: the shared bucket of API keys, and what the forum remembers of the last two minutes."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

MEMORY = timedelta(seconds=120)
"""How long an equal creating call gives the first call's answer (discourse.md 4.1)."""


@dataclass
class Limits:
    """Counters in memory: a restart empties them, as restarting a real forum's Redis would."""

    _buckets: dict[str, list[datetime]] = field(default_factory=dict)
    _memory: dict[str, tuple[datetime, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, bucket: str, most: int, within: timedelta, now: datetime) -> int:
        """Count one; 0 when allowed, else the seconds until the next place is free."""
        with self._lock:
            recent = [at for at in self._buckets.get(bucket, ()) if now - at < within]
            if len(recent) >= most:
                self._buckets[bucket] = recent
                return max(1, round((recent[0] + within - now).total_seconds()))
            self._buckets[bucket] = [*recent, now]
            return 0

    def remembered(self, call: str, now: datetime) -> Any | None:
        """The answer that an equal call got within the last 120 seconds."""
        with self._lock:
            at, answer = self._memory.get(call, (None, None))
            return answer if at is not None and now - at < MEMORY else None

    def remember(self, call: str, answer: Any, now: datetime) -> None:
        """Keep an answer for 120 seconds."""
        with self._lock:
            self._memory = {key: kept for key, kept in self._memory.items() if now - kept[0] < MEMORY}
            self._memory[call] = (now, answer)

    def forget(self) -> None:
        """Empty every counter and memory."""
        with self._lock:
            self._buckets.clear()
            self._memory.clear()
