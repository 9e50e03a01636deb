"""The ten cases from a forum's own history that a manager looks at before a plugin leaves watch."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from webhooks.facts import recall, remember

WANTED = 10


@dataclass(frozen=True, slots=True)
class Seen:
    """Who looked at a plugin's cases, and when."""

    who: str
    at: datetime


def seen(connection: Connection, site: int, plugin: str) -> Seen | None:
    """Who has looked at this plugin's cases; None where nobody has."""
    found = recall(connection, site, _name(plugin))
    return Seen(found["who"], datetime.fromisoformat(found["at"])) if isinstance(found, dict) else None


def mark_seen(connection: Connection, site: int, plugin: str, *, who: str, now: datetime) -> None:
    """Keep that this person has looked at them."""
    remember(connection, site, _name(plugin), {"who": who, "at": now.isoformat()}, now)


def _name(plugin: str) -> str:
    return f"cases-seen:{plugin}"
