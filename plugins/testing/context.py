"""What a handler is handed on the bench: `Context`, or for inline handlers the same without a way to write."""

import shutil
import tempfile
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from plugins.doors import Context, ForumDoor, InlineContext, Say
from plugins.settings import apply_overrides
from plugins.testing.acts import BenchForum
from plugins.testing.archive import BenchArchive
from plugins.testing.calendar import BenchCalendar
from plugins.testing.consent import BenchConsent, BenchLog, BenchShared
from plugins.testing.desk import BenchDesk


class Folder:
    """A plugin's own folder, made when first asked for and gone with the bench."""

    def __init__(self) -> None:
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="bench-"))
            weakref.finalize(self, shutil.rmtree, self._path, ignore_errors=True)
        return self._path


@dataclass(frozen=True, slots=True)
class BenchInlineContext:
    """`plugins.doors.InlineContext`: it has no `forum`, so an inline handler that tries to write fails at once."""

    site: int
    archive: BenchArchive
    calendar: BenchCalendar
    shared: BenchShared
    consent: BenchConsent
    desk: BenchDesk
    settings: Any
    db: Session
    say: Say
    now: datetime
    log: BenchLog
    folder: Folder
    overrides: Mapping[int, Mapping[str, Any]]

    @property
    def data_dir(self) -> Path:
        return self.folder.path

    def settings_for(self, category_id: int | None) -> Any:
        chosen = self.overrides.get(category_id) if category_id is not None else None
        return apply_overrides(self.settings, chosen) if chosen else self.settings


@dataclass(frozen=True, slots=True)
class BenchContext(BenchInlineContext):
    """`plugins.doors.Context`: all a handler may touch."""

    forum: BenchForum


def conforming(context: BenchContext, inline: BenchInlineContext) -> tuple[Context, InlineContext]:
    """The type checker proves here that the bench offers just what the protocols promise."""
    door: Callable[[], ForumDoor] = lambda: context.forum  # noqa: E731 -- only its type matters
    del door
    return context, inline
