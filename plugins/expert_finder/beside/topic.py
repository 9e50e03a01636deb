"""In a topic that waits for an answer: who may help, with reasons, and a button to ask them."""

from sqlalchemy import select

from connector.records import StoredTopic
from plugins.doors import InlineContext, Viewer
from plugins.expert_finder.beside.prepared import is_open_question, people_ready
from plugins.expert_finder.holdback import due_at
from plugins.expert_finder.suggesting import Person
from plugins.expert_finder.tables import invitations
from plugins.expert_finder.wording import reason
from plugins.inline import Draft, Link, Offer, Suggestion
from plugins.inline import Person as Shown

PRIORITY = 0.8
NAMED = ("en", "fr")
"""Languages that have a name in the texts."""


def who_may_help(draft: Draft, ctx: InlineContext) -> list[Suggestion]:
    """The asker and managers see it at once, other members once the usual answer time has passed.

    Nobody who is not logged in is shown whom the forum takes for knowing something.
    """
    topic = ctx.archive.topic(draft.topic_id) if draft.topic_id else None
    if topic is None or not _may_see(ctx, topic, draft.viewer) or not is_open_question(ctx, topic):
        return []
    people = people_ready(ctx, topic, without=[draft.viewer.member_id or 0])
    if not people:
        return []
    asked = _asked(ctx, topic.id)
    may_ask = draft.viewer.member_id == topic.user_id or draft.viewer.is_manager
    lang = draft.viewer.lang
    offers = [
        Offer("invite", ctx.say("beside.ask", lang), {"member": person.member.id}, person.member.id)
        for person in people
        if may_ask and person.member.id not in asked
    ]
    mine = draft.viewer.member_id == topic.user_id
    return [
        Suggestion(
            key=f"help:{topic.id}",
            kind="people",
            title=ctx.say("beside.help_title", lang),
            why=ctx.say("beside.help_mine" if mine else "beside.help_others", lang),
            people=tuple(shown(ctx, people, draft.viewer, asked)),
            offers=tuple(offers),
            priority=PRIORITY,
        )
    ]


def shown(ctx: InlineContext, people: list[Person], viewer: Viewer, asked: dict[int, str]) -> list[Shown]:
    """The people as the host draws them; `asked` are invitations under way, by member."""
    split = len({person.part for person in people if person.part}) > 1
    found = []
    for place, person in enumerate(people):
        why = reason(ctx, person, viewer.lang, place, split=split).strip().removesuffix(":").rstrip()
        links = tuple(Link(proof.topic_id, proof.post_number, proof.label) for proof in person.links)
        notes = (_of_invitation(ctx, asked.get(person.member.id), viewer.lang), _of_language(ctx, person, viewer.lang))
        found.append(Shown(person.member.id, why, links, " · ".join(note for note in notes if note)))
    return found


def _may_see(ctx: InlineContext, topic: StoredTopic, viewer: Viewer) -> bool:
    if viewer.member_id is None or viewer.audience is None or topic.visibility not in viewer.audience.classes:
        return False
    return viewer.member_id == topic.user_id or viewer.is_manager or ctx.now >= due_at(ctx, topic)


def _asked(ctx: InlineContext, topic_id: int) -> dict[int, str]:
    here = (invitations.c.site == ctx.site, invitations.c.topic_id == topic_id)
    rows = ctx.db.execute(select(invitations.c.member_id, invitations.c.state).where(*here))
    return {int(member): str(state) for member, state in rows}


def _of_invitation(ctx: InlineContext, state: str | None, lang: str) -> str:
    """A yes is told; whoever said no is simply not among the names any more."""
    if state is None:
        return ""
    return ctx.say("beside.accepted" if state == "accepted" else "beside.asked", lang)


def _of_language(ctx: InlineContext, person: Person, lang: str) -> str:
    if not person.member.lang or person.member.lang == lang:
        return ""
    language = ctx.say(f"beside.in_{person.member.lang}", lang) if person.member.lang in NAMED else ""
    return ctx.say("beside.writes", lang, language=language) if language else ""
