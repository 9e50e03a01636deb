"""Web hooks: what happens becomes a signed delivery, sent in the background, in no promised order.

As in a real forum: a delivery that got no answer is never tried again; other failures only when the setting
`retry_web_hook_events` is on, after 1, 5, 25, 125 minutes of the forum's time, each under a new event id; a manual
redelivery keeps id and body.
"""

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from .board import Board
from .clock import stamp
from .payloads import event_type, payload
from .signing import sign
from .store import Row

TIMEOUT = 20.0
"""Seconds for connecting and for the answer."""
LAST_RETRY = 4


@dataclass(frozen=True)
class Answer:
    """What a receiver answered: its status, or -1 for no answer at all."""

    status: int
    body: str = ""
    seconds: float = 0.0

    @property
    def fine(self) -> bool:
        """Whether the delivery arrived."""
        return 200 <= self.status < 300


class Hooks:
    """The web hooks of one forum. Call it to announce an event; nothing is sent before `deliver_all` or `start`."""

    def __init__(self, board: Board, *, timeout: float = TIMEOUT) -> None:
        self.board = board
        self.timeout = timeout
        self._stop = threading.Event()
        self._work = threading.Event()
        self._thread: threading.Thread | None = None
        board.announce = self

    def add(self, url: str, secret: str, event_types: tuple[str, ...] | list[str], *, active: bool = True) -> int:
        """A hook to this address; ValueError for a secret shorter than 12 characters."""
        if secret and len(secret) < 12:
            raise ValueError("Secret is too short (minimum is 12 characters)")
        return self.board.store.insert(
            "web_hooks", payload_url=url, secret=secret, event_types=json.dumps(list(event_types)), active=int(active),
            created_at=self.board.clock.stamp(),
        )  # fmt: skip

    def __call__(self, event: str, subject: Any, **facts: Any) -> None:
        """An event of the row with this id: one waiting delivery for each hook that listens."""
        kind = event_type(event)
        hooks = self.board.store.all("SELECT * FROM web_hooks WHERE active = 1")
        listening = [hook for hook in hooks if kind in json.loads(hook["event_types"])]
        if not listening or self.board.faults.lose_hooks:
            return
        document = payload(self.board, event, subject, **facts)
        body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        for hook in listening:
            self._queue(hook["id"], event, kind, body)

    def ping(self, hook_id: int) -> None:
        """A ping to this hook, active or not."""
        self._queue(hook_id, "ping", "ping", b'{"ping":"OK"}')

    def _queue(
        self, hook_id: int, event: str, kind: str, body: bytes, retries: int = 0, delay: timedelta = timedelta()
    ) -> None:
        self.board.store.insert(
            "hook_jobs", web_hook_id=hook_id, event_name=event, event_type=kind, body=body, retry_count=retries,
            due_at=stamp(self.board.clock() + delay),
        )  # fmt: skip
        self._work.set()

    def waiting(self) -> int:
        """How many deliveries are not yet sent, those of the future included."""
        return int(self.board.store.value("SELECT count(*) FROM hook_jobs WHERE state = 'waiting'"))

    def deliver_all(self) -> list[Answer]:
        """Send everything that is due, in the order of events, until nothing is; gives the answers."""
        answers = []
        while (job := self._take()) is not None:
            answers.append(self._deliver(job))
        return answers

    def _take(self) -> Row | None:
        with self.board.store.transaction():
            job = self.board.store.one(
                "SELECT * FROM hook_jobs WHERE state = 'waiting' AND due_at <= ? ORDER BY due_at, id LIMIT 1",
                self.board.clock.stamp(),
            )
            if job is not None:
                self.board.store.change("hook_jobs", job["id"], state="taken")
        return job

    def _deliver(self, job: Row) -> Answer:
        hook = self.board.store.one("SELECT * FROM web_hooks WHERE id = ?", job["web_hook_id"])
        if hook is None or self.board.faults.lose_hooks or (not hook["active"] and job["event_name"] != "ping"):
            self.board.store.change("hook_jobs", job["id"], state="lost")
            return Answer(0)
        event_id = self.board.store.insert(
            "hook_events", web_hook_id=hook["id"], job_id=job["id"], event_name=job["event_name"], headers="{}",
            payload=job["body"], status=0, created_at=self.board.clock.stamp(),
        )  # fmt: skip
        headers = self._headers(hook, job["event_name"], job["event_type"], job["body"], event_id)
        self.board.store.change("hook_events", event_id, headers=json.dumps(headers))
        answer = self._send(hook["payload_url"], headers, job["body"])
        self._note(event_id, hook["id"], answer)
        self.board.store.change("hook_jobs", job["id"], state="done")
        self._again(hook, job, answer)
        return answer

    def _headers(self, hook: Row, event: str, kind: str, body: bytes, event_id: int) -> dict[str, str]:
        headers = {
            "Accept": "*/*",
            "Connection": "close",
            "Content-Length": str(len(body)),
            "Content-Type": "application/json",
            "Host": urlsplit(hook["payload_url"]).hostname or "",
            "User-Agent": str(self.board.setting("web_hook_user_agent")),
            "X-Discourse-Instance": self.board.base_url,
            "X-Discourse-Event-Id": str(event_id),
            "X-Discourse-Event-Type": kind,
            "X-Discourse-Event": event,
        }
        if hook["secret"]:
            headers["X-Discourse-Event-Signature"] = sign(body, hook["secret"])
        return headers

    def _send(self, url: str, headers: dict[str, str], body: bytes) -> Answer:
        parts = urlsplit(url)
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        started = time.monotonic()
        connection = kind(parts.hostname or "", parts.port, timeout=self.timeout)
        try:
            connection.request("POST", f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}", body, headers)
            response = connection.getresponse()
            text = response.read(100_000).decode("utf-8", "replace")
            return Answer(response.status, text, time.monotonic() - started)
        except (OSError, http.client.HTTPException) as error:
            return Answer(-1, type(error).__name__, time.monotonic() - started)
        finally:
            connection.close()

    def _note(self, event_id: int, hook_id: int, answer: Answer) -> None:
        self.board.store.change(
            "hook_events", event_id, status=answer.status, response_body=answer.body, duration=answer.seconds
        )
        self.board.store.change("web_hooks", hook_id, last_delivery_status=3 if answer.fine else 2)

    def _again(self, hook: Row, job: Row, answer: Answer) -> None:
        tried = job["retry_count"]
        if answer.fine or answer.status == -1 or job["event_name"] == "ping":
            return
        if answer.status in (404, 410):
            if tried >= LAST_RETRY:
                self.board.store.change("web_hooks", hook["id"], active=0, last_delivery_status=4)
            return
        if self.board.setting("retry_web_hook_events") and tried < LAST_RETRY:
            delay = timedelta(minutes=5**tried)
            self._queue(hook["id"], job["event_name"], job["event_type"], job["body"], tried + 1, delay)

    def log(self, hook_id: int) -> list[Row]:
        """What was delivered, newest first: event_name, headers, payload, status (-1: no answer), response_body."""
        return self.board.store.all("SELECT * FROM hook_events WHERE web_hook_id = ? ORDER BY id DESC", hook_id)

    def redeliver(self, event_id: int) -> Answer:
        """Send a delivery again as it was: same id, same body; KeyError when there is none."""
        row = self.board.store.one("SELECT * FROM hook_events WHERE id = ?", event_id)
        if row is None:
            raise KeyError(f"no delivery {event_id}")
        hook = self.board.store.one("SELECT * FROM web_hooks WHERE id = ?", row["web_hook_id"])
        assert hook is not None
        answer = self._send(hook["payload_url"], json.loads(row["headers"]), row["payload"])
        self._note(event_id, hook["id"], answer)
        return answer

    def start(self, threads: int = 3) -> None:
        """Send in the background, several at a time: their order is not that of the events."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, args=(threads,), name="sandbox-hooks", daemon=True)
        self._thread.start()

    def _run(self, threads: int) -> None:
        with ThreadPoolExecutor(threads, thread_name_prefix="sandbox-hook") as pool:
            while not self._stop.is_set():
                self._work.wait(0.5)
                self._work.clear()
                while not self._stop.is_set() and (job := self._take()) is not None:
                    pool.submit(self._deliver, job)

    def stop(self) -> None:
        """No more deliveries in the background; those under way are finished."""
        self._stop.set()
        self._work.set()
        if self._thread is not None:
            self._thread.join(self.timeout + 5)
            self._thread = None
