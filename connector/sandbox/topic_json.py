"""A topic as the API shows it, lists of topics, and a topic as web hooks carry it."""

import html
import json
from typing import Any

from .board import Board
from .faces import basic, basic_of, listed
from .guardian import Guardian
from .people import by_id
from .post_json import post_json
from .store import Row

CHUNK = 20


def fancy(title: str) -> str:
    """A title with typographic quotes, as HTML."""
    return html.escape(title, quote=False).replace("'", "&rsquo;")


def visible_posts(board: Board, who: Guardian, topic_id: int) -> list[Row]:
    """Number, id and author of the posts that this reader may see, in order."""
    rows = board.store.all(
        "SELECT id, post_number, post_type, deleted_at, user_id, created_at FROM posts WHERE topic_id = ? ORDER BY post_number, id",
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
        "suggested_topics": _suggested(board, who, topic),
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
            {"id": kind, "count": 0, "hidden": False, "can_act": who.id is not None and who.trust >= 1} for kind in (4, 8, 7)
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
                ("can_convert_topic", "can_review_topic", "can_close_topic", "can_archive_topic", "can_split_merge_topic",
                 "can_edit_staff_notes", "can_toggle_topic_visibility", "can_pin_unpin_topic", "can_moderate_category"), True,
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


def _suggested(board: Board, who: Guardian, topic: Row) -> list[dict[str, Any]]:
    if topic["archetype"] != "regular":
        return []
    rows = board.store.all(
        "SELECT * FROM topics WHERE archetype = 'regular' AND deleted_at IS NULL AND visible = 1 AND id <> ? AND "  # noqa: S608
        f"category_id IN {who.open_categories} ORDER BY bumped_at DESC LIMIT 5", topic["id"],
    )  # fmt: skip
    found = []
    for row in rows:
        item = listed_topic(board, row, with_users=True)
        item.pop("last_poster_username"), item.pop("has_summary"), item.pop("pinned_globally")
        found.append(item)
    return found


def listed_topic(board: Board, topic: Row, *, with_users: bool = False) -> dict[str, Any]:
    """A topic as a line of a list."""
    last = by_id(board, topic["last_post_user_id"] or topic["user_id"])
    item: dict[str, Any] = {
        "id": topic["id"],
        "title": topic["title"],
        "fancy_title": fancy(topic["title"]),
        "slug": topic["slug"],
        "posts_count": topic["posts_count"],
        "reply_count": topic["reply_count"],
        "highest_post_number": topic["highest_post_number"],
        "image_url": None,
        "created_at": topic["created_at"],
        "last_posted_at": topic["last_posted_at"],
        "bumped": True,
        "bumped_at": topic["bumped_at"],
        "archetype": topic["archetype"],
        "unseen": False,
        "pinned": topic["pinned_at"] is not None,
        "unpinned": None,
        "visible": bool(topic["visible"]),
        "closed": bool(topic["closed"]),
        "archived": bool(topic["archived"]),
        "bookmarked": None,
        "liked": None,
        "tags": json.loads(topic["tags"]),
        "tags_descriptions": {},
        "views": topic["views"],
        "like_count": topic["like_count"],
        "has_summary": False,
        "last_poster_username": last["username"] if last is not None else None,
        "category_id": topic["category_id"],
        "pinned_globally": False,
        "featured_link": None,
    }
    if topic["archetype"] == "private_message":
        del item["tags"]
        item["allowed_user_count"] = board.store.value(
            "SELECT count(*) FROM topic_members WHERE topic_id = ?", topic["id"]
        )
    item["posters"] = _posters(board, topic, with_users)
    if topic["archetype"] == "private_message":
        rows = board.store.all("SELECT user_id FROM topic_members WHERE topic_id = ? ORDER BY rowid", topic["id"])
        item["participants"] = [_poster(board, row["user_id"], None, None, with_users) for row in rows]
    return item


def posters_of(board: Board, topic: Row) -> list[int]:
    """Up to five members: the author, the most frequent, the latest."""
    rows = board.store.all(
        "SELECT user_id FROM posts WHERE topic_id = ? AND deleted_at IS NULL AND post_type = 1 AND user_id IS NOT NULL "
        "GROUP BY user_id ORDER BY count(*) DESC LIMIT 5", topic["id"],
    )  # fmt: skip
    frequent = [row["user_id"] for row in rows]
    last = topic["last_post_user_id"]
    order = [topic["user_id"], *[number for number in frequent if number != last], last]
    return [number for number in dict.fromkeys(order) if number is not None][:5]


def _posters(board: Board, topic: Row, with_users: bool) -> list[dict[str, Any]]:
    found = []
    numbers = posters_of(board, topic)
    for number in numbers:
        first, last = number == topic["user_id"], number == topic["last_post_user_id"]
        words = [word for word, true in (("Original Poster", first), ("Most Recent Poster", last)) if true]
        extras = "latest single" if last and len(numbers) == 1 else "latest" if last else None
        found.append(_poster(board, number, extras, ", ".join(words) or "Frequent Poster", with_users))
    return found


def _poster(board: Board, number: int, extras: str | None, words: str | None, with_users: bool) -> dict[str, Any]:
    if with_users:
        return {"extras": extras, "description": words, "user": basic_of(board, number)}
    return {"extras": extras, "description": words, "user_id": number, "primary_group_id": None, "flair_group_id": None}


def list_json(board: Board, who: Guardian, topics: list[Row], more: str | None) -> dict[str, Any]:
    """A page of topics with the members whom it names."""
    items = [listed_topic(board, topic) for topic in topics]
    numbers = dict.fromkeys(
        poster["user_id"] for item in items for poster in [*item["posters"], *item.get("participants", ())]
    )
    members = [by_id(board, number) for number in numbers]
    found: dict[str, Any] = {"can_create_topic": who.id is not None}
    if more is not None:
        found["more_topics_url"] = more
    found |= {"per_page": 30, "top_tags": [], "topics": items}
    return {
        "users": [listed(member) for member in members if member is not None],
        "primary_groups": [],
        "flair_groups": [],
        "topic_list": found,
    }


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
