"""Writes members: with a name as authors of something, with all that their profile says once it was read."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from connector.archive.differing import rows_by, write_differing
from connector.archive.store import Row, Writing, chunks
from connector.archive.tables import members, tombstones
from connector.models import Member, Post

_ERASED = select(tombstones.c.id).where(
    tombstones.c.site == bindparam("site_id"),
    tombstones.c.kind == "member",
    tombstones.c.final,
    tombstones.c.id.in_(bindparam("keys", expanding=True)),
)


def store_authors(
    writing: Writing, authors: Mapping[int, Post], met: Mapping[int, Row], erased: Collection[int]
) -> None:
    """Authors we had not met become members with a name; those we know keep what their profile said."""
    rows = [
        _author(post, met.get(number))
        for number, post in authors.items()
        if number not in erased and (number not in met or (post.username and met[number]["username"] != post.username))
    ]
    writing.upsert(members, rows)


def store_member(writing: Writing, told: Member, lang: str = "") -> None:
    """What the forum says of a member; what it does not say (None) stays. An erased member stays erased."""
    old = rows_by(writing, members.c.id, [told.id]).get(told.id)
    if old is None and erased_among(writing, {told.id}):
        return
    base: Mapping[str, Any] = old or _unknown_member(told.id)
    staff = bool(told.admin) or bool(told.moderator) if (told.admin, told.moderator) != (None, None) else base["staff"]
    row = {
        "id": told.id,
        "username": told.username or base["username"],
        "username_key": (told.username or base["username"]).lower(),
        "name": told.name,
        "locale": told.locale or base["locale"],
        "lang": lang or base["lang"],
        "trust_level": base["trust_level"] if told.trust_level is None else told.trust_level,
        "staff": staff,
        "groups": base["groups"] if told.groups is None else sorted(told.groups),
        "suspended_till": told.suspended_till,
        "last_seen_at": told.last_seen_at or base["last_seen_at"],
        "created_at": told.created_at or base["created_at"],
        "profile": True,
        "checked_at": writing.now,
    }
    write_differing(writing, members, [row], {} if old is None else {told.id: old})


def _author(post: Post, old: Row | None) -> dict[str, Any]:
    base = dict(old) if old is not None else _unknown_member(post.user_id or 0)
    base.pop("site", None)
    return base | {"username": post.username, "username_key": post.username.lower(), "name": post.name or base["name"]}


def _unknown_member(number: int) -> dict[str, Any]:
    return {
        "id": number, "username": "", "username_key": "", "name": "", "locale": "", "lang": "", "trust_level": 0,
        "staff": False, "groups": [], "suspended_till": None, "last_seen_at": None, "created_at": None,
        "profile": False, "checked_at": None,
    }  # fmt: skip


def erased_among(writing: Writing, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in chunks(sorted(ids)):
        found.update(writing.conn.execute(_ERASED, {"site_id": writing.site, "keys": list(some)}).scalars())
    return found
