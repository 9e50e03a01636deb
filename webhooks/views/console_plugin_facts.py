"""What the plugin pages show: titles, counts, what keeps a plugin in watch, its cases."""

from datetime import timedelta
from typing import Any

from flask import abort, url_for
from sqlalchemy import Connection, func, select

from plugins.contract import Mode, Plugin
from webhooks import announce, blanking, cases, modes
from webhooks.settings_store import EVERYWHERE
from webhooks.tables import outbox
from webhooks.views.console_acts import Names, acts
from webhooks.views.console_guard import Person, someone
from webhooks.views.console_here import forum_path, now, service, words
from webhooks.views.console_scope import acts_of, sees_topic


def title_of(plugin: Plugin) -> str:
    """The plugin's title in the reader's language."""
    return words().pick(plugin.title, plugin.name.replace("_", " "))


def known_plugin(name: str) -> Plugin:
    """The plugin of this name. :raises 404: there is none."""
    plugin = service().registry.get(name)
    if plugin is None:
        abort(404)
    return plugin


def paragraphs(plugin: Plugin) -> list[str]:
    """What the plugin says of itself, paragraph by paragraph."""
    about = plugin.about_in(words().lang)
    return [" ".join(part.split()) for part in about.strip().split("\n\n") if part.strip()]


def plugin_card(connection: Connection, plugin: Plugin) -> dict[str, Any]:
    """One plugin in the list of all."""
    site, since = service().site, now() - timedelta(days=7)
    states = {
        row[0]: int(row[1])
        for row in connection.execute(
            select(outbox.c.state, func.count())
            .where(
                outbox.c.site == site,
                outbox.c.plugin == plugin.name,
                outbox.c.created_at >= since,
                *acts_of(someone()),
            )
            .group_by(outbox.c.state)
        )
    }
    return {
        "name": plugin.name,
        "title": title_of(plugin),
        "summary": (paragraphs(plugin) or [""])[0],
        "mode": modes.overrides(connection, site, plugin.name).get((EVERYWHERE, ""), "watch"),
        "has_settings": plugin.settings is not None,
        "would": states.get("watched", 0),
        "waiting": states.get("proposed", 0),
        "sent": states.get("sent", 0),
    }


def shown_plugin(plugin: Plugin, mode: Mode, person: Person) -> dict[str, Any]:
    """One plugin with the pages that this person may open."""
    return {
        "name": plugin.name,
        "title": title_of(plugin),
        "about": paragraphs(plugin),
        "mode": mode,
        "has_settings": plugin.settings is not None,
        "measures": plugin.measures,
        "pages": [
            {
                "title": words().pick(page.title, page.slug),
                "path": url_for("console_pages.plugin_page", name=plugin.name, slug=page.slug),
            }
            for page in plugin.pages
            if person.may(*page.roles)
        ],
    }


def blocked_reasons(connection: Connection, plugin: Plugin) -> list[dict[str, str]]:
    """Why the plugin may not leave watch, each with the page that mends it; empty when it may."""
    say, site = words(), service().site
    why = url_for("console_why.page")
    reasons = [
        {"text": say(f"plugins.blocked_{kind}"), "path": why, "link": say("plugins.blocked_link")}
        for kind in announce.missing(connection, site, plugin.name)
    ]
    if cases.seen(connection, site, plugin.name) is None:
        here = url_for("console_plugins.detail", name=plugin.name) + "#cases"
        reasons.append({"text": say("plugins.blocked_cases"), "path": here, "link": say("plugins.blocked_cases_link")})
    return reasons


def shown_cases(plugin: Plugin) -> list[dict[str, Any]]:
    """Ten cases: those of the last replay over history, else the newest of what it noted while watching."""
    names = Names()
    with service().database.read() as connection:
        kept = cases.kept(connection, service().site, plugin.name)
    if kept:
        return [
            {
                **one,
                "title": names.topic(one["topic"]) if one["topic"] else one["title"],
                "path": forum_path(one["topic"]),
            }
            for one in kept
            if sees_topic(someone(), one["topic"])
        ]
    with_words = outbox.c.text != blanking.BLANK
    found = acts(outbox.c.plugin == plugin.name, outbox.c.state == "watched", with_words, limit=cases.WANTED)
    return [
        {"why": act.why, "title": act.target or act.title, "path": act.path, "at": act.created_at, "text": act.text}
        for act in found
    ]


def categories() -> list[tuple[int, str]]:
    """The categories whose content the memory may hold and that concern the reader, by name."""
    found = [
        (one.id, one.name)
        for one in service().archive.categories()
        if one.visibility not in ("unknown", "closed") and someone().sees(one.id)
    ]
    return sorted(found, key=lambda one: one[1].lower())
