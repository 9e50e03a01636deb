"""What is worth a look today: threads that heat up, then the very words, their clause and a first move. No people."""

from collections.abc import Mapping
from datetime import timedelta

from plugins.blocks import Anchor, Block, Cell, Notice, Page, Table, Text
from plugins.doors import InlineContext
from plugins.netiquette import alerts, cases, threads
from plugins.netiquette.charter import kept
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.detectors.pile_on import MANY

TITLE = {"en": "Worth a look", "fr": "À regarder"}
_LATELY = timedelta(days=2)
_MOST = 60


def cases_page(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """The last two days, newest first; nothing here can be sorted, filtered or counted by member."""
    lang, charter = ctx.say("charter.lang"), kept.in_force(ctx)
    blocks: list[Block] = [Text(ctx.say("cases.about"), quiet=True)]
    moving = _threads(ctx)
    if moving:
        columns = [ctx.say("cases.thread"), ctx.say("cases.state"), ctx.say("cases.move")]
        blocks.append(Table(columns, moving, caption=ctx.say("cases.threads")))
    found = [one for one in cases.since(ctx, ctx.now - _LATELY, limit=_MOST) if _is_for_all(ctx, one.topic_id)]
    rows: list[list[Cell]] = [_row(ctx, one, charter, lang) for one in found]
    columns = [ctx.say(f"cases.{key}") for key in ("words", "clause", "sure", "where", "move")]
    blocks.append(Table(columns, rows, empty=ctx.say("cases.none"), caption=ctx.say("cases.found")))
    if any(one.protected for one in found):
        blocks.append(Notice(charter.listening.get(lang) or ctx.say("cases.listening")))
    return Page(TITLE.get(lang, TITLE["en"]), blocks)


def _row(ctx: InlineContext, one: cases.Case, charter: Charter, lang: str) -> list[Cell]:
    clause, topic = charter.clause(one.clause), ctx.archive.topic(one.topic_id)
    named = alerts.named(clause, ctx, lang) if clause is not None else one.clause
    where = Anchor(topic.title if topic else f"#{one.topic_id}", f"/t/{one.topic_id}/{one.post_number}")
    move = alerts.first_move(ctx, one.detector, one.kind, one.protected)
    return [" … ".join(one.words[:3])[:300], named, f"{round(100 * one.confidence)} %", where, move]


def _threads(ctx: InlineContext) -> list[list[Cell]]:
    """Threads of the last day that are heating up, and those where waiting is the best move."""
    audience = ctx.archive.audience_public()
    lately = {one.topic_id for one in ctx.archive.all_posts(audience, after=(ctx.now - timedelta(days=1), 0))}
    rows: list[list[Cell]] = []
    for number in sorted(lately, reverse=True):
        heat, pile = threads.state_of(ctx, number)
        topic = ctx.archive.topic(number)
        if topic is None or (heat.state == "calm" and pile.people < MANY):
            continue
        where = Anchor(topic.title, f"/t/{number}")
        if pile.people >= MANY:
            rows.append([where, ctx.say("cases.pile_on"), alerts.first_move(ctx, "pile_on", "", "")])
        elif heat.state == "wait":
            rows.append([where, ctx.say("cases.wait"), ctx.say("move.wait")])
        else:
            rows.append([where, ctx.say("cases.heating"), alerts.first_move(ctx, "heating", "", "")])
    return rows


def _is_for_all(ctx: InlineContext, topic_id: int) -> bool:
    """Words from a room that not everybody may open stay out of a page that every manager reads."""
    topic = ctx.archive.topic(topic_id)
    return topic is not None and topic.visibility in ctx.archive.audience_public().classes
