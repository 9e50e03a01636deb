"""The last look before anything is shown: may this viewer open each link now, and do the people named still want to be?

What a plugin gives was found a moment ago, or is its own memory; what counts is what the tables say now.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select, tuple_

from connector.archive.tables import members, posts, topics
from plugins.doors import Viewer
from plugins.inline import Link, Suggestion, links_of
from webhooks.service import Service
from webhooks.tables import wishes


@dataclass(frozen=True, slots=True)
class Named:
    """A member as the memory names him."""

    username: str
    name: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What may be shown of a suggestion, and the names of its people by their id."""

    suggestion: Suggestion
    names: Mapping[int, Named]


def checked(
    service: Service, connection: Connection, viewer: Viewer, plugin: str, suggestion: Suggestion, now: datetime
) -> Checked | None:
    """The suggestion with only what this viewer may see; None where nothing that speaks for it is left."""
    classes = viewer.audience.classes if viewer.audience is not None else frozenset()
    titles = readable(connection, service.site, classes, set(links_of(suggestion)))
    names = willing(service, connection, plugin, {one.id for one in suggestion.people}, now)
    willing_ones = [one for one in suggestion.people if one.id in names]
    # Whoever was named for what he wrote is not named without it.
    people = tuple(
        replace(one, links=links)
        for one in willing_ones
        if (links := _titled(one.links, titles)) or not one.links
    )  # fmt: skip
    links = _titled(suggestion.links, titles)
    had_links, had_people = bool(links_of(suggestion)), bool(suggestion.people)
    if (had_links and not links and not any(one.links for one in people)) or (had_people and not people and not links):
        return None
    there = {one.id for one in people}
    offers = tuple(one for one in suggestion.offers if one.person is None or one.person in there)
    return Checked(replace(suggestion, links=links, people=people, offers=offers), names)


def readable(connection: Connection, site: int, classes: Collection[str], links: Collection[Link]) -> dict[Link, str]:
    """The title behind each of these links that readers of these classes may open now."""
    if not links or not classes:
        return {}
    told = select(topics.c.id, topics.c.title).where(
        topics.c.site == site,
        topics.c.id.in_({link.topic_id for link in links}),
        topics.c.state == "known",
        topics.c.visible,
        topics.c.visibility.in_(sorted(classes)),
    )
    titles = {row.id: row.title for row in connection.execute(told)}
    places = {(link.topic_id, link.post_number) for link in links if link.post_number is not None}
    shown: set[tuple[int, int | None]] = set()
    if places:
        standing = select(posts.c.topic_id, posts.c.post_number).where(
            posts.c.site == site,
            tuple_(posts.c.topic_id, posts.c.post_number).in_(sorted(places)),
            posts.c.shown,
            posts.c.visibility.in_(sorted(classes)),
        )
        shown = {(row.topic_id, row.post_number) for row in connection.execute(standing)}
    return {
        link: titles[link.topic_id]
        for link in links
        if link.topic_id in titles and (link.post_number is None or (link.topic_id, link.post_number) in shown)
    }


def willing(
    service: Service, connection: Connection, plugin: str, ids: Collection[int], now: datetime
) -> dict[int, Named]:
    """Who of these members may be named: known, no machine, not suspended, and not opted out of this plugin."""
    if not ids:
        return {}
    refused = select(wishes.c.member_id).where(
        wishes.c.site == service.site,
        wishes.c.member_id.in_(sorted(ids)),
        wishes.c.plugin.in_(("", plugin)),
        wishes.c.subject == "",
        wishes.c.kind.in_(("never", "snoozed")),
        or_(wishes.c.until.is_(None), wishes.c.until > now),
    )
    unwilling = set(connection.execute(refused).scalars())
    told = select(members.c.id, members.c.username, members.c.name, members.c.suspended_till).where(
        members.c.site == service.site, members.c.id.in_(sorted(ids)), members.c.id > 0
    )
    bots = {service.config.api_username.lower()}
    return {
        row.id: Named(row.username, row.name)
        for row in connection.execute(told)
        if row.id not in unwilling
        and row.username
        and row.username.lower() not in bots
        and (row.suspended_till is None or row.suspended_till <= now)
    }


def _titled(links: Iterable[Link], titles: Mapping[Link, str]) -> tuple[Link, ...]:
    return tuple(replace(link, title=titles[link]) for link in links if link in titles)
