"""Contests: an author said that a word to him was wrong. A person answers in time; either answer is his own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update

from plugins.doors import Context, InlineContext, Verdict
from plugins.netiquette import cases
from plugins.netiquette.ladder import thread_state
from plugins.netiquette.tables.contests import contests


@dataclass(frozen=True, slots=True)
class Contest:
    """One contest; `said` is what the member wrote to it. Once answered, nobody can tell any more whose it was."""

    id: int
    once: str
    clause: str
    formal: bool
    lang: str
    category_id: int | None
    member_id: int | None
    topic_id: int | None
    post_id: int | None
    words: tuple[str, ...]
    text: str
    said: str
    opened_at: datetime
    due_at: datetime
    state: str


@dataclass(frozen=True, slots=True)
class Counts:
    """All contests so far: `agreed` (the member was right), `stands`, `open`, and how many were answered in time."""

    opened: int
    agreed: int
    stands: int
    open: int
    in_time: int


def heard(verdict: Verdict, ctx: Context) -> None:
    """A member contests a word of ours: from now on a person owes him an answer."""
    if verdict.answer != "contest":
        return
    own = contests.c
    known = ctx.db.execute(select(own.id, own.state).where(own.site == ctx.site, own.once == verdict.once)).first()
    if known is not None:
        # Pressing again may add what was meant; a contest that was answered is not opened anew.
        if known.state == "open" and verdict.reason:
            ctx.db.execute(update(contests).where(own.id == known.id).values(said=verdict.reason))
        return
    taken, case = thread_state.by_act(ctx, verdict.once), cases.of_act(ctx, verdict.once)
    if taken is None or taken.author_id != verdict.member_id:
        ctx.log.info("a word that was forgotten meanwhile is contested")
        return
    ctx.db.execute(
        insert(contests).values(
            site=ctx.site, once=verdict.once, clause=taken.clause, formal=taken.formal, lang=taken.lang,
            category_id=case.category_id if case else None, member_id=verdict.member_id, topic_id=taken.topic_id,
            post_id=taken.post_id, words=list(taken.words), text=taken.text, said=verdict.reason, opened_at=ctx.now,
            due_at=in_working_days(ctx, ctx.settings.contest_days), state="open", answered_at=None,
        )
    )  # fmt: skip


def waiting(ctx: InlineContext) -> list[Contest]:
    """The open contests, the most urgent first."""
    own = contests.c
    rows = ctx.db.execute(
        select(contests).where(own.site == ctx.site, own.state == "open").order_by(own.due_at, own.id)
    )
    return [_contest(row) for row in rows.mappings()]


def find(ctx: InlineContext, number: int) -> Contest | None:
    """An open contest by its number."""
    return next((one for one in waiting(ctx) if one.id == number), None)


def is_open(ctx: InlineContext, once: str) -> bool:
    """Whether this act is being contested just now."""
    own = contests.c
    query = select(own.id).where(own.site == ctx.site, own.once == once, own.state == "open")
    return ctx.db.execute(query).first() is not None


def close(ctx: Context, contest: Contest, state: str) -> None:
    """A person has answered: that it was in time is kept, whose it was and what was written is not."""
    ctx.db.execute(
        update(contests).where(contests.c.site == ctx.site, contests.c.id == contest.id).values(
            state=state, answered_at=ctx.now, member_id=None, topic_id=None,
            post_id=None, words=[], text="", said="",
        )
    )  # fmt: skip


def counted(ctx: InlineContext) -> Counts:
    """For the public page of the charter."""
    own = contests.c
    by_state = select(own.state, func.count()).where(own.site == ctx.site).group_by(own.state)
    found: dict[str, int] = {str(state): int(count) for state, count in ctx.db.execute(by_state).all()}
    in_time = select(func.count()).where(own.site == ctx.site, own.answered_at <= own.due_at)
    agreed, stands, still = (found.get(one, 0) for one in ("agreed", "stands", "open"))
    return Counts(agreed + stands + still, agreed, stands, still, int(ctx.db.scalar(in_time) or 0))


def remind(ctx: Context) -> None:
    """Nobody has answered in time: whoever is on duty hears of it, once for each."""
    for one in waiting(ctx):
        if one.due_at <= ctx.now:
            ctx.forum.alert(
                "contest", ctx.say("contest.late_title"), ctx.say("contest.late"), once=f"late:{one.once}"[:200],
                why=ctx.say("contest.late_why"), topic=one.topic_id,
            )  # fmt: skip


def forget(ctx: Context, member_id: int) -> None:
    """Whoever leaves needs no answer any more."""
    ctx.db.execute(delete(contests).where(contests.c.site == ctx.site, contests.c.member_id == member_id))


def in_working_days(ctx: InlineContext, days: int) -> datetime:
    """The same hour so many working days from now; what begins outside working hours begins with the next ones."""
    zone = ZoneInfo(ctx.calendar.zone)
    local = ctx.calendar.next_working(ctx.now).astimezone(zone)
    left, day = days, local.date()
    while left > 0:
        day += timedelta(days=1)
        left -= ctx.calendar.is_working_day(day)
    return datetime.combine(day, local.timetz().replace(tzinfo=None), zone).astimezone(ctx.now.tzinfo)


def _contest(row: Any) -> Contest:
    values = {name: row[name] for name in Contest.__slots__}
    return Contest(**{**values, "words": tuple(row["words"])})
