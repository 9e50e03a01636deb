"""Pause everything: one switch over all plugins. What happens on the forum is still remembered; nothing is sent."""

from datetime import datetime

from sqlalchemy import Connection

from webhooks.facts import recall, remember
from webhooks.settings_store import HOST, record

_NAME = "paused"


def pause(connection: Connection, site: int, who: str, now: datetime) -> bool:
    """Stop everything from being sent; False where it was stopped already."""
    return _set(connection, site, True, who, now)


def resume(connection: Connection, site: int, who: str, now: datetime) -> bool:
    """Go on; what waited is checked anew before it is sent. False where nothing was stopped."""
    return _set(connection, site, False, who, now)


def is_paused(connection: Connection, site: int) -> bool:
    """Whether everything is paused."""
    return bool(recall(connection, site, _NAME))


def _set(connection: Connection, site: int, paused: bool, who: str, now: datetime) -> bool:
    before = is_paused(connection, site)
    if before == paused:
        return False
    remember(connection, site, _NAME, {"who": who} if paused else None, now)
    record(connection, site, HOST, _NAME, before, paused, who=who, now=now)
    return True
