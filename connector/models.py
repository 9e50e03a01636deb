"""What Discourse talks about, as frozen values: no network, no database, the same for API answers and web hooks.

`from_payload` takes what any core from 3.1 to the newest sends: keys may be missing, null, or of another shape. Only a
payload without a usable id is refused, with `BadPayload`. None always means "not told", which is not "no".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from connector.errors import BadPayload
from connector.fields import flag, mapping, mappings, maybe, moment, names, whole, wholes, wording, words

REGULAR, MODERATOR, SMALL_ACTION, WHISPER = 1, 2, 3, 4
"""The four values of `Post.post_type`."""

_LIKE = 2
_GONE = ("@anonymized.invalid", "@no-email.invalid")

Payload = Mapping[str, Any]


def _id_of(payload: Payload, what: str) -> int:
    number = whole(payload.get("id"))
    if number is None:
        raise BadPayload(f"a {what} without an id")
    return number


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
            id=_id_of(payload, "category"),
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
class Member:
    """A person (or bot) of the forum.

    `groups` is None where the payload did not name them (lists, likes, posts), () where there are none. `email` and
    `locale` are told by web hooks only; `suspended_till` while suspended only.
    """

    id: int
    username: str = ""
    name: str = ""
    trust_level: int | None = None
    admin: bool | None = None
    moderator: bool | None = None
    title: str | None = None
    groups: tuple[str, ...] | None = None
    locale: str | None = None
    email: str | None = None
    staged: bool = False
    active: bool | None = None
    approved: bool | None = None
    suspended_till: datetime | None = None
    created_at: datetime | None = None
    last_seen_at: datetime | None = None
    last_posted_at: datetime | None = None
    bio: str = ""
    location: str = ""
    website: str = ""
    timezone: str | None = None
    post_count: int | None = None
    avatar_template: str = ""
    user_fields: tuple[tuple[str, str], ...] = ()

    @property
    def is_bot(self) -> bool:
        """System, discobot and other accounts of the forum's own: their ids are negative."""
        return self.id < 0

    @property
    def is_gone(self) -> bool:
        """Anonymised or merged away: Discourse tells it by a made-up address only."""
        return bool(self.email) and (self.email or "").endswith(_GONE)

    @property
    def is_shadow(self) -> bool:
        """A posting-anonymously account, never to be joined to the person behind it."""
        return "@anon." in (self.email or "")

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        fields = mapping(payload.get("user_fields")).items()
        return cls(
            id=_id_of(payload, "member"),
            username=words(payload.get("username")),
            name=words(payload.get("name")),
            trust_level=whole(payload.get("trust_level")),
            admin=maybe(payload.get("admin")),
            moderator=maybe(payload.get("moderator")),
            title=wording(payload.get("title")),
            groups=names(payload["groups"]) if payload.get("groups") is not None else None,
            locale=wording(payload.get("locale")),
            email=wording(payload.get("email")),
            staged=flag(payload.get("staged")),
            active=maybe(payload.get("active")),
            approved=maybe(payload.get("approved")),
            suspended_till=moment(payload.get("suspended_till")),
            created_at=moment(payload.get("created_at")),
            last_seen_at=moment(payload.get("last_seen_at")),
            last_posted_at=moment(payload.get("last_posted_at")),
            bio=words(payload.get("bio_raw")),
            location=words(payload.get("location")),
            website=words(payload.get("website")),
            timezone=wording(payload.get("timezone")),
            post_count=whole(payload.get("post_count")),
            avatar_template=words(payload.get("avatar_template")),
            user_fields=tuple((words(key), words(value)) for key, value in fields if words(value)),
        )


