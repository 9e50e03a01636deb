"""What time it is, for every process of one installation: the real time, or a time that a demo or a test moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Anything that knows the time, aware and in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """A time that stands still until it is moved; for tests and for replays within one process."""

    def __init__(self, start: datetime) -> None:
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def set(self, moment: datetime) -> None:
        """Jump to a time, forwards or backwards."""
        self._now = moment.astimezone(UTC)

    def move(self, stretch: timedelta) -> datetime:
        """Let a stretch of time pass at once; gives the new time."""
        self._now += stretch
        return self._now


class FileClock:
    """A time shared by processes through one line in a file: `offset SECONDS` or `frozen 2026-11-22T23:07:35.826Z`.

    The sandbox forum writes the same line, so that forum, web process and worker live at one time and a day passes
    without anybody waiting. A missing or unreadable file means the machine's own time.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        real = datetime.now(UTC)
        try:
            kind, _, value = self._path.read_text(encoding="utf-8").strip().partition(" ")
            if kind == "frozen":
                return datetime.fromisoformat(value).astimezone(UTC)
            if kind == "offset":
                return real + timedelta(seconds=float(value))
        except (OSError, ValueError, OverflowError):
            return real
        return real

    def move(self, stretch: timedelta) -> datetime:
        """Let a stretch of time pass at once, for all who read this file; gives the new time."""
        now = self.now() + stretch
        frozen = self._kind() == "frozen"
        offset = (now - datetime.now(UTC)).total_seconds()
        self._write(f"frozen {now.isoformat()}" if frozen else f"offset {offset}")
        return now

    def freeze(self, at: datetime) -> None:
        """Stand still at a time."""
        self._write(f"frozen {at.astimezone(UTC).isoformat()}")

    def _kind(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8").partition(" ")[0]
        except OSError:
            return ""

    def _write(self, line: str) -> None:
        fresh = self._path.with_name(self._path.name + ".new")
        fresh.write_text(line + "\n", encoding="utf-8")
        fresh.replace(self._path)


def clock_from(path: Path | None) -> Clock:
    """The clock of an installation: the shared file where one is configured, else the machine's."""
    return SystemClock() if path is None else FileClock(path)
