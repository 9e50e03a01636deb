"""The forum in your hands: act as its members and staff, move its time, break it, look at it."""

import json
from pathlib import Path
from typing import Any

from . import editing, keys, moderating
from . import people as folk
from .acting import Acting
from .board import Board
from .clock import SandboxClock
from .faults import Faults
from .hooks import Hooks
from .staff import Staff

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

    def add_member(self, username: str, **facts: Any) -> Acting:
        """A new account (see `people.add_member`), ready to act."""
        folk.add_member(self.board, username, **facts)
        return self.as_member(username)

    def as_member(self, username: str) -> Acting:
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
