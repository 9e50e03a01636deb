"""`ctx.desk`: what managers decided about a plugin's acts, read from outbox and alerts, and modes set by their hand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from plugins.contract import MODES, Mode
from plugins.doors import Decision
from plugins.doors.desk import Judged
from webhooks import modes
from webhooks.settings_store import EVERYWHERE
from webhooks.tables import alerts, outbox


@dataclass(frozen=True, slots=True)
class Hand:
    """Who is at a page of the console, and reads it in which language; `leads`: a manager of the whole forum."""

    who: str = ""
    leads: bool = False
    lang: str = ""


NOBODY = Hand()


@dataclass(frozen=True)
class Desk:
    """See `plugins.doors.DeskDoor`."""

    connection: Callable[[], Connection]
    site: int
    plugin: str
    now: datetime
    writable: bool
    hand: Hand

    @property
    def by(self) -> str:
        return self.hand.who

    @property
    def lang(self) -> str:
        return self.hand.lang

    def decisions(self, since: datetime) -> Sequence[Decision]:
        found = [*self._decided(since), *self._closed(since)]
        return sorted(found, key=lambda one: (one.at, one.once))

    def mode(self, category_id: int | None = None, rule: str = "") -> Mode:
        return modes.mode_of(self.connection(), self.site, self.plugin, category_id, rule)

    def hindrance(self) -> str:
        return modes.hindrance(self.connection(), self.site, self.plugin)

    def set_mode(self, mode: Mode, *, category_id: int | None = None, rule: str = "") -> None:
        if not self.writable:
            raise PermissionError("an inline handler or a page sets no mode")
        if category_id is None and not rule:
            raise PermissionError("the mode of the whole plugin is set by managers themselves")
        rises = MODES.index(mode) > MODES.index(self.mode(category_id, rule))
        if rises and not self.hand.leads:
            raise PermissionError("a mode rises by the hand of a manager of the whole forum, and by no other")
        modes.set_mode(
            self.connection(), self.site, self.plugin, mode, who=self.hand.who or self.plugin, now=self.now,
            category_id=category_id or EVERYWHERE, rule=rule,
        )  # fmt: skip

    def _decided(self, since: datetime) -> list[Decision]:
        """What was approved (perhaps in other words), declined, or taken back; not what a manager said of an act that
        went alone and may not have arrived.
        """
        undone = (outbox.c.state == "undone") | (outbox.c.note == "undone")
        decided = (outbox.c.decided_by != "") & ((outbox.c.mode == "propose") | (outbox.c.state == "declined"))
        rows = self.connection().execute(
            select(outbox).where(
                outbox.c.site == self.site, outbox.c.plugin == self.plugin, outbox.c.verb != "alert",
                or_((outbox.c.decided_at >= since) & decided, (outbox.c.changed_at >= since) & undone),
            )
        )  # fmt: skip
        return [
            Decision(
                row["once"], row["verb"], _judged(row), row["decided_by"],
                row["decided_at"] or row["changed_at"], row["rule"], row["category_id"], row["topic_id"],
                row["decision"],
            )
            for row in rows.mappings()
        ]  # fmt: skip

    def _closed(self, since: datetime) -> list[Decision]:
        query = (
            select(outbox.c.once, outbox.c.rule, outbox.c.category_id, alerts)
            .join(outbox, alerts.c.outbox_id == outbox.c.id)
            .where(alerts.c.site == self.site, alerts.c.plugin == self.plugin, alerts.c.closed_at >= since,
                   alerts.c.was_right.is_not(None))
        )  # fmt: skip
        return [
            Decision(row["once"], "alert", "right" if row["was_right"] else "wrong", row["closed_by"],
                     row["closed_at"], row["rule"], row["category_id"], row["topic_id"])
            for row in self.connection().execute(query).mappings()
        ]  # fmt: skip


def _judged(row: Any) -> Judged:
    if row["state"] == "declined":
        return "declined"
    if row["state"] == "undone" or row["note"] == "undone":
        return "undone"
    return "edited" if row["first_text"] is not None and row["first_text"] != row["text"] else "approved"
