"""The past is read by meaning or by words alone, never half; what is long is done over several turns."""

from datetime import timedelta
from typing import Any

import pytest

from connector.records import StoredTopic
from plugins import expert_finder
from plugins.blocks import Notice, Table
from plugins.expert_finder import knowledge, ledger, nightly, plugin, reading, similar_reading, tables
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def notices(bench: Bench, subject: str = SUBJECTS["kanban"]) -> list[str]:
    """What the page "Who knows what" says about itself."""
    return [block.text for block in bench.page("who-knows", {"q": subject}).blocks if isinstance(block, Notice)]


def named(bench: Bench) -> set[int]:
    return {member for act in bench.acts for member in act.about}


def busy_year(bench: Bench, days: int = 420) -> list[StoredTopic]:
    """A question a day, each subject with its own helper and now and then a second one."""
    helpers = {name: bench.add_member(f"{name}-helper") for name in SUBJECTS}
    seconds = [bench.add_member(f"second{number}") for number in range(5)]
    askers = [bench.add_member(f"asker{number}") for number in range(9)]
    topics = []
    for day in range(days):
        name = list(SUBJECTS)[day % 4]
        at = bench.now - timedelta(days=days + 3 - day)
        words = SUBJECTS[name]
        title = f"Help with {words.split()[day % 5]}?"
        topic = bench.add_topic(askers[day % 9], title, f"How do I use {words}?", at=at)
        bench.add_post(topic, helpers[name], f"Try {words} like this.", at=at + timedelta(hours=1))
        if day % 3 == 0:
            bench.add_post(topic, seconds[day % 5], f"Or {words} else.", at=at + timedelta(hours=2))
        topics.append(topic)
    bench.usual_answer_time(6)
    return topics


def test_without_a_model_words_name_people_at_once_and_the_page_says_so() -> None:
    """Nobody waits for a model that is not there: words alone name the right people, and the poorer page tells."""
    bench, people = helpful_forum(model=False)
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert named(bench) & {people["xavier"].id, people["xenia"].id}
    (said,) = notices(bench)
    assert "words alone" in said


def test_half_of_the_vectors_count_as_none() -> None:
    """While one old question still waits for its vector, people are named just as without any, and the page tells."""
    plain, _ = helpful_forum(model=False)
    half, _ = helpful_forum()
    half.archive.unread = {min(half.world.topics)}
    for bench in (plain, half):
        ask(bench, bench.add_member("lea"), hours=7)
        bench.tick("hold_back")
    assert [act.about for act in half.acts] == [act.about for act in plain.acts] != []
    (said,) = notices(half)
    assert "not read all questions yet" in said


def test_once_the_vectors_have_caught_up_the_page_is_no_poorer() -> None:
    """The vectors come later: from then on meaning helps, and nothing is said any more."""
    bench, _ = helpful_forum()
    bench.archive.unread = set(list(bench.world.topics)[:20])
    assert notices(bench)
    bench.archive.unread = set()
    bench.pass_time(minutes=6)
    bench.add_post(min(bench.world.topics), bench.add_member("lea"), "Thanks!")
    assert notices(bench) == []


def test_a_question_of_this_minute_may_wait_for_its_vector() -> None:
    """The newest question is not read yet: that spoils nothing, and its asker gets names all the same."""
    bench, people = helpful_forum()
    topic = ask(bench, bench.add_member("lea"))
    bench.archive.unread = {topic}
    assert notices(bench) == []
    bench.usual_answer_time(2)
    bench.pass_time(hours=3)
    bench.tick("hold_back")
    assert named(bench) & {people["xavier"].id, people["xenia"].id}


def test_another_model_is_another_likeness() -> None:
    """When the model is changed, everything is measured with the new one's vectors, and nothing fails meanwhile."""
    bench, people = helpful_forum()
    assert notices(bench) == []
    asked, made = bench.archive.vectors, bench.archive.embed
    bench.archive.embed = lambda texts, model=None: made(texts)[:, ::-1].copy()  # type: ignore[method-assign]
    bench.archive.vectors = lambda ids: reading.TopicVectors("other", asked(ids).rows)  # type: ignore[method-assign]
    bench.pass_time(minutes=6)
    bench.add_post(min(bench.world.topics), bench.add_member("lea"), "Thanks!")
    page = bench.page("who-knows", {"q": SUBJECTS["kanban"]})
    assert page.about_members[0] == people["karim"].id


