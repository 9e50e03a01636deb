"""Name people for a topic: a message to the asker by default, a public reply or a whisper where a category wants it."""

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from connector.records import StoredTopic
from plugins.doors import Context
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.consent import asked_lately
from plugins.expert_finder.holdback import answered, is_due, is_question
from plugins.expert_finder.knowledge import StillReadingError
from plugins.expert_finder.suggesting import Person, people_for
from plugins.expert_finder.tables import suggestions
from plugins.expert_finder.wording import message_text, proofs_of, public_text

LAPSES = timedelta(days=7)
SCANNED = timedelta(days=14)
LOOK_AGAIN = timedelta(hours=6)
PREFIX = "names:"


def name_where_due(ctx: Context, topics: Iterable[StoredTopic], until: float) -> None:
    """Those of these unanswered questions whose time has come, each once, while `time.monotonic()` is below `until`."""
    for topic in topics:
        if time.monotonic() >= until:
            ctx.log.info("more questions are due than one turn has time for")
            return
        try:
            consider(ctx, topic)
        except StillReadingError as error:
            ctx.log.info("the past is still being read", posts=error.read)
            return


def waiting(ctx: Context) -> Iterator[StoredTopic]:
    """Unanswered topics of the last days: the public ones, then those of each restricted room that was opted in."""
    since = ctx.now - SCANNED
    yield from ctx.archive.topics(ctx.archive.audience_public(), since=since, until=ctx.now, unanswered=True, limit=500)
    for category in ctx.archive.categories():
        if category.visibility.startswith("cat:"):
            yield from ctx.archive.topics(
                ctx.archive.audience_of_category(category.id), since=since, until=ctx.now, category_id=category.id,
                unanswered=True, limit=100,
            )  # fmt: skip


def consider(ctx: Context, topic: StoredTopic) -> bool:
    """Name people for this unanswered topic if it is a question whose time has come; True when an act was asked for."""
    is_person = person_in(ctx.archive)
    if topic.user_id is None or not is_person(topic.user_id) or not is_due(ctx, topic):
        return False
    posts = ctx.archive.posts_of_topic(topic.id)
    opening = next((post for post in posts if post.post_number == 1), None)
    if opening is None or not is_question(topic.title, opening.text) or answered(posts, topic.user_id, is_person):
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


def _key(ctx: Context, topic_id: int) -> tuple[str, int, int]:
    return str(ctx.data_dir), ctx.site, topic_id


_in_vain: dict[tuple[str, int, int], datetime] = {}
"""When nobody was found for a topic, by installation; only this process's memory of what it need not repeat."""


def once_of(topic_id: int) -> str:
    return f"{PREFIX}{topic_id}"


def _ask(ctx: Context, topic: StoredTopic, people: Sequence[Person], place: str) -> None:
    asker = topic.user_id or 0
    once, proofs = once_of(topic.id), proofs_of(people)
    why = ctx.say("names.why", asker) if place == "message" else ctx.say("names.why")
    about = [person.member.id for person in people]
    expires = ctx.now + LAPSES
    if place == "message":
        title = ctx.say("names.title", asker, topic=topic.title)
        text = message_text(ctx, topic, people, once)
        ctx.forum.message(asker, title, text, once=once, why=why, evidence=proofs, topic=topic.id, about=about,
                          expires=expires, rule="message")  # fmt: skip
    else:
        text = public_text(ctx, people)
        ctx.forum.reply(topic.id, text, once=once, why=why, evidence=proofs, whisper=place == "whisper",
                        about=about, expires=expires, rule=place)  # fmt: skip


def _named(ctx: Context, topic_id: int) -> bool:
    found = ctx.db.execute(select(suggestions.c.id).where(_of(ctx, topic_id)).limit(1)).first()
    return found is not None or ctx.forum.act(once_of(topic_id)) is not None


def _of(ctx: Context, topic_id: int) -> ColumnElement[bool]:
    return and_(suggestions.c.site == ctx.site, suggestions.c.topic_id == topic_id)


def _note(ctx: Context, topic: StoredTopic, people: Sequence[Person]) -> None:
    """Keep who was named; whoever stood there before stays as he was, with his day."""
    rows = ctx.db.execute(select(suggestions.c.member_id, suggestions.c.state).where(_of(ctx, topic.id))).all()
    before = {int(member): str(state) for member, state in rows}
    still = {person.member.id for person in people}
    gone = [member for member, state in before.items() if state == "named" and member not in still]
    ctx.db.execute(delete(suggestions).where(_of(ctx, topic.id), suggestions.c.member_id.in_(gone)))
    for place, person in enumerate(people, start=1):
        facts = {
            "place": place,
            "apprentice": person.apprentice,
            "links": person.pairs,
            "state": "named",
        }
        mine = suggestions.c.member_id == person.member.id
        if person.member.id in before:
            ctx.db.execute(update(suggestions).where(_of(ctx, topic.id), mine).values(facts))
        else:
            who = {"site": ctx.site, "topic_id": topic.id, "asker_id": topic.user_id, "member_id": person.member.id}
            ctx.db.execute(insert(suggestions).values(**who, at=ctx.now, **facts))


def withdraw_if_answered(ctx: Context, topic: StoredTopic) -> None:
    """A public reply goes once somebody has answered, where the category wants it so; a message stays."""
    act = ctx.forum.act(once_of(topic.id))
    if act is None or act.verb != "reply" or not ctx.settings_for(topic.category_id).withdraw:
        return
    posts = [post for post in ctx.archive.posts_of_topic(topic.id) if post.id != act.post_id]
    if topic.user_id is not None and answered(posts, topic.user_id, person_in(ctx.archive)):
        ctx.forum.delete_own(once_of(topic.id), once=f"withdraw:{topic.id}", why=ctx.say("withdraw.why"))
        live = suggestions.c.state == "named"
        ctx.db.execute(update(suggestions).where(_of(ctx, topic.id), live).values(state="withdrawn"))


def name_others(ctx: Context, topic: StoredTopic, member_id: int) -> None:
    """One of those named said no: he leaves the list and the next in line comes in; nobody is told who left.

    What was said is edited, be it a reply or a message: the asker simply sees other names. Where nobody is left, a
    reply is withdrawn; a message, which the forum does not let its author take back, says that nobody is free.
    """
    his = and_(_of(ctx, topic.id), suggestions.c.member_id == member_id, suggestions.c.state == "named")
    stood = ctx.db.execute(select(suggestions.c.id).where(his)).first() is not None
    ctx.db.execute(update(suggestions).where(his).values(state="declined"))
    act = ctx.forum.act(once_of(topic.id))
    if not stood or act is None or topic.user_id is None:
        return
    rows = select(suggestions.c.member_id).where(_of(ctx, topic.id), suggestions.c.state == "declined")
    without = {int(one) for one in ctx.db.execute(rows).scalars()}
    public = act.verb == "reply"
    people = people_for(ctx, topic, public=public, without=without)
    if public and not people:
        key = f"nobody:{topic.id}:{len(without)}"
        ctx.forum.delete_own(once_of(topic.id), once=key, why=ctx.say("withdraw.why"))
        return
    text = public_text(ctx, people) if public else message_text(ctx, topic, people, once_of(topic.id))
    ctx.forum.edit(once_of(topic.id), text, once=f"others:{topic.id}:{len(without)}", why=ctx.say("others.why"),
                   evidence=proofs_of(people), about=[person.member.id for person in people])  # fmt: skip
    _note(ctx, topic, people)
