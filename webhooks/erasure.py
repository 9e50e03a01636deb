"""A member who left or asked for it vanishes from everything we hold (promise P9).

Texts of acts about the member are blanked, what waited lapses; the archive, every plugin's own tables, the inbox, the
logs of who looked, sessions and wishes forget. What stands in the forum itself is the forum's to erase.
"""

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from sqlalchemy import Column, Connection, Table, delete, select, update

from webhooks import blanking, cases, inline_offers, replaying
from webhooks.context import Ground
from webhooks.handling import handle
from webhooks.service import Service
from webhooks.tables import (
    absences,
    access_log,
    alerts,
    attention,
    changes,
    concerns,
    duty,
    facts,
    inbox,
    outbox,
    peace,
    published,
    sessions,
    settings,
    shared,
    told,
    verdicts,
    wishes,
)

if TYPE_CHECKING:
    from connector.archive.forgotten import Forgotten

log = structlog.get_logger("passerelle.erasure")

_SIGNED: tuple[Column[str], ...] = (
    outbox.c.taken_by,
    outbox.c.decided_by,
    alerts.c.closed_by,
    peace.c.who,
    changes.c.who,
    published.c.edited_by,
    absences.c.deputy,
)
"""Where somebody's username stands alone."""

_JSON: tuple[Column[Any], ...] = (facts.c.value, shared.c.value, settings.c.value, changes.c.old, changes.c.new)
"""Where a username may stand inside."""


def erase(service: Service, member_id: int, *, in_archive: bool = True) -> None:
    """Forget a member everywhere; `in_archive=False` where the memory has just done so itself."""
    if in_archive:
        service.archive.erase_member(member_id)
    _host_tables(service, member_id, service.archive.forgotten())
    # They served for this one: a first name in later texts means somebody else.
    service.archive.drop_common_names()
    replaying.begin_anew(service)
    for plugin in service.registry:
        for hook in plugin.forget_hooks:
            ground = Ground(plugin, cause=f"forget:{member_id}", ceiling="off")
            handle(service, ground, hook.__name__, _call(hook, member_id))
    service.archive.scrub()
    log.info("member_erased", member=member_id)


def _call(hook: Callable[..., Any], member_id: int) -> Callable[[Any], Any]:
    return partial(hook, member_id)


def _host_tables(service: Service, member_id: int, forgotten: "Forgotten") -> None:
    site, now = service.site, service.clock.now()
    with service.database.read() as connection:
        # The acts themselves: `about` need not have named everybody of whom they speak.
        speaking = {
            row["id"]
            for row in blanking.with_words(connection, site)
            if forgotten.speaks_of(blanking.spoken(row))
        }  # fmt: skip
    with service.database.begin() as connection:
        about = select(concerns.c.outbox_id).where(concerns.c.site == site, concerns.c.member_id == member_id)
        numbers = speaking | set(connection.execute(about).scalars())
        blanking.blank(connection, site, numbers, now, blanking.ERASED)
        connection.execute(update(outbox).where(outbox.c.id.in_(about)).values(about=[]))
        connection.execute(
            update(outbox).where(outbox.c.site == site, outbox.c.recipient_id == member_id).values(recipient_id=None)
        )
        for table in (concerns, attention, verdicts, wishes, told, sessions, access_log):
            connection.execute(delete(table).where(table.c.site == site, table.c.member_id == member_id))
        connection.execute(delete(access_log).where(access_log.c.site == site, access_log.c.viewer_id == member_id))
        connection.execute(
            delete(inbox).where(inbox.c.site == site, inbox.c.lane == f"user:{member_id}", inbox.c.state != "leased")
        )
        _blank_waiting(connection, site, member_id, forgotten)
        cases.drop_all(connection, site)
        inline_offers.forget(connection, site, member_id, forgotten)
        _unsign(connection, site, forgotten)


def _unsign(connection: Connection, site: int, forgotten: "Forgotten") -> None:
    """Who decided, planned or stood in stays unnamed from now on."""
    for column in _SIGNED:
        table = column.table
        names = connection.execute(select(column).where(table.c.site == site, column != "").distinct()).scalars().all()
        for name in names:
            if forgotten.knows(name):
                which = (table.c.site == site) & (column == name)
                connection.execute(update(_of(table)).where(which).values({column.name: blanking.BLANK}))
    for table in (duty, absences):
        for name in connection.execute(select(table.c.username).where(table.c.site == site)).scalars().all():
            if forgotten.knows(name):
                connection.execute(delete(table).where(table.c.site == site, table.c.username == name))
    reasons = select(verdicts.c.id, verdicts.c.reason).where(verdicts.c.site == site, verdicts.c.reason != "")
    for row in connection.execute(reasons).all():
        if forgotten.speaks_of(row.reason):
            said = forgotten.scrubbed_whole(row.reason)
            connection.execute(update(verdicts).where(verdicts.c.id == row.id).values(reason=said))
    for column in _JSON:
        _unname_inside(connection, site, column, forgotten)


def _unname_inside(connection: Connection, site: int, column: Column[Any], forgotten: "Forgotten") -> None:
    table = _of(column.table)
    keys = list(table.primary_key.columns)
    rows = connection.execute(select(*keys, column).where(table.c.site == site, column.is_not(None))).all()
    for row in rows:
        *key, value = row
        fresh = _scrubbed(value, forgotten)
        if fresh != value:
            which = [one == part for one, part in zip(keys, key, strict=True)]
            connection.execute(update(table).where(*which).values({column.name: fresh}))


def _scrubbed(value: Any, forgotten: "Forgotten") -> Any:
    if isinstance(value, str):
        return forgotten.scrubbed(value)
    if isinstance(value, Mapping):
        return {forgotten.scrubbed(str(name)): _scrubbed(one, forgotten) for name, one in value.items()}
    return [_scrubbed(one, forgotten) for one in value] if isinstance(value, list) else value


def _of(table: Any) -> Table:
    assert isinstance(table, Table)
    return table


def _blank_waiting(connection: Connection, site: int, member_id: int, forgotten: "Forgotten") -> None:
    """Deliveries that still wait keep their ids, which is all that is needed to ask the forum what is left."""
    waiting = select(inbox.c.id, inbox.c.payload).where(inbox.c.site == site, inbox.c.payload.is_not(None))
    for number, payload in connection.execute(waiting).all():
        content = json.loads(payload)
        if content.get("user_id") == member_id or _scrubbed(content, forgotten) != content:
            connection.execute(update(inbox).where(inbox.c.id == number).values(payload=_bare(content)))


def _bare(content: Mapping[str, Any]) -> str:
    kept = {"id", "topic_id", "topic_archetype", "archetype", "category_id", "user_id", "post_number", "post_type"}
    return json.dumps({name: value for name, value in content.items() if name in kept})
