"""What members said about our acts, and what follows from it at once; the plugin hears of it from the worker."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from connector.fields import words
from plugins.doors import Answer, Verdict
from webhooks.budget import reacted
from webhooks.tables import outbox, verdicts
from webhooks.upsert import upsert
from webhooks.wishes import wish

SNOOZE = timedelta(days=30)


def give(
    connection: Connection,
    site: int,
    plugin: str,
    once: str,
    member_id: int,
    answer: Answer,
    *,
    now: datetime,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    subject: str = "",
    snooze: timedelta = SNOOZE,
) -> int:
    """Keep a member's verdict (the last one counts) and honour it: "never" stops this plugin, "not now" for a month.

    `subject` and `snooze` say what "not now" is about, where it is not all that the plugin does, and for how long.
    Gives the verdict's id. The plugin's own hooks are called by the worker soon after.
    """
    from webhooks.schedule import add_verdict_job

    key = {"site": site, "plugin": plugin, "once": once, "member_id": member_id}
    values = {"answer": answer, "reason": words(reason).strip()[:1000], "data": dict(data or {}), "at": now}
    upsert(connection, verdicts, key, values)
    number = int(connection.execute(select(verdicts.c.id).where(*_is(key))).scalar_one())
    if answer == "never":
        wish(connection, site, member_id, "never", plugin=plugin, now=now)
    elif answer == "not_now":
        wish(connection, site, member_id, "snoozed", plugin=plugin, subject=subject, now=now, until=now + snooze)
    act = connection.execute(
        select(outbox.c.id).where(outbox.c.site == site, outbox.c.plugin == plugin, outbox.c.once == once)
    ).scalar()
    if act is not None:
        reacted(connection, site, member_id, now, outbox_id=act)
    add_verdict_job(connection, site, number, now)
    return number


def verdict(connection: Connection, site: int, number: int) -> tuple[str, Verdict] | None:
    """A verdict by its id, with the name of the plugin it concerns."""
    row = connection.execute(
        select(verdicts).where(verdicts.c.site == site, verdicts.c.id == number)
    ).mappings().first()  # fmt: skip
    if row is None:
        return None
    said = Verdict(row["once"], row["member_id"], row["answer"], row["reason"], row["data"] or {})
    return row["plugin"], said


def tally(connection: Connection, site: int, plugin: str, since: datetime) -> dict[str, int]:
    """How many verdicts of each kind a plugin got since a time."""
    rows = connection.execute(
        select(verdicts.c.answer, func.count())
        .where(verdicts.c.site == site, verdicts.c.plugin == plugin, verdicts.c.at >= since)
        .group_by(verdicts.c.answer)
    )
    return {row[0]: row[1] for row in rows}


def _is(key: Mapping[str, Any]) -> list[Any]:
    return [verdicts.c[name] == value for name, value in key.items()]
