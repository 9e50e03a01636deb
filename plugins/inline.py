"""What a member is reading or writing, and what may be suggested beside it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from plugins.doors import Viewer


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft in the composer, or a topic being read (`text` is then empty). Never stored, never logged."""

    place: Literal["topic", "composer"]
    viewer: Viewer
    topic_id: int | None = None
    title: str = ""
    text: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    action: Literal["read", "new_topic", "reply"] = "read"
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A link into the forum; `topic_id` lets the host check that the viewer may open it."""

    topic_id: int
    post_number: int | None
    title: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One suggestion: `key` identifies it for verdicts and for staying closed.

    `why` is one line in the viewer's language.
    """

    key: str
    kind: str
    title: str
    why: str
    text: str = ""
    links: tuple[Link, ...] = ()
    people: tuple[Mapping[str, Any], ...] = ()
    answers: tuple[str, ...] = ("useful", "not_useful", "not_now", "never")
    priority: float = 0.5
    holds_save: bool = False
    data: Mapping[str, Any] = field(default_factory=dict)
