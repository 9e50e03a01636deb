"""Running a plugin over the past: the same handlers, a clock at each event's time, nothing sent and nothing kept.

The run has a database of its own in a folder that is thrown away, with the real settings and wishes in it; so keys
(`once`), the plugin's tables and its files behave as they would have. It can be broken off after any handler and goes
on from there, also in another process. Likes and other events without a date are not replayed. Handlers that run by the
clock more often than every two hours run every two hours.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr
from sqlalchemy import insert, select

from connector.forum import Forum
from connector.models import Event
from connector.pacing import Unpaced
from connector.records import StoredPost
from plugins.contract import Clockwork, Plugin
from webhooks.clock import SetClock
from webhooks.context import Ground
from webhooks.database import connect
from webhooks.handling import handle
from webhooks.past import PastArchive, PastForum, payload_of
from webhooks.registry import registry_of
from webhooks.replay_numbers import Number, numbers
from webhooks.schedule import slot_of
from webhooks.schema import migrate
from webhooks.service import Service, build
from webhooks.tables import closures, outbox, settings, wishes

_COPIED = (settings, closures, wishes)
_SLOWEST = timedelta(hours=2)
_MOST_FAILURES = 100


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
    """What came of a replay; `failures` are places in the plugin's code, `numbers` its own measures of it."""

    plugin: str
    days: int
    events: int = 0
    cases: list[ReplayedAct] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)


def replay(service: Service, plugin: Plugin, *, days: int = 90, until: datetime | None = None) -> Replay:
    """Run `plugin` over the last `days` of what everybody may read, at one go; see the module."""
    end = until or service.clock.now()
    with tempfile.TemporaryDirectory(prefix="passerelle-replay-") as folder:
        rerun = Rerun(service, plugin, Path(folder), end - timedelta(days=days), end)
        try:
            rerun.advance(float("inf"))
            return Replay(
                plugin.name, days, rerun.place.events, rerun.acts(), rerun.place.failures, rerun.numbers()
            )  # fmt: skip
        finally:
            rerun.close()


@dataclass
class Place:
    """How far a rerun has come: all that it needs to go on, as JSON can hold it.

    `at` is (time, id) of the last post whose events were told, `slots` the clock's times by handler.
    """

    clock: str
    at: tuple[str, int] | None = None
    slots: dict[str, str] = field(default_factory=dict)
    events: int = 0
    failures: list[str] = field(default_factory=list)


