"""Who is named, when, and with whose consent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from plugins.blocks import Anchor, Table
from plugins.expert_finder import Settings, plugin, tables
from plugins.testing import Bench, check_plugin
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def names(bench: Bench) -> list[int]:
    """The ids of those named by the latest act."""
    return list(bench.acts[-1].about)


def test_it_keeps_to_the_contract() -> None:
    """The checks that every plugin gets for free."""
    assert check_plugin(plugin) == []


def test_the_asker_gets_names_once_the_usual_time_has_passed() -> None:
    """Before the usual answer time nothing happens; after it the asker gets a message with the right people, once."""
    bench, people = helpful_forum()
    bench.run_twice()
    lea = bench.add_member("lea")
    topic = ask(bench, lea, hours=2)
    bench.tick("hold_back")
    assert bench.acts == []
    bench.pass_time(hours=5)
    bench.tick("hold_back")
    bench.tick("hold_back")
    (act,) = bench.acts
    assert (act.verb, act.member_id, act.topic_id) == ("message", lea.id, topic)
    assert act.about[0] in {people["xavier"].id, people["xenia"].id}
    assert "@" not in act.text
    assert act.evidence
    assert all(f"/t/{proof.topic_id}/{proof.post_number}" in act.text for proof in act.evidence)


def test_an_answered_question_and_small_talk_are_left_alone() -> None:
    """A reply of a person ends it; a farewell without a question never starts it."""
    bench, people = helpful_forum()
    lea = bench.add_member("lea")
    topic = ask(bench, lea)
    bench.add_post(topic, people["yann"], "Like this.")
    bench.add_topic(lea, "Farewell", "So long, it was a pleasure with all of you and the spreadsheet.")
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    assert bench.acts == []


def test_a_bots_post_is_no_answer() -> None:
    """The forum's own bot (id below 0) and ours (an id like anybody's) do not count as an answer."""
    bench, _ = helpful_forum()
    topic = ask(bench, bench.add_member("lea"))
    bench.add_post(topic, -1, "I am a bot.")
    bench.add_post(topic, bench.add_member("passerelle", bot=True), "So am I.")
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    assert len(bench.acts) == 1


@pytest.mark.parametrize("how", ["refused", "refused_here", "away", "suspended", "unseen"])
def test_who_is_not_willing_or_not_there_is_never_named(how: str) -> None:
    """Opted out for ever or for a subject, away, suspended or long unseen: the name does not appear."""
    bench, people = helpful_forum()
    for name in ("xavier", "xenia"):
        member = people[name]
        if how == "refused":
            bench.consent.refused.add((member.id, None))
        elif how == "refused_here":
            bench.consent.refused.add((member.id, "room"))
        elif how == "away":
            bench.consent.away[member.id] = bench.now + timedelta(days=9)
        elif how == "suspended":
            bench.world.members[member.id] = replace(member, suspended_till=bench.now + timedelta(days=9))
        else:
            bench.world.members[member.id] = replace(member, last_seen_at=bench.now - timedelta(days=200))
    room = bench.add_category("room")
    bench.add_topic(bench.add_member("lea"), "Excel question?", f"How do I {SUBJECTS['excel']}?", category=room)
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    named = {member for act in bench.acts for member in act.about}
    assert not named & {people["xavier"].id, people["xenia"].id}


def test_nobody_is_named_more_than_the_weekly_share() -> None:
    """With two suggestions a week, ten questions on one subject name each person twice at most."""
    bench, _ = helpful_forum(settings=Settings(per_week=2, per_asker=20))
    for number in range(10):
        ask(bench, bench.add_member(f"new{number}"))
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    counts: dict[int, int] = {}
    for row in bench.rows(tables.suggestions):
        counts[row["member_id"]] = counts.get(row["member_id"], 0) + 1
    assert counts
    assert max(counts.values()) <= 2


def test_an_asker_has_a_share_too() -> None:
    """Of six questions that one member asks in a week, three get names."""
    bench, _ = helpful_forum(settings=Settings(per_week=20))
    lea = bench.add_member("lea")
    for _ in range(6):
        ask(bench, lea)
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    assert len({row["topic_id"] for row in bench.rows(tables.suggestions)}) == 3


def test_a_public_reply_names_only_those_who_agreed() -> None:
    """Where a category wants a public reply, whoever did not agree once is not in it; nobody agreed: no reply."""
    bench, people = helpful_forum(settings=Settings(place="reply"))
    first = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert bench.acts == []
    bench.consent.agreements.add(people["xenia"].id)
    bench.pass_time(days=1)
    bench.tick("hold_back")
    (act,) = bench.acts
    assert (act.verb, act.topic_id, act.about) == ("reply", first, (people["xenia"].id,))


def test_a_public_reply_goes_when_the_question_is_answered() -> None:
    """Withdrawn once somebody has answered, as the default setting says."""
    bench, people = helpful_forum(settings=Settings(place="reply"))
    bench.consent.agreements.add(people["xenia"].id)
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    bench.dispatch("post_created", bench.add_post(topic, people["yann"], "Like this."))
    assert [act.verb for act in bench.acts] == ["reply", "delete_own"]


def test_a_decline_is_seen_by_nobody() -> None:
    """Who declines leaves the list, the next in line comes in by an edit, and no text says that anybody declined."""
    bench, people = helpful_forum(settings=Settings(place="reply"))
    bench.consent.agreements |= {member.id for member in people.values()}
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    gone = names(bench)[0]
    bench.answer(f"names:{topic}", gone, "not_now")
    assert [act.verb for act in bench.acts] in (["reply"], ["reply", "edit"], ["reply", "delete_own"])
    assert gone not in bench.acts[-1].about
    assert all("declin" not in act.text + act.why for act in bench.acts)
    ask(bench, bench.add_member("omar"), hours=7)
    bench.tick("hold_back")
    assert gone not in names(bench)


def test_a_restricted_room_is_no_evidence_for_the_world() -> None:
    """What was answered in a closed room neither ranks nor links anybody for a public question."""
    bench, people = helpful_forum()
    room = bench.add_category("closed room", groups=["board"])
    for number in range(8):
        at = bench.now - timedelta(days=30 - number)
        topic = bench.add_topic(people["sonia"], "Merger?", f"zebra merger figures {number}?", category=room, at=at)
        bench.add_post(topic, people["yann"], f"zebra merger secret {number}", at=at + timedelta(hours=1))
    ask(bench, bench.add_member("lea"), "zebra merger figures", hours=7)
    bench.tick("hold_back")
    assert people["yann"].id not in {member for act in bench.acts for member in act.about}
    assert all("erger" not in proof.label for act in bench.acts for proof in act.evidence)


def test_the_french_asker_reads_french() -> None:
    """A member who writes French gets the message in French."""
    bench, _ = helpful_forum()
    ask(bench, bench.add_member("lea", lang="fr"), hours=7)
    bench.tick("hold_back")
    assert bench.acts[0].text.startswith("Bonjour")


def test_who_leaves_leaves_no_trace() -> None:
    """After a member is forgotten no row names him."""
    bench, _ = helpful_forum()
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    gone = names(bench)[0]
    bench.forget(gone)
    rows = [*bench.rows(tables.suggestions), *bench.rows(tables.refusals)]
    assert gone not in {row["member_id"] for row in rows}


def test_our_own_bot_is_nobodys_expert() -> None:
    """However much it wrote on the subject, a bot account is neither named nor part of what people know."""
    bench, _ = helpful_forum()
    bot = bench.add_member("passerelle", bot=True)
    for topic in list(bench.world.topics.values())[:20]:
        bench.add_post(topic, bot, f"All about {SUBJECTS['excel']}.", at=topic.created_at + timedelta(hours=1))
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert names(bench)
    assert bot.id not in names(bench)
    assert bot.id not in bench.page("champions").about_members
    assert bot.id not in bench.page("coverage").about_members


def test_what_nobody_ever_met_stays_unanswered() -> None:
    """A question about something new to this forum names nobody, rather than whoever is busy."""
    bench, _ = helpful_forum()
    lea = bench.add_member("lea")
    bench.add_topic(lea, "Christmas closing?", "Is the morning of December 24 a day at work this year?")
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    assert bench.acts == []


def test_the_next_in_line_takes_the_place_and_the_asker_sees_other_names() -> None:
    """Who says "not this one" leaves the edited message, and may still be named elsewhere."""
    bench, _ = helpful_forum()
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    gone = names(bench)[0]
    bench.answer(f"names:{topic}", gone, "not_here")
    assert [act.verb for act in bench.acts] in (["message", "edit"], ["message", "delete_own"])
    assert gone not in names(bench)
    refused = {(row["member_id"], row["topic_id"]) for row in bench.rows(tables.refusals)}
    assert refused == {(gone, topic)}


def test_a_member_sees_for_what_he_was_named_and_can_say_no() -> None:
    """His card shows the question, what spoke for him, and links to decline, "not now" first; others see nothing."""
    bench, people = helpful_forum()
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    named = names(bench)[0]
    table = next(one for one in bench.card(named) if isinstance(one, Table) and len(one.columns) == 4)
    _, question, proofs, answers = table.rows[0]
    assert question == Anchor("Excel question?", f"/t/{topic}")
    assert isinstance(proofs, tuple)
    assert proofs
    assert isinstance(answers, tuple)
    assert [anchor.path.rsplit("/", 1)[1] for anchor in answers] == ["not_now", "not_here", "never"]
    assert not any(anchor.forum for anchor in answers)
    assert not [one for one in bench.card(people["yann"].id) if isinstance(one, Table) and len(one.columns) == 4]


def test_a_question_in_a_restricted_room_names_its_readers_only() -> None:
    """An opted-in room is looked after too, with its own evidence; who does not read it is not named for it."""
    bench, people = helpful_forum()
    room = bench.add_category("board room", groups=["board"])
    lea = bench.add_member("lea", groups=["board"])
    insider = bench.add_member("ines", groups=["board"])
    for number in range(8):
        at = bench.now - timedelta(days=300 - 4 * number)
        topic = bench.add_topic(lea, "Merger figures?", f"zebra merger figures {number}?", category=room, at=at)
        bench.add_post(
            topic,
            insider,
            f"zebra merger answer {number}: add up the three columns of the annex, then compare both years",
            at=at + timedelta(hours=1),
        )
    bench.add_topic(lea, "Zebra merger figures?", "How do I read the zebra merger figures?", category=room)
    bench.pass_time(hours=7)
    bench.tick("hold_back")
    (act,) = bench.acts
    assert act.about == (insider.id,)
    assert not {member.id for member in people.values()} & set(act.about)


def test_forums_of_one_installation_do_not_mix() -> None:
    """Every row says which forum it belongs to, and another forum's suggestions count for nothing here."""
    bench, _ = helpful_forum()
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    named = names(bench)[0]
    assert {row["site"] for row in bench.rows(tables.suggestions)} == {1}
    bench.site = 2
    assert not [one for one in bench.card(named) if isinstance(one, Table) and len(one.columns) == 4]
    assert bench.page("load").about_members == ()
