"""A forum small enough to hold in one's hand: it answers like Discourse, below the real client, and can be changed."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import Engine, create_engine, event, select

from connector.archive import Archive
from connector.archive.tables import metadata
from connector.client import Client, Unpaced
from connector.events import lane_of
from connector.forum import Forum
from connector.models import Event
from tests.recorded.forum import Answer, EndStateAdapter

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@dataclass
class World:
    """Topics, posts, people and categories; `asked` notes every request, `broken` makes all answers no answers."""

    clock: Clock = field(default_factory=Clock)
    topics: dict[int, dict[str, Any]] = field(default_factory=dict)
    posts: dict[int, dict[str, Any]] = field(default_factory=dict)
    people: dict[int, dict[str, Any]] = field(default_factory=dict)
    rooms: dict[int, dict[str, Any]] = field(default_factory=dict)
    login_required: bool = False
    broken: Answer | None = None
    asked: list[str] = field(default_factory=list)

    # -- making things

    def room(self, number: int, name: str, restricted: bool = False) -> None:
        self.rooms[number] = {"id": number, "name": name, "slug": name.lower(), "read_restricted": restricted}

    def person(self, number: int, username: str, name: str = "", **more: Any) -> None:
        self.people[number] = {"id": number, "username": username, "name": name, "trust_level": 1, **more}

    def topic(self, number: int, title: str, room: int, author: int, text: str, **more: Any) -> dict[str, Any]:
        self.topics[number] = {
            "id": number, "title": title, "slug": "s", "category_id": room, "archetype": "regular", "visible": True,
            "created_at": self._now(), "user_id": author, "tags": [], **more,
        }  # fmt: skip
        self.post(number * 100 + 1, number, author, text)
        return self.topics[number]

    def post(self, number: int, topic: int, author: int, text: str, **more: Any) -> dict[str, Any]:
        inside = [one["post_number"] for one in self.posts.values() if one["topic_id"] == topic]
        person = self.people.get(author, {"username": "", "name": ""})
        self.posts[number] = {
            "id": number, "topic_id": topic, "post_number": max(inside, default=0) + 1, "user_id": author,
            "username": person["username"], "name": person["name"], "cooked": f"<p>{text}</p>", "post_type": 1,
            "created_at": self._now(), "updated_at": self._now(), "actions_summary": [], **more,
        }  # fmt: skip
        return self.posts[number]

    def event(self, name: str, kind: str, payload: dict[str, Any]) -> Event:
        """A delivery as the door hands it on; posts and topics say what they are, as Discourse's do."""
        body = json.dumps({kind: payload})
        return Event(name, kind, payload, "", "", str(hash(body)), lane_of(kind, payload))

    def post_event(self, number: int, name: str = "post_created", **more: Any) -> Event:
        post = self.posts[number]
        topic = self.topics.get(post["topic_id"], {"archetype": "regular", "category_id": None})
        told = {"topic_archetype": topic["archetype"], "category_id": topic["category_id"]}
        return self.event(name, "post", {**post, **told, **more})

    def topic_event(self, number: int, name: str = "topic_edited", **more: Any) -> Event:
        return self.event(name, "topic", {"id": number, "archetype": "regular", **self.topics.get(number, {}), **more})

    # -- answering

    def forum(self) -> Forum:
        adapter = EndStateAdapter(self)  # type: ignore[arg-type]
        return Forum(Client("http://forum.localhost", "passerelle", "k" * 64, pacer=Unpaced(), adapter=adapter))

    def answer(self, method: str, address: str) -> Answer:
        self.asked.append(f"{method} {address}")
        if self.broken is not None:
            return self.broken
        parts = urlsplit(address)
        told = self._told(parts.path, parse_qs(parts.query))
        if told is None:
            return 404, _JSON, b'{"errors": ["not found"], "error_type": "not_found"}'
        return 200, _JSON, json.dumps(told).encode()

    def _told(self, path: str, query: dict[str, list[str]]) -> Any:
        if match := re.fullmatch(r"/t/(\d+)(/posts)?\.json", path):
            return self._topic(int(match.group(1)), query.get("post_ids[]"))
        if match := re.fullmatch(r"/posts/(\d+)\.json", path):
            post = self.posts.get(int(match.group(1)))
            return post if post and self._readable(post["topic_id"]) else None
        if match := re.fullmatch(r"/u/(.+)\.json", path):
            found = [one for one in self.people.values() if one["username"] == match.group(1)]
            return {"user": found[0]} if found else None
        if path == "/posts.json":
            before = int(query.get("before", ["999999999"])[0])
            shown = [one for one in self.posts.values() if one["id"] <= before and self._listed(one["topic_id"])]
            return {"latest_posts": sorted(shown, key=lambda one: -one["id"])[:50]}
        if path == "/latest.json":
            page = int(query.get("page", ["0"])[0])
            inside = sorted(number for number in self.topics if self._listed(number))
            listed = [self._head(number) for number in inside[page * 30 : page * 30 + 30]]
            more = {"more_topics_url": "/latest"} if len(inside) > page * 30 + 30 else {}
            return {"topic_list": {"topics": listed, **more}}
        simple = {
            "/categories.json": lambda: {"category_list": {"categories": list(self.rooms.values())}},
            "/site/settings.json": lambda: {"login_required": self.login_required},
            "/session/scopes.json": lambda: {"scopes": []},
            "/user-cards.json": lambda: {"users": self._cards(query)},
        }
        return simple[path]() if path in simple else None

    def _cards(self, query: dict[str, list[str]]) -> list[dict[str, Any]]:
        wanted = {int(one) for one in query["user_ids"][0].split(",")}
        return [one for number, one in self.people.items() if number in wanted]

    def _head(self, number: int) -> dict[str, Any]:
        inside = [one for one in self.posts.values() if one["topic_id"] == number]
        last = max((one["created_at"] for one in inside), default=None)
        return {**self.topics[number], "posts_count": len(inside), "last_posted_at": last}

    def _topic(self, number: int, ids: list[str] | None) -> Any:
        if not self._readable(number):
            return None
        inside = sorted((one for one in self.posts.values() if one["topic_id"] == number), key=lambda one: one["id"])
        chosen = [one for one in inside if str(one["id"]) in ids] if ids else inside[:20]
        stream = {"posts": chosen, "stream": [one["id"] for one in inside]}
        return {**self._head(number), "post_stream": stream}

    def _readable(self, number: int) -> bool:
        return number in self.topics

    def _listed(self, number: int) -> bool:
        topic = self.topics.get(number)
        return topic is not None and topic["visible"] and topic["archetype"] == "regular"

    def _now(self) -> str:
        return self.clock.now.isoformat()


def engine_at(path: Path, timeout: float = 5.0) -> Engine:
    """A SQLite database in a file, with a write-ahead log as the host sets it up; seconds to wait for a lock."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": timeout})

    @event.listens_for(engine, "connect")
    def settle(connection: Any, record: Any) -> None:
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    metadata.create_all(engine)
    return engine


@contextmanager
def archive_in(folder: Path, world: World, engine: Engine | None = None) -> Iterator[Archive]:
    engine = engine or engine_at(folder / "memory.sqlite")
    archive = Archive(engine, 1, folder / "files", clock=world.clock, bots=["passerelle"])
    yield archive
    archive.models.close()
    engine.dispose()


def everything(engine: Engine, site: int | None = None) -> str:
    """All rows of all tables as one text, to look for what must not be there."""
    with engine.connect() as conn:
        rows = [
            dict(row)
            for table in metadata.sorted_tables
            for row in conn.execute(select(table)).mappings()
            if site is None or row["site"] == site
        ]
    return json.dumps(rows, default=str, ensure_ascii=False)


def bytes_of(folder: Path) -> bytes:
    """All bytes of all files below a folder: databases, write-ahead logs, indexes."""
    return b"".join(one.read_bytes() for one in sorted(folder.rglob("*")) if one.is_file())
