"""What a member is reading or writing, and what may be suggested beside it."""

import json
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.doors import Viewer

ANSWERS = ("useful", "not_useful", "not_now", "never")
"""What a member may answer to a suggestion."""

_LONGEST_DATA = 2_000


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in the composer, or a topic being read (`text` is then empty). Never stored, never logged.

    `topic_id` is the topic read, or the one a reply or an edit belongs to; `asked` is true where the writer pressed
    "help me" rather than merely paused, `sending` where the post is about to leave: then only what `holds_save` is
    shown. Private messages never come here.
    """

    place: Literal["topic", "composer"]
    viewer: Viewer
    topic_id: int | None = None
    title: str = ""
    text: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    action: Literal["read", "new_topic", "reply", "edit"] = "read"
    asked: bool = False
    sending: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link into the forum. The host shows it only where the viewer may open it now, under the topic's title as the
    memory has it; `lang` is the language of what is there, "" where that needs no saying.
    """

    topic_id: int
    post_number: int | None = None
    title: str = ""
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may help: `why` in one line, `links` the posts that say so, `note` what else to know ("away until
    Monday"). Names come from the memory; the host leaves out who opted out, and whose links the viewer cannot open.
    """

    id: int
    why: str
    links: tuple[Link, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the member may ask for with one click, drawn as a button named `label`; see `@plugin.offer(name)`.

    `data` comes back to the handler unchanged (it is signed: at most 2,000 characters of JSON); `person` puts the
    button beside that person of the suggestion.
    """

    name: str
    label: str
    data: Mapping[str, Any] = field(default_factory=dict)
    person: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """An offer that a member clicked: what `@plugin.offer(name)` gets."""

    name: str
    data: Mapping[str, Any]
    member_id: int
    suggestion_key: str
    topic_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: `key` identifies it for verdicts and for staying closed.

    `why` is one line in the viewer's language. The host shows one suggestion at a time over all plugins, the one of
    the highest `priority` (0 to 1) first; `answers` are those offered below it, `data` (signed, at most 2,000
    characters of JSON) comes back with the verdict, `holds_save` asks the composer to wait for the writer once.
    """

    key: str
    kind: str
    title: str
    why: str
    text: str = ""
    links: tuple[Link, ...] = ()
    people: tuple[Person, ...] = ()
    answers: tuple[str, ...] = ANSWERS
    priority: float = 0.5
    holds_save: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    lang: str = ""


def links_of(suggestion: Suggestion) -> tuple[Link, ...]:
    """Its own links and those of its people."""
    return (*suggestion.links, *(link for person in suggestion.people for link in person.links))


def faults_of(suggestion: object, offered: Collection[str]) -> Iterator[str]:
    """Why a suggestion cannot be shown, as sentences for its author; `offered` are the plugin's offers by name."""
    if not isinstance(suggestion, Suggestion):
        yield f"an inline handler gives a list of Suggestion, not of {type(suggestion).__name__}"
        return
    if not 1 <= len(suggestion.key) <= 200 or not suggestion.key.isprintable():
        yield "key= is 1 to 200 printable characters"
    for name in ("kind", "title", "why"):
        if not getattr(suggestion, name).strip():
            yield f"{name}= is empty"
    if set(suggestion.answers) - set(ANSWERS):
        yield f"answers= are some of {', '.join(ANSWERS)}"
    if not math.isfinite(suggestion.priority):
        yield "priority= is a number from 0 to 1"
    if not _is_small(suggestion.data):
        yield f"data= is no JSON of at most {_LONGEST_DATA} characters"
    if not all(isinstance(one, Person) for one in suggestion.people):
        yield "people= are Person"
        return
    if not all(isinstance(one, Link) for one in links_of(suggestion)):
        yield "links= are Link"
    yield from _faults_of_offers(suggestion, offered)


def _faults_of_offers(suggestion: Suggestion, offered: Collection[str]) -> Iterator[str]:
    people = {one.id for one in suggestion.people}
    for offer in suggestion.offers:
        if offer.name not in offered:
            yield f"there is no @plugin.offer({offer.name!r})"
        if not offer.label.strip():
            yield f"the offer {offer.name!r} has no label"
        if offer.person is not None and offer.person not in people:
            yield f"the offer {offer.name!r} stands beside a person who is not in people="
        if not _is_small(offer.data):
            yield f"the data of the offer {offer.name!r} is no JSON of at most {_LONGEST_DATA} characters"


def _is_small(data: Mapping[str, Any]) -> bool:
    try:
        return len(json.dumps(dict(data))) <= _LONGEST_DATA
    except (TypeError, ValueError):
        return False
