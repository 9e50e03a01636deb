"""What a member sees of himself on `/me`: for what he was named lately, why, and how to say no unseen."""

from datetime import timedelta

from sqlalchemy import Row, func, select

from connector.records import Audience
from plugins.blocks import Anchor, Block, Cell, Table, Text
from plugins.doors import Answer, InlineContext
from plugins.expert_finder.naming import once_of
from plugins.expert_finder.tables import suggestions

LATELY = timedelta(days=30)
SHOWN = 20
NO: tuple[Answer, ...] = ("not_now", "not_here", "never")


def known_of(member_id: int, ctx: InlineContext) -> list[Block]:
    """How often he was named, the last times one by one, and a way to decline each that still stands."""
    his = (suggestions.c.site == ctx.site) & (suggestions.c.member_id == member_id)
    count = int(ctx.db.execute(select(func.count()).where(his)).scalar_one())
    blocks: list[Block] = [
        Text(ctx.say("card.title", member_id), heading=True),
        Text(ctx.say("card.named", member_id, count=count)),
    ]
    lately = select(suggestions).where(his, suggestions.c.at > ctx.now - LATELY).order_by(suggestions.c.at.desc())
    rows = ctx.db.execute(lately.limit(SHOWN)).all()
    if rows:
        member = ctx.archive.member(member_id)
        audience = ctx.archive.audience_for(member.groups if member else (), member_id)
        columns = [ctx.say(f"card.{key}", member_id) for key in ("when", "question", "why", "answer")]
        blocks.append(Table(columns, [_row(ctx, member_id, audience, row) for row in rows]))
        blocks.append(Text(ctx.say("card.unseen", member_id), quiet=True))
    return [*blocks, Text(ctx.say("card.how", member_id), quiet=True)]


def _row(ctx: InlineContext, member_id: int, audience: Audience, row: Row[tuple[object, ...]]) -> list[Cell]:
    question = _link(ctx, audience, row.topic_id, None) or ctx.say("card.closed", member_id)
    links = [_link(ctx, audience, int(topic), int(number)) for topic, number in row.links]
    proofs = tuple(link for link in links if link is not None)
    answers: Cell = ctx.say("card.gone", member_id)
    if row.state == "named":
        answers = ctx.consent.feedback_anchors(once_of(row.topic_id), member_id, NO)
    return [row.at, question, proofs or ctx.say("card.closed", member_id), answers]


def _link(ctx: InlineContext, audience: Audience, topic_id: int, number: int | None) -> Anchor | None:
    """By its title, where this member may open it."""
    topic = ctx.archive.topic(topic_id)
    if topic is None or not topic.visible or topic.visibility not in audience.classes:
        return None
    return Anchor(topic.title, f"/t/{topic_id}/{number}" if number else f"/t/{topic_id}")
