"""Deliveries are believed only when signed, and understood whatever core sent them."""

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import BadPayload, BadSignature
from connector.events import KNOWN_EVENTS, parse, sign
from tests.recorded import SECRET, Delivery, deliveries

PREVIOUS = "an-older-secret-of-ours"


def signed(body: bytes, kind: str, name: str = "", secret: str = SECRET) -> Mapping[str, str]:
    return {
        "X-Discourse-Event-Type": kind,
        "X-Discourse-Event": name or kind,
        "X-Discourse-Event-Signature": sign(body, secret),
    }


def test_every_recorded_delivery_is_genuine_and_understood() -> None:
    """All 493 deliveries of a real forum verify, and each says which event it is and about what."""
    events = [parse(one.headers, one.body, [SECRET]) for one in deliveries()]

    assert len(events) == 493
    assert {event.name for event in events} == {one.name for one in deliveries()}
    assert all(event.known and event.name in KNOWN_EVENTS | {"ping"} for event in events)
    assert all(len(event.body_hash) == 64 for event in events)


def test_signing_gives_just_what_discourse_sent() -> None:
    """Our own signature over the recorded bytes is the one in the header, letter for letter."""
    for one in deliveries():
        assert one.headers["X-Discourse-Event-Signature"] == sign(one.body, SECRET)


@given(st.sampled_from(deliveries()), st.data())
def test_a_single_flipped_bit_is_noticed(one: Delivery, data: st.DataObject) -> None:
    """Whoever changes one bit of a body, anywhere, is turned away."""
    at = data.draw(st.integers(0, len(one.body) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    forged = one.body[:at] + bytes([one.body[at] ^ bit]) + one.body[at + 1 :]

    with pytest.raises(BadSignature):
        parse(one.headers, forged, [SECRET, PREVIOUS])


@given(st.sampled_from(deliveries()), st.one_of(st.none(), st.text(), st.from_regex(r"sha256=[0-9a-f]{64}")))
def test_no_other_signature_passes(one: Delivery, signature: str | None) -> None:
    """Missing, empty, guessed or odd signatures are all refused, without an error of another kind."""
    headers = dict(one.headers)
    del headers["X-Discourse-Event-Signature"]
    if signature is not None:
        headers["X-Discourse-Event-Signature"] = signature

    with pytest.raises(BadSignature):
        parse(headers, one.body, [SECRET])


@pytest.mark.parametrize("secrets", [[], [""], ["another-secret-123"]], ids=["none", "empty", "other"])
def test_without_our_secret_nothing_passes(secrets: list[str]) -> None:
    """A forgotten or empty secret closes the door; it never opens it, not even for a body signed with nothing."""
    one = deliveries()[1]
    empty = {**one.headers, "X-Discourse-Event-Signature": sign(one.body, "")}

    for headers in (one.headers, empty):
        with pytest.raises(BadSignature):
            parse(headers, one.body, secrets)


def test_the_previous_secret_still_passes_while_it_is_changed() -> None:
    """During a change of secrets, deliveries signed with the old and with the new one are both taken."""
    body = b'{"ping":"OK"}'

    for secret in (SECRET, PREVIOUS):
        assert parse(signed(body, "ping", secret=secret), body, [SECRET, PREVIOUS]).name == "ping"


@pytest.mark.parametrize(
    ("body", "kind", "name"),
    [
        (b"not json", "post", "post_created"),
        (b"", "post", "post_created"),
        (b"[]", "post", "post_created"),
        (b'{"post": [1]}', "post", "post_created"),
        (b'{"post": null}', "post", "post_created"),
        (b'{"post": {"id": NaN}}', "post", "post_created"),
        (b'{"post": {"id": 1}, "topic": {"id": 2}}', "post", "post_created"),
        (b'{"topic": {"id": 1}}', "post", "post_created"),
        (b'{"post": {"id": 1}}', "post", "topic_destroyed"),
        (b'{"post": {"id": 1}}', "post", "post created\n"),
        (b"[" * 100_000, "post", "post_created"),
        (b'{"post": ' + b"9" * 10_000 + b"}", "post", "post_created"),
        (b"\xff\xfe", "post", "post_created"),
    ],
)
def test_a_signed_body_that_is_no_delivery_is_named_as_such(body: bytes, kind: str, name: str) -> None:
    """Even a right signature makes no event of what is not Discourse's envelope, or of swapped headers."""
    with pytest.raises(BadPayload):
        parse(signed(body, kind, name), body, [SECRET])


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_whatever_arrives_is_an_event_or_one_of_two_errors(body: bytes, kind: str, name: str) -> None:
    """No body, however odd, makes the door fall over."""
    try:
        event = parse(signed(body, kind, name), body, [SECRET])
    except BadPayload:
        return
    assert event.type == kind


def test_headers_are_read_whatever_their_case() -> None:
    """Proxies may write header names in small letters."""
    one = deliveries()[5]
    lower = {name.lower(): value for name, value in one.headers.items()}

    assert parse(lower, one.body, [SECRET]) == parse(one.headers, one.body, [SECRET])


def test_an_event_of_a_newer_core_or_plugin_is_known_as_unknown() -> None:
    """Types and names that we have never heard of arrive as such, to be ignored with a success."""
    body = b'{"chat_message": {"message": {"id": 1}}}'
    stranger = parse(signed(body, "chat_message", "chat_message_created"), body, [SECRET])
    body = b'{"post": {"id": 1, "topic_id": 2}}'
    newer = parse(signed(body, "post", "post_translated"), body, [SECRET])

    assert not stranger.known
    assert not newer.known


def test_any_status_of_a_topic_is_understood() -> None:
    """Statuses that plugins add to topics are events of the topic like closing is."""
    body = b'{"topic": {"id": 7, "archetype": "regular"}}'
    event = parse(signed(body, "topic", "topic_frozen_status_updated"), body, [SECRET])

    assert event.known
    assert event.lane == "topic:7"


def test_what_touches_one_topic_waits_in_one_lane() -> None:
    """Two events of one topic, member, category or group are never handled at the same time."""
    lanes: dict[str, set[str]] = {}
    for one in deliveries():
        event = parse(one.headers, one.body, [SECRET])
        lanes.setdefault(event.type, set()).add(event.lane.split(":")[0])

    assert {"topic"} == lanes["topic"] == lanes["post"] == lanes["like"]
    assert {"user"} == lanes["user"] == lanes["user_promoted"] == lanes["group_user"] == lanes["user_badge"]
    assert {"category"} == lanes["category"]
    assert {"group"} == lanes["group"]
    assert {"topic", "user"} == lanes["reviewable"]
    assert {"other"} == lanes["tag"] == lanes["ping"]


def test_an_event_of_newest_discourse_is_understood() -> None:
    """Newest cores name suspensions, send tags as objects and ids as text: all of it is read."""
    topic = {"id": "12", "archetype": "regular", "tags": [{"id": 1, "name": "rtt", "slug": "rtt"}], "category_id": "4"}
    body = json.dumps({"topic": topic}).encode()
    event = parse(signed(body, "topic", "topic_edited"), body, [SECRET])

    assert event.topic().tags == ("rtt",)
    assert event.topic().category_id == 4
    assert event.lane == "topic:12"
    assert "user_suspended" in KNOWN_EVENTS
