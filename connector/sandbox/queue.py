"""Posts that wait for the team's approval: the setting `approve_unless_trust_level` (recorded as post_enqueued)."""

import json
from typing import Any

from .board import Board
from .guardian import Guardian
from .store import Row


class Held(Exception):  # noqa: N818 - it is an answer, not an error
    """The post was taken, and waits for approval under this number of the review queue."""

    def __init__(self, review_id: int) -> None:
        super().__init__(f"held for review {review_id}")
        self.review_id = review_id


def must_wait(board: Board, who: Guardian) -> bool:
    """Whether what this member publishes in public waits for approval; staff's never does."""
    return not who.staff and who.trust < board.number("approve_unless_trust_level")


def hold(board: Board, user_id: int, draft: dict[str, Any]) -> int:
    """Put a checked draft into the queue: reviewable_created and reviewable_score_updated; gives its number."""
    number = board.store.insert(
        "reviewables", created_by_id=user_id, created_at=board.clock.stamp(), draft=json.dumps(draft)
    )
    board.announce("reviewable_created", number)
    board.announce("reviewable_score_updated", number)
    return number


def pending(board: Board, review_id: int) -> Row:
    """A waiting draft; KeyError when nothing waits under this number."""
    row = board.store.one("SELECT * FROM reviewables WHERE id = ? AND status = 0 AND draft IS NOT NULL", review_id)
    if row is None:
        raise KeyError(f"nothing waits under {review_id}")
    return row


def enqueued_json(board: Board, review_id: int) -> dict[str, Any]:
    """The answer to who published it: no id of a post."""
    row = pending(board, review_id)
    count = board.store.value(
        "SELECT count(*) FROM reviewables WHERE status = 0 AND draft IS NOT NULL AND created_by_id = ?",
        row["created_by_id"],
    )
    waiting = {"id": review_id, "raw": json.loads(row["draft"])["raw"], "created_at": row["created_at"]}
    return {"action": "enqueued", "success": True, "pending_count": count, "pending_post": waiting}


def decide(board: Board, review_id: int, *, post_id: int | None) -> None:
    """Take a draft out of the queue: published as this post, or (None) rejected."""
    pending(board, review_id)
    board.store.change("reviewables", review_id, status=1 if post_id is not None else 2, post_id=post_id)
    board.announce("reviewable_transitioned_to", review_id)
