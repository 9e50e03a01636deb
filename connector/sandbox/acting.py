"""One member's hands: write, like, log in, as that member."""

import secrets
from dataclasses import dataclass
from typing import Any

from . import editing, moderating
from . import people as folk
from .board import Board
from .guardian import Guardian
from .posting import Draft, publish
from .store import Row


def category_id(board: Board, given: int | str) -> int:
    """The id of a category given by id, slug or name; KeyError when there is none."""
    if isinstance(given, int):
        return given
    found = board.store.value("SELECT id FROM categories WHERE slug = ? OR name = ?", given, given)
    if found is None:
        raise KeyError(f"no category {given!r}")
    return int(found)


@dataclass
class Acting:
    """One member's hands. Every act is checked as a real forum would; a refusal raises `problems.Problem`."""

    board: Board
    username: str

    @property
    def row(self) -> Row:
        """The member's present row."""
        return folk.require(self.board, self.username)

    @property
    def id(self) -> int:
        """The member's id."""
        return int(self.row["id"])

    @property
    def who(self) -> Guardian:
        """The member's present rights."""
        return Guardian(self.board, self.row)

    def topic(self, category: int | str, title: str, raw: str, *, tags: tuple[str, ...] = ()) -> int:
        """Open a topic in a category given by id, slug or name; gives the topic's id."""
        draft = Draft(raw, title, category=category_id(self.board, category), tags=tags)
        return self._topic_of(publish(self.board, self.who, draft))

    def reply(self, topic_id: int, raw: str, *, to: int | None = None, whisper: bool = False) -> int:
        """Reply in a topic, to a post number if given; gives the post's id."""
        return publish(self.board, self.who, Draft(raw, topic_id=topic_id, reply_to=to, whisper=whisper))

    def message(self, recipients: str | tuple[str, ...], title: str, raw: str) -> int:
        """Write a private message; gives the topic's id."""
        names = (recipients,) if isinstance(recipients, str) else recipients
        return self._topic_of(publish(self.board, self.who, Draft(raw, title, recipients=names, message=True)))

    def _topic_of(self, post_id: int) -> int:
        return int(self.board.store.value("SELECT topic_id FROM posts WHERE id = ?", post_id))

    def edit(self, post_id: int, raw: str, *, reason: str | None = None) -> None:
        """Change a post's text."""
        editing.edit_post(self.board, self.who, post_id, raw, reason=reason)

    def edit_topic(
        self,
        topic_id: int,
        *,
        title: str | None = None,
        category: int | str | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Change a topic's title, category, tags."""
        number = category_id(self.board, category) if category is not None else None
        topic = moderating.topic_of(self.board, topic_id)
        editing.edit_topic(self.board, self.who, topic, title=title, category_id=number, tags=tags)

    def delete(self, post_id: int) -> None:
        """Delete a post."""
        editing.delete_post(self.board, self.who, post_id)

    def recover(self, post_id: int) -> None:
        """Bring a post back."""
        editing.recover_post(self.board, self.who, post_id)

    def like(self, post_id: int) -> None:
        """Like a post."""
        editing.like(self.board, self.who, post_id)

    def unlike(self, post_id: int) -> None:
        """Take the like back."""
        editing.unlike(self.board, self.who, post_id)

    def flag(self, post_id: int, kind: int = 7, message: str | None = None) -> None:
        """Tell the moderators of a post."""
        editing.flag(self.board, self.who, post_id, kind, message)

    def login(self) -> str:
        """Log in; gives the value of the cookie `_t`. Announced as user_logged_in."""
        token = secrets.token_hex(16)
        with self.board.store.transaction():
            now = self.board.clock.stamp()
            self.board.store.insert("sessions", token=token, user_id=self.id, created_at=now)
            self.board.store.change("members", self.id, last_seen_at=now)
            self.board.announce("user_logged_in", self.id)
        return token

    def logout(self) -> None:
        """End every session of this member: user_logged_out."""
        self.board.store.run("DELETE FROM sessions WHERE user_id = ?", self.id)
        self.board.announce("user_logged_out", self.id)

    def inbox(self) -> list[dict[str, Any]]:
        """The private conversations in which the member takes part, newest first: topic rows."""
        rows = self.board.store.all(
            "SELECT t.* FROM topics t JOIN topic_members m ON m.topic_id = t.id WHERE m.user_id = ? AND "
            "t.deleted_at IS NULL "
            "ORDER BY t.bumped_at DESC, t.id DESC", self.id,
        )  # fmt: skip
        return [dict(row) for row in rows]
