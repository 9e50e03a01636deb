"""The part of the API about the site, its members and groups."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, jsonify

from .asking import asker, board, number, parameters, who
from .board import Board
from .clock import stamp
from .faces import avatar, basic, listed
from .keys import scopes_json
from .member_json import card_json, group_json, sees_member, user_json
from .payloads import notification_json
from .people import by_id, named
from .problems import bad_parameter, not_found, not_logged_in
from .room_json import site_categories
from .shapes import shape

people = Blueprint("people", __name__)


@people.get("/about.json")
def about() -> Response:
    """What the forum is, and how much there is in it."""
    found = shape("about")["about"]
    found |= {"stats": found["stats"] | _counts(board()), "description": board().setting("site_description")}
    found |= {"title": board().setting("title"), "locale": board().setting("default_locale")}
    for role in ("moderators", "admins"):
        column = role[:-1]
        rows = board().store.all(f"SELECT * FROM members WHERE {column} = 1 AND id > 0 ORDER BY id")  # noqa: S608
        found[role] = [{**basic(row), "title": row["title"], "last_seen_at": row["last_seen_at"]} for row in rows]
    return jsonify({"about": found})


def _counts(forum: Board) -> dict[str, int]:
    found: dict[str, int] = {}
    public = "t.archetype = 'regular' AND t.deleted_at IS NULL"
    spans = {"last_day": 1, "7_days": 7, "30_days": 30}
    queries = {
        "topic": f"SELECT count(*) FROM topics t WHERE {public} AND t.created_at > ?",  # noqa: S608
        "post": "SELECT count(*) FROM posts p JOIN topics t ON t.id = p.topic_id "  # noqa: S608
        f"WHERE {public} AND p.deleted_at IS NULL AND p.created_at > ?",
        "user": "SELECT count(*) FROM members WHERE id > 0 AND created_at > ?",
        "like": "SELECT count(*) FROM likes WHERE at > ?",
    }
    for name, query in queries.items():
        found[f"{name}_count"] = forum.store.value(query, "")
        for span, days in spans.items():
            since = stamp(forum.clock() - timedelta(days=days))
            found[f"{name}s_{span}"] = forum.store.value(query, since)
    return found


@people.get("/site/basic-info.json")
def basic_info() -> Response:
    """The forum's name and colours."""
    found = dict.fromkeys(("logo_url", "logo_small_url", "apple_touch_icon_url", "favicon_url"), "")
    return jsonify(
        {
            **found,
            "title": board().setting("title"),
            "description": board().setting("site_description"),
            "header_primary_color": "333333",
            "header_background_color": "ffffff",
            "login_required": board().setting("login_required"),
            "mobile_logo_url": "",
        }
    )


@people.get("/site/settings.json")
def client_settings() -> Response:
    """The settings that pages know: limits of lengths, login, approval, language."""
    known = shape("client_settings")
    return jsonify({name: _setting(name, value) for name, value in known.items()})


def _setting(name: str, value: Any) -> Any:
    try:
        return board().setting(name)
    except KeyError:
        return value


@people.get("/site.json")
def site() -> Response:
    """Kinds of posts and notifications, groups, categories."""
    found = shape("site")
    groups = board().store.all("SELECT * FROM groups ORDER BY name")
    found["groups"] = [
        {"id": row["id"], "name": row["name"], "flair_url": None, "flair_bg_color": None, "flair_color": None}
        for row in groups
        if who().staff or row["visibility_level"] in (0, 1)
    ]
    found["categories"] = site_categories(board(), who())
    if who().id is None:
        for name in ("can_create_tag", "can_tag_topics", "can_tag_pms"):
            found[name] = False
    return jsonify(found)


@people.get("/u/<username>.json")
@people.get("/users/<username>.json")
def user(username: str) -> Response:
    """A member; 404 for an inactive one."""
    member = named(board(), username)
    if member is None or not sees_member(board(), who(), member):
        raise not_found(asker().locale)
    return jsonify(user_json(board(), who(), member))


@people.get("/u/<username>/emails.json")
def emails(username: str) -> Response:
    """A member's addresses, for staff and the member."""
    member = named(board(), username)
    if member is None or not (who().staff or member["id"] == who().id):
        answer = jsonify({"failed": "FAILED"})
        answer.status_code = 403
        return answer
    found = {"email": member["email"], "secondary_emails": [], "unconfirmed_emails": [], "associated_accounts": []}
    return jsonify(found)


@people.get("/user-cards.json")
def user_cards() -> Response:
    """Many members in one call, by id."""
    try:
        wanted = [int(one) for one in str(parameters().get("user_ids", "")).split(",") if one.strip()]
    except ValueError:
        raise bad_parameter("user_ids", asker().locale) from None
    members = [by_id(board(), one) for one in dict.fromkeys(wanted)]
    shown = [card_json(board(), row) for row in members if row is not None and sees_member(board(), who(), row)]
    return jsonify({"user_badges": [], "users": shown})


