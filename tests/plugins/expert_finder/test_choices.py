"""What a forum may choose, and what it gets: whispers, replies that stay, other rooms' experts, people who rest."""

from dataclasses import replace
from datetime import timedelta

from plugins.blocks import Table
from plugins.expert_finder import Settings
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def test_an_expert_of_another_room_is_found() -> None:
    """Sonia only ever answered in the workshop; a question about sensors in the café names her all the same."""
    bench, people = helpful_forum()
    workshop, cafe = bench.add_category("Workshop"), bench.add_category("Café")
    for topic in list(bench.world.topics.values()):
        bench.world.topics[topic.id] = replace(topic, category_id=workshop.id)
    lea = bench.add_member("lea")
    bench.add_topic(lea, "Question on sensor?", f"How do I {SUBJECTS['sensor']}?", category=cafe)
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    assert bench.acts[-1].about[0] == people["sonia"].id


def test_a_whisper_is_for_the_team_and_names_only_who_agreed() -> None:
    """Where a room wants an aside to the team, it is one, and consent counts as for a public reply."""
    bench, people = helpful_forum(settings=Settings(place="whisper"))
    bench.consent.agreements.add(people["xenia"].id)
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    (act,) = bench.acts
    assert (act.verb, act.topic_id, act.about) == ("reply", topic, (people["xenia"].id,))
    assert act.details.get("whisper") is True


def test_a_reply_may_be_left_standing_and_a_message_always_is() -> None:
    """With the switch off the public reply stays when somebody answers; a message is never taken back for that."""
    for settings in (Settings(place="reply", withdraw=False), Settings()):
        bench, people = helpful_forum(settings=settings)
        bench.consent.agreements.add(people["xenia"].id)
        topic = ask(bench, bench.add_member("lea"), hours=7)
        bench.tick("hold_back")
        bench.dispatch("post_created", bench.add_post(topic, people["yann"], "Like this."))
        assert len(bench.acts) == 1


def test_where_a_room_wants_nothing_nothing_is_said() -> None:
    """One room is left in peace by its setting; the others get names as before."""
    bench, _ = helpful_forum()
    quiet, usual = bench.add_category("Quiet"), bench.add_category("Usual")
    bench.overrides[quiet.id] = {"place": "nothing"}
    for room in (quiet, usual):
        bench.add_topic(bench.add_member(room.slug), "Excel question?", f"How do I {SUBJECTS['excel']}?", category=room)
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    (act,) = bench.acts
    assert bench.world.topics[act.topic_id].category_id == usual.id


def test_an_asker_who_wants_no_help_gets_none() -> None:
    """Whoever opted out of the plugin is not written to either."""
    bench, _ = helpful_forum()
    lea = bench.add_member("lea")
    bench.consent.refused.add((lea.id, None))
    ask(bench, lea, hours=7)
    bench.tick("hold_back")
    assert bench.acts == []


def test_nobody_is_asked_to_do_more_who_was_suggested_to_the_full() -> None:
    """Karim was named as often as a week allows: among the champions he is the one to let rest, the others are not."""
    bench, people = helpful_forum(settings=Settings(per_week=2, per_asker=20))
    for number in range(2):
        ask(bench, bench.add_member(f"new{number}"), SUBJECTS["kanban"])
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    (table,) = [block for block in bench.page("champions").blocks if isinstance(block, Table)]
    asked = {row[0]: row[1] for row in table.rows}
    assert "rest" in str(asked["Karim"])
    assert "rest" not in str(asked["Sonia"])
    assert bench.page("champions").about_members.count(people["karim"].id) == 1


def test_somebody_who_comes_back_is_named_again() -> None:
    """Away until Thursday, named from Friday on."""
    bench, people = helpful_forum()
    bench.consent.refused.add((people["xenia"].id, None))
    bench.consent.away[people["xavier"].id] = bench.now + timedelta(days=3)
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert people["xavier"].id not in {member for act in bench.acts for member in act.about}
    bench.pass_time(days=3, hours=17)
    ask(bench, bench.add_member("omar"), hours=7)
    bench.tick("hold_back")
    assert people["xavier"].id in bench.acts[-1].about


def test_a_joke_is_no_proof() -> None:
    """Yann was in every Excel thread with four words: he is not named, and no link leads to what he said."""
    bench, people = helpful_forum()
    for topic in [one for one in bench.world.topics.values() if "excel" in one.title]:
        bench.add_post(topic, people["yann"], "Ask my grandmother, ha.", at=topic.created_at + timedelta(minutes=5))
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert bench.acts[-1].about
    assert people["yann"].id not in bench.acts[-1].about
    assert people["yann"].id not in bench.page("who-knows", {"q": SUBJECTS["excel"]}).about_members


def test_a_manager_finds_who_answered_one_thread_only() -> None:
    """To be sent to somebody takes two like answers; whoever searches sees one as well, and judges by himself."""
    bench, _ = helpful_forum()
    zoe = bench.add_member("zoe", name="Zoé")
    asker = bench.archive.member_named("asker1")
    at = bench.now - timedelta(days=280)
    topic = bench.add_topic(asker, "Locking out a quarter-turn valve?", "How do I lock out the valve?", at=at)
    said = "Put the blocking plate on both flanges, tag it, and have the second key kept by the shift leader."
    bench.add_post(topic, zoe, said, at=at + timedelta(hours=1))
    assert zoe.id in bench.page("who-knows", {"q": "lock out a valve"}).about_members
    assert bench.page("who-knows", {"q": "Christmas closing"}).about_members == ()
