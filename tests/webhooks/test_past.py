"""A replay looks at the past with the eyes of then: nothing later is read, nothing is said, nothing is kept."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from tests.webhooks.place import Place
from webhooks.past import PastArchive
from webhooks.replay import replay

LATER = datetime.max.replace(tzinfo=UTC)


def watchful(seen: list[tuple[datetime, datetime, str]]) -> Plugin:
    """At each event and every day it reads all it can, notes what is dated, and says what it found."""
    plugin = Plugin("watchful", about="Reads everything.")

    def look(ctx: Any, topic_id: int | None) -> str:
        archive, everybody = ctx.archive, ctx.archive.audience_public()
        posts = [*archive.all_posts(everybody), *(hit for hit in archive.search("tree", everybody, per="post").hits)]
        topics = list(archive.topics(everybody))
        members = list(archive.members())
        for member in members:
            posts += archive.posts_of_member(member.id, everybody, limit=3)
        for topic in topics:
            posts += archive.posts_of_topic(topic.id)
            fresh = ctx.forum.topic(topic.id)
            posts += fresh.posts
        for post in posts:
            seen.append((ctx.now, post.created_at, "post"))
            # What bears no date is known only later, if at all.
            if getattr(post, "accepted", False) or getattr(post, "like_count", 0):
                seen.append((ctx.now, LATER, "like or acceptance"))
        for topic in topics:
            seen.extend((ctx.now, moment, "topic") for moment in (topic.created_at, topic.last_posted_at) if moment)
            if topic.solved_post_id is not None:
                seen.append((ctx.now, LATER, "accepted answer"))
        for member in members:
            seen.extend((ctx.now, at, "member") for at in (member.created_at, member.last_seen_at) if at)
        return f"{len(topics)} topics, {len({post.id for post in archive.all_posts(everybody)})} posts"

    @plugin.on("topic_created")
    def hear(event: Any, ctx: Any) -> None:
        topic = event.topic()
        ctx.forum.reply(topic.id, f"I see {look(ctx, topic.id)}.", once=f"t:{topic.id}", why="A new topic.")

    @plugin.every(cron="0 7 * * *")
    def daily(ctx: Any) -> None:
        look(ctx, None)

    return plugin


class Wire:
    """Counts what is asked of the forum."""

    def __init__(self, place: Place) -> None:
        self.count = 0
        self._app: Callable[[Any, Any], Iterable[bytes]] = place.server.app.wsgi_app
        place.server.app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start: Any) -> Iterable[bytes]:
        self.count += 1
        return self._app(environ, start)


@pytest.fixture
def seen() -> list[tuple[datetime, datetime, str]]:
    return []


def test_a_replay_says_what_was_said_at_the_time(
    tmp_path: Path, database_url: str, seen: list[tuple[datetime, datetime, str]]
) -> None:
    """What a plugin noted while it watched, a replay notes again after a week of answers, likes and newcomers: the same
    acts in the same words; nothing later was read, the forum was not asked, and nothing was posted or kept.
    """
    with Place(tmp_path, database_url, (watchful(seen),)) as place:
        forum = place.forum
        omar = forum.add_member("omar")
        for number in range(4):
            topic = place.ask(f"Question number {number} about an old tree")
            place.settle()
            place.pass_time(hours=5)
            answer = omar.reply(topic, f"Begin with the dead wood of the tree, says number {number}.")
            forum.as_member("lea").like(answer)
            place.pass_time(hours=30)
        watched = [(act["topic_id"], act["text"]) for act in place.acts(plugin="watchful")]
        assert len(watched) == 4
        newcomer = forum.add_member("nina")
        newcomer.reply(topic, "I am new here, and I would wait until the tree sleeps.")
        place.pass_time(days=1)

        seen.clear()
        before, posts, wire = place.acts(), len(place.bot_posts()), Wire(place)
        found = replay(place.service, place.service.registry.plugins["watchful"], days=12)

        assert found.failures == []
        assert [(case.topic_id, case.text) for case in found.cases] == watched
        assert [(now, what) for now, at, what in seen if at > now] == []
        assert len(seen) > 100
        assert wire.count == 0
        assert (place.acts(), len(place.bot_posts())) == (before, posts)


def test_what_was_written_long_ago_is_found_behind_what_came_later(tmp_path: Path) -> None:
    """Somebody who has written much since is known in the past by what stood there then."""
    with Place(tmp_path) as place:
        place.forum.set(max_topics_per_day=0)
        first = place.ask("Question number one about an old tree")
        place.settle()
        then = place.service.clock.now() + timedelta(minutes=1)
        place.pass_time(hours=1)
        for number in range(9):
            place.ask(f"Another question, number {number}, about something else")
            place.pass_time(minutes=10)
        place.settle()
        past = PastArchive(place.service.archive, then)
        lea = place.forum.as_member("lea").id

        assert [post.topic_id for post in past.posts_of_member(lea, past.audience_public(), limit=2)] == [first]
        assert [topic.id for topic in past.topics(past.audience_public(), unanswered=True, limit=1)] == [first]


def test_what_changed_by_then_is_what_was_written_by_then(tmp_path: Path) -> None:
    """An index that follows the past meets each post once, in its hour, and none before."""
    with Place(tmp_path) as place:
        place.forum.set(max_topics_per_day=0)
        moments = []
        for number in range(5):
            place.ask(f"Question number {number} about an old tree")
            place.settle()
            moments.append(place.service.clock.now())
            place.pass_time(hours=1)
        past = PastArchive(place.service.archive, moments[0])
        everybody, generation, met = past.audience_public(), -1, []
        for seen, moment in enumerate(moments):
            past.moment, past.seen = moment, seen
            changes = past.changed_since(generation, everybody)
            came = [one.post.created_at for one in changes.posts]
            assert all(at <= moment for at in came)
            met += came
            generation = changes.generation
        assert len(met) == len(set(met)) == len(list(past.all_posts(everybody))) >= 5
