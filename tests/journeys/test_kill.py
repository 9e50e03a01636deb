"""SIGKILL at random moments while events pour in and posts go out: nothing acknowledged is lost, nothing said twice."""

import hashlib
import json
import random
import sqlite3
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from connector.events import sign
from tests.journeys.processes import SECRET, Processes, answers, until
from webhooks import announce, cases
from webhooks.config import Config
from webhooks.database import Database
from webhooks.modes import set_mode
from webhooks.schema import migrate
from webhooks.service import build
from webhooks.settings_store import HOST, save
from webhooks.tables import inbox, outbox

KILLS = {"sqlite": 20, "postgresql": 6}
"""How many processes are shot, at least, on each database."""
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def processes(tmp_path: Path, database_url: str) -> Iterator[Processes]:
    """Forum, web and worker; the forum has a category, two people and a bot."""
    with Processes(tmp_path / "run", {"PASSERELLE_DATABASE_URL": database_url}) as processes:
        processes.start_forum()
        processes.control("clock", move=(MONDAY - datetime.now(UTC)).total_seconds())
        processes.control("settings", max_topics_per_day=10_000)
        processes.control("add-category", name="General")
        for name in ("lea", "passerelle"):
            processes.control("add-member", username=name, trust_level=2)
        processes.control("key", username="passerelle", key="f" * 64)
        yield processes


@pytest.fixture
def database(processes: Processes, database_url: str) -> Iterator[Database]:
    """The service's own database, with the plugin allowed to act."""
    config = Config(
        data_dir=processes.folder / "data", secret_key=SecretStr("k" * 32), database_url=SecretStr(database_url)
    )
    service = build(config)
    migrate(service)
    database = service.database
    with database.begin() as connection:
        for kind in announce.KINDS:
            announce.write(connection, 1, "", kind, "en", "Because it helps.", who="claire", now=MONDAY)
            announce.publish(connection, 1, "", kind, MONDAY)
        cases.mark_seen(connection, 1, "killed", who="claire", now=MONDAY)
        set_mode(connection, 1, "killed", "act", who="claire", now=MONDAY)
        save(connection, 1, HOST, {"acts_per_hour": 200}, who="claire", now=MONDAY)
    yield database
    database.close()


class Pouring:
    """Topics opened by members, and the deliveries about them, sent until somebody acknowledges them or not."""

    def __init__(self, processes: Processes, seed: int) -> None:
        self._processes = processes
        self._random = random.Random(seed)
        self._stop = threading.Event()
        self.acknowledged: set[str] = set()
        self.topics: list[int] = []
        self._thread = threading.Thread(target=self._pour, daemon=True)

    def __enter__(self) -> "Pouring":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop.set()
        self._thread.join(30)

    def _pour(self) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            title = f"Question number {number} about bridges and boats"
            topic = self._processes.control(
                "member", member="lea", verb="topic", category="general", title=title, raw=f"{title}: who knows more?"
            )
            self.topics.append(topic)
            for name, kind, payload in self._told(topic, number):
                self._deliver(name, kind, payload)
            self._stop.wait(self._random.uniform(0.05, 0.4))

    def _told(self, topic: int, number: int) -> list[tuple[str, str, dict[str, Any]]]:
        about = {"id": topic, "archetype": "regular", "category_id": 1, "user_id": 1, "number": number}
        members = [
            ("user_updated", "user", {"id": 100_000 + 10 * number + one, "username": f"m{number}{one}"})
            for one in range(3)
        ]
        return [("topic_created", "topic", about), *members]

    def _deliver(self, name: str, kind: str, payload: dict[str, Any]) -> None:
        body = json.dumps({kind: payload}).encode()
        headers = {"X-Discourse-Event": name, "X-Discourse-Event-Type": kind, "Content-Type": "application/json",
                   "X-Discourse-Event-Signature": sign(body, SECRET)}  # fmt: skip
        request = urllib.request.Request(f"{self._processes.web_url}/webhooks/discourse", body, headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                if answer.status == 202:
                    self.acknowledged.add(hashlib.sha256(body).hexdigest())
        except (urllib.error.URLError, OSError):
            return


@pytest.mark.timeout(240)
def test_nothing_acknowledged_is_lost_and_nothing_is_said_twice(processes: Processes, database: Database) -> None:
    """Whenever web process and worker are shot, each delivery acknowledged is worked off, each topic greeted once."""
    chance = random.Random(20260302)
    wanted = KILLS["sqlite" if database.is_sqlite else "postgresql"]
    processes.start_web()
    processes.start_worker()
    until(lambda: answers(f"{processes.web_url}/health"), 60, "the web process does not answer")
    kills = 0
    with Pouring(processes, seed=7) as pouring:
        while kills < wanted:
            threading.Event().wait(chance.uniform(0.2, 2.6))
            names = chance.choice((("worker",), ("web",), ("worker", "web"), ("worker",)))
            for name in names:
                processes.kill(name)
                kills += 1
            for name in names:
                processes.start_web() if name == "web" else processes.start_worker()
        until(lambda: answers(f"{processes.web_url}/health"), 60, "the web process does not come back")
        until(lambda: len(pouring.acknowledged) > 3 * wanted, 60, "too few deliveries were acknowledged")
    assert kills >= wanted

    def is_settled() -> bool:
        try:
            with database.read() as connection:
                waiting = connection.execute(
                    select(inbox.c.id).where(inbox.c.state.in_(("pending", "leased"))).limit(1)
                ).first()
                acting = connection.execute(
                    select(outbox.c.id).where(outbox.c.state.in_(("due", "retry", "sending", "unsure"))).limit(1)
                ).first()
        except (sqlite3.OperationalError, OperationalError):
            return False
        return waiting is None and acting is None

    until(is_settled, 120, "work is left over")
    with database.read() as connection:
        done = set(connection.execute(select(inbox.c.body_hash).where(inbox.c.state == "done")).scalars())
        greeted = {
            row.topic_id: row.state for row in connection.execute(select(outbox)).all() if row.plugin == "killed"
        }
    assert pouring.acknowledged <= done
    posts = Counter(
        post["topic_id"] for post in processes.control("posts", by="passerelle") if "Welcome, somebody" in post["raw"]
    )
    assert max(posts.values()) == 1
    assert {topic for topic, state in greeted.items() if state == "sent"} == set(posts)
    assert set(greeted.values()) == {"sent"}
