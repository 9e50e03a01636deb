"""What admins and moderators do, in short words."""

from dataclasses import dataclass, field
from datetime import datetime

from . import editing, leaving, moderating, posting, queue
from . import people as folk
from .acting import category_id
from .board import Board


@dataclass
class Staff:
    """What admins and moderators do."""

    board: Board
    _system: int = field(default=-1, repr=False)

    def close(self, topic_id: int, enabled: bool = True) -> None:
        """Close or reopen a topic."""
        moderating.set_status(self.board, topic_id, "closed", enabled)

    def unlist(self, topic_id: int) -> None:
        """Take a topic out of the lists."""
        moderating.set_status(self.board, topic_id, "visible", False)

    def relist(self, topic_id: int) -> None:
        """Put it back into the lists."""
        moderating.set_status(self.board, topic_id, "visible", True)

    def archive(self, topic_id: int, enabled: bool = True) -> None:
        """Archive a topic, or the reverse."""
        moderating.set_status(self.board, topic_id, "archived", enabled)

    def pin(self, topic_id: int, enabled: bool = True) -> None:
        """Pin a topic, or the reverse."""
        moderating.set_status(self.board, topic_id, "pinned", enabled)

    def hide(self, post_id: int) -> None:
        """Hide a post."""
        moderating.hide(self.board, post_id)

    def unhide(self, post_id: int) -> None:
        """Show it again."""
        moderating.unhide(self.board, post_id)

    def delete_post(self, post_id: int) -> None:
        """Delete any post at once."""
        editing.trash_post(self.board, moderating.post_of(self.board, post_id), by=self._system)

    def delete_topic(self, topic_id: int) -> None:
        """Delete a topic."""
        moderating.delete_topic(self.board, topic_id)

    def recover_topic(self, topic_id: int) -> None:
        """Bring a topic back."""
        moderating.recover_topic(self.board, topic_id)

    def move_posts(
        self,
        topic_id: int,
        post_ids: list[int],
        title: str | None = None,
        *,
        category: int | None = None,
        into: int | None = None,
    ) -> int:
        """Move posts to a new or another topic; gives its id."""
        return moderating.move_posts(self.board, topic_id, post_ids, title=title, category_id=category, into=into)

    def move_topic(self, topic_id: int, category: int | str) -> None:
        """Put a topic into another category."""
        with self.board.store.transaction():
            self.board.store.change("topics", topic_id, category_id=category_id(self.board, category))
            self.board.announce("topic_edited", topic_id)

    def to_message(self, topic_id: int) -> None:
        """Turn a topic into a private message."""
        moderating.to_message(self.board, topic_id)

    def to_public(self, topic_id: int, category: int | str) -> None:
        """Turn a private message into a topic."""
        moderating.to_public(self.board, topic_id, category_id(self.board, category))

    def set_permissions(self, category: int | str, permissions: dict[str, int]) -> None:
        """Who may read and write in a category."""
        moderating.set_permissions(self.board, category_id(self.board, category), permissions)

    def promote(self, username: str, level: int) -> None:
        """Set a trust level."""
        folk.promote(self.board, folk.require(self.board, username)["id"], level)

    def set_roles(self, username: str, *, admin: bool | None = None, moderator: bool | None = None) -> None:
        """Make somebody admin or moderator, or the reverse."""
        folk.set_staff(self.board, folk.require(self.board, username)["id"], admin=admin, moderator=moderator)

    def join_group(self, name: str, username: str) -> None:
        """Put a member into a group."""
        folk.join_group(self.board, name, username)

    def leave_group(self, name: str, username: str) -> None:
        """Take a member out of a group."""
        folk.leave_group(self.board, name, username)

    def suspend(self, username: str, until: datetime, reason: str = "") -> None:
        """No login until then."""
        leaving.suspend(self.board, username, until, reason)

    def unsuspend(self, username: str) -> None:
        """May log in again."""
        leaving.unsuspend(self.board, username)

    def silence(self, username: str, until: datetime) -> None:
        """May not write until then."""
        leaving.silence(self.board, username, until)

    def unsilence(self, username: str) -> None:
        """May write again."""
        leaving.unsilence(self.board, username)

    def update(self, username: str, **columns: str | int | None) -> None:
        """Change a member's name, locale, bio, location, title, active, approved."""
        leaving.update_member(self.board, username, **columns)

    def approve(self, username: str) -> None:
        """Let a waiting account in."""
        leaving.approve(self.board, username)

    def rename(self, username: str, new: str) -> None:
        """Change a username."""
        leaving.rename(self.board, username, new)

    def anonymise(self, username: str) -> str:
        """Forget who it was; gives the made-up name."""
        return leaving.anonymise(self.board, username)

    def destroy(self, username: str) -> None:
        """Delete an account with its posts."""
        leaving.destroy(self.board, username)

    def merge(self, username: str, into: str) -> None:
        """Let one account swallow another."""
        leaving.merge(self.board, username, into)

    def waiting(self) -> list[int]:
        """The numbers of the drafts that wait for approval."""
        rows = self.board.store.all("SELECT id FROM reviewables WHERE status = 0 AND draft IS NOT NULL ORDER BY id")
        return [row["id"] for row in rows]

    def approve_post(self, review_id: int) -> int:
        """Publish a waiting draft; gives the post's id."""
        return posting.approve(self.board, review_id)

    def reject_post(self, review_id: int) -> None:
        """Drop a waiting draft."""
        queue.decide(self.board, review_id, post_id=None)
