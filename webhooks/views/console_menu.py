"""The side menu: what this person's roles may open, with what waits there."""

from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select

from webhooks.tables import alerts, outbox
from webhooks.views.console_guard import LEADS, MANAGERS, Person
from webhooks.views.console_here import service, words
from webhooks.views.console_scope import acts_of, alerts_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu."""

    title: str
    path: str
    current: bool
    count: int = 0
    key: str = ""

    @property
    def counted(self) -> bool:
        """Whether something can wait there: its number is then kept up to date in place."""
        return self.key in ("queue", "alerts")


@dataclass(frozen=True, slots=True)
class Group:
    """Lines of the menu under a title."""

    title: str
    entries: tuple[Entry, ...]


def menu_for(person: Person, path: str) -> tuple[Group, ...]:
    """The menu's groups; those without an entry are left out."""
    say = words()

    def entry(key: str, endpoint: str, count: int = 0) -> Entry:
        to = url_for(endpoint)
        here = path == to or (to != "/console" and path.startswith(to + "/") and "/page/" not in path)
        return Entry(say(f"nav.{key}"), to, here, count, key)

    daily = [entry("home", "console_home.page")]
    setup: list[Entry] = []
    if person.may(*MANAGERS):
        queued, alarmed = waiting_counts(person)
        daily += [
            entry("queue", "console_queue.page", queued),
            entry("alerts", "console_alerts.page", alarmed),
            entry("activity", "console_activity.page"),
        ]
        setup += [entry("plugins", "console_plugins.page"), entry("duty", "console_duty.page")]
        setup += [entry("house", "console_settings.house"), entry("health", "console_health.page")]
    if person.may(*LEADS):
        setup += [
            entry("voice", "console_voice.page"),
            entry("why", "console_why.page"),
            entry("access", "console_access.page"),
        ]
    pages = [
        Entry(say.pick(page.title, page.slug), to, path == to)
        for plugin in service().registry
        for page in plugin.pages
        if person.may(*page.roles)
        for to in [url_for("console_pages.plugin_page", name=plugin.name, slug=page.slug)]
    ]
    groups = (
        Group("", tuple(daily)),
        Group(say("nav.group_pages"), tuple(pages)),
        Group(say("nav.group_setup"), tuple(setup)),
    )
    return tuple(group for group in groups if group.entries)


def waiting_counts(person: Person) -> tuple[int, int]:
    """How many acts wait for this person's decision, and how many alerts are open for him or her."""
    site = service().site
    with service().database.read() as connection:
        queued = select(func.count()).where(outbox.c.site == site, outbox.c.state == "proposed", *acts_of(person))
        alarmed = select(func.count()).where(alerts.c.site == site, alerts.c.closed_at.is_(None), *alerts_of(person))
        return connection.execute(queued).scalar_one(), connection.execute(alarmed).scalar_one()
