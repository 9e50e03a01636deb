"""The doors a plugin may go through: protocols of what the host hands to a handler, and the facts that pass them."""

from plugins.doors.archive import ArchiveDoor
from plugins.doors.context import Context, InlineContext
from plugins.doors.desk import Decision, DeskDoor
from plugins.doors.facts import Act, Answer, Evidence, Urgency, Verdict, Viewer
from plugins.doors.forum import ForumDoor
from plugins.doors.house import CalendarDoor, ConsentDoor, Say, SharedDoor

__all__ = [
    "Act",
    "Answer",
    "ArchiveDoor",
    "CalendarDoor",
    "ConsentDoor",
    "Context",
    "Decision",
    "DeskDoor",
    "Evidence",
    "ForumDoor",
    "InlineContext",
    "Say",
    "SharedDoor",
    "Urgency",
    "Verdict",
    "Viewer",
]
