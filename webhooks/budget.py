"""One attention budget per member over all plugins: so many messages a week, none at quiet hours, none to silence."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select, update

from webhooks.calendar import WorkingCalendar, hour_of
from webhooks.house import House
from webhooks.tables import attention
from webhooks.upsert import add_once

WEEK = timedelta(days=7)


def attention_left(connection: Connection, site: int, member_id: int, house: House, now: datetime) -> int:
    """How many more times this member may be written to or named within the running seven days."""
    spent = select(func.count()).where(
        attention.c.site == site, attention.c.member_id == member_id, attention.c.at > now - WEEK
    )
    return max(0, house.attention_per_week - int(connection.execute(spent).scalar() or 0))


def next_free(connection: Connection, site: int, member_id: int, house: House, now: datetime) -> datetime:
    """When the budget of a member, used up just now, has room again."""
    times = connection.execute(
        select(attention.c.at)
        .where(attention.c.site == site, attention.c.member_id == member_id, attention.c.at > now - WEEK)
        .order_by(attention.c.at.desc())
        .limit(max(1, house.attention_per_week))
    ).scalars().all()  # fmt: skip
    return (times[-1] if times else now) + WEEK


def spend(
    connection: Connection, site: int, member_id: int, *, outbox_id: int, plugin: str, kind: str, now: datetime
) -> None:
    """A member was written to (`written`) or named to others (`named`)."""
    row = {
        "site": site,
        "member_id": member_id,
        "outbox_id": outbox_id,
        "plugin": plugin,
        "kind": kind,
        "at": now,
        "reacted_at": None,
    }
    add_once(connection, attention, ["site", "member_id", "outbox_id"], row)


def reacted(connection: Connection, site: int, member_id: int, now: datetime, *, outbox_id: int | None = None) -> None:
    """The member answered, clicked or wrote back: to one act, or to whatever was last written to him."""
    which = [attention.c.outbox_id == outbox_id] if outbox_id is not None else []
    connection.execute(
        update(attention)
        .where(
            attention.c.site == site,
            attention.c.member_id == member_id,
            attention.c.kind == "written",
            attention.c.reacted_at.is_(None),
            *which,
        )
        .values(reacted_at=now)
    )


def is_silent(connection: Connection, site: int, member_id: int, house: House) -> bool:
    """Whether the last so many messages to this member stayed without any reaction: then we stop writing."""
    last = connection.execute(
        select(attention.c.reacted_at)
        .where(attention.c.site == site, attention.c.member_id == member_id, attention.c.kind == "written")
        .order_by(attention.c.at.desc())
        .limit(house.stop_after)
    ).scalars().all()  # fmt: skip
    return len(last) >= house.stop_after and all(one is None for one in last)


def quiet_until(calendar: WorkingCalendar, house: House, now: datetime) -> datetime | None:
    """When the quiet hours that run just now end; None where members may be written to."""
    zone = ZoneInfo(calendar.zone)
    begins, ends = hour_of(house.quiet_from, time(20)), hour_of(house.quiet_to, time(8))

    def is_quiet(moment: datetime) -> bool:
        clock = moment.time()
        night = (clock >= begins or clock < ends) if begins > ends else begins <= clock < ends
        return night or (house.quiet_days_off and not calendar.is_working_day(moment.date()))

    local = now.astimezone(zone)
    if not is_quiet(local):
        return None
    for days in range(400):
        morning = datetime.combine(local.date() + timedelta(days=days), ends, zone)
        if morning > local and not is_quiet(morning):
            return morning.astimezone(UTC)
    return None
