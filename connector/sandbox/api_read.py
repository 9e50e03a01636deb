"""The reading part of the API: lists, topics, posts, search."""

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, request

from .asking import asker, board, number, parameters, truth, who
from .cooking import plain
from .editing import find
from .finding import search_json, similar_json
from .list_json import list_json
from .post_json import post_json
from .problems import bad_parameter, forbidden, not_found, not_logged_in
from .room_json import categories_json
from .store import Row
from .topic_json import posts_json, topic_json, visible_posts

reading = Blueprint("read", __name__)
PER_PAGE = 30


def _page_of_topics(where: str, *values: Any, address: str) -> dict[str, Any]:
    page = max(0, number("page", 0) or 0)
    size = PER_PAGE
    given = parameters()
    column = {"created": "created_at", "views": "views", "posts": "posts_count"}.get(
        given.get("order", ""), "bumped_at"
    )
    way = "ASC" if truth(given.get("ascending")) else "DESC"
    pinned = "pinned_at IS NULL, " if column == "bumped_at" else ""
    rows = board().store.all(
        f"SELECT * FROM topics WHERE deleted_at IS NULL AND {where} ORDER BY {pinned}{column} {way}, "  # noqa: S608
        f"id {way} "
        "LIMIT ? OFFSET ?", *values, size + 1, page * size,
    )  # fmt: skip
    more = None
    if len(rows) > size:
        kept = "".join(f"{name}={value}&" for name, value in request.args.items() if name != "page")
        more = f"{address}?{kept}no_definitions=true&page={page + 1}"
    return list_json(board(), who(), rows[:size], more)


def _public() -> str:
    unlisted = "" if who().staff else " AND visible = 1"
    return f"archetype = 'regular' AND category_id IN {who().open_categories}{unlisted}"


@reading.get("/latest.json")
def latest() -> Response:
    """The topics that were written in last, or newest first with order=created."""
    return jsonify(_page_of_topics(_public(), address="/latest"))


@reading.get("/c/<int:category_id>/l/latest.json")
@reading.get("/c/<int:category_id>.json")
def category_bare(category_id: int) -> Any:
    """The address without a slug sends to the one with it."""
    row = _category(category_id)
    return _moved(f"/c/{row['slug']}/{category_id}/l/latest.json")


@reading.get("/c/<slug>/<int:category_id>/l/latest.json")
@reading.get("/c/<slug>/<int:category_id>.json")
def category_latest(slug: str, category_id: int) -> Response:
    """The topics of one category."""
    row = _category(category_id)
    return jsonify(
        _page_of_topics(f"{_public()} AND category_id = ?", category_id, address=f"/c/{row['slug']}/{category_id}")
    )


def _category(category_id: int) -> Row:
    row = board().store.one("SELECT * FROM categories WHERE id = ?", category_id)
    if row is None or category_id not in who().rights:
        raise not_found(asker().locale)
    return row


def _moved(path: str) -> Any:
    answer = redirect(board().base_url + path, 301)
    answer.set_data(f'<html><body>You are being <a href="{board().base_url}{path}">redirected</a>.</body></html>')
    return answer


@reading.get("/posts.json")
def latest_posts() -> Response:
    """The regular posts with ids in (before - 50, before], newest first: a page may be empty though
    older ones exist.
    """
    return jsonify(
        {
            "latest_posts": _window(
                f"t.archetype = 'regular' AND t.visible = 1 AND t.category_id IN {who().open_categories}"
            )
        }
    )


@reading.get("/private-posts.json")
def private_posts() -> Response:
    """The same of the caller's private messages (an admin's: everybody's)."""
    if who().id is None:
        raise not_logged_in()
    where = "t.archetype = 'private_message'"
    if not who().admin:
        where += (
            f" AND (t.id IN (SELECT topic_id FROM topic_members WHERE user_id = {who().id}) OR t.id "  # noqa: S608
            "IN (SELECT topic_id "
            f"FROM topic_groups g JOIN group_members m ON m.group_id = g.group_id WHERE m.user_id = {who().id}))"
        )
    return jsonify({"private_posts": _window(where)})


def _window(where: str) -> list[dict[str, Any]]:
    top = board().store.value("SELECT max(id) FROM posts") or 0
    before = number("before", top) or top
    rows = board().store.all(
        "SELECT p.* FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.id <= ? AND p.id > ? AND "  # noqa: S608
        "p.post_type = 1 "
        f"AND p.deleted_at IS NULL AND p.hidden = 0 AND t.deleted_at IS NULL AND {where} ORDER BY p.id DESC",
        before, before - 50,
    )  # fmt: skip
    return [post_json(board(), who(), row, _topic_row(row["topic_id"]), listed=True) for row in rows]


def _topic_row(topic_id: int) -> Row:
    row = board().store.one("SELECT * FROM topics WHERE id = ?", topic_id)
    if row is None:
        raise not_found(asker().locale, topic=True)
    return row


def seen_topic(topic_id: int) -> Row:
    """The topic, for somebody who may open it; else 404."""
    row = _topic_row(topic_id)
    if not who().sees_topic(row):
        raise not_found(asker().locale, topic=True)
    return row


