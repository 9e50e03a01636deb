"""What each web hook carries: event name → event type and document, as a running 3.1 sent them."""

import json
from collections.abc import Callable
from typing import Any

from .board import Board
from .cooking import plain
from .faces import basic_of
from .list_json import fancy
from .member_json import group_json, promoted_hook, user_hook
from .people import by_id
from .post_json import post_hook
from .room_json import category_hook
from .topic_json import topic_hook


def _row(board: Board, table: str, number: int) -> Any:
    found = board.store.one(f"SELECT * FROM {table} WHERE id = ?", number)  # noqa: S608
    if found is None:
        raise KeyError(f"no row {number} in {table}")
    return found


def _post(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    post = _row(board, "posts", number)
    return post_hook(board, post, _row(board, "topics", post["topic_id"]))


def _topic(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return topic_hook(board, _row(board, "topics", number))


def _user(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return user_hook(board, _row(board, "members", number))


def _promoted(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return promoted_hook(board, _row(board, "members", number))


def _category(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return category_hook(board, _row(board, "categories", number))


def _group(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return group_json(board, None, _row(board, "groups", number), hook=True)


def _group_user(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    row = _row(board, "group_members", number)
    return {
        "group_id": row["group_id"],
        "user_id": row["user_id"],
        "notification_level": 3,
        "id": row["id"],
        "created_at": row["added_at"],
    }


def _like(board: Board, number: int, *, user_id: int) -> dict[str, Any]:
    return {"post": _post(board, number), "user": basic_of(board, user_id)}


def notification_json(board: Board, number: int) -> dict[str, Any]:
    """A notification, in the API and in web hooks alike."""
    row = _row(board, "notifications", number)
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", row["topic_id"])
    title = topic["title"] if topic is not None else ""
    acting = board.store.one("SELECT name, username FROM members WHERE username = ?", row["acting_username"])
    data: dict[str, Any] = {
        "topic_title": title,
        "original_post_id": row["post_id"],
        "original_post_type": 1,
        "original_username": row["acting_username"],
        "revision_number": None,
        "display_username": acting["username"] if acting is not None else row["acting_username"],
    }
    if row["notification_type"] == 6:
        data["group_name"] = None
    return {
        "id": row["id"],
        "user_id": row["user_id"],
        "notification_type": row["notification_type"],
        "read": bool(row["read"]),
        "high_priority": row["notification_type"] == 6,
        "created_at": row["created_at"],
        "post_number": row["post_number"],
        "topic_id": row["topic_id"],
        "fancy_title": fancy(title),
        "slug": topic["slug"] if topic is not None else "",
        "data": data,
    }


def _notification(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    return notification_json(board, number)


def _reviewable(board: Board, number: int, **_facts: Any) -> dict[str, Any]:
    row = _row(board, "reviewables", number)
    if row["draft"] is not None:
        return _queued(board, row)
    post = _row(board, "posts", row["post_id"])
    topic = _row(board, "topics", post["topic_id"])
    scores = board.store.all("SELECT id FROM flags WHERE reviewable_id = ? ORDER BY id", number)
    author = by_id(board, post["user_id"])
    address = f"{board.base_url}/t/{topic['slug']}/{topic['id']}"
    return {
        "id": number,
        "type": "ReviewableFlaggedPost",
        "topic_id": topic["id"],
        "topic_url": address,
        "target_url": f"{address}/{post['post_number']}",
        "topic_tags": json.loads(topic["tags"]),
        "category_id": topic["category_id"],
        "created_at": row["created_at"],
        "can_edit": False,
        "score": 3.0 * len(scores),
        "version": 0,
        "target_created_by_trust_level": author["trust_level"] if author is not None else None,
        "status": row["status"],
        "cooked": post["cooked"],
        "raw": post["raw"],
        "reply_count": post["reply_count"],
        "post_updated_at": post["updated_at"],
        "post_version": post["version"],
        "post_id": post["id"],
        "created_by_id": row["created_by_id"],
        "target_created_by_id": post["user_id"],
        "editable_fields": [],
        "reviewable_score_ids": [score["id"] for score in scores],
        "bundled_action_ids": [f"{number}-agree", f"{number}-disagree", f"{number}-ignore"]
        if row["status"] == 0
        else [],
    }


def _queued(board: Board, row: Any) -> dict[str, Any]:
    draft, waits = json.loads(row["draft"]), row["status"] == 0
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", draft["topic_id"])
    address = f"{board.base_url}/t/{topic['slug']}/{topic['id']}" if topic is not None else None
    kept = {"raw": draft["raw"], "is_poll": False, "tags": draft["tags"] or None}
    found = {
        "id": row["id"],
        "type": "ReviewableQueuedPost",
        "topic_id": draft["topic_id"],
        "topic_url": address,
        "target_url": address,
        "topic_tags": json.loads(topic["tags"]) if topic is not None else [],
        "category_id": topic["category_id"] if topic is not None else int(draft["category"] or 1),
        "created_at": row["created_at"],
        "can_edit": waits,
        "score": 6.0,
        "version": int(not waits),
        "target_created_by_trust_level": None,
        "status": row["status"],
        "payload": kept if topic is not None else {**kept, "title": draft["title"]},
        "created_by_id": row["created_by_id"],
        "target_created_by_id": None,
        "editable_fields": [{"id": "payload.raw", "type": "editor"}] if waits else [],
        "reviewable_score_ids": [],
        "bundled_action_ids": ["approve_post", "reject_post", "reject_user"] if waits else [],
    }
    return found if row["post_id"] is None else {**found, "post_id": row["post_id"]}


Builder = Callable[..., Any]
_BUILDERS: dict[str, tuple[str, Builder]] = {
    "topic": ("topic", _topic),
    "post": ("post", _post),
    "user": ("user", _user),
    "user_promoted": ("user_promoted", _promoted),
    "category": ("category", _category),
    "group": ("group", _group),
    "notification": ("notification", _notification),
    "reviewable": ("reviewable", _reviewable),
}
_SPECIAL: dict[str, tuple[str, Builder]] = {
    "post_liked": ("like", _like),
    "user_promoted": ("user_promoted", _promoted),
    "user_added_to_group": ("group_user", _group_user),
    "user_removed_from_group": ("group_user", _group_user),
}


def event_type(event: str) -> str:
    """The type (header, and only key of the body) of an event; KeyError for an unknown event."""
    return (_SPECIAL.get(event) or _BUILDERS[event.split("_", 1)[0]])[0]


def payload(board: Board, event: str, subject: Any, **facts: Any) -> dict[str, Any]:
    """The document of an event about the row with this id, as it is at this moment."""
    kind, build = _SPECIAL.get(event) or _BUILDERS[event.split("_", 1)[0]]
    return {kind: build(board, subject, **facts)}


def summary(board: Board, post_id: int) -> str:
    """The first words of a post, for lists."""
    return plain(_row(board, "posts", post_id)["cooked"])[:200]
