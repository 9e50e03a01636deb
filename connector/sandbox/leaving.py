"""Members who are sent away, rest, change their name, merge or are forgotten."""

import re
import secrets
from datetime import datetime

from .board import SYSTEM, Board
from .clock import stamp
from .editing import trash_post
from .people import by_id, named, require
from .posting import insert_message


def suspend(board: Board, username: str, until: datetime, reason: str = "") -> None:
    """No login until then: user_logged_out and the system's message; 3.1 has no event of its own for it."""
    member = require(board, username)
    with board.store.transaction():
        board.store.change("members", member["id"], suspended_till=stamp(until), suspend_reason=reason)
        board.store.run("DELETE FROM sessions WHERE user_id = ?", member["id"])
        board.announce("user_logged_out", member["id"])


def unsuspend(board: Board, username: str) -> None:
    """May log in again; nothing is announced."""
    board.store.change("members", require(board, username)["id"], suspended_till=None, suspend_reason=None)


def silence(board: Board, username: str, until: datetime) -> None:
    """May not write until then: only the system's message tells it."""
    member = require(board, username)
    with board.store.transaction():
        board.store.change("members", member["id"], silenced_till=stamp(until))
        text = "Hello,\n\nThis is an automated message to inform you that your account has been silenced."
        insert_message(board, SYSTEM, [member["id"]], "Account silenced", text)


def unsilence(board: Board, username: str) -> None:
    """May write again; nothing is announced."""
    board.store.change("members", require(board, username)["id"], silenced_till=None)


def update_member(board: Board, username: str, **columns: str | int | None) -> None:
    """Change name, locale, bio, location, title or active: user_updated."""
    member = require(board, username)
    unknown = set(columns) - {"name", "locale", "bio", "location", "title", "active", "approved", "email"}
    if unknown:
        raise KeyError(f"members have no {', '.join(sorted(unknown))}")
    with board.store.transaction():
        board.store.change("members", member["id"], **columns)
        board.announce("user_updated", member["id"])


def approve(board: Board, username: str) -> None:
    """Let a waiting account in: user_approved."""
    member = require(board, username)
    with board.store.transaction():
        board.store.change("members", member["id"], approved=1)
        board.announce("user_approved", member["id"])


def _renamed_everywhere(board: Board, old: str, new: str) -> None:
    names = re.compile(rf'(?<![\w.-])@{re.escape(old)}(?![\w-])|(?<=\[quote="){re.escape(old)}(?=[,"])', re.IGNORECASE)
    for post in board.store.all("SELECT id, raw FROM posts WHERE raw LIKE ?", f"%{old}%"):
        raw = names.sub(lambda found: f"@{new}" if found[0].startswith("@") else new, post["raw"])
        if raw != post["raw"]:
            board.store.change("posts", post["id"], raw=raw, cooked=board.cook(raw))


def rename(board: Board, username: str, new: str) -> None:
    """Another username: user_updated, and no word of the posts that are silently rewritten."""
    member = require(board, username)
    if named(board, new) is not None:
        raise ValueError(f"there is a member named {new!r} already")
    with board.store.transaction():
        board.store.change("members", member["id"], username=new, lower_name=new.lower())
        _renamed_everywhere(board, username, new)
        board.announce("user_updated", member["id"])


def anonymise(board: Board, username: str) -> str:
    """Forget who it was: a made-up name and address, user_updated; gives the new username."""
    member = require(board, username)
    new = f"anon{secrets.randbelow(90_000_000) + 10_000_000}"
    with board.store.transaction():
        board.store.change(
            "members", member["id"], username=new, lower_name=new, name="", email=f"{new}@anonymized.invalid", bio=None,
            location=None, title=None, intro=None, locale=None,
        )  # fmt: skip
        board.store.run("DELETE FROM sessions WHERE user_id = ?", member["id"])
        _renamed_everywhere(board, username, new)
        board.announce("user_updated", member["id"])
    return new


def destroy(board: Board, username: str) -> None:
    """Delete an account with its posts: post_destroyed for each, then user_destroyed."""
    member = require(board, username)
    with board.store.transaction():
        rows = board.store.all("SELECT * FROM posts WHERE user_id = ? AND deleted_at IS NULL", member["id"])
        for post in rows:
            trash_post(board, post, by=SYSTEM)
            if post["post_number"] == 1:
                board.announce("topic_destroyed", post["topic_id"])
                board.store.change("topics", post["topic_id"], deleted_at=board.clock.stamp(), deleted_by_id=SYSTEM)
        board.announce("user_destroyed", member["id"])
        _remove(board, member["id"])


def merge(board: Board, username: str, into: str) -> None:
    """One account swallows another: its posts change hands without a word, then user_destroyed with a
    made-up address.
    """
    source, target = require(board, username), require(board, into)
    with board.store.transaction():
        for table in ("posts", "topics"):
            board.store.run(f"UPDATE {table} SET user_id = ? WHERE user_id = ?", target["id"], source["id"])  # noqa: S608
        board.store.run(
            "UPDATE topics SET last_post_user_id = ? WHERE last_post_user_id = ?", target["id"], source["id"]
        )
        for table in ("likes", "topic_members"):
            board.store.run(f"UPDATE OR IGNORE {table} SET user_id = ? WHERE user_id = ?", target["id"], source["id"])  # noqa: S608
        _renamed_everywhere(board, username, into)
        board.announce("user_updated", source["id"])
        address = f"{username.lower()}_{secrets.token_hex(16)}@no-email.invalid"
        board.store.change("members", source["id"], email=address)
        board.announce("user_destroyed", source["id"])
        _remove(board, source["id"])


def _remove(board: Board, number: int) -> None:
    assert by_id(board, number) is not None
    board.store.run("UPDATE posts SET user_id = NULL WHERE user_id = ?", number)
    board.store.run("UPDATE topics SET user_id = NULL WHERE user_id = ?", number)
    for table in ("group_members", "likes", "topic_members", "notifications", "sessions", "flags"):
        board.store.run(f"DELETE FROM {table} WHERE user_id = ?", number)  # noqa: S608
    board.store.run("DELETE FROM members WHERE id = ?", number)
