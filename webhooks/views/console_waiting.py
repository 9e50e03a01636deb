"""What waits for a person: the queue, alerts, what went wrong, and what plugins think deserves a few minutes."""

from typing import Any

from flask import url_for
from sqlalchemy import func, select

from webhooks.inbox import Inbox
from webhooks.tables import outbox
from webhooks.views.console_guard import LEADS, MANAGERS, Person
from webhooks.views.console_here import own_path, service, words
from webhooks.views.console_menu import waiting_counts
from webhooks.views.console_plugin_calls import ask
from webhooks.views.console_scope import acts_of

_MOST = 10


def waiting_for(person: Person) -> list[dict[str, Any]]:
    """Up to ten things, the host's own first, then the plugins' tasks by weight."""
    if not person.may(*MANAGERS):
        return []
    if not person.may(*LEADS):
        return _decisions(person)
    # What went wrong and what plugins would do speaks of the whole forum.
    return [*_decisions(person), *_troubles(), *tasks()][:_MOST]


def tasks() -> list[dict[str, Any]]:
    """What plugins that are on propose to do, heaviest first."""
    found = []
    for plugin in service().registry:
        if not service().is_on(plugin.name):
            continue
        for func_ in plugin.actions:
            found += ask(plugin, list, func_).value or []
    found.sort(key=lambda task: -task.weight)
    return [
        {"title": one.title, "why": one.why, "minutes": one.minutes, "path": own_path(one.path, "/console")}
        for one in found
    ]


def _decisions(person: Person) -> list[dict[str, Any]]:
    say, site = words(), service().site
    queued, alarmed = waiting_counts(person)
    with service().database.read() as connection:
        oldest = connection.execute(
            select(func.min(outbox.c.created_at)).where(
                outbox.c.site == site, outbox.c.state == "proposed", *acts_of(person)
            )
        ).scalar()
        unsure = connection.execute(
            select(func.count()).where(outbox.c.site == site, outbox.c.state == "unsure", *acts_of(person))
        ).scalar_one()
    made = []
    if alarmed:
        made.append({"title": say("home.alerts", n=alarmed), "why": "", "path": url_for("console_alerts.page")})
    if queued:
        why = say("home.queue_why", when=say.moment(oldest))
        made.append({"title": say("home.queue", n=queued), "why": why, "path": url_for("console_queue.page")})
    if unsure:
        path = url_for("console_activity.page", state="unsure")
        made.append({"title": say("home.unsure", n=unsure), "why": say("home.unsure_why"), "path": path})
    return made


def _troubles() -> list[dict[str, Any]]:
    say, host = words(), service()
    aside = Inbox(host.database, host.site, host.clock).counts().get("quarantined", 0)
    if not aside:
        return []
    path = url_for("console_health.page") + "#h-quarantine"
    return [{"title": say("home.quarantine", n=aside), "why": say("home.quarantine_why"), "path": path}]
