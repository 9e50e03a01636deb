"""Deliveries between the door and the plugins: leases, fence tokens, one lane a topic, back-off, quarantine.

A row is `pending`, then `leased` to a worker, then `done` (its body erased) or `quarantined` after five tries. A worker
that dies leaves a lease, which runs out; one that comes back late finds a higher fence and settles nothing.
"""

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, bindparam, delete, exists, func, insert, select, text, update

from connector.fields import words
from connector.models import Event
from webhooks.clock import Clock
from webhooks.database import Database
from webhooks.tables import handled, inbox

MOST_TRIES = 5
LEASE = timedelta(minutes=5)
KEPT_DONE = timedelta(days=30)
_OPEN = ("pending", "leased")

# Made once: the door runs them with every batch, and building a statement costs more than running it.
_EQUAL = select(inbox.c.event, inbox.c.body_hash).where(
    inbox.c.site == bindparam("of_site"),
    inbox.c.state == "pending",
    inbox.c.body_hash.in_(bindparam("hashes", expanding=True)),
)
_INSERT = insert(inbox)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery; `fence` proves the claim."""

    id: int
    fence: int
    tries: int
    applied: bool
    received_at: datetime
    event: Event


def pause_before(tries: int, seed: float | None = None) -> timedelta:
    """How long to wait before try `tries + 1`: 5 s, 25 s, 2 min, 10 min with up to half as much again, by chance."""
    chance = random.random() if seed is None else seed
    return timedelta(seconds=min(5.0 * 5 ** max(0, tries - 1), 600.0) * (1 + chance / 2))


def put(connection: Connection, site: int, events: Iterable[Event], now: datetime) -> int:
    """Store deliveries (already cut), but those whose equal still waits; gives how many were stored.

    Once the first of two equals is in work, the second is kept: two true events can be equal, and what is being read
    from the forum just now may be older than the second.
    """
    new = {(event.name, event.body_hash): event for event in events}
    waiting = connection.execute(_EQUAL, {"of_site": site, "hashes": [event.body_hash for event in new.values()]})
    for name, body_hash in waiting.all():
        new.pop((name, body_hash), None)
    if new:
        connection.execute(_INSERT, [_row(site, event, now) for event in new.values()])
    return len(new)


def _row(site: int, event: Event, now: datetime) -> dict[str, object]:
    return {
        "site": site,
        "event": event.name,
        "type": event.type,
        "lane": event.lane,
        "body_hash": event.body_hash,
        # `words`: half of a surrogate pair is JSON, and nothing that a database takes.
        "payload": words(json.dumps(event.payload, ensure_ascii=False, separators=(",", ":"))),
        "instance": event.instance,
        "delivery_id": event.delivery_id,
        "received_at": now,
        "state": "pending",
        "tries": 0,
        "run_at": now,
        "fence": 0,
        "error": "",
    }


def requeue_handlers(connection: Connection, site: int, now: datetime, cause: str | None = None) -> int:
    """Give handlers in quarantine (of one cause, or all) five new tries."""
    which = [] if cause is None else [handled.c.cause == cause]
    statement = (
        update(handled)
        .where(handled.c.site == site, handled.c.state == "quarantined", *which)
        .values(state="failed", tries=0, run_at=now)
    )
    return int(connection.execute(statement).rowcount)


class Inbox:
    """The inbox of one site, as workers and the console see it."""

    def __init__(self, database: Database, site: int, clock: Clock) -> None:
        self._database = database
        self._site = site
        self._clock = clock

    def claim(self, limit: int = 20) -> list[Delivery]:
        """Lease the oldest due deliveries, one a lane, none from a lane that somebody is working on."""
        now = self._clock.now()
        busy = inbox.alias()
        taken = exists().where(and_(busy.c.site == self._site, busy.c.lane == inbox.c.lane, busy.c.state == "leased"))
        due = (
            select(inbox)
            .where(inbox.c.site == self._site, inbox.c.state == "pending", inbox.c.run_at <= now, ~taken)
            .order_by(inbox.c.id)
            .limit(limit * 4)
        )
        with self._database.begin() as connection:
            if not self._database.is_sqlite:
                # Two workers looking at the same lane at the same moment would both find it free.
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": 7_301_000 + self._site})
            rows = connection.execute(due).mappings().all()
            chosen = list({row["lane"]: row for row in reversed(rows)}.values())[::-1][:limit]
            connection.execute(
                update(inbox)
                .where(inbox.c.id.in_([row["id"] for row in chosen]))
                .values(state="leased", lease_until=now + LEASE, fence=inbox.c.fence + 1)
            )
        return [_delivery(row) for row in chosen]

    def applied(self, delivery: Delivery) -> None:
        """The archive has taken it in; plugins still have to hear of it."""
        self._set(delivery, applied_at=self._clock.now())

    def done(self, delivery: Delivery) -> bool:
        """Everybody is through with it: its body is erased. False where the lease was lost meanwhile."""
        return self._set(
            delivery, state="done", payload=None, done_at=self._clock.now(), lease_until=None, error="", applied_at=None
        )

    def again(self, delivery: Delivery, error: str, *, after: timedelta | None = None, counts: bool = True) -> str:
        """Give it back for another try; gives its new state.

        `counts=False` is for a forum that is away: however long that lasts, it puts nothing into quarantine.
        """
        tries = delivery.tries + (1 if counts else 0)
        if tries >= MOST_TRIES:
            self._set(delivery, state="quarantined", tries=tries, error=error[:500], lease_until=None)
            return "quarantined"
        run_at = self._clock.now() + (after if after is not None else pause_before(tries))
        self._set(delivery, state="pending", tries=tries, run_at=run_at, error=error[:500], lease_until=None)
        return "pending"

    def quarantine(self, delivery: Delivery, error: str) -> None:
        """Set it aside for a person to look at: a handler failed on it five times."""
        self._set(delivery, state="quarantined", error=error[:500], lease_until=None)

    def rescue(self, *, everything: bool = False) -> int:
        """Free what workers left behind when they died; `everything` where this is known to be the only worker."""
        late = [] if everything else [inbox.c.lease_until < self._clock.now()]
        statement = (
            update(inbox)
            .where(inbox.c.site == self._site, inbox.c.state == "leased", *late)
            .values(state="pending", lease_until=None, fence=inbox.c.fence + 1)
        )
        with self._database.begin() as connection:
            return int(connection.execute(statement).rowcount)

    def requeue(self, ids: Sequence[int] | None = None) -> int:
        """Give what is in quarantine (all of it, or these) five new tries."""
        which = [] if ids is None else [inbox.c.id.in_(list(ids))]
        statement = (
            update(inbox)
            .where(inbox.c.site == self._site, inbox.c.state == "quarantined", *which)
            .values(state="pending", tries=0, run_at=self._clock.now(), error="")
        )
        with self._database.begin() as connection:
            given = int(connection.execute(statement).rowcount)
            for one in [None] if ids is None else [f"event:{number}" for number in ids]:
                requeue_handlers(connection, self._site, self._clock.now(), one)
        return given

    def counts(self) -> dict[str, int]:
        """How many deliveries wait, are in work, in quarantine, done within 30 days."""
        statement = select(inbox.c.state, func.count()).where(inbox.c.site == self._site).group_by(inbox.c.state)
        with self._database.read() as connection:
            found = {row[0]: row[1] for row in connection.execute(statement)}
        return {state: found.get(state, 0) for state in (*_OPEN, "quarantined", "done")}

    def quarantined(self, limit: int = 100) -> list[dict[str, object]]:
        """What is in quarantine, newest first: id, event, lane, received_at, error; never the body."""
        columns = (inbox.c.id, inbox.c.event, inbox.c.lane, inbox.c.received_at, inbox.c.tries, inbox.c.error)
        statement = (
            select(*columns)
            .where(inbox.c.site == self._site, inbox.c.state == "quarantined")
            .order_by(inbox.c.id.desc())
            .limit(limit)
        )
        with self._database.read() as connection:
            return [dict(row) for row in connection.execute(statement).mappings()]

    def oldest_waiting(self) -> datetime | None:
        """When the oldest delivery that still waits came in."""
        statement = select(func.min(inbox.c.received_at)).where(inbox.c.site == self._site, inbox.c.state.in_(_OPEN))
        with self._database.read() as connection:
            found: datetime | None = connection.execute(statement).scalar()
        return found

    def purge(self) -> int:
        """Drop rows that were done 30 days ago or more."""
        old = self._clock.now() - KEPT_DONE
        statement = delete(inbox).where(inbox.c.site == self._site, inbox.c.state == "done", inbox.c.done_at < old)
        with self._database.begin() as connection:
            return int(connection.execute(statement).rowcount)

    def _set(self, delivery: Delivery, **values: object) -> bool:
        statement = (
            update(inbox)
            .where(inbox.c.id == delivery.id, inbox.c.fence == delivery.fence, inbox.c.state == "leased")
            .values(**values)
        )
        with self._database.begin() as connection:
            return bool(connection.execute(statement).rowcount)


def _delivery(row: object) -> Delivery:
    read: dict[str, object] = dict(row)  # type: ignore[call-overload]
    payload = json.loads(str(read["payload"] or "{}"))
    event = Event(
        name=str(read["event"]),
        type=str(read["type"]),
        payload=payload,
        instance=str(read["instance"]),
        delivery_id=str(read["delivery_id"]),
        body_hash=str(read["body_hash"]),
        lane=str(read["lane"]),
    )
    received = read["received_at"]
    assert isinstance(received, datetime)
    return Delivery(
        id=int(str(read["id"])),
        fence=int(str(read["fence"])) + 1,
        tries=int(str(read["tries"])),
        applied=read["applied_at"] is not None,
        received_at=received,
        event=event,
    )
