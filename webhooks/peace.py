"""Topics that feed no suggestion, invitation, thanks or letter: under open alert, or to be left in peace."""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from webhooks.tables import alerts, peace
from webhooks.upsert import upsert

Who = Literal["author", "manager", "breaker"]


def leave_in_peace(
    connection: Connection, site: int, topic_id: int, *, kind: Who, who: str, now: datetime,
    until: datetime | None = None,
) -> None:  # fmt: skip
    """Mark a topic, for ever or until a time; its author may ask for it, a manager, or the breaker of loops."""
    key = {"site": site, "topic_id": topic_id}
    upsert(connection, peace, key, {"kind": kind, "who": who, "since": now, "until": until})


def release(connection: Connection, site: int, topic_id: int) -> bool:
    """The topic may be spoken to again, as far as no alert is open there; False where it was not marked."""
    gone = delete(peace).where(peace.c.site == site, peace.c.topic_id == topic_id)
    return bool(connection.execute(gone).rowcount)


def held_by(connection: Connection, site: int, topic_id: int | None, now: datetime) -> str:
    """Why a topic is held (`alert`, `author`, `manager`, `breaker`), or ""."""
    if topic_id is None:
        return ""
    alert = connection.execute(
        select(alerts.c.id).where(
            alerts.c.site == site, alerts.c.topic_id == topic_id, alerts.c.holds_topic, alerts.c.closed_at.is_(None)
        )
    ).first()
    if alert is not None:
        return "alert"
    marked = connection.execute(
        select(peace.c.kind).where(
            peace.c.site == site,
            peace.c.topic_id == topic_id,
            or_(peace.c.until.is_(None), peace.c.until > now),
        )
    ).scalar()
    return str(marked or "")


def held_topics(connection: Connection, site: int, now: datetime) -> set[int]:
    """Every topic that is held just now."""
    alerted = select(alerts.c.topic_id).where(
        alerts.c.site == site, alerts.c.holds_topic, alerts.c.closed_at.is_(None), alerts.c.topic_id.is_not(None)
    )
    marked = select(peace.c.topic_id).where(peace.c.site == site, or_(peace.c.until.is_(None), peace.c.until > now))
    return set(connection.execute(alerted).scalars()) | set(connection.execute(marked).scalars())


def close_alert(
    connection: Connection, site: int, alert_id: int, who: str, now: datetime, was_right: bool | None = None
) -> bool:
    """A manager has dealt with it, and may say whether it was right; the topic is free again.

    False where it was closed already.
    """
    closed = (
        update(alerts)
        .where(alerts.c.site == site, alerts.c.id == alert_id, alerts.c.closed_at.is_(None))
        .values(closed_at=now, closed_by=who, was_right=was_right)
    )
    return bool(connection.execute(closed).rowcount)


def open_alerts(
    connection: Connection, site: int, *conditions: ColumnElement[bool], limit: int = 100
) -> list[dict[str, object]]:
    """Open alerts that meet the conditions, oldest first."""
    rows = connection.execute(
        select(alerts)
        .where(alerts.c.site == site, alerts.c.closed_at.is_(None), *conditions)
        .order_by(alerts.c.opened_at)
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]
