"""What concerns this person: leads everything, whoever looks after some categories what happens in those alone."""

from collections.abc import Mapping
from typing import Any

from flask import g
from sqlalchemy import ColumnElement, select

from connector.archive import tables as memory
from webhooks.tables import alerts, outbox
from webhooks.views.console_guard import Person
from webhooks.views.console_here import service


def acts_of(person: Person) -> list[ColumnElement[bool]]:
    """Conditions under which acts of the outbox concern this person; none for whoever sees everything."""
    return [] if person.rooms is None else [outbox.c.category_id.in_(person.rooms)]


def alerts_of(person: Person) -> list[ColumnElement[bool]]:
    """Conditions under which alerts concern this person."""
    if person.rooms is None:
        return []
    mine = select(outbox.c.id).where(outbox.c.site == service().site, outbox.c.category_id.in_(person.rooms))
    return [alerts.c.outbox_id.in_(mine)]


def topics_of(person: Person) -> list[ColumnElement[bool]]:
    """Conditions under which topics of the memory concern this person."""
    return [] if person.rooms is None else [memory.topics.c.category_id.in_(person.rooms)]


def is_closed_to(person: Person, category_id: int | None) -> bool:
    """Whether a category's words are not for this person's eyes: whoever looks after the community reads no closed
    room without being let in by the forum.
    """
    if category_id is None:
        return False
    if "readable" not in g:
        g.readable = service().archive.audience_for(person.groups, person.member_id or None).classes
    category = service().archive.category(category_id)
    return category is not None and category.visibility not in g.readable


def sees_topic(person: Person, topic_id: Any) -> bool:
    """Whether a topic stands in a category of this person; what is not in the memory is for leads only."""
    if person.rooms is None:
        return True
    topic = service().archive.topic(topic_id) if isinstance(topic_id, int) else None
    return topic is not None and person.sees(topic.category_id)


def room_names(person: Person, named: Mapping[int, str]) -> list[str]:
    """The names of the categories that a person looks after; empty for whoever sees everything."""
    return [named[number] for number in sorted(person.rooms or ()) if number in named]
