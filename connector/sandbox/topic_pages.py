"""The page of a topic or conversation, and the composer."""

from typing import Any

from flask import Blueprint, redirect, request

from .api_read import seen_topic
from .asking import board, who
from .editing import delete_post, edit_post, edit_topic, find, like, unlike
from .page_parts import ago, line, long_date, page, person, rooms, tongue, word
from .people import by_id
from .posting import Draft, publish
from .problems import Problem, forbidden, not_found
from .queue import Held
from .store import Row
from .topic_json import visible_posts
from .words import say

discussing = Blueprint("discussing", __name__)
POSTS = 50


@discussing.get("/t/<slug>/<int:topic_id>")
@discussing.get("/t/<slug>/<int:topic_id>/<int:number>")
@discussing.get("/t/<int:topic_id>")
@discussing.get("/t/<int:topic_id>/<int:number>")
def topic(topic_id: int, slug: str = "", number: int = 0) -> Any:
    """A topic with its posts and, for who may, a box to reply."""
    return _show(topic_id, number=number)


def _show(topic_id: int, *, number: int = 0, errors: list[str] | None = None, draft: str = "") -> Any:
    if board().setting("login_required") and who().id is None:
        return redirect(f"/login?needed=1&to={request.path}")
    row = seen_topic(topic_id)
    listed = visible_posts(board(), who(), topic_id)
    pages_count = max(1, -(-len(listed) // POSTS))
    place = next((index for index, post in enumerate(listed) if post["post_number"] == number), 0)
    current = min(pages_count, max(1, request.args.get("page", place // POSTS + 1, type=int)))
    shown = listed[(current - 1) * POSTS : current * POSTS]
    board().store.run("UPDATE topics SET views = views + 1 WHERE id = ?", topic_id)
    if who().id is not None:
        board().store.run("UPDATE notifications SET read = 1 WHERE user_id = ? AND topic_id = ?", who().id, topic_id)
    draft_to = request.args.get("to", type=int) or request.args.get("quote", type=int)
    return page(
        "topic.html", topic=line(row), posts=[_post(post["id"], row) for post in shown], page=current,
        pages=pages_count,
        may_reply=who().may_reply(row), allowed=_allowed(row), draft_to=draft_to, draft=draft or _quote(row),
        errors=errors, here="messages" if row["archetype"] == "private_message" else row["category_id"],
        status=422 if errors else 200,
    )  # fmt: skip


def _allowed(row: Row) -> list[dict[str, Any]]:
    if row["archetype"] != "private_message":
        return []
    members = board().store.all("SELECT user_id FROM topic_members WHERE topic_id = ? ORDER BY rowid", row["id"])
    return [person(by_id(board(), one["user_id"])) for one in members]


def _quote(row: Row) -> str:
    number = request.args.get("quote", type=int)
    if number is None:
        return ""
    post = board().store.one("SELECT * FROM posts WHERE topic_id = ? AND post_number = ?", row["id"], number)
    if post is None or not who().sees_post(post) or not who().reads_text(post):
        return ""
    author = by_id(board(), post["user_id"])
    name = author["username"] if author is not None else ""
    return f'[quote="{name}, post:{number}, topic:{row["id"]}"]\n{post["raw"]}\n[/quote]\n\n'


def _post(post_id: int, of_topic: Row) -> dict[str, Any]:
    post = board().store.one("SELECT * FROM posts WHERE id = ?", post_id)
    assert post is not None
    mine = who().id is not None and who().owns(post)
    liked = board().store.one("SELECT 1 FROM likes WHERE post_id = ? AND user_id = ?", post_id, who().id) is not None
    cooked = post["cooked"] if who().reads_text(post) else f"<p>{word('hidden_post')}</p>"
    code = f"a_{(post['action_code'] or '').replace('.', '_')}"
    return {
        **dict(post),
        "cooked": cooked,
        "person": person(by_id(board(), post["user_id"])),
        "ago": ago(post["created_at"]),
        "long": long_date(post["created_at"]),
        "liked": liked,
        "may_like": who().id is not None and not mine and not of_topic["archived"],
        "may_edit": who().id is not None and who().may_edit(post, of_topic) and (who().staff or who().in_time(post)),
        "may_delete": who().may_delete(post, of_topic),
        "quiet": post["hidden"] or post["user_deleted"],
        "action": _action(code),
    }


def _action(code: str) -> str:
    try:
        return say(code, tongue())
    except KeyError:
        return ""


@discussing.post("/t/<int:topic_id>/reply")
def reply(topic_id: int) -> Any:
    """Publish a reply; a refusal shows the topic with the text kept."""
    raw = request.form.get("raw", "").replace("\r\n", "\n").strip()
    to = request.form.get("to", "")
    try:
        post_id = publish(board(), who(), Draft(raw, topic_id=topic_id, reply_to=int(to) if to.isdigit() else None))
    except Held:
        return redirect(f"/t/{topic_id}?held=1")
    except Problem as problem:
        return _show(topic_id, errors=problem.texts(), draft=raw)
    return redirect(_address(post_id))


def _address(post_id: int) -> str:
    row = board().store.one(
        "SELECT t.id, t.slug, p.post_number FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.id = ?", post_id
    )
    if row is None:
        return "/"
    return f"/t/{row['slug']}/{row['id']}/{row['post_number']}#post_{row['post_number']}"


@discussing.post("/p/<int:post_id>/<verb>")
def act(post_id: int, verb: str) -> Any:
    """Like, unlike or delete a post."""
    verbs = {"like": like, "unlike": unlike, "delete": delete_post}
    if verb not in verbs:
        raise not_found(tongue())
    verbs[verb](board(), who(), post_id)
    return redirect(_address(post_id))


@discussing.route("/p/<int:post_id>/edit", methods=["GET", "POST"])
def edit(post_id: int) -> Any:
    """Change a post; with the opening post, the title too."""
    post, of_topic = find(board(), who(), post_id)
    if not who().may_edit(post, of_topic):
        raise forbidden(tongue())
    titled = post["post_number"] == 1
    where = {"topic": str(of_topic["id"]), "archetype": of_topic["archetype"]}
    given = {"raw": post["raw"], "title": of_topic["title"] if titled else "", **where}
    if request.method == "POST":
        given = {"raw": _text(), "title": request.form.get("title", "").strip(), **where}
        if not request.form.get("preview"):
            try:
                if titled and given["title"] != of_topic["title"]:
                    edit_topic(board(), who(), of_topic, title=given["title"], category_id=None, tags=None)
                edit_post(board(), who(), post_id, given["raw"])
                return redirect(_address(post_id))
            except Problem as problem:
                return _compose("edit", given, problem)
    return _compose("edit", given)


def _text() -> str:
    return request.form.get("raw", "").replace("\r\n", "\n").strip()


@discussing.route("/new-topic", methods=["GET", "POST"])
def new_topic() -> Any:
    """Write a topic."""
    if who().id is None:
        return redirect("/login?to=/new-topic")
    given = {
        "raw": request.args.get("body", ""),
        "title": request.args.get("title", ""),
        "category": request.args.get("category", ""),
    }
    if request.method == "GET":
        return _compose("topic", given)
    given = {"raw": _text(), "title": request.form.get("title", ""), "category": request.form.get("category", "")}
    return _publish("topic", given, Draft(given["raw"], given["title"], category=given["category"]))


@discussing.route("/new-message", methods=["GET", "POST"])
def new_message() -> Any:
    """Write a private message."""
    if who().id is None:
        return redirect("/login?to=/new-message")
    given = {"raw": "", "title": "", "to": request.args.get("to", "")}
    if request.method == "GET":
        return _compose("message", given)
    given = {"raw": _text(), "title": request.form.get("title", ""), "to": request.form.get("to", "")}
    names = tuple(name.strip().lstrip("@") for name in given["to"].split(",") if name.strip())
    return _publish("message", given, Draft(given["raw"], given["title"], recipients=names, message=True))


def _publish(kind: str, given: dict[str, str], draft: Draft) -> Any:
    if request.form.get("preview"):
        return _compose(kind, given)
    try:
        return redirect(_address(publish(board(), who(), draft)))
    except Held:
        return redirect("/?held=1")
    except Problem as problem:
        return _compose(kind, given, problem)


def _compose(kind: str, given: dict[str, str], problem: Problem | None = None) -> Any:
    heading = {"topic": word("p_new_topic"), "message": word("p_new_message"), "edit": word("p_edit")}[kind]
    button = {"topic": word("p_create"), "message": word("p_send"), "edit": word("p_save")}[kind]
    writable = [room for room in rooms() if who().rights.get(room["id"]) == 1]
    preview = board().cook(given["raw"]) if request.form.get("preview") else ""
    return page(
        "compose.html", kind=kind, given=given, heading=heading, button=button, writable=writable, preview=preview,
        errors=problem.texts() if problem is not None else None, status=problem.status if problem is not None else 200,
    )  # fmt: skip
