"""Settings at rest: one row a value, one change row a save, overrides per category. Plugin "" is the host itself."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from plugins.contract import Plugin
from plugins.settings import apply_overrides, from_json
from webhooks.house import House
from webhooks.tables import changes, settings
from webhooks.upsert import upsert

HOST = ""
EVERYWHERE = 0


def stored(connection: Connection, site: int, plugin: str, category_id: int = EVERYWHERE) -> dict[str, Any]:
    """What managers have set for a plugin (in one category), as JSON values by name."""
    rows = connection.execute(
        select(settings.c.name, settings.c.value).where(
            settings.c.site == site, settings.c.plugin == plugin, settings.c.category_id == category_id
        )
    )
    return {row[0]: row[1] for row in rows}


def settings_of(connection: Connection, site: int, plugin: Plugin, category_id: int | None = None) -> Any:
    """A plugin's settings object, with a category's overrides where one is named; None where it has no settings."""
    if plugin.settings is None:
        return None
    general = from_json(plugin.settings, stored(connection, site, plugin.name))
    if not category_id:
        return general
    return apply_overrides(general, stored(connection, site, plugin.name, category_id))


def house_of(connection: Connection, site: int) -> House:
    """The host's own settings."""
    return from_json(House, stored(connection, site, HOST))


def save(
    connection: Connection,
    site: int,
    plugin: str,
    values: Mapping[str, Any],
    *,
    who: str,
    now: datetime,
    category_id: int = EVERYWHERE,
    replace: bool = False,
) -> int:
    """Store JSON values; gives how many changed, each with its change row. `replace` drops what is not named."""
    before = stored(connection, site, plugin, category_id)
    changed = 0
    for name, value in values.items():
        if name in before and before[name] == value:
            continue
        key = {"site": site, "plugin": plugin, "category_id": category_id, "name": name}
        upsert(connection, settings, key, {"value": value})
        record(connection, site, plugin, name, before.get(name), value, who=who, now=now, category_id=category_id)
        changed += 1
    for name in set(before) - set(values) if replace else ():
        connection.execute(
            delete(settings).where(
                settings.c.site == site,
                settings.c.plugin == plugin,
                settings.c.category_id == category_id,
                settings.c.name == name,
            )
        )
        record(connection, site, plugin, name, before[name], None, who=who, now=now, category_id=category_id)
        changed += 1
    return changed


def record(
    connection: Connection,
    site: int,
    plugin: str,
    name: str,
    old: Any,
    new: Any,
    *,
    who: str,
    now: datetime,
    category_id: int = EVERYWHERE,
) -> None:
    """Add a change row: who changed what from what to what, and when."""
    connection.execute(
        insert(changes).values(
            site=site, plugin=plugin, category_id=category_id, name=name, old=old, new=new, who=who, at=now
        )
    )


def history(connection: Connection, site: int, plugin: str, limit: int = 100) -> list[dict[str, Any]]:
    """A plugin's changes, newest first: name, category_id, old, new, who, at."""
    rows = connection.execute(
        select(changes)
        .where(changes.c.site == site, changes.c.plugin == plugin)
        .order_by(changes.c.id.desc())
        .limit(limit)
    )
    return [dict(row) for row in rows.mappings()]
