"""A member's own page as a file: everything we hold about whoever is logged in, as JSON that other programs read.

The shape is described in docs/privacy.md; `format` changes whenever a program that reads it would have to.
"""

import json
from typing import Any

from sqlalchemy import Connection, Table, select

from webhooks import wishes
from webhooks.tables import access_log, outbox, sessions, taken, verdicts
from webhooks.views.blocks_json import as_plain
from webhooks.views.console_access import looks_at
from webhooks.views.console_guard import Person
from webhooks.views.console_here import now, service
from webhooks.views.me_facts import card_blocks, received

FORMAT = "passerelle-member/1"
MOST = 10_000
"""Rows of one kind; nobody has come near."""


def as_json(person: Person) -> str:
    """All of it, indented, in UTF-8."""
    host = service()
    archive = host.archive
    posts = archive.posts_of_member(person.member_id, archive.audience_for(person.groups, person.member_id), limit=MOST)
    with host.database.read() as connection:
        found = {
            "format": FORMAT,
            "made_at": now(),
            "forum": host.config.forum_url,
            "member": {"id": person.member_id, "username": person.username, "groups": person.groups},
            "posts": [{"topic": one.topic_id, "post": one.id, "at": one.created_at, "text": one.text} for one in posts],
            "plugins": _plugins(person.member_id),
            "received": received(person.member_id, limit=MOST),
            "messages": _mine(connection, outbox, person, "recipient_id", "sent_at", "plugin", "title", "text"),
            "wishes": wishes.wishes_of(connection, host.site, person.member_id),
            "answers": _mine(connection, verdicts, person, "member_id", "at", "plugin", "answer", "reason"),
            "offers_taken": _mine(connection, taken, person, "member_id", "at", "plugin", "said"),
            "who_looked": looks_at(connection, person.member_id, limit=MOST),
            "pages_i_opened": _mine(connection, access_log, person, "viewer_id", "at", "page"),
            "logins_that_end": _mine(connection, sessions, person, "member_id", "expires"),
        }
    return json.dumps(as_plain(found), ensure_ascii=False, indent=2)


def _plugins(member_id: int) -> list[dict[str, Any]]:
    """What each plugin says of the member; `known` is null where it could not say it just now."""
    told = []
    for plugin in service().registry:
        for hook in plugin.card_hooks:
            told.append({"plugin": plugin.name, "known": card_blocks(plugin, hook, member_id)})
    return told


def _mine(
    connection: Connection, table: Table, person: Person, whose: str, order: str, *more: str
) -> list[dict[str, Any]]:
    """The member's own rows of a table, oldest first: the column they are ordered by, and these others."""
    columns = [table.c[order], *(table.c[name] for name in more)]
    mine = (table.c.site == service().site, table.c[whose] == person.member_id)
    rows = connection.execute(select(*columns).where(*mine, table.c[order].is_not(None)).order_by(table.c[order]))
    return [dict(row._mapping) for row in rows.fetchmany(MOST)]
