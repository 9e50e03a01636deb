"""Who changed what: change rows in words, and taking one back."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from plugins.contract import MODES
from plugins.settings import fields_of
from webhooks import modes, settings_store
from webhooks.roles import CARETAKERS
from webhooks.settings_store import EVERYWHERE
from webhooks.tables import changes, settings
from webhooks.views.console_here import service, words
from webhooks.views.console_plugin_facts import blocked_reasons, categories
from webhooks.views.console_setting_fields import shown_value


def shown_changes(name: str, declared: type[Any] | None, limit: int = 50) -> list[dict[str, Any]]:
    """The newest changes of a plugin ("" is the host), secrets hidden; `declared` is its settings class."""
    say = words()
    fields = {field.name: field for field in fields_of(declared)} if declared else {}
    rooms = dict(categories())
    with service().database.read() as connection:
        rows = settings_store.history(connection, service().site, name, limit)
    made = []
    for row in rows:
        where = ""
        if row["category_id"] != EVERYWHERE:
            where = rooms.get(row["category_id"]) or say("common.category_number", id=row["category_id"])
        field = fields.get(row["name"])
        made.append(
            {
                "id": row["id"],
                "at": row["at"],
                "who": row["who"],
                "label": _label(row["name"], say.pick(field.label) if field else "", where),
                "old": _value(row["name"], field, row["old"], not where),
                "new": _value(row["name"], field, row["new"], not where),
                "can_restore": (field is not None and field.widget != "secret")
                or row["name"].startswith("mode")
                or row["name"] == CARETAKERS,
            }
        )
    return made


def _label(name: str, field_label: str, where: str) -> str:
    say = words()
    if name == "mode" or name.startswith("mode:"):
        rule = name.partition(":")[2]
        place = ", ".join(part for part in (where, say("plugins.rule", rule=rule) if rule else "") if part)
        return say("plugins.change_mode_in", where=place) if place else say("plugins.change_mode")
    label = say("duty.rooms") if name == CARETAKERS else field_label or name
    return say("plugins.change_in", name=label, where=where) if where else label


def _value(name: str, field: Any, value: Any, whole: bool) -> str:
    say = words()
    if name == "mode" or name.startswith("mode:"):
        whole = whole and name == "mode"
        return say(f"modes.{value}") if value in MODES else say("modes.watch" if whole else "plugins.nothing")
    if value is None:
        return say("plugins.nothing")
    if field is None:
        return ", ".join(str(one) for one in value) or say("plugins.nothing") if isinstance(value, list) else str(value)
    return shown_value(field, value)


def put_back_change(connection: Connection, plugin: str, change_id: int, *, who: str, now: datetime) -> str:
    """Set what a change row changed to what it was before; "" when done, else a sentence why not."""
    site = service().site
    row = connection.execute(
        select(changes).where(changes.c.site == site, changes.c.plugin == plugin, changes.c.id == change_id)
    ).first()
    if row is None:
        return words()("errors.s404")
    if row.name == "mode" or row.name.startswith("mode:"):
        return _mode_back(connection, plugin, row, who, now)
    if row.old is not None:
        settings_store.save(
            connection, site, plugin, {row.name: row.old}, who=who, now=now, category_id=row.category_id
        )
        return ""
    key = (settings.c.site == site, settings.c.plugin == plugin, settings.c.name == row.name)
    gone = connection.execute(delete(settings).where(*key, settings.c.category_id == row.category_id)).rowcount
    if gone:
        settings_store.record(
            connection, site, plugin, row.name, row.new, None, who=who, now=now, category_id=row.category_id
        )
    return ""


def _mode_back(connection: Connection, name: str, row: Any, who: str, now: datetime) -> str:
    plugin = service().registry.get(name)
    rule = row.name.partition(":")[2]
    if plugin is None:
        return words()("errors.s404")
    if row.old in ("propose", "act") and (blocked := blocked_reasons(connection, plugin)):
        return " ".join([words()("plugins.blocked"), *(one["text"] for one in blocked)])
    modes.set_mode(connection, service().site, name, row.old, who=who, now=now, category_id=row.category_id, rule=rule)
    return ""
