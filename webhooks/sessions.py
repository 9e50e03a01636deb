"""Who is logged in: one row per browser, found by the digest of its cookie's word, so that logging out is final."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from webhooks.tables import sessions

LIFE = timedelta(hours=12)
CHECK_EVERY = timedelta(minutes=5)
"""How often the forum is asked again which groups the person is in."""


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A browser that is logged in; `member_id` 0 is whoever opened a console link, without a forum account."""

    member_id: int
    username: str
    groups: tuple[str, ...]
    admin: bool
    checked_at: datetime

    def is_due(self, now: datetime) -> bool:
        """Whether the groups must be asked for again."""
        return self.member_id != 0 and now - self.checked_at >= CHECK_EVERY


def open_session(
    connection: Connection,
    site: int,
    *,
    member_id: int,
    username: str,
    groups: tuple[str, ...],
    admin: bool,
    now: datetime,
) -> str:
    """Log a browser in; gives the word for its cookie. Sessions that ran out are swept on the way."""
    word = secrets.token_urlsafe(32)
    connection.execute(delete(sessions).where(sessions.c.site == site, sessions.c.expires < now))
    connection.execute(
        sessions.insert().values(
            site=site,
            digest=_digest(word),
            member_id=member_id,
            username=username,
            groups=list(groups),
            admin=admin,
            checked_at=now,
            expires=now + LIFE,
        )
    )
    return word


def find_session(connection: Connection, site: int, word: str, now: datetime) -> LoggedIn | None:
    """The session of a cookie's word, unless it is unknown or ran out."""
    row = connection.execute(
        select(sessions).where(sessions.c.site == site, sessions.c.digest == _digest(word), sessions.c.expires > now)
    ).first()
    if row is None:
        return None
    return LoggedIn(row.member_id, row.username, tuple(row.groups), row.admin, row.checked_at)


def refresh_session(
    connection: Connection, site: int, word: str, *, groups: tuple[str, ...], admin: bool, now: datetime
) -> None:
    """Keep what the forum says now about this person's groups."""
    connection.execute(
        update(sessions)
        .where(sessions.c.site == site, sessions.c.digest == _digest(word))
        .values(groups=list(groups), admin=admin, checked_at=now)
    )


def close_session(connection: Connection, site: int, word: str) -> None:
    """Log one browser out."""
    connection.execute(delete(sessions).where(sessions.c.site == site, sessions.c.digest == _digest(word)))


def close_sessions_of(connection: Connection, site: int, member_id: int) -> None:
    """Log a member out everywhere."""
    connection.execute(delete(sessions).where(sessions.c.site == site, sessions.c.member_id == member_id))


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
