"""Why-page and announcement as managers find them: what was written so far, else our draft."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, select

from webhooks.announce import Kind
from webhooks.tables import published
from webhooks.tone import forum_title
from webhooks.views.console_here import service
from webhooks.views.console_words import LANGUAGES, Words

_FOLDER = Path(__file__).parent.parent / "locales" / "drafts"


@dataclass(frozen=True, slots=True)
class Written:
    """A text for everybody, with who wrote it last and since when it is published."""

    lang: str
    text: str
    edited_by: str
    published_at: datetime | None


def written(connection: Connection, kind: Kind, plugin: str = "") -> dict[str, Written]:
    """What was written so far, by language."""
    rows = connection.execute(
        select(published).where(
            published.c.site == service().site, published.c.plugin == plugin, published.c.kind == kind
        )
    )
    return {row.lang: Written(row.lang, row.text, row.edited_by, row.published_at) for row in rows}


def drafts(connection: Connection, kind: Kind) -> dict[str, str]:
    """For each language what was written, else our draft with the forum's name and the addresses filled in."""
    there = written(connection, kind)
    config = service().config
    name = forum_title(connection, service().site) or urlsplit(config.forum_url).hostname
    places: dict[str, Any] = {"why": f"{config.public_url}/why", "me": f"{config.public_url}/me"}
    return {
        lang: there[lang].text
        if lang in there
        else (_FOLDER / f"{kind}.{lang}.md")
        .read_text(encoding="utf-8")
        .format(forum=name or Words(lang)("acts.the_forum"), **places)
        for lang in LANGUAGES
    }


def shown_page(plugin: str, lang: str) -> Written | None:
    """The published why-page of a plugin (else of all), in this language (else in any); None before that."""
    with service().database.read() as connection:
        for owner in dict.fromkeys((plugin, "")):
            there = {
                code: one for code, one in written(connection, "why", owner).items() if one.published_at and one.text
            }
            if there:
                return there.get(lang) or next(iter(there.values()))
    return None
