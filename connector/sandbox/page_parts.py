"""What the pages share: words, faces, times, the frame around."""

import hashlib
import json
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request

from .asking import board, who
from .clock import moment
from .list_json import posters_of
from .people import by_id
from .store import Row
from .words import LANGUAGES, language, say

MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "fr": ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
}


DAYS = {
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
PARIS = ZoneInfo("Europe/Paris")


def tongue() -> str:
    """The language of this page: the member's, else the browser's."""
    if who().member is not None:
        return language(board().locale(who().member))
    return request.accept_languages.best_match(LANGUAGES) or language(str(board().setting("default_locale")))


def word(name: str, /, **values: Any) -> str:
    """A word of the page."""
    return say(name, tongue(), **values)


def person(row: Row | None) -> dict[str, Any]:
    """A member with the initials and the colour of the avatar."""
    if row is None:
        return {
            "username": word("p_deleted_member"),
            "name": "",
            "initials": "?",
            "colour": "#888888",
            "admin": 0,
            "moderator": 0,
        }
    hue = int(hashlib.sha256(row["username"].lower().encode()).hexdigest()[:4], 16) % 360
    parts = [part for part in (row["name"] or row["username"]).replace(".", " ").split() if part[0].isalnum()]
    initials = (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper() if parts else "?"
    return {**dict(row), "initials": initials, "colour": f"hsl({hue} 42% 38%)"}


def long_date(stamp: str | None) -> str:
    """A date in full."""
    if not stamp:
        return ""
    at = moment(stamp)
    return f"{at.day} {MONTHS[tongue()][at.month - 1]} {at.year}, {at:%H:%M} UTC"


def clock_line() -> str:
    """The sandbox's time as its invented people's watches show it: Monday 23 Nov 2026, 08:40."""
    at = board().clock().astimezone(PARIS)
    day, month = DAYS[tongue()][at.weekday()], MONTHS[tongue()][at.month - 1]
    return f"{day} {at.day} {month} {at.year}, {at:%H:%M}"


def ago(stamp: str | None) -> str:
    """How long ago, as a forum says it: 27 min, 3 h, 5 j, then the date."""
    if not stamp:
        return ""
    at, now = moment(stamp), board().clock()
    since = now - at
    day = "j" if tongue() == "fr" else "d"
    if since < timedelta(minutes=1):
        return word("p_now")
    if since < timedelta(hours=1):
        return f"{since.seconds // 60} min"
    if since < timedelta(days=1):
        return f"{since.seconds // 3600} h"
    if since < timedelta(days=30):
        return f"{since.days} {day}"
    month = MONTHS[tongue()][at.month - 1]
    return f"{at.day} {month}" if at.year == now.year else f"{month} {at.year}"


def rooms() -> list[dict[str, Any]]:
    """The categories that the reader may open."""
    rows = board().store.all("SELECT * FROM categories WHERE id <> 1 ORDER BY position, id")
    return [dict(row) for row in rows if row["id"] in who().rights]


def line(row: Row) -> dict[str, Any]:
    """A topic as a line of a list."""
    room = board().store.one("SELECT * FROM categories WHERE id = ?", row["category_id"])
    return {
        **dict(row),
        "tags": json.loads(row["tags"]),
        "room": dict(room) if room is not None else None,
        "people": [person(by_id(board(), number)) for number in posters_of(board(), row)],
        "replies": max(0, row["posts_count"] - 1),
        "ago": ago(row["bumped_at"]),
        "long": long_date(row["bumped_at"]),
    }


def page(template: str, *, status: int = 200, **values: Any) -> tuple[str, int]:
    """A page in its frame."""
    unread = 0
    if who().id is not None:
        unread = board().store.value(
            "SELECT count(*) FROM notifications WHERE user_id = ? AND read = 0 AND notification_type = 6", who().id
        )
    values.setdefault("here", "")
    values["held"] = request.args.get("held")
    return (
        render_template(
            template,
            t=word,
            lang=tongue(),
            site=board().setting("title"),
            me=person(who().member) if who().member is not None else None,
            categories=rooms(),
            unread=unread,
            clock_line=clock_line(),
            beside=board().setting("theme_service_url"),
            **values,
        ),
        status,
    )
