"""The one door to the forum: claims what is due, asks the gates, commits the exact bytes, sends, keeps the outcome.

At most one visible post per act, whatever happens in between: a row is `sending` with its bytes before the call; a
process that dies leaves it so, and whoever finds it treats it as perhaps done (`webhooks.unsure`).
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, case, or_, select

from connector.errors import ForumError, ForumRefused, ForumUnavailable, ForumUnsure
from connector.models import Sent
from connector.writing import WriteRequest
from webhooks import outbox, settled
from webhooks.allowance import RANK
from webhooks.facts import recall
from webhooks.feedback import Links
from webhooks.gates import Gate, Objection, objection, still_makes_sense
from webhooks.inbox import pause_before
from webhooks.service import Service
from webhooks.settings_store import house_of
from webhooks.tables import outbox as table
from webhooks.unsure import Unsure
from webhooks.writing import Unwritable, Writer

log = structlog.get_logger("passerelle.delivery")

LEASE = timedelta(seconds=75)
"""Longer than the longest call (60 s), shorter than the forum's memory for equal requests (120 s)."""


class Delivery:
    """Sends one site's acts, one at a time, the most urgent first."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._writer = Writer(service, Links(service.config, service.clock.now))
        self._unsure = Unsure(service)

    def step(self) -> bool:
        """Do one thing: send an act, put one off, or settle one that is unsure. False where nothing is due."""
        row = self._next()
        if row is None:
            return False
        if row["state"] in ("sending", "unsure"):
            self._unsure.settle(row)
            return True
        found = self._objection(row)
        if found is not None:
            self._put_off(row, found)
            return True
        self._send(row)
        return True

    def rescue(self, *, everything: bool = False) -> int:
        """Acts that were being sent when their worker died are now unsure; `everything` where no other worker runs."""
        now = self._service.clock.now()
        late = [] if everything else [or_(table.c.lease_until.is_(None), table.c.lease_until < now)]
        query = select(table).where(table.c.site == self._service.site, table.c.state == "sending", *late)
        with self._service.database.begin() as connection:
            rows = outbox.rows(connection.execute(query))
            for row in rows:
                settled.unsure(connection, row, self._service.config, now, "The worker ended while sending.")
        return len(rows)

    def look_at_proposals(self) -> int:
        """Let proposals lapse that were answered, or are too old; gives how many did."""
        now = self._service.clock.now()
        lapsed = 0
        with self._service.database.read() as connection:
            query = select(table).where(table.c.site == self._service.site, table.c.state == "proposed")
            rows = outbox.rows(connection.execute(query))
        for row in rows:
            with self._service.database.begin() as connection:
                found = still_makes_sense(self._gate(connection, now), row)
                if found is not None:
                    lapsed += outbox.change(connection, row, now, states=("proposed",), state="lapsed", note=found.note)
        return lapsed

    def _next(self) -> outbox.Row | None:
        """The most urgent act that is due, else the oldest unsure one whose time has come."""
        now = self._service.clock.now()
        rank = case(RANK, value=table.c.urgency, else_=1)
        mine = table.c.site == self._service.site
        due = select(table).where(mine, table.c.state.in_(("due", "retry", "unsure")), table.c.run_at <= now)
        first = due.order_by(rank, table.c.run_at, table.c.id).limit(1)
        with self._service.database.read() as connection:
            return outbox.first(connection.execute(first))

    def _gate(self, connection: Connection, now: datetime) -> Gate:
        site = self._service.site
        known = recall(connection, site, "client_settings")
        bot = recall(connection, site, "bot")
        return Gate(
            self._service, connection, house_of(connection, site), known if isinstance(known, dict) else {},
            frozenset({bot["id"]} if isinstance(bot, dict) else ()), now,
        )  # fmt: skip

    def _objection(self, row: outbox.Row) -> Objection | None:
        with self._service.database.read() as connection:
            found = objection(self._gate(connection, self._service.clock.now()), row)
        if found is not None or row["plugin"] == "host":
            return found
        try:
            return self._look_afresh(row)
        except ForumUnavailable as error:
            wait = timedelta(seconds=max(5.0, error.retry_after or 30.0))
            return Objection("forum_away", until=self._service.clock.now() + wait)
        except ForumError as error:
            return Objection(error.message, state="refused")

    def _look_afresh(self, row: outbox.Row) -> Objection | None:
        """Read the topic again before anything is said in it: it may be closed, gone, answered, or all ours."""
        if row["verb"] != "reply" or row["topic_id"] is None:
            return None
        self._service.archive.refresh_topic(row["topic_id"], self._service.forum)
        topic = self._service.forum.topic(row["topic_id"])
        if topic is None or topic.closed or topic.archived or topic.is_private_message or topic.deleted_at is not None:
            return Objection("topic_closed_or_gone", state="lapsed")
        now = self._service.clock.now()
        with self._service.database.read() as connection:
            gate = self._gate(connection, now)
            found = still_makes_sense(gate, row)
        spoken = [post for post in topic.posts if not post.is_small_action]
        last = spoken[-gate.house.consecutive_replies :]
        name = self._service.config.api_username.lower()
        if len(last) >= gate.house.consecutive_replies and all(post.username.lower() == name for post in last):
            return found or Objection("consecutive_replies", until=now + timedelta(hours=2))
        return found

    def _put_off(self, row: outbox.Row, found: Objection) -> None:
        now = self._service.clock.now()
        with self._service.database.begin() as connection:
            if found.state:
                outbox.change(connection, row, now, states=outbox.WAITING, state=found.state, note=found.note)
            else:
                later = max(found.until or now, now + timedelta(seconds=1))
                outbox.change(connection, row, now, states=outbox.WAITING, run_at=later, note=found.note)
        log.info("act_put_off", plugin=row["plugin"], act=row["id"], note=found.note, state=found.state or "waits")

    def _send(self, row: outbox.Row) -> None:
        now = self._service.clock.now()
        fence = row["fence"] + 1
        with self._service.database.begin() as connection:
            try:
                request = self._writer.request(connection, row)
            except Unwritable as error:
                outbox.change(connection, row, now, states=outbox.WAITING, state="refused", error=str(error))
                return
            except ForumError as error:
                self._later(connection, row, now, error)
                return
            if not outbox.change(
                connection, row, now, states=outbox.WAITING, state="sending", note="", request=request.to_json(),
                first_sent_at=now, lease_until=now + LEASE, fence=fence, tries=row["tries"] + 1, replayed=False,
            ):  # fmt: skip
                return
        self._call({**row, "fence": fence, "tries": row["tries"] + 1, "first_sent_at": now}, request)

    def _call(self, row: outbox.Row, request: WriteRequest) -> None:
        outcome: Sent | ForumError
        try:
            outcome = self._service.forum.send(request)
        except ForumError as error:
            outcome = error
        now = self._service.clock.now()
        with self._service.database.begin() as connection:
            if isinstance(outcome, Sent):
                settled.sent(connection, row, outcome, now)
            elif isinstance(outcome, ForumUnsure):
                settled.unsure(connection, row, self._service.config, now, outcome.message)
            elif isinstance(outcome, ForumRefused):
                self._refused(connection, row, outcome, now)
            else:
                self._later(connection, row, now, outcome)
        if isinstance(outcome, Sent):
            self._after(row, outcome, now)

    def _refused(self, connection: Connection, row: outbox.Row, error: ForumRefused, now: datetime) -> None:
        if row["external_id"] and error.status == 422:
            # The forum may say so because it took our first call after all: look before believing it.
            settled.unsure(connection, row, self._service.config, now, error.message, look_now=True)
            return
        settled.refused(connection, row, error, now)

    def _later(self, connection: Connection, row: outbox.Row, now: datetime, error: ForumError) -> None:
        after = getattr(error, "retry_after", None)
        wait = timedelta(seconds=after) if after else pause_before(max(1, row["tries"]))
        outbox.change(
            connection, row, now, state="retry", run_at=now + wait, note="forum_away", error=error.message,
            request=None, first_sent_at=None, lease_until=None,
        )  # fmt: skip

    def _after(self, row: outbox.Row, sent: Sent, now: datetime) -> None:
        if row["verb"] in ("message", "message_group") and sent.topic_id is not None:
            self._service.archive.opened_conversation(sent.topic_id, now)
