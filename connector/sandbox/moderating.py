"""What staff does: close, unlist, hide, delete, move, turn into a message, change who may read a category."""

import json
from typing import Any

from .board import SYSTEM, Board
from .checking import slug as make_slug
from .editing import trash_post
from .people import by_id
from .posting import insert_message, insert_topic, recount, small_action
from .store import Row

STATUSES = {"closed": "closed", "visible": "visible", "archived": "archived", "pinned": "pinned_at"}


def topic_of(board: Board, topic_id: int) -> Row:
    """The topic of this id; KeyError when there is none."""
    found = board.store.one("SELECT * FROM topics WHERE id = ?", topic_id)
    if found is None:
        raise KeyError(f"no topic {topic_id}")
    return found


def post_of(board: Board, post_id: int) -> Row:
    """The post of this id; KeyError when there is none."""
    found = board.store.one("SELECT * FROM posts WHERE id = ?", post_id)
    if found is None:
        raise KeyError(f"no post {post_id}")
    return found


def set_status(board: Board, topic_id: int, status: str, enabled: bool, *, by: int = SYSTEM) -> None:
    """Close, unlist, archive or pin, or the reverse: a small action and topic_<status>_status_updated."""
    topic = topic_of(board, topic_id)
    with board.store.transaction():
        value: Any = (board.clock.stamp() if enabled else None) if status == "pinned" else int(enabled)
        if topic[STATUSES[status]] == value:
            return
        board.store.change("topics", topic_id, **{STATUSES[status]: value})
        small_action(board, topic_id, f"{status}.{'enabled' if enabled else 'disabled'}", by=by)
        board.announce(f"topic_{status}_status_updated", topic_id)


def hide(board: Board, post_id: int) -> None:
    """Hide a post: nothing is announced but the message to its author."""
    post = post_of(board, post_id)
    with board.store.transaction():
        board.store.change("posts", post_id, hidden=1, updated_at=board.clock.stamp())
        text = "Hello,\n\nThis is an automated message to let you know that your post was hidden."
        if by_id(board, post["user_id"]) is not None:
            insert_message(board, SYSTEM, [post["user_id"]], "Post hidden by community flags", text)


def unhide(board: Board, post_id: int) -> None:
    """Show a hidden post again: nothing is announced."""
    board.store.change("posts", post_id, hidden=0, updated_at=board.clock.stamp())


def delete_topic(board: Board, topic_id: int, *, by: int = SYSTEM) -> None:
    """Delete a topic: topic_destroyed and one post_destroyed (its first), nothing for the replies."""
    with board.store.transaction():
        board.announce("topic_destroyed", topic_id)
        first = board.store.one("SELECT * FROM posts WHERE topic_id = ? AND post_number = 1", topic_id)
        if first is not None:
            trash_post(board, first, by=by)
        board.store.change("topics", topic_id, deleted_at=board.clock.stamp(), deleted_by_id=by)


def recover_topic(board: Board, topic_id: int) -> None:
    """Bring a deleted topic back: topic_recovered and post_recovered."""
    with board.store.transaction():
        board.store.change("topics", topic_id, deleted_at=None, deleted_by_id=None)
        first = board.store.one("SELECT * FROM posts WHERE topic_id = ? AND post_number = 1", topic_id)
        board.announce("topic_recovered", topic_id)
        if first is not None:
            board.store.change("posts", first["id"], deleted_at=None, deleted_by_id=None)
            recount(board, topic_id)
            board.announce("post_recovered", first["id"])


