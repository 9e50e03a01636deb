"""The doors to the house itself: its calendar, what plugins share, what members are told and what they agreed to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from plugins.blocks import Anchor
from plugins.doors.facts import Answer


class CalendarDoor(Protocol):
    """The site's one working calendar: weekends, holidays, closures, time zone."""

    @property
    def zone(self) -> str:
        """The site's time zone, `Europe/Paris` for instance."""

    def is_working(self, moment: datetime) -> bool:
        """Whether people are at work at this moment."""

    def is_working_day(self, day: date) -> bool:
        """Neither weekend, nor holiday, nor closure."""

    def add_working(self, start: datetime, hours: float) -> datetime:
        """The moment after so many working hours."""

    def working_hours(self, start: datetime, end: datetime) -> float:
        """Working hours between two moments."""

    def next_working(self, moment: datetime) -> datetime:
        """The moment itself if people work then, else the next one at which they do."""

    def managers_on_duty(self, moment: datetime) -> Sequence[str]:
        """Usernames of the managers who answer for the forum at this moment; empty: nobody."""


class SharedDoor(Protocol):
    """What other plugins publish under a name (the charter, say); None where they are off."""

    def get(self, name: str) -> Any | None:
        """What was published under a name; None where its plugin is off."""

    def publish(self, name: str, value: Any) -> None:
        """Publish a value for other plugins."""


class Say(Protocol):
    """A text in that member's language and the forum's voice. `member` may be an id, or a language code."""

    def __call__(self, key: str, member: int | str | None = None, /, **values: Any) -> str: ...


class ConsentDoor(Protocol):
    """What members have said about being named or written to; kept by the host, so that every plugin honours it."""

    def opted_out(self, member_id: int, *, topic: str | None = None) -> bool:
        """The member said no: to this plugin, or to this subject."""

    def agreed(self, member_id: int) -> bool:
        """The member agreed once to be named in public by this plugin."""

    def away_until(self, member_id: int) -> datetime | None:
        """Until when the member said to be away; None: here."""

    def attention_left(self, member_id: int) -> int:
        """How many messages of any plugin this member may still get this week."""

    def feedback_links(self, once: str, member_id: int, answers: Sequence[str] = ()) -> str:
        """A short line of signed links (useful · not useful · not now · never for me) to put under a text."""

    def feedback_anchors(self, once: str, member_id: int, answers: Sequence[Answer]) -> tuple[Anchor, ...]:
        """The same links for a member's card on `/me`, in the order of `answers`: cells of a `Table`."""
