"""What can be made to go wrong with the sandbox forum, on purpose."""

import re
import threading
from dataclasses import asdict, dataclass, field
from typing import Any

KINDS = (
    "too_many",
    "too_many_search",
    "too_many_address",
    "error_before",
    "error_after",
    "cut_before",
    "cut_after",
    "html",
    "html_after",
    "down",
    "slow",
)
"""`too_many…`: the three shapes of 429. `error_before`: 502 before anything is done; `error_after`: 500 although it was
done; `cut_…`: the connection ends without an answer; `html`: a page instead of JSON; `down`: 503 page of a proxy;
`slow`: waits `seconds` first."""


@dataclass
class Fault:
    """One fault: its kind, for which calls (method, or "*"; a regular expression on the path), how often (None:
    always).
    """

    kind: str
    method: str = "*"
    path: str = ""
    times: int | None = 1
    seconds: float = 1.0
    hits: int = 0

    def meets(self, method: str, path: str) -> bool:
        """Whether this call is concerned."""
        return self.method in ("*", method) and re.search(self.path, path) is not None


@dataclass
class Faults:
    """The faults now switched on."""

    active: list[Fault] = field(default_factory=list)
    lose_hooks: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self, kind: str, *, method: str = "*", path: str = "", times: int | None = 1, seconds: float = 1.0
    ) -> Fault:
        """Switch a fault on, for the next `times` calls that it concerns; ValueError for an unknown kind."""
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(KINDS)}")
        re.compile(path)
        fault = Fault(kind, method.upper(), path, times, seconds)
        with self._lock:
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        """All is well again."""
        with self._lock:
            self.active.clear()
            self.lose_hooks = False

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this call meets, counted; None when it goes through."""
        with self._lock:
            for fault in self.active:
                if not fault.meets(method, path):
                    continue
                fault.hits += 1
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.active.remove(fault)
                return fault
        return None

    def state(self) -> list[dict[str, Any]]:
        """The faults as JSON."""
        with self._lock:
            return [asdict(fault) for fault in self.active]
