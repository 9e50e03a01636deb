"""One-time words: login nonces and console links. Only their digests are stored, each can be spent once."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete

from webhooks.tables import nonces

LOGIN = "login"
LINK = "console-link"
SILENT = "silent-login"
LIFE = {LOGIN: timedelta(minutes=10), LINK: timedelta(minutes=30), SILENT: timedelta(minutes=10)}


def issue(connection: Connection, site: int, kind: str, data: dict[str, Any], now: datetime) -> str:
    """A new word of this kind that carries `data`; those that ran out are swept on the way."""
    word = secrets.token_urlsafe(24)
    connection.execute(delete(nonces).where(nonces.c.site == site, nonces.c.expires < now))
    connection.execute(
        nonces.insert().values(site=site, digest=_digest(word), kind=kind, data=data, expires=now + LIFE[kind])
    )
    return word


def spend(connection: Connection, site: int, kind: str, word: str, now: datetime) -> dict[str, Any] | None:
    """What the word carries, the first time within its life; None for any other word, and for the second time."""
    found = connection.execute(
        delete(nonces)
        .where(nonces.c.site == site, nonces.c.kind == kind, nonces.c.digest == _digest(word))
        .returning(nonces.c.data, nonces.c.expires)
    ).first()
    return None if found is None or found.expires < now else dict(found.data)


def _digest(word: str) -> str:
    return hashlib.sha256(word.encode()).hexdigest()
