"""`ctx.forum`: fresh reads of the forum, and acts that wait in memory until the handler has ended well."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from connector.forum import Forum
from connector.models import Member, Post, Topic
from plugins.doors import Act, Evidence, Urgency
from webhooks import outbox
from webhooks.asking import ActError, Asking
from webhooks.blanking import ERASED
from webhooks.tables import alerts
from webhooks.upsert import add_once


@dataclass
class QueueingForum:
    """The forum door of one handler's run; see `plugins.doors.ForumDoor`. `keep` stores what was asked for."""

    asking: Asking
    forum: Callable[[], Forum]
    _rows: dict[str, dict[str, Any]] = field(default_factory=dict)

    def topic(self, topic_id: int) -> Topic | None:
        return self.forum().topic(topic_id)

    def post(self, post_id: int) -> Post | None:
        return self.forum().post(post_id)

    def member(self, username: str) -> Member | None:
        return self.forum().member(username)

    def reply(self, topic_id: int, text: str, *, once: str, why: str, evidence: Sequence[Evidence] = (),
              urgency: Urgency = "normal", reply_to: int | None = None, whisper: bool = False,
              about: Sequence[int] = (), expires: datetime | None = None,
              rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        return self._ask("reply", once, why, text=text, topic_id=topic_id, evidence=evidence, urgency=urgency,
                         about=about, expires=expires, rule=rule, conduct=conduct,
                         details={"reply_to": reply_to, "whisper": whisper})  # fmt: skip

    def message(self, member_id: int, title: str, text: str, *, once: str, why: str,
                evidence: Sequence[Evidence] = (), urgency: Urgency = "normal", topic: int | None = None,
                about: Sequence[int] = (), expires: datetime | None = None,
                rule: str = "", conduct: bool = False) -> Act:  # fmt: skip
        return self._ask("message", once, why, title=title, text=text, recipient_id=member_id, topic_id=topic,
                         evidence=evidence, urgency=urgency, about=about, expires=expires, rule=rule,
                         conduct=conduct)  # fmt: skip

    def message_group(self, group: str, title: str, text: str, *, once: str, why: str,
                      evidence: Sequence[Evidence] = (), urgency: Urgency = "normal", topic: int | None = None,
                      rule: str = "") -> Act:  # fmt: skip
        return self._ask("message_group", once, why, title=title, text=text, topic_id=topic, evidence=evidence,
                         urgency=urgency, rule=rule, details={"group": group})  # fmt: skip

    def open_topic(self, category_id: int, title: str, text: str, *, once: str, why: str,
                   tags: Sequence[str] = (), evidence: Sequence[Evidence] = (), urgency: Urgency = "normal",
                   about: Sequence[int] = (), expires: datetime | None = None, rule: str = "") -> Act:  # fmt: skip
        return self._ask("open_topic", once, why, title=title, text=text, category_id=category_id, evidence=evidence,
                         urgency=urgency, about=about, expires=expires, rule=rule,
                         details={"tags": list(tags)})  # fmt: skip

    def edit(self, of: str, text: str, *, once: str, why: str, evidence: Sequence[Evidence] = (),
             urgency: Urgency = "normal", about: Sequence[int] = (), rule: str = "") -> Act:  # fmt: skip
        earlier = self._earlier(of)
        return self._ask("edit", once, why, text=text, topic_id=earlier["topic_id"],
                         category_id=earlier["category_id"], evidence=evidence, urgency=urgency, about=about,
                         rule=rule, conduct=earlier["conduct"], details={"of": of})  # fmt: skip

    def delete_own(self, of: str, *, once: str, why: str, urgency: Urgency = "normal", rule: str = "") -> Act:
        earlier = self._earlier(of)
        return self._ask("delete_own", once, why, topic_id=earlier["topic_id"], category_id=earlier["category_id"],
                         urgency=urgency, rule=rule, details={"of": of})  # fmt: skip

    def upload(self, filename: str, data: bytes, content_type: str, *, once: str, why: str) -> Act:
        return self._ask("upload", once, why, data=data, details={"filename": filename, "content_type": content_type})

    def flag(self, post_id: int, text: str, *, once: str, why: str, rule: str = "") -> Act:
        return self._ask("flag", once, why, text=text, rule=rule, conduct=True, details={"post_id": post_id})

    def alert(self, kind: str, title: str, text: str, *, once: str, why: str, topic: int | None = None,
              evidence: Sequence[Evidence] = (), holds_topic: bool = False) -> Act:  # fmt: skip
        return self._ask("alert", once, why, title=title, text=text, topic_id=topic, evidence=evidence,
                         urgency="now", details={"kind": kind, "holds_topic": holds_topic})  # fmt: skip

    def mail(self, member_id: int, subject: str, text: str, *, once: str, why: str,
             urgency: Urgency = "normal", rule: str = "") -> Act:  # fmt: skip
        return self._ask("mail", once, why, title=subject, text=text, recipient_id=member_id, urgency=urgency,
                         rule=rule)  # fmt: skip

    def act(self, once: str) -> Act | None:
        found = self._find(once)
        return None if found is None else outbox.handle(found)

    # -- the host's side

    def asked(self) -> list[dict[str, Any]]:
        """What this run asked for and nobody had asked for before, in order."""
        return list(self._rows.values())

    def keep(self, connection: Connection) -> None:
        """Store what was asked for, in the handler's own transaction."""
        for row in self._rows.values():
            keep(connection, row, self.asking.now)

    def _ask(self, verb: str, once: str, why: str, **rest: Any) -> Act:
        found = self._find(once)
        if found is None:
            self._rows[once] = found = self.asking.row(verb, once=once, why=why, **rest)
        return outbox.handle({"post_id": None, "sent_topic_id": None, **found})

    def _find(self, once: str) -> outbox.Row | None:
        waiting = self._rows.get(once)
        if waiting is not None:
            return {"post_id": None, "sent_topic_id": None, **waiting}
        return outbox.find(self.asking.connection(), self.asking.site, self.asking.plugin, once)

    def _earlier(self, of: str) -> outbox.Row:
        found = self._find(of)
        if found is None:
            raise ActError(f"there is no act {of!r} to change")
        return found


def keep(connection: Connection, row: dict[str, Any], now: datetime) -> int | None:
    """Store one act with what follows from it at once; None where it was there already."""
    row = dict(row)
    if row["verb"] in ("edit", "delete_own") and row["note"] != ERASED:
        _settle_change(connection, row, now)
    if row["verb"] == "alert" and row["state"] in ("proposed", "due"):
        # Managers are whom it is for: there is nothing to approve and nothing to send.
        row |= {"state": "sent", "sent_at": now}
    number = outbox.add(connection, row)
    if number is not None and row["verb"] == "alert" and row["state"] == "sent":
        add_once(connection, alerts, ["site", "outbox_id"], {
            "site": row["site"], "outbox_id": number, "plugin": row["plugin"], "kind": row["details"]["kind"],
            "title": row["title"], "text": row["text"], "topic_id": row["topic_id"],
            "holds_topic": row["details"]["holds_topic"], "opened_at": now, "closed_by": "",
        })  # fmt: skip
    return number


def _settle_change(connection: Connection, row: dict[str, Any], now: datetime) -> None:
    """What was not sent yet is changed where it waits; a text that a manager wrote stays his."""
    plugin = row["details"].get("plugin", row["plugin"])
    earlier = outbox.find(connection, row["site"], plugin, row["details"]["of"])
    if earlier is None or earlier["state"] not in outbox.UNSENT:
        if earlier is None or earlier["state"] in ("declined", "lapsed", "refused", "undone"):
            row |= {"state": "lapsed", "note": "nothing_to_change"}
        return
    if row["verb"] == "delete_own":
        outbox.change(connection, earlier, now, states=outbox.UNSENT, state="lapsed", note="withdrawn")
        row |= {"state": "lapsed", "note": "never_sent"}
    elif earlier["first_text"] is not None:
        row |= {"state": "lapsed", "note": "text_is_a_managers"}
    else:
        outbox.change(
            connection, earlier, now, states=outbox.UNSENT, text=row["text"], fence=earlier["fence"] + 1,
            evidence=row["evidence"] or earlier["evidence"],
        )  # fmt: skip
        row |= {"state": "merged", "note": ""}
