"""While a question is being written: people who may help, and asking them once it is posted."""

import pytest

from connector.records import StoredMember
from plugins.inline import Draft, Suggestion
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, helpful_forum

TITLE = "Excel question?"
TEXT = f"Hello, how do I make a {SUBJECTS['excel']}?"


@pytest.fixture
def forum() -> tuple[Bench, dict[str, StoredMember]]:
    return helpful_forum(lang="en")


def written(bench: Bench, writer: StoredMember | None, title: str = TITLE, text: str = TEXT,
            **more: object) -> list[Suggestion]:  # fmt: skip
    more = {"action": "new_topic"} | more
    draft = Draft("composer", bench.viewer(writer), title=title, text=text, **more)  # type: ignore[arg-type]
    return [one for one in bench.inline("composer", draft) if one.kind == "people"]


def test_a_question_being_written_shows_who_may_help(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """The writer sees people with reasons and links before posting; nothing of the draft is kept."""
    bench, people = forum
    (found,) = written(bench, people["yann"])
    assert people["xavier"].id in {person.id for person in found.people}
    assert people["yann"].id not in {person.id for person in found.people}
    assert all(person.links for person in found.people)
    assert bench.acts == []


@pytest.mark.parametrize("case", ["passer-by", "reply", "too short", "no question"])
def test_nobody_is_named_where_it_would_not_help(forum: tuple[Bench, dict[str, StoredMember]], case: str) -> None:
    """Passers-by, replies, a few letters and texts that ask nothing get no names."""
    bench, people = forum
    if case == "passer-by":
        assert written(bench, None) == []
    elif case == "reply":
        assert written(bench, people["yann"], action="reply") == []
    elif case == "too short":
        assert written(bench, people["yann"], "Excel?", "") == []
    else:
        assert (
            written(bench, people["yann"], "Excel", "Pivot tables are a fine thing, I use them every single day.") == []
        )


def test_who_was_wished_for_is_asked_once_the_topic_is_there(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """Clicking "ask them" in the composer writes to nobody; posting the topic does, once, and says why."""
    bench, people = forum
    (found,) = written(bench, people["yann"])
    offer = next(one for one in found.offers if one.person == people["xavier"].id)
    bench.take(found, offer, people["yann"])
    bench.take(found, offer, people["yann"])
    assert bench.acts == []
    topic = bench.add_topic(people["yann"], TITLE, TEXT)
    bench.run_twice()
    bench.dispatch("topic_created", topic)
    (act,) = bench.acts
    assert (act.member_id, act.topic_id) == (people["xavier"].id, topic.id)


def test_a_wish_is_for_the_topic_being_written_alone(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """A draft that was dropped leaves no wish behind: another topic, hours later, asks nobody."""
    bench, people = forum
    (found,) = written(bench, people["yann"])
    bench.take(found, next(one for one in found.offers if one.person == people["xavier"].id), people["yann"])
    bench.pass_time(hours=3)
    bench.dispatch("topic_created", bench.add_topic(people["yann"], "Anything else?", "How do I book a desk, please?"))
    assert bench.acts == []


def test_a_room_the_writer_does_not_read_gives_nothing(forum: tuple[Bench, dict[str, StoredMember]]) -> None:
    """Whoever pretends to write in a closed room learns nothing of what is said there."""
    bench, people = forum
    room = bench.add_category("Direction", groups=("direction",))
    assert written(bench, people["yann"], category_id=room.id) == []
