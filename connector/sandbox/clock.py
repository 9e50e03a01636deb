"""The sandbox's own time: real, moved ahead, or standing still, so that days pass without anybody waiting."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path


def stamp(moment: datetime) -> str:
    """A time as Discourse writes it: ``2026-11-22T23:07:35.826Z`` (text in this form sorts like the times)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def moment(text: str) -> datetime:
    """The time that `stamp` wrote."""
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class SandboxClock:
    """Call it to know the time. `move` adds a stretch of time, `freeze` stops it, `run` lets it go on from there.

    With `mirror`, a path, every change is also written there as `{offset or frozen time}` in one line of text
    (``offset 86400.0`` or ``frozen 2026-11-22T23:07:35.826Z``), so that another process may share this time.
    """

    def __init__(self, start: datetime | None = None, *, mirror: Path | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        self._frozen = start
        self._mirror = mirror
        self._tell()

    def __call__(self) -> datetime:
        with self._lock:
            return self._frozen or datetime.now(UTC) + self._offset

    now = __call__

    def stamp(self) -> str:
        """The time now as Discourse writes it."""
        return stamp(self())

    def move(self, stretch: timedelta) -> datetime:
        """Let a stretch of time pass at once; gives the new time."""
        with self._lock:
            if self._frozen is not None:
                self._frozen += stretch
            else:
                self._offset += stretch
        self._tell()
        return self()

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stand still, at the given time or where it is."""
        fixed = at or self()
        with self._lock:
            self._frozen = fixed
        self._tell()
        return fixed

    def run(self) -> None:
        """Go on from where it stands, at the pace of real time."""
        here = self()
        with self._lock:
            self._offset = here - datetime.now(UTC)
            self._frozen = None
        self._tell()

    def _tell(self) -> None:
        if self._mirror is None:
            return
        with self._lock:
            text = f"frozen {stamp(self._frozen)}" if self._frozen else f"offset {self._offset.total_seconds()}"
        fresh = self._mirror.with_suffix(".new")
        fresh.write_text(text + "\n", encoding="utf-8")
        fresh.replace(self._mirror)
