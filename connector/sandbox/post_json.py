"""A post as the API shows it to a reader, and as a web hook carries it."""

import html
from datetime import timedelta
from typing import Any

from .board import Board
from .clock import moment
from .faces import avatar, basic_of
from .guardian import Guardian
from .people import by_id, is_suspended
from .store import Row
from .words import say

UNDO = timedelta(minutes=10)
FLAIR = {"primary_group_name": None, "flair_name": None, "flair_url": None, "flair_bg_color": None, "flair_color": None}


def post_json(
    board: Board, who: Guardian, post: Row, topic: Row, *, raw: bool = True, in_topic: bool = False,
    listed: bool = False, drafted: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The post for one reader. `in_topic`: as part of /t/; `listed`: as in /posts.json; `drafted`: after writing it."""
    own = who.owns(post)
    found = _head(board, post, topic)
    found["readers_count"] = max(0, found["reads"] - 1)
    found["yours"] = own
    if listed:
        found |= _where(topic)
    found |= _author(board, post) | FLAIR
    found |= {
        "version": post["version"],
        "can_edit": who.id is not None and who.may_edit(post, topic) and (who.staff or who.in_time(post)),
        "can_delete": who.may_delete(post, topic),
        "can_recover": bool((who.staff and post["deleted_at"]) or (own and post["user_deleted"])),
        "can_wiki": who.staff,
    }
    if in_topic:
        found["read"] = who.id is None
    found |= {"user_title": None, "bookmarked": False}
    if raw and who.reads_text(post):
        found["raw"] = post["raw"]
    found["actions_summary"] = actions(board, who, post)
    found |= _standing(board, post)
    if drafted:
        found["draft_sequence"] = 0
    found |= _fate(board, who, post)
    if not who.reads_text(post):
        found |= {"cooked": f"<p>{say('hidden_post', board.locale(who.member))}</p>", "cooked_hidden": True}
    return found


def _head(board: Board, post: Row, topic: Row) -> dict[str, Any]:
    author = by_id(board, post["user_id"])
    found = {
        "id": post["id"],
        "name": author["name"] if author is not None else None,
        "username": author["username"] if author is not None else None,
        "avatar_template": avatar(author["username"]) if author is not None else None,
        "created_at": post["created_at"],
        "cooked": post["cooked"],
        "post_number": post["post_number"],
        "post_type": post["post_type"],
        "updated_at": post["updated_at"],
        "reply_count": post["reply_count"],
        "reply_to_post_number": post["reply_to_post_number"],
        "quote_count": post["quote_count"],
        "incoming_link_count": 0,
        "reads": post["reads"],
        "readers_count": 0,
        "score": 0,
        "yours": False,
        "topic_id": post["topic_id"],
        "topic_slug": topic["slug"],
    }
    if post["reply_to_post_number"] is not None and not post["quote_count"]:
        answered = board.store.value(
            "SELECT user_id FROM posts WHERE topic_id = ? AND post_number = ?",
            post["topic_id"],
            post["reply_to_post_number"],
        )
        if answered is not None:
            face = basic_of(board, answered)
            found["reply_to_user"] = {key: face[key] for key in ("username", "name", "avatar_template")}
    if post["action_code"] is not None:
        found["action_code"] = post["action_code"]
    return found


def _where(topic: Row) -> dict[str, Any]:
    return {
        "topic_title": topic["title"],
        "topic_html_title": html.escape(topic["title"], quote=False).replace("'", "&rsquo;"),
        "category_id": topic["category_id"],
    }


def _author(board: Board, post: Row) -> dict[str, Any]:
    author = by_id(board, post["user_id"])
    return {"display_username": author["name"] if author is not None else None}


def _standing(board: Board, post: Row) -> dict[str, Any]:
    author = by_id(board, post["user_id"])
    moderator, admin = (bool(author["moderator"]), bool(author["admin"])) if author is not None else (False, False)
    return {"moderator": moderator, "admin": admin, "staff": moderator or admin, "user_id": post["user_id"]}


def _fate(board: Board, who: Guardian, post: Row) -> dict[str, Any]:
    author = by_id(board, post["user_id"])
    found: dict[str, Any] = {
        "hidden": bool(post["hidden"]),
        "trust_level": author["trust_level"] if author is not None else None,
        "deleted_at": post["deleted_at"],
    }
    if post["deleted_at"] is not None:
        found["deleted_by"] = basic_of(board, post["deleted_by_id"])
    found |= {
        "user_deleted": bool(post["user_deleted"]),
        "edit_reason": post["edit_reason"],
        "can_view_edit_history": True,
        "wiki": bool(post["wiki"]),
    }
    if author is not None and is_suspended(board, author):
        found["user_suspended"] = True
    if post["accepted"]:
        found["accepted_answer"] = True
    if who.staff:
        found |= review_facts(board, post)
    return found


def review_facts(board: Board, post: Row) -> dict[str, Any]:
    """The three keys of the review queue."""
    review = board.store.value("SELECT max(id) FROM reviewables WHERE post_id = ?", post["id"])
    count = board.store.value("SELECT count(*) FROM flags WHERE post_id = ?", post["id"])
    waiting = board.store.value(
        "SELECT count(*) FROM flags f JOIN reviewables r ON r.id = f.reviewable_id WHERE f.post_id = ? AND "
        "r.status = 0",
        post["id"],
    )  # fmt: skip
    return {"reviewable_id": review, "reviewable_score_count": count, "reviewable_score_pending_count": waiting}


def actions(board: Board, who: Guardian, post: Row) -> list[dict[str, Any]]:
    """Likes and flags: how many, and what this reader may do."""
    liked: dict[str, Any] = {"id": 2}
    if post["like_count"]:
        liked["count"] = post["like_count"]
    if who.id is not None and not who.owns(post):
        mine = board.store.one("SELECT at FROM likes WHERE post_id = ? AND user_id = ?", post["id"], who.id)
        liked |= {"acted": True} if mine else {"can_act": True}
        if mine and board.clock() - moment(mine["at"]) < UNDO:
            liked["can_undo"] = True
    found = [liked] if len(liked) > 1 else []
    if who.id is not None and who.trust >= 1 and not post["hidden"]:
        kinds = (3, 4, 8, 7) if who.owns(post) else (3, 4, 8, 6, 7)
        found += [{"id": kind, "can_act": True} for kind in kinds]
    return found


def post_hook(board: Board, post: Row, topic: Row) -> dict[str, Any]:
    """A post as web hooks carry it: seen by the system, with its text, without anybody's rights."""
    author = by_id(board, post["user_id"])
    found = _head(board, post, topic)
    for key in ("readers_count", "yours"):
        del found[key]
    found |= {"topic_title": topic["title"], "category_id": topic["category_id"]} | _author(board, post)
    found |= {"primary_group_name": None, "flair_name": None, "version": post["version"], "user_title": None}
    found |= {"bookmarked": False, "raw": post["raw"]} | _standing(board, post)
    found |= {
        "hidden": bool(post["hidden"]),
        "trust_level": author["trust_level"] if author is not None else None,
        "deleted_at": post["deleted_at"],
        "user_deleted": bool(post["user_deleted"]),
        "edit_reason": post["edit_reason"],
        "wiki": bool(post["wiki"]),
        **review_facts(board, post),
        "topic_posts_count": topic["posts_count"],
        "topic_filtered_posts_count": topic["posts_count"],
        "topic_archetype": topic["archetype"],
    }
    if author is not None and is_suspended(board, author):
        found["user_suspended"] = True
    slug = board.store.value("SELECT slug FROM categories WHERE id = ?", topic["category_id"])
    if slug is not None:
        found["category_slug"] = slug
    return found
