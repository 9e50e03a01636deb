"""A member as the API shows it to a reader, and as a web hook carries it; groups."""

from typing import Any

from .board import Board
from .cooking import plain
from .faces import avatar
from .guardian import Guardian
from .people import groups_of, is_suspended
from .shapes import shape
from .store import Row


def _known(board: Board, member: Row) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": member["id"],
        "username": member["username"],
        "name": member["name"],
        "avatar_template": avatar(member["username"]),
        "last_posted_at": member["last_posted_at"],
        "last_seen_at": member["last_seen_at"],
        "created_at": member["created_at"],
        "trust_level": member["trust_level"],
        "moderator": bool(member["moderator"]),
        "admin": bool(member["admin"]),
        "title": member["title"],
    }
    if is_suspended(board, member):
        found |= {"suspend_reason": member["suspend_reason"], "suspended_till": member["suspended_till"]}
    return found


def _profile(board: Board, member: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if member["bio"]:
        cooked = board.cook(member["bio"])
        found |= {"bio_raw": member["bio"], "bio_cooked": cooked, "bio_excerpt": plain(cooked)[:350]}
    if member["location"]:
        found["location"] = member["location"]
    return found


def sees_member(board: Board, who: Guardian, member: Row) -> bool:
    """Inactive accounts are 404 to all but staff (recorded lesson 5)."""
    return bool(who.staff or (member["active"] and not member["staged"]))


def user_json(board: Board, who: Guardian, member: Row) -> dict[str, Any]:
    """The answer of /u/{name}.json for this reader."""
    own = who.id is not None and who.id == member["id"]
    if who.id is None:
        name = "user_anonymous"
    elif own:
        name = "user_self"
    else:
        name = "user_admin" if who.staff else "user"
    found = shape(name, **_known(board, member))
    found |= _profile(board, member)
    if own:
        found |= {"email": member["email"], "locale": member["locale"]}
    elif who.staff:
        found |= {"locale": member["locale"], "post_count": _posts(board, member), "staged": bool(member["staged"])}
    if name == "user":
        found["can_send_private_message_to_user"] = not is_suspended(board, member)
        found["can_ignore_user"] = not (member["admin"] or member["moderator"])
    visible = groups_of(board, member["id"])
    found["groups"] = (
        []
        if who.id is None
        else [
            group_json(board, who, group, hook=who.staff)
            for group in visible
            if who.staff or own or group["visibility_level"] in (0, 1)
        ]
    )
    if own:
        found["group_users"] = [
            {"group_id": group["id"], "user_id": member["id"], "notification_level": 3, "owner": False}
            for group in visible
        ]
    return {"user_badges": [], "user": found}


def _posts(board: Board, member: Row) -> int:
    count = board.store.value(
        "SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = ? AND p.deleted_at IS NULL "
        "AND p.post_type = 1 AND t.archetype = 'regular'", member["id"],
    )  # fmt: skip
    return int(count)


def card_json(board: Board, member: Row) -> dict[str, Any]:
    """A member in /user-cards.json."""
    return shape("user_card", **_known(board, member), featured_user_badge_ids=[], badge_count=0)


def user_hook(board: Board, member: Row) -> dict[str, Any]:
    """A member as the user web hooks carry it: with e-mail and locale."""
    found = shape("user_hook", **_known(board, member))
    found["email"] = member["email"]
    found["locale"] = member["locale"]
    found["staged"] = bool(member["staged"])
    found["post_count"] = _posts(board, member)
    found["user_option"]["user_id"] = member["id"]
    found |= {key: value for key, value in _profile(board, member).items() if key != "bio_cooked"}
    found["groups"] = [group_json(board, None, group, hook=True) for group in groups_of(board, member["id"])]
    return found


def promoted_hook(board: Board, member: Row) -> dict[str, Any]:
    """A member as user_promoted carries it: as an admin sees the profile, with the new trust level."""
    found = shape("user_promoted", **_known(board, member))
    found |= {"locale": member["locale"], "post_count": _posts(board, member)} | _profile(board, member)
    found["groups"] = [group_json(board, None, group, hook=True) for group in groups_of(board, member["id"])]
    return found


def group_json(board: Board, who: Guardian | None, group: Row, *, hook: bool = False) -> dict[str, Any]:
    """A group; `hook`: as staff and web hooks see it."""
    count = board.store.value("SELECT count(*) FROM group_members WHERE group_id = ? AND user_id > 0", group["id"])
    found = shape(
        "group_admin" if hook else "group",
        id=group["id"],
        automatic=bool(group["automatic"]),
        name=group["name"],
        user_count=count,
        full_name=group["full_name"],
        visibility_level=group["visibility_level"],
        members_visibility_level=group["members_visibility_level"],
        messageable_level=group["messageable_level"],
        mentionable_level=group["mentionable_level"],
    )
    if group["automatic"]:
        found["display_name"] = group["name"]
        found.pop("can_edit_group", None)
    if who is not None and group["id"] in who.groups:
        found["is_group_user"] = True
        found["has_messages"] = False
    return found
