"""The people and groups of a forum, as `connector.models` offers them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from connector.fields import flag, id_of, mapping, maybe, moment, names, whole, wording, words

_GONE = ("@anonymized.invalid", "@no-email.invalid")


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
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        fields = mapping(payload.get("user_fields")).items()
        return cls(
            id=id_of(payload, "member"),
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
    def from_payload(cls, payload: Mapping[str, Any]) -> Self:
        return cls(
            id=id_of(payload, "group"),
            name=words(payload.get("name")),
            full_name=words(payload.get("full_name")),
            automatic=flag(payload.get("automatic")),
            user_count=whole(payload.get("user_count")),
            visibility_level=whole(payload.get("visibility_level")),
            members_visibility_level=whole(payload.get("members_visibility_level")),
            messageable_level=whole(payload.get("messageable_level")),
        )
