"""The ten cases from a forum's own history that a manager looks at before a plugin leaves watch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete

from webhooks.facts import recall, remember
from webhooks.replay import ReplayedAct
from webhooks.tables import facts

WANTED = 10
_KEPT = "cases:"


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


def keep(connection: Connection, site: int, plugin: str, acts: Sequence[ReplayedAct], now: datetime) -> None:
    """Keep ten of a replay's acts, spread evenly over its time, for the manager to look at."""
    step = max(1, len(acts) / WANTED)
    chosen = [acts[int(place * step)] for place in range(min(WANTED, len(acts)))]
    rows = [
        {"at": one.at.isoformat(), "verb": one.verb, "topic": one.topic_id, "title": one.title, "text": one.text,
         "why": one.why}
        for one in chosen
    ]  # fmt: skip
    remember(connection, site, f"{_KEPT}{plugin}", rows, now)


def kept(connection: Connection, site: int, plugin: str) -> list[dict[str, Any]]:
    """The cases of the last replay: at, verb, topic, title, text, why; oldest first."""
    found = recall(connection, site, f"{_KEPT}{plugin}")
    return [{**one, "at": datetime.fromisoformat(one["at"])} for one in found] if isinstance(found, list) else []


def drop_all(connection: Connection, site: int) -> None:
    """Drop all kept cases: their texts may name somebody who has just been erased."""
    connection.execute(delete(facts).where(facts.c.site == site, facts.c.name.startswith(_KEPT)))


def _name(plugin: str) -> str:
    return f"cases-seen:{plugin}"
