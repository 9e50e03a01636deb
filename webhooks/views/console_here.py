"""What every view needs at hand: the installation, the reader's words, the time, and where a form came from."""

from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app, g, request

from webhooks import pause
from webhooks.service import Service
from webhooks.views.console_words import LANGUAGES, Words, choose_language, zone_of


def service() -> Service:
    """The installation that this process serves."""
    found = current_app.extensions["passerelle"]
    assert isinstance(found, Service)
    return found


def now() -> datetime:
    """The installation's time."""
    return service().clock.now()


def words() -> Words:
    """The reader's language (chosen, else the browser's, else the forum's first) and the site's time zone."""
    if "words" not in g:
        config = service().config
        wishes = (request.cookies.get("passerelle_lang"), request.headers.get("Accept-Language"), config.languages)
        g.words = Words(choose_language(*wishes), zone_of(config.time_zone))
    found: Words = g.words
    return found


def speak_to(language: str) -> None:
    """Use a member's language for this answer, unless the reader chose one."""
    if not request.cookies.get("passerelle_lang") and language[:2].lower() in LANGUAGES:
        g.words = Words(language[:2].lower(), zone_of(service().config.time_zone))


def is_paused() -> bool:
    """Whether a manager has paused everything."""
    with service().database.read() as connection:
        return pause.is_paused(connection, service().site)


def own_path(asked: str, default: str) -> str:
    """A path of this service as asked for, or the default: never another host."""
    parts = urlsplit(asked)
    plain = asked.startswith("/") and not asked.startswith(("//", "/\\")) and not any(ord(sign) < 33 for sign in asked)
    return asked if plain and not parts.netloc and not parts.scheme else default


def forum_path(topic_id: int | None, post_number: int | None = None) -> str | None:
    """The address of a topic (or of one of its posts) on the forum; None where there is none."""
    base = service().config.forum_url
    if not base or topic_id is None:
        return None
    return f"{base}/t/{topic_id}" + (f"/{post_number}" if post_number else "")
