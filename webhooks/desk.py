"""What managers do with acts: take, approve, edit, decline, undo, and say what became of an unsure one.

An item taken by one person shows as taken to the others for a quarter of an hour.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from webhooks import outbox, settled
from webhooks.forum_door import keep

TAKEN_FOR = timedelta(minutes=15)

WITHDRAWN = {
    "fr": "(Message retiré par l'animateur·rice de communauté.)",
    "en": "(Withdrawn by the community manager.)",
}


class Refusal(Exception):  # noqa: N818 -- it names what happened
    """It cannot be done; the message says why, for the manager who tried; `key` is the same in the console's words."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def taken_by(row: outbox.Row, now: datetime) -> str:
    """Who is looking at an act just now, or ""."""
    at = row["taken_at"]
    return str(row["taken_by"]) if row["taken_by"] and at is not None and at + TAKEN_FOR > now else ""


def take(connection: Connection, site: int, number: int, who: str, now: datetime) -> None:
    """Look at a proposal. :raises Refusal: somebody else does, or it is no proposal any more."""
    row = _proposal(connection, site, number, who, now)
    outbox.change(connection, row, now, states=("proposed",), taken_by=who, taken_at=now)


def leave(connection: Connection, site: int, number: int, who: str, now: datetime) -> None:
    """Put it back on the pile."""
    row = outbox.get(connection, site, number)
    if row is not None and row["taken_by"] == who:
        outbox.change(connection, row, now, taken_by="", taken_at=None)


def approve(
    connection: Connection, site: int, number: int, who: str, now: datetime, *, text: str | None = None,
    title: str | None = None,
) -> None:  # fmt: skip
    """Let a proposal go, perhaps in other words. :raises Refusal: it is taken, decided already, or left empty."""
    row = _proposal(connection, site, number, who, now)
    values: dict[str, Any] = {}
    if text is not None and text.strip() != row["text"].strip():
        if not text.strip():
            raise Refusal("The text is empty.")
        values |= {"text": text.strip(), "first_text": row["text"]}
    if title is not None and title.strip() and title.strip() != row["title"]:
        values["title"] = title.strip()
    _decide(connection, row, now, who, "due", **values)


def decline(connection: Connection, site: int, number: int, who: str, now: datetime, reason: str) -> None:
    """Say no, with a reason that the plugin's measures count. :raises Refusal: no reason, taken, decided already."""
    if not reason.strip():
        raise Refusal("Say in a word why not.")
    row = _proposal(connection, site, number, who, now)
    _decide(connection, row, now, who, "declined", decision=reason.strip()[:1000])


def undo(connection: Connection, site: int, number: int, who: str, now: datetime, lang: str = "en") -> str:
    """Take an act back: `lapsed` where it was not sent, `deleted` for a reply, `edited` for a topic or message.

    A deleted reply stays visible as "deleted by its author" for a day. :raises Refusal: it cannot be undone.
    """
    row = outbox.get(connection, site, number)
    if row is None:
        raise Refusal("This act is not known.")
    if row["state"] in outbox.UNSENT:
        outbox.change(connection, row, now, states=outbox.UNSENT, state="lapsed", note="undone", decided_by=who,
                      decided_at=now, fence=row["fence"] + 1)  # fmt: skip
        return "lapsed"
    if row["state"] != "sent" or row["post_id"] is None:
        raise Refusal("Only what stands in the forum can be undone.", "activity.undo_not_standing")
    why = f"Undone by {who}"
    if row["verb"] == "reply":
        settled.withdraw(connection, row, now, once=f"undo:{number}", why=why)
        return "deleted"
    if row["verb"] in ("open_topic", "message", "message_group"):
        new = settled.host_row(row, now, "edit", once=f"undo:{number}", why=why)
        details = {"of": row["once"], "plugin": row["plugin"], "withdrawn": True}
        keep(connection, new | {"text": WITHDRAWN.get(lang, WITHDRAWN["en"]), "details": details}, now)
        return "edited"
    raise Refusal("The forum offers no way to undo this.", "activity.undo_no_way")


def answer_unsure(connection: Connection, site: int, number: int, who: str, now: datetime, *, was_sent: bool) -> None:
    """A manager looked: it stands in the forum (nothing more is done), or it does not (it is sent again)."""
    row = outbox.get(connection, site, number)
    if row is None or row["state"] != "unsure":
        raise Refusal("This act is not in question.")
    values: dict[str, Any] = {"decided_by": who, "decided_at": now, "request": None, "error": ""}
    if was_sent:
        outbox.change(
            connection, row, now, states=("unsure",), state="sent", sent_at=now, note="seen_by_manager", **values
        )
        return
    outbox.change(
        connection, row, now, states=("unsure",), state="due", run_at=now, first_sent_at=None, replayed=False,
        note="sent_again", fence=row["fence"] + 1, **values,
    )  # fmt: skip


def _proposal(connection: Connection, site: int, number: int, who: str, now: datetime) -> outbox.Row:
    row = outbox.get(connection, site, number)
    if row is None or row["state"] != "proposed":
        raise Refusal("This is no longer proposed: somebody decided, or it lapsed.")
    holder = taken_by(row, now)
    if holder and holder != who:
        raise Refusal(f"{holder} is looking at this.")
    return row


def _decide(connection: Connection, row: outbox.Row, now: datetime, who: str, state: str, **values: Any) -> None:
    done = outbox.change(
        connection, row, now, states=("proposed",), state=state, decided_by=who, decided_at=now, run_at=now,
        taken_by="", taken_at=None, fence=row["fence"] + 1, **values,
    )  # fmt: skip
    if not done:
        raise Refusal("Somebody else has just decided this.")
