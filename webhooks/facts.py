"""Small things the installation remembers about itself under a name: paused, the bot's id, the worker's heartbeat."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from webhooks.database import Database
from webhooks.tables import facts
from webhooks.upsert import upsert


def remember(connection: Connection, site: int, name: str, value: Any, now: datetime) -> None:
    """Keep a JSON value under a name."""
    upsert(connection, facts, {"site": site, "name": name}, {"value": value, "at": now})


def recall(connection: Connection, site: int, name: str) -> Any | None:
    """The value kept under a name; None where there is none."""
    return connection.execute(select(facts.c.value).where(facts.c.site == site, facts.c.name == name)).scalar()


def recalled(database: Database, site: int, name: str) -> tuple[Any, datetime] | None:
    """The value kept under a name and when it was."""
    with database.read() as connection:
        found = connection.execute(
            select(facts.c.value, facts.c.at).where(facts.c.site == site, facts.c.name == name)
        ).first()
    return None if found is None else (found[0], found[1])
