"""A post is left alone for some minutes, so that whoever mends it in haste is judged once, by what is left standing."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update

from plugins.doors import Context
from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.tables.ladder import settling

_LONGEST = 4
"""Settle times after which endless mending postpones nothing any more."""
_KEPT = timedelta(days=30)
_MOST = 200


def digest_of(text: str) -> str:
    """Of the own words, whatever their case, accents and punctuation."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()


def written(ctx: Context, post_id: int, at: datetime) -> None:
    """A post was written or changed at a moment; in whatever order one hears of it, it is due at the same time."""
    at = min(at, ctx.now)
    row = ctx.db.execute(select(settling).where(*_of(ctx, post_id))).mappings().first()
    if row is None:
        values = {"first_at": at, "last_at": at, "due_at": at + _settle(ctx), "digest": ""}
        ctx.db.execute(insert(settling).values(site=ctx.site, post_id=post_id, **values))
        return
    if row["due_at"] is None and at <= row["last_at"]:
        # What was judged already includes it.
        return
    # A change after it was judged begins a new time of rest.
    first = at if row["due_at"] is None else min(row["first_at"], at)
    last = max(row["last_at"], at)
    due = min(last + _settle(ctx), first + _LONGEST * _settle(ctx))
    ctx.db.execute(update(settling).where(*_of(ctx, post_id)).values(first_at=first, last_at=last, due_at=due))


def due(ctx: Context) -> Sequence[int]:
    """The posts whose time has come, oldest first."""
    own = settling.c
    query = select(own.post_id).where(own.site == ctx.site, own.due_at <= ctx.now)
    return list(ctx.db.execute(query.order_by(own.due_at, own.post_id).limit(_MOST)).scalars())


def is_judged(ctx: Context, post_id: int, text: str) -> bool:
    """Whether these very words were judged already."""
    return ctx.db.scalar(select(settling.c.digest).where(*_of(ctx, post_id))) == digest_of(text)


def judged(ctx: Context, post_id: int, text: str) -> None:
    """They are, from now on."""
    ctx.db.execute(update(settling).where(*_of(ctx, post_id)).values(due_at=None, digest=digest_of(text)))


def postpone(ctx: Context, post_id: int) -> None:
    """Its words have changed, and the memory is not told yet: look again after a time of rest."""
    values = {"due_at": ctx.now + _settle(ctx), "digest": ""}
    ctx.db.execute(update(settling).where(*_of(ctx, post_id)).values(values))


def let_be(ctx: Context, post_id: int) -> None:
    """It is not looked at again before it changes."""
    ctx.db.execute(update(settling).where(*_of(ctx, post_id)).values(due_at=None))


def drop(ctx: Context, post_id: int) -> None:
    """The post is gone."""
    ctx.db.execute(delete(settling).where(*_of(ctx, post_id)))


def forget_old(ctx: Context) -> None:
    """Nobody mends a post a month later for the sake of a missing word; if somebody does, it is judged anew."""
    own = settling.c
    ctx.db.execute(delete(settling).where(own.site == ctx.site, own.due_at.is_(None), own.last_at < ctx.now - _KEPT))


def _settle(ctx: Context) -> timedelta:
    return timedelta(minutes=ctx.settings.settle_minutes)


def _of(ctx: Context, post_id: int) -> tuple[ColumnElement[bool], ...]:
    return settling.c.site == ctx.site, settling.c.post_id == post_id
