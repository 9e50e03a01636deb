"""On `/me`: the subjects that answers show, with a way to be left out of them, and what one says of oneself."""

from collections.abc import Mapping

from plugins.blocks import Anchor, Block, Cell, Field, Form, Table, Text
from plugins.doors import Context, InlineContext, Viewer
from plugins.expert_finder.members import said
from plugins.expert_finder.members.subjects import answers_that_helped, subjects_of


def own_card(member_id: int, ctx: InlineContext) -> list[Block]:
    """What is inferred, with its evidence; what helped; what was declared; each with its form."""

    def say(key: str, **values: object) -> str:
        return ctx.say(f"own.{key}", member_id, **values)

    member = ctx.archive.member(member_id)
    audience = ctx.archive.audience_for(member.groups if member else (), member_id)
    muted = said.muted_by(ctx, member_id)
    wanted = subjects_of(ctx, member_id, audience, muted)
    blocks: list[Block] = [Text(say("subjects"), heading=True)]
    rows: list[list[Cell]] = [[one.name, one.topics, one.links] for one in wanted]
    blocks.append(Table([say("subject"), say("answers"), say("evidence")], rows, empty=say("no_subjects")))
    if wanted:
        choices = [(one.name, one.name) for one in wanted]
        blocks.append(Form([Field("subject", say("which"), choices=choices)], say("mute"), action="mute"))
    if muted:
        blocks.append(Table([say("muted")], [[name] for name in muted]))
        choices = [(name, name) for name in muted]
        blocks.append(Form([Field("subject", say("which"), choices=choices)], say("unmute"), action="unmute"))
    blocks += _listing(ctx, member_id)
    helped = answers_that_helped(ctx, member_id, audience)
    if helped:
        blocks.append(Text(say("helped"), heading=True))
        rows = [
            [Anchor(topic.title, f"/t/{topic.id}/{post.post_number}"), post.accepted or "", post.like_count]
            for post, topic in helped
        ]
        blocks.append(Table([say("answer"), say("accepted"), say("likes")], rows))
    return [*blocks, *_declared(ctx, member_id)]


def _listing(ctx: InlineContext, member_id: int) -> list[Block]:
    """Whether the member stands in the directory, and the button for the contrary."""
    if member_id in said.hidden_members(ctx):
        hidden = Text(ctx.say("own.hidden", member_id), quiet=True)
        return [hidden, Form([], ctx.say("own.unhide", member_id), action="unhide")]
    shown = Text(ctx.say("own.shown", member_id), quiet=True)
    return [shown, Form([], ctx.say("own.hide", member_id), action="hide")]


def _declared(ctx: InlineContext, member_id: int) -> list[Block]:
    def say(key: str) -> str:
        return ctx.say(f"own.{key}", member_id)

    lines = said.lines_of(ctx, member_id)
    rows: list[list[Cell]] = [[say(f"kind_{one.kind}"), one.text, say(f"sight_{one.sight}")] for one in lines]
    blocks: list[Block] = [
        Text(say("declared"), heading=True),
        Table([say("kind"), say("words"), say("sight")], rows, empty=say("nothing_declared")),
        Form(
            [
                Field("kind", say("kind"), "offer", choices=[(kind, say(f"kind_{kind}")) for kind in said.KINDS]),
                Field("text", say("words"), ""),
                Field("sight", say("sight"), "members", choices=[(one, say(f"sight_{one}")) for one in said.SIGHTS]),
            ],
            say("declare"),
            action="declare",
        ),
    ]
    if lines:
        choices = [(str(one.id), f"{say(f'kind_{one.kind}')} : {one.text}") for one in lines]
        blocks.append(Form([Field("line", say("which_line"), choices=choices)], say("withdraw"), action="withdraw"))
    return [*blocks, Text(say("why"), quiet=True)]


def mute(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    said.mute(ctx, viewer.member_id or 0, values.get("subject", ""))
    return ctx.say("own.done_muted", viewer.member_id, subject=values.get("subject", ""))


def unmute(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    said.unmute(ctx, viewer.member_id or 0, values.get("subject", ""))
    return ctx.say("own.done", viewer.member_id)


def hide(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    said.hide(ctx, viewer.member_id or 0)
    return ctx.say("own.done", viewer.member_id)


def unhide(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    said.unhide(ctx, viewer.member_id or 0)
    return ctx.say("own.done", viewer.member_id)


def declare(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    kept = said.declare(
        ctx, viewer.member_id or 0, values.get("kind", ""), values.get("text", ""), values.get("sight", "")
    )
    return ctx.say("own.done" if kept else "own.not_kept", viewer.member_id, most=said.MOST)


def withdraw(values: Mapping[str, str], ctx: Context, viewer: Viewer) -> str:
    line = values.get("line", "")
    said.withdraw(ctx, viewer.member_id or 0, int(line) if line.isdigit() else 0)
    return ctx.say("own.done", viewer.member_id)
