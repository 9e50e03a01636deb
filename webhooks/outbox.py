"""Acts at rest. A plugin asks, the mode decides, the delivery sends; every act is here for ever, with its reason.

States: `watched` (only noted), `proposed` (a manager decides), `due`, `sending` (its exact bytes are committed),
`retry` (surely not done), `unsure` (perhaps done), `sent`, `refused` (the forum's final no), `declined` (a manager's),
`lapsed` (it stopped making sense), `undone`, `merged` (an edit that went into what was not sent yet).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Result, delete, insert, select, update

from plugins.doors import Act
from webhooks.tables import concerns, outbox
from webhooks.upsert import add_once

WAITING = ("due", "retry")
UNSENT = ("watched", "proposed", "due", "retry")
OPEN = ("proposed", "due", "retry", "sending", "unsure")
FINAL = ("watched", "sent", "refused", "declined", "lapsed", "undone", "merged")
STATES = ("watched", "proposed", "due", "sending", "retry", "unsure", "sent", "refused", "declined", "lapsed", "undone",
          "merged")  # fmt: skip
WRITES_TO_ONE = ("message", "mail")
PUBLIC = ("reply", "open_topic")

Row = Mapping[str, Any]


def rows(result: Result[Any]) -> list[Row]:
    """What a query gave, as plain mappings that outlive their connection."""
    return [{str(name): value for name, value in row.items()} for row in result.mappings()]


def first(result: Result[Any]) -> Row | None:
    """The first of what a query gave."""
    return next(iter(rows(result)), None)


def add(connection: Connection, row: Row) -> int | None:
    """Store a new act and the members it concerns; None where this plugin has already asked for it."""
    if not add_once(connection, outbox, ["site", "plugin", "once"], row):
        return None
    number = int(
        connection.execute(
            select(outbox.c.id).where(
                outbox.c.site == row["site"], outbox.c.plugin == row["plugin"], outbox.c.once == row["once"]
            )
        ).scalar_one()
    )
    people = set(row["about"]) | ({row["recipient_id"]} if row["recipient_id"] is not None else set())
    if people:
        rows = [{"site": row["site"], "outbox_id": number, "member_id": one} for one in sorted(people)]
        connection.execute(insert(concerns), rows)
    return number


def find(connection: Connection, site: int, plugin: str, once: str) -> Row | None:
    """An act by its plugin and key."""
    chosen = (outbox.c.site == site, outbox.c.plugin == plugin, outbox.c.once == once)
    return first(connection.execute(select(outbox).where(*chosen)))


def get(connection: Connection, site: int, number: int) -> Row | None:
    """An act by its id."""
    return first(connection.execute(select(outbox).where(outbox.c.site == site, outbox.c.id == number)))


def change(connection: Connection, row: Row, now: datetime, *, states: tuple[str, ...] = (), **values: Any) -> bool:
    """Set columns of an act, only while it is as it was read (its fence, and one of `states` where named)."""
    only = [outbox.c.state.in_(states)] if states else []
    statement = (
        update(outbox)
        .where(outbox.c.id == row["id"], outbox.c.fence == row["fence"], *only)
        .values(changed_at=now, **values)
    )
    return bool(connection.execute(statement).rowcount)


def handle(row: Row) -> Act:
    """What a plugin may know of its act."""
    return Act(row["once"], row["verb"], row["state"], row["post_id"], row["sent_topic_id"] or row["topic_id"])


def listed(
    connection: Connection,
    site: int,
    *,
    plugin: str | None = None,
    states: tuple[str, ...] = (),
    topic_id: int | None = None,
    member_id: int | None = None,
    since: datetime | None = None,
    limit: int = 100,
    before_id: int | None = None,
) -> list[Row]:
    """Acts, newest first, for the console and `/me`."""
    query = select(outbox).where(outbox.c.site == site).order_by(outbox.c.id.desc()).limit(limit)
    if plugin is not None:
        query = query.where(outbox.c.plugin == plugin)
    if states:
        query = query.where(outbox.c.state.in_(states))
    if topic_id is not None:
        query = query.where(outbox.c.topic_id == topic_id)
    if since is not None:
        query = query.where(outbox.c.created_at >= since)
    if before_id is not None:
        query = query.where(outbox.c.id < before_id)
    if member_id is not None:
        about = select(concerns.c.outbox_id).where(concerns.c.site == site, concerns.c.member_id == member_id)
        query = query.where(outbox.c.id.in_(about))
    return rows(connection.execute(query))


def purge(connection: Connection, site: int, before: datetime) -> int:
    """Drop what was only watched, and ended so long ago; everything that was ever sent stays listed."""
    old = delete(outbox).where(
        outbox.c.site == site, outbox.c.state.in_(("watched", "merged")), outbox.c.created_at < before
    )
    return int(connection.execute(old).rowcount)
