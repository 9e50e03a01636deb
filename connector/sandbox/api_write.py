"""The writing part of the API."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .asking import asker, board, parameters, truth, who
from .editing import LIKE, delete_post, edit_post, edit_topic, flag, like, recover_post, unlike
from .editing import find as find_post
from .list_json import fancy
from .moderating import STATUSES, delete_topic, move_posts, recover_topic, set_status, to_message, to_public
from .post_json import post_json
from .posting import Draft, publish
from .problems import Problem, bad_parameter, forbidden, not_found
from .queue import Held, enqueued_json
from .store import Row
from .uploads import keep_upload

writing = Blueprint("write", __name__)


def _post(post_id: int, *, drafted: bool = False) -> dict[str, Any]:
    post, topic = find_post(board(), who(), post_id)
    return post_json(board(), who(), post, topic, drafted=drafted)


def _texts(given: Any) -> tuple[str, ...]:
    if given is None or given == "":
        return ()
    parts = given if isinstance(given, list) else str(given).split(",")
    return tuple(str(part).strip() for part in parts if str(part).strip())


@writing.post("/posts.json")
@writing.post("/posts")
def create_post() -> Any:
    """A topic, a reply or a message. By key, an equal call within 120 seconds gets the first one's answer again."""
    given = parameters()
    if who().id is None:
        raise forbidden()
    if not isinstance(given.get("raw"), str):
        raise bad_parameter("raw", asker().locale)
    if asker().key is None:
        return jsonify(_published(_draft(given)))
    now = board().clock()
    call = json.dumps([who().id, sorted(given.items(), key=str), request.headers.get("User-Agent")], default=str)
    with board().store.lock:
        earlier = board().limits.remembered(call, now)
        if isinstance(earlier, Problem):
            raise earlier
        if earlier is not None:
            return jsonify(earlier)
        try:
            answer = _published(_draft(given))
        except Problem as problem:
            if problem.status == 422:
                board().limits.remember(call, problem, now)
            raise
        board().limits.remember(call, answer, now)
    return jsonify(answer)


def _published(draft: Draft) -> dict[str, Any]:
    try:
        return _post(publish(board(), who(), draft), drafted=True)
    except Held as held:
        return enqueued_json(board(), held.review_id)


def _draft(given: dict[str, Any]) -> Draft:
    def whole(name: str) -> int | None:
        value = given.get(name)
        if value in (None, ""):
            return None
        try:
            return int(str(value))
        except ValueError:
            raise bad_parameter(name, asker().locale) from None

    return Draft(
        raw=str(given["raw"]).strip().replace("\r\n", "\n"),
        title=str(given.get("title") or ""),
        category=given.get("category"),
        topic_id=whole("topic_id"),
        reply_to=whole("reply_to_post_number"),
        recipients=_texts(given.get("target_recipients") or given.get("target_usernames")),
        tags=_texts(given.get("tags")),
        external_id=str(given["external_id"]) if asker().key is not None and given.get("external_id") else None,
        message=given.get("archetype") == "private_message",
        whisper=str(given.get("whisper")) == "true",
    )


@writing.put("/posts/<int:post_id>.json")
@writing.put("/posts/<int:post_id>")
def update_post(post_id: int) -> Response:
    """Change a text; `raw_old` or `original_text` that is not the present one: 409."""
    given = parameters().get("post")
    if not isinstance(given, dict) or not isinstance(given.get("raw"), str):
        raise bad_parameter("post", asker().locale)
    reason = given.get("edit_reason")
    expected = given.get("raw_old", given.get("original_text"))
    edit_post(
        board(), who(), post_id, given["raw"].strip(), reason=str(reason) if reason else None,
        expected=str(expected) if expected is not None else None,
    )  # fmt: skip
    return jsonify({"post": _post(post_id, drafted=True)})


@writing.delete("/posts/<int:post_id>.json")
@writing.delete("/posts/<int:post_id>")
def remove_post(post_id: int) -> Response:
    """Delete a post; the answer has no body."""
    delete_post(board(), who(), post_id)
    return Response("", mimetype="text/plain")


@writing.put("/posts/<int:post_id>/recover.json")
def recover(post_id: int) -> Response:
    """Bring a post back."""
    recover_post(board(), who(), post_id)
    return jsonify(_post(post_id))


def _topic(topic_id: int) -> Row:
    row = board().store.one("SELECT * FROM topics WHERE id = ?", topic_id)
    if row is None or not who().sees_topic(row):
        raise not_found(asker().locale, topic=True)
    return row


@writing.put("/t/-/<int:topic_id>.json")
@writing.put("/t/<int:topic_id>.json")
@writing.put("/t/<slug>/<int:topic_id>.json")
def update_topic(topic_id: int, slug: str = "") -> Response:
    """Change title, category, tags."""
    given = parameters()
    category = given.get("category_id")
    try:
        category_id = int(str(category)) if category not in (None, "") else None
    except ValueError:
        raise bad_parameter("category_id", asker().locale) from None
    title = given.get("title")
    tags = list(_texts(given["tags"])) if "tags" in given else None
    edit_topic(
        board(), who(), _topic(topic_id), title=str(title) if title is not None else None, category_id=category_id,
        tags=tags
    )  # fmt: skip
    row = _topic(topic_id)
    shown = {"id": topic_id, "title": row["title"], "fancy_title": fancy(row["title"]), "slug": row["slug"]}
    return jsonify({"basic_topic": {**shown, "posts_count": row["posts_count"]}})


