"""What is not known to be for everybody never gets past the door with its text."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.cutting import cut
from connector.events import parse
from connector.models import Event
from tests.recorded import CANARIES, SECRET, deliveries

EVENTS = [parse(one.headers, one.body, [SECRET]) for one in deliveries()]
TEXTS = ("raw", "cooked", "title", "fancy_title", "topic_title", "slug", "topic_slug", "tags", "username", "name")


def event(kind: str, name: str, payload: dict[str, object]) -> Event:
    return Event(name, kind, payload, "", "", "", "other")


def written(kept: Event | None) -> str:
    return "" if kept is None else json.dumps(kept.payload, ensure_ascii=False)


def test_with_no_category_known_as_public_no_text_of_a_topic_or_post_is_kept() -> None:
    """Before the forum said which categories are open, every topic and post loses its words and keeps its ids."""
    for one in EVENTS:
        kept = cut(one, public_categories=())
        if one.type in ("topic", "post") and kept is not None:
            assert not set(kept.payload) & set(TEXTS)
            assert kept.payload["id"] == one.payload["id"]


def test_no_canary_of_messages_or_closed_categories_gets_in() -> None:
    """With the categories that are open at the end, no text of a message or a closed category is kept at all."""
    kept = [cut(one, public_categories={1, 3, 5, 6}) for one in EVENTS]

    for canary in ("CANARI-PRIVE", "CANARI-RESTREINT"):
        assert any(canary in json.dumps(one.payload) for one in EVENTS)
        assert not any(canary in written(one) for one in kept)


def test_what_was_moved_or_converted_later_carries_no_canary_without_its_category() -> None:
    """A topic that was moved into a closed category, or made a message, tells its words only while it was public."""
    for one in EVENTS:
        kept = cut(one, public_categories={1, 3, 5, 6, 8})
        if any(canary in written(kept) for canary in CANARIES):
            assert kept is not None
            assert kept.payload.get("category_id") in {5, 6, 8}
            assert kept.payload.get("topic_archetype", kept.payload.get("archetype")) == "regular"


def test_private_messages_are_dropped_whole() -> None:
    """Of somebody's private message not even the number is kept."""
    messages = [one for one in EVENTS if one.is_private_message]

    assert len(messages) > 50
    assert all(cut(one, public_categories=range(100)) is None for one in messages)


def test_our_own_conversations_keep_who_and_when() -> None:
    """Of a conversation that our outbox opened, topic, author and time are kept, and no word."""
    one = next(one for one in EVENTS if one.type == "post" and one.is_private_message)
    kept = cut(one, public_categories=range(100), kept_topics={one.payload["topic_id"]})

    assert kept is not None
    assert one.payload["user_id"] == kept.payload["user_id"]
    assert one.payload["created_at"] == kept.payload["created_at"]
    assert not set(kept.payload) & set(TEXTS)


def test_a_topic_made_a_message_still_says_so_when_we_hold_it() -> None:
    """A topic that we hold and that became a private message must reach us, or it would never be forgotten."""
    turned = event("topic", "topic_edited", {"id": 9, "archetype": "private_message", "title": "Entre nous"})

    assert cut(turned, public_categories={4}) is None
    kept = cut(turned, public_categories={4}, kept_topics={9})
    assert kept is not None
    assert kept.payload == {"id": 9, "archetype": "private_message"}


@pytest.mark.parametrize(
    "state",
    [{"post_type": 4}, {"hidden": True}, {"deleted_at": "2026-01-01T00:00:00Z"}, {"user_deleted": True}],
    ids=["whisper", "hidden", "deleted", "deleted by its author"],
)
def test_words_not_for_everybody_are_cut_even_in_an_open_category(state: dict[str, object]) -> None:
    """Whispers, hidden and deleted posts of an open category keep their ids only."""
    post = {"id": 1, "topic_id": 2, "category_id": 4, "topic_archetype": "regular", "raw": "secret", "cooked": "secret"}
    kept = cut(event("post", "post_edited", {**post, **state}), public_categories={4})

    assert kept is not None
    assert "secret" not in written(kept)
    assert kept.payload["id"] == 1


def test_an_open_post_keeps_its_words() -> None:
    """What everybody may read stays whole, so that nothing needs to be asked twice."""
    one = next(one for one in EVENTS if one.name == "post_created" and one.payload["category_id"] == 6)
    kept = cut(one, public_categories={6})

    assert kept is not None
    assert one.post().raw == kept.post().raw
    assert one.post().username == kept.post().username


def test_reviews_and_notifications_keep_ids_only() -> None:
    """Flags, queued posts and notifications may quote anything: only ids, kinds and states of them are kept."""
    for one in EVENTS:
        if one.type in ("reviewable", "notification"):
            kept = cut(one, public_categories=range(100))
            assert kept is not None
            assert not {"raw", "cooked", "payload", "data", "fancy_title", "slug", "topic_url"} & set(kept.payload)


def test_of_a_member_only_what_is_used_is_kept() -> None:
    """Preferences, whom someone mutes, other addresses and devices are nobody's business here."""
    for one in (one for one in EVENTS if one.type in ("user", "user_promoted")):
        kept = cut(one, public_categories=())
        assert kept is not None
        assert one.member().id == kept.member().id
        assert one.member().groups == kept.member().groups
        assert one.member().email == kept.member().email
        unwanted = {"secondary_emails", "muted_usernames", "ignored_usernames", "user_option", "user_auth_tokens"}
        assert not unwanted & set(kept.payload)


def test_the_name_of_a_closed_category_is_not_kept() -> None:
    """Even the name of a restricted category can tell something."""
    closed = next(one for one in EVENTS if one.type == "category" and one.payload["read_restricted"])
    kept = cut(closed, public_categories=())

    assert kept is not None
    assert closed.payload["name"] not in written(kept)
    assert closed.payload["id"] == kept.payload["id"]


def test_what_we_do_not_know_is_not_kept() -> None:
    """Chat messages and the events of other plugins are taken with thanks and forgotten."""
    assert cut(event("chat_message", "chat_message_created", {"message": {"message": "x"}}), range(100)) is None


@given(
    st.sampled_from(["topic", "post", "like", "solved", "reviewable", "notification", "assign", "category"]),
    st.dictionaries(
        st.sampled_from(
            ["id", "topic_id", "category_id", "archetype", "topic_archetype", "read_restricted", "visible"]
        ),
        st.one_of(st.none(), st.integers(), st.booleans(), st.just("regular"), st.just("4"), st.text(max_size=5)),
    ),
)
def test_without_an_open_category_a_secret_never_stays(kind: str, told: dict[str, object]) -> None:
    """However a payload is put together, as long as it names no open category no word of it survives."""
    secret = "CANARI-EVERYWHERE"
    payload = {**dict.fromkeys(TEXTS, secret), "topic_url": secret, "data": secret, "payload": {"raw": secret}, **told}
    payload.pop("read_restricted", None) if kind == "category" else None
    one = event(kind, kind, {"post": payload, "user": {}} if kind == "like" else payload)

    assert secret not in written(cut(one, public_categories=()))
