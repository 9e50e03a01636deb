"""A topic as the API shows it, lists of topics, and a topic as web hooks carry it."""

import json
from typing import Any

from .board import Board
from .faces import basic, basic_of
from .guardian import Guardian
from .list_json import fancy, suggested
from .people import by_id
from .post_json import post_json
from .store import Row

CHUNK = 20


def visible_posts(board: Board, who: Guardian, topic_id: int) -> list[Row]:
    """Number, id and author of the posts that this reader may see, in order."""
    rows = board.store.all(
        "SELECT id, post_number, post_type, deleted_at, user_id, created_at FROM posts WHERE topic_id = ? ORDER BY "
        "post_number, id",
        topic_id,
    )  # fmt: skip
    return [row for row in rows if row["deleted_at"] is None and (row["post_type"] != 4 or who.whispers)]


def posts_json(board: Board, who: Guardian, topic: Row, ids: list[int], *, raw: bool) -> list[dict[str, Any]]:
    """Posts of one topic by id; ids of other topics or of what the reader may not see are left out."""
    marks = ",".join(str(int(number)) for number in ids)
    rows = board.store.all(
        f"SELECT * FROM posts WHERE topic_id = ? AND id IN ({marks}) ORDER BY post_number, id", topic["id"]  # noqa: S608
    )  # fmt: skip
    return [post_json(board, who, row, topic, raw=raw, in_topic=True) for row in rows if who.sees_post(row)]


def topic_json(
    board: Board, who: Guardian, topic: Row, *, page: int = 1, raw: bool = False, printed: bool = False
) -> dict[str, Any]:
    """A whole topic: 20 posts a page (1,000 when printed), the ids of all, and what the reader may do here."""
    size = 1000 if printed else CHUNK
    rows = visible_posts(board, who, topic["id"])
    shown = rows[(page - 1) * size : page * size]
    found: dict[str, Any] = {
        "post_stream": {
            "posts": posts_json(board, who, topic, [row["id"] for row in shown], raw=raw),
            "stream": [row["id"] for row in rows],
        },
        "timeline_lookup": _timeline(board, rows),
        "suggested_topics": suggested(board, who, topic),
        **_facts(topic),
        "slow_mode_seconds": 0,
        "draft": None,
        "draft_key": f"topic_{topic['id']}",
        "draft_sequence": 0 if who.id is not None else None,
    }
    if who.id is not None and any(row["user_id"] == who.id for row in rows):
        found["posted"] = True
    found |= {
        "unpinned": None,
        "pinned": topic["pinned_at"] is not None,
        "current_post_number": shown[0]["post_number"] if shown else 1,
        "highest_post_number": topic["highest_post_number"],
        "deleted_by": basic_of(board, topic["deleted_by_id"]) if topic["deleted_at"] is not None else None,
        "actions_summary": [
            {"id": kind, "count": 0, "hidden": False,
            "can_act": who.id is not None and who.trust >= 1} for kind in (4, 8, 7)
        ],
        "chunk_size": size,
        "bookmarked": False,
        "bookmarks": [],
        "topic_timer": None,
        "message_bus_last_id": 0,
        "participant_count": len({row["user_id"] for row in rows if row["post_type"] != 3}),
        "show_read_indicator": False,
        "thumbnails": None,
        "slow_mode_enabled_until": None,
        "details": _details(board, who, topic, rows),
    }  # fmt: skip
    if who.staff:
        found["has_deleted"] = _has_deleted(board, topic["id"])
    if topic["archetype"] == "private_message":
        found |= {"message_archived": False, "pm_with_non_human_user": False}
    if topic["external_id"] is not None:
        found["external_id"] = topic["external_id"]
    return found


def _facts(topic: Row) -> dict[str, Any]:
    return {
        "tags": json.loads(topic["tags"]),
        "tags_descriptions": {},
        "id": topic["id"],
        "title": topic["title"],
        "fancy_title": fancy(topic["title"]),
        "posts_count": topic["posts_count"],
        "created_at": topic["created_at"],
        "views": topic["views"],
        "reply_count": topic["reply_count"],
        "like_count": topic["like_count"],
        "last_posted_at": topic["last_posted_at"],
        "visible": bool(topic["visible"]),
        "closed": bool(topic["closed"]),
        "archived": bool(topic["archived"]),
        "has_summary": False,
        "archetype": topic["archetype"],
        "slug": topic["slug"],
        "category_id": topic["category_id"],
        "word_count": topic["word_count"],
        "deleted_at": topic["deleted_at"],
        "user_id": topic["user_id"],
        "featured_link": None,
        "pinned_globally": False,
        "pinned_at": topic["pinned_at"],
        "pinned_until": None,
        "image_url": None,
    }