def move_posts(
    board: Board, topic_id: int, post_ids: list[int], *, title: str | None = None, category_id: int | None = None,
    into: int | None = None, by: int = SYSTEM,
) -> int:  # fmt: skip
    """Move posts to a new topic (`title`) or an existing one (`into`); gives that topic's id.

    As a real forum does, only a small action in the old topic is announced: no topic_created, no post event. An
    opening post stays where it is, and a copy of it goes along.
    """
    old = topic_of(board, topic_id)
    with board.store.transaction():
        posts = [post_of(board, number) for number in sorted(post_ids)]
        now = board.clock.stamp()
        target = into if into is not None else insert_topic(
            board, posts[0]["user_id"], title or old["title"], category_id=category_id or old["category_id"]
        )  # fmt: skip
        number = board.store.value("SELECT max(post_number) FROM posts WHERE topic_id = ?", target) or 0
        for post in posts:
            number += 1
            if post["post_number"] == 1:
                _copy(board, post, target, number)
                continue
            board.store.change(
                "posts", post["id"], topic_id=target, post_number=number, reply_to_post_number=None, updated_at=now
            )
        recount(board, topic_id)
        recount(board, target)
        fresh = topic_of(board, target)
        address = f"/t/{fresh['slug']}/{target}"
        what = "A post was split to a new topic" if len(posts) == 1 else f"{len(posts)} posts were split to a new topic"
        small_action(board, topic_id, "split_topic", f"{what}: [{fresh['title']}]({address})", by=by)
        return target


def _copy(board: Board, post: Row, target: int, number: int) -> None:
    keep = {key: post[key] for key in post.keys() if key != "id"}  # noqa: SIM118
    board.store.insert(
        "posts", **{**keep, "topic_id": target, "post_number": number, "updated_at": board.clock.stamp()}
    )


def to_message(board: Board, topic_id: int, *, by: int = SYSTEM) -> None:
    """Turn a topic into a private message among those who wrote in it: topic_edited and a small action."""
    with board.store.transaction():
        rows = board.store.all(
            "SELECT DISTINCT user_id FROM posts WHERE topic_id = ? AND user_id IS NOT NULL", topic_id
        )
        for row in rows:
            board.store.run("INSERT OR IGNORE INTO topic_members VALUES (?, ?)", topic_id, row["user_id"])
        board.store.change("topics", topic_id, archetype="private_message", category_id=None)
        board.announce("topic_edited", topic_id)
        small_action(board, topic_id, "private_topic", by=by)


def to_public(board: Board, topic_id: int, category_id: int, *, by: int = SYSTEM) -> None:
    """Turn a private message into a public topic."""
    with board.store.transaction():
        board.store.run("DELETE FROM topic_members WHERE topic_id = ?", topic_id)
        board.store.run("DELETE FROM topic_groups WHERE topic_id = ?", topic_id)
        board.store.change("topics", topic_id, archetype="regular", category_id=category_id)
        board.announce("topic_edited", topic_id)
        small_action(board, topic_id, "public_topic", by=by)


def add_category(
    board: Board, name: str, *, slug: str | None = None, permissions: dict[str, int] | None = None,
    color: str = "0088CC",
    text_color: str = "FFFFFF", description: str | None = None, parent_id: int | None = None, number: int | None = None,
    quiet: bool = False,
) -> int:  # fmt: skip
    """A new category; `permissions` maps group names (or everyone) to 1 full, 2 reply, 3 read. Gives its id."""
    granted = permissions or {"everyone": 1}
    with board.store.transaction():
        position = board.store.value("SELECT count(*) FROM categories")
        category_id = board.store.insert(
            "categories", **({"id": number} if number is not None else {}), name=name, slug=slug or make_slug(name),
            color=color, text_color=text_color, position=position, description=description, parent_id=parent_id,
            permissions=json.dumps(granted), read_restricted=int("everyone" not in granted),
        )  # fmt: skip
        if not quiet:
            board.announce("category_created", category_id)
        return category_id


def set_permissions(board: Board, category_id: int, permissions: dict[str, int]) -> None:
    """Change who may read and write in a category: category_updated."""
    with board.store.transaction():
        board.store.change(
            "categories",
            category_id,
            permissions=json.dumps(permissions),
            read_restricted=int("everyone" not in permissions),
        )
        board.announce("category_updated", category_id)


def delete_category(board: Board, category_id: int) -> None:
    """Delete an empty category: category_destroyed; ValueError when it has topics."""
    if board.store.value("SELECT 1 FROM topics WHERE category_id = ? AND deleted_at IS NULL", category_id):
        raise ValueError(f"category {category_id} still has topics")
    with board.store.transaction():
        board.announce("category_destroyed", category_id)
        board.store.run("DELETE FROM categories WHERE id = ?", category_id)
