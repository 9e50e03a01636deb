"""The hands of the demonstration in the sandbox forum, over its loopback control routes."""

from datetime import datetime, timedelta
from typing import Any

import requests


class ForumSays(Exception):  # noqa: N818 -- a sentence of the forum, shown as it is
    """The sandbox refused what the demonstration asked; the message is the forum's own."""


class SandboxControl:
    """Act as the sandbox's members and staff, and move its time."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False

    def call(self, route: str, **given: Any) -> Any:
        """One control route; gives its result. :raises ForumSays: it was refused."""
        answer = self._session.post(f"{self.url}/sandbox/control/{route}", json=given, timeout=60)
        if answer.status_code != 200:
            raise ForumSays(f"{route}: {answer.status_code} {answer.text[:300]}")
        return answer.json()["result"]

    def member(self, username: str, verb: str, **given: Any) -> Any:
        """Let a member do something: topic, reply, message, edit, like, login…"""
        return self.call("member", member=username, verb=verb, **given)

    def freeze(self, moment: datetime) -> None:
        """Stop the time of the forum, and of all who read its clock, at a moment."""
        self.call("clock", freeze=moment.isoformat())

    def run(self) -> None:
        """Let time run on from where it stands."""
        self.call("clock", run=True)

    def pass_time(self, stretch: timedelta) -> datetime:
        """Let time pass at once; gives the forum's new time."""
        return datetime.fromisoformat(str(self.call("clock", move=stretch.total_seconds())).replace("Z", "+00:00"))

    def now(self) -> datetime:
        """The forum's time."""
        return self.pass_time(timedelta(0))

    def posts(self, topic_id: int) -> list[dict[str, Any]]:
        """The rows of a topic's posts."""
        found: list[dict[str, Any]] = self.call("posts", topic=topic_id)
        return found

    def posts_by(self, username: str) -> list[dict[str, Any]]:
        """The rows of a member's posts, messages included."""
        found: list[dict[str, Any]] = self.call("posts", by=username)
        return found
