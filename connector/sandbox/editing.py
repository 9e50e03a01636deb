"""Changing what was written: edits, withdrawals, likes, flags."""

import difflib
import json
import re
from datetime import timedelta

from .board import SYSTEM, Board
from .checking import body_faults, check_pace, slug, title_faults, title_taken
from .clock import moment, stamp
from .cooking import quoted
from .guardian import Guardian
from .notices import notify
from .posting import recount
from .problems import bad_parameter, forbidden, not_found, not_saved, refused_silently
from .store import Row
from .words import say

LIKE, FLAGS = 2, {3, 4, 6, 7, 8}


def find(board: Board, who: Guardian, post_id: int) -> tuple[Row, Row]:
    """A post and its topic, for somebody who may see both; else the answer of a real forum: 404, or
    403 for the topic.
    """
    locale = board.locale(who.member)
    post = board.store.one("SELECT * FROM posts WHERE id = ?", post_id)
    if post is None or (post["deleted_at"] is not None and not who.staff):
        raise not_found(locale)
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", post["topic_id"])
    if topic is None or (topic["deleted_at"] is not None and not who.staff):
        raise not_found(locale)
    if not who.sees_topic(topic) or not who.sees_post(post):
        raise forbidden(locale)
    return post, topic


def edit_post(
    board: Board, who: Guardian, post_id: int, raw: str, *, reason: str | None = None, expected: str | None = None
) -> None:
    """Change the text of a post; an unchanged text does nothing."""
    post, topic = find(board, who, post_id)
    locale = board.locale(who.member)
    if not who.may_edit(post, topic):
        raise forbidden(locale)
    if not who.staff and not who.in_time(post):
        raise not_saved(say("edit_late", locale))
    if expected is not None and expected != post["raw"]:
        raise not_saved(say("edit_conflict", locale), status=409)
    private = topic["archetype"] == "private_message"
    least = board.number("min_personal_message_post_length" if private else "min_post_length")
    faults = body_faults(board, raw, least, locale)
    if faults:
        raise not_saved(*faults)
    if raw == post["raw"]:
        return
    check_pace(board, who, "edit", locale)
    assert who.id is not None
    revise(board, post, raw, by=who.id, reason=reason)


def revise(
    board: Board,
    post: Row,
    raw: str,
    *,
    by: int,
    reason: str | None = None,
    new_version: bool = False,
    quiet: bool = False,
) -> None:
    """Put a new text in place; within the grace period a small change keeps the version. Both are announced."""
    now = board.clock.stamp()
    quick = by == post["user_id"] and not new_version and _in_grace(board, post) and _small(post["raw"], raw)
    with board.store.transaction():
        board.store.insert("edits", post_id=post["id"], user_id=by, at=now, raw_before=post["raw"])
        cooked = board.cook(raw)
        board.store.change(
            "posts", post["id"], raw=raw, cooked=cooked, updated_at=now, quote_count=len(quoted(cooked)),
            version=post["version"] + (0 if quick else 1),
            edit_reason=reason if reason is not None else post["edit_reason"],
        )  # fmt: skip
        recount(board, post["topic_id"])
        if not quiet:
            board.announce("post_edited", post["id"])


def _in_grace(board: Board, post: Row) -> bool:
    since = moment(post["updated_at"])
    return board.clock() - since < timedelta(seconds=board.number("editing_grace_period"))


def _small(before: str, after: str) -> bool:
    if abs(len(before) - len(after)) > 400:
        return False
    matcher = difflib.SequenceMatcher(None, re.findall(r"\w+|\W", before), re.findall(r"\w+|\W", after), autojunk=False)
    changed = 0
    for tag, start, end, other_start, other_end in matcher.get_opcodes():
        if tag != "equal":
            changed += len("".join(re.findall(r"\w+|\W", before)[start:end]))
            changed += len("".join(re.findall(r"\w+|\W", after)[other_start:other_end]))
    return changed <= 400


def edit_topic(
    board: Board, who: Guardian, topic: Row, *, title: str | None, category_id: int | None, tags: list[str] | None
) -> None:
    """Change title, category or tags; announced as topic_edited when something changed."""
    locale = board.locale(who.member)
    if not who.may_edit_topic(topic):
        raise forbidden(locale)
    faults: list[str] = []
    changes: dict[str, object] = {}
    if title is not None and title.strip() != topic["title"]:
        title = title.strip()
        faults += title_faults(board, title, locale, message=topic["archetype"] == "private_message")
        if not faults and topic["archetype"] == "regular" and title_taken(board, title, but=topic["id"]):
            faults.append(say("title_taken", locale))
        changes |= {"title": title, "slug": slug(title)}
    if category_id is not None and category_id != topic["category_id"]:
        if board.store.value("SELECT 1 FROM categories WHERE id = ?", category_id) is None:
            raise bad_parameter("category_id", locale)
        if who.rights.get(category_id, 3) != 1:
            raise forbidden(locale)
        changes["category_id"] = category_id
    if tags is not None and tags != json.loads(topic["tags"]):
        changes["tags"] = json.dumps(tags)
    if faults:
        raise not_saved(*faults)
    if changes:
        with board.store.transaction():
            board.store.change("topics", topic["id"], **changes)
            board.announce("topic_edited", topic["id"])


