"""Keeping below the forum's limits: one bucket of 60 requests a minute is shared by every integration of a forum."""

import threading
import time
from collections.abc import Callable
from typing import Protocol

from connector.errors import ForumUnavailable
from connector.sentences import said


class Pacer(Protocol):
    """Who says when the next request may go; the host hands in one that all its processes share."""

    def take(self, urgent: bool = False) -> None:
        """Wait for a turn; urgent requests (writes) may use what is kept back from the others.

        :raises ForumUnavailable: the turn is too far off; `retry_after` says how far.
        """

    def penalize(self, seconds: float) -> None:
        """The forum said "slow down": nobody gets a turn for that long."""


class LocalPacer:
    """A token bucket within one process.

    It fills at `per_minute`, holds ten seconds' worth, and keeps a quarter of that for urgent requests. Nobody is
    made to wait longer than `longest_wait` seconds.
    """

    def __init__(
        self,
        per_minute: float = 40,
        *,
        longest_wait: float = 30,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if per_minute <= 0:
            raise ValueError("requests per minute must be above zero")
        self._rate = per_minute / 60
        self._size = max(1.0, per_minute / 6)
        self._reserve = self._size / 4 if self._size >= 4 else 0.0
        self._longest_wait = longest_wait
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._tokens = self._size
        self._filled_at = clock()
        self._closed_until = 0.0

    def take(self, urgent: bool = False) -> None:
        """See `Pacer.take`."""
        waited = 0.0
        while (wait := self._try(urgent)) > 0:
            if waited + wait > self._longest_wait:
                raise ForumUnavailable(said("queue"), wait)
            self._sleep(wait)
            waited += wait

    def penalize(self, seconds: float) -> None:
        """See `Pacer.penalize`."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + max(0.0, seconds))
            self._tokens = 0.0

    def _try(self, urgent: bool) -> float:
        """Take a token and say 0, or say how many seconds to wait before trying again."""
        with self._lock:
            now = self._clock()
            self._tokens = min(self._size, self._tokens + max(0.0, now - self._filled_at) * self._rate)
            self._filled_at = now
            needed = 1.0 if urgent else 1.0 + self._reserve
            # The tolerance is for the rounding of clocks: a wait of nothing would spin.
            if now >= self._closed_until and self._tokens >= needed - 1e-9:
                self._tokens -= 1
                return 0.0
            return max(self._closed_until - now, (needed - self._tokens) / self._rate, 0.001)


class Unpaced:
    """No pacing at all: for forums of our own (sandbox, recordings)."""

    def take(self, urgent: bool = False) -> None:
        """Go at once."""

    def penalize(self, seconds: float) -> None:
        """Nothing to remember."""