@people.get("/directory_items.json")
def directory() -> Response:
    """Members by what they wrote, 50 a page."""
    page = number("page", 0) or 0
    rows = board().store.all(
        "SELECT m.*, (SELECT count(*) FROM posts p WHERE p.user_id = m.id AND p.deleted_at IS NULL) AS posts, "
        "(SELECT count(*) FROM topics t WHERE t.user_id = m.id AND t.archetype = 'regular') AS topics, "
        "(SELECT count(*) FROM likes l WHERE l.user_id = m.id) AS given, "
        "(SELECT coalesce(sum(p.like_count), 0) FROM posts p WHERE p.user_id = m.id) AS received "
        "FROM members m WHERE m.id > 0 AND m.active = 1 ORDER BY posts DESC, m.id LIMIT 50 OFFSET ?", page * 50,
    )  # fmt: skip
    total = board().store.value("SELECT count(*) FROM members WHERE id > 0 AND active = 1")
    items = []
    for row in rows:
        item: dict[str, Any] = {"id": row["id"], "likes_received": row["received"], "likes_given": row["given"]}
        item |= {"topic_count": row["topics"], "post_count": row["posts"] - row["topics"]}
        item |= dict.fromkeys(("topics_entered", "posts_read", "days_visited", "time_read"), 0)
        face = listed(row)
        name = {key: face.pop(key) for key in ("id", "username", "name", "avatar_template")}
        items.append({**item, "user": {**name, "title": row["title"], **face}})
    more = f"/directory_items.json?order=post_count&page={page + 1}&period=all"
    meta = {
        "last_updated_at": board().clock.stamp(),
        "total_rows_directory_items": total,
        "load_more_directory_items": more,
    }
    return jsonify({"directory_items": items, "meta": meta})


@people.get("/groups.json")
def groups() -> Response:
    """The groups that the caller may see; automatic ones only for staff."""
    rows = board().store.all("SELECT * FROM groups ORDER BY name")
    shown = [
        row
        for row in rows
        if who().staff
        or (not row["automatic"] and row["visibility_level"] in (0, 1))
        or (row["id"] in who().groups and not row["automatic"])
    ]
    kinds = ["my", "public", "close", "automatic"] if who().staff else ["my", "public", "close"]
    return jsonify(
        {
            "groups": [group_json(board(), who(), row, hook=False) for row in shown],
            "extras": {"type_filters": kinds if who().id is not None else kinds[1:]},
            "total_rows_groups": len(shown),
            "load_more_groups": "/groups?page=1",
        }
    )


@people.get("/groups/<name>/members.json")
def group_members(name: str) -> Response:
    """The human members of a group, 50 at a time, 1,000 at most."""
    group = board().store.one("SELECT * FROM groups WHERE name = ? COLLATE NOCASE", name)
    if group is None or not (who().staff or group["visibility_level"] in (0, 1) or group["id"] in who().groups):
        raise not_found(asker().locale)
    limit, offset = number("limit", 50) or 50, number("offset", 0) or 0
    if not 0 < limit <= 1000:
        raise bad_parameter("limit", asker().locale)
    rows = board().store.all(
        "SELECT m.*, g.added_at FROM members m JOIN group_members g ON g.user_id = m.id WHERE g.group_id = ? AND "
        "m.id > 0 "
        "ORDER BY m.lower_name LIMIT ? OFFSET ?", group["id"], limit, offset,
    )  # fmt: skip
    total = board().store.value("SELECT count(*) FROM group_members WHERE group_id = ? AND user_id > 0", group["id"])
    members = [
        {
            "id": row["id"],
            "username": row["username"],
            "name": row["name"],
            "avatar_template": avatar(row["username"]),
            "flair_name": None,
            "trust_level": row["trust_level"],
            "title": row["title"],
            "last_posted_at": row["last_posted_at"],
            "last_seen_at": row["last_seen_at"],
            "added_at": row["added_at"],
            "timezone": None,
        }
        for row in rows
    ]
    return jsonify({"members": members, "owners": [], "meta": {"total": total, "limit": limit, "offset": offset}})


@people.get("/session/scopes.json")
def scopes() -> Response:
    """What the caller's key may do."""
    if asker().key is None:
        raise not_found(asker().locale)
    return jsonify(scopes_json(asker().key))


@people.get("/notifications.json")
def notifications() -> Response:
    """Who was told of what: the caller's own, or anybody's for an admin."""
    if who().id is None:
        raise not_logged_in()
    name = parameters().get("username")
    member = named(board(), str(name)) if name else who().member
    if member is None or (member["id"] != who().id and not who().admin):
        raise not_found(asker().locale)
    offset = number("offset", 0) or 0
    rows = board().store.all(
        "SELECT id FROM notifications WHERE user_id = ? ORDER BY id DESC LIMIT 60 OFFSET ?", member["id"], offset
    )
    total = board().store.value("SELECT count(*) FROM notifications WHERE user_id = ?", member["id"])
    return jsonify(
        {
            "notifications": [notification_json(board(), row["id"]) for row in rows],
            "total_rows_notifications": total,
            "seen_notification_id": 0,
            "load_more_notifications": f"/notifications?offset={offset + 60}&username={member['username']}",
        }
    )


@people.get("/review.json")
def review() -> Response:
    """The review queue is the staff's; this sandbox keeps no pages for it."""
    from .problems import forbidden

    if not who().staff:
        raise forbidden(asker().locale)
    rows = board().store.all("SELECT id FROM reviewables WHERE status = 0 ORDER BY id")
    from .payloads import payload

    found = [payload(board(), "reviewable_created", row["id"])["reviewable"] for row in rows]
    return jsonify(
        {"reviewables": found, "meta": {"total_rows_reviewables": len(found), "types": ["ReviewableFlaggedPost"]}}
    )
