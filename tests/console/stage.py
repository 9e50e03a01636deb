"""A forum with its people, and a console beside it that a test's browser may open: real tables, real HTTP."""

import atexit
import re
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import requests
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from connector.pacing import LocalPacer
from connector.sandbox.clock import SandboxClock
from connector.sandbox.serve import SandboxServer
from plugins.contract import Plugin
from plugins.doors import Evidence
from tests.console.helper_plugin import plugin as helper
from webhooks import announce, cases, modes, onetime
from webhooks.app import create_app
from webhooks.clock import SetClock
from webhooks.config import load
from webhooks.context import Ground, keep, write_context
from webhooks.registry import registry_of
from webhooks.schema import migrate
from webhooks.service import build

CONNECT = "connect-secret-0123456789"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PEOPLE = {"claire": ["animation"], "marc": ["animation"], "lea": [], "karim": [], "gilles": ["accueil"], "ines": []}
"""Members by name with their groups: Claire and Marc look after the community, Gilles welcomes newcomers."""


@cache
def fresh_database() -> Path:
    """A database with all tables and no rows, migrated once for all tests of a run."""
    folder = Path(tempfile.mkdtemp(prefix="passerelle-console-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    service = build(load({}, data_dir=folder, secret_key="only-for-this-test"), registry=registry_of([]))
    migrate(service)
    service.close()
    return folder / "passerelle.db"


class Stage(AbstractContextManager["Stage"]):
    """Everything together; `client()` is a browser without a window."""

    def __init__(
        self,
        folder: Path,
        *,
        plugins: Sequence[Plugin] = (helper,),
        public_url: str = "http://localhost",
        database_url: str = "",
    ) -> None:
        # The forum lives an hour before Passerelle's clock: what stands there was written before anybody looks at it.
        self.server = SandboxServer(clock=SandboxClock(MONDAY - timedelta(hours=1)), background_hooks=False).start()
        forum = self.server.forum
        self.clock = SetClock(MONDAY)
        for name in PEOPLE:
            forum.add_member(name)
        forum.add_member("boss")
        forum.staff.set_roles("boss", admin=True)
        forum.add_member("passerelle", trust_level=2)
        for group in ("animation", "accueil"):
            forum.add_group(group, *(name for name, groups in PEOPLE.items() if group in groups))
        forum.allow_login_for(urlsplit(public_url).hostname or "", CONNECT)
        self.rooms = {name: forum.add_category(name) for name in ("Entraide", "Comptoir")}
        self.topic = forum.as_member("lea").topic(self.rooms["Entraide"], "Une pompe qui fuit sous pression", QUESTION)
        forum.as_member("karim").reply(self.topic, "Regarde le joint torique, chez nous c'était ça.")
        config = load(
            {},
            data_dir=folder,
            forum_url=self.server.url,
            api_username="passerelle",
            api_key=forum.make_key("passerelle"),
            connect_secret=CONNECT,
            public_url=public_url,
            secret_key="only-for-this-test",
            database_url=database_url,
        )
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(fresh_database(), folder / "passerelle.db")
        self.service = build(config, clock=self.clock, registry=registry_of(plugins), pacer=LocalPacer(100_000))
        self.service.archive.refresh_categories(self.service.forum)
        self.service.archive.refresh_topic(self.topic, self.service.forum)
        self.app = create_app(config, service=self.service)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.service.close()
        self.server.stop()

    def id_of(self, username: str) -> int:
        """A member's number on the forum."""
        return int(self.server.forum.as_member(username).id)

    def client(self) -> "Visitor":
        """A fresh browser."""
        return Visitor(self)

    def publish(self) -> None:
        """Why-page and announcement are published."""
        with self.service.database.begin() as connection:
            for kind in announce.KINDS:
                announce.write(connection, 1, "", kind, "fr", "# Bonjour\nVoilà.", who="claire", now=self.clock.now())
                announce.publish(connection, 1, "", kind, self.clock.now())

    def allow(self, mode: modes.Mode, plugin: Plugin = helper) -> None:
        """Published, cases seen, and the plugin in this mode."""
        self.publish()
        with self.service.database.begin() as connection:
            cases.mark_seen(connection, 1, plugin.name, who="claire", now=self.clock.now())
            modes.set_mode(connection, 1, plugin.name, mode, who="claire", now=self.clock.now())

    def ask_for(
        self, once: str, text: str = "Karim a déjà aidé.", why: str = "Sans réponse depuis 36 h.", **more: Any
    ) -> None:
        """A handler of the plugin asks for a reply in the topic."""
        evidence = [Evidence(self.topic, 2, more.pop("label", ""))]
        with self.service.database.begin() as connection, Session(bind=connection) as session:
            context = write_context(self.service, session, Ground(helper, cause=f"test:{once}"))
            context.forum.reply(more.pop("topic", self.topic), text, once=once, why=why, evidence=evidence, **more)
            keep(context)

    def link(self, username: str = "claire", groups: Sequence[str] = ("animation",), member_id: int = 0) -> str:
        """The path of a one-time link."""
        data = {"username": username, "groups": list(groups), "member_id": member_id, "admin": False}
        with self.service.database.begin() as connection:
            word = onetime.issue(connection, 1, onetime.LINK, data, self.clock.now())
        return f"/login/link/{word}"


class Visitor:
    """A browser without a window: keeps cookies, and sends a form as the page holds it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.http: FlaskClient = stage.app.test_client()
        self.page: TestResponse | None = None

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        self.page = self.http.get(path, **more)
        return self.page

    @property
    def text(self) -> str:
        assert self.page is not None
        return self.page.get_data(as_text=True)

    def token(self) -> str:
        """The hidden word of a form on the page, that of the why-page where none was opened yet."""
        if self.page is None or 'name="csrf_token"' not in self.text:
            self.get("/why")
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.text)
        assert found is not None
        return found[1]

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Send a form, and follow where it leads."""
        headers = fields.pop("_headers", None)
        data = {"csrf_token": self.token(), **fields}
        self.page = self.http.post(path, data=data, follow_redirects=True, headers=headers)
        return self.page

    def login(self, username: str) -> "Visitor":
        """Log in through the forum, over real HTTP on the forum's side."""
        answer = self.start_login()
        self.get(self.forum_says(username, answer.headers["Location"]), follow_redirects=True)
        return self

    def start_login(self, wanted: str = "/console") -> TestResponse:
        """Press the login button; the answer leads to the forum."""
        return self.http.post("/login", data={"csrf_token": self.token(), "next": wanted})

    def forum_says(self, username: str, address: str) -> str:
        """The path to which the forum sends this member's browser back."""
        cookies = {"_t": self.stage.server.forum.as_member(username).login()}
        answer = requests.get(address, cookies=cookies, allow_redirects=False, timeout=10)
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"


QUESTION = "Bonjour, notre pompe fuit dès qu'on dépasse 4 bars. Quelqu'un a déjà vu ça ?"


def later(stage: Stage, **stretch: float) -> None:
    """Let time pass."""
    stage.clock.move(timedelta(**stretch))
