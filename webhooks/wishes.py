"""What members said about being named or written to; kept here once, so that every plugin honours it."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, delete, or_, select

from webhooks.tables import wishes
from webhooks.upsert import upsert

Kind = Literal["never", "snoozed", "away", "agreed", "speaks"]
"""`speaks` keeps the language a member chose, as its subject; it counts nowhere else."""


def wish(
    connection: Connection, site: int, member_id: int, kind: Kind, *, now: datetime, plugin: str = "",
    subject: str = "", until: datetime | None = None,
) -> None:  # fmt: skip
    """Keep a member's word: for one plugin or all (""), one subject or all (""), for ever or until a time."""
    key = {"site": site, "member_id": member_id, "kind": kind, "plugin": plugin, "subject": subject.strip().lower()}
    upsert(connection, wishes, key, {"since": now, "until": until})


def unwish(
    connection: Connection, site: int, member_id: int, kind: Kind, *, plugin: str = "", subject: str = ""
) -> bool:
    """The member takes a word back; False where it was not given."""
    gone = delete(wishes).where(
        wishes.c.site == site,
        wishes.c.member_id == member_id,
        wishes.c.kind == kind,
        wishes.c.plugin == plugin,
        wishes.c.subject == subject.strip().lower(),
    )
    return bool(connection.execute(gone).rowcount)


def wishes_of(connection: Connection, site: int, member_id: int) -> list[dict[str, Any]]:
    """Everything a member has said: kind, plugin, subject, since, until."""
    rows = connection.execute(
        select(wishes).where(wishes.c.site == site, wishes.c.member_id == member_id).order_by(wishes.c.since)
    )
    return [dict(row) for row in rows.mappings()]


def opted_out(
    connection: Connection, site: int, member_id: int, plugin: str, subject: str | None, now: datetime
) -> bool:
    """Whether the member wants nothing of this plugin, for ever or just now, on this subject or at all."""
    subjects = {"", (subject or "").strip().lower()}
    found = connection.execute(
        _live(site, member_id, plugin, now).where(
            wishes.c.kind.in_(("never", "snoozed")), wishes.c.subject.in_(subjects)
        )
    )
    return found.first() is not None


def away_until(connection: Connection, site: int, member_id: int, plugin: str, now: datetime) -> datetime | None:
    """When an absent or snoozing member is back; None for one who is there (or gone without a date)."""
    rows = connection.execute(
        _live(site, member_id, plugin, now).where(
            wishes.c.kind.in_(("away", "snoozed")), wishes.c.subject == "", wishes.c.until.is_not(None)
        )
    ).mappings()
    times: list[datetime] = [row["until"] for row in rows]
    return max(times, default=None)


def language(connection: Connection, site: int, member_id: int) -> str:
    """The language that the member chose on `/me`, or ""."""
    chosen = select(wishes.c.subject).where(
        wishes.c.site == site, wishes.c.member_id == member_id, wishes.c.kind == "speaks"
    )
    return str(connection.execute(chosen.limit(1)).scalar() or "")


def agreed(connection: Connection, site: int, member_id: int, plugin: str, now: datetime) -> bool:
    """Whether the member agreed once to be named in public by this plugin."""
    return connection.execute(_live(site, member_id, plugin, now).where(wishes.c.kind == "agreed")).first() is not None


def _live(site: int, member_id: int, plugin: str, now: datetime) -> Any:
    return select(wishes).where(
        wishes.c.site == site,
        wishes.c.member_id == member_id,
        wishes.c.plugin.in_({"", plugin}),
        or_(wishes.c.until.is_(None), wishes.c.until > now),
    )
