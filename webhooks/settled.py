"""What is kept of how an act ended, in one transaction with everything that follows from it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from connector.errors import ForumRefused
from connector.models import Sent
from webhooks import outbox
from webhooks.budget import spend
from webhooks.config import Config
from webhooks.forum_door import keep
from webhooks.markers import marker_of
from webhooks.outbox import PUBLIC, WRITES_TO_ONE

_SENDING = ("sending", "unsure")


def sent(connection: Connection, row: outbox.Row, facts: Sent, now: datetime) -> bool:
    """The forum took it; False where somebody else has settled the act meanwhile."""
    review = "queued_for_review" if facts.queued_for_review else ""
    short = facts.facts.get("short_url")
    known = outbox.change(
        connection, row, now, states=_SENDING, state="sent", note=review, sent_at=now, post_id=facts.post_id,
        sent_topic_id=facts.topic_id, url=str(short) if short else facts.url, request=None, lease_until=None, error="",
        data=None,
    )  # fmt: skip
    if not known:
        return False
    if row["verb"] in WRITES_TO_ONE and row["recipient_id"] is not None:
        _spend(connection, row, row["recipient_id"], "written", now)
    for member in row["about"]:
        if member != row["recipient_id"] and row["verb"] in (*PUBLIC, *WRITES_TO_ONE):
            _spend(connection, row, member, "named", now)
    if row["verb"] in ("edit", "delete_own"):
        _changed(connection, row, now)
    return True


def unsure(
    connection: Connection, row: outbox.Row, config: Config, now: datetime, message: str, *, look_now: bool = False
) -> None:
    """Perhaps done: to be looked for, once the forum has had the time to finish what it may have begun."""
    low, _ = config.replay_window
    first = row["first_sent_at"] or now
    run_at = now if look_now else max(now + timedelta(seconds=min(low, 1.0)), first + timedelta(seconds=low))
    outbox.change(
        connection, row, now, states=_SENDING, state="unsure", run_at=run_at, lease_until=None, error=message,
        note="look_now" if look_now else "unsure",
    )  # fmt: skip


def refused(connection: Connection, row: outbox.Row, error: ForumRefused, now: datetime) -> None:
    """A final no. Past the forum's time limit for edits our reply is withdrawn; for an opening post people are told."""
    said = " ".join((error.message, *error.errors))[:1000]
    note = ""
    earlier = None
    if row["verb"] == "edit" and error.status in (403, 422):
        plugin = row["details"].get("plugin", row["plugin"])
        earlier = outbox.find(connection, row["site"], plugin, row["details"]["of"])
    if earlier is not None and earlier["state"] == "sent":
        if earlier["verb"] == "reply":
            note = "too_late_deleted"
            withdraw(connection, earlier, now, once=f"late:{row['id']}", why=row["why"])
        else:
            note = "too_late_told"
            tell(connection, row, now, kind="edit_refused", title="A text of ours can no longer be changed",
                 text=row["text"])  # fmt: skip
    outbox.change(
        connection, row, now, states=_SENDING, state="refused", error=said, note=note, request=None, lease_until=None
    )


def withdraw(connection: Connection, earlier: outbox.Row, now: datetime, *, once: str, why: str) -> None:
    """The host itself deletes a reply of ours; it stays visible for a day as deleted by its author."""
    row = host_row(earlier, now, "delete_own", once=once, why=why)
    keep(connection, row | {"details": {"of": earlier["once"], "plugin": earlier["plugin"]}, "state": "due"}, now)


def tell(connection: Connection, about: outbox.Row, now: datetime, *, kind: str, title: str, text: str) -> None:
    """An alert of the host's own for the managers on duty."""
    row = host_row(about, now, "alert", once=f"{kind}:{about['id']}", why=about["why"])
    keep(
        connection,
        row | {"title": title, "text": text, "details": {"kind": kind, "holds_topic": False}, "state": "due"},
        now,
    )


def host_row(about: outbox.Row, now: datetime, verb: str, *, once: str, why: str) -> dict[str, Any]:
    """An act of the host's own, concerning one of a plugin."""
    site = about["site"]
    return {
        "site": site, "plugin": "host", "once": once, "verb": verb, "state": "due", "note": "", "mode": "act",
        "ceiling": "act", "rule": "", "conduct": False, "urgency": "now", "cause": f"act:{about['id']}",
        "category_id": about["category_id"], "topic_id": about["topic_id"], "recipient_id": None,
        "about": list(about["about"]), "title": "", "text": "", "why": why, "evidence": [], "details": {},
        "data": None, "unanswered": False, "created_at": now, "changed_at": now, "expires": None, "run_at": now,
        "tries": 0, "fence": 0, "marker": marker_of("host", site, "host", once), "external_id": "",
        "replayed": False, "error": "", "taken_by": "", "decided_by": "", "decision": "",
    }  # fmt: skip


def _changed(connection: Connection, row: outbox.Row, now: datetime) -> None:
    plugin = row["details"].get("plugin", row["plugin"])
    earlier = outbox.find(connection, row["site"], plugin, row["details"]["of"])
    if earlier is None:
        return
    if row["verb"] == "delete_own":
        outbox.change(connection, earlier, now, states=("sent",), state="undone", note="deleted")
        return
    values: dict[str, Any] = {"text": row["text"], "first_text": earlier["first_text"] or earlier["text"]}
    if row["details"].get("withdrawn"):
        values |= {"state": "undone", "note": "edited"}
    outbox.change(connection, earlier, now, states=("sent",), **values)


def _spend(connection: Connection, row: outbox.Row, member: int, kind: str, now: datetime) -> None:
    spend(connection, row["site"], member, outbox_id=row["id"], plugin=row["plugin"], kind=kind, now=now)