@dataclass(frozen=True, slots=True)
class Post:
    """A post. `like_count` and `accepted` are None where the payload does not say (web hooks leave them out)."""

    id: int
    topic_id: int | None = None
    post_number: int | None = None
    user_id: int | None = None
    username: str = ""
    name: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    cooked: str = ""
    raw: str | None = None
    post_type: int = REGULAR
    reply_to_post_number: int | None = None
    hidden: bool = False
    deleted_at: datetime | None = None
    user_deleted: bool = False
    action_code: str | None = None
    like_count: int | None = None
    accepted: bool | None = None
    version: int | None = None
    wiki: bool = False
    trust_level: int | None = None
    staff: bool = False
    edit_reason: str | None = None
    topic_archetype: str | None = None
    topic_title: str | None = None
    topic_slug: str | None = None
    category_id: int | None = None

    @property
    def is_whisper(self) -> bool:
        return self.post_type == WHISPER

    @property
    def is_small_action(self) -> bool:
        """A line such as "closed this topic": no words of its author's."""
        return self.post_type == SMALL_ACTION

    @property
    def is_shown(self) -> bool:
        """A member's words that every reader of the topic sees: no small action, whisper, hidden or deleted post."""
        standing = self.deleted_at is None and not self.user_deleted and not self.hidden
        return standing and self.post_type in (REGULAR, MODERATOR)

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        actions = payload.get("actions_summary")
        likes = sum(whole(one.get("count")) or 0 for one in mappings(actions) if whole(one.get("id")) == _LIKE)
        return cls(
            id=_id_of(payload, "post"),
            topic_id=whole(payload.get("topic_id")),
            post_number=whole(payload.get("post_number")),
            user_id=whole(payload.get("user_id")),
            username=words(payload.get("username")),
            name=words(payload.get("name")),
            created_at=moment(payload.get("created_at")),
            updated_at=moment(payload.get("updated_at")),
            cooked=words(payload.get("cooked")),
            raw=words(payload["raw"]) if payload.get("raw") is not None else None,
            post_type=whole(payload.get("post_type")) or REGULAR,
            reply_to_post_number=whole(payload.get("reply_to_post_number")),
            hidden=flag(payload.get("hidden")),
            deleted_at=moment(payload.get("deleted_at")),
            user_deleted=flag(payload.get("user_deleted")),
            action_code=wording(payload.get("action_code")),
            like_count=None if actions is None else likes,
            accepted=maybe(payload.get("accepted_answer")),
            version=whole(payload.get("version")),
            wiki=flag(payload.get("wiki")),
            trust_level=whole(payload.get("trust_level")),
            staff=flag(payload.get("staff")),
            edit_reason=wording(payload.get("edit_reason")),
            topic_archetype=wording(payload.get("topic_archetype")),
            topic_title=wording(payload.get("topic_title")),
            topic_slug=wording(payload.get("topic_slug")),
            category_id=whole(payload.get("category_id")),
        )


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic, with the posts that came along.

    `stream` holds the ids of all its posts that the reader may see, in order, and is None where nobody told them (web
    hooks, lists, topics above 10,000 posts). `archetype` None means unknown: treat it as private.
    """

    id: int
    title: str = ""
    slug: str = ""
    category_id: int | None = None
    tags: tuple[str, ...] = ()
    created_at: datetime | None = None
    user_id: int | None = None
    visible: bool = True
    closed: bool = False
    archived: bool = False
    archetype: str | None = None
    deleted_at: datetime | None = None
    posts_count: int | None = None
    highest_post_number: int | None = None
    pinned: bool = False
    pinned_globally: bool = False
    external_id: str | None = None
    last_posted_at: datetime | None = None
    bumped_at: datetime | None = None
    like_count: int | None = None
    views: int | None = None
    word_count: int | None = None
    accepted_post_number: int | None = None
    has_accepted_answer: bool | None = None
    stream: tuple[int, ...] | None = None
    posts: tuple[Post, ...] = ()

    @property
    def is_private_message(self) -> bool:
        """True unless it is known to be a regular topic or a banner."""
        return self.archetype not in ("regular", "banner")

    @property
    def missing_post_ids(self) -> tuple[int, ...]:
        """The posts of the stream that did not come along."""
        here = {post.id for post in self.posts}
        return tuple(number for number in self.stream or () if number not in here)

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        posts = mapping(payload.get("post_stream"))
        creator = mapping(payload.get("created_by")) or mapping(mapping(payload.get("details")).get("created_by"))
        accepted = mapping(payload.get("accepted_answer"))
        return cls(
            id=_id_of(payload, "topic"),
            title=words(payload.get("title")),
            slug=words(payload.get("slug")),
            category_id=whole(payload.get("category_id")),
            tags=names(payload.get("tags")),
            created_at=moment(payload.get("created_at")),
            user_id=_first_whole(payload.get("user_id"), creator.get("id")),
            visible=payload.get("visible") is None or flag(payload.get("visible")),
            closed=flag(payload.get("closed")),
            archived=flag(payload.get("archived")),
            archetype=wording(payload.get("archetype")),
            deleted_at=moment(payload.get("deleted_at")),
            posts_count=whole(payload.get("posts_count")),
            highest_post_number=whole(payload.get("highest_post_number")),
            pinned=flag(payload.get("pinned")),
            pinned_globally=flag(payload.get("pinned_globally")),
            external_id=wording(payload.get("external_id")),
            last_posted_at=moment(payload.get("last_posted_at")),
            bumped_at=moment(payload.get("bumped_at")),
            like_count=whole(payload.get("like_count")),
            views=whole(payload.get("views")),
            word_count=whole(payload.get("word_count")),
            accepted_post_number=whole(accepted.get("post_number")),
            has_accepted_answer=maybe(payload.get("has_accepted_answer")),
            stream=wholes(posts["stream"]) if posts.get("stream") is not None else None,
            posts=posts_of(posts.get("posts")),
        )


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `messageable_level` and `visibility_level` run from 0 (nobody / everybody) as in Discourse."""

    id: int
    name: str = ""
    full_name: str = ""
    automatic: bool = False
    user_count: int | None = None
    visibility_level: int | None = None
    members_visibility_level: int | None = None
    messageable_level: int | None = None

    @classmethod
    def from_payload(cls, payload: Payload) -> Self:
        return cls(
            id=_id_of(payload, "group"),
            name=words(payload.get("name")),
            full_name=words(payload.get("full_name")),
            automatic=flag(payload.get("automatic")),
            user_count=whole(payload.get("user_count")),
            visibility_level=whole(payload.get("visibility_level")),
            members_visibility_level=whole(payload.get("members_visibility_level")),
            messageable_level=whole(payload.get("messageable_level")),
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


def posts_of(value: object) -> tuple[Post, ...]:
    """The posts of an array, leaving out what is none."""
    return tuple(Post.from_payload(one) for one in mappings(value) if whole(one.get("id")) is not None)


def _numbered(value: object) -> tuple[tuple[int, str], ...]:
    read = ((whole(one.get("id")), words(one.get("name"))) for one in mappings(value))
    return tuple((number, name) for number, name in read if number is not None)


def _first_whole(*values: object) -> int | None:
    return next((number for number in map(whole, values) if number is not None), None)
