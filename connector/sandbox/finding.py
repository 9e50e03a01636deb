"""A plain search: words looked for in titles and texts."""

import re
from typing import Any

from .board import Board
from .cooking import plain
from .faces import avatar, listed
from .guardian import Guardian
from .list_json import list_json, listed_topic
from .people import by_id
from .store import Row


def _words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if len(word) > 2]


def _pattern(word: str) -> str:
    return "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def matching_posts(board: Board, who: Guardian, text: str, *, limit: int = 50) -> list[Row]:
    """Posts that hold every word in their text or their topic's title, newest first."""
    clean = re.sub(r"\b(?:in|order|category|user):\S+|[#@]\S+", " ", text)
    words = _words(clean) or _words(text)
    if not words:
        return []
    where = " AND ".join(["(p.raw LIKE ? ESCAPE '\\' OR t.title LIKE ? ESCAPE '\\')"] * len(words))
    values = [pattern for word in words for pattern in (_pattern(word), _pattern(word))]
    return board.store.all(
        "SELECT p.* FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.post_type = 1 AND "  # noqa: S608
        "p.hidden = 0 "
        f"AND p.deleted_at IS NULL AND t.deleted_at IS NULL AND t.archetype = 'regular' AND t.visible = 1 "
        f"AND t.category_id IN {who.open_categories} AND {where} ORDER BY p.created_at DESC LIMIT ?", *values, limit,
    )  # fmt: skip


def search_json(board: Board, who: Guardian, text: str) -> dict[str, Any]:
    """The answer of /search.json: the first matching post of each topic."""
    posts: dict[int, Row] = {}
    for row in matching_posts(board, who, text):
        posts.setdefault(row["topic_id"], row)
    topics = [board.store.one("SELECT * FROM topics WHERE id = ?", number) for number in posts]
    grouped: dict[str, Any] = dict.fromkeys(("more_posts", "more_users", "more_categories"), None)
    grouped |= {
        "term": text,
        "search_log_id": 1,
        "more_full_page_results": None,
        "can_create_topic": who.id is not None,
    }
    grouped |= {"error": None, "post_ids": [row["id"] for row in posts.values()]}
    grouped |= {name: [] for name in ("user_ids", "category_ids", "tag_ids", "group_ids")}
    found: dict[str, Any] = {"posts": [_post(board, row) for row in posts.values()]}
    if posts:
        found["topics"] = [_topic(board, who, row) for row in topics if row is not None]
    found |= {name: [] for name in ("users", "categories", "tags", "groups")}
    return {**found, "grouped_search_result": grouped}


def _post(board: Board, row: Row) -> dict[str, Any]:
    author = by_id(board, row["user_id"])
    return {
        "id": row["id"],
        "name": author["name"] if author is not None else None,
        "username": author["username"] if author is not None else None,
        "avatar_template": avatar(author["username"]) if author is not None else None,
        "created_at": row["created_at"],
        "like_count": row["like_count"],
        "blurb": plain(row["cooked"])[:200],
        "post_number": row["post_number"],
        "topic_id": row["topic_id"],
    }


def _topic(board: Board, who: Guardian, row: Row) -> dict[str, Any]:
    item = listed_topic(board, row)
    keep = (
        "id", "title", "fancy_title", "slug", "posts_count", "reply_count", "highest_post_number", "created_at",
        "last_posted_at",
        "bumped", "bumped_at", "archetype", "unseen", "pinned", "unpinned", "visible", "closed", "archived",
        "bookmarked",
        "liked", "tags", "tags_descriptions", "category_id",
    )  # fmt: skip
    return {key: item[key] for key in keep}


def similar_json(board: Board, who: Guardian, title: str, raw: str) -> dict[str, Any]:
    """The answer of /topics/similar_to.json: first posts that share the most words, five at most."""
    words = list(dict.fromkeys(_words(title)))[:12] + list(dict.fromkeys(_words(raw)))[:12]
    scores: dict[int, int] = {}
    for word in dict.fromkeys(words):
        rows = board.store.all(
            "SELECT t.id FROM topics t JOIN posts p ON p.topic_id = t.id AND p.post_number = 1 WHERE "  # noqa: S608
            "t.archetype = 'regular' "
            f"AND t.deleted_at IS NULL AND t.visible = 1 AND t.category_id IN {who.open_categories} "
            "AND (t.title LIKE ? ESCAPE '\\' OR p.raw LIKE ? ESCAPE '\\')", _pattern(word), _pattern(word),
        )  # fmt: skip
        for row in rows:
            scores[row["id"]] = scores.get(row["id"], 0) + 1
    best = sorted(scores, key=lambda number: (-scores[number], -number))[:5]
    found = [board.store.one("SELECT * FROM topics WHERE id = ?", number) for number in best]
    topics = [row for row in found if row is not None]
    page = list_json(board, who, topics, None)
    lines = []
    for topic in topics:
        first = board.store.one("SELECT cooked FROM posts WHERE topic_id = ? AND post_number = 1", topic["id"])
        lines.append(
            {
                "id": topic["id"],
                "blurb": plain(first["cooked"])[:200] if first is not None else "",
                "created_at": topic["created_at"],
                "url": f"{board.base_url}/t/{topic['slug']}/{topic['id']}",
                "topic_id": topic["id"],
            }
        )
    return {
        "topics": page["topic_list"]["topics"],
        "users": page["users"],
        "primary_groups": [],
        "flair_groups": [],
        "similar_topics": lines,
        "__rest_serializer": "1",
    }


def matching_members(board: Board, text: str) -> list[dict[str, Any]]:
    """Members whose name has this text."""
    rows = board.store.all(
        "SELECT * FROM members WHERE id > 0 AND active = 1 AND (lower_name LIKE ? ESCAPE '\\' OR name LIKE ? "
        "ESCAPE '\\') LIMIT 10",
        _pattern(text.lower()), _pattern(text),
    )  # fmt: skip
    return [listed(row) for row in rows]