@reading.get("/t/<int:topic_id>.json")
def topic(topic_id: int) -> Response:
    """A topic with 20 posts and the ids of all; include_raw, page, print (1,000 posts)."""
    row, given = seen_topic(topic_id), parameters()
    page = number("page", 1) or 1
    printed = truth(given.get("print"))
    size = 1000 if printed else 20
    if page < 1 or (page > 1 and (page - 1) * size >= len(visible_posts(board(), who(), topic_id))):
        raise not_found(asker().locale, topic=True)
    board().store.run("UPDATE topics SET views = views + 1 WHERE id = ?", topic_id)
    return jsonify(topic_json(board(), who(), row, page=page, raw=truth(given.get("include_raw")), printed=printed))


@reading.get("/t/<slug>/<int:topic_id>.json")
def topic_slugged(slug: str, topic_id: int) -> Response:
    """The same under its full address."""
    return topic(topic_id)


@reading.get("/t/<int:topic_id>/posts.json")
def topic_posts(topic_id: int) -> Response:
    """Posts of a topic by their ids; without ids the first 20."""
    row, given = seen_topic(topic_id), parameters()
    wanted = given.get("post_ids")
    if wanted is None:
        ids = [post["id"] for post in visible_posts(board(), who(), topic_id)[:20]]
    else:
        try:
            ids = [int(one) for one in wanted]
        except (TypeError, ValueError):
            raise bad_parameter("post_ids", asker().locale) from None
    found = posts_json(board(), who(), row, ids, raw=truth(given.get("include_raw")))
    return jsonify({"post_stream": {"posts": found}, "id": topic_id})


@reading.get("/t/<int:topic_id>/post_ids.json")
def topic_post_ids(topic_id: int) -> Response:
    """The ids of a topic's posts."""
    seen_topic(topic_id)
    return jsonify({"post_ids": [row["id"] for row in visible_posts(board(), who(), topic_id)]})


@reading.get("/t/external_id/<external_id>.json")
def external_topic(external_id: str) -> Any:
    """301 to the topic that was made under this key; 404 for none or a deleted one."""
    row = board().store.one("SELECT * FROM topics WHERE external_id = ? AND deleted_at IS NULL", external_id)
    if row is None or not who().sees_topic(row):
        raise not_found(asker().locale)
    return _moved(f"/t/{row['slug']}/{row['id']}.json")


@reading.get("/posts/<int:post_id>.json")
def post(post_id: int) -> Response:
    """One post with its text."""
    found, of_topic = find(board(), who(), post_id)
    return jsonify(post_json(board(), who(), found, of_topic))


@reading.get("/posts/by_number/<int:topic_id>/<int:post_number>.json")
def post_by_number(topic_id: int, post_number: int) -> Response:
    """One post by its place in a topic."""
    row = board().store.one("SELECT id FROM posts WHERE topic_id = ? AND post_number = ?", topic_id, post_number)
    if row is None:
        raise not_found(asker().locale)
    return post(row["id"])


@reading.get("/posts/<int:post_id>/raw")
def post_raw(post_id: int) -> Response:
    """The text as it was written."""
    found, _ = find(board(), who(), post_id)
    if not who().reads_text(found):
        raise forbidden(asker().locale)
    return Response(found["raw"], mimetype="text/plain")


@reading.get("/posts/<int:post_id>/replies.json")
def post_replies(post_id: int) -> Response:
    """The posts that answer this one."""
    found, of_topic = find(board(), who(), post_id)
    rows = board().store.all(
        "SELECT * FROM posts WHERE topic_id = ? AND reply_to_post_number = ? AND deleted_at IS NULL ORDER BY "
        "post_number",
        of_topic["id"], found["post_number"],
    )  # fmt: skip
    return jsonify([post_json(board(), who(), row, of_topic, raw=False) for row in rows if who().sees_post(row)])


@reading.get("/categories.json")
def categories() -> Response:
    """The categories that the caller may open."""
    children = truth(parameters().get("include_subcategories"))
    return jsonify(categories_json(board(), who(), with_children=children))


@reading.get("/search.json")
def search() -> Response:
    """Posts with these words; at least three letters."""
    words = str(parameters().get("q") or "").strip()
    if len(words) < 3:
        raise bad_parameter("q", asker().locale)
    return jsonify(search_json(board(), who(), words))


@reading.get("/topics/similar_to.json")
def similar() -> Response:
    """Topics whose title or first post has words of this draft."""
    given = parameters()
    return jsonify(similar_json(board(), who(), str(given.get("title") or ""), plain(str(given.get("raw") or ""))))


@reading.get("/topics/private-messages/<username>.json")
@reading.get("/topics/private-messages-sent/<username>.json")
def messages(username: str) -> Response:
    """The private conversations of a member, for himself and for admins."""
    member = board().store.one("SELECT id FROM members WHERE lower_name = ?", username.lower())
    if member is None or (member["id"] != who().id and not who().admin):
        raise not_found(asker().locale)
    where = "archetype = 'private_message' AND id IN (SELECT topic_id FROM topic_members WHERE user_id = ?)"
    return jsonify(_page_of_topics(where, member["id"], address=f"/topics/private-messages/{username}"))
