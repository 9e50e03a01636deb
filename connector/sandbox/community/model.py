"""The records of the invented community: frozen, with deterministic ids, times in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


class CommunityError(ValueError):
    """A source file is wrong; the message names the file, the line where known, and what to mend."""


@dataclass(frozen=True)
class CommunityCategory:
    """A room. ``group_permissions`` maps a group's name to 1 (create), 2 (reply) or 3 (read), as Discourse does."""

    id: int
    key: str
    name: str
    slug: str
    color: str
    description: str
    read_restricted: bool
    group_permissions: Mapping[str, int]


@dataclass(frozen=True)
class CommunityGroup:
    """A forum group with the usernames of its members."""

    id: int
    name: str
    full_name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class CommunityMember:
    """A member. ``key`` is the short name used in the sources; ``site`` a town; ``locale`` "fr" or "en"."""

    id: int
    key: str
    username: str
    name: str
    bio: str
    locale: str
    trust_level: int
    site: str
    time_zone: str
    groups: tuple[str, ...]
    admin: bool
    moderator: bool
    created_at: datetime


@dataclass(frozen=True)
class CommunityPost:
    """A post. ``raw`` is Markdown as Discourse keeps it (quotes as ``[quote="name, post:2, topic:3"]``).

    ``helps`` says that its author really answers the topic's question: known because we wrote it, and never
    shown by the forum; for tests and measures only.
    """

    id: int
    topic_id: int
    number: int
    author: str
    created_at: datetime
    raw: str
    reply_to: int | None
    liked_by: tuple[str, ...]
    hidden: bool
    deleted: bool
    helps: bool


@dataclass(frozen=True)
class CommunityTopic:
    """A topic with its posts in order. ``accepted`` is the number of the accepted post, ``visible`` False = unlisted.

    ``question`` says that the topic asks something; like ``helps`` it is our own knowledge, not the forum's.
    """

    id: int
    key: str
    title: str
    slug: str
    category: str
    tags: tuple[str, ...]
    created_at: datetime
    author: str
    closed: bool
    visible: bool
    question: bool
    accepted: int | None
    posts: tuple[CommunityPost, ...]

    @property
    def path(self) -> str:
        """The topic's address inside the forum."""
        return f"/t/{self.slug}/{self.id}"

    @property
    def answered(self) -> bool:
        """Whether somebody other than the asker really helped."""
        return any(post.helps for post in self.posts)


@dataclass(frozen=True)
class StoryQuestion:
    """A question kept for the demo's story: not in the history. ``experts`` are usernames a human would pick."""

    key: str
    title: str
    raw: str
    category: str
    author: str
    at: datetime
    language: str
    kind: str
    experts: tuple[str, ...]
    never: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Community:
    """The whole invented forum."""

    title: str
    description: str
    now: datetime
    categories: tuple[CommunityCategory, ...]
    groups: tuple[CommunityGroup, ...]
    members: tuple[CommunityMember, ...]
    topics: tuple[CommunityTopic, ...]
    story: tuple[StoryQuestion, ...]
    by_username: Mapping[str, CommunityMember] = field(repr=False)
    by_topic_key: Mapping[str, CommunityTopic] = field(repr=False)

    @property
    def posts(self) -> tuple[CommunityPost, ...]:
        """All posts in the order in which they were written."""
        everything = [post for topic in self.topics for post in topic.posts]
        return tuple(sorted(everything, key=lambda post: post.id))

    def category(self, key: str) -> CommunityCategory:
        """The room with this key; KeyError if there is none."""
        for category in self.categories:
            if category.key == key:
                return category
        raise KeyError(key)
