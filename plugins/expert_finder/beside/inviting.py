"""Asking somebody to look at a question: one polite message under his own budget, and a no that nobody sees."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, delete, func, insert, select, update

from connector.records import StoredTopic
from plugins.doors import Context, Verdict
from plugins.doors import Evidence as Proof
from plugins.expert_finder.beside.prepared import is_open_question, people_ready
from plugins.expert_finder.consent import willing_for
from plugins.expert_finder.naming import LAPSES
from plugins.expert_finder.suggesting import Person
from plugins.expert_finder.tables import invitations, prepared, suggestions
from plugins.expert_finder.wording import links_of, name_of, proofs_of
from plugins.inline import Taken
from plugins.voice.escaping import link

PREFIX = "invite:"
ANSWERS = ("accept", "not_here", "not_now", "never")
MOST = 3
"""People asked for one question, whoever passes it on."""
PATIENCE = timedelta(hours=2)
"""How long a wish made while writing waits for its topic."""


def invite(taken: Taken, ctx: Context) -> str:
    """A member clicked "ask": the sentence said to him. While he still writes, the wish waits for his topic."""
    member_id, asker = int(taken.data["member"]), taken.member_id
    if taken.topic_id is None:
        return _keep_for_later(ctx, asker, member_id, taken.data.get("links", []))
    topic = ctx.archive.topic(taken.topic_id)
    if topic is None or not is_open_question(ctx, topic):
        return ctx.say("invited.too_late", asker)
    invited = _invited(ctx, topic.id)
    if member_id in invited:
        return ctx.say("invited.already", asker)
    people = {person.member.id: person for person in people_ready(ctx, topic)}
    if member_id not in people or len(invited) >= MOST:
        return ctx.say("invited.not_free", asker)
    state = _ask(ctx, topic, people[member_id], asker)
    return ctx.say(
        "invited.proposed" if state == "proposed" else "invited.sent", asker, name=name_of(people[member_id].member)
    )


def topic_came(ctx: Context, topic: StoredTopic) -> None:
    """The topic a member was writing is there: those he wished to ask while writing it are asked now."""
    if topic.user_id is None or topic.posts_count > 1:
        return
    mine = (invitations.c.site == ctx.site, invitations.c.asker_id == topic.user_id, invitations.c.topic_id.is_(None))
    since = ctx.now - PATIENCE
    wished = ctx.db.execute(select(invitations).where(*mine, invitations.c.at > since)).all()
    ctx.db.execute(delete(invitations).where(*mine))
    for row in wished[:MOST]:
        person = _still_free(ctx, topic, int(row.member_id), row.links)
        if person is not None:
            _ask(ctx, topic, person, topic.user_id)


def heard(ctx: Context, verdict: Verdict) -> None:
    """An invited member answered: yes is kept and shown; "pass it on" asks the next; no other no is told anybody."""
    topic_id, member_id = topic_of(verdict.once), verdict.member_id
    if topic_id is None or member_id not in _invited(ctx, topic_id):
        return
    state = {"accept": "accepted", "useful": "accepted", "not_here": "passed"}.get(verdict.answer, "declined")
    ctx.db.execute(update(invitations).where(_one(ctx, topic_id, member_id)).values(state=state))
    topic = ctx.archive.topic(topic_id)
    if verdict.answer == "not_here" and topic is not None and topic.user_id is not None:
        _pass_on(ctx, topic)


def topic_of(once: str) -> int | None:
    """The topic that an invitation is about; None for another act."""
    parts = once.removeprefix(PREFIX).split(":")
    return int(parts[0]) if once.startswith(PREFIX) and parts[0].isdigit() else None


def forget(ctx: Context, member_id: int) -> None:
    """Every row about a member goes."""
    his = (invitations.c.member_id == member_id) | (invitations.c.asker_id == member_id)
    ctx.db.execute(delete(invitations).where(invitations.c.site == ctx.site, his))
    ctx.db.execute(delete(prepared).where(prepared.c.site == ctx.site, prepared.c.member_id == member_id))


def _pass_on(ctx: Context, topic: StoredTopic) -> None:
    already = _invited(ctx, topic.id)
    if len(already) >= MOST or not is_open_question(ctx, topic):
        return
    for person in people_ready(ctx, topic, without=sorted(already)):
        _ask(ctx, topic, person, topic.user_id or 0)
        return


def _ask(ctx: Context, topic: StoredTopic, person: Person, asker: int) -> str:
    """Queue the message and count it; the state of the act."""
    member_id = person.member.id
    once = f"{PREFIX}{topic.id}:{member_id}"
    who = ctx.archive.member(topic.user_id) if topic.user_id is not None else None
    parts = [
        ctx.say("invite.text", member_id, name=name_of(who) if who else "",
                topic=link(topic.title, f"/t/{topic.id}"), links=links_of(person.links)),
        ctx.say("invite.free", member_id),
        ctx.consent.feedback_links(once, member_id, ANSWERS),
    ]  # fmt: skip
    act = ctx.forum.message(
        member_id, ctx.say("invite.title", member_id, topic=topic.title), "\n\n".join(parts), once=once,
        why=ctx.say("invite.why", member_id), evidence=proofs_of([person]), topic=topic.id, about=[member_id],
        expires=ctx.now + LAPSES, rule="invite",
    )  # fmt: skip
    facts = {"site": ctx.site, "asker_id": asker, "member_id": member_id, "topic_id": topic.id}
    if member_id not in _invited(ctx, topic.id):
        ctx.db.execute(insert(invitations).values(**facts, at=ctx.now, state="asked"))
    _count(ctx, topic, person)
    return act.state


def _count(ctx: Context, topic: StoredTopic, person: Person) -> None:
    """An invitation is a suggestion like any other: it stands on his page and in his budget."""
    here = and_(suggestions.c.site == ctx.site, suggestions.c.topic_id == topic.id)
    his = and_(here, suggestions.c.member_id == person.member.id)
    if ctx.db.execute(select(suggestions.c.id).where(his)).first() is not None:
        return
    place = int(ctx.db.execute(select(func.coalesce(func.max(suggestions.c.place), 0)).where(here)).scalar_one()) + 1
    ctx.db.execute(
        insert(suggestions).values(
            site=ctx.site, topic_id=topic.id, asker_id=topic.user_id, member_id=person.member.id, at=ctx.now,
            place=place, apprentice=False, state="named",
            links=person.pairs,
        )
    )  # fmt: skip


def _keep_for_later(ctx: Context, asker: int, member_id: int, links: Sequence[tuple[int, int | None]]) -> str:
    mine = (invitations.c.site == ctx.site, invitations.c.asker_id == asker, invitations.c.topic_id.is_(None))
    ctx.db.execute(delete(invitations).where(*mine, invitations.c.at <= ctx.now - PATIENCE))
    wished = set(ctx.db.execute(select(invitations.c.member_id).where(*mine)).scalars())
    if member_id not in wished and len(wished) < MOST:
        facts = {"site": ctx.site, "asker_id": asker, "member_id": member_id, "topic_id": None}
        ctx.db.execute(insert(invitations).values(**facts, links=list(links), at=ctx.now, state="wished"))
    return ctx.say("invited.once_posted", asker)


def _still_free(
    ctx: Context, topic: StoredTopic, member_id: int, links: Sequence[tuple[int, int | None]]
) -> Person | None:
    """Somebody wished for while writing, with what every reader of the topic may open of his."""
    member = willing_for(ctx, topic).member(member_id)
    classes = ctx.archive.audience_of_topic(topic.id).classes
    proofs = []
    for number, post in links:
        found = ctx.archive.topic(number)
        if found is not None and found.visible and found.visibility in classes:
            proofs.append(Proof(number, post, found.title))
    return Person(member, tuple(proofs)) if member is not None and proofs else None


def _invited(ctx: Context, topic_id: int) -> set[int]:
    here = (invitations.c.site == ctx.site, invitations.c.topic_id == topic_id)
    return {int(one) for one in ctx.db.execute(select(invitations.c.member_id).where(*here)).scalars()}


def _one(ctx: Context, topic_id: int, member_id: int) -> ColumnElement[bool]:
    return and_(
        invitations.c.site == ctx.site, invitations.c.topic_id == topic_id, invitations.c.member_id == member_id
    )
