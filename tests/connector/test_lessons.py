"""What a running Discourse taught (the numbers are those of the recording's README), as far as the connector cares."""

import json
from collections import Counter, defaultdict

import pytest

from connector import writing
from connector.answers import decoded, outcome
from connector.cutting import cut
from connector.errors import ForumRefused, ForumUnavailable
from connector.events import parse
from connector.forum import Forum
from connector.models import Event, Member
from connector.scopes import RUNTIME_SCOPES, UNSCOPED, needed
from tests.connector.faults import FaultServer, answers
from tests.connector.test_answers import answer_of, error_of
from tests.recorded import END, SECRET, deliveries, exchange, exchanges
from tests.recorded.forum import recorded_forum

EVENTS = [parse(one.headers, one.body, [SECRET]) for one in deliveries("life")]


def of_topic(number: int) -> list[Event]:
    return [event for event in EVENTS if event.lane == f"topic:{number}"]


def test_lesson_1_a_first_post_may_come_before_its_topic() -> None:
    """Order is not kept: a topic's first post arrives before the topic, and both wait in the same lane."""
    names = [event.name for event in of_topic(21)]
    first_of_lane: dict[str, Event] = {}
    for event in EVENTS:
        first_of_lane.setdefault(event.lane, event)
    early = [event for event in first_of_lane.values() if event.name == "post_created"]

    assert {"topic_created", "post_created"} <= set(names)
    assert any(event.payload["post_number"] == 1 for event in early)


def test_lesson_2_a_split_topic_is_told_by_a_small_action_only() -> None:
    """No topic or post event names the topic that was split off; a small action does, and the topic can be read."""
    actions = [event.post() for event in EVENTS if event.name == "post_created"]
    split = [post for post in actions if post.action_code == "split_topic"]
    topic = recorded_forum().topic(28)

    assert of_topic(28) == [event for event in of_topic(28) if event.type == "like"]
    assert len(split) == 1
    assert split[0].is_small_action
    assert split[0].topic_id == 21
    assert "/28" in split[0].cooked or "/28" in (split[0].raw or "")
    assert topic is not None
    assert [post.id for post in topic.posts] == [26]


def test_lesson_3_a_retry_has_a_new_number_and_the_same_body() -> None:
    """A repeated delivery is known by its body's hash; the number in its header changes with every try."""
    by_body: dict[str, set[str]] = defaultdict(set)
    for one in deliveries("failing-receiver"):
        event = parse(one.headers, one.body, [SECRET])
        by_body[event.body_hash].add(event.delivery_id)
    retried = [numbers for numbers in by_body.values() if len(numbers) > 1]

    assert retried


def test_lesson_4_one_key_of_six_scopes_is_enough() -> None:
    """Whatever Passerelle writes needs one of the six scopes that were tried; only flags need more."""
    forum = recorded_forum()
    writes = [
        forum.prepare_reply(1, "x"),
        forum.prepare_message(["lea"], "x", "x"),
        forum.prepare_topic(6, "x", "x"),
        forum.prepare_edit(1, "x"),
        forum.prepare_topic_edit(1, "x"),
        forum.prepare_delete(1),
        forum.prepare_upload("x.png", b"x", "image/png"),
    ]
    flag = forum.prepare_flag(1, 7)

    assert tuple(forum.scopes()) == RUNTIME_SCOPES
    assert {needed(one.method, one.path) for one in writes} == set(RUNTIME_SCOPES) - {"global:read"}
    assert needed(flag.method, flag.path) == UNSCOPED
    for name in ("runtime_reply", "runtime_message", "runtime_edit"):
        assert outcome("reply", decoded(answer_of(exchange(f"{END}/{name}")))).post_id
    assert outcome("delete", decoded(answer_of(exchange(f"{END}/runtime_delete")))).post_id is None


def test_lesson_5_what_a_member_sees_of_others() -> None:
    """Inactive accounts are not there, suspended ones say until when, and many people come in one call."""
    forum = recorded_forum()
    suspended = forum.member("nora")
    present = forum.member("lea")

    assert forum.member("karim") is None
    assert suspended is not None
    assert suspended.suspended_till is not None
    assert present is not None
    assert (present.suspended_till, present.locale, present.email) == (None, None, None)
    assert {one["id"] for one in exchange("3-more/member_view_by_id_list").content["users"]} == {3, 4, 5}


def test_lesson_5_locale_and_address_come_by_web_hook() -> None:
    """What the API hides from a member, the user web hooks tell."""
    members = [event.member() for event in EVENTS if event.type == "user"]

    assert all(member.email for member in members)
    assert any(member.groups for member in members)


def test_lesson_6_a_message_to_a_suspended_member_is_a_final_no() -> None:
    """Messages to suspended members and to closed groups are refused for good, and say why."""
    for file in ("3-more/message_to_suspended", "3-more/message_to_group", "1-life/message_to_nobody"):
        error = error_of(file)
        assert isinstance(error, ForumRefused)
        assert error.status == 422
        assert error.errors


