"""Name people for a topic: a message to the asker by default, a public reply or a whisper where a category wants it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from connector.records import StoredTopic
from plugins.doors import Context
from plugins.doors import Evidence as Proof
from plugins.expert_finder.consent import asked_lately
from plugins.expert_finder.holdback import answered, is_due, is_question
from plugins.expert_finder.suggesting import Person, people_for
from plugins.expert_finder.tables import suggestions
from plugins.expert_finder.wording import listed, reason
from plugins.voice.escaping import link

LAPSES = timedelta(days=7)
SCANNED = timedelta(days=14)
LOOK_AGAIN = timedelta(hours=6)


def name_where_due(ctx: Context) -> None:
    """All unanswered questions whose time has come; one handler run, each topic once."""
    since = ctx.now - SCANNED
    audience = ctx.archive.audience_public()
    for topic in ctx.archive.topics(audience, since=since, until=ctx.now, unanswered=True, limit=500):
        consider(ctx, topic)


def consider(ctx: Context, topic: StoredTopic) -> bool:
    """Name people for this unanswered topic if it is a question whose time has come; True when an act was asked for."""
    if topic.user_id is None or topic.user_id <= 0 or not is_due(ctx, topic):
        return False
    posts = list(ctx.archive.posts_of_topic(topic.id))
    opening = next((post for post in posts if post.post_number == 1), None)
    if opening is None or not is_question(topic.title, opening.text):
        return False
    if _named(ctx, topic.id) or asked_lately(ctx, topic.user_id) >= ctx.settings.per_asker:
        return False
    if ctx.consent.opted_out(topic.user_id):
        return False
    place = ctx.settings_for(topic.category_id).place
    if place == "nothing" or _lately_in_vain(ctx, topic.id):
        return False
    people = people_for(ctx, topic, public=place != "message")
    if not people:
        _in_vain[_key(ctx, topic.id)] = ctx.now
        return False
    _ask(ctx, topic, people, place)
    _note(ctx, topic, people)
    return True


def _lately_in_vain(ctx: Context, topic_id: int) -> bool:
    """Ranking is the dear part: where nobody was found, nobody will be found ten minutes later either."""
    last = _in_vain.get(_key(ctx, topic_id))
    return last is not None and timedelta(0) <= ctx.now - last < LOOK_AGAIN


def _key(ctx: Context, topic_id: int) -> tuple[str, int]:
    return str(ctx.data_dir), topic_id


_in_vain: dict[tuple[str, int], datetime] = {}
"""When nobody was found for a topic, by installation; only this process's memory of what it need not repeat."""


def once_of(topic_id: int) -> str:
    return f"names:{topic_id}"


def _ask(ctx: Context, topic: StoredTopic, people: Sequence[Person], place: str) -> None:
    asker = topic.user_id or 0
    once = once_of(topic.id)
    about = [person.member.id for person in people]
    proofs = [proof for person in people for proof in person.links]
    expires = ctx.now + LAPSES
    why = ctx.say("names.why")
    if place == "message":
        title = ctx.say("names.title", asker, topic=topic.title)
        text = message_text(ctx, topic, people)
        ctx.forum.message(asker, title, text, once=once, why=why, evidence=proofs, topic=topic.id, about=about,
                          expires=expires, rule="message")  # fmt: skip
    else:
        text = public_text(ctx, people)
        ctx.forum.reply(topic.id, text, once=once, why=why, evidence=proofs, whisper=place == "whisper",
                        about=about, expires=expires, rule=place)  # fmt: skip


def message_text(ctx: Context, topic: StoredTopic, people: Sequence[Person]) -> str:
    """The message to the asker, in his language."""
    asker = topic.user_id or 0
    shown = link(topic.title, f"/t/{topic.id}")
    names = listed(ctx, people, asker)
    parts = [
        ctx.say("names.intro", asker, topic=shown),
        names,
        ctx.say("names.outro", asker),
        ctx.consent.feedback_links(once_of(topic.id), asker, ("useful", "not_useful", "never")),
    ]
    return "\n\n".join(part for part in parts if part)


def public_text(ctx: Context, people: Sequence[Person]) -> str:
    """The reply that everybody reads, in the site's language."""
    return "\n\n".join([ctx.say("public.intro"), listed(ctx, people, None), ctx.say("public.outro")])


def _named(ctx: Context, topic_id: int) -> bool:
    found = ctx.db.execute(select(suggestions.c.id).where(suggestions.c.topic_id == topic_id).limit(1)).first()
    return found is not None or ctx.forum.act(once_of(topic_id)) is not None


def _note(ctx: Context, topic: StoredTopic, people: Sequence[Person]) -> None:
    for place, person in enumerate(people, start=1):
        ctx.db.execute(
            suggestions.insert().values(
                topic_id=topic.id, asker_id=topic.user_id, member_id=person.member.id, at=ctx.now, place=place,
                apprentice=person.apprentice, reason=str(reason(ctx, person, None))[:400], state="named",
            )
        )  # fmt: skip


def withdraw_if_answered(ctx: Context, topic: StoredTopic) -> None:
    """A public reply goes once somebody has answered, where the category wants it so; a message stays."""
    act = ctx.forum.act(once_of(topic.id))
    if act is None or act.verb != "reply" or not ctx.settings_for(topic.category_id).withdraw:
        return
    if topic.user_id is not None and answered(list(ctx.archive.posts_of_topic(topic.id)), topic.user_id, act.post_id):
        ctx.forum.delete_own(once_of(topic.id), once=f"withdraw:{topic.id}", why=ctx.say("withdraw.why"))
        named = suggestions.c.topic_id == topic.id
        ctx.db.execute(update(suggestions).where(named, suggestions.c.state == "named").values(state="withdrawn"))


def name_others(ctx: Context, topic: StoredTopic, member_id: int, state: str) -> None:
    """One of those named said no: he leaves the list and the next in line comes in; nobody is told who left.

    A public reply is edited, and so is a message that was not read yet by anybody but its asker: the asker simply sees
    other names. Where nobody is left, what was said is withdrawn.
    """
    row = (suggestions.c.topic_id == topic.id) & (suggestions.c.member_id == member_id)
    changed = ctx.db.execute(update(suggestions).where(row, suggestions.c.state == "named").values(state=state))
    act = ctx.forum.act(once_of(topic.id))
    if not getattr(changed, "rowcount", 0) or act is None or topic.user_id is None:
        return
    gone = ctx.db.execute(
        select(suggestions.c.member_id).where(suggestions.c.topic_id == topic.id, suggestions.c.state != "named")
    )
    without = {int(one) for (one,) in gone}
    public = act.verb == "reply"
    people = people_for(ctx, topic, public=public, without=without)
    count = len(without)
    if not people:
        ctx.forum.delete_own(once_of(topic.id), once=f"nobody:{topic.id}:{count}", why=ctx.say("withdraw.why"))
        return
    text = public_text(ctx, people) if public else message_text(ctx, topic, people)
    proofs: list[Proof] = [proof for person in people for proof in person.links]
    ctx.forum.edit(once_of(topic.id), text, once=f"others:{topic.id}:{count}", why=ctx.say("others.why"),
                   evidence=proofs, about=[person.member.id for person in people])  # fmt: skip
    still = suggestions.c.topic_id == topic.id
    ctx.db.execute(delete(suggestions).where(still, suggestions.c.state == "named"))
    _note(ctx, topic, people)
