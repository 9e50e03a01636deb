"""A small plugin that goes through every door, for the bench's own tests."""

from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace

from sqlalchemy import Column, Integer, MetaData, Table, select

from connector.models import Event
from plugins.blocks import FeedEntry, Field, Form, Page, Task, Text
from plugins.contract import Case, Context, Draft, InlineContext, Offer, Person, Plugin, Suggestion, Taken, Viewer
from plugins.doors import Verdict
from plugins.settings import setting


@dataclass(frozen=True)
class Settings:
    wait_hours: int = setting(24, min=1, max=200, label={"en": "Wait", "fr": "Attente"})


metadata = MetaData()
seen = Table(
    "rehearsal_seen", metadata, Column("topic_id", Integer, primary_key=True), Column("times", Integer),
    Column("site", Integer, nullable=False, default=1),
)  # fmt: skip
NAMES = {"en": "Rehearsal", "fr": "Répétition"}
plugin = Plugin("rehearsal", about=__doc__, title=NAMES, settings=Settings, tables=SimpleNamespace(metadata=metadata))


@plugin.on("topic_created")
def noted(event: Event, ctx: Context) -> None:
    """Merges: a second run finds its row."""
    topic = event.topic()
    if ctx.db.execute(select(seen).where(seen.c.topic_id == topic.id)).first() is None:
        ctx.db.execute(seen.insert().values(topic_id=topic.id, times=1))
    if topic.user_id is not None:
        ctx.forum.message(topic.user_id, "Noted", "We read it.", once=f"noted:{topic.id}", why="A topic came in.")


@plugin.on("post_edited")
def adds_up(event: Event, ctx: Context) -> None:
    """Does not merge: each run counts one more."""
    ctx.db.execute(seen.insert().values(times=1))


@plugin.on("post_destroyed")
def breaks(event: Event, ctx: Context) -> None:
    """Writes, asks, and fails."""
    ctx.db.execute(seen.insert().values(times=1))
    ctx.forum.alert("odd", "Odd", "Something odd.", once="odd", why="It was odd.")
    raise ValueError("it broke")


@plugin.every(minutes=30, ceiling="propose")
def look_round(ctx: Context) -> None:
    """Answers topics that waited, once each, by a public reply."""
    waited = ctx.now - timedelta(hours=ctx.settings.wait_hours)
    for topic in ctx.archive.topics(ctx.archive.audience_public(), until=waited, unanswered=True):
        ctx.forum.reply(topic.id, "Somebody may know.", once=f"waited:{topic.id}", why="Nobody answered.")


@plugin.every(cron="0 9 * * *")
def speak_up(ctx: Context) -> None:
    """One reply, then a second thought, then none."""
    first = ctx.archive.topics(ctx.archive.audience_public())[-1]
    ctx.forum.reply(first.id, "First thought.", once="thought", why="To show it.")
    ctx.forum.edit("thought", "Second thought.", once="second", why="To correct it.")
    if ctx.shared.get("quiet"):
        ctx.forum.delete_own("thought", once="gone", why="To take it back.")


@plugin.every(cron="0 10 * * *")
def about_somebody(ctx: Context) -> None:
    """Words about conduct: never further than propose."""
    first = ctx.archive.topics(ctx.archive.audience_public())[-1]
    ctx.forum.reply(first.id, "Softer, maybe?", once="conduct", why="It got loud.", conduct=True)


@plugin.inline("composer")
def similar(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """Topics like the draft that its writer may open."""
    audience = draft.viewer.audience or ctx.archive.audience_anonymous()
    hits = ctx.archive.search(f"{draft.title} {draft.text}", audience).hits
    return [
        Suggestion(f"like:{hit.topic_id}", "similar", "Like this", "Same words.", priority=hit.score) for hit in hits
    ]


@plugin.inline("topic")
def overreaches(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """Tries to write from where nothing may be written."""
    ctx.forum.alert("odd", "Odd", "Something odd.", once="odd", why="It was odd.")  # type: ignore[attr-defined]
    return []


@plugin.inline("composer")
def who_knows(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """Offers to ask whoever is named in the draft; of nobody, it offers what does not exist."""
    found = next((one for one in ctx.archive.members() if one.username in draft.text.split()), None)
    if found is None:
        return [Suggestion("broken", "ask", "Ask", "Why not.", offers=(Offer("nothing", "?"),))] if draft.asked else []
    offer = Offer("ask", f"Ask {found.username}", {"member": found.id}, person=found.id)
    return [
        Suggestion(f"ask:{found.id}", "ask", "Ask", "Named.", people=(Person(found.id, "Named."),), offers=(offer,))
    ]


@plugin.offer("ask")
def asked(taken: Taken, ctx: Context) -> str:
    once = f"ask:{taken.member_id}:{taken.data['member']}"
    ctx.forum.message(taken.data["member"], "A question", "May I ask you?", once=once, why="Somebody asked.")
    return "We asked."


@plugin.member_page("mine", title=NAMES)
def mine(query: dict[str, str], ctx: InlineContext, viewer: Viewer) -> Page:
    field = Field("subject", "Subject")
    return Page(f"{viewer.username} {query.get('q', '')}".strip(), [Form([field], "Keep", action="declare")])


@plugin.member_form("declare")
def declare(values: dict[str, str], ctx: Context, viewer: Viewer) -> str:
    ctx.shared.publish(f"subject of {viewer.username}", values["subject"])
    return f"Kept: {values['subject']}."


@plugin.verdict
def heard(verdict: Verdict, ctx: Context) -> None:
    ctx.shared.publish("verdict", (verdict.once, verdict.member_id, verdict.answer))


@plugin.page("seen", title=NAMES)
def seen_page(query: dict[str, str], ctx: InlineContext) -> Page:
    rows = ctx.db.execute(select(seen)).all()
    return Page(f"Seen {query.get('q', '')}".strip(), [Text(f"{len(rows)} topics")])


@plugin.measure("topics", definition={"en": "Topics seen", "fr": "Sujets vus"})
def topics(ctx: InlineContext) -> Case:
    return Case(float(len(ctx.db.execute(select(seen)).all())))


@plugin.action
def todo(ctx: InlineContext) -> list[Task]:
    return [Task("a", "Small", "why", 1, "/x", 0.1), Task("b", "Big", "why", 5, "/x", 0.9)]


@plugin.feed("news")
def news(ctx: InlineContext) -> list[FeedEntry]:
    return [FeedEntry("1", "News", "Text", "/t/1", ctx.now)]


@plugin.command("rehearse")
def rehearse(arguments: list[str], ctx: Context) -> int:
    return len(arguments)


@plugin.command("look")
def look(arguments: list[str], ctx: Context) -> int:
    """Publishes what its context holds, for the tests to see."""
    ctx.shared.publish("folder", ctx.data_dir)
    ctx.shared.publish("waits", [ctx.settings_for(room).wait_hours for room in (7, 8, None)])
    return 0


@plugin.forget
def forgotten(member_id: int, ctx: Context) -> None:
    ctx.shared.publish("forgotten", member_id)
