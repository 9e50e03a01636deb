"""How a member is named in other documents."""

import hashlib
from typing import Any

from .board import Board
from .people import by_id
from .store import Row

GONE: dict[str, Any] = {"id": None, "username": None, "name": None, "avatar_template": None}


def avatar(username: str) -> str:
    """The address of a letter on a colour that stays the same for a name."""
    colour = hashlib.sha256(username.lower().encode()).hexdigest()[:6]
    return f"/letter_avatar_proxy/v4/letter/{username[:1].lower() or 'x'}/{colour}/{{size}}.png"


def basic(member: Row) -> dict[str, Any]:
    """id, username, name, avatar_template."""
    return {
        "id": member["id"],
        "username": member["username"],
        "name": member["name"],
        "avatar_template": avatar(member["username"]),
    }


def basic_of(board: Board, number: int | None) -> dict[str, Any]:
    """The same by id; a member who is gone has only nulls."""
    member = by_id(board, number)
    return basic(member) if member is not None else dict(GONE)


def listed(member: Row) -> dict[str, Any]:
    """As in the `users` of a list: with flair and trust level, and admin or moderator only when true."""
    found: dict[str, Any] = {**basic(member), "flair_name": None}
    if member["admin"]:
        found["admin"] = True
    if member["moderator"]:
        found["moderator"] = True
    return {**found, "trust_level": member["trust_level"]}
