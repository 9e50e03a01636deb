"""Running a plugin over the past: the same handlers, a clock at each event's time, nothing sent and nothing kept.

The run has a database of its own in a folder that is thrown away, with the real settings and wishes in it; so keys
(`once`), the plugin's tables and its files behave as they would have. Likes and other events without a date are not
replayed. Handlers that run by the clock more often than every two hours run every two hours.
"""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import insert, select

from connector.forum import Forum
from connector.models import Event
from connector.pacing import Unpaced
from connector.records import StoredPost
from plugins.contract import Plugin
from webhooks.clock import SetClock
from webhooks.context import Ground
from webhooks.database import connect
from webhooks.handling import handle
from webhooks.past import PastArchive, PastForum, payload_of
from webhooks.registry import registry_of
from webhooks.schedule import slot_of
from webhooks.schema import migrate
from webhooks.service import Service, build
from webhooks.tables import closures, outbox, settings, wishes

_COPIED = (settings, closures, wishes)
_SLOWEST = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class ReplayedAct:
    """What a plugin would have done, and when."""

    at: datetime
    verb: str
    topic_id: int | None
    title: str
    text: str
    why: str
    evidence: tuple[Any, ...] = ()
    recipient_id: int | None = None


@dataclass
class Replay:
    """What came of a replay; `failures` are places in the plugin's code, with how often."""

    plugin: str
    days: int
    events: int = 0
    cases: list[ReplayedAct] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def replay(service: Service, plugin: Plugin, *, days: int = 90, until: datetime | None = None) -> Replay:
    """Run `plugin` over the last `days` of what everybody may read; see the module."""
    end = until or service.clock.now()
    result = Replay(plugin.name, days)
    with tempfile.TemporaryDirectory(prefix="passerelle-replay-") as folder:
        scratch = _scratch(service, plugin, Path(folder), end - timedelta(days=days))
        try:
            _run(service, scratch, plugin, end, result)
            result.cases = _acts(scratch)
        finally:
            scratch.database.close()
    return result


def _scratch(service: Service, plugin: Plugin, folder: Path, start: datetime) -> Service:
    config = service.config.model_copy(update={
        "data_dir": folder, "database_url": SecretStr(f"sqlite:///{folder / 'replay.db'}"),
        "secret_key": SecretStr(service.config.signing_key()),
    })  # fmt: skip
    scratch = build(
        config, clock=SetClock(start), database=connect(config), registry=registry_of([plugin]), pacer=Unpaced()
    )
    migrate(scratch)
    # What a plugin can rebuild (vectors, say) it need not rebuild for a replay.
    shutil.copytree(service.folder_of(plugin.name), scratch.folder_of(plugin.name), dirs_exist_ok=True)
    for table in _COPIED:
        with service.database.read() as connection:
            rows = [
                dict(row) for row in connection.execute(select(table).where(table.c.site == service.site)).mappings()
            ]
        if rows:
            with scratch.database.begin() as connection:
                connection.execute(insert(table), rows)
    return scratch


def _run(service: Service, scratch: Service, plugin: Plugin, end: datetime, result: Replay) -> None:
    clock = cast(SetClock, scratch.clock)
    past = PastArchive(service.archive, clock.now())
    forum = cast(Forum, PastForum(past))
    last_slots: dict[str, datetime] = {}

    def run(handler: str, cause: str, ceiling: Any, call: Any) -> None:
        # Far from its first try: what failed once in a replay stays failed.
        ended = handle(scratch, Ground(plugin, cause, ceiling, clock.now(), past, lambda: forum), handler, call)
        if ended.state == "failed":
            result.failures.append(f"{plugin.name}.{handler}: {ended.error}")

    def ticks(moment: datetime) -> None:
        for clockwork in plugin.clockworks:
            at = last_slots.get(clockwork.name, clock.now())
            while (at := at + _step(clockwork.minutes)) <= moment:
                slot = slot_of(clockwork, scratch.config.time_zone, at)
                if slot is None or slot <= last_slots.get(
                    f"{clockwork.name}:slot", datetime.min.replace(tzinfo=at.tzinfo)
                ):
                    last_slots[clockwork.name] = at
                    continue
                clock.set(max(clock.now(), at))
                past.moment = clock.now()
                last_slots[clockwork.name] = at
                last_slots[f"{clockwork.name}:slot"] = slot
                run(clockwork.name, f"clock:{clockwork.name}:{slot.timestamp():.0f}", clockwork.ceiling, clockwork.func)

    for clockwork in plugin.clockworks:
        last_slots[clockwork.name] = clock.now()
    for number, event in enumerate(_events(service, clock.now(), end)):
        moment, told = event
        ticks(moment)
        clock.set(max(clock.now(), moment))
        past.moment, past.seen = clock.now(), number + 1
        result.events += 1
        for listener in plugin.listeners:
            if told.name in listener.events:
                run(listener.name, f"event:{number}", listener.ceiling, partial(listener.func, told))
    ticks(end)


def _step(minutes: int | None) -> timedelta:
    return max(_SLOWEST, timedelta(minutes=minutes)) if minutes is not None else timedelta(minutes=30)


def _events(service: Service, start: datetime, end: datetime) -> Iterator[tuple[datetime, Event]]:
    """`topic_created` and `post_created` of everything public, in order of time."""
    archive = service.archive
    bot = service.config.api_username.lower()
    for post in archive.all_posts(archive.audience_public(), after=(start, 0), before=end):
        topic = archive.topic(post.topic_id)
        author = archive.member(post.user_id) if post.user_id is not None else None
        if topic is None or post.user_id is None or post.user_id < 0 or (author and author.username.lower() == bot):
            continue
        payload = payload_of(post, topic, author.username if author else "")
        if post.post_number == 1:
            about = {
                "id": topic.id, "title": topic.title, "slug": topic.slug, "category_id": topic.category_id,
                "tags": list(topic.tags), "created_at": post.created_at.isoformat(), "user_id": topic.user_id,
                "archetype": "regular", "posts_count": 1, "visible": True,
            }  # fmt: skip
            yield post.created_at, _event("topic_created", "topic", about, post)
        yield post.created_at, _event("post_created", "post", payload, post)


def _event(name: str, kind: str, payload: dict[str, Any], post: StoredPost) -> Event:
    return Event(name, kind, payload, "", "", f"replay-{name}-{post.id}", f"topic:{post.topic_id}")


def _acts(scratch: Service) -> list[ReplayedAct]:
    with scratch.database.read() as connection:
        rows = connection.execute(select(outbox).where(outbox.c.plugin != "host").order_by(outbox.c.id)).mappings()
        return [
            ReplayedAct(
                row["created_at"], row["verb"], row["topic_id"], row["title"], row["text"], row["why"],
                tuple(row["evidence"]), row["recipient_id"],
            )
            for row in rows
        ]  # fmt: skip
