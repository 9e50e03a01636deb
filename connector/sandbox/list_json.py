"""Lists of topics as the API shows them."""

import html
import json
from typing import Any

from .board import Board
from .faces import basic_of, listed
from .guardian import Guardian
from .people import by_id
from .store import Row


def fancy(title: str) -> str:
    """A title with typographic quotes, as HTML."""
    return html.escape(title, quote=False).replace("'", "&rsquo;")


def suggested(board: Board, who: Guardian, topic: Row) -> list[dict[str, Any]]:
    """Five other topics, the latest ones, for below a topic."""
    if topic["archetype"] != "regular":
        return []
    rows = board.store.all(
        "SELECT * FROM topics WHERE archetype = 'regular' AND deleted_at IS NULL AND visible = 1 AND "  # noqa: S608
        "id <> ? AND "
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
