"""What a member says of himself: subjects he offers, looks for or likes, who may see that, and what to leave out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, Select, delete, func, insert, select, update

from plugins.doors import Context, InlineContext
from plugins.expert_finder.tables import said

Kind = Literal["offer", "need", "project", "interest"]
Sight = Literal["members", "managers", "me"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SIGHTS: tuple[Sight, ...] = get_args(Sight)
MOST = 20
LONGEST = 120
MUTED, HIDDEN = "muted", "hidden"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a member's card."""

    id: int
    member_id: int
    kind: Kind
    text: str
    sight: Sight


def lines_of(ctx: InlineContext, member_id: int) -> list[Line]:
    """A member's own lines in the order in which he wrote them."""
    rows = ctx.db.execute(_lines(ctx).where(said.c.member_id == member_id).order_by(said.c.id))
    return [Line(row.id, row.member_id, row.kind, row.text, row.sight) for row in rows]


def lines_for(ctx: InlineContext, sights: Collection[Sight]) -> list[Line]:
    """Everybody's lines that may be shown to these."""
    rows = ctx.db.execute(_lines(ctx).where(said.c.sight.in_(list(sights))).order_by(said.c.id))
    return [Line(row.id, row.member_id, row.kind, row.text, row.sight) for row in rows]


def declare(ctx: Context, member_id: int, kind: str, text: str, sight: str) -> bool:
    """Keep a line; the same words twice only change who sees them. False for nothing, a stranger, or too many."""
    words = " ".join(text.split())[:LONGEST]
    if kind not in KINDS or sight not in SIGHTS or not words:
        return False
    here = _mine(ctx, member_id, kind, words)
    if ctx.db.execute(update(said).where(*here).values(sight=sight)).rowcount:  # type: ignore[attr-defined]
        return True
    count = select(func.count()).where(said.c.site == ctx.site, said.c.member_id == member_id, said.c.kind.in_(KINDS))
    if int(ctx.db.execute(count).scalar_one()) >= MOST:
        return False
    values = {"site": ctx.site, "member_id": member_id, "kind": kind, "text": words, "sight": sight, "at": ctx.now}
    ctx.db.execute(insert(said).values(**values))
    return True


def withdraw(ctx: Context, member_id: int, line: int) -> None:
    """Take one line of one's own back."""
    ctx.db.execute(delete(said).where(said.c.site == ctx.site, said.c.member_id == member_id, said.c.id == line))


def mute(ctx: Context, member_id: int, subject: str) -> None:
    """Never to be named for this subject again."""
    name = subject.strip().lower()[:LONGEST]
    if name and ctx.db.execute(select(said.c.id).where(*_mine(ctx, member_id, MUTED, name))).first() is None:
        values = {"site": ctx.site, "member_id": member_id, "kind": MUTED, "text": name, "sight": "me", "at": ctx.now}
        ctx.db.execute(insert(said).values(**values))


def unmute(ctx: Context, member_id: int, subject: str) -> None:
    ctx.db.execute(delete(said).where(*_mine(ctx, member_id, MUTED, subject.strip().lower())))


def muted_by(ctx: InlineContext, member_id: int) -> list[str]:
    """The subjects a member wants to be left out of."""
    mine = select(said.c.text).where(said.c.site == ctx.site, said.c.member_id == member_id, said.c.kind == MUTED)
    return list(ctx.db.execute(mine.order_by(said.c.text)).scalars())


def muted_subjects(ctx: InlineContext) -> dict[int, frozenset[str]]:
    """By member, for those who left one: the subjects they want to be left out of, in lower case."""
    found: dict[int, set[str]] = {}
    rows = ctx.db.execute(select(said.c.member_id, said.c.text).where(said.c.site == ctx.site, said.c.kind == MUTED))
    for member, subject in rows:
        found.setdefault(int(member), set()).add(str(subject))
    return {member: frozenset(subjects) for member, subjects in found.items()}


def hide(ctx: Context, member_id: int) -> None:
    """Not to stand in the directory; a question may still be brought to this member."""
    if member_id not in hidden_members(ctx):
        values = {"site": ctx.site, "member_id": member_id, "kind": HIDDEN, "text": "", "sight": "me", "at": ctx.now}
        ctx.db.execute(insert(said).values(**values))


def unhide(ctx: Context, member_id: int) -> None:
    ctx.db.execute(delete(said).where(*_mine(ctx, member_id, HIDDEN, "")))


def hidden_members(ctx: InlineContext) -> set[int]:
    """Who does not want to stand in the directory."""
    found = select(said.c.member_id).where(said.c.site == ctx.site, said.c.kind == HIDDEN)
    return {int(member) for member in ctx.db.execute(found).scalars()}


def forget(ctx: Context, member_id: int) -> None:
    """Every line goes."""
    ctx.db.execute(delete(said).where(said.c.site == ctx.site, said.c.member_id == member_id))


def _lines(ctx: InlineContext) -> Select[Any]:
    return select(said).where(said.c.site == ctx.site, said.c.kind.in_(KINDS))


def _mine(ctx: InlineContext, member_id: int, kind: str, text: str) -> tuple[ColumnElement[bool], ...]:
    return (said.c.site == ctx.site, said.c.member_id == member_id, said.c.kind == kind, said.c.text == text)
