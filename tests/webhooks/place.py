"""A whole place for a test: a sandbox forum on a real port, Passerelle's web application on another, and a worker."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from connector.pacing import Unpaced
from connector.sandbox.clock import SandboxClock
from connector.sandbox.serve import SandboxServer
from plugins.contract import Mode, Plugin
from tests.webhooks.conftest import MONDAY, SECRET, with_tables
from webhooks import announce, cases
from webhooks.app import create_app
from webhooks.clock import Clock
from webhooks.config import Config
from webhooks.door import Door
from webhooks.identity import learn
from webhooks.limits import limiter
from webhooks.modes import set_mode
from webhooks.registry import registry_of
from webhooks.service import Service, build
from webhooks.tables import outbox
from webhooks.worker import Worker

BOT = "passerelle"


@dataclass
class ForumClock(Clock):
    """The service lives at the forum's time."""

    forum: SandboxClock

    def now(self) -> Any:
        return self.forum.now()


class _Silent(WSGIRequestHandler):
    """Says nothing about each request."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Silence."""


# What takes longest to make and keeps nothing of a test: two Flask applications with hundreds of routes.
_idle_forums: list[SandboxServer] = []
_idle_apps: list[Flask] = []


def _forum() -> SandboxServer:
    """An empty forum at MONDAY: one that an earlier test is through with, else a new one."""
    if not _idle_forums:
        return SandboxServer(clock=SandboxClock(MONDAY), background_hooks=False).start()
    server = _idle_forums.pop()
    server.board.start_over(SandboxClock(MONDAY))
    return server


@contextmanager
def lent_forum() -> Iterator[SandboxServer]:
    """An empty forum alone, for tests without a service beside it."""
    server = _forum()
    yield server
    _idle_forums.append(server)


def _app(service: Service) -> Flask:
    """The web application of this service: one that an earlier test is through with, else a new one."""
    if not _idle_apps:
        return create_app(service.config, service=service)
    app = _idle_apps.pop()
    limiter.reset()  # what earlier tests asked within this minute is not this test's
    app.extensions["passerelle"] = service
    app.extensions["passerelle.door"] = Door(service.database, service.config, service.clock)
    return app


@dataclass
class Place:
    """Forum and service together; `settle` lets every web hook arrive and all work be done."""

    folder: Path
    database_url: str = ""
    plugins: tuple[Plugin, ...] = ()
    bot: str = BOT
    forum_server: SandboxServer | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def __enter__(self) -> "Place":
        self._own_forum = self.forum_server is None
        self.server = self.forum_server or _forum()
        self.forum = self.server.forum
        if self._own_forum:
            self.general = self.forum.add_category("General")
            self.forum.add_member("lea", created_at=MONDAY - timedelta(days=400))
        self.forum.add_member(self.bot, trust_level=2, created_at=MONDAY - timedelta(days=400))
        self.service = self._service()
        assert not self.service.registry.faults, self.service.registry.faults
        self.app = _app(self.service)
        self.web = make_server("127.0.0.1", 0, self.app, threaded=True, request_handler=_Silent)
        self._thread = threading.Thread(target=self.web.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.forum.add_hook(f"http://127.0.0.1:{self.web.server_port}/webhooks/discourse", SECRET)
        self.worker = Worker(self.service)
        assert learn(self.service)
        self.service.archive.refresh_categories(self.service.forum)
        return self

    def __exit__(self, *error: object) -> None:
        self.web.shutdown()
        self.web.server_close()
        self._thread.join(10)
        self.service.close()
        _idle_apps.append(self.app)
        if self._own_forum:
            _idle_forums.append(self.server)

    def _service(self) -> Service:
        values: dict[str, Any] = {
            "data_dir": self.folder, "database_url": self.database_url, "hook_secret": SECRET, "secret_key": "k" * 32,
            "forum_url": self.server.url, "api_username": self.bot, "api_key": self.forum.make_key(self.bot),
            "replay_after": "35,100", "free_disk_mb": 0, "public_url": "http://127.0.0.1:8100", **self.settings,
        }  # fmt: skip
        clock = ForumClock(self.forum.clock)
        config = Config(**values)
        finish = with_tables(config, self.plugins)
        service = build(config, clock=clock, registry=registry_of(self.plugins), pacer=Unpaced())
        finish(service)
        return service

    def settle(self) -> int:
        """Deliver what the forum announced, work it off, and again until nothing moves."""
        done = 0
        while True:
            self.forum.hooks.deliver_all()
            some = self.worker.run_until_idle()
            done += some
            if not some:
                return done

    def pass_time(self, **stretch: float) -> None:
        """Let time pass for forum and service, then settle."""
        self.forum.pass_time(timedelta(**stretch))
        self.settle()

    def let(self, plugin: str, mode: Mode = "act") -> None:
        """Publish why-page and announcement, and give a plugin a mode."""
        now = self.service.clock.now()
        with self.service.database.begin() as connection:
            for kind in announce.KINDS:
                announce.write(connection, 1, "", kind, "en", "Because it helps.", who="claire", now=now)
                announce.publish(connection, 1, "", kind, now)
            cases.mark_seen(connection, 1, plugin, who="claire", now=now)
            set_mode(connection, 1, plugin, mode, who="claire", now=now)

    def ask(self, title: str = "How do I prune an old apple tree?", who: str = "lea") -> int:
        """Somebody opens a topic; gives its id."""
        raw = f"It has not been cut for ten years, where do I begin? ({title})"
        return self.forum.as_member(who).topic("general", title, raw)

    def acts(self, **columns: Any) -> list[Any]:
        """The acts in the outbox, oldest first, of these column values."""
        query = select(outbox).order_by(outbox.c.id)
        for name, value in columns.items():
            query = query.where(outbox.c[name] == value)
        with self.service.database.read() as connection:
            return list(connection.execute(query).mappings())

    def bot_posts(self) -> list[dict[str, Any]]:
        """What the bot has standing on the forum."""
        return [
            post for post in self.forum.posts_by(self.bot) if post["deleted_at"] is None and not post["user_deleted"]
        ]
