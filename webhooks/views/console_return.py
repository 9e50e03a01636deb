"""Back from an absence: the ten things that matter, so that nobody has to read everything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import func, select

from connector.records import StoredTopic
from webhooks import peace
from webhooks.tables import absences, outbox
from webhooks.views.console_acts import acts, said_by_host
from webhooks.views.console_guard import Person
from webhooks.views.console_here import forum_path, now, service, words
from webhooks.views.console_scope import acts_of, alerts_of

MOST = 10
SHOWN_FOR = timedelta(days=7)
"""How long after the last day of an absence the page still begins with it: many work part time."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that matters, where it is, and why it does."""

    text: str
    path: str | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class BackFrom:
    """An absence that has just ended, and what mattered meanwhile."""

    span: str
    things: tuple[Thing, ...]


def back_from(person: Person) -> BackFrom | None:
    """The absence that ended within a week, with at most ten things; None for who was not away."""
    moment, site = now(), service().site
    with service().database.read() as connection:
        away = connection.execute(
            select(absences)
            .where(
                absences.c.site == site,
                absences.c.username == person.username,
                absences.c.ends <= moment,
                absences.c.ends > moment - SHOWN_FOR,
            )
            .order_by(absences.c.ends.desc())
        ).first()
    if away is None:
        return None
    things = [
        *_alerts(person),
        *_queue(),
        *_unanswered(person, away.starts),
        *_lively(person, away.starts),
        *_done(person, away.starts, away.deputy),
    ]
    return BackFrom(words().span(away.ends - away.starts), tuple(things[:MOST]))


def _alerts(person: Person) -> list[Thing]:
    say = words()
    with service().database.read() as connection:
        found = peace.open_alerts(connection, service().site, *alerts_of(person), limit=3)
    path = url_for("console_alerts.page")
    return [
        Thing(say("home.back_alert", title=said_by_host(one)["title"]), f"{path}#alert-{one['id']}") for one in found
    ]


def _queue() -> list[Thing]:
    say = words()
    path = url_for("console_queue.page")
    found = acts(outbox.c.state == "proposed", limit=3, oldest_first=True)
    return [Thing(say("home.back_queue", title=one.target), f"{path}#act-{one.id}", one.why) for one in found]


def _topics(person: Person, since: datetime, *, unanswered: bool | None = None) -> list[StoredTopic]:
    archive = service().archive
    found = archive.topics(archive.audience_public(), since=since, unanswered=unanswered, limit=200)
    return [topic for topic in found if person.sees(topic.category_id)]


def _unanswered(person: Person, since: datetime) -> list[Thing]:
    say = words()
    open_ones = _topics(person, since, unanswered=True)[:3]
    return [Thing(say("home.back_topic", title=one.title), forum_path(one.id)) for one in open_ones]


def _lively(person: Person, since: datetime) -> list[Thing]:
    say = words()
    busiest = sorted(_topics(person, since), key=lambda topic: -topic.posts_count)[:2]
    return [Thing(say("home.back_busy", title=one.title), forum_path(one.id)) for one in busiest if one.posts_count > 4]


def _done(person: Person, since: datetime, deputy: str) -> list[Thing]:
    say = words()
    with service().database.read() as connection:
        count = connection.execute(
            select(func.count()).where(
                outbox.c.site == service().site,
                outbox.c.state == "sent",
                outbox.c.sent_at >= since,
                *acts_of(person),
            )
        ).scalar_one()
    made = [Thing(say("home.back_sent", n=count), url_for("console_activity.page", state="sent"))] if count else []
    return [*made, Thing(say("home.back_deputy", name=deputy), None)] if deputy else made
