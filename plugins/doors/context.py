"""What a handler may touch: all doors together."""

from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from plugins.doors.archive import ArchiveDoor
from plugins.doors.desk import DeskDoor
from plugins.doors.forum import ForumDoor
from plugins.doors.house import CalendarDoor, ConsentDoor, Say, SharedDoor


class InlineContext(Protocol):
    """What an inline handler may touch: it cannot write."""

    @property
    def site(self) -> int:
        """The forum's number in this installation: every row of a plugin's own tables carries it."""

    @property
    def archive(self) -> ArchiveDoor:
        """The forum's local memory."""

    @property
    def calendar(self) -> CalendarDoor:
        """The working calendar."""

    @property
    def shared(self) -> SharedDoor:
        """What other plugins publish."""

    @property
    def consent(self) -> ConsentDoor:
        """What members said about being named or written to."""

    @property
    def desk(self) -> DeskDoor:
        """What managers decided about this plugin's acts, and how far it may go."""

    @property
    def settings(self) -> Any:
        """The plugin's settings, an instance of its frozen dataclass."""

    @property
    def db(self) -> Session:
        """A session on the plugin's own tables, committed by the host together with the queued acts."""

    @property
    def say(self) -> Say:
        """A text of the plugin in a member's language."""

    @property
    def now(self) -> datetime:
        """The time, in UTC; there is no other clock."""

    @property
    def log(self) -> Any:
        """A structured log: `ctx.log.info("what", key=value)`."""

    @property
    def data_dir(self) -> Any:
        """A folder of the plugin's own (a `pathlib.Path`), for files it can rebuild."""

    def settings_for(self, category_id: int | None) -> Any:
        """The settings with this category's overrides applied."""


class Context(InlineContext, Protocol):
    """What a handler may touch, and all it may touch."""

    @property
    def forum(self) -> ForumDoor:
        """A few fresh reads, and writes that are queued."""
