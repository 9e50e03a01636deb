"""The forum in your hands: act as its members and staff, move its time, break it, look at it. For tests and the demo."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from . import editing, keys, leaving, moderating
from . import people as folk
from .board import Board
from .clock import SandboxClock
from .faults import Faults
from .guardian import Guardian
from .hooks import Hooks
from .posting import Draft, publish
from .store import Row

EVENT_TYPES = (
    "topic",
    "post",
    "user",
    "group",
    "category",
    "reviewable",
    "notification",
    "group_user",
    "like",
    "user_promoted",
)


class SandboxForum:
    """Everything one can do with a sandbox forum from the same process."""

    def __init__(self, board: Board, hooks: Hooks) -> None:
        self.board = board
        self.hooks = hooks
        self.staff = Staff(board)

    @property
    def clock(self) -> SandboxClock:
        """Its time; call `forum.pass_time` rather than `clock.move` so that what falls due happens."""
        return self.board.clock

    @property
    def faults(self) -> Faults:
        """What is wrong with it."""
        return self.board.faults

    def pass_time(self, stretch: Any) -> None:
        """Let time pass, and do what falls due in it (withdrawn posts vanish)."""
        self.board.clock.move(stretch)
        editing.sweep(self.board)

    def set(self, **settings: int | bool | str) -> None:
        """Change site settings by name."""
        for name, value in settings.items():
            self.board.set(name, value)

    def add_member(self, username: str, **facts: Any) -> "Acting":
        """A new account (see `people.add_member`), ready to act."""
        folk.add_member(self.board, username, **facts)
        return self.as_member(username)

    def as_member(self, username: str) -> "Acting":
        """A member's hands; KeyError when there is none of this name."""
        folk.require(self.board, username)
        return Acting(self.board, username)

    def members(self) -> list[str]:
        """The usernames of all human members."""
        return [
            row["username"] for row in self.board.store.all("SELECT username FROM members WHERE id > 0 ORDER BY id")
        ]

    def add_category(self, name: str, **facts: Any) -> int:
        """A new category (see `moderating.add_category`); gives its id."""
        return moderating.add_category(self.board, name, **facts)

    def add_group(self, name: str, *members: str, **facts: Any) -> int:
        """A new group with these members; gives its id."""
        number = folk.add_group(self.board, name, **facts)
        for username in members:
            folk.join_group(self.board, name, username)
        return number

    def make_key(self, username: str | None = None, scopes: tuple[str, ...] = keys.RUNTIME_SCOPES) -> str:
        """An API key of this member with these scopes (empty: unscoped)."""
        return keys.make_key(self.board, username, scopes)

    def add_hook(self, url: str, secret: str, event_types: tuple[str, ...] = EVENT_TYPES) -> int:
        """A web hook; gives its id."""
        return self.hooks.add(url, secret, event_types)

    def allow_login_for(self, host: str, secret: str) -> None:
        """Make the forum a DiscourseConnect provider for the service at this host."""
        lines = [line for line in str(self.board.setting("discourse_connect_provider_secrets")).split("\n") if line]
        kept = [line for line in lines if not line.startswith(f"{host}|")]
        self.board.set("discourse_connect_provider_secrets", "\n".join([*kept, f"{host}|{secret}"]))
        self.board.set("enable_discourse_connect_provider", True)

    def topic(self, topic_id: int) -> dict[str, Any]:
        """A topic's row."""
        return dict(moderating.topic_of(self.board, topic_id))

    def posts(self, topic_id: int) -> list[dict[str, Any]]:
        """The rows of a topic's posts, deleted ones included."""
        rows = self.board.store.all("SELECT * FROM posts WHERE topic_id = ? ORDER BY post_number, id", topic_id)
        return [dict(row) for row in rows]

    def posts_by(self, username: str) -> list[dict[str, Any]]:
        """The rows of a member's posts, messages included, by id."""
        member = folk.require(self.board, username)
        return [
            dict(row) for row in self.board.store.all("SELECT * FROM posts WHERE user_id = ? ORDER BY id", member["id"])
        ]

    def state(self) -> bytes:
        """Members, categories, topics, posts and likes as bytes: equal when nothing changed."""
        tables = (
            "members",
            "groups",
            "group_members",
            "categories",
            "topics",
            "topic_members",
            "posts",
            "likes",
            "flags",
        )
        orders = {"likes": "post_id, user_id", "topic_members": "topic_id, user_id"}
        found = {}
        for table in tables:
            rows = self.board.store.all(f"SELECT * FROM {table} ORDER BY {orders.get(table, 'id')}")  # noqa: S608
            found[table] = [{key: value for key, value in dict(row).items() if key != "views"} for row in rows]
        return json.dumps(found, sort_keys=True).encode()

    def load_community(self) -> None:
        """Put the invented community in (an empty forum only)."""
        from .loading import load_invented

        load_invented(self.board)

    def load_archive(self, path: Path) -> int:
        """Put the topics of a file or folder in; gives how many posts."""
        from .loading import load_archive

        return load_archive(self.board, path)


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
        draft = Draft(raw, title, category=_category(self.board, category), tags=tags)
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
        category_id = _category(self.board, category) if category is not None else None
        topic = moderating.topic_of(self.board, topic_id)
        editing.edit_topic(self.board, self.who, topic, title=title, category_id=category_id, tags=tags)

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
            "SELECT t.* FROM topics t JOIN topic_members m ON m.topic_id = t.id WHERE m.user_id = ? AND t.deleted_at IS NULL "
            "ORDER BY t.bumped_at DESC, t.id DESC", self.id,
        )  # fmt: skip
        return [dict(row) for row in rows]


def _category(board: Board, given: int | str) -> int:
    if isinstance(given, int):
        return given
    found = board.store.value("SELECT id FROM categories WHERE slug = ? OR name = ?", given, given)
    if found is None:
        raise KeyError(f"no category {given!r}")
    return int(found)


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
            self.board.store.change("topics", topic_id, category_id=_category(self.board, category))
            self.board.announce("topic_edited", topic_id)

    def to_message(self, topic_id: int) -> None:
        """Turn a topic into a private message."""
        moderating.to_message(self.board, topic_id)

    def to_public(self, topic_id: int, category: int | str) -> None:
        """Turn a private message into a topic."""
        moderating.to_public(self.board, topic_id, _category(self.board, category))

    def set_permissions(self, category: int | str, permissions: dict[str, int]) -> None:
        """Who may read and write in a category."""
        moderating.set_permissions(self.board, _category(self.board, category), permissions)

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
