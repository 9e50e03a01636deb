"""What members answer: useful, not now, never for me, or "not this one"; a decline is seen by nobody."""

from sqlalchemy import delete, insert, or_, select

from plugins.doors import Context, Verdict
from plugins.expert_finder.beside.inviting import topic_of
from plugins.expert_finder.consent import SNOOZE
from plugins.expert_finder.naming import LAPSES, PREFIX, name_others
from plugins.expert_finder.tables import refusals, suggestions


def heard(ctx: Context, verdict: Verdict) -> None:
    """Take an answer in; what the asker says changes nobody's place.

    Of somebody named: `not_here` is about this question alone, `not_now` a snooze of 30 days; `never` is kept by the
    host for good. With the last two he leaves every list of this week on which he still stands.
    """
    topic_id = _topic_id(verdict.once)
    if topic_id is None or verdict.answer in ("useful", "accept") or not _was_named(ctx, topic_id, verdict.member_id):
        return
    everywhere = verdict.answer in ("not_now", "never")
    _keep(ctx, verdict.member_id, topic_id, whole=verdict.answer == "not_now")
    for number in sorted({topic_id, *(_still_named(ctx, verdict.member_id) if everywhere else ())}):
        topic = ctx.archive.topic(number)
        if topic is not None:
            name_others(ctx, topic, verdict.member_id)


def _topic_id(once: str) -> int | None:
    tail = once.removeprefix(PREFIX)
    return int(tail) if once.startswith(PREFIX) and tail.isdigit() else topic_of(once)


def _was_named(ctx: Context, topic_id: int, member_id: int) -> bool:
    here = (suggestions.c.site == ctx.site) & (suggestions.c.topic_id == topic_id)
    named = select(suggestions.c.id).where(here, suggestions.c.member_id == member_id)
    return ctx.db.execute(named).first() is not None


def _still_named(ctx: Context, member_id: int) -> set[int]:
    """The topics of the last days on whose lists the member stands."""
    his = (suggestions.c.site == ctx.site) & (suggestions.c.member_id == member_id)
    live = (suggestions.c.state == "named") & (suggestions.c.at > ctx.now - LAPSES)
    return set(ctx.db.execute(select(suggestions.c.topic_id).where(his, live)).scalars())


def _keep(ctx: Context, member_id: int, topic_id: int, *, whole: bool) -> None:
    """Remember: this topic for ever; with `whole` everything for 30 days."""
    his = (refusals.c.site == ctx.site) & (refusals.c.member_id == member_id)
    where = refusals.c.topic_id.is_(None) if whole else refusals.c.topic_id == topic_id
    ctx.db.execute(delete(refusals).where(his, where))
    until = ctx.now + SNOOZE if whole else None
    values = {"site": ctx.site, "member_id": member_id, "topic_id": None if whole else topic_id, "until": until}
    ctx.db.execute(insert(refusals).values(values))


def forget_member(ctx: Context, member_id: int) -> None:
    """Every row about a member goes; names given to him as asker too."""
    about = or_(suggestions.c.member_id == member_id, suggestions.c.asker_id == member_id)
    ctx.db.execute(delete(suggestions).where(suggestions.c.site == ctx.site, about))
    ctx.db.execute(delete(refusals).where(refusals.c.site == ctx.site, refusals.c.member_id == member_id))
