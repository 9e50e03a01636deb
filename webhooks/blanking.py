"""Takes the words out of acts that may be shown no longer; that they happened, when and why they ended, stays."""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select, update

from webhooks.outbox import OPEN, Row, rows
from webhooks.tables import alerts, concerns, outbox

BLANK = "…"
_PAGE = 1_000
ERASED = "member_erased"
BLANKED: dict[str, Any] = {
    "title": BLANK,
    "text": BLANK,
    "why": BLANK,
    "evidence": [],
    "first_text": None,
    "request": None,
    "data": None,
    "decision": "",
}
_SPOKEN = ("title", "text", "why", "evidence", "first_text", "request", "decision", "details", "error")


def with_words(connection: Connection, site: int, *which: ColumnElement[bool]) -> Iterator[Row]:
    """The acts that still have their words, by number."""
    told = ("id", "verb", "topic_id", "sent_topic_id", *_SPOKEN)
    columns = [outbox.c[name] for name in told]
    last = 0
    while True:
        query = select(*columns).where(outbox.c.site == site, outbox.c.id > last, outbox.c.text != BLANK, *which)
        page = rows(connection.execute(query.order_by(outbox.c.id).limit(_PAGE)))
        yield from page
        if len(page) < _PAGE:
            return
        last = page[-1]["id"]


def spoken(row: Row) -> str:
    """All the words of an act, to look for something in them."""
    told = (row.get(name) for name in _SPOKEN)
    return "\n".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in told if one)


def blank(connection: Connection, site: int, numbers: Collection[int], now: datetime, note: str) -> None:
    """Blank these acts and what alerts say of them; what waited lapses with this note."""
    for some in _portions(sorted(numbers)):
        which = (outbox.c.site == site) & outbox.c.id.in_(some)
        connection.execute(
            update(outbox).where(which, outbox.c.state.in_(OPEN)).values(state="lapsed", note=note, changed_at=now)
        )
        connection.execute(update(outbox).where(which).values(**BLANKED))
        of_acts = (alerts.c.site == site) & alerts.c.outbox_id.in_(some)
        connection.execute(update(alerts).where(of_acts).values(title=BLANK, text=BLANK))
        connection.execute(update(alerts).where(of_acts, alerts.c.closed_at.is_(None)).values(closed_at=now))


def forget_conduct(connection: Connection, site: int, before: datetime, now: datetime) -> int:
    """Words about somebody's conduct have their time: after it, neither the words nor whom they were for are known."""
    told = (outbox.c.site == site, outbox.c.conduct, outbox.c.created_at < before)
    old = select(outbox.c.id).where(*told, (outbox.c.recipient_id.is_not(None)) | (outbox.c.text != BLANK))
    numbers = list(connection.execute(old).scalars())
    blank(connection, site, numbers, now, "conduct_forgotten")
    for some in _portions(numbers):
        which = (outbox.c.site == site) & outbox.c.id.in_(some)
        connection.execute(update(outbox).where(which).values(recipient_id=None, about=[]))
        connection.execute(delete(concerns).where(concerns.c.site == site, concerns.c.outbox_id.in_(some)))
    return len(numbers)


def _portions(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + 500] for start in range(0, len(numbers), 500))
