"""Threads that run plugins' inline handlers: few, for all requests together, and never waited for beyond their time.

A handler that ends too late is let go: its result is dropped, its database connection interrupted, and another thread
takes its thread's place, so that none that hangs can use them up.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, Literal

Outcome = Literal["ended", "late", "crowded"]


class Turn:
    """One call on its way: `value` or `error` once it has ended."""

    def __init__(self, call: Callable[["Turn"], Any]) -> None:
        self._call = call
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._over = threading.Event()
        self._started_at = 0.0
        self._stop: Callable[[], None] | None = None
        self.state: Literal["waiting", "running", "over"] = "waiting"
        self.taken_back = False
        self.value: Any = None
        self.error: Exception | None = None

    def run(self) -> None:
        """Make the call, in a thread of the crew; nothing where it was taken back meanwhile."""
        with self._lock:
            if self.taken_back:
                return
            self._started_at = time.monotonic()
            self.state = "running"
        self._begun.set()
        try:
            self.value = self._call(self)
        except Exception as error:  # noqa: BLE001 -- a plugin may raise anything
            self.error = error
        with self._lock:
            self.state = "over"
        self._over.set()

    def stop_with(self, stop: Callable[[], None] | None) -> None:
        """What interrupts the call; None again before what it stops is given to somebody else."""
        with self._lock:
            self._stop = stop

    def wait(self, patience: float, until: float) -> Outcome:
        """How the call ended: within `patience` seconds of its start, begun by `until` on the monotonic clock."""
        begun = self._begun.wait(max(0.0, until - time.monotonic()))
        if begun and self._over.wait(max(0.0, self._started_at + patience - time.monotonic())):
            return "ended"
        with self._lock:
            if self.state == "over":
                return "ended"
            self.taken_back = True
            if self._stop is not None:
                self._stop()
            return "crowded" if self.state == "waiting" else "late"


class Crew:
    """A number of threads for turns; they start with the first turn and end with the process."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._waiting: queue.SimpleQueue[Turn | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads = 0

    def hand(self, call: Callable[[Turn], Any]) -> Turn:
        """Have a call made by whoever is free; it is handed its own turn."""
        turn = Turn(call)
        with self._lock:
            while self._threads < self._size:
                self._start()
        self._waiting.put(turn)
        return turn

    def wait(self, turn: Turn, patience: float, until: float) -> Outcome:
        """See `Turn.wait`; the thread of a late turn is replaced, and ends with it."""
        outcome = turn.wait(patience, until)
        if outcome == "late":
            with self._lock:
                self._start()
        return outcome

    def close(self) -> None:
        """Let all threads end after what they are doing."""
        with self._lock:
            for _ in range(self._threads):
                self._waiting.put(None)

    def _start(self) -> None:
        self._threads += 1
        threading.Thread(target=self._work, daemon=True, name="inline").start()

    def _work(self) -> None:
        while (turn := self._waiting.get()) is not None:
            turn.run()
            if turn.taken_back and turn.state == "over":
                break
        with self._lock:
            self._threads -= 1
