"""What this process keeps in memory of the past, one an audience; dropped whenever something left the forum.

Kept for a few audiences, the last asked for; made anew once a day, so that what left unheard leaves it too.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar, Generic, TypeVar

from connector.records import Audience
from plugins.doors import InlineContext
from plugins.expert_finder.vectors import forget_files

KEPT = 6
FRESH = 24 * 3600.0
"""Seconds after which it is made anew."""
_LEFT = "left"
"""A file of the plugin's own folder, touched when something left the forum: every process drops its memory then."""

T = TypeVar("T")
Key = tuple[str, int, frozenset[str]]


class ByAudience(Generic[T]):
    """One `T` an audience, made by `make` when first asked for."""

    every: ClassVar[list["ByAudience[Any]"]] = []

    def __init__(self, make: Callable[[InlineContext, Audience], T]) -> None:
        self.kept: OrderedDict[Key, tuple[int, float, T]] = OrderedDict()
        self._make = make
        self._guard = threading.Lock()
        self.every.append(self)

    def of(self, ctx: InlineContext, audience: Audience) -> T:
        """What is kept for this audience, made anew where it is a day old or something left since."""
        key, mark = (str(ctx.data_dir), ctx.site, audience.classes), left_mark(ctx)
        with self._guard:
            found = self.kept.get(key)
            if found is None or found[0] != mark or time.monotonic() - found[1] > FRESH:
                found = self.kept[key] = (mark, time.monotonic(), self._make(ctx, audience))
            self.kept.move_to_end(key)
            while len(self.kept) > KEPT:
                self.kept.popitem(last=False)
            return found[2]

    def drop(self, ctx: InlineContext) -> None:
        """Forget everything of this forum."""
        with self._guard:
            for key in [key for key in self.kept if key[:2] == (str(ctx.data_dir), ctx.site)]:
                del self.kept[key]


def left_mark(ctx: InlineContext) -> int:
    """Changes whenever something left the forum, in all processes alike."""
    try:
        return (Path(ctx.data_dir) / _LEFT).stat().st_mtime_ns
    except OSError:
        return 0


def forget_all(ctx: InlineContext) -> None:
    """Something was deleted, moved or erased: drop the past in memory, here and in every other process."""
    folder = Path(ctx.data_dir)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _LEFT).touch()
    forget_files(folder)
    for one in ByAudience.every:
        one.drop(ctx)
