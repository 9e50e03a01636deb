"""Words about what the forum shows no more go from acts and replayed cases as well (promise P8).

Deleted, hidden, unlisted, moved to where few may read, turned into a message: the memory has purged it already, and
each minute this looks whether an act was about it, or rests on it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from webhooks import blanking, cases
from webhooks.facts import recall, remember
from webhooks.outbox import Row
from webhooks.service import Service

GONE = "topic_withdrawn"
_SEEN = "withdrawn"

IsShown = Callable[[int, int | None], bool]


def blank_withdrawn(service: Service) -> int:
    """Blank acts and drop cases about what was withdrawn since the last look; how many acts."""
    site, now = service.site, service.clock.now()
    with service.database.read() as connection:
        known = recall(connection, site, _SEEN)
    seen = int(known["generation"]) if isinstance(known, dict) else -1
    withdrawn = service.archive.withdrawn_since(seen)
    if withdrawn.generation == seen:
        return 0
    numbers: list[int] = []
    if withdrawn.topics:
        with service.database.read() as connection:
            acts = [row for row in blanking.with_words(connection, site) if _topics_of(row) & withdrawn.topics]
        numbers = [row["id"] for row in acts if not _still_shown(row, withdrawn.topics, service.archive.is_shown)]
    with service.database.begin() as connection:
        blanking.blank(connection, site, numbers, now, GONE)
        if withdrawn.topics:
            cases.keep_shown(connection, site, service.archive.is_shown, now)
        remember(connection, site, _SEEN, {"generation": withdrawn.generation}, now)
    return len(numbers)


def _still_shown(row: Row, suspects: Collection[int], shown: IsShown) -> bool:
    topics = _topics_of(row) & set(suspects)
    if not all(shown(topic, None) for topic in topics):
        return False
    return all(shown(topic, number) for topic, number in _evidence(row["evidence"]) if topic in topics)


def _topics_of(row: Row) -> set[int]:
    """The topic an act was about, the one it opened, and those it rests on."""
    named = {row["topic_id"], *(topic for topic, _ in _evidence(row["evidence"]))}
    if row["verb"] == "open_topic":
        named.add(row["sent_topic_id"])
    return {topic for topic in named if topic is not None}


def _evidence(told: Iterable[Mapping[str, Any]] | None) -> list[tuple[int, int | None]]:
    return [(one["topic_id"], one.get("post_number")) for one in told or () if isinstance(one.get("topic_id"), int)]
