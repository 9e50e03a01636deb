"""What members answer: useful, not now, never for me, or "ask somebody else"; a decline is seen by nobody."""

from collections.abc import Mapping

from sqlalchemy import delete, insert, or_, select

from plugins.doors import Context, Verdict
from plugins.expert_finder.consent import SNOOZE
from plugins.expert_finder.naming import name_others
from plugins.expert_finder.tables import refusals, suggestions

PREFIX = "names:"


def heard(ctx: Context, verdict: Verdict) -> None:
    """Take an answer in; what the asker says changes nobody's place.

    `not_now` of somebody named is a snooze of 30 days, or of this topic alone with `data={"scope": "topic"}`; `never`
    is kept by the host for good, here the names among which he stood are made again.
    """
    topic_id = _topic_id(verdict.once)
    if topic_id is None or not _was_named(ctx, topic_id, verdict.member_id):
        return
    if verdict.answer == "useful":
        return
    _keep(ctx, verdict.member_id, topic_id, whole=verdict.answer == "not_now" and _scope(verdict.data) != "topic")
    topic = ctx.archive.topic(topic_id)
    if topic is not None:
        name_others(ctx, topic, verdict.member_id, "passed" if verdict.data.get("pass_on") else "declined")


def _topic_id(once: str) -> int | None:
    tail = once.removeprefix(PREFIX)
    return int(tail) if once.startswith(PREFIX) and tail.isdigit() else None


def _scope(data: Mapping[str, object]) -> str:
    return "topic" if data.get("scope") == "topic" or data.get("pass_on") else "all"


def _was_named(ctx: Context, topic_id: int, member_id: int) -> bool:
    named = select(suggestions.c.id).where(suggestions.c.topic_id == topic_id, suggestions.c.member_id == member_id)
    return ctx.db.execute(named).first() is not None


def _keep(ctx: Context, member_id: int, topic_id: int, *, whole: bool) -> None:
    """Remember: this topic for ever; with `whole` everything for 30 days."""
    where = refusals.c.topic_id.is_(None) if whole else refusals.c.topic_id == topic_id
    ctx.db.execute(delete(refusals).where(refusals.c.member_id == member_id, where))
    until = ctx.now + SNOOZE if whole else None
    ctx.db.execute(insert(refusals).values(member_id=member_id, topic_id=None if whole else topic_id, until=until))


def forget_member(ctx: Context, member_id: int) -> None:
    """Every row about a member goes; names given to him as asker too."""
    about = or_(suggestions.c.member_id == member_id, suggestions.c.asker_id == member_id)
    ctx.db.execute(delete(suggestions).where(about))
    ctx.db.execute(delete(refusals).where(refusals.c.member_id == member_id))
