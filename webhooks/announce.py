"""What must be published before a plugin leaves watch: a why-page and an announcement, drafted here, edited by people.

Both exist per language, for one plugin or (plugin "") for all of them.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select, update

from webhooks.tables import published
from webhooks.upsert import upsert

Kind = Literal["why", "announcement"]
KINDS: tuple[Kind, ...] = ("why", "announcement")


def write(
    connection: Connection, site: int, plugin: str, kind: Kind, lang: str, text: str, *, who: str, now: datetime
) -> None:
    """Keep a draft, or the new words of what is already published."""
    key = {"site": site, "plugin": plugin, "kind": kind, "lang": lang}
    upsert(connection, published, key, {"text": text, "edited_at": now, "edited_by": who})


def publish(connection: Connection, site: int, plugin: str, kind: Kind, now: datetime) -> bool:
    """Publish what was written, in all its languages; False where nothing with words was."""
    rows = (published.c.site == site, published.c.plugin == plugin, published.c.kind == kind, published.c.text != "")
    return bool(connection.execute(update(published).where(*rows).values(published_at=now)).rowcount)


def withdraw(connection: Connection, site: int, plugin: str, kind: Kind) -> None:
    """Take it back; plugins that rely on it fall back to watch at once."""
    rows = (published.c.site == site, published.c.plugin == plugin, published.c.kind == kind)
    connection.execute(update(published).where(*rows).values(published_at=None))


def text_of(connection: Connection, site: int, plugin: str, kind: Kind, lang: str, *, drafts: bool = False) -> str:
    """The published text for a plugin in a language (or in any, or the one for all plugins); "" where there is none."""
    rows = connection.execute(
        select(published).where(
            published.c.site == site, published.c.kind == kind, published.c.plugin.in_({plugin, ""})
        )
    ).mappings()
    found = [row for row in rows if drafts or row["published_at"] is not None]
    found.sort(key=lambda row: (row["plugin"] != plugin, row["lang"] != lang, row["lang"]))
    return str(found[0]["text"]) if found else ""


def missing(connection: Connection, site: int, plugin: str) -> list[Kind]:
    """What is not published yet for this plugin; empty means that it may leave watch."""
    rows = connection.execute(
        select(published.c.kind).where(
            published.c.site == site, published.c.plugin.in_({plugin, ""}), published.c.published_at.is_not(None)
        )
    )
    there = set(rows.scalars())
    return [kind for kind in KINDS if kind not in there]
