"""What this process keeps in memory of the past, one an audience, for a few audiences: those last asked for."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from connector.records import Audience
from plugins.doors import ArchiveDoor, InlineContext
from plugins.expert_finder.vectors import forget_files

KEPT = 6
_LEFT = "left"
"""A file of the plugin's own folder, touched when something left the forum: what was counted before counts no more."""

T = TypeVar("T")
Key = tuple[str, int, int, frozenset[str]]


class ByAudience(Generic[T]):
    """One `T` an audience, made by `make` when first asked for; a replay's archive has its own."""

    def __init__(self, make: Callable[[Audience], T]) -> None:
        self._kept: OrderedDict[Key, tuple[ArchiveDoor, T]] = OrderedDict()
        self._make = make
        self._guard = threading.Lock()
        self._attended: set[tuple[str, int, int]] = set()

    def attended_by_a_thread(self, ctx: InlineContext) -> None:
        """From now on a thread of this process keeps everything of this forum up to date."""
        self._attended.add(_whose(ctx))

    def is_attended(self, ctx: InlineContext) -> bool:
        """Whether one does."""
        return _whose(ctx) in self._attended

    def of(self, ctx: InlineContext, audience: Audience) -> T:
        """What is kept for this audience."""
        key = (*_whose(ctx), audience.classes)
        with self._guard:
            if key not in self._kept:
                # Kept with its archive, so that no other one can be taken for it.
                self._kept[key] = (ctx.archive, self._make(Audience(audience.classes)))
            self._kept.move_to_end(key)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            return self._kept[key][1]

    def all_of(self, ctx: InlineContext) -> list[T]:
        """Everything that is kept of this forum."""
        with self._guard:
            return [found for key, (_, found) in self._kept.items() if key[:3] == _whose(ctx)]


def _whose(ctx: InlineContext) -> tuple[str, int, int]:
    return str(ctx.data_dir), ctx.site, id(ctx.archive)


def left_mark(ctx: InlineContext) -> int:
    """Changes whenever something left the forum, in all processes alike."""
    try:
        return (Path(ctx.data_dir) / _LEFT).stat().st_mtime_ns
    except OSError:
        return 0


def forget_all(ctx: InlineContext) -> None:
    """Something was deleted, moved or erased: drop the files made of the past, and what was counted, everywhere.

    The ledgers follow the archive by themselves.
    """
    folder = Path(ctx.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _LEFT).touch()
    forget_files(folder)
