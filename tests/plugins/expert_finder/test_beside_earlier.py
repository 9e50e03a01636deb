"""Beside a text: the same question answered before, and the same problem in another room."""

from datetime import timedelta

import pytest

from connector.records import StoredMember
from plugins.expert_finder import plugin
from plugins.inline import Draft, Suggestion
from plugins.testing import Bench

TITLE = "Pump loses pressure at night?"
TEXT = "Hello, our hydraulic pump loses pressure at night and the valve whistles. What can we check first?"


@pytest.fixture
def forum() -> tuple[Bench, dict[str, StoredMember]]:
    bench = Bench(plugin, lang="en")
    people = {name: bench.add_member(name, name=name.title()) for name in ("ana", "bo", "cy", "dee", "eve")}
    rooms = {name: bench.add_category(name) for name in ("Workshop & Co.", "Maintenance")}
    closed = bench.add_category("Board", groups=("board",))
    subjects = ("ledger closing month", "welding wire gas", "holiday planning board", "forklift battery charge")
    for number in range(40):
        at = bench.now - timedelta(days=200 - number)
        subject = subjects[number % 4]
        topic = bench.add_topic(people["ana"], f"About {subject} {number}?", f"How do we do {subject}?", at=at,
                                category=rooms["Workshop & Co."])  # fmt: skip
        bench.add_post(topic, people["bo"], f"We do {subject} on Fridays.", at=at + timedelta(hours=3))
    at = bench.now - timedelta(days=30)
    solved = bench.add_topic(
        people["ana"], "Hydraulic pump without pressure", TEXT, at=at, category=rooms["Workshop & Co."]
    )
    bench.accept(bench.add_post(solved, people["bo"], "Bleed the valve of the pump.", at=at + timedelta(hours=1)))
    secret = bench.add_topic(people["cy"], "Hydraulic pump pressure, board only", TEXT, at=at, category=closed)
    bench.add_post(secret, people["cy"], "Nobody may know of the pump.", at=at + timedelta(hours=1))
    return bench, people


def beside(bench: Bench, place: str, member: StoredMember | None, **draft: object) -> dict[str, Suggestion]:
    viewer = bench.viewer(member)
    found = bench.inline(place, Draft(place, viewer, **draft))  # type: ignore[arg-type]
    return {one.key.split(":")[0]: one for one in found if one.kind == "topics"}


def test_while_asking_the_answered_question_is_shown_first(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """The writer sees the earlier topic with its answer's post; a passer-by too, where the forum is open."""
    bench, people = forum
    for reader in (people["dee"], None):
        found = beside(bench, "composer", reader, title=TITLE, text=TEXT, action="new_topic")["similar"]
        assert found.links[0].title == "Hydraulic pump without pressure"
        assert found.links[0].post_number == 2
        assert "answered" in found.title


def test_what_a_reader_may_not_open_is_not_hinted_at(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """Topics of a closed room appear for its members alone, who write in it: no link, no words, no count for others."""
    bench, people = forum
    insider = bench.add_member("ina", groups=("board",))
    room = next(one.id for one in bench.world.categories.values() if one.name == "Board")

    def titles(member: StoredMember, category_id: int | None) -> list[str]:
        found = beside(bench, "composer", member, title=TITLE, text=TEXT, action="new_topic", category_id=category_id)
        return [link.title for one in found.values() for link in one.links]

    assert any("board only" in title for title in titles(insider, room))
    assert titles(people["dee"], room) == []
    assert not any("board only" in title for title in [*titles(people["dee"], None), *titles(insider, None)])


def test_a_draft_about_something_new_shows_nothing(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """No far-fetched topics just to fill the place, and nothing in replies."""
    bench, people = forum
    assert not beside(bench, "composer", people["dee"], title="Origami cranes?", text="Paper folding cranes?",
                      action="new_topic")  # fmt: skip
    assert not beside(bench, "composer", people["dee"], title=TITLE, text=TEXT, action="reply")


def test_an_open_question_shows_where_it_was_answered(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """Readers of an unanswered topic see the same question answered before; once it is answered, no more."""
    bench, people = forum
    topic = bench.add_topic(people["dee"], TITLE, TEXT)
    assert beside(bench, "topic", people["eve"], topic_id=topic.id)["before"].links[0].post_number == 2
    bench.add_post(topic, people["eve"], "Check the valve.")
    assert "before" not in beside(bench, "topic", people["eve"], topic_id=topic.id)


def test_the_same_problem_elsewhere_links_rooms_whose_people_have_not_met(
    forum: tuple[Bench, dict[str, StoredMember]],
) -> None:
    """Two rooms, one problem, no shared participant: linked, under the name of the room as it is; once somebody writes
    in both, no longer.
    """
    bench, people = forum
    room = next(one.id for one in bench.world.categories.values() if one.name == "Maintenance")
    topic = bench.add_topic(people["dee"], TITLE, TEXT, category=room)
    bench.add_post(topic, people["eve"], "The same pump here, we look into it.")
    found = beside(bench, "topic", people["dee"], topic_id=topic.id)["elsewhere"]
    assert "Workshop & Co." in found.title
    bench.add_post(topic, people["bo"], "We had this in the workshop.")
    assert "elsewhere" not in beside(bench, "topic", people["dee"], topic_id=topic.id)
