"""The bot's daily allowance: what the forum lets an ordinary member send, shared by urgency over all plugins."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from webhooks.house import House
from webhooks.tables import outbox

DAY = timedelta(days=1)
SHARE: Mapping[str, float] = {"now": 1.0, "normal": 0.85, "whenever": 0.6}
"""How much of a day's allowance each urgency may use up: the rest is kept for what is more urgent."""

RANK: Mapping[str, int] = {"now": 0, "normal": 1, "whenever": 2}

_KINDS: Mapping[str, tuple[str, ...]] = {
    "message": ("message", "message_group"),
    "message_group": ("message", "message_group"),
    "open_topic": ("open_topic",),
    "edit": ("edit",),
}


def limits(house: House, forum_settings: Mapping[str, Any]) -> dict[str, int]:
    """The day's limit of each limited verb: the forum's own word where it gives one, else the managers'."""
    named = {
        "message": (forum_settings.get("max_personal_messages_per_day"), house.messages_per_day),
        "open_topic": (forum_settings.get("max_topics_per_day"), house.topics_per_day),
        "edit": (forum_settings.get("max_edits_per_day"), house.edits_per_day),
    }
    found = {verb: said if isinstance(said, int) and said > 0 else own for verb, (said, own) in named.items()}
    return {**found, "message_group": found["message"]}


def used(connection: Connection, site: int, verb: str, now: datetime) -> int:
    """How many of a verb's kind were sent, or perhaps sent, within 24 hours."""
    query = select(func.count()).where(
        outbox.c.site == site, outbox.c.verb.in_(_KINDS.get(verb, (verb,))), outbox.c.first_sent_at > now - DAY,
        outbox.c.state.in_(("sent", "sending", "unsure", "undone")),
    )  # fmt: skip
    return int(connection.execute(query).scalar() or 0)


def room_at(
    connection: Connection, site: int, verb: str, urgency: str, limit: int | None, now: datetime
) -> datetime | None:
    """None where an act may go now; else when the first of the last day's acts leaves the count."""
    if limit is None or verb not in _KINDS:
        return None
    allowed = max(1, int(limit * SHARE.get(urgency, 0.85)))
    if used(connection, site, verb, now) < allowed:
        return None
    oldest = select(func.min(outbox.c.first_sent_at)).where(
        outbox.c.site == site, outbox.c.verb.in_(_KINDS[verb]), outbox.c.first_sent_at > now - DAY,
        outbox.c.state.in_(("sent", "sending", "unsure", "undone")),
    )  # fmt: skip
    return (connection.execute(oldest).scalar() or now) + DAY


def summary(
    connection: Connection, site: int, house: House, forum_settings: Mapping[str, Any], now: datetime
) -> list[dict[str, Any]]:
    """For the console: each limited verb with its limit, what was used within 24 hours, and what waits for room."""
    waiting = select(func.count()).where(
        outbox.c.site == site, outbox.c.state.in_(("due", "retry")), outbox.c.note == "allowance"
    )
    rows = []
    for verb, limit in limits(house, forum_settings).items():
        if verb == "message_group":
            continue
        kinds = _KINDS[verb]
        count = connection.execute(waiting.where(outbox.c.verb.in_(kinds))).scalar() or 0
        rows.append({"verb": verb, "limit": limit, "used": used(connection, site, verb, now), "waiting": int(count)})
    return rows
