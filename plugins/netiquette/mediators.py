"""Peer mediators: volunteers who close mild cases two by two, and see a case only where its author accepts both.

Who may mediate: members of one group, each by an agreement of his own. Whose turn it is: who was asked longest ago.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update

from connector.records import StoredMember, StoredTopic
from plugins.doors import Act, Context, Evidence, InlineContext, Verdict
from plugins.netiquette import alerts
from plugins.netiquette.tables.mediators import mediations, mediators, opinions
from plugins.voice import Markdown, join

PREFIX = "mediation:"
TWO = 2
PATIENCE = timedelta(days=4)
"""After so long without both views a case goes to those who look after the forum."""
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Mediation:
    """A case before two mediators."""

    id: int
    topic_id: int
    author_id: int | None
    state: str
    at: Any


def is_in_group(ctx: InlineContext, groups: Sequence[str]) -> bool:
    """Whether somebody of these groups may offer to mediate."""
    return bool(ctx.settings.mediator_group) and ctx.settings.mediator_group in groups


def is_willing(ctx: InlineContext, member_id: int) -> bool:
    """Whether this member has agreed to mediate."""
    own = mediators.c
    query = select(own.since).where(own.site == ctx.site, own.member_id == member_id)
    return ctx.db.execute(query).first() is not None


def agree(ctx: Context, member_id: int) -> None:
    """A member offers to mediate."""
    if not is_willing(ctx, member_id):
        ctx.db.execute(insert(mediators).values(site=ctx.site, member_id=member_id, since=ctx.now))


def step_down(ctx: Context, member_id: int) -> None:
    """A member mediates no more; cases that wait for him go to staff, since their authors accepted him, nobody else."""
    mine = (opinions.c.site == ctx.site, opinions.c.mediator_id == member_id, opinions.c.opinion == "")
    waiting = [row.mediation_id for row in ctx.db.execute(select(opinions.c.mediation_id).where(*mine))]
    ctx.db.execute(delete(opinions).where(*mine))
    ctx.db.execute(delete(mediators).where(mediators.c.site == ctx.site, mediators.c.member_id == member_id))
    for number in waiting:
        found = by_number(ctx, number)
        if found is not None and found.state == "open":
            _to_staff(ctx, found)


def offer(ctx: Context, topic_id: int, member_id: int) -> Act | None:
    """Offer the author of something mild that two named mediators look at it with him; None where it cannot be.

    One offer per author and thread. The message is about conduct: a human lets it go and signs it.
    """
    topic = ctx.archive.topic(topic_id)
    if topic is None or ctx.consent.opted_out(member_id) or _of(ctx, topic_id, member_id) is not None:
        return None
    two = whose_turn(ctx, topic, member_id)
    if len(two) < TWO:
        return None
    values = {"topic_id": topic_id, "author_id": member_id, "state": "offered", "at": ctx.now}
    ctx.db.execute(insert(mediations).values(site=ctx.site, **values))
    made = _of(ctx, topic_id, member_id)
    if made is None:
        return None
    for one in two:
        ctx.db.execute(
            insert(opinions).values(site=ctx.site, mediation_id=made.id, mediator_id=one.id, opinion="", at=ctx.now)
        )
        ctx.db.execute(
            update(mediators)
            .where(mediators.c.site == ctx.site, mediators.c.member_id == one.id)
            .values(asked_at=ctx.now)
        )
    once = _once(made)
    links = Markdown(ctx.consent.feedback_links(once, member_id, ("accept", "not_here", "never")))
    names = join([one.name or one.username for one in two], ctx.say("charter.lang", member_id))
    text = "\n\n".join(
        [ctx.say("mediation.offer", member_id, names=names, topic=topic.title),
         ctx.say("mediation.links", member_id, links=links)]
    )  # fmt: skip
    return ctx.forum.message(
        member_id, ctx.say("mediation.offer_title", member_id), text, once=once, why=ctx.say("mediation.why"),
        evidence=[Evidence(topic_id)], topic=topic_id, about=[member_id], rule="mediation", conduct=True,
    )  # fmt: skip


def whose_turn(ctx: InlineContext, topic: StoredTopic, author_id: int) -> list[StoredMember]:
    """The two whose turn it is: willing, of the group, here, not in the thread themselves, and able to read it."""
    inside = {post.user_id for post in ctx.archive.posts_of_topic(topic.id)} | {author_id}
    own = mediators.c
    rows = ctx.db.execute(select(own.member_id, own.asked_at, own.since).where(own.site == ctx.site)).all()
    known = [(row.asked_at or row.since - timedelta(days=3_650), row.member_id) for row in rows]
    found: list[StoredMember] = []
    for _, number in sorted(known):
        member = ctx.archive.member(number)
        if member is None or number in inside or not is_in_group(ctx, member.groups):
            continue
        away = ctx.consent.away_until(number)
        if ctx.consent.opted_out(number) or (away is not None and away > ctx.now):
            continue
        if topic.visibility in ctx.archive.audience_for(member.groups, number).classes:
            found.append(member)
    return found[:TWO]


def answered(verdict: Verdict, ctx: Context) -> None:
    """The author accepts the two, and they are asked; or does not, and nobody learns of it."""
    if not verdict.once.startswith(PREFIX):
        return
    found = by_number(ctx, int(verdict.once.removeprefix(PREFIX)))
    if found is None or found.author_id != verdict.member_id or found.state != "offered":
        return
    if verdict.answer != "accept":
        _close(ctx, found, "declined")
        return
    _state(ctx, found, "open")
    for mediator in _asked(ctx, found.id):
        ctx.forum.message(
            mediator, ctx.say("mediation.ask_title", mediator), ctx.say("mediation.ask", mediator),
            once=f"mediate:{found.id}:{mediator}", why=ctx.say("mediation.ask_why"), topic=found.topic_id,
            rule="mediation",
        )  # fmt: skip


def open_for(ctx: InlineContext, mediator_id: int) -> list[Mediation]:
    """The cases whose authors accepted this mediator and that wait for his view, oldest first."""
    query = (
        select(mediations)
        .join(opinions, opinions.c.mediation_id == mediations.c.id)
        .where(mediations.c.site == ctx.site, opinions.c.site == ctx.site, opinions.c.mediator_id == mediator_id,
               opinions.c.opinion == "", mediations.c.state == "open")
        .order_by(mediations.c.id)
    )  # fmt: skip
    return [_mediation(row) for row in ctx.db.execute(query).mappings()]


def give(ctx: Context, mediator_id: int, number: int, opinion: str) -> bool:
    """A mediator's view: `settled`, or `staff`. Two that say settled close the case, without staff.

    False where this case does not wait for this mediator.
    """
    found = next((one for one in open_for(ctx, mediator_id) if one.id == number), None)
    if found is None or opinion not in ("settled", "staff"):
        return False
    here = (opinions.c.site == ctx.site, opinions.c.mediation_id == number)
    ctx.db.execute(
        update(opinions).where(*here, opinions.c.mediator_id == mediator_id).values(opinion=opinion, at=ctx.now)
    )
    said = [row.opinion for row in ctx.db.execute(select(opinions.c.opinion).where(*here))]
    if "staff" in said:
        _to_staff(ctx, found)
    elif said.count("settled") >= TWO:
        author = found.author_id
        if author is not None and not ctx.consent.opted_out(author):
            ctx.forum.message(
                author, ctx.say("mediation.closed_title", author), ctx.say("mediation.closed", author),
                once=f"settled:{number}", why=ctx.say("mediation.closed_why"), topic=found.topic_id, rule="mediation",
            )  # fmt: skip
        _close(ctx, found, "closed")
    return True


def sweep(ctx: Context) -> None:
    """What waits too long goes to staff; what is over is dropped after 90 days, its author's name long before."""
    own = mediations.c
    for row in ctx.db.execute(select(mediations).where(own.site == ctx.site)).mappings():
        found = _mediation(row)
        if found.state == "open" and found.at < ctx.now - PATIENCE:
            _to_staff(ctx, found)
        elif found.at < ctx.now - KEPT:
            ctx.db.execute(delete(opinions).where(opinions.c.site == ctx.site, opinions.c.mediation_id == found.id))
            ctx.db.execute(delete(mediations).where(own.site == ctx.site, own.id == found.id))


