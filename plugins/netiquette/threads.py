"""Warns managers of a thread that is heating up or where many turn on one, with what would calm it; else says nothing.

Read from the thread alone. Where people are finding back to each other nobody is told: the best move is to wait.
"""

from sqlalchemy import select

from connector.records import StoredPost
from plugins.doors import Context, InlineContext
from plugins.netiquette import alerts
from plugins.netiquette.around import turns_among
from plugins.netiquette.autonomy_rules import rule_of
from plugins.netiquette.charter import kept
from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.heating import FEWEST, Heat, forecast
from plugins.netiquette.detectors.pile_on import MANY, PileOn, pile_on_one
from plugins.netiquette.tables.cases import cases

_LOOKED_AT = 60
"""The last posts of a thread that are read."""


def watch(ctx: Context, post: StoredPost) -> None:
    """Something was written: is this thread one that managers should hear of?"""
    if post.post_number < FEWEST or post.post_type != 1 or alerts.heard_lately(ctx, post.topic_id):
        return
    turns, attacks = turns_of(ctx, post.topic_id)
    pile, heat = pile_on_one(turns, attacks), forecast(turns, attacks)
    if pile.people >= MANY:
        _tell(ctx, post, "pile_on", ctx.say("threads.pile_on", count=pile.people), pile.sure)
    elif heat.state == "heating":
        _tell(ctx, post, "heating", _said(ctx, heat), heat.heat)


def turns_of(ctx: InlineContext, topic_id: int) -> tuple[list[Turn], list[float]]:
    """The last turns of a thread, and beside each how surely it was found to attack somebody (0: nothing found)."""
    posts = [one for one in ctx.archive.posts_of_topic(topic_id) if one.post_type == 1]
    own = cases.c
    found = ctx.db.execute(
        select(own.post_id, own.confidence).where(
            own.site == ctx.site, own.topic_id == topic_id, own.detector == "attack", own.protected == ""
        )
    )
    sure = {row.post_id: row.confidence for row in found}
    last = posts[-_LOOKED_AT:]
    return turns_among(posts, last), [sure.get(one.id, 0.0) for one in last]


def state_of(ctx: InlineContext, topic_id: int) -> tuple[Heat, PileOn]:
    """What is to be said of a thread now."""
    turns, attacks = turns_of(ctx, topic_id)
    return forecast(turns, attacks), pile_on_one(turns, attacks)


def _said(ctx: InlineContext, heat: Heat) -> str:
    quick = heat.pace.total_seconds() < 3_600
    if heat.between >= 0.6:
        return ctx.say("threads.between_two_quick") if quick else ctx.say("threads.between_two")
    return ctx.say("threads.several_quick") if quick else ctx.say("threads.several")


def _tell(ctx: Context, post: StoredPost, kind: str, what: str, sure: float) -> None:
    topic = ctx.archive.topic(post.topic_id)
    clause = kept.in_force(ctx).clause_for(kind, "", topic.category_id if topic else None)
    parts = [what, alerts.first_move(ctx, kind, "", "")]
    if clause is not None:
        parts.insert(1, ctx.say("alert.clause", clause=alerts.named(clause, ctx)))
    title = ctx.say("threads.pile_on_title") if kind == "pile_on" else ctx.say("threads.heating_title")
    alerts.tell(
        ctx, post.topic_id, kind, title, "\n\n".join(parts), ctx.say("threads.why", sure=round(100 * sure)),
        number=post.post_number, rule=rule_of(kind, ""),
    )  # fmt: skip
