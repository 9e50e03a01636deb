"""The forum's pages: lists, search, login, members, files."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, request, send_from_directory

from .acting import Acting
from .asking import board, who
from .cooking import plain
from .editing import sweep
from .finding import matching_posts
from .page_parts import ago, line, long_date, page, person, tongue, word
from .people import groups_of, is_suspended, named
from .problems import Problem, not_found
from .provider import after_login
from .uploads import find_upload

pages = Blueprint("pages", __name__)
PER_PAGE = 30
HERE = Path(__file__).parent
KINDS = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}


def problem_page(problem: Problem) -> Any:
    """A refusal as a page; who must log in is sent to the login."""
    if who().id is None and problem.status == 403:
        return redirect(f"/login?to={request.path}")
    return page("problem.html", status=problem.status, errors=problem.texts())


def _listing(where: str, address: str, *values: Any, **more: Any) -> Any:
    if board().setting("login_required") and who().id is None:
        return redirect("/login?needed=1")
    show = request.args.get("show", "latest")
    number = max(0, request.args.get("page", 0, type=int))
    if show == "unanswered":
        where += " AND posts_count <= 1 AND closed = 0"
    order = "created_at DESC" if show == "new" else "pinned_at IS NULL, bumped_at DESC"
    rows = board().store.all(
        f"SELECT * FROM topics WHERE deleted_at IS NULL AND {where} ORDER BY {order}, id DESC LIMIT ? "  # noqa: S608
        "OFFSET ?",
        *values, PER_PAGE + 1, number * PER_PAGE,
    )  # fmt: skip
    tabs = [("latest", word("p_latest")), ("new", word("p_new")), ("unanswered", word("p_unanswered"))]
    return page(
        "topics.html", topics=[line(row) for row in rows[:PER_PAGE]], more=len(rows) > PER_PAGE, page=number, show=show,
        tabs=tabs, address=address, may_create=who().id is not None, **more,
    )  # fmt: skip


def _public() -> str:
    return f"archetype = 'regular' AND category_id IN {who().open_categories} AND visible = 1"


@pages.get("/")
@pages.get("/latest")
def home() -> Any:
    """The topics of all categories."""
    return _listing(_public(), "/", here="latest")


@pages.get("/c/<slug>/<int:category_id>")
def category(slug: str, category_id: int) -> Any:
    """The topics of one category."""
    row = board().store.one("SELECT * FROM categories WHERE id = ?", category_id)
    if row is None or category_id not in who().rights:
        raise not_found(tongue())
    return _listing(
        f"{_public()} AND category_id = ?", f"/c/{row['slug']}/{category_id}", category_id, here=category_id,
        heading=row["name"], about=row["description"], category=dict(row),
    )  # fmt: skip


@pages.get("/my/messages")
@pages.get("/u/<username>/messages")
def messages(username: str = "") -> Any:
    """The reader's private conversations."""
    if who().id is None:
        return redirect("/login?to=/my/messages")
    where = "archetype = 'private_message' AND id IN (SELECT topic_id FROM topic_members WHERE user_id = ?)"
    return _listing(where, "/my/messages", who().id, here="messages", heading=word("p_inbox"))


@pages.get("/search")
def search() -> Any:
    """Posts with these words."""
    words = request.args.get("q", "").strip()
    found = []
    for row in matching_posts(board(), who(), words) if words else ():
        topic = board().store.one("SELECT * FROM topics WHERE id = ?", row["topic_id"])
        author = board().store.one("SELECT username FROM members WHERE id = ?", row["user_id"])
        assert topic is not None
        found.append(
            {**dict(row), "title": topic["title"], "slug": topic["slug"], "ago": ago(row["created_at"]),
             "blurb": plain(row["cooked"])[:220], "author": author["username"] if author is not None else ""}
        )  # fmt: skip
    return page("search.html", words=words, posts=found)


@pages.get("/login")
def login() -> Any:
    """Choose who you are: one line about everybody who may log in."""
    find = request.args.get("q", "").strip().lower()
    rows = board().store.all("SELECT * FROM members WHERE id > 0 AND active = 1 ORDER BY name = '', name, username")
    shown = []
    for row in rows:
        about = row["intro"] or (plain(board().cook(row["bio"])) if row["bio"] else "")
        place = f"{row['location']}. " if row["location"] else ""
        if find in f"{row['username']} {row['name']} {about} {place}".lower() and not is_suspended(board(), row):
            shown.append({**person(row), "line": f"{place}{about}"[:180]})
    needed = board().setting("login_required") or request.args.get("needed")
    return page("login.html", people=shown[:120], find=find, to=_inside(request.args.get("to")), needed=needed)