def forget(ctx: Context, member_id: int) -> None:
    """A member left: his agreement, his views and the cases that were his go too."""
    step_down(ctx, member_id)
    ctx.db.execute(delete(opinions).where(opinions.c.site == ctx.site, opinions.c.mediator_id == member_id))
    mine = (mediations.c.site == ctx.site, mediations.c.author_id == member_id)
    for row in ctx.db.execute(select(mediations.c.id).where(*mine)).all():
        ctx.db.execute(delete(opinions).where(opinions.c.site == ctx.site, opinions.c.mediation_id == row.id))
    ctx.db.execute(delete(mediations).where(*mine))


def by_number(ctx: InlineContext, number: int) -> Mediation | None:
    """A case by its number."""
    own = mediations.c
    row = ctx.db.execute(select(mediations).where(own.site == ctx.site, own.id == number)).mappings().first()
    return None if row is None else _mediation(row)


def _of(ctx: InlineContext, topic_id: int, member_id: int) -> Mediation | None:
    own = mediations.c
    mine = (own.site == ctx.site, own.topic_id == topic_id, own.author_id == member_id)
    row = ctx.db.execute(select(mediations).where(*mine)).mappings().first()
    return None if row is None else _mediation(row)


def _asked(ctx: InlineContext, number: int) -> list[int]:
    here = (opinions.c.site == ctx.site, opinions.c.mediation_id == number)
    return sorted(row.mediator_id for row in ctx.db.execute(select(opinions.c.mediator_id).where(*here)))


def _to_staff(ctx: Context, found: Mediation) -> None:
    alerts.tell(
        ctx, found.topic_id, "mediation", ctx.say("mediation.staff_title"), ctx.say("mediation.staff"),
        ctx.say("mediation.staff_why"), rule="mediation",
    )  # fmt: skip
    _close(ctx, found, "closed")


def _close(ctx: Context, found: Mediation, state: str) -> None:
    """It is over. Its author stays known for 90 days, so that no second offer comes in the same thread."""
    _state(ctx, found, state)


def _state(ctx: Context, found: Mediation, state: str) -> None:
    own = mediations.c
    ctx.db.execute(update(mediations).where(own.site == ctx.site, own.id == found.id).values(state=state, at=ctx.now))


def _once(found: Mediation) -> str:
    return f"{PREFIX}{found.id}"


def _mediation(row: Any) -> Mediation:
    return Mediation(row["id"], row["topic_id"], row["author_id"], row["state"], row["at"])
