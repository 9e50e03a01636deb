"""What is known of one member, gathered for that member alone."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select

from connector.archive import tables as memory
from plugins.blocks import Notice, Table
from plugins.contract import Plugin
from webhooks import budget, wishes
from webhooks.settings_store import house_of
from webhooks.tables import attention, concerns, outbox, verdicts
from webhooks.views import blocks
from webhooks.views.console_acts import Names
from webhooks.views.console_guard import Person
from webhooks.views.console_here import now, service, speak_to, words
from webhooks.views.console_plugin_calls import ask
from webhooks.views.console_plugin_facts import title_of

_REACHED = ("sent", "undone")


def choices(member_id: int) -> dict[str, Any]:
    """What the member wished so far, as the form shows it."""
    with service().database.read() as connection:
        said = wishes.wishes_of(connection, service().site, member_id)
    live = [one for one in said if one["until"] is None or one["until"] > now()]
    held = {(one["kind"], one["plugin"]) for one in live if one["kind"] in ("never", "agreed") and not one["subject"]}
    away = max((one["until"] for one in live if one["kind"] == "away" and one["until"]), default=None)
    return {
        "all": ("never", "") in held,
        "plugins": [
            {
                "name": plugin.name,
                "title": title_of(plugin),
                "wanted": ("never", plugin.name) not in held,
                "named": ("agreed", plugin.name) in held,
            }
            for plugin in service().registry
        ],
        "away_until": _last_day(away),
        "language": next((one["subject"] for one in live if one["kind"] == "speaks"), ""),
    }


def own_language(person: Person) -> None:
    """Speak the member's own language on this page: the one wished for here, else the forum's for this account."""
    member = service().archive.member(person.member_id)
    with service().database.read() as connection:
        wished = wishes.language(connection, service().site, person.member_id)
    speak_to(wished or (member.locale if member else ""))


def facts(person: Person) -> list[tuple[str, str]]:
    """The plain facts that the memory and the host hold."""
    say, host = words(), service()
    member = host.archive.member(person.member_id)
    with host.database.read() as connection:
        written = connection.execute(
            select(func.count()).where(memory.posts.c.site == host.site, memory.posts.c.user_id == person.member_id)
        ).scalar_one()
        answered = connection.execute(
            select(func.count()).where(verdicts.c.site == host.site, verdicts.c.member_id == person.member_id)
        ).scalar_one()
    rows = [(say("me.fact_member"), f"{person.username} (#{person.member_id})")]
    if member is None:
        rows.append((say("me.known"), say("me.unknown")))
    else:
        language = (member.lang or member.locale or "")[:2].lower()
        known = say(f"me.language_{language}") if say.has(f"me.language_{language}") else language
        rows.append((say("me.fact_language"), known or "–"))
        rows.append((say("me.fact_groups"), ", ".join(_told_groups(member.groups)) or "–"))
    return [*rows, (say("me.fact_posts"), say.number(written)), (say("me.fact_verdicts"), say.number(answered))]


def _told_groups(groups: Sequence[str]) -> list[str]:
    """Groups, of the forum's five trust levels only the highest: it holds those below."""
    levels = sorted(name for name in groups if name.startswith("trust_level_"))
    return [name for name in groups if name not in levels[:-1]]


def cards(member_id: int) -> list[dict[str, Any]]:
    """What each plugin says it knows of the member, drawn; what it could not say just now is a sentence."""
    made = []
    for plugin in service().registry:
        here, broken = url_for("member_pages.send_card", name=plugin.name), [Notice(words()("me.card_broken"))]
        said = [card_blocks(plugin, hook, member_id) for hook in plugin.card_hooks]
        found = [block for part in said for block in (broken if part is None else part)]
        drawn = blocks.draw(found, forum_url=service().config.forum_url, words=words(), here=here, level=4)
        if said:
            made.append({"name": plugin.name, "title": title_of(plugin), "drawn": drawn})
    return made


def tables(received: list[dict[str, Any]], looks: list[dict[str, Any]]) -> tuple[Markup, Markup]:
    """What the member received, and who looked, drawn as any other table."""
    say, url = words(), service().config.forum_url
    came = Table(
        [say("common.when"), say("common.what"), say("common.why")],
        [[one["at"], one["what"], one["why"]] for one in received],
        empty=say("me.received_none"),
        caption=say("me.received"),
    )
    seen = Table(
        [say("common.when"), say("common.who"), say("access.page")],
        [[one["at"], one["who"], one["page"]] for one in looks],
        empty=say("me.looked_none"),
        caption=say("me.looked"),
    )
    return blocks.draw([came], forum_url=url, words=say), blocks.draw([seen], forum_url=url, words=say)


def received(member_id: int, limit: int = 100) -> list[dict[str, Any]]:
    """What reached the member, or named the member to others, newest first: at, what, why."""
    say, site, names = words(), service().site, Names()
    query = (
        select(outbox, attention.c.kind.label("spent"))
        .join(concerns, (concerns.c.outbox_id == outbox.c.id) & (concerns.c.site == outbox.c.site))
        .outerjoin(attention, (attention.c.outbox_id == outbox.c.id) & (attention.c.member_id == member_id))
        .where(outbox.c.site == site, concerns.c.member_id == member_id, outbox.c.state.in_(_REACHED))
        .order_by(outbox.c.id.desc())
        .limit(limit)
    )
    with service().database.read() as connection:
        rows = connection.execute(query).all()
    return [
        {
            "at": row.sent_at or row.created_at,
            "what": f"{names.plugin(row.plugin)}: {say(f'verbs.{row.verb}')}",
            "why": row.why,
        }
        for row in rows
    ]


def attention_left(member_id: int) -> int:
    """How many messages the member may still get this week, over all plugins."""
    site = service().site
    with service().database.read() as connection:
        return budget.attention_left(connection, site, member_id, house_of(connection, site), now())


def card_blocks(plugin: Plugin, hook: Callable[..., Any], member_id: int) -> list[Any] | None:
    """A card hook's blocks; None where it failed."""
    return ask(plugin, list, lambda context: list(hook(member_id, context))).value


def _last_day(until: datetime | None) -> str:
    if until is None:
        return ""
    return (until.astimezone(words().zone) - timedelta(seconds=1)).date().isoformat()
