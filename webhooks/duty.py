"""Who answers for the forum: managers on duty, their deputies, their absences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from webhooks.tables import absences, duty
from webhooks.upsert import add_once


def put_on_duty(connection: Connection, site: int, username: str, now: datetime, *, deputy: bool = False) -> None:
    """Name a manager, or a deputy who stands in while no manager is there."""
    connection.execute(delete(duty).where(duty.c.site == site, duty.c.username == username))
    row = {"site": site, "username": username, "deputy": deputy, "since": now}
    add_once(connection, duty, ["site", "username"], row)


def take_off_duty(connection: Connection, site: int, username: str) -> None:
    """Let a person answer for the forum no longer."""
    connection.execute(delete(duty).where(duty.c.site == site, duty.c.username == username))


def add_absence(
    connection: Connection, site: int, username: str, starts: datetime, ends: datetime, deputy: str = ""
) -> int:
    """Someone is away; `deputy` stands in meanwhile. Gives the absence's id."""
    if ends <= starts:
        raise ValueError("an absence ends after it starts")
    row = insert(absences).values(site=site, username=username, starts=starts, ends=ends, deputy=deputy)
    key = connection.execute(row).inserted_primary_key
    assert key is not None
    return int(key[0])


def drop_absence(connection: Connection, site: int, absence_id: int) -> None:
    """The absence was a mistake, or is over early."""
    connection.execute(delete(absences).where(absences.c.site == site, absences.c.id == absence_id))


def roster(connection: Connection, site: int) -> list[dict[str, Any]]:
    """Everybody named, managers before deputies: username, deputy, since."""
    rows = connection.execute(select(duty).where(duty.c.site == site).order_by(duty.c.deputy, duty.c.username))
    return [dict(row) for row in rows.mappings()]


def absences_of(connection: Connection, site: int, since: datetime) -> list[dict[str, Any]]:
    """Absences that end after `since`, soonest first: id, username, starts, ends, deputy."""
    rows = connection.execute(
        select(absences).where(absences.c.site == site, absences.c.ends > since).order_by(absences.c.starts)
    )
    return [dict(row) for row in rows.mappings()]


def on_duty(connection: Connection, site: int, moment: datetime) -> Sequence[str]:
    """Who answers for the forum at a moment: the managers who are there, those who stand in, else the deputies."""
    named = roster(connection, site)
    away = {
        row["username"]: row["deputy"]
        for row in absences_of(connection, site, moment)
        if row["starts"] <= moment < row["ends"]
    }
    there = [row["username"] for row in named if not row["deputy"] and row["username"] not in away]
    standing_in = [deputy for name, deputy in away.items() if deputy and deputy not in away]
    if there or standing_in:
        return tuple(dict.fromkeys((*there, *standing_in)))
    return tuple(row["username"] for row in named if row["deputy"] and row["username"] not in away)


def is_unattended(connection: Connection, site: int, moment: datetime) -> bool:
    """True when people were named and none of them is there: every plugin then only watches."""
    return bool(roster(connection, site)) and not on_duty(connection, site, moment)
