"""A running forum's 493 deliveries, in every order, end in the same memory."""

import json
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, select

from connector.archive import Archive
from connector.archive.tables import metadata, topics
from connector.cutting import cut
from connector.events import parse
from connector.forum import Forum
from connector.models import Category, Event, Member, Post, Topic
from tests.archive.world import bytes_of, engine_at, everything
from tests.recorded import BOT, CANARIES, END, SECRET, deliveries, exchanges
from tests.recorded.forum import recorded_forum

PERMUTATIONS, AT_ONCE = 204, 12
_SKIPPED = {"archive_tombstones", "archive_likes", "archive_sites"}
_NOTED = {"site", "changed", "checked_at", "hook_groups", "locale"}


class Patient(Forum):
    """The recorded forum, read through the real client once a path: it does not change any more."""

    def __init__(self, forum: Forum) -> None:
        super().__init__(forum.client)
        self._known: dict[tuple[str, Any], Any] = {}

    def _once(self, kind: str, key: Any, read: Any) -> Any:
        if (kind, key) not in self._known:
            self._known[kind, key] = read()
        return self._known[kind, key]

    def topic(self, topic_id: int) -> Topic | None:
        return self._once("topic", topic_id, lambda: super(Patient, self).topic(topic_id))  # type: ignore[no-any-return]

    def post(self, post_id: int) -> Post | None:
        return self._once("post", post_id, lambda: super(Patient, self).post(post_id))  # type: ignore[no-any-return]

    def member(self, username: str) -> Member | None:
        return self._once("member", username, lambda: super(Patient, self).member(username))  # type: ignore[no-any-return]

    def categories(self) -> list[Category]:
        return self._once("categories", "", super().categories)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def forum() -> Forum:
    return Patient(recorded_forum())


@cache
def events() -> tuple[Event, ...]:
    return tuple(parse(one.headers, one.body, [SECRET]) for one in deliveries())


@cache
def readable_at_the_end() -> dict[int, set[int]]:
    """Regular topics that a delivery led to and the runtime key could read at the end, with their posts."""
    shown = {}
    for one in exchanges(END):
        read = one.method == "GET" and one.path.startswith("/t/") and one.status == 200
        if read and "anonymous" not in one.name and one.content["archetype"] == "regular":
            shown[one.content["id"]] = {post["id"] for post in one.content["post_stream"]["posts"]}
    # Topics 1, 3 and 7 are the forum's own and 18 a category's first; no delivery about a topic or post names them.
    return {number: inside for number, inside in shown.items() if number not in {1, 3, 7, 18}}


def replay(archive: Archive, order: Sequence[Event], forum: Forum, cutting: bool = False) -> None:
    public = {6, 5, 1, 3}
    for event in order:
        kept = cut(event, public, archive.kept_topics()) if cutting else event
        if kept is not None:
            archive.apply(kept, forum)


def memory(engine: Engine, site: int) -> dict[str, list[str]]:
    """What the memory says, without what only payloads tell and without notes of when it was said."""
    told = {}
    with engine.connect() as conn:
        for table in metadata.sorted_tables:
            if table.name not in _SKIPPED:
                rows = conn.execute(select(table).where(table.c.site == site)).mappings()
                kept = [{key: value for key, value in row.items() if key not in _NOTED} for row in rows]
                told[table.name] = sorted(json.dumps(row, sort_keys=True, default=str) for row in kept)
    return told


@pytest.fixture(scope="module")
def in_order(forum: Forum, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    replay(Archive(engine, 1, tmp_path_factory.mktemp("files"), bots=[BOT]), events(), forum)
    return memory(engine, 1)


def test_the_memory_is_what_the_key_could_read_at_the_end(in_order: dict[str, list[str]]) -> None:
    """After everything that happened, we hold just the topics and posts a member sees, the split topic 28 included."""
    held: dict[int, set[int]] = {}
    for row in map(json.loads, in_order["archive_posts"]):
        held.setdefault(row["topic_id"], set()).add(row["id"])
    assert held == readable_at_the_end()
    assert held[28] == {26}


@pytest.mark.parametrize("first", range(0, PERMUTATIONS, AT_ONCE))
def test_any_order_and_any_repetition_end_in_the_same_memory(
    first: int, forum: Forum, in_order: dict[str, list[str]], tmp_path: Path
) -> None:
    """Deliveries late, twice, backwards or shuffled, whole or cut at the door: the memory is the same."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    everything_told = events()
    for site in range(first, first + AT_ONCE):
        chance = random.Random(site)
        order = list(reversed(everything_told)) if site == 0 else chance.sample(everything_told, len(everything_told))
        order += chance.choices(everything_told, k=30)
        replay(Archive(engine, site, tmp_path, bots=[BOT]), order, forum, cutting=site % 2 == 1)
        assert memory(engine, site) == in_order, f"order {site} ended differently"


def test_no_canary_is_left_anywhere(forum: Forum, tmp_path: Path) -> None:
    """Words of messages, restricted, moved and converted topics are in no table, no index file, no log."""
    engine = engine_at(tmp_path / "memory.sqlite")
    archive = Archive(engine, 1, tmp_path / "files", bots=[BOT])
    for order in (events(), tuple(reversed(events()))):
        replay(archive, order, forum)
        archive.lexical.catch_up()
        told, files = everything(engine), bytes_of(tmp_path)
        for canary in CANARIES:
            assert canary not in told
            assert canary.encode() not in files
    with engine.connect() as conn:
        assert conn.execute(select(topics.c.id).where(topics.c.id.in_([33, 36, 37, 5117, 5121]))).all() == []
    engine.dispose()
