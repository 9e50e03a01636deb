"""Notifications: who is told of a post."""

from .board import Board
from .guardian import Guardian
from .people import by_id
from .store import Row

TYPES = {"mentioned": 1, "replied": 2, "quoted": 3, "edited": 4, "liked": 5, "private_message": 6, "posted": 9}


def notify(board: Board, user_id: int | None, kind: str, post: Row, told: set[int]) -> None:
    """Tell a member of a post, once, if that member may see it; `told` collects who knows already."""
    if user_id is None or user_id in told or user_id < 0:
        return
    member = by_id(board, user_id)
    topic = board.store.one("SELECT * FROM topics WHERE id = ?", post["topic_id"])
    if member is None or not Guardian(board, member).sees_topic(topic) or post["post_type"] != 1:
        return
    told.add(user_id)
    author = by_id(board, post["user_id"])
    number = board.store.insert(
        "notifications", user_id=user_id, notification_type=TYPES[kind], created_at=board.clock.stamp(),
        topic_id=post["topic_id"], post_number=post["post_number"], post_id=post["id"],
        acting_username=author["username"] if author is not None else "system",
    )  # fmt: skip
    board.announce("notification_created", number)