def delete_post(board: Board, who: Guardian, post_id: int) -> None:
    """Staff: gone at once. The author: the text is replaced, the post stays 24 hours (recorded lesson 15)."""
    post, topic = find(board, who, post_id)
    if not who.may_delete(post, topic):
        raise forbidden(board.locale(who.member))
    assert who.id is not None
    if who.owns(post) and not who.admin and not (who.staff and post["user_deleted"]):
        withdraw(board, post)
    else:
        trash_post(board, post, by=who.id)


def withdraw(board: Board, post: Row) -> None:
    """The author's own deletion: `post_destroyed` carries the text from before, `post_edited` the replaced one."""
    with board.store.transaction():
        board.announce("post_destroyed", post["id"])
        text = say("deleted_by_author", "en" if board.setting("default_locale") != "fr" else "fr")
        board.store.change("posts", post["id"], kept_raw=post["raw"])
        revise(board, post, text, by=post["user_id"], new_version=True)
        board.store.change("posts", post["id"], user_deleted=1, user_deleted_at=board.clock.stamp())


def trash_post(board: Board, post: Row, *, by: int) -> None:
    """Real deletion; the announced payload is the post as it was before."""
    with board.store.transaction():
        board.announce("post_destroyed", post["id"])
        board.store.change("posts", post["id"], deleted_at=board.clock.stamp(), deleted_by_id=by)
        recount(board, post["topic_id"])


def recover_post(board: Board, who: Guardian, post_id: int) -> None:
    """Bring a post back: staff any, the author his own withdrawn one."""
    post = board.store.one("SELECT * FROM posts WHERE id = ?", post_id)
    locale = board.locale(who.member)
    if post is None:
        raise not_found(locale)
    own = who.owns(post) and post["user_deleted"] and post["deleted_at"] is None
    if not who.staff and not own:
        raise forbidden(locale)
    with board.store.transaction():
        if post["deleted_at"] is not None:
            board.store.change("posts", post_id, deleted_at=None, deleted_by_id=None)
            recount(board, post["topic_id"])
        if post["user_deleted"]:
            board.store.change("posts", post_id, user_deleted=0, user_deleted_at=None)
            revise(board, post, post["kept_raw"] or post["raw"], by=post["user_id"], new_version=True)
        board.announce("post_recovered", post_id)


def sweep(board: Board) -> int:
    """Delete what authors withdrew a day ago; gives how many. Called before every request and when time is moved."""
    before = stamp(board.clock() - timedelta(hours=board.number("delete_removed_posts_after")))
    rows = board.store.all(
        "SELECT * FROM posts WHERE user_deleted = 1 AND deleted_at IS NULL AND user_deleted_at <= ?", before
    )
    for row in rows:
        trash_post(board, row, by=SYSTEM)
    return len(rows)


def like(board: Board, who: Guardian, post_id: int) -> None:
    """A like; the second of the same member is refused."""
    post, topic = find(board, who, post_id)
    locale = board.locale(who.member)
    if who.id is None or who.owns(post) or topic["archived"]:
        raise refused_silently(locale)
    if board.store.one("SELECT 1 FROM likes WHERE post_id = ? AND user_id = ?", post_id, who.id):
        raise refused_silently(locale)
    with board.store.transaction():
        board.store.insert("likes", post_id=post_id, user_id=who.id, at=board.clock.stamp())
        _count_likes(board, post)
        board.announce("post_liked", post_id, user_id=who.id)
        notify(board, post["user_id"], "liked", post, {who.id})


def unlike(board: Board, who: Guardian, post_id: int) -> None:
    """Take a like back; nothing is announced."""
    post, _topic = find(board, who, post_id)
    if not board.store.one("SELECT 1 FROM likes WHERE post_id = ? AND user_id = ?", post_id, who.id):
        raise refused_silently(board.locale(who.member))
    with board.store.transaction():
        board.store.run("DELETE FROM likes WHERE post_id = ? AND user_id = ?", post_id, who.id)
        _count_likes(board, post)


def _count_likes(board: Board, post: Row) -> None:
    count = board.store.value("SELECT count(*) FROM likes WHERE post_id = ?", post["id"])
    board.store.change("posts", post["id"], like_count=count)
    total = board.store.value(
        "SELECT sum(like_count) FROM posts WHERE topic_id = ? AND deleted_at IS NULL", post["topic_id"]
    )
    board.store.change("topics", post["topic_id"], like_count=total or 0)


def flag(board: Board, who: Guardian, post_id: int, kind: int, message: str | None) -> None:
    """Tell the moderators of a post: reviewable_created for the first, reviewable_score_updated for each."""
    post, _topic = find(board, who, post_id)
    locale = board.locale(who.member)
    if who.id is None or who.owns(post) or post["hidden"] or kind not in FLAGS:
        raise refused_silently(locale)
    if board.store.one("SELECT 1 FROM flags WHERE post_id = ? AND user_id = ?", post_id, who.id):
        raise refused_silently(locale)
    with board.store.transaction():
        now = board.clock.stamp()
        review = board.store.value("SELECT id FROM reviewables WHERE post_id = ? AND status = 0", post_id)
        fresh = review is None
        if review is None:
            review = board.store.insert("reviewables", post_id=post_id, created_by_id=who.id, created_at=now)
            board.announce("reviewable_created", review)
        board.store.insert(
            "flags", reviewable_id=review, post_id=post_id, user_id=who.id, kind=kind, message=message, at=now
        )
        board.announce("reviewable_score_updated", review)
        if not fresh and board.number("hide_post_sensitivity"):
            from .moderating import hide

            hide(board, post_id)
