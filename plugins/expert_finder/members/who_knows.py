"""Members look for who knows what, under their own rights; from a person, a topic or a post the other two are near."""

from collections.abc import Mapping
from urllib.parse import urlencode

from connector.records import StoredMember, StoredPost, StoredTopic
from plugins.blocks import Anchor, Block, Cell, Field, Form, Notice, Page, Table, Text
from plugins.doors import InlineContext, Viewer
from plugins.expert_finder.consent import Willing
from plugins.expert_finder.knowledge import PAGES_SHARE, StillReadingError
from plugins.expert_finder.members.said import Line, Sight, hidden_members, lines_for, lines_of, muted_by
from plugins.expert_finder.members.subjects import answers_that_helped, subjects_of
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.suggesting import people_like
from plugins.expert_finder.wording import name_of
from plugins.expert_finder.words import stems

PATH = "/m/expert_finder/who-knows"
PEOPLE = 12
NOTES = 10
READ = 200
"""Posts of a topic that are looked at."""


def who_knows(query: Mapping[str, str], ctx: InlineContext, viewer: Viewer) -> Page:
    """A search (`q`), or what is near a `person`, a `topic` or a `post`."""
    title = ctx.say("find.title", viewer.member_id)
    asked = query.get("q", "").strip()[:400]
    form = Form([Field("q", ctx.say("find.field", viewer.member_id), asked)], ctx.say("find.search", viewer.member_id))
    blocks: list[Block] = [Text(ctx.say("find.about", viewer.member_id), quiet=True), form]
    about: list[int] = []
    for name, near in (("person", _near_person), ("topic", _near_topic), ("post", _near_post)):
        number = query.get(name, "")
        if number.isdigit():
            found, about = near(ctx, viewer, int(number))
            return Page(title, [*blocks, *found], tuple(about))
    if asked:
        found, about = _searched(ctx, viewer, asked)
        blocks += found
    return Page(title, blocks, tuple(about))


def _searched(ctx: InlineContext, viewer: Viewer, asked: str) -> tuple[list[Block], list[int]]:
    audience = viewer.audience or ctx.archive.audience_anonymous()
    willing = Willing(ctx, None, "", without=hidden_members(ctx))
    try:
        found = people_like(
            ctx, audience, Question(0, 0, seconds(ctx.now), asked, asked), willing, ctx.settings,
            slots=PEOPLE, share=PAGES_SHARE,
        )  # fmt: skip
    except StillReadingError as error:
        return [Notice(ctx.say("knows.reading", viewer.member_id, count=error.read, of=error.of))], []
    blocks: list[Block] = [Notice(ctx.say(f"knows.{found.poorer}", viewer.member_id))] if found.poorer else []
    rows: list[list[Cell]] = [
        [
            _person(person.member),
            [Anchor(proof.label, f"/t/{proof.topic_id}/{proof.post_number}") for proof in person.links],
        ]
        for person in found.people
    ]
    columns = [ctx.say(f"find.{key}", viewer.member_id) for key in ("person", "evidence")]
    blocks.append(Table(columns, rows, empty=ctx.say("find.nobody", viewer.member_id)))
    declared = _declared_like(ctx, viewer, asked)
    if declared:
        columns = [ctx.say(f"find.{key}", viewer.member_id) for key in ("person", "says")]
        blocks += [Text(ctx.say("find.declared", viewer.member_id), heading=True), Table(columns, declared)]
    return blocks, [person.member.id for person in found.people]


def _declared_like(ctx: InlineContext, viewer: Viewer, asked: str) -> list[list[Cell]]:
    """What people say of themselves that shares a word with what is asked."""
    wanted, hidden = set(stems(asked)), hidden_members(ctx)
    rows: list[list[Cell]] = []
    for line in lines_for(ctx, sights_of(viewer)):
        member = ctx.archive.member(line.member_id)
        listed = member is not None and not member.is_bot and line.member_id not in hidden
        if member is not None and listed and wanted & set(stems(line.text)):
            rows.append([_person(member), _told(ctx, viewer, line)])
    return rows[:PEOPLE]


def sights_of(viewer: Viewer) -> tuple[Sight, ...]:
    """Which lines of others somebody may read."""
    return ("members", "managers") if viewer.is_manager else ("members",)


