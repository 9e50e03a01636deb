"""One suggestion for a draft or a topic being read: which plugins may speak here, what they say, what may be shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from plugins.contract import Mode, Plugin
from plugins.inline import Draft
from webhooks import duty, modes, pause, peace, wishes
from webhooks.inline_check import Checked, checked
from webhooks.inline_running import Found, run_all
from webhooks.service import Service
from webhooks.tables import verdicts

INLINE = "inline"
"""The subject of a wish that stops help beside texts alone, and no message."""
SILENT_FOR = timedelta(days=30)
"""How long the same suggestion stays away from whoever found it not useful."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The suggestion to show, with where it belongs; `watched`: its plugin only watches, so managers alone see it."""

    plugin: Plugin
    checked: Checked
    watched: bool
    draft: Draft


def suggest(service: Service, draft: Draft, closed: Collection[str]) -> Chosen | None:
    """The best suggestion that this viewer has neither closed nor answered for good; None, which is the usual answer.

    `closed` are names of suggestions as `name_of` gives them.
    """
    now = service.clock.now()
    if draft.viewer.audience is None or not draft.viewer.audience.classes:
        return None
    with service.database.read() as connection:
        placed = _placed(service, connection, draft, now)
        plugins = [] if placed is None else speaking(service, connection, placed, now)
    if placed is None or not plugins:
        return None
    found = [one for one in run_all(service, plugins, placed) if one.suggestion.holds_save or not draft.sending]
    found.sort(key=lambda one: (-one.suggestion.priority, one.plugin.name, one.suggestion.key))
    with service.database.read() as connection:
        silent = _answered(connection, service.site, placed, found, now)
        for one in found:
            name = name_of(one.plugin.name, one.suggestion.key)
            if name in closed or (one.plugin.name, one.suggestion.key) in silent:
                continue
            fit = checked(service, connection, placed.viewer, one.plugin.name, one.suggestion, now)
            if fit is not None:
                return Chosen(one.plugin, fit, one.watched, placed)
    return None


def name_of(plugin: str, key: str) -> str:
    """What a suggestion is called on the page: keys of two plugins may be equal."""
    return f"{plugin}/{key}"


def mode_here(service: Service, connection: Connection, plugin: str, category_id: int | None, now: datetime) -> Mode:
    """How far a plugin may go beside a text of a category, which is no further than watch while nobody is on duty."""
    mode = modes.mode_of(connection, service.site, plugin, category_id)
    if mode in ("propose", "act") and duty.is_unattended(connection, service.site, now):
        return "watch"
    return mode


def _placed(service: Service, connection: Connection, draft: Draft, now: datetime) -> Draft | None:
    """The draft with its topic's own category; None where nothing is to be said in that place."""
    if pause.is_paused(connection, service.site):
        return None
    classes = draft.viewer.audience.classes if draft.viewer.audience is not None else frozenset()
    if draft.topic_id is None:
        if draft.category_id is None:
            return draft
        room = service.archive.category(draft.category_id)
        return draft if room is not None and room.visibility in classes else None
    topic = service.archive.topic(draft.topic_id)
    if topic is None or not topic.visible or topic.visibility not in classes:
        return None
    if peace.held_by(connection, service.site, topic.id, now):
        return None
    return replace(draft, category_id=topic.category_id)


def speaking(service: Service, connection: Connection, draft: Draft, now: datetime) -> list[tuple[Plugin, bool]]:
    """The plugins that may speak here to this viewer, and whether each only watches."""
    found = []
    for plugin in service.registry:
        if not any(spec.place == draft.place for spec in plugin.inlines):
            continue
        mode = mode_here(service, connection, plugin.name, draft.category_id, now)
        if mode == "off" or (mode == "watch" and not draft.viewer.is_manager):
            continue
        member = draft.viewer.member_id
        if member is not None and wishes.opted_out(connection, service.site, member, plugin.name, INLINE, now):
            continue
        found.append((plugin, mode == "watch"))
    return found


def _answered(
    connection: Connection, site: int, draft: Draft, found: Collection[Found], now: datetime
) -> set[tuple[str, str]]:
    """Which of these the member said no to within the last month."""
    if draft.viewer.member_id is None or not found:
        return set()
    said = select(verdicts.c.plugin, verdicts.c.once).where(
        verdicts.c.site == site,
        verdicts.c.member_id == draft.viewer.member_id,
        verdicts.c.once.in_(sorted({one.suggestion.key for one in found})),
        verdicts.c.answer != "useful",
        verdicts.c.at > now - SILENT_FOR,
    )
    return {(row.plugin, row.once) for row in connection.execute(said)}
