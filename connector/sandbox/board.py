"""One forum: its data, its time, its settings, and what is wrong with it at the moment."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .clock import SandboxClock
from .cooking import Surroundings, cook
from .faults import Faults
from .limits import Limits
from .store import Row, Store

SETTINGS: dict[str, int | bool | str] = {
    "title": "Bac à sable",
    "site_description": "",
    "default_locale": "en",
    "allow_user_locale": True,
    "login_required": False,
    "must_approve_users": False,
    "read_only": False,
    "min_first_post_length": 20,
    "min_post_length": 20,
    "max_post_length": 32000,
    "min_personal_message_post_length": 10,
    "min_topic_title_length": 15,
    "max_topic_title_length": 255,
    "min_personal_message_title_length": 2,
    "unique_posts_mins": 5,
    "allow_duplicate_topic_titles": False,
    "max_consecutive_replies": 3,
    "post_edit_time_limit": 1440,
    "tl2_post_edit_time_limit": 43200,
    "editing_grace_period": 300,
    "delete_removed_posts_after": 24,
    "max_topics_per_day": 20,
    "max_personal_messages_per_day": 20,
    "max_edits_per_day": 30,
    "max_admin_api_reqs_per_minute": 0,
    "rate_limit_members": False,
    "rate_limit_create_topic": 0,
    "rate_limit_create_post": 0,
    "authorized_extensions": "jpg|jpeg|png|gif|heic|heif|webp|avif|pdf|txt|csv|svg",
    "whispers_allowed_groups": "3",
    "retry_web_hook_events": False,
    "web_hook_user_agent": "Discourse/3.1.0.beta2",
    "enable_discourse_connect_provider": False,
    "discourse_connect_provider_secrets": "",
    "discourse_narrative_bot_enabled": True,
    "hide_post_sensitivity": 0,
    "approve_unless_trust_level": 0,
    "theme_service_url": "",
}
"""Defaults of a Discourse 3.1, except that the three limits on speed are off (0, False) until somebody sets them.

`theme_service_url` stands for the theme component's own setting: with an address, pages load our elements from there.
"""

SYSTEM, DISCOBOT = -1, -2


class Announcer(Protocol):
    """Who hears what happens, to send it on as web hooks."""

    def __call__(self, event: str, subject: Any, **facts: Any) -> None: ...


@dataclass
class Board:
    """Everything that the parts of the sandbox share."""

    store: Store
    clock: SandboxClock
    announce: Announcer = field(default=lambda event, subject, **facts: None)
    faults: Faults = field(default_factory=Faults)
    limits: Limits = field(default_factory=Limits)
    base_url: str = "http://127.0.0.1"

    @classmethod
    def open(cls, path: Path | None, clock: SandboxClock | None = None) -> "Board":
        """The forum in this file (None: in memory), made with its system members and groups when it is new."""
        board = cls(Store(path), clock or SandboxClock())
        from .people import lay_foundations

        lay_foundations(board)
        return board

    def start_over(self, clock: SandboxClock) -> None:
        """An empty forum again, in memory, under the same address; whoever held the old one's rows holds nothing."""
        from .people import lay_foundations

        self.store.close()
        self.store, self.clock, self.faults, self.limits = Store(None), clock, Faults(), Limits()
        lay_foundations(self)

    def setting(self, name: str) -> Any:
        """The value of a site setting; KeyError for one that the sandbox does not know."""
        stored = self.store.value("SELECT value FROM settings WHERE name = ?", name)
        return SETTINGS[name] if stored is None else json.loads(stored)

    def number(self, name: str) -> int:
        """The value of a setting that is a number."""
        return int(self.setting(name))

    def set(self, name: str, value: int | bool | str) -> None:
        """Change a site setting; KeyError for an unknown one, TypeError for a value of another kind."""
        if isinstance(SETTINGS[name], str) is not isinstance(value, str):
            raise TypeError(f"setting {name}: {value!r} is of the wrong kind")
        self.store.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", name, json.dumps(value))

    def locale(self, member: Row | None) -> str:
        """The language in which a member is spoken to."""
        own = member["locale"] if member is not None and self.setting("allow_user_locale") else None
        return str(own or self.setting("default_locale"))

    def cook(self, raw: str) -> str:
        """The HTML of a text, with links to this forum's members and categories."""
        return cook(raw, Surroundings(self._member_address, self._room_address))

    def _member_address(self, name: str) -> str | None:
        found = self.store.value("SELECT username FROM members WHERE lower_name = ?", name.lower())
        if found is not None:
            return f"/u/{found.lower()}"
        group = self.store.value("SELECT name FROM groups WHERE name = ? AND automatic = 0", name)
        return f"/groups/{group}" if group is not None else None

    def _room_address(self, slug: str) -> tuple[str, str] | None:
        found = self.store.one("SELECT id, name, slug FROM categories WHERE slug = ?", slug.rsplit(":", 1)[-1])
        return (found["name"], f"/c/{found['slug']}/{found['id']}") if found is not None else None