class Rerun:
    """One plugin on its way through the past; `folder` keeps what it does there, `place` is where one stopped."""

    def __init__(
        self, service: Service, plugin: Plugin, folder: Path, start: datetime, end: datetime, place: Place | None = None
    ) -> None:
        self._service, self._plugin = service, plugin
        self._start, self._end = start, end
        self.place = place or Place(start.isoformat(), slots={one.name: start.isoformat() for one in plugin.clockworks})
        self._clock = SetClock(datetime.fromisoformat(self.place.clock))
        self._scratch = _scratch(service, plugin, folder, self._clock)
        self._past = PastArchive(service.archive, self._clock.now())
        self._past.seen = self.place.events
        self._forum = cast(Forum, PastForum(self._past))
        self._steps = self._all()

    def advance(self, seconds: float) -> bool:
        """Go on for about so many seconds; True once the end is reached."""
        until = time.monotonic() + seconds
        return all(time.monotonic() < until for _ in self._steps)

    @property
    def share(self) -> float:
        """How much of the time between start and end lies behind, from 0 to 1."""
        return min(1.0, (self._clock.now() - self._start) / (self._end - self._start))

    def acts(self) -> list[ReplayedAct]:
        """What the plugin has asked for so far."""
        return _acts(self._scratch)

    def numbers(self) -> list[Number]:
        """What the plugin's own measures say of it so far."""
        return numbers(self._scratch, Ground(self._plugin, now=self._clock.now(), archive=self._past))

    def close(self) -> None:
        """Let its database go; the folder is whoever gave it's to remove."""
        self._scratch.database.close()

    def _all(self) -> Iterator[None]:
        """Every handler's run in the order of time; between two of them one may stop."""
        for post, told in _events(self._service, self._after(), self._end):
            yield from self._ticks(post.created_at)
            self._move(post.created_at)
            self._past.seen = self.place.events = self.place.events + len(told)
            for event in told:
                for listener in self._plugin.listeners:
                    if event.name in listener.events:
                        call = partial(listener.func, event)
                        self._run(listener.name, f"event:{event.name}:{post.id}", listener.ceiling, call)
            self.place.at = (post.created_at.isoformat(), post.id)
            yield
        yield from self._ticks(self._end)

    def _after(self) -> tuple[datetime, int]:
        at = self.place.at
        return (self._start, 0) if at is None else (datetime.fromisoformat(at[0]), at[1])

    def _ticks(self, moment: datetime) -> Iterator[None]:
        for clockwork in self._plugin.clockworks:
            while (at := self._slot(clockwork.name) + _step(clockwork.minutes)) <= moment:
                if self._tick(clockwork, at):
                    yield

    def _tick(self, clockwork: Clockwork, at: datetime) -> bool:
        """Whether a handler's time had come at this moment."""
        slot = slot_of(clockwork, self._scratch.config.time_zone, at)
        due = slot is not None and slot > self._slot(f"{clockwork.name}:slot")
        self.place.slots[clockwork.name] = at.isoformat()
        if slot is None or not due:
            return False
        self._move(at)
        self.place.slots[f"{clockwork.name}:slot"] = slot.isoformat()
        cause = f"clock:{clockwork.name}:{slot.timestamp():.0f}"
        self._run(clockwork.name, cause, clockwork.ceiling, clockwork.func)
        return True

    def _slot(self, name: str) -> datetime:
        found = self.place.slots.get(name)
        return datetime.min.replace(tzinfo=UTC) if found is None else datetime.fromisoformat(found)

    def _move(self, moment: datetime) -> None:
        self._clock.set(max(self._clock.now(), moment))
        self._past.moment = self._clock.now()
        self.place.clock = self._clock.now().isoformat()

    def _run(self, handler: str, cause: str, ceiling: Any, call: Callable[[Any], Any]) -> None:
        ground = Ground(self._plugin, cause, ceiling, self._clock.now(), self._past, lambda: self._forum)
        # Far from its first try: what failed once in a replay stays failed.
        ended = handle(self._scratch, ground, handler, call)
        if ended.state == "failed" and len(self.place.failures) < _MOST_FAILURES:
            self.place.failures.append(f"{self._plugin.name}.{handler}: {ended.error}")


def _scratch(service: Service, plugin: Plugin, folder: Path, clock: SetClock) -> Service:
    """The service that the plugin works with; made anew, or what an earlier process left of it."""
    begun = (folder / "replay.db").exists()
    config = service.config.model_copy(update={
        "data_dir": folder, "database_url": SecretStr(f"sqlite:///{folder / 'replay.db'}"),
        "secret_key": SecretStr(service.config.signing_key()),
    })  # fmt: skip
    scratch = build(config, clock=clock, database=connect(config), registry=registry_of([plugin]), pacer=Unpaced())
    if begun:
        return scratch
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


def _step(minutes: int | None) -> timedelta:
    return max(_SLOWEST, timedelta(minutes=minutes)) if minutes is not None else timedelta(minutes=30)


def _events(service: Service, after: tuple[datetime, int], end: datetime) -> Iterator[tuple[StoredPost, list[Event]]]:
    """Everything public in order of time: each post with its `post_created`, an opening one `topic_created` first."""
    archive = service.archive
    bot = service.config.api_username.lower()
    for post in archive.all_posts(archive.audience_public(), after=after, before=end):
        topic = archive.topic(post.topic_id)
        author = archive.member(post.user_id) if post.user_id is not None else None
        if topic is None or post.user_id is None or post.user_id < 0 or (author and author.username.lower() == bot):
            continue
        told = [_event("post_created", "post", payload_of(post, topic, author.username if author else ""), post)]
        if post.post_number == 1:
            about = {
                "id": topic.id, "title": topic.title, "slug": topic.slug, "category_id": topic.category_id,
                "tags": list(topic.tags), "created_at": post.created_at.isoformat(), "user_id": topic.user_id,
                "archetype": "regular", "posts_count": 1, "visible": True,
            }  # fmt: skip
            told.insert(0, _event("topic_created", "topic", about, post))
        yield post, told


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