def _near_person(ctx: InlineContext, viewer: Viewer, member_id: int) -> tuple[list[Block], list[int]]:
    """A person's subjects and what helped others, as far as the viewer may open it, and what he says of himself.

    Never all that he wrote: what somebody did on the forum day by day is nobody's business.
    """
    member = Willing(ctx, None, "", without=hidden_members(ctx)).member(member_id)
    if member is None or viewer.audience is None:
        return [Notice(ctx.say("find.nobody_here", viewer.member_id))], []

    def say(key: str) -> str:
        return ctx.say(f"find.{key}", viewer.member_id)

    left = muted_by(ctx, member_id)
    subjects: list[list[Cell]] = [
        [Anchor(one.name, f"{PATH}?{urlencode({'q': one.name})}", forum=False), one.links]
        for one in subjects_of(ctx, member_id, viewer.audience, left)
    ]
    answers: list[list[Cell]] = [
        [_topic(topic), Anchor(_start(post.text), f"/t/{topic.id}/{post.post_number}")]
        for post, topic in answers_that_helped(ctx, member_id, viewer.audience, left)
    ]
    lines = [line for line in lines_of(ctx, member_id) if line.sight in sights_of(viewer)]
    blocks: list[Block] = [
        Text(name_of(member), heading=True),
        *(Text(_told(ctx, viewer, line)) for line in lines),
        Table([say("subject"), say("evidence")], subjects, empty=say("nothing_open")),
    ]
    if answers:
        blocks += [Text(say("helped"), heading=True), Table([say("topic"), say("note")], answers)]
    return blocks, [member_id]


def _near_topic(ctx: InlineContext, viewer: Viewer, topic_id: int) -> tuple[list[Block], list[int]]:
    """Who answered in a topic, and with which posts."""
    topic = _open(ctx, viewer, topic_id)
    if topic is None:
        return [Notice(ctx.say("find.nothing_here", viewer.member_id))], []
    willing, rows, about = Willing(ctx, topic, "", without=hidden_members(ctx)), list[list[Cell]](), set[int]()
    for post in ctx.archive.posts_of_topic(topic_id)[:READ]:
        member = willing.member(post.user_id) if post.user_id and _is_reply(post, viewer) else None
        if member is not None and member.id != topic.user_id and len(rows) < NOTES:
            rows.append([_person(member), Anchor(_start(post.text), f"/t/{topic_id}/{post.post_number}")])
            about.add(member.id)
    columns = [ctx.say(f"find.{key}", viewer.member_id) for key in ("person", "note")]
    heading = Text(topic.title, heading=True)
    return [heading, Table(columns, rows, empty=ctx.say("find.nobody", viewer.member_id))], sorted(about)


def _near_post(ctx: InlineContext, viewer: Viewer, post_id: int) -> tuple[list[Block], list[int]]:
    """The topic and the author of a post."""
    post = ctx.archive.post(post_id)
    topic = _open(ctx, viewer, post.topic_id) if post is not None else None
    if post is None or topic is None or viewer.audience is None or post.hidden:
        return [Notice(ctx.say("find.nothing_here", viewer.member_id))], []
    if post.visibility not in viewer.audience.classes:
        return [Notice(ctx.say("find.nothing_here", viewer.member_id))], []
    member = Willing(ctx, topic, "", without=hidden_members(ctx)).member(post.user_id) if post.user_id else None
    row: list[Cell] = [
        _topic(topic),
        _person(member) if member is not None else "–",
        Anchor(_start(post.text), f"/t/{topic.id}/{post.post_number}"),
    ]
    columns = [ctx.say(f"find.{key}", viewer.member_id) for key in ("topic", "person", "note")]
    return [Table(columns, [row])], [member.id] if member is not None else []


def _open(ctx: InlineContext, viewer: Viewer, topic_id: int) -> StoredTopic | None:
    topic = ctx.archive.topic(topic_id)
    classes = viewer.audience.classes if viewer.audience is not None else frozenset()
    return topic if topic is not None and topic.visible and topic.visibility in classes else None


def _is_reply(post: StoredPost, viewer: Viewer) -> bool:
    classes = viewer.audience.classes if viewer.audience is not None else frozenset()
    return post.post_number > 1 and not post.hidden and post.visibility in classes


def _person(member: StoredMember) -> Anchor:
    return Anchor(name_of(member), f"{PATH}?person={member.id}", forum=False)


def _topic(topic: StoredTopic) -> Anchor:
    return Anchor(topic.title, f"{PATH}?topic={topic.id}", forum=False)


def _told(ctx: InlineContext, viewer: Viewer, line: Line) -> str:
    return f"{ctx.say(f'own.kind_{line.kind}', viewer.member_id)} : {line.text}"


def _start(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 90 else f"{flat[:88].rsplit(' ', 1)[0]} …"
