"""What Discourse talks about, as frozen values: no network, no database, the same for API answers and web hooks.

`from_payload` takes what any core from 3.1 to the newest sends: keys may be missing, null, or of another shape. Only a
payload without a usable id is refused, with `BadPayload`. None always means "not told", which is not "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from connector.fields import flag, id_of, mapping, mappings, maybe, whole, wording, words
from connector.people import Group, Member
from connector.topics import MODERATOR, REGULAR, SMALL_ACTION, WHISPER, Post, Topic, posts_of

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Category:
    """A category; `read_restricted` None means that nobody said whether everybody may read it: treat it as closed.

    `group_permissions` holds (group name, level) with 1 full, 2 reply, 3 see; only admins and web hooks tell it.
    """

    id: int
    name: str = ""
    slug: str = ""
    parent_id: int | None = None
    read_restricted: bool | None = None
    permission: int | None = None
    group_permissions: tuple[tuple[str, int], ...] = ()
    color: str = ""
    text_color: str = ""
    position: int | None = None
    description: str = ""
    topic_url: str | None = None
    topic_template: str | None = None
    topic_count: int | None = None
    minimum_required_tags: int = 0

    @property
    def is_public(self) -> bool:
        """True only where the forum said that everybody who may enter it may read this category."""
        return self.read_restricted is False

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        granted = (
            (words(one.get("group_name")), whole(one.get("permission_type")))
            for one in mappings(payload.get("group_permissions"))
        )
        return cls(
            id=id_of(payload, "category"),
            name=words(payload.get("name")),
            slug=words(payload.get("slug")),
            parent_id=whole(payload.get("parent_category_id")),
            read_restricted=maybe(payload.get("read_restricted")),
            permission=whole(payload.get("permission")),
            group_permissions=tuple((name, level) for name, level in granted if name and level is not None),
            color=words(payload.get("color")),
            text_color=words(payload.get("text_color")),
            position=whole(payload.get("position")),
            description=words(payload.get("description_text")),
            topic_url=wording(payload.get("topic_url")),
            topic_template=wording(payload.get("topic_template")),
            topic_count=whole(payload.get("topic_count")),
            minimum_required_tags=whole(payload.get("minimum_required_tags")) or 0,
        )


@dataclass(frozen=True, slots=True)
class SiteInfo:
    """What `/site.json` tells the acting member: categories he may see, groups by id, kinds of flags by their key."""

    categories: tuple[Category, ...] = ()
    groups: tuple[tuple[int, str], ...] = ()
    flags: tuple[tuple[str, int], ...] = ()
    archetypes: tuple[str, ...] = ()
    uncategorized_category_id: int | None = None
    can_tag_topics: bool = False
    user_fields: tuple[tuple[int, str], ...] = ()

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        kinds = tuple(mappings(payload.get("post_action_types")))
        return cls(
            categories=tuple(Category.from_payload(one) for one in mappings(payload.get("categories"))),
            groups=_numbered(payload.get("groups")),
            flags=tuple(
                (words(one.get("name_key")), number)
                for one in kinds
                if flag(one.get("is_flag")) and (number := whole(one.get("id"))) is not None
            ),
            archetypes=tuple(words(one.get("id")) for one in mappings(payload.get("archetypes"))),
            uncategorized_category_id=whole(payload.get("uncategorized_category_id")),
            can_tag_topics=flag(payload.get("can_tag_topics")),
            user_fields=_numbered(payload.get("user_fields")),
        )


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a write that the forum took.

    `queued_for_review` means that moderators must first approve it: there is no post yet. `facts` holds the rest worth
    keeping (post_number, short_url, …), as plain JSON values and never a text of the post.
    """

    post_id: int | None = None
    topic_id: int | None = None
    url: str | None = None
    queued_for_review: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """One web hook delivery whose signature was right; see `connector.events`.

    `name` is Discourse's event name, `type` the root key of the body, `payload` the object under it. `instance` and
    `delivery_id` come from headers that nobody signed: hints only. `body_hash` is the SHA-256 of the raw body in hex.
    Deliveries of one `lane` ("topic:12", "user:3", "category:4", "group:2", "other") are handled one after another.
    """

    name: str
    type: str
    payload: Payload
    instance: str
    delivery_id: str
    body_hash: str
    lane: str
    known: bool = True

    @property
    def is_private_message(self) -> bool:
        """True when it is about a topic or post of a private message, or does not say that it is not."""
        if self.type == "topic":
            return self.payload.get("archetype") not in ("regular", "banner")
        if self.type in ("post", "solved", "like"):
            post = mapping(self.payload.get("post")) if self.type == "like" else self.payload
            return post.get("topic_archetype") not in ("regular", "banner")
        return False

    def topic(self) -> Topic:
        """The topic of a topic event, as it was when the event fired."""
        return Topic.from_payload(self.payload)

    def post(self) -> Post:
        """The post of a post, like or solved event, as it was when the event fired."""
        return Post.from_payload(mapping(self.payload.get("post")) if self.type == "like" else self.payload)

    def member(self) -> Member:
        """The member of a user or user_promoted event; for a like, the one who liked."""
        return Member.from_payload(mapping(self.payload.get("user")) if self.type == "like" else self.payload)


def _numbered(value: object) -> tuple[tuple[int, str], ...]:
    read = ((whole(one.get("id")), words(one.get("name"))) for one in mappings(value))
    return tuple((number, name) for number, name in read if number is not None)


__all__ = [
    "MODERATOR",
    "REGULAR",
    "SMALL_ACTION",
    "WHISPER",
    "Category",
    "Event",
    "Group",
    "Member",
    "Payload",
    "Post",
    "Sent",
    "SiteInfo",
    "Topic",
    "posts_of",
]
