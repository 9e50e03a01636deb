"""A lock that many may hold together to look, and one alone to change; who changes goes before who comes later."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class SharedLock:
    """Never to be taken a second time by whoever holds it."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._count = threading.Condition()
        self._looking = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Look, beside others who do."""
        with self._turn, self._count:
            self._looking += 1
        try:
            yield
        finally:
            with self._count:
                self._looking -= 1
                self._count.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Change: wait until nobody looks any more, and let nobody begin meanwhile."""
        with self._turn:
            with self._count:
                self._count.wait_for(lambda: not self._looking)
            yield