def _inside(address: str | None) -> str:
    """An address of this forum, never of another."""
    parts = urlsplit(address or "/")
    path = parts.path if parts.path.startswith("/") and not parts.path.startswith("//") else "/"
    return path if not parts.netloc and not parts.scheme else "/"


@pages.post("/login")
def log_in() -> Any:
    """Become this member, and go where another service waits, or to the forum."""
    member = named(board(), request.form.get("username", ""))
    if member is None or not member["active"] or is_suspended(board(), member):
        raise not_found(tongue())
    token = Acting(board(), member["username"]).login()
    answer = after_login(board(), member) or make_response(redirect(_inside(request.form.get("to"))))
    answer.set_cookie("_t", token, httponly=True, samesite="Lax")
    return answer


@pages.post("/logout")
def log_out() -> Response:
    """Be nobody again."""
    if who().member is not None:
        Acting(board(), str(who().member["username"])).logout()  # type: ignore[index]
    answer = make_response(redirect("/"))
    answer.delete_cookie("_t")
    return answer


@pages.post("/sandbox/time")
def let_time_pass() -> Any:
    """A sandbox's own button, which no real forum has: an hour or a day goes by for all who share the clock."""
    hours = 24 if request.form.get("hours") == "24" else 1
    board().clock.move(timedelta(hours=hours))
    sweep(board())
    return redirect(_inside(request.form.get("to")))


@pages.get("/u/<username>")
def member(username: str) -> Any:
    """A member's page."""
    row = named(board(), username)
    if row is None or row["id"] < 0:
        raise not_found(tongue())
    posts = board().store.all(
        "SELECT p.*, t.title, t.slug FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id "  # noqa: S608
        "= ? AND p.deleted_at IS NULL "
        "AND t.deleted_at IS NULL AND p.hidden = 0 AND p.post_type = 1 AND t.archetype = 'regular' AND "
        f"t.category_id IN {who().open_categories} "
        "ORDER BY p.created_at DESC LIMIT 10", row["id"],
    )  # fmt: skip
    shown = [{**dict(post), "ago": ago(post["created_at"]), "blurb": plain(post["cooked"])[:220]} for post in posts]
    count = board().store.value("SELECT count(*) FROM posts WHERE user_id = ? AND deleted_at IS NULL", row["id"])
    groups = [group["full_name"] or group["name"] for group in groups_of(board(), row["id"]) if not group["automatic"]]
    bio = board().cook(row["bio"]) if row["bio"] else ""
    return page(
        "member.html", person=person(row), joined=long_date(row["created_at"]), count=count, posts=shown,
        groups=groups, bio=bio
    )  # fmt: skip


@pages.get("/sandbox/static/<path:name>")
def static(name: str) -> Response:
    """Styles."""
    return send_from_directory(HERE / "static", name, max_age=300)


@pages.get("/letter_avatar_proxy/v4/letter/<letter>/<colour>/<size>.png")
def letter(letter: str, colour: str, size: str) -> Response:
    """A letter on a coloured disc, drawn as SVG whatever the name says."""
    shade = colour if colour.isalnum() and len(colour) == 6 else hashlib.sha256(colour.encode()).hexdigest()[:6]
    glyph = letter[:1].upper() if letter[:1].isalnum() else "?"
    text = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" fill="#{shade}"/>'
        f'<text x="24" y="33" font-size="26" font-family="Arial" fill="#fff" text-anchor="middle">{glyph}</text></svg>'
    )
    return Response(text, mimetype="image/svg+xml")


@pages.get("/uploads/short-url/<name>")
@pages.get("/uploads/default/original/1X/<name>")
def file(name: str) -> Response:
    """A file that somebody attached; what is no picture is downloaded."""
    found = find_upload(board(), name)
    if found is None:
        raise not_found(tongue())
    data, extension = found
    answer = Response(data, mimetype=KINDS.get(extension, "application/octet-stream"))
    if extension not in KINDS:
        answer.headers["Content-Disposition"] = "attachment"
    return answer
