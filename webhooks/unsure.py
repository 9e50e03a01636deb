"""Settling what was perhaps sent (promise P4): look for it, repeat it byte for byte in time, or ask a person.

Discourse answers an equal POST within 120 seconds from its own memory and creates nothing. So between 35 and 100
seconds after the first call a repetition is safe; later only looking is. A topic or message carries an external id, of
which the forum allows no second one, so that it may be sent again at any time.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from connector.errors import BadPayload, ForumError, ForumRefused
from connector.models import Sent
from connector.writing import WriteRequest
from webhooks import outbox, settled
from webhooks.markers import marker_in
from webhooks.service import Service
from webhooks.tables import outbox as table

log = structlog.get_logger("passerelle.unsure")

LOOKS_FOR = timedelta(minutes=15)
"""How long we look for a reply ourselves before a manager is asked."""

_NEVER = timedelta(days=3650)


class _NotToBeSeen(Exception):  # noqa: N818 -- it names a state
    """Looking tells nothing: what it would stand in is not there for us."""


class Unsure:
    """Settles one site's unsure acts."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def settle(self, row: outbox.Row) -> None:
        """Look for the act; then send it again, send it afresh, put it off, or ask a manager."""
        now = self._service.clock.now()
        try:
            found = self._look(row)
        except _NotToBeSeen:
            self._ask(row, now)
            return
        except ForumError as error:
            self._put_off(row, now, timedelta(seconds=getattr(error, "retry_after", None) or 20), error.message)
            return
        if found is not None:
            self._found(row, found, now)
        elif row["note"] == "look_now":
            self._refuse(row, now)
        else:
            self._not_found(row, now)

    def _look(self, row: outbox.Row) -> Sent | None:
        """What stands in the forum; None where it surely does not stand there now."""
        forum = self._service.forum
        if row["external_id"]:
            topic_id = forum.topic_id_by_external_id(row["external_id"])
            topic = forum.topic(topic_id) if topic_id is not None else None
            first = next((post.id for post in topic.posts if post.post_number == 1), None) if topic else None
            return None if topic_id is None else Sent(post_id=first, topic_id=topic_id)
        if row["verb"] == "reply":
            topic = forum.topic(row["topic_id"])
            if topic is None:
                raise _NotToBeSeen
            mine = next((post for post in topic.posts if marker_in(post.raw) == row["marker"]), None)
            return None if mine is None else Sent(post_id=mine.id, topic_id=topic.id)
        if row["verb"] in ("edit", "delete_own"):
            return self._look_at_change(row)
        if row["verb"] == "upload":
            return None
        raise _NotToBeSeen

    def _look_at_change(self, row: outbox.Row) -> Sent | None:
        with self._service.database.read() as connection:
            plugin = row["details"].get("plugin", row["plugin"])
            earlier = outbox.find(connection, row["site"], plugin, row["details"]["of"])
        if earlier is None or earlier["post_id"] is None:
            raise _NotToBeSeen
        post = self._service.forum.post(earlier["post_id"])
        done = Sent(post_id=earlier["post_id"], topic_id=earlier["sent_topic_id"] or earlier["topic_id"])
        if row["verb"] == "delete_own":
            return done if post is None or post.deleted_at is not None or post.user_deleted else None
        if post is None:
            raise _NotToBeSeen
        return done if row["text"].strip() in (post.raw or "") else None

    def _found(self, row: outbox.Row, found: Sent, now: datetime) -> None:
        with self._service.database.begin() as connection:
            settled.sent(connection, row, found, now)
        if row["verb"] in ("message", "message_group") and found.topic_id is not None:
            self._service.archive.opened_conversation(found.topic_id, now)
        log.info("unsure_found", act=row["id"], plugin=row["plugin"])

    def _not_found(self, row: outbox.Row, now: datetime) -> None:
        low, high = self._service.config.replay_window
        age = (now - row["first_sent_at"]).total_seconds()
        if row["external_id"] or row["verb"] in ("edit", "delete_own", "upload"):
            # Sending these twice changes nothing, or is refused by the forum itself.
            self._set(row, now, state="retry", run_at=now, request=None, note="again")
        elif age < low:
            self._set(row, now, run_at=row["first_sent_at"] + timedelta(seconds=low))
        elif age <= high and not row["replayed"]:
            self._repeat(row, now)
        elif age < LOOKS_FOR.total_seconds():
            self._put_off(row, now, timedelta(minutes=3), row["error"])
        else:
            self._ask(row, now)

    def _repeat(self, row: outbox.Row, now: datetime) -> None:
        try:
            request = WriteRequest.from_json(row["request"] or "")
        except BadPayload:
            self._ask(row, now)
            return
        fence = row["fence"] + 1
        with self._service.database.begin() as connection:
            lease = now + timedelta(seconds=75)
            if not outbox.change(
                connection, row, now, states=("unsure",), state="sending", replayed=True, fence=fence, lease_until=lease
            ):
                return
        row = {**row, "fence": fence, "replayed": True}
        try:
            facts = self._service.forum.send(request)
        except ForumError as error:
            with self._service.database.begin() as connection:
                # Even a refusal may only mean that our first call went through: "too similar to what you just posted".
                look_now = isinstance(error, ForumRefused)
                settled.unsure(
                    connection, row, self._service.config, self._service.clock.now(), error.message, look_now=look_now
                )
            log.info("unsure_repeated", act=row["id"], outcome=type(error).__name__)
            return
        self._found(row, facts, self._service.clock.now())

    def _refuse(self, row: outbox.Row, now: datetime) -> None:
        refusal = ForumRefused(row["error"], 422)
        with self._service.database.begin() as connection:
            settled.refused(connection, row, refusal, now)

    def _ask(self, row: outbox.Row, now: datetime) -> None:
        with self._service.database.begin() as connection:
            if outbox.change(connection, row, now, states=("unsure",), note="ask_manager", run_at=now + _NEVER):
                settled.tell(
                    connection, row, now, kind="unsure", title="Was this sent?",
                    text="The forum's answer was lost and we cannot see whether it took this. Please look, and say.",
                )  # fmt: skip

    def _put_off(self, row: outbox.Row, now: datetime, wait: timedelta, error: str) -> None:
        self._set(row, now, run_at=now + wait, error=error)

    def _set(self, row: outbox.Row, now: datetime, **values: object) -> None:
        with self._service.database.begin() as connection:
            outbox.change(connection, row, now, states=("unsure",), **values)


def confirm(connection: Connection, site: int, marker: str, post_id: int, topic_id: int | None, now: datetime) -> bool:
    """Our own web hook brought a post with our marker: an act that was unsure is sent. False where none was."""
    chosen = (table.c.site == site, table.c.marker == marker, table.c.state == "unsure")
    row = outbox.first(connection.execute(table.select().where(*chosen)))
    return row is not None and settled.sent(connection, row, Sent(post_id=post_id, topic_id=topic_id), now)
