"""The door to the managers' desk: what they decided about a plugin's acts, and how far the plugin may go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Judged = Literal["approved", "edited", "declined", "undone", "right", "wrong"]
Reach = Literal["off", "watch", "propose", "act"]


@dataclass(frozen=True, slots=True)
class Decision:
    """What a manager decided about one act, known by its `once`; `who` is a username, `reason` what was said to it.

    `right` and `wrong` are the answers to "was this right?" when an alert was closed.
    """

    once: str
    verb: str
    judged: Judged
    who: str
    at: datetime
    rule: str = ""
    category_id: int | None = None
    topic_id: int | None = None
    reason: str = ""


class DeskDoor(Protocol):
    """What managers decided about this plugin's acts. A mode rises by a human's hand only, and is logged with the hand.

    `rule` is what a handler gave its acts. However high a mode is set, the host keeps to each handler's ceiling and to
    "propose" for words about conduct.
    """

    @property
    def by(self) -> str:
        """The username of the manager who opened a page of this plugin in the console, or sent its form; else ""."""

    @property
    def lang(self) -> str:
        """The language in which that manager reads, for what a form answers; "" where nobody is at a page."""

    def decisions(self, since: datetime) -> Sequence[Decision]:
        """Managers' decisions about this plugin's acts from a time on, oldest first."""

    def mode(self, category_id: int | None = None, rule: str = "") -> Reach:
        """How far this plugin may go there."""

    def hindrance(self) -> str:
        """What keeps the plugin in watch (a page not published, cases not looked at), as a sentence; "": nothing."""

    def set_mode(self, mode: Reach, *, category_id: int | None = None, rule: str = "") -> None:
        """Set the mode of a rule, of a category, or of a rule there; never of the whole plugin.

        Lower: at any time. Higher: only where the form of a manager of the whole forum leads to it.

        :raises PermissionError: nobody's hand is in it, the manager may not, or the context only reads.
        """
