"""Plugins with something to say beside a text, for the host's tests."""

import threading
from typing import Any

from sqlalchemy import text

from plugins.blocks import Anchor, Field, Form, Page, Table, Text
from plugins.contract import Context, Draft, InlineContext, Link, Offer, Person, Plugin, Suggestion, Taken, Viewer

TITLE = {"en": "Guide", "fr": "Guide"}


def guide(name: str = "guide", priority: float = 0.5) -> Plugin:
    """Names topics like the text and who wrote there; offers to ask them. Keeps what members declare in `shared`."""
    plugin = Plugin(name, about="Shows what was written like this.", title=TITLE)

    def alike(text: str, draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        audience = draft.viewer.audience
        assert audience is not None
        own = () if draft.topic_id is None else (draft.topic_id,)
        hits = ctx.archive.search(text, audience, mode="lexical", exclude_topics=own, limit=3).hits
        if not hits:
            return []
        people = tuple(
            Person(hit.user_id, "Wrote about this.", (Link(hit.topic_id, 1),)) for hit in hits[:1] if hit.user_id
        )
        return [
            Suggestion(
                key=f"like:{hits[0].topic_id}",
                kind="similar",
                title="Something like this",
                why=f"It has words of yours: {hits[0].snippet[:40]}",
                links=tuple(Link(hit.topic_id, None, "told by the plugin") for hit in hits),
                people=people,
                priority=priority,
                data={"topic": hits[0].topic_id},
                offers=tuple(Offer("ask", "Ask them", {"member": one.id}, person=one.id) for one in people),
            )
        ]

    @plugin.inline("composer")
    def beside_draft(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        return alike(f"{draft.title} {draft.text}"[:4000], draft, ctx)

    @plugin.inline("topic")
    def beside_topic(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        topic = ctx.archive.topic(draft.topic_id or 0)
        return [] if topic is None else alike(topic.title, draft, ctx)

    @plugin.offer("ask")
    def ask(taken: Taken, ctx: Context) -> str:
        once = f"ask:{taken.member_id}:{taken.data['member']}"
        ctx.forum.message(taken.data["member"], "A question for you", "Could you have a look?", once=once,
                          why="A member asked for it.", topic=taken.topic_id)  # fmt: skip
        return "We have asked them, politely."

    @plugin.member_page("people", title={"en": "Who knows what", "fr": "Qui sait quoi"})
    def people(query: dict[str, str], ctx: InlineContext, viewer: Viewer) -> Page:
        assert viewer.audience is not None
        topics = ctx.archive.topics(viewer.audience)
        rows = [(Anchor(topic.title, f"/t/{topic.id}"),) for topic in topics if query.get("q", "") in topic.title]
        form = Form([Field("subject", "A subject of mine")], "Declare", action="declare")
        return Page(f"For {viewer.username}", [Table(("Topic",), rows, empty="Nothing."), form])

    @plugin.member_form("declare")
    def declare(values: dict[str, str], ctx: Context, viewer: Viewer) -> str:
        ctx.shared.publish(f"{name}.{viewer.member_id}", values["subject"])
        return f"Kept: {values['subject']}."

    @plugin.member_form("stumble")
    def stumble(values: dict[str, str], ctx: Context, viewer: Viewer) -> str:
        ctx.shared.publish(f"{name}.stumbled", True)
        raise RuntimeError("CANARI of a form")

    @plugin.card
    def card(member_id: int, ctx: InlineContext) -> list[Any]:
        told = ctx.shared.get(f"{name}.{member_id}")
        return [Text(f"You declared {told}."), Form([Field("subject", "Another")], "Change", action="declare")]

    return plugin


def saying(*suggestions: Any, name: str = "sayer", budget_ms: int = 120) -> Plugin:
    """Says the same beside every draft and every topic."""
    plugin = Plugin(name, about="Says it.", title=TITLE)

    @plugin.inline("composer", budget_ms=budget_ms)
    def say_it(draft: Draft, ctx: InlineContext) -> list[Any]:
        return list(suggestions)

    @plugin.inline("topic", budget_ms=budget_ms)
    def say_it_there(draft: Draft, ctx: InlineContext) -> list[Any]:
        return list(suggestions)

    @plugin.offer("thank")
    def thank(taken: Taken, ctx: Context) -> str:
        ctx.forum.alert(
            "thanks", "Thanks", f"Thanks of {taken.member_id}", once=f"thanks:{taken.member_id}", why="Asked."
        )
        return "Thanked."

    @plugin.offer("trip")
    def trip(taken: Taken, ctx: Context) -> str:
        ctx.forum.alert("trip", "Trip", "Tripped", once="trip", why="Asked.")
        raise RuntimeError("CANARI of an offer")

    return plugin


def suggestion(key: str = "one", **more: Any) -> Suggestion:
    """A suggestion with nothing but words."""
    return Suggestion(**{"key": key, "kind": "hint", "title": "A hint", "why": "It helps.", **more})


def breaking(name: str = "breaking") -> Plugin:
    """Quotes the draft in its error."""
    plugin = Plugin(name, about="Breaks.", title=TITLE)

    @plugin.inline("composer")
    def break_down(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        raise ValueError(f"cannot read {draft.text}")

    return plugin


class Dawdler:
    """A plugin whose handler waits until it is released; `calls` counts how often it was called."""

    def __init__(self, name: str = "dawdler", budget_ms: float = 1.0) -> None:
        self.release = threading.Event()
        self.calls = 0
        self.plugin = Plugin(name, about="Takes its time.", title=TITLE)

        @self.plugin.inline("composer", budget_ms=budget_ms)  # type: ignore[arg-type]
        def dawdle(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
            self.calls += 1
            self.release.wait(30)
            return [suggestion("late")]


def writing(name: str = "writing") -> Plugin:
    """Tries to write from where nothing may be written."""
    plugin = Plugin(name, about="Writes.", title=TITLE)

    @plugin.inline("composer")
    def write(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        ctx.db.execute(text("delete from host_facts"))
        ctx.db.commit()
        return [suggestion("written")]

    return plugin


class Endless:
    """A plugin that asks the database something that never ends; `calls` counts how often it was called."""

    def __init__(self, name: str = "endless") -> None:
        self.calls = 0
        self.plugin = Plugin(name, about="Counts for ever.", title=TITLE)

        @self.plugin.inline("composer", budget_ms=1)
        def count(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
            self.calls += 1
            rows = "with recursive n(x) as (select 1 union all select x + 1 from n) select count(*) from n where x < 0"
            ctx.db.execute(text(rows))
            return []
