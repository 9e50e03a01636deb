"""What a text, a title, a recipient must be before it is accepted (discourse.md 4.2, recorded lessons 6 to 8)."""

import re
import unicodedata
from datetime import datetime, timedelta

from .board import Board
from .clock import moment, stamp
from .guardian import Guardian
from .problems import not_created, too_many
from .store import Row
from .words import say

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_EXTERNAL = re.compile(r"^[A-Za-z0-9_-]{1,50}$")


def slug(title: str) -> str:
    """The part of a topic's address made from its title."""
    bare = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()
    made = re.sub(r"[^a-z0-9]+", "-", bare.lower().replace("'", "")).strip("-")
    return made or "topic"


def normal(raw: str) -> str:
    """A text as it is compared with another: without comments, blanks and case."""
    return re.sub(r"[^\w]+", "", _COMMENT.sub("", raw)).lower()


def body_faults(board: Board, raw: str, least: int, locale: str) -> list[str]:
    """What is wrong with the text of a post."""
    text = re.sub(r"\s+", " ", _COMMENT.sub("", raw)).strip()
    most = board.number("max_post_length")
    faults = []
    if len(text) < least:
        faults.append(say("body_short", locale, least=least))
    if len(raw) > most:
        faults.append(say("body_long", locale, most=most, length=len(raw)))
    if len(set(text)) < 7 or (text == text.upper() and text.lower() != text.upper()):
        faults.append(say("body_unclear", locale))
    return faults


def title_faults(board: Board, title: str, locale: str, *, message: bool) -> list[str]:
    """What is wrong with a title; admins of a real forum get away with more, here they do not."""
    least = board.number("min_personal_message_title_length" if message else "min_topic_title_length")
    most = board.number("max_topic_title_length")
    faults = []
    if len(title) < least:
        faults.append(say("title_short", locale, least=least))
    if len(title) > most:
        faults.append(say("title_long", locale, most=most))
    if not message and len(set(title.lower())) < 8:
        faults.append(say("title_unclear", locale))
    return faults


def title_taken(board: Board, title: str, *, but: int = 0) -> bool:
    """Whether a public topic has this title already."""
    if board.setting("allow_duplicate_topic_titles"):
        return False
    one = board.store.value(
        "SELECT 1 FROM topics WHERE lower(title) = lower(?) AND deleted_at IS NULL AND archetype = 'regular' AND "
        "id <> ?",
        title, but,
    )  # fmt: skip
    return one is not None


def check_external(board: Board, external_id: str | None, locale: str) -> list[str]:
    """What is wrong with an external id; one of a deleted topic stays taken."""
    if external_id is None:
        return []
    if not _EXTERNAL.match(external_id):
        return [say("external_invalid", locale)]
    taken = board.store.value("SELECT 1 FROM topics WHERE external_id = ? COLLATE NOCASE", external_id)
    return [say("external_taken", locale)] if taken is not None else []


def said_just_now(board: Board, author: Row, raw: str, *, message: bool) -> bool:
    """Whether this member wrote the same within the last minutes (staff may)."""
    if author["admin"] or author["moderator"]:
        return False
    since = stamp(board.clock() - timedelta(minutes=board.number("unique_posts_mins")))
    kind = "=" if message else "<>"
    rows = board.store.all(
        "SELECT p.raw FROM posts p JOIN topics t ON t.id = p.topic_id WHERE p.user_id = ? AND "  # noqa: S608
        "p.created_at > ? "
        f"AND p.deleted_at IS NULL AND t.archetype {kind} 'private_message'",
        author["id"], since,
    )  # fmt: skip
    return normal(raw) in {normal(row["raw"]) for row in rows}


def too_many_in_a_row(board: Board, author: Row, topic: Row) -> bool:
    """Whether the last replies are all this member's: staff, the topic's author and messages apart."""
    most = board.number("max_consecutive_replies")
    free = author["admin"] or author["moderator"] or topic["user_id"] == author["id"]
    if not most or free or topic["archetype"] == "private_message":
        return False
    rows = board.store.all(
        "SELECT user_id FROM posts WHERE topic_id = ? AND post_type = 1 AND deleted_at IS NULL "
        "ORDER BY post_number DESC LIMIT ?", topic["id"], most,
    )  # fmt: skip
    return len(rows) == most and all(row["user_id"] == author["id"] for row in rows)


def check_pace(board: Board, who: Guardian, kind: str, locale: str) -> None:
    """The daily limits of members who are no staff: topics, messages, edits; and the pauses between posts."""
    if who.staff or who.id is None or who.id < 0:
        return
    most = {
        "topic": board.number("max_topics_per_day"),
        "message": board.number("max_personal_messages_per_day"),
        "edit": int(board.number("max_edits_per_day") * {2: 1.5, 3: 2, 4: 3}.get(who.trust, 1)),
    }.get(kind)
    if most is not None:
        oldest, count = _today(board, who.id, kind)
        if most and count >= most:
            seconds = max(1, round(86400 - (board.clock() - oldest).total_seconds()))
            word = "too_many_topics" if kind == "topic" else "too_many_wait"
            raise too_many(say(word, locale, time=spoken(seconds, locale)), seconds)
    if not board.setting("rate_limit_members"):
        return
    pause = board.number("rate_limit_create_topic" if kind in ("topic", "message") else "rate_limit_create_post")
    if kind != "edit" and pause:
        wait = board.limits.take(f"pause:{kind}:{who.id}", 1, timedelta(seconds=pause), board.clock())
        if wait:
            word = "too_many_posts" if kind == "reply" else "too_many_topics"
            raise too_many(say(word, locale, time=spoken(wait, locale)), wait)


def _today(board: Board, number: int, kind: str) -> tuple[datetime, int]:
    since = stamp(board.clock() - timedelta(days=1))
    if kind == "edit":
        row = board.store.one(
            "SELECT min(at) AS first, count(*) AS n FROM edits WHERE user_id = ? AND at > ?", number, since
        )
    else:
        archetype = "private_message" if kind == "message" else "regular"
        row = board.store.one(
            "SELECT min(created_at) AS first, count(*) AS n FROM topics WHERE user_id = ? AND created_at > ? AND "
            "archetype = ?",
            number, since, archetype,
        )  # fmt: skip
    assert row is not None
    return (moment(row["first"]) if row["first"] else board.clock()), int(row["n"])


def spoken(seconds: int, locale: str) -> str:
    """A stretch of time in words."""
    french = locale.startswith("fr")
    if seconds < 60:
        return f"{seconds} secondes" if french else f"{seconds} seconds"
    if seconds < 5400:
        return f"{round(seconds / 60)} minutes"
    hours = round(seconds / 3600)
    return f"{hours} heures" if french else f"{hours} hours"


def refuse(faults: list[str]) -> None:
    """Say no to posting when there are faults."""
    if faults:
        raise not_created(*faults)