@writing.put("/t/<int:topic_id>/status.json")
def topic_status(topic_id: int) -> Response:
    """Close, archive, unlist, pin: staff only."""
    given, row = parameters(), _topic(topic_id)
    if not who().staff:
        raise forbidden(asker().locale)
    status = str(given.get("status") or "")
    if status not in STATUSES:
        raise bad_parameter("status", asker().locale)
    set_status(board(), row["id"], status, truth(given.get("enabled")), by=_me())
    return jsonify({"success": "OK", "topic_status_update": None})


def _me() -> int:
    if who().id is None:
        raise forbidden()
    return int(who().id or 0)


@writing.delete("/t/<int:topic_id>.json")
def remove_topic(topic_id: int) -> Response:
    """Delete a topic: staff only."""
    _topic(topic_id)
    if not who().staff:
        raise forbidden(asker().locale)
    delete_topic(board(), topic_id, by=_me())
    return Response("", mimetype="text/plain")


@writing.put("/t/<int:topic_id>/recover.json")
def restore_topic(topic_id: int) -> Response:
    """Bring a topic back: staff only."""
    _topic(topic_id)
    if not who().staff:
        raise forbidden(asker().locale)
    recover_topic(board(), topic_id)
    return jsonify({"success": "OK"})


@writing.post("/t/<int:topic_id>/move-posts.json")
def move(topic_id: int) -> Response:
    """Move posts into a new or another topic: staff only."""
    given, row = parameters(), _topic(topic_id)
    if not who().staff:
        raise forbidden(asker().locale)
    ids = [int(one) for one in given.get("post_ids") or ()]
    into = given.get("destination_topic_id")
    category = given.get("category_id")
    if not ids or (into is None and not given.get("title")):
        raise bad_parameter("post_ids", asker().locale)
    target = move_posts(
        board(), row["id"], ids, title=given.get("title"), category_id=int(category) if category else None,
        into=int(into) if into is not None else None, by=_me(),
    )  # fmt: skip
    fresh = _topic(target)
    return jsonify({"success": True, "url": f"/t/{fresh['slug']}/{target}"})


@writing.put("/t/<int:topic_id>/convert-topic/<kind>.json")
def convert(topic_id: int, kind: str) -> Response:
    """Turn a topic into a message, or a message into a topic: staff only."""
    _topic(topic_id)
    if not who().staff:
        raise forbidden(asker().locale)
    if kind == "private":
        to_message(board(), topic_id, by=_me())
    else:
        to_public(board(), topic_id, int(parameters().get("category_id") or 1), by=_me())
    row = _topic(topic_id)
    return jsonify({"success": True, "url": f"/t/{row['slug']}/{topic_id}"})


@writing.post("/post_actions.json")
@writing.post("/post_actions")
def act_on_post() -> Response:
    """Like or flag a post."""
    given = parameters()
    try:
        post_id, kind = int(str(given.get("id"))), int(str(given.get("post_action_type_id")))
    except ValueError:
        raise bad_parameter("id", asker().locale) from None
    if kind == LIKE:
        like(board(), who(), post_id)
    else:
        message = given.get("message")
        flag(board(), who(), post_id, kind, str(message) if message else None)
    post, topic = find_post(board(), who(), post_id)
    return jsonify(post_json(board(), who(), post, topic, raw=False))


@writing.delete("/post_actions/<int:post_id>.json")
def undo_action(post_id: int) -> Response:
    """Take a like back."""
    unlike(board(), who(), post_id)
    post, topic = find_post(board(), who(), post_id)
    return jsonify(post_json(board(), who(), post, topic, raw=False))


@writing.post("/uploads.json")
@writing.post("/uploads")
def upload() -> Response:
    """Keep a file; the answer's short_url goes into a text."""
    sent = request.files.get("file") or request.files.get("files[]")
    if who().id is None:
        raise forbidden()
    if sent is None:
        raise bad_parameter("file", asker().locale)
    return jsonify(keep_upload(board(), who(), sent.filename or "file", sent.read()))


@writing.put("/groups/<int:group_id>/members.json")
def change_group(group_id: int) -> Response:
    """Put members into a group: staff only."""
    from .people import join_group

    if not who().staff:
        raise forbidden(asker().locale)
    name = board().store.value("SELECT name FROM groups WHERE id = ?", group_id)
    if name is None:
        raise not_found(asker().locale)
    names = _texts(parameters().get("usernames"))
    for username in names:
        join_group(board(), name, username)
    return jsonify({"success": "OK", "usernames": list(names), "emails": []})
