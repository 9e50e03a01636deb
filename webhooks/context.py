"""What a handler is handed: all it may touch, over one connection that becomes one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from connector.forum import Forum
from plugins.blocks import Anchor
from plugins.contract import Mode, Plugin
from plugins.doors import Answer, ArchiveDoor, CalendarDoor, Context, InlineContext, Say
from webhooks import budget, wishes
from webhooks.asking import Asking
from webhooks.calendar import calendar_of
from webhooks.decisions import NOBODY, Desk, Hand
from webhooks.feedback import Links
from webhooks.forum_door import QueueingForum
from webhooks.house import House
from webhooks.saying import Saying, language_of
from webhooks.service import Service
from webhooks.settings_store import house_of, settings_of
from webhooks.tables import shared
from webhooks.upsert import upsert


@dataclass(frozen=True)
class Shared:
    """`ctx.shared`: what plugins publish by name. Writing needs a context that may write."""

    connection: Callable[[], Connection]
    site: int
    plugin: str
    now: datetime
    writable: bool
    is_on: Callable[[str], bool]

    def get(self, name: str) -> Any | None:
        row = self.connection().execute(
            select(shared.c.value, shared.c.plugin).where(shared.c.site == self.site, shared.c.name == name)
        ).first()  # fmt: skip
        return row[0] if row is not None and self.is_on(row[1]) else None

    def publish(self, name: str, value: Any) -> None:
        if not self.writable:
            raise PermissionError("an inline handler or a page publishes nothing")
        upsert(
            self.connection(), shared, {"site": self.site, "name": name},
            {"plugin": self.plugin, "value": value, "at": self.now},
        )  # fmt: skip


@dataclass(frozen=True)
class Consent:
    """`ctx.consent`: see `plugins.doors.ConsentDoor`."""

    connection: Callable[[], Connection]
    site: int
    plugin: str
    now: datetime
    house: House
    links: Links
    language: Callable[[int], str]

    def opted_out(self, member_id: int, *, topic: str | None = None) -> bool:
        return wishes.opted_out(self.connection(), self.site, member_id, self.plugin, topic, self.now)

    def agreed(self, member_id: int) -> bool:
        return wishes.agreed(self.connection(), self.site, member_id, self.plugin, self.now)

    def away_until(self, member_id: int) -> datetime | None:
        return wishes.away_until(self.connection(), self.site, member_id, self.plugin, self.now)

    def attention_left(self, member_id: int) -> int:
        return budget.attention_left(self.connection(), self.site, member_id, self.house, self.now)

    def feedback_links(self, once: str, member_id: int, answers: Sequence[str] = ()) -> str:
        return self.links.line(self.plugin, once, member_id, self.language(member_id), answers)

    def feedback_anchors(self, once: str, member_id: int, answers: Sequence[Answer]) -> tuple[Anchor, ...]:
        return self.links.anchors(self.plugin, once, member_id, self.language(member_id), answers)


@dataclass(frozen=True)
class HostInlineContext:
    """`plugins.doors.InlineContext`: it has no `forum`, so whoever tries to write fails at once."""

    plugin: Plugin
    service: Service
    archive: ArchiveDoor
    calendar: CalendarDoor
    shared: Shared
    consent: Consent
    desk: Desk
    settings: Any
    db: Session
    say: Say
    now: datetime
    log: Any

    @property
    def site(self) -> int:
        return self.service.site

    @property
    def data_dir(self) -> Path:
        return self.service.folder_of(self.plugin.name)

    def settings_for(self, category_id: int | None) -> Any:
        return settings_of(self.db.connection(), self.service.site, self.plugin, category_id)


@dataclass(frozen=True)
class HostContext(HostInlineContext):
    """`plugins.doors.Context`: all a handler may touch."""

    forum: QueueingForum


@dataclass(frozen=True)
class Ground:
    """What one run stands on: whose handler, why it runs, how far it may go."""

    plugin: Plugin
    cause: str = ""
    ceiling: Mode = "act"
    now: datetime | None = None
    archive: ArchiveDoor | None = None
    forum: Callable[[], Forum] | None = None
    lang: str = ""
    """The language of whoever reads a page; "": that of the site."""
    hand: Hand = NOBODY


def inline_context(service: Service, session: Session, ground: Ground) -> InlineContext:
    """A context that cannot write, for drafts, pages, measures and feeds."""
    return HostInlineContext(**_parts(service, session, ground, writable=False))


def write_context(service: Service, session: Session, ground: Ground) -> HostContext:
    """A context for a handler; whoever made it calls `keep` when the handler has ended well."""
    parts = _parts(service, session, ground, writable=True)
    asking = Asking(
        connection=session.connection,
        archive=parts["archive"],
        names=service.names,
        site=service.site,
        key=service.config.signing_key(),
        plugin=ground.plugin.name,
        ceiling=ground.ceiling,
        cause=ground.cause,
        now=parts["now"],
        by=ground.hand.who,
    )
    forum = QueueingForum(asking, ground.forum or (lambda: service.forum))
    return HostContext(**parts, forum=forum)


def keep(context: HostContext) -> None:
    """Store what the run asked for and said, in its own transaction."""
    connection = context.db.connection()
    context.forum.keep(connection)
    if isinstance(context.say, Saying):
        context.say.keep(connection, context.service.site)


def _parts(service: Service, session: Session, ground: Ground, *, writable: bool) -> dict[str, Any]:
    plugin, site = ground.plugin, service.site
    archive = ground.archive or service.archive
    now = ground.now or service.clock.now()
    house = house_of(session.connection(), site)
    return {
        "plugin": plugin,
        "service": service,
        "archive": archive,
        "calendar": calendar_of(session.connection(), service.config, house, session.connection),
        "shared": Shared(session.connection, site, plugin.name, now, writable, service.is_on),
        "consent": Consent(
            session.connection, site, plugin.name, now, house, Links(service.config, service.clock.now),
            lambda member: (
                wishes.language(session.connection(), site, member) or language_of(archive, member, service.config)
            ),
        ),
        "desk": Desk(session.connection, site, plugin.name, now, writable, ground.hand),
        "settings": settings_of(session.connection(), site, plugin),
        "db": session,
        "say": Saying(plugin, service.config, archive, session.connection, ground.lang),
        "now": now,
        "log": structlog.get_logger(f"passerelle.{plugin.name}").bind(plugin=plugin.name),
    }  # fmt: skip


def conforming(context: HostContext, inline: HostInlineContext) -> tuple[Context, InlineContext]:
    """The type checker proves here that the host offers just what the protocols promise."""
    return context, inline
