"""The door for deliveries: verified, cut, committed and synced before anybody says 202 (promises P1 and P2).

Threads that arrive together are committed together: whoever gets the lock first stores all that wait, so that a sync to
disk serves up to 64 deliveries.
"""

import shutil
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from connector.archive import tables as archive
from connector.archive.forgotten import ForgottenNames
from connector.cutting import cut
from connector.events import parse
from connector.models import Event
from webhooks import inbox
from webhooks.clock import Clock
from webhooks.config import Config
from webhooks.database import Database
from webhooks.tables import inbox as inbox_table
from webhooks.tables import outbox as outbox_table

LARGEST_BODY = 1024 * 1024
_BATCH = 64
_LOOKED_AT_FOR = 2.0

# Made once: building a statement costs more than running it, and this one runs with every batch.
_PUBLIC = select(archive.categories.c.id).where(
    archive.categories.c.site == bindparam("of_site"), archive.categories.c.visibility == "public"
)

Outcome = Literal["stored", "ignored", "ping"]


class DoorClosed(Exception):  # noqa: N818 -- it names a state
    """Nothing can be stored just now: the backlog is full, the disk is short, or the database does not answer."""


@dataclass(slots=True)
class _Waiting:
    event: Event
    done: bool = False
    error: Exception | None = None


class KeptTopics:
    """The topics of which ids and times stay though they are private messages; see `connector.cutting.cut`."""

    def __init__(self, connection: Connection, site: int) -> None:
        self._connection = connection
        self._site = site

    def __contains__(self, topic_id: object) -> bool:
        if not isinstance(topic_id, int):
            return False
        ours = select(outbox_table.c.id).where(
            outbox_table.c.site == self._site,
            outbox_table.c.sent_topic_id == topic_id,
            outbox_table.c.verb.in_(("message", "message_group")),
        )
        held = select(archive.topics.c.id).where(archive.topics.c.site == self._site, archive.topics.c.id == topic_id)
        return any(self._connection.execute(one.limit(1)).first() is not None for one in (ours, held))


class Door:
    """What `POST /webhooks/discourse` goes through."""

    def __init__(self, database: Database, config: Config, clock: Clock) -> None:
        self._database = database
        self._config = config
        self._clock = clock
        self._names = ForgottenNames(config.site, config.names_key())
        self._queue: list[_Waiting] = []
        self._queue_lock = threading.Lock()
        self._leader = threading.Lock()
        self._looked_at = -_LOOKED_AT_FOR
        self._shortage = ""

    def receive(self, headers: Mapping[str, str], body: bytes) -> Outcome:
        """Take one delivery in.

        :raises BadSignature, BadPayload: it is none of ours, or none at all.
        :raises DoorClosed: it could not be stored; Discourse may try again.
        """
        event = parse(headers, body, self._config.hook_secrets)
        if event.type == "ping":
            return "ping"
        if not event.known:
            return "ignored"
        shortage = self.shortage()
        if shortage:
            raise DoorClosed(shortage)
        self._store(event)
        return "stored"

    def shortage(self) -> str:
        """Why nothing can be stored just now, or ""; looked up every two seconds."""
        now = time.monotonic()
        if now - self._looked_at >= _LOOKED_AT_FOR:
            self._looked_at = now
            self._shortage = self._look()
        return self._shortage

    def _look(self) -> str:
        free = shutil.disk_usage(_existing(self._config.data_dir)).free // (1024 * 1024)
        if free < self._config.free_disk_mb:
            return f"Only {free} MB of disk are free; deliveries are refused below {self._config.free_disk_mb} MB."
        waiting = select(func.count()).where(
            inbox_table.c.site == self._config.site, inbox_table.c.state.in_(("pending", "leased"))
        )
        try:
            with self._database.read() as connection:
                count = connection.execute(waiting).scalar() or 0
        except SQLAlchemyError:
            return "The database does not answer."
        limit = self._config.inbox_limit
        return f"{count} deliveries wait already; more are refused above {limit}." if count >= limit else ""

    def _store(self, event: Event) -> None:
        waiting = _Waiting(event)
        with self._queue_lock:
            self._queue.append(waiting)
        with self._leader:
            while not waiting.done:
                self._commit_some()
        if waiting.error is not None:
            raise DoorClosed("The database did not take the delivery.") from waiting.error

    def _commit_some(self) -> None:
        with self._queue_lock:
            batch, self._queue = self._queue[:_BATCH], self._queue[_BATCH:]
        self._commit(batch)

    def _commit(self, batch: list[_Waiting]) -> None:
        error: Exception | None = None
        try:
            with self._database.begin() as connection:
                self._put(connection, batch)
        except SQLAlchemyError as failure:
            error = failure
        except Exception as failure:  # noqa: BLE001 -- whoever waits here must be told, or would wait for ever
            if len(batch) > 1:
                # One of them is beyond what a database holds: the others are none the worse for it.
                for one in batch:
                    self._commit([one])
                return
            error = failure
        for waiting in batch:
            waiting.error = error
            waiting.done = True

    def _put(self, connection: Connection, batch: list[_Waiting]) -> None:
        site = self._config.site
        readable = set(connection.execute(_PUBLIC, {"of_site": site}).scalars())
        kept = KeptTopics(connection, site)
        forgotten = self._names.of(connection)
        gone = (lambda text: forgotten.scrubbed(text) != text) if forgotten else None
        events = [event for one in batch if (event := cut(one.event, readable, kept, gone)) is not None]
        if events:
            inbox.put(connection, site, events, self._clock.now())


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path
