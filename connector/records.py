"""What the archive remembers, as frozen records: no I/O, so that plugins and the archive share one vocabulary."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Audience:
    """Who will read: the visibility classes (`public`, `cat:<id>`) that all of these readers may open.

    Made by the archive, never by a plugin; the empty set reads nothing.
    """

    classes: frozenset[str]
    member_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredCategory:
    """A category; `visibility` is `public`, `cat:<id>` (restricted, opted in), `unknown` or `closed` (ids only)."""

    id: int
    name: str
    slug: str
    parent_id: int | None
    visibility: str


@dataclass(frozen=True, slots=True)
class StoredTopic:
    """A topic; `visibility` is its category's class, `solved_post_id` the accepted answer."""

    id: int
    title: str
    slug: str
    category_id: int | None
    tags: tuple[str, ...]
    created_at: datetime
    user_id: int | None
    visible: bool
    closed: bool
    archived: bool
    last_posted_at: datetime | None
    posts_count: int
    solved_post_id: int | None
    visibility: str
    complete: bool = True


@dataclass(frozen=True, slots=True)
class StoredPost:
    """A post: its author's own words (`text`), and apart from them his code; what he quotes is kept where it was said.

    `text` is empty where the post is nothing but code or a picture. `links` are the addresses in it, and relative ones
    (`/t/12/3`) of the posts in other topics that it quotes.
    """

    id: int
    topic_id: int
    post_number: int
    user_id: int | None
    created_at: datetime
    updated_at: datetime
    post_type: int
    reply_to_post_number: int | None
    text: str
    code: str
    links: tuple[str, ...]
    lang: str
    like_count: int
    accepted: bool
    hidden: bool
    visibility: str


@dataclass(frozen=True, slots=True)
class StoredMember:
    """A member: what any member may see of another, and the language he writes or chose (`lang`, "" if unknown)."""

    id: int
    username: str
    name: str
    locale: str
    lang: str
    trust_level: int
    staff: bool
    groups: tuple[str, ...]
    suspended_till: datetime | None
    last_seen_at: datetime | None
    created_at: datetime | None
    named_bot: bool = False

    @property
    def is_bot(self) -> bool:
        """One of the forum's own (below 0), or an account that the admin named as a bot: ours has an id above 0."""
        return self.named_bot or self.id < 0


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer of a search; `lexical` and `semantic` are the parts of `score`, 0 where that part found nothing."""

    topic_id: int
    post_id: int
    user_id: int | None
    score: float
    lexical: float
    semantic: float
    created_at: datetime
    snippet: str


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits, best first; `degraded` is a sentence when a part of the search was not to be had."""

    hits: tuple[Hit, ...]
    degraded: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TopicVectors:
    """Unit vectors of opening posts by topic id, those computed so far; only vectors of one `model` may be compared."""

    model: str
    rows: Mapping[int, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Written:
    """A post with the title and the address word (`slug`) of its topic."""

    post: StoredPost
    title: str
    slug: str


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What an audience may read, or may read no more, since a generation; `generation` is the one it leads to.

    `posts` is read once, as it comes, in no order; `count` says about how many there are. `gone` are ids of posts that
    are not to be read (any more); `anew`: whatever was known before counts no more.
    """

    generation: int
    posts: Iterator[Written]
    count: int
    gone: frozenset[int] = frozenset()
    anew: bool = False
