"""How far a plugin may go: off, watch, propose, act; per plugin, overridden per category and per rule."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from plugins.contract import MODES, Mode
from webhooks import announce, cases
from webhooks.settings_store import EVERYWHERE, record
from webhooks.tables import modes
from webhooks.upsert import upsert


class ModeRefused(Exception):  # noqa: N818 -- it names what happened
    """A mode cannot be set; the message says what must be done first."""


def lower(*several: Mode) -> Mode:
    """The lowest of some modes."""
    return min(several, key=MODES.index)


def mode_of(connection: Connection, site: int, plugin: str, category_id: int | None = None, rule: str = "") -> Mode:
    """The mode that managers set, the nearest word first: category and rule, category, rule, plugin; else watch.

    A plugin that is off is off everywhere, and one without a published why-page and announcement only watches.
    """
    said = _said(connection, site, plugin)
    everywhere: Mode = said.get((EVERYWHERE, ""), "watch")
    if everywhere == "off":
        return "off"
    places = ((category_id or EVERYWHERE, rule), (category_id or EVERYWHERE, ""), (EVERYWHERE, rule))
    chosen = next((said[place] for place in places if place in said), everywhere)
    if chosen in ("propose", "act") and announce.missing(connection, site, plugin):
        return "watch"
    return chosen


def set_mode(
    connection: Connection,
    site: int,
    plugin: str,
    mode: Mode | None,
    *,
    who: str,
    now: datetime,
    category_id: int = EVERYWHERE,
    rule: str = "",
) -> None:
    """Set a mode; None takes an override back.

    :raises ModeRefused: why-page or announcement are not published, or nobody has looked at the plugin's cases.
    """
    if mode in ("propose", "act") and (lacking := hindrance(connection, site, plugin)):
        raise ModeRefused(lacking)
    key = {"site": site, "plugin": plugin, "category_id": category_id, "rule": rule}
    before = _said(connection, site, plugin).get((category_id, rule))
    if mode is None:
        connection.execute(delete(modes).where(*(modes.c[name] == value for name, value in key.items())))
    else:
        upsert(connection, modes, key, {"mode": mode})
    if before != mode:
        name = f"mode:{rule}" if rule else "mode"
        record(connection, site, plugin, name, before, mode, who=who, now=now, category_id=category_id)


def hindrance(connection: Connection, site: int, plugin: str) -> str:
    """What keeps a plugin in watch, as a sentence; "" where nothing does."""
    lacking = announce.missing(connection, site, plugin)
    if lacking:
        return f"Publish first: {', '.join(lacking)}. Until then this plugin only watches."
    if cases.seen(connection, site, plugin) is None:
        return "Look at ten cases of this plugin's first, in the console. Until then it only watches."
    return ""


def overrides(connection: Connection, site: int, plugin: str) -> dict[tuple[int, str], Mode]:
    """Every mode that was set for a plugin, by (category id or 0, rule or "")."""
    return _said(connection, site, plugin)


def _said(connection: Connection, site: int, plugin: str) -> dict[tuple[int, str], Mode]:
    rows = connection.execute(
        select(modes.c.category_id, modes.c.rule, modes.c.mode).where(modes.c.site == site, modes.c.plugin == plugin)
    )
    return {(row[0], row[1]): row[2] for row in rows}
