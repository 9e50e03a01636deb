"""People worked out ahead for open questions, so that a page that is read need not wait for a ranking.

The worker ranks; the web process only reads the rows and asks again whether each may be named now.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, select

from connector.records import StoredTopic
from plugins.doors import Context, InlineContext
from plugins.doors import Evidence as Proof
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.consent import willing_for
from plugins.expert_finder.holdback import answered, is_question
from plugins.expert_finder.knowledge import StillReadingError
from plugins.expert_finder.suggesting import Person, people_for
from plugins.expert_finder.tables import prepared, suggestions

SPARE = 3
"""People prepared beyond those who are shown: somebody may say no meanwhile."""
STANDS = timedelta(days=3)
"""How long people stay prepared: who may be named is asked anew each time, only the ranking is kept."""
NOBODY = 0
"""The member id of the row that says: looked, and found nobody."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A row: the member, his posts that speak for him as (topic, post number), his part of the question."""

    member_id: int
    links: Sequence[tuple[int, int | None]]
    part: Sequence[str]


def prepare_where_missing(ctx: Context, topics: Iterable[StoredTopic], until: float) -> None:
    """Rank for these open questions where nobody is known yet; once `time.monotonic()` is `until` the others wait."""
    fresh = {
        int(topic)
        for topic in ctx.db.execute(
            select(prepared.c.topic_id).where(prepared.c.site == ctx.site, prepared.c.at > ctx.now - STANDS)
        ).scalars()
    }
    for topic in topics:
        if time.monotonic() >= until:
            return
        if topic.id not in fresh and is_open_question(ctx, topic):
            try:
                prepare(ctx, topic)
            except StillReadingError:
                return


def prepare(ctx: Context, topic: StoredTopic) -> None:
    """Rank for this topic and keep who was found. Raises `StillReadingError` while the past is being read."""
    people = people_for(ctx, topic, slots=ctx.settings_for(topic.category_id).names + SPARE)
    ctx.db.execute(delete(prepared).where(prepared.c.site == ctx.site, prepared.c.topic_id == topic.id))
    rows = [
        {
            "site": ctx.site,
            "topic_id": topic.id,
            "member_id": person.member.id,
            "place": place,
            "links": person.pairs,
            "part": list(person.part),
            "at": ctx.now,
        }
        for place, person in enumerate(people, start=1)
    ]
    nobody = {"site": ctx.site, "topic_id": topic.id, "member_id": NOBODY, "place": 0, "links": [], "part": []}
    ctx.db.execute(insert(prepared), rows or [nobody | {"at": ctx.now}])


def is_open_question(ctx: InlineContext, topic: StoredTopic) -> bool:
    """Somebody asks for something here, nobody has answered, and the topic still takes answers."""
    if topic.closed or topic.archived or not topic.visible or topic.solved_post_id is not None:
        return False
    posts = ctx.archive.posts_of_topic(topic.id)
    opening = next((post for post in posts if post.post_number == 1), None)
    if opening is None or topic.user_id is None or not is_question(topic.title, opening.text):
        return False
    return not answered(posts, topic.user_id, person_in(ctx.archive))


def people_ready(ctx: InlineContext, topic: StoredTopic, *, without: Sequence[int] = ()) -> list[Person]:
    """Who may be named for this topic now: those named already, else those prepared; each asked for anew."""
    willing = willing_for(ctx, topic, without=without)
    most = int(ctx.settings_for(topic.category_id).names)
    people: list[Person] = []
    for row in _rows(ctx, topic.id):
        member = willing.member(int(row.member_id)) if len(people) < most else None
        links = willing.shown(row.member_id, [_proof(ctx, int(number), post) for number, post in row.links])
        if member is not None and links:
            people.append(Person(member, links, tuple(row.part)))
    return people


def _rows(ctx: InlineContext, topic_id: int) -> list[Prepared]:
    here = (suggestions.c.site == ctx.site, suggestions.c.topic_id == topic_id, suggestions.c.state == "named")
    named = select(suggestions.c.member_id, suggestions.c.links).where(*here).order_by(suggestions.c.place)
    first = [Prepared(row.member_id, row.links, ()) for row in ctx.db.execute(named)]
    ahead = select(prepared).where(prepared.c.site == ctx.site, prepared.c.topic_id == topic_id)
    known = {one.member_id for one in first}
    rows = ctx.db.execute(ahead.where(prepared.c.member_id != NOBODY).order_by(prepared.c.place))
    return [*first, *(Prepared(row.member_id, row.links, row.part) for row in rows if row.member_id not in known)]


def _proof(ctx: InlineContext, topic_id: int, post_number: int | None) -> Proof:
    topic = ctx.archive.topic(topic_id)
    return Proof(topic_id, post_number, topic.title if topic is not None else "")
