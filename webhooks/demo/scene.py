"""What the steps of the tour are made of: people at browsers, questions asked, time passing, messages looked for."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib import resources
from typing import Any, TypeVar

from sqlalchemy import select

from connector.sandbox.community import load_community
from webhooks.demo.browsing import Seen, Visitor
from webhooks.demo.drafting import Writer
from webhooks.demo.stage import BOT, Stage, StageError
from webhooks.service import Service, build
from webhooks.tables import inbox, jobs, outbox

PLUGIN = "expert_finder"
DAYS = "90"
"""How far back the demonstration looks for its ten cases."""
T = TypeVar("T")
Row = dict[str, Any]


class Scene:
    """A stage with its people; `tell` prints one line."""

    def __init__(self, stage: Stage, tell: Callable[[str], None]) -> None:
        self.stage = stage
        self.control = stage.control
        self.community = load_community()
        self.topics: dict[str, int] = {}
        self.tell = tell
        self.words = _words(stage.lang)
        self._visitors: dict[str, Visitor] = {}
        self._members = {member.key: member for member in self.community.members}
        self._story = {question.key: question for question in self.community.story}

    # -- telling

    def heading(self, key: str) -> None:
        self.tell(f"\n  ▸ {self.words[key]}")

    def say(self, key: str, **values: Any) -> None:
        self.tell(f"    {self.words[key].format(**values)}")

    def check(self, holds: object, key: str, **values: Any) -> None:
        """Tell a line of the story with a tick. :raises StageError: it does not hold."""
        line = self.words[key].format(**values)
        if not holds:
            raise StageError(line)
        self.tell(f"    ✓ {line}")

    # -- people

    def username(self, key: str) -> str:
        return self._members[key].username

    def visitor(self, key: str) -> Visitor:
        """A member at a browser, logged in to the forum and, through it, to Passerelle."""
        if key not in self._visitors:
            self._visitors[key] = Visitor(key)
            self._visitors[key].remember("_t", self.control.member(self.username(key), "login"))
        visitor = self._visitors[key]
        page = visitor.open(self.url("/me"))
        # Days pass in the story, so that a session may have ended meanwhile.
        if "/login" in page.url:
            visitor.send(page, "/login")
        return visitor

    def writer(self, key: str) -> Writer:
        """A member in the forum's composer."""
        return Writer(self.control.url, self.stage.url, str(self.control.member(self.username(key), "login")))

    def url(self, path: str) -> str:
        return self.stage.url + path

    def named(self, raw: str) -> list[str]:
        """Keys of the members whose names stand in the lines of a list."""
        lines = [line for line in raw.splitlines() if line.startswith("- ")]
        return [key for key, member in self._members.items() if any(member.name in line for line in lines)]

    def full(self, keys: list[str]) -> str:
        return ", ".join(self._members[key].name for key in keys)

    def expected(self, key: str) -> set[str]:
        """Keys of the people whom a human would name for a question of the story."""
        experts = self._story[key].experts
        return {member.key for member in self._members.values() if member.username in experts}

    def title_of(self, key: str) -> str:
        return self._story[key].title

    def share_out(self) -> None:
        """Solène says on the duty page whose group looks after which room."""
        solene = self.visitor("solene")
        duty = solene.open(self.url("/console/duty"))
        solene.send(duty, "/duty/rooms", **{f"room:{self.category('outils')}": "outils-si"})

    # -- the forum

    def category(self, key: str) -> int:
        """A room's id in the forum."""
        return self.community.category(key).id

    def ask(self, key: str) -> int:
        """Let a question of the story be asked; gives its topic's id, once Passerelle has heard of it."""
        question = self._story[key]
        room = next(one for one in self.community.categories if question.category in (one.key, one.slug, one.name))
        return self.ask_this(key, question.author, room.id, question.title, question.raw.strip())

    def ask_this(self, key: str, author: str, room: int, title: str, raw: str) -> int:
        """Let somebody open a topic; gives its id, once Passerelle has heard of it."""
        topic = int(self.control.member(author, "topic", category=room, title=title, raw=raw))
        self.topics[key] = topic
        self.stage.wait(f"Passerelle knows topic {topic}", lambda: self.remembers(topic))
        return topic

    def remembers(self, topic: int) -> bool:
        with self.inside() as service:
            return service.archive.topic(topic) is not None and bool(service.archive.posts_of_topic(topic))

    def bot_posts(self) -> list[Row]:
        """Everything Passerelle has written in the forum and not withdrawn."""
        return [post for post in self.control.posts_by(BOT) if not post.get("deleted_at")]

    def message_to(self, title: str) -> Row | None:
        """The message in which Passerelle answers somebody's question with this title."""
        part = re.sub(r"\W+", "", title)[:25]
        found = [post for post in self.bot_posts() if part in re.sub(r"\W+", "", post["raw"])]
        return found[-1] if found else None

    def public_reply(self, topic: int) -> Row | None:
        """Passerelle's reply in a topic."""
        return next((post for post in self.bot_posts() if post["topic_id"] == topic), None)

    def acts_about(self, topic: int) -> list[str]:
        """What was asked for concerning a topic, whatever became of it."""
        with self.inside() as service, service.database.read() as connection:
            rows = connection.execute(select(outbox.c.once).where(outbox.c.topic_id == topic))
            return [str(row.once) for row in rows]

    def states_about(self, topic: int) -> set[str]:
        """What became of the acts that concern a topic."""
        with self.inside() as service, service.database.read() as connection:
            return set(connection.execute(select(outbox.c.state).where(outbox.c.topic_id == topic)).scalars())

    # -- time

    def pass_time(self, stretch: timedelta) -> None:
        """Let time pass, and give Passerelle the moment to notice."""
        now = self.control.pass_time(stretch)
        self.stage.wait("the worker has done what the hour asks", lambda: self._is_settled(now))

    def until(self, found: Callable[[], T | None], *, hours: int = 120) -> T:
        """Let hours pass one by one until `found` gives something. :raises StageError: it never did."""
        for _ in range(hours):
            result = found()
            if result:
                return result
            self.pass_time(timedelta(hours=1))
        raise StageError(f"nothing came of it within {hours} hours")

    def _is_settled(self, moment: datetime) -> bool:
        """Whether the clock's jobs of this moment have run, and neither jobs, deliveries nor acts are waiting."""
        with self.inside() as service, service.database.read() as connection:
            ran = select(jobs.c.id).where(jobs.c.state == "done", jobs.c.slot > moment - timedelta(minutes=2))
            waiting = select(jobs.c.id).where(jobs.c.state == "pending", jobs.c.run_at <= moment)
            heard = select(inbox.c.id).where(inbox.c.state.in_(("pending", "leased")), inbox.c.run_at <= moment)
            sending = select(outbox.c.id).where(outbox.c.state.in_(("due", "sending")), outbox.c.run_at <= moment)
            begun = connection.execute(ran.limit(1)).first() is not None
            return begun and not any(connection.execute(one.limit(1)).first() for one in (waiting, heard, sending))

    @contextmanager
    def inside(self) -> Iterator[Service]:
        """Passerelle's own memory, for looking only."""
        service = build(self.stage.config, writes=False)
        try:
            yield service
        finally:
            service.close()

    def plugin_page(self, key: str, plugin: str = PLUGIN) -> Seen:
        return self.visitor(key).open(self.url(f"/console/plugins/{plugin}"))


def without_links(raw: str) -> str:
    """A text without the addresses of its links."""
    return re.sub(r"\]\([^)]*\)|https?://\S+|<!--.*?-->", "", raw, flags=re.S)


def _words(lang: str) -> dict[str, str]:
    text = resources.files("webhooks.demo").joinpath("story.toml").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found["fr" if lang == "fr" else "en"]
