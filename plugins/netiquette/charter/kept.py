"""The charter's versions in the database: which one is in force, what was drafted, what contests have added."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from plugins.doors import Context, InlineContext
from plugins.netiquette.charter.model import Charter, Example
from plugins.netiquette.charter.problems import CharterError
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.tables.charters import charters, examples

SHARED = "charter"
"""The name under which other plugins find the clauses: `ctx.shared.get("charter")`."""

_TRIED = 20
"""Versions looked at for one that can still be read."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version that was in force, or is: its number, who saved it and when."""

    number: int
    by: str
    at: datetime


def in_force(ctx: InlineContext) -> Charter:
    """The charter that holds now, with the texts that contests let be.

    It is the newest saved version that can be read; where none was saved, the one that ships.
    """
    number, text = text_in_force(ctx)
    charter = read_charter(text, number)
    contested = contested_examples(ctx)
    if not contested:
        return charter
    clauses = tuple(replace(one, contested=contested.get(one.id, ())) for one in charter.clauses)
    return replace(charter, clauses=clauses)


def text_in_force(ctx: InlineContext) -> tuple[int, str]:
    """Number and YAML of the version in force; 0 and the text that ships where none was saved."""
    rows = ctx.db.execute(
        select(charters.c.version, charters.c.text)
        .where(charters.c.site == ctx.site, charters.c.state == "saved")
        .order_by(charters.c.version.desc())
        .limit(_TRIED)
    )
    for number, text in rows:
        try:
            read_charter(text, number)
        except CharterError:
            # Saved by an earlier release, whose rules for a charter were others: the one before it stays in force.
            ctx.log.warning("a saved charter cannot be read any more", version=number)
        else:
            return int(number), str(text)
    return 0, default_text()


def versions(ctx: InlineContext, limit: int = 20) -> list[Version]:
    """The saved versions, newest first."""
    rows = ctx.db.execute(
        select(charters.c.version, charters.c.by, charters.c.at)
        .where(charters.c.site == ctx.site, charters.c.state == "saved")
        .order_by(charters.c.version.desc())
        .limit(limit)
    )
    return [Version(*row) for row in rows]


def text_of(ctx: InlineContext, number: int) -> str | None:
    """The YAML of a saved version; 0 is the one that ships."""
    if number == 0:
        return default_text()
    own = charters.c
    return ctx.db.scalar(select(own.text).where(own.site == ctx.site, own.version == number, own.state == "saved"))


def draft(ctx: InlineContext) -> str | None:
    """What was written and is not in force: half done, imported, or refused."""
    own = charters.c
    return ctx.db.scalar(select(own.text).where(own.site == ctx.site, own.state == "draft"))


def keep_draft(ctx: Context, text: str, by: str) -> None:
    """Keep what is not good enough yet, in the place of an earlier draft."""
    drop_draft(ctx)
    ctx.db.execute(
        charters.insert().values(site=ctx.site, version=-1, text=text, by=by[:80], at=ctx.now, state="draft")
    )


def drop_draft(ctx: Context) -> None:
    own = charters.c
    ctx.db.execute(delete(charters).where(own.site == ctx.site, own.state == "draft"))


def keep(ctx: Context, text: str, by: str) -> int:
    """Put a charter in force; gives its number. Whoever calls has read it and run its examples."""
    own = charters.c
    newest = ctx.db.scalar(select(func.max(own.version)).where(own.site == ctx.site, own.state == "saved"))
    number = int(newest or 0) + 1
    drop_draft(ctx)
    ctx.db.execute(
        charters.insert().values(site=ctx.site, version=number, text=text, by=by[:80], at=ctx.now, state="saved")
    )
    publish(ctx)
    return number


def publish(ctx: Context) -> None:
    """Let other plugins quote the clauses, as plain data."""
    wanted = as_data(in_force(ctx))
    if ctx.shared.get(SHARED) != wanted:
        ctx.shared.publish(SHARED, wanted)


def as_data(charter: Charter) -> list[dict[str, Any]]:
    """The clauses for other plugins: number, id, titles and texts per language, categories (None: everywhere)."""
    return [
        {
            "number": one.number,
            "id": one.id,
            "title": dict(one.title),
            "text": dict(one.text),
            "categories": None if one.scope.categories is None else list(one.scope.categories),
        }
        for one in charter.clauses
    ]


def contested_examples(ctx: InlineContext) -> Mapping[str, tuple[Example, ...]]:
    """By clause: texts that a person, asked by their author, found to be no breach."""
    found: dict[str, list[Example]] = {}
    own = examples.c
    rows = ctx.db.execute(
        select(own.clause, own.text, own.lang).where(own.site == ctx.site).order_by(own.id.desc()).limit(2_000)
    )
    for clause, text, lang in rows:
        found.setdefault(clause, []).append(Example(text, lang))
    return {clause: tuple(texts) for clause, texts in found.items()}


def add_example(ctx: Context, clause: str, text: str, lang: str, author_id: int | None) -> None:
    """A contest was agreed with: the text (without names) is allowed under this clause from now on."""
    digest = hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()
    own = examples.c
    known = select(own.id).where(own.site == ctx.site, own.clause == clause, own.digest == digest)
    if ctx.db.scalar(known) is None:
        values = {"clause": clause, "text": text, "lang": lang[:2] or "en", "digest": digest, "author_id": author_id}
        ctx.db.execute(examples.insert().values(site=ctx.site, at=ctx.now, **values))
