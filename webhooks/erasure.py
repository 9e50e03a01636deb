"""A member who left or asked for it vanishes from everything we hold (promise P9).

Texts of acts about the member are blanked, what waited lapses; the archive, every plugin's own tables, the inbox, the
logs of who looked, sessions and wishes forget. What stands in the forum itself is the forum's to erase.
"""

import json
from collections.abc import Callable, Collection
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection, delete, select, update

from webhooks import cases
from webhooks.context import Ground
from webhooks.handling import handle
from webhooks.outbox import OPEN
from webhooks.service import Service
from webhooks.tables import (
    access_log,
    alerts,
    attention,
    concerns,
    inbox,
    outbox,
    sessions,
    told,
    verdicts,
    wishes,
)

log = structlog.get_logger("passerelle.erasure")

ERASED = "…"


def erase(service: Service, member_id: int, *, in_archive: bool = True, names: Collection[str] = ()) -> None:
    """Forget a member everywhere; `in_archive=False` where the memory has just done so itself, and knows no name any
    more: `names` are then those that were known before.
    """
    known = {*names, *names_of(service, member_id)}
    if in_archive:
        service.archive.erase_member(member_id)
    _host_tables(service, member_id, known)
    for plugin in service.registry:
        for hook in plugin.forget_hooks:
            ground = Ground(plugin, cause=f"forget:{member_id}", ceiling="off")
            handle(service, ground, hook.__name__, _call(hook, member_id))
    service.archive.scrub()
    log.info("member_erased", member=member_id)


def _call(hook: Callable[..., Any], member_id: int) -> Callable[[Any], Any]:
    return partial(hook, member_id)


def names_of(service: Service, member_id: int) -> frozenset[str]:
    """Username and name under which acts may speak of a member; of one letter alone no text can be told."""
    member = service.archive.member(member_id)
    return frozenset() if member is None else frozenset(one for one in (member.username, member.name) if len(one) > 1)


def _host_tables(service: Service, member_id: int, names: Collection[str]) -> None:
    site, now = service.site, service.clock.now()
    with service.database.begin() as connection:
        about = select(concerns.c.outbox_id).where(concerns.c.site == site, concerns.c.member_id == member_id)
        numbers = set(connection.execute(about).scalars())
        for name in names:
            quoted = select(outbox.c.id).where(
                outbox.c.site == site, outbox.c.text.contains(name, autoescape=True)
                | outbox.c.why.contains(name, autoescape=True) | outbox.c.title.contains(name, autoescape=True),
            )  # fmt: skip
            numbers |= set(connection.execute(quoted).scalars())
        blank: dict[str, object] = {
            "title": ERASED,
            "text": ERASED,
            "why": ERASED,
            "evidence": [],
            "first_text": None,
            "request": None,
        }
        which = outbox.c.id.in_(numbers)
        connection.execute(
            update(outbox).where(which, outbox.c.state.in_(OPEN)).values(state="lapsed", note="member_erased")
        )
        connection.execute(update(outbox).where(which).values(**blank, about=[], data=None))
        connection.execute(
            update(outbox).where(outbox.c.site == site, outbox.c.recipient_id == member_id).values(recipient_id=None)
        )
        connection.execute(
            update(alerts).where(alerts.c.outbox_id.in_(numbers)).values(title=ERASED, text=ERASED, closed_at=now)
        )
        for table in (concerns, attention, verdicts, wishes, told, sessions, access_log):
            connection.execute(delete(table).where(table.c.site == site, table.c.member_id == member_id))
        connection.execute(delete(access_log).where(access_log.c.site == site, access_log.c.viewer_id == member_id))
        connection.execute(
            delete(inbox).where(inbox.c.site == site, inbox.c.lane == f"user:{member_id}", inbox.c.state != "leased")
        )
        _blank_waiting(connection, site, member_id)
        cases.drop_all(connection, site)


def _blank_waiting(connection: Connection, site: int, member_id: int) -> None:
    """Deliveries that still wait keep their ids, which is all that is needed to ask the forum what is left."""
    waiting = select(inbox.c.id, inbox.c.payload).where(inbox.c.site == site, inbox.c.payload.is_not(None))
    mark = f'"user_id":{member_id}'
    for number, payload in connection.execute(waiting).all():
        if mark in payload:
            connection.execute(update(inbox).where(inbox.c.id == number).values(payload=_bare(payload)))


def _bare(payload: str) -> str:
    kept = {"id", "topic_id", "topic_archetype", "archetype", "category_id", "user_id", "post_number", "post_type"}
    return json.dumps({name: value for name, value in json.loads(payload).items() if name in kept})
