"""The ten cases from a forum's own history that a manager looks at before a plugin leaves watch."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, select

from webhooks.facts import recall, remember
from webhooks.tables import facts

if TYPE_CHECKING:
    from webhooks.replay import ReplayedAct

IsShown = Callable[[int], bool]

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


def keep(
    connection: Connection, site: int, plugin: str, acts: Sequence["ReplayedAct"], shown: IsShown, now: datetime
) -> int:
    """Keep ten of a replay's acts about what the forum still shows, spread evenly over its time; how many there are."""
    standing = [one for one in acts if all(map(shown, _topics(one)))]
    step = max(1, len(standing) / WANTED)
    chosen = [standing[int(place * step)] for place in range(min(WANTED, len(standing)))]
    rows = [
        {"at": one.at.isoformat(), "verb": one.verb, "topic": one.topic_id, "title": one.title, "text": one.text,
         "why": one.why, "topics": _topics(one)}
        for one in chosen
    ]  # fmt: skip
    remember(connection, site, f"{_KEPT}{plugin}", rows, now)
    return len(rows)


def _topics(act: "ReplayedAct") -> list[int]:
    """What a case is about and rests on."""
    named = [act.topic_id, *(one.get("topic_id") for one in act.evidence)]
    return sorted({one for one in named if one is not None})


def kept(connection: Connection, site: int, plugin: str) -> list[dict[str, Any]]:
    """The cases of the last replay: at, verb, topic, title, text, why; oldest first."""
    found = recall(connection, site, f"{_KEPT}{plugin}")
    return [{**one, "at": datetime.fromisoformat(one["at"])} for one in found] if isinstance(found, list) else []


def found_none(connection: Connection, site: int, plugin: str) -> bool:
    """Whether the past was gone over and gave nothing to look at: on a calm forum that is all there is to see."""
    return recall(connection, site, f"{_KEPT}{plugin}") == []


def keep_shown(connection: Connection, site: int, shown: IsShown, now: datetime) -> None:
    """Drop the kept cases about topics that the forum shows no more."""
    mine = (facts.c.site == site) & facts.c.name.startswith(_KEPT)
    for row in connection.execute(select(facts.c.name, facts.c.value).where(mine)).all():
        left = [one for one in row.value if all(map(shown, one["topics"]))]
        if left != row.value:
            remember(connection, site, row.name, left, now)


def drop_all(connection: Connection, site: int) -> None:
    """Drop all kept cases: their texts may name somebody who has just been erased."""
    connection.execute(delete(facts).where(facts.c.site == site, facts.c.name.startswith(_KEPT)))


def _name(plugin: str) -> str:
    return f"cases-seen:{plugin}"
