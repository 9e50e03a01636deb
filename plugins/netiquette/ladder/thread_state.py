"""How far the ladder has gone in one thread. It is looked up by thread, forgotten after 90 days, and never counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import delete, insert, select

from plugins.doors import Context, InlineContext
from plugins.netiquette.tables.ladder import steps

KEPT = timedelta(days=90)
Rung = Literal["word", "offer", "queue"]
"""A private word to the author, the offer of a mediator, the managers' queue."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken: the act by which, and what it was about. `text` are the own words that were judged."""

    rung: Rung
    once: str
    topic_id: int
    post_id: int
    author_id: int
    clause: str
    formal: bool
    lang: str
    words: tuple[str, ...]
    text: str
    confidence: float
    at: datetime


def keep(ctx: Context, taken: Taken) -> None:
    """Remember a step; the same one is remembered once."""
    own = steps.c
    if ctx.db.scalar(select(own.id).where(own.site == ctx.site, own.once == taken.once)) is None:
        values = {
            "topic_id": taken.topic_id, "author_id": taken.author_id, "post_id": taken.post_id, "step": taken.rung,
            "once": taken.once, "clause": taken.clause, "formal": taken.formal, "lang": taken.lang,
            "words": list(taken.words), "text": taken.text, "confidence": round(1_000 * taken.confidence),
        }  # fmt: skip
        ctx.db.execute(insert(steps).values(site=ctx.site, at=taken.at, **values))


def in_thread(ctx: InlineContext, topic_id: int, author_id: int) -> list[Taken]:
    """The steps taken towards one author in one thread, oldest first."""
    own = steps.c
    mine = (own.site == ctx.site, own.topic_id == topic_id, own.author_id == author_id)
    rows = ctx.db.execute(select(steps).where(*mine).order_by(own.id)).mappings()
    return [_taken(row) for row in rows]


def by_act(ctx: InlineContext, once: str) -> Taken | None:
    """The step that an act was."""
    row = ctx.db.execute(select(steps).where(steps.c.site == ctx.site, steps.c.once == once)).mappings().first()
    return None if row is None else _taken(row)


def of_post(ctx: InlineContext, post_id: int) -> list[Taken]:
    """The steps that a post led to."""
    own = steps.c
    rows = ctx.db.execute(select(steps).where(own.site == ctx.site, own.post_id == post_id).order_by(own.id)).mappings()
    return [_taken(row) for row in rows]


def take_back(ctx: Context, once: str) -> None:
    """It was wrong, or makes no sense any more: the thread knows nothing of it."""
    ctx.db.execute(delete(steps).where(steps.c.site == ctx.site, steps.c.once == once))


def forget_old(ctx: Context) -> None:
    """What is older than 90 days is forgotten."""
    ctx.db.execute(delete(steps).where(steps.c.site == ctx.site, steps.c.at < ctx.now - KEPT))


def forget_member(ctx: Context, member_id: int) -> None:
    """Whoever leaves takes along what threads remembered."""
    ctx.db.execute(delete(steps).where(steps.c.site == ctx.site, steps.c.author_id == member_id))


def _taken(row: Any) -> Taken:
    return Taken(
        row["step"], row["once"], row["topic_id"], row["post_id"], row["author_id"], row["clause"], row["formal"],
        row["lang"], tuple(row["words"]), row["text"], row["confidence"] / 1_000, row["at"],
    )  # fmt: skip