def test_a_long_past_is_read_over_several_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    """A past too long for one turn is read on by the next; until then nobody is named and the page says how far."""
    for module in (ledger, reading, similar_reading):
        monkeypatch.setattr(module, "PAGE", 40)
    monkeypatch.setattr(knowledge, "PATIENCE", 0.0)
    bench, people = helpful_forum()
    ask(bench, bench.add_member("lea"), hours=7)
    assert "20 of 121 posts so far" in notices(bench)[0]
    for _ in range(12):
        bench.tick("hold_back")
    assert named(bench) & {people["xavier"].id, people["xenia"].id}
    assert isinstance(bench.page("who-knows", {"q": "kanban"}).blocks[-1], Table)


def test_more_due_questions_than_a_turn_has_time_for_wait_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was done in a turn stands; the others get their names ten minutes later, and nobody gets two messages."""
    bench, _ = helpful_forum()
    for number in range(3):
        ask(bench, bench.add_member(f"new{number}"))
    bench.pass_time(hours=7)
    monkeypatch.setattr(expert_finder, "TURN", -1.0)
    bench.tick("hold_back")
    assert bench.acts == []
    monkeypatch.undo()
    bench.tick("hold_back")
    bench.tick("hold_back")
    assert len({act.topic_id for act in bench.acts}) == len(bench.acts) == 3


def test_a_lesson_too_long_for_a_turn_goes_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading and fitting take as many turns as they need, people are named meanwhile, and the lesson ends."""
    monkeypatch.setattr(reading, "PAGE", 200)
    monkeypatch.setattr(nightly, "TURN", 0.0)
    bench = Bench(plugin)
    busy_year(bench)
    bench.tick("learn")
    assert bench.rows(tables.models) == []
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert named(bench)
    for _ in range(400):
        bench.tick("learn_on")
        if bench.rows(tables.models):
            break
    (row,) = bench.rows(tables.models)
    assert row["questions"] > 0
    assert row["meaning"] == "bench"
    bench.tick("learn_on")
    bench.tick("learn")
    assert [other["id"] for other in bench.rows(tables.models)] == [row["id"]]


def learned(bench: Bench) -> dict[str, Any]:
    """The lesson of a night, however many turns it takes."""
    bench.tick("learn")
    for _ in range(400):
        if len(nightly._studies) == 0:
            break
        bench.tick("learn_on")
    (row,) = bench.rows(tables.models)
    return row


def test_what_was_learned_with_a_model_is_not_used_without() -> None:
    """When the model is lost, the plain formula ranks by words; what was learned with vectors would judge wrongly."""
    bench = Bench(plugin)
    busy_year(bench)
    bench.tick("learn")
    while not bench.rows(tables.models):
        bench.tick("learn_on")
    (row,) = bench.rows(tables.models)
    bench.archive.model = False
    bench.pass_time(days=1)
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert named(bench)
    fresh = learned(bench)
    assert (row["meaning"], fresh["meaning"]) == ("bench", "")


def test_what_left_the_forum_speaks_for_nobody_from_that_moment_on() -> None:
    """Karim's answers are deleted: nobody names him any more, in any process, and nothing is read anew for that."""
    bench, people = helpful_forum()
    assert people["karim"].id in bench.page("who-knows", {"q": SUBJECTS["kanban"]}).about_members
    gone = [post for post in bench.world.posts.values() if post.user_id == people["karim"].id]
    for post in gone:
        bench.world.remove_post(post.id)
    assert people["karim"].id not in bench.page("who-knows", {"q": SUBJECTS["kanban"]}).about_members
    bench.dispatch("post_destroyed", gone[0])
    bench.pass_time(minutes=6)
    assert people["karim"].id not in bench.page("who-knows", {"q": SUBJECTS["kanban"]}).about_members
    assert people["karim"].id not in bench.page("champions").about_members
