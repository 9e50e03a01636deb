"""In a topic that waits: who may help, seen by whom it should be, and asked with one click."""

from dataclasses import replace
from datetime import timedelta

import pytest

from connector.records import StoredMember
from plugins.expert_finder import plugin
from plugins.inline import Draft, Suggestion
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def seen(bench: Bench, topic_id: int, reader: StoredMember | None, *, manager: bool = False) -> list[Suggestion]:
    viewer = bench.viewer(reader, is_manager=manager)
    return bench.inline("topic", Draft("topic", viewer, topic_id))


@pytest.fixture
def forum() -> tuple[Bench, dict[str, StoredMember], int]:
    bench, people = helpful_forum(lang="fr")
    topic_id = ask(bench, people["yann"])
    bench.dispatch("topic_created", bench.world.topics[topic_id])
    return bench, people, topic_id


def test_the_asker_sees_who_may_help_at_once(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """Each name comes with one line and links that the asker may open; nobody was written to."""
    bench, people, topic_id = forum
    (found,) = seen(bench, topic_id, people["yann"])
    assert {person.id for person in found.people} >= {people["xavier"].id}
    assert all(person.why and 1 <= len(person.links) <= 3 for person in found.people)
    assert bench.acts == []


def test_other_members_wait_for_the_usual_time_and_passers_by_see_nobody(
    forum: tuple[Bench, dict[str, StoredMember], int],
) -> None:
    """Managers see it at once; other members once the usual answer time has passed, without a button; others never."""
    bench, people, topic_id = forum
    assert seen(bench, topic_id, people["sonia"]) == []
    assert len(seen(bench, topic_id, people["sonia"], manager=True)) == 1
    bench.pass_time(hours=7)
    (found,) = seen(bench, topic_id, people["sonia"])
    assert not found.offers
    assert seen(bench, topic_id, None) == []


def test_nothing_is_said_where_no_help_is_wanted(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """An answered, closed or solved topic, small talk, and a topic that is gone show nobody."""
    bench, people, topic_id = forum
    talk = bench.add_topic(people["yann"], "Good morning all", "Just saying hello.")
    bench.dispatch("topic_created", talk)
    assert seen(bench, talk.id, people["yann"]) == []
    bench.world.topics[topic_id] = replace(bench.world.topics[topic_id], closed=True)
    assert seen(bench, topic_id, people["yann"]) == []
    bench.world.topics[topic_id] = replace(bench.world.topics[topic_id], closed=False)
    bench.add_post(topic_id, people["xenia"], "Use a pivot table.")
    assert seen(bench, topic_id, people["yann"]) == []
    assert seen(bench, 10_000, people["yann"]) == []


def test_whoever_said_no_meanwhile_is_not_shown(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """A name worked out an hour ago is asked for anew: opting out, being away or having had one's share counts."""
    bench, people, topic_id = forum
    (before,) = seen(bench, topic_id, people["yann"])
    bench.consent.refused.add((people["xavier"].id, None))
    after = seen(bench, topic_id, people["yann"])
    assert people["xavier"].id in {person.id for person in before.people}
    assert all(person.id != people["xavier"].id for one in after for person in one.people)


def test_ask_them_sends_one_polite_note(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """One message to the expert with the question, why him, and four answers; asking twice changes nothing."""
    bench, people, topic_id = forum
    bench.run_twice()
    (found,) = seen(bench, topic_id, people["yann"])
    offer = next(one for one in found.offers if one.person == people["xavier"].id)
    said = bench.take(found, offer, people["yann"], topic=topic_id)
    assert "Xavier" in said
    (act,) = bench.acts
    assert (act.verb, act.member_id) == ("message", people["xavier"].id)
    assert all(f"/{answer})" in act.text for answer in ("accept", "not_here", "not_now", "never"))
    assert "@" not in act.text
    assert "déjà" in bench.take(found, offer, people["yann"], topic=topic_id)
    assert len(bench.acts) == 1
    (again,) = seen(bench, topic_id, people["yann"])
    assert people["xavier"].id not in {one.person for one in again.offers}


def test_a_yes_is_told_and_a_no_is_not(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """After a yes the asker reads so; after a "not now" the name is just no longer there; nobody is written to."""
    bench, people, topic_id = forum
    (found,) = seen(bench, topic_id, people["yann"])
    asked = [person.id for person in found.people][:2]
    for offer in found.offers:
        if offer.person in asked:
            bench.take(found, offer, people["yann"], topic=topic_id)
    bench.answer(f"invite:{topic_id}:{asked[0]}", asked[0], "accept")
    bench.answer(f"invite:{topic_id}:{asked[1]}", asked[1], "not_now")
    (then,) = seen(bench, topic_id, people["yann"])
    notes = {person.id: person.note for person in then.people}
    assert notes[asked[0]] == "said yes"
    assert asked[1] not in notes
    assert [act.member_id for act in bench.acts] == asked


def test_passed_on_the_next_one_is_asked(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """Saying "not this one" asks the next person who may help, once; the first is not asked again."""
    bench, people, topic_id = forum
    (found,) = seen(bench, topic_id, people["yann"])
    first = found.people[0].id
    bench.take(found, next(one for one in found.offers if one.person == first), people["yann"], topic=topic_id)
    bench.answer(f"invite:{topic_id}:{first}", first, "not_here")
    written_to = [act.member_id for act in bench.acts if act.verb == "message"]
    assert written_to[0] == first
    assert len(written_to) == len(set(written_to)) == 2


def test_an_invitation_counts_in_the_week(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """Whoever has had his share this week is neither shown nor asked, however often he is wished for."""
    bench, people, _ = forum
    asked = 0
    for number in range(5):
        asker = bench.add_member(f"new{number}")
        topic_id = ask(bench, asker, SUBJECTS["kanban"])
        bench.dispatch("topic_created", bench.world.topics[topic_id])
        for found in seen(bench, topic_id, asker):
            for offer in found.offers:
                if offer.person == people["karim"].id:
                    bench.take(found, offer, asker, topic=topic_id)
                    asked += 1
    assert asked == 3
    assert len([act for act in bench.acts if act.member_id == people["karim"].id]) == 3


def test_asking_too_late_is_said_kindly(forum: tuple[Bench, dict[str, StoredMember], int]) -> None:
    """The question was answered between reading and clicking: nobody is written to, and the asker is told so."""
    bench, people, topic_id = forum
    (found,) = seen(bench, topic_id, people["yann"])
    bench.add_post(topic_id, people["xenia"], "Use a pivot table.")
    said = bench.take(found, found.offers[0], people["yann"], topic=topic_id)
    assert "n'attend plus" in said
    assert bench.acts == []


def night_and_day() -> tuple[Bench, StoredMember, StoredMember]:
    """Two people who have helped alike with the same things: one answers at this hour, one twelve hours away."""
    bench = Bench(plugin, lang="en")
    here, away = bench.add_member("here"), bench.add_member("away")
    askers = [bench.add_member(f"asker{number}") for number in range(6)]
    for day in range(1, 81):
        at = bench.now.replace(hour=8) - timedelta(days=100 - day)
        about = SUBJECTS["excel"] if day % 2 else SUBJECTS["kanban"]
        topic = bench.add_topic(askers[day % 6], "A question?", f"How do I {about} number {day}?", at=at)
        helper, hours = (here, 2) if day % 4 < 2 else (away, 14)
        bench.add_post(topic, helper, f"This is how {about} works, case {day}.", at=at + timedelta(hours=hours))
    bench.usual_answer_time(6)
    return bench, here, away


def test_who_is_around_comes_first_when_it_is_urgent() -> None:
    """Asked for today, whoever usually writes in the next hours is named before somebody half a world away."""
    order = {}
    for words in ("urgent, the plant stands still today:", ""):
        bench, here, away = night_and_day()
        asker = bench.add_member("asker")
        topic = bench.add_topic(asker, "Excel question?", f"Hello, {words} how do I make a {SUBJECTS['excel']}?")
        bench.dispatch("topic_created", topic)
        found = seen(bench, topic.id, asker)
        order[words] = [person.id for person in found[0].people]
        assert {here.id, away.id} <= set(order[words])
    urgent = order["urgent, the plant stands still today:"]
    assert urgent.index(here.id) < urgent.index(away.id)
    assert order[""].index(away.id) < order[""].index(here.id), "without haste the clock decides nothing"
