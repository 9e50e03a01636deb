"""What is kept of the past follows the forum: whatever happened, in any order, it says what a fresh reading says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.records import Audience
from plugins.blocks import Notice
from plugins.expert_finder import knowledge as knowing
from plugins.expert_finder import plugin
from plugins.expert_finder.features import portrait
from plugins.expert_finder.knowledge import Knowledge
from plugins.expert_finder.past import Question, seconds
from plugins.expert_finder.similar_ranking import ranked, reasons
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, helpful_forum

MEMBERS = 6
PUBLIC = Audience(frozenset({"public"}))

NUMBER = st.integers(0, 200)


class Happenings:
    """What may happen on a forum; each picks whom and what it is about by a number."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.world = bench.world

    def asks(self, number: int) -> None:
        subject, rooms = sorted(SUBJECTS)[number % 4], sorted(self.world.categories)
        room = rooms[number % len(rooms)]
        self.bench.add_topic(
            self._who(number), f"About {subject}?", f"How do I use {SUBJECTS[subject]}?", category=room
        )

    def asked_long_ago(self, number: int) -> None:
        at = self.bench.now - timedelta(days=1 + number)
        self.bench.add_topic(self._who(number), "It was written long ago and came late", "audit supplier?", at=at)

    def answers(self, number: int) -> None:
        topic = self._topic(number)
        if topic:
            title = self.world.topics[topic].title
            self.bench.add_post(topic, self._who(number // 7), f"See {title}, try {SUBJECTS['kanban']}, case {number}.")

    def edits(self, number: int) -> None:
        if post := self._post(number):
            self.world.change_post(post, text=["sensor drift again", "audit"][number % 2])

    def deletes(self, number: int) -> None:
        if post := self._post(number):
            self.world.remove_post(post)

    def hides(self, number: int) -> None:
        if post := self._post(number):
            self.world.change_post(post, hidden=True)

    def unlists(self, number: int) -> None:
        if topic := self._topic(number):
            self.world.change_topic(topic, visible=False)

    def closes_a_room(self, number: int) -> None:
        room = sorted(self.world.categories)[number % 2]
        self.world.categories[room] = replace(self.world.categories[room], visibility="closed")
        inside = {topic.id for topic in self.world.topics.values() if topic.category_id == room}
        for topic in inside:
            self.world.change_topic(topic, visibility="closed")
        for post in [post.id for post in self.world.posts.values() if post.topic_id in inside]:
            self.world.change_post(post, visibility="closed")

    def leaves(self, number: int) -> None:
        if len(self.world.members) > 2:
            self.world.remove_member(self._who(number))

    def _who(self, number: int) -> int:
        people = sorted(self.world.members)
        return people[number % len(people)]

    def _post(self, number: int) -> int | None:
        posts = sorted(self.world.posts)
        return posts[number % len(posts)] if posts else None

    def _topic(self, number: int) -> int | None:
        topics = sorted(self.world.topics)
        return topics[number % len(topics)] if topics else None


KINDS = ["asks", "asked_long_ago", "answers", "edits", "deletes", "hides", "unlists", "closes_a_room", "leaves"]
OFTEN = ["asks", "answers", "answers", "answers", "is looked at"]


def seen(bench: Bench, known: Knowledge) -> list[Any]:
    """All that people and topics are ranked by, for two questions of this minute."""
    found: list[Any] = []

    def look(ctx: Any) -> None:
        for subject in ("excel", "audit"):
            question = Question(0, 1, seconds(ctx.now), f"About {subject}?", SUBJECTS[subject])
            with known.about_people(ctx) as people:
                vector = people.vector_of(ctx, question)
                drawn = portrait(people.evidence, question, vector)
                order = np.argsort(drawn.ids)
                found.append((drawn.ids[order].tolist(), np.round(drawn.rows[order], 4).tolist(), people.poorer))
                found.append(people.enough)
            with known.about_topics(ctx) as topics:
                ranking = ranked(topics.evidence, question, vector)
                why = reasons(topics.evidence, question, ranking)
                ids = [topics.evidence.topic_ids[place] for place in ranking.places]
                scores = np.round(ranking.scores, 6).tolist()
                found.append(
                    sorted(zip(ids, scores, (why[place].stems for place in ranking.places.tolist()), strict=True))
                )

    bench._read(look)
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(OFTEN + KINDS), NUMBER), min_size=5, max_size=40))
def test_what_is_kept_says_what_a_fresh_reading_says(happenings: list[tuple[str, int]]) -> None:
    """Posts come, late ones too, are edited, hidden, deleted, rooms close and members leave, in any order and however
    often somebody looked meanwhile: people and topics are ranked as if everything were read for the first time.
    """
    bench, known = Bench(plugin), Knowledge(PUBLIC)
    for number in range(MEMBERS):
        bench.add_member(f"member{number}")
    for name in ("Workshop", "Office"):
        bench.add_category(name)
    for kind, number in happenings:
        bench.pass_time(minutes=1)
        if kind == "is looked at":
            seen(bench, known)
        else:
            getattr(Happenings(bench), kind)(number)
    bench.pass_time(minutes=10)
    assert seen(bench, known) == seen(bench, Knowledge(PUBLIC))


def test_a_thread_of_its_own_reads_and_nobody_else_waits() -> None:
    """Where a thread reads the past, whoever asks meanwhile is told at once how far it is, and then is answered."""
    bench, people = helpful_forum()
    bench.archive.generation()
    knowing.known.attended_by_a_thread(bench._read(lambda ctx: ctx))
    (said,) = [one.text for one in bench.page("who-knows", {"q": SUBJECTS["kanban"]}).blocks if isinstance(one, Notice)]
    assert "0 of 0" in said
    assert bench._read(knowing.attend) == (120, 120)
    assert bench.page("who-knows", {"q": SUBJECTS["kanban"]}).about_members[0] == people["karim"].id
    late = bench.add_topic(people["yann"], "Loom question?", "How do I warp a loom?")
    bench.add_post(late, people["xenia"], "Warp the loom from the back beam, thread by thread.")
    bench._read(knowing.attend)
    assert bench._read(knowing.attend) == (122, 122)