def test_lesson_7_limits_of_a_member_are_known_by_status_not_by_words() -> None:
    """Too many replies in a row, too late an edit, in whatever language: a final no with the forum's own sentence."""
    files = [
        "3-more/consecutive_replies_refused",
        "3-more/edit_own_too_late",
        "2-rights/locale_default_fr_error",
        "1-life/err_too_short",
    ]
    for file in files:
        error = error_of(file)
        assert isinstance(error, ForumRefused)
        assert (error.status, error.scope) == (422, None)


def test_lesson_7_deleting_is_still_possible_when_editing_is_not() -> None:
    """A reply past the forum's limit for edits can still be deleted."""
    assert decoded(answer_of(exchange("3-more/delete_own_too_late"))) is None


def test_lesson_8_a_second_topic_of_the_same_external_id_is_refused_and_found() -> None:
    """A topic made twice is refused by the forum, and the first one is found by its external id."""
    taken = exchange("1-life/topic_external_id_taken")
    found = exchange("1-life/topic_by_external_id")
    redirect = answers(301, b"", found.headers)
    with FaultServer(answers(422, taken.content), redirect) as server:
        forum = Forum(server.client())
        with pytest.raises(ForumRefused) as caught:
            forum.send(forum.prepare_topic(6, "Une lettre", "Un texte", external_id="passerelle-digest-2026-W47"))
        number = forum.topic_id_by_external_id("passerelle-digest-2026-W47")

    assert caught.value.status == 422
    assert number == 24


def test_lesson_8_the_same_post_twice_has_the_same_number() -> None:
    """The forum's own memory of 120 seconds answers a repetition with the first post."""
    first, again = (outcome("reply", exchange(f"1-life/post_same_{which}").content) for which in ("first", "again"))

    assert first.post_id == again.post_id


def test_lesson_8_a_marker_in_a_comment_stays_in_raw_and_is_not_shown() -> None:
    """A marker that our outbox puts into a comment reaches the forum as it is, letter for letter."""
    body = json.loads(writing.reply(1, "Bonjour\n<!-- passerelle:abc123 -->").body)

    assert body["raw"].endswith("<!-- passerelle:abc123 -->")


def test_lesson_9_a_forum_in_read_only_mode_takes_no_writes_for_now() -> None:
    """Read-only mode is no refusal: the write waits."""
    error = error_of("5-read-only/readonly_write")

    assert isinstance(error, ForumUnavailable)
    assert error.retry_after
    assert answer_of(exchange("5-read-only/readonly_read")).is_read_only


def test_lesson_9_a_success_that_says_no_is_a_no() -> None:
    """A 200 may carry a refusal, which is told field by field."""
    error = error_of("1-life/user_create_taken")

    assert isinstance(error, ForumRefused)
    assert error.errors


def test_lesson_13_the_greetings_of_the_forum_s_own_bot_are_dropped() -> None:
    """Discobot's and system's messages to newcomers never get in."""
    greetings = [event for event in EVENTS if event.type == "post" and event.post().user_id in (-1, -2)]
    messages = [event for event in greetings if event.is_private_message]

    assert len(messages) > 10
    assert all(cut(event, range(1000)) is None for event in messages)
    assert Member(id=-2).is_bot


def test_lesson_14_an_erasure_is_recognised() -> None:
    """Anonymising comes as an update with a made-up address, merging as a destruction with another."""
    gone = [event for event in EVENTS if event.type == "user" and event.member().is_gone]
    addresses = Counter((event.name, (event.member().email or "").split("@")[1]) for event in gone)

    assert addresses[("user_updated", "anonymized.invalid")] >= 1
    assert addresses[("user_destroyed", "no-email.invalid")] == 1


def test_lesson_15_a_reply_deleted_by_its_author_shows_nothing_more() -> None:
    """A post deleted by its author stays visible as such for a day; for us it is no longer anybody's words."""
    deleted = recorded_forum().post(5147)

    assert deleted is not None
    assert deleted.user_deleted
    assert not deleted.is_shown


def test_lesson_18_two_true_events_can_be_equal() -> None:
    """Equal bodies come twice and are both true, so the hash alone must not decide that the second is a repetition."""
    seen = Counter((event.name, event.body_hash) for event in EVENTS)
    twice = {name for (name, _), count in seen.items() if count > 1}

    assert twice & {"user_logged_in", "reviewable_score_updated"}


def test_every_read_that_the_end_state_holds_is_a_verb_of_ours() -> None:
    """The recording answers the very addresses that our verbs ask, so that tests read what production reads."""
    verbs = {"/categories.json?include_subcategories=true", "/site.json", "/site/settings.json", "/groups.json"}
    paths = {one.path for one in exchanges(END)}

    assert verbs <= paths
    assert {"/t/28.json?include_raw=true", "/posts/26.json", "/u/amelie.json", "/session/scopes.json"} <= paths
