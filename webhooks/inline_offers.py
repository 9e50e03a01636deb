"""A member takes an offer: looked at once more, run as every handler that may write, and done once for all."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import Connection, delete, select

from plugins.contract import OfferSpec, Plugin
from plugins.doors import Viewer
from plugins.inline import Taken
from webhooks import pause, peace
from webhooks.context import Ground, HostContext
from webhooks.handling import handle
from webhooks.inline_signing import Offered
from webhooks.inline_suggesting import mode_here
from webhooks.service import Service
from webhooks.tables import taken
from webhooks.upsert import add_once

if TYPE_CHECKING:
    from connector.archive.forgotten import Forgotten

Barred = Literal["gone", "closed", "paused", "stopped"]
"""The topic is gone, or closed; all is paused; the plugin offers nothing any more, or nothing there."""


@dataclass(frozen=True, slots=True)
class Taking:
    """How it went: what the plugin `said`, why it makes no sense any more (`barred`), or neither: it failed."""

    said: str = ""
    barred: Barred | None = None


def digest_of(offered: Offered) -> str:
    """What an offer is known by, whenever it was drawn."""
    told = [offered.plugin, offered.name, offered.data, offered.member_id, offered.suggestion_key]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def said_before(connection: Connection, site: int, digests: Collection[str]) -> Mapping[str, str]:
    """What was said for each of these offers that was taken already."""
    if not digests:
        return {}
    rows = connection.execute(
        select(taken.c.digest, taken.c.said).where(taken.c.site == site, taken.c.digest.in_(sorted(digests)))
    )
    return {row.digest: row.said for row in rows}


def take(service: Service, offered: Offered, viewer: Viewer) -> Taking:
    """Do what was offered to this viewer, unless it was done already; its acts are in the outbox when this returns."""
    plugin = service.registry.get(offered.plugin)
    spec = next((one for one in plugin.offers if one.name == offered.name), None) if plugin is not None else None
    if plugin is None or spec is None:
        return Taking(barred="stopped")
    digest, now = digest_of(offered), service.clock.now()
    with service.database.read() as connection:
        before = said_before(connection, service.site, (digest,))
        barred = None if before else _barred(service, connection, offered, viewer, now)
    if before or barred is not None:
        return Taking(said=before.get(digest, ""), barred=barred)
    ground = Ground(plugin, cause=f"offer:{digest[:48]}")
    handle(service, ground, spec.func.__name__, lambda context: _run(plugin, spec, offered, digest, context))
    with service.database.read() as connection:
        return Taking(said=said_before(connection, service.site, (digest,)).get(digest, ""))


def forget(connection: Connection, site: int, member_id: int, forgotten: "Forgotten") -> None:
    """Drop what an erased member took, and what was said that speaks of him."""
    rows = connection.execute(select(taken.c.digest, taken.c.said, taken.c.member_id).where(taken.c.site == site)).all()
    gone = [row.digest for row in rows if row.member_id == member_id or forgotten.speaks_of(row.said)]
    for digest in gone:
        connection.execute(delete(taken).where(taken.c.site == site, taken.c.digest == digest))


def _barred(
    service: Service, connection: Connection, offered: Offered, viewer: Viewer, now: datetime
) -> Barred | None:  # fmt: skip
    if pause.is_paused(connection, service.site):
        return "paused"
    category = offered.category_id
    if offered.topic_id is not None:
        topic = service.archive.topic(offered.topic_id)
        classes = viewer.audience.classes if viewer.audience is not None else frozenset()
        if topic is None or not topic.visible or topic.visibility not in classes:
            return "gone"
        if topic.closed or topic.archived:
            return "closed"
        if peace.held_by(connection, service.site, topic.id, now):
            return "stopped"
        category = topic.category_id
    mode = mode_here(service, connection, offered.plugin, category, now)
    return "stopped" if mode in ("off", "watch") else None


def _run(plugin: Plugin, spec: OfferSpec, offered: Offered, digest: str, context: HostContext) -> None:
    told = Taken(offered.name, offered.data, offered.member_id, offered.suggestion_key, offered.topic_id)
    said: Any = spec.func(told, context)
    if not isinstance(said, str) or not said.strip():
        raise TypeError(f"the offer {offered.name!r} of {plugin.name} said nothing to the member")
    # Last, because from here on nobody else can write; two tabs that click at once have both merged into one.
    add_once(context.db.connection(), taken, ["site", "digest"], {
        "site": context.site, "digest": digest, "plugin": plugin.name,
        "member_id": offered.member_id, "said": said.strip()[:500], "at": context.now,
    })  # fmt: skip