def _has_deleted(board: Board, topic_id: int) -> bool:
    one = board.store.value("SELECT 1 FROM posts WHERE topic_id = ? AND deleted_at IS NOT NULL", topic_id)
    return one is not None


def _timeline(board: Board, rows: list[Row]) -> list[list[int]]:
    from .clock import moment

    now, found = board.clock(), []
    last = None
    for position, row in enumerate(rows, 1):
        days = (now - moment(row["created_at"])).days
        if days != last:
            found.append([position, days])
            last = days
    return found


def _details(board: Board, who: Guardian, topic: Row, rows: list[Row]) -> dict[str, Any]:
    private = topic["archetype"] == "private_message"
    found: dict[str, Any] = {"can_edit": who.id is not None and who.may_edit_topic(topic), "notification_level": 1}
    if who.id is not None:
        found |= {"notification_level": 3 if private else 1, "notifications_reason_id": None}
        if who.staff:
            found |= dict.fromkeys(("can_move_posts", "can_delete", "can_remove_allowed_users"), True)
        elif private:
            found |= {"can_delete": who.id == topic["user_id"], "can_remove_allowed_users": who.id == topic["user_id"]}
        found |= {"can_invite_to": True, "can_invite_via_email": True}
        if who.may_reply(topic):
            found["can_create_post"] = True
        found |= {"can_reply_as_new_topic": True, "can_flag_topic": who.trust >= 1}
        if who.staff:
            found |= dict.fromkeys(
                ("can_convert_topic", "can_review_topic", "can_close_topic", "can_archive_topic",
                "can_split_merge_topic",
                 "can_edit_staff_notes", "can_toggle_topic_visibility", "can_pin_unpin_topic",
                 "can_moderate_category"), True,
            )  # fmt: skip
        if private or who.staff:
            found["can_remove_self_id"] = who.id
    found["participants"] = _participants(board, rows)
    if private:
        found["allowed_users"] = [
            basic_of(board, row["user_id"])
            for row in board.store.all(
                "SELECT user_id FROM topic_members WHERE topic_id = ? ORDER BY rowid", topic["id"]
            )
        ]
    found["created_by"] = basic_of(board, topic["user_id"])
    found["last_poster"] = basic_of(board, topic["last_post_user_id"] or topic["user_id"])
    if private:
        groups = board.store.all(
            "SELECT g.* FROM groups g JOIN topic_groups t ON t.group_id = g.id WHERE t.topic_id = ?", topic["id"]
        )
        found["allowed_groups"] = [{"id": group["id"], "name": group["name"]} for group in groups]
    return found


def _participants(board: Board, rows: list[Row]) -> list[dict[str, Any]]:
    counts: dict[int, int] = {}
    for row in rows:
        if row["user_id"] is not None and row["post_type"] != 3:
            counts[row["user_id"]] = counts.get(row["user_id"], 0) + 1
    found = []
    for number, count in sorted(counts.items(), key=lambda pair: -pair[1])[:24]:
        member = by_id(board, number)
        if member is None:
            continue
        face = {**basic(member), "post_count": count, "primary_group_name": None, "flair_name": None, "flair_url": None}
        face |= {"flair_color": None, "flair_bg_color": None}
        if member["admin"]:
            face["admin"] = True
        if member["moderator"]:
            face["moderator"] = True
        found.append({**face, "trust_level": member["trust_level"]})
    return found


def topic_hook(board: Board, topic: Row) -> dict[str, Any]:
    """A topic as web hooks carry it: no posts, no participants."""
    found = _facts(topic)
    for key in ("has_summary", "image_url"):
        del found[key]
    people = board.store.value(
        "SELECT count(DISTINCT user_id) FROM posts WHERE topic_id = ? AND deleted_at IS NULL AND post_type <> 3",
        topic["id"],
    )
    found |= {
        "unpinned": None,
        "pinned": topic["pinned_at"] is not None,
        "highest_post_number": topic["highest_post_number"],
        "deleted_by": basic_of(board, topic["deleted_by_id"]) if topic["deleted_at"] is not None else None,
        "has_deleted": _has_deleted(board, topic["id"]),
        "bookmarked": False,
    }
    if topic["archetype"] == "private_message":
        found["message_archived"] = False
    found |= {"participant_count": people, "thumbnails": None}
    if topic["external_id"] is not None:
        found["external_id"] = topic["external_id"]
    found["created_by"] = basic_of(board, topic["user_id"])
    found["last_poster"] = basic_of(board, topic["last_post_user_id"] or topic["user_id"])
    return found
