"""The managers' four pages; a person is shown with subjects, evidence and remaining budget, and nothing else."""

from collections.abc import Mapping

from plugins.blocks import Anchor, Block, Cell, Field, Figure, Figures, Form, Notice, Page, Picture, Table, Text
from plugins.doors import InlineContext
from plugins.expert_finder.champions import champions
from plugins.expert_finder.consent import Willing
from plugins.expert_finder.coverage import Subject, subjects
from plugins.expert_finder.knowledge import PAGES_SHARE, StillReadingError
from plugins.expert_finder.loading import evenness, picture, weekly
from plugins.expert_finder.members.said import hidden_members
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.suggesting import people_like
from plugins.expert_finder.wording import name_of, shown_name


def who_knows(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Search by subject: people, what speaks for them, and what is left of their week."""
    asked = query.get("q", "").strip()[:400]
    field = Field("q", ctx.say("knows.field"), asked)
    blocks: list[Block] = [Text(ctx.say("knows.about"), quiet=True), Form([field], ctx.say("knows.search"))]
    if not asked:
        return Page(ctx.say("knows.title"), blocks)
    audience = ctx.archive.audience_public()
    question = Question(0, 0, seconds(ctx.now), asked, asked)
    willing = Willing(ctx, None, "", without=hidden_members(ctx))
    try:
        found = people_like(ctx, audience, question, willing, ctx.settings, slots=12, share=PAGES_SHARE, second=0.0)
    except StillReadingError as error:
        return Page(ctx.say("knows.title"), [*blocks, Notice(ctx.say("knows.reading", count=error.read, of=error.of))])
    if found.poorer:
        blocks.append(Notice(ctx.say(f"knows.{found.poorer}")))
    people = found.people
    rows: list[list[Cell]] = [
        [
            shown_name(person),
            [Anchor(proof.label, f"/t/{proof.topic_id}/{proof.post_number}") for proof in person.links],
            willing.left(person.member.id),
        ]
        for person in people
    ]
    columns = [ctx.say("knows.person"), ctx.say("knows.evidence"), ctx.say("knows.left")]
    blocks.append(Table(columns, rows, empty=ctx.say("knows.nobody")))
    return Page(ctx.say("knows.title"), blocks, tuple(person.member.id for person in people))


def coverage(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Subjects with demand and no or one active person, first."""
    found = subjects(ctx)
    fragile = [one for one in found if one.at_risk]
    rows: list[list[Cell]] = [
        [
            one.name,
            one.questions,
            one.unanswered,
            ", ".join(_name(ctx, member) for member, _ in one.active[:4]) or ctx.say("coverage.none"),
            ", ".join(_name(ctx, member) for member in one.growing) or "–",
            ", ".join(_name(ctx, member) for member in one.leaving[:3]) or "–",
        ]
        for one in found
    ]
    columns = [
        ctx.say(f"coverage.{key}") for key in ("subject", "questions", "unanswered", "active", "growing", "leaving")
    ]
    blocks: list[Block] = [Text(ctx.say("coverage.about"), quiet=True)]
    if fragile:
        names = ", ".join(one.name for one in fragile[:6])
        blocks.append(Notice(ctx.say("coverage.fragile", count=len(fragile), subjects=names), "warning"))
    blocks.append(Table(columns, rows, empty=ctx.say("coverage.empty")))
    about = {member for one in found for member in _shown(one)}
    return Page(ctx.say("coverage.title"), blocks, tuple(sorted(about)))


def people(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Champions: who knows beside who is heard, what to ask of each, and who should rest."""
    found = champions(ctx)
    asks = {key: ctx.say(f"champions.{key}") for key in ("rest", "share", "grow")}
    rows: list[list[Cell]] = [
        [_name(ctx, one.member_id), asks[one.ask], one.knows, one.lately, one.heard, one.suggested] for one in found
    ]
    columns = [ctx.say(f"champions.{key}") for key in ("person", "ask", "knows", "lately", "heard", "suggested")]
    blocks: list[Block] = [
        Text(ctx.say("champions.about"), quiet=True),
        Table(columns, rows, empty=ctx.say("champions.empty")),
    ]
    return Page(ctx.say("champions.title"), blocks, tuple(one.member_id for one in found))


def load(query: Mapping[str, str], ctx: InlineContext) -> Page:
    """Suggestions per person and week, with a picture."""
    weeks, counts = weekly(ctx)
    blocks: list[Block] = [Text(ctx.say("load.about", cap=ctx.settings.per_week), quiet=True)]
    if not counts:
        return Page(ctx.say("load.title"), [*blocks, Notice(ctx.say("load.empty"))])
    names = {member: _name(ctx, member) for member in counts}
    heaviest = max(max(row) for row in counts.values())
    blocks.append(
        Figures(
            [
                Figure(ctx.say("load.people"), len(counts)),
                Figure(ctx.say("load.heaviest"), heaviest),
                Figure(ctx.say("load.gini"), evenness(counts), definition=ctx.say("load.gini_means")),
            ]
        )
    )
    alt = ctx.say("load.alt")
    blocks.append(Picture(picture(weeks, counts, names), alt))
    return Page(ctx.say("load.title"), blocks, tuple(counts))


def _name(ctx: InlineContext, member_id: int) -> str:
    member = ctx.archive.member(member_id)
    return name_of(member) if member else "?"


def _shown(subject: Subject) -> list[int]:
    """Whose names stand in a row of the coverage table."""
    return [*[member for member, _ in subject.active[:4]], *subject.growing, *subject.leaving[:3]]
