"""Topics and posts, as `connector.models` offers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from connector.fields import flag, id_of, mapping, mappings, maybe, moment, names, whole, wholes, wording, words

REGULAR, MODERATOR, SMALL_ACTION, WHISPER = 1, 2, 3, 4
"""The four values of `Post.post_type`."""

_LIKE = 2


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
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        actions = payload.get("actions_summary")
        likes = sum(whole(one.get("count")) or 0 for one in mappings(actions) if whole(one.get("id")) == _LIKE)
        return cls(
            id=id_of(payload, "post"),
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
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        posts = mapping(payload.get("post_stream"))
        creator = mapping(payload.get("created_by")) or mapping(mapping(payload.get("details")).get("created_by"))
        accepted = mapping(payload.get("accepted_answer"))
        return cls(
            id=id_of(payload, "topic"),
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


def posts_of(value: object) -> tuple[Post, ...]:
    """The posts of an array, leaving out what is none."""
    return tuple(Post.from_payload(one) for one in mappings(value) if whole(one.get("id")) is not None)


def _first_whole(*values: object) -> int | None:
    return next((number for number in map(whole, values) if number is not None), None)
