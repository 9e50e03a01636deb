"""Categories as the API shows them, and as web hooks carry them."""

import json
from typing import Any

from .board import Board
from .guardian import Guardian
from .shapes import shape
from .store import Row


def _known(board: Board, who: Guardian | None, row: Row) -> dict[str, Any]:
    counts = board.store.one(
        "SELECT count(*) AS topics, coalesce(sum(posts_count), 0) AS posts FROM topics WHERE category_id = ? AND "
        "deleted_at IS NULL AND visible = 1 AND archetype = 'regular'", row["id"],
    )  # fmt: skip
    assert counts is not None
    found: dict[str, Any] = {
        "id": row["id"],
        "name": row["name"],
        "color": row["color"],
        "text_color": row["text_color"],
        "slug": row["slug"],
        "topic_count": counts["topics"],
        "post_count": counts["posts"],
        "position": row["position"],
        "description": row["description"],
        "description_text": row["description"],
        "description_excerpt": row["description"],
        "topic_url": f"/t/about-the-{row['slug']}-category",
        "read_restricted": bool(row["read_restricted"]),
        "permission": None,
        "topic_template": row["topic_template"],
    }
    if who is not None and who.id is not None:
        found["permission"] = who.rights.get(row["id"])
    if row["parent_id"] is not None:
        found["parent_category_id"] = row["parent_id"]
    return found


def _children(board: Board, who: Guardian, row: Row) -> list[Row]:
    rows = board.store.all("SELECT * FROM categories WHERE parent_id = ? ORDER BY position", row["id"])
    return [child for child in rows if child["id"] in who.rights]


def categories_json(board: Board, who: Guardian, *, with_children: bool) -> dict[str, Any]:
    """The answer of /categories.json: a tree of the categories that the reader may open."""
    rows = board.store.all("SELECT * FROM categories WHERE parent_id IS NULL AND id <> 1 ORDER BY position, id")
    items = [_listed(board, who, row, with_children) for row in rows if row["id"] in who.rights]
    creates = who.id is not None and 1 in who.rights.values()
    return {"category_list": {"can_create_category": who.staff, "can_create_topic": creates, "categories": items}}


def _listed(board: Board, who: Guardian, row: Row, with_children: bool) -> dict[str, Any]:
    children = _children(board, who, row)
    found = shape("category", **_known(board, who, row))
    found |= {"has_children": bool(children), "topics_all_time": found["topic_count"]}
    if with_children:
        found["subcategory_list"] = [_listed(board, who, child, with_children) for child in children]
    if not children:
        found.pop("subcategory_list", None)
    found["subcategory_ids"] = [child["id"] for child in children]
    if who.staff:
        found["can_edit"] = True
    return found


def site_categories(board: Board, who: Guardian) -> list[dict[str, Any]]:
    """The flat list in /site.json."""
    found = []
    for row in board.store.all("SELECT * FROM categories ORDER BY position, id"):
        if row["id"] in who.rights:
            item = shape("category_site", **_known(board, who, row))
            item |= {"has_children": bool(_children(board, who, row)), "can_edit": who.staff}
            found.append(item)
    return found


def category_hook(board: Board, row: Row) -> dict[str, Any]:
    """A category as web hooks carry it: with its permissions by group."""
    permissions = json.loads(row["permissions"])
    found = shape("category_hook", **_known(board, None, row))
    if found["topic_count"]:
        del found["can_delete"]
        found["cannot_delete_reason"] = "Can't delete this category because it has topics."
    found["group_permissions"] = [{"permission_type": right, "group_name": name} for name, right in permissions.items()]
    return found
