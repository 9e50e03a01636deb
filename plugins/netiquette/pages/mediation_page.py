"""The mediators' own page: offer oneself, step down, and give a view on the cases whose authors accepted one."""

from collections.abc import Mapping

from plugins.blocks import Anchor, Block, Cell, Field, Form, Notice, Page, Table, Text
from plugins.doors import Context, InlineContext, Viewer
from plugins.netiquette import alerts, cases, mediators
from plugins.netiquette.charter import kept

TITLE = {"en": "Mediation", "fr": "Médiation"}


def mediation_page(query: Mapping[str, str], ctx: InlineContext, viewer: Viewer) -> Page:
    """What this member may do here; others' cases are nowhere to be seen."""
    me, lang = viewer.member_id or 0, ctx.say("charter.lang", viewer.member_id or 0)
    title = TITLE.get(lang, TITLE["en"])
    blocks: list[Block] = [Text(ctx.say("mediation.page_about", me), quiet=True)]
    if not mediators.is_in_group(ctx, viewer.groups):
        return Page(title, [*blocks, Notice(ctx.say("mediation.not_here", me))])
    if not mediators.is_willing(ctx, me):
        blocks.append(Form([], ctx.say("mediation.offer_myself", me), action="mediate"))
        return Page(title, blocks)
    waiting = mediators.open_for(ctx, me)
    if not waiting:
        blocks.append(Notice(ctx.say("mediation.nothing", me), "good"))
    for one in waiting:
        blocks += _case(ctx, one, me, lang)
    blocks.append(Form([], ctx.say("mediation.step_down", me), action="mediate_no_more"))
    return Page(title, blocks)


def offer_myself(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    """A member of the group agrees to mediate."""
    me = viewer.member_id or 0
    if not mediators.is_in_group(ctx, viewer.groups):
        return ctx.say("mediation.not_here", me)
    mediators.agree(ctx, me)
    return ctx.say("mediation.agreed", me)


def step_down(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    """A mediator steps down."""
    me = viewer.member_id or 0
    mediators.step_down(ctx, me)
    return ctx.say("mediation.stepped_down", me)


def give_view(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    """A mediator says whether it is settled, or better left to those who look after the forum."""
    me, number = viewer.member_id or 0, values.get("case", "")
    if number.isdigit() and mediators.give(ctx, me, int(number), values.get("view", "")):
        return ctx.say("mediation.view_given", me)
    return ctx.say("mediation.view_gone", me)


def _case(ctx: InlineContext, one: mediators.Mediation, me: int, lang: str) -> list[Block]:
    """One case: the thread, and the words of this author that were found in it."""
    topic, charter = ctx.archive.topic(one.topic_id), kept.in_force(ctx)
    rows: list[list[Cell]] = []
    for found in cases.of_topic(ctx, one.topic_id):
        post, clause = ctx.archive.post(found.post_id), charter.clause(found.clause)
        if post is not None and post.user_id == one.author_id and clause is not None:
            place = Anchor(topic.title if topic else "", f"/t/{one.topic_id}/{found.post_number}")
            rows.append([place, " … ".join(found.words[:3])[:300], alerts.named(clause, ctx, lang)])
    title = topic.title if topic else ctx.say("mediation.case", me)
    columns = [ctx.say("mediation.where", me), ctx.say("mediation.words", me), ctx.say("mediation.clause", me)]
    views = [("settled", ctx.say("mediation.settled", me)), ("staff", ctx.say("mediation.to_staff", me))]
    return [
        Text(title, heading=True),
        Table(columns, rows, empty=ctx.say("mediation.read_thread", me)),
        Form(
            [Field("case", ctx.say("mediation.case", me), str(one.id), choices=[(str(one.id), title)]),
             Field("view", ctx.say("mediation.your_view", me), "settled", choices=views)],
            ctx.say("mediation.send", me), action="mediation_view",
        ),
    ]  # fmt: skip
