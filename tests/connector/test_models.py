"""Models take what any core sends, and never more than a database can hold."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import BadPayload
from connector.models import Category, Group, Member, Post, SiteInfo, Topic

JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
MODELS = [Category, Group, Member, Post, Topic]
KEYS = sorted(
    {field.name for model in MODELS for field in dataclasses.fields(model)}
    | {"post_stream", "details", "group_permissions", "actions_summary", "parent_category_id", "bio_raw", "created_by"}
)


@pytest.mark.parametrize("model", MODELS)
@settings(max_examples=60)
@given(payload=st.dictionaries(st.sampled_from(KEYS), JSON))
def test_any_document_is_a_model_or_named_as_none(model: type[Topic], payload: dict[str, object]) -> None:
    """However a payload is filled, it is read or refused for want of an id; numbers and texts fit a database."""
    try:
        read = model.from_payload(payload)
    except BadPayload:
        return
    hash(read)
    for field in dataclasses.fields(read):
        value = getattr(read, field.name)
        assert not isinstance(value, int) or -(2**63) < value < 2**63
        assert not isinstance(value, str) or "\x00" not in value
        if isinstance(value, str):
            value.encode("utf-8")
        if isinstance(value, datetime):
            assert value.tzinfo is UTC


def test_tags_are_names_in_any_core() -> None:
    """Tags come as strings from 3.1 and as objects from the newest core: both are names."""
    old = Topic.from_payload({"id": 1, "tags": ["rtt", "rex"]})
    new = Topic.from_payload({"id": 1, "tags": [{"id": 1, "name": "rtt", "slug": "rtt"}, {"id": 2, "name": "rex"}]})

    assert old.tags == new.tags == ("rtt", "rex")


def test_json_inside_a_string_is_read() -> None:
    """Lists and objects that some plugin wrote as text are read all the same."""
    topic = Topic.from_payload({"id": "7", "tags": '["rtt"]', "post_stream": '{"stream": [1, "2"], "posts": []}'})

    assert (topic.id, topic.tags, topic.stream) == (7, ("rtt",), (1, 2))


def test_what_was_not_told_is_not_no() -> None:
    """A missing value is None, so that nobody stores "no" where nobody said it."""
    post = Post.from_payload({"id": 1})
    member = Member.from_payload({"id": 1})

    assert (post.like_count, post.accepted, post.raw) == (None, None, None)
    assert (member.groups, member.admin, member.trust_level) == (None, None, None)
    assert Category.from_payload({"id": 1}).read_restricted is None
    assert Topic.from_payload({"id": 1}).stream is None


def test_a_topic_of_unknown_kind_is_private() -> None:
    """What does not say that it is a regular topic is treated as a private message."""
    assert Topic.from_payload({"id": 1}).is_private_message
    assert Topic.from_payload({"id": 1, "archetype": "private_message"}).is_private_message
    assert not Topic.from_payload({"id": 1, "archetype": "regular"}).is_private_message


@pytest.mark.parametrize(
    ("email", "gone", "shadow"),
    [
        ("lea@example.org", False, False),
        ("anon12@anonymized.invalid", True, False),
        ("abc@no-email.invalid", True, False),
        ("1f2e@anon.forum.localhost", False, True),
        (None, False, False),
    ],
)
def test_who_is_gone_or_hidden_is_known_by_the_address(email: str | None, gone: bool, shadow: bool) -> None:
    """Anonymised and merged members, and accounts for posting anonymously, are told by made-up addresses only."""
    member = Member.from_payload({"id": 5, "email": email})

    assert (member.is_gone, member.is_shadow) == (gone, shadow)


def test_bots_have_negative_numbers() -> None:
    """System and discobot are no people."""
    assert Member.from_payload({"id": -2}).is_bot
    assert not Member.from_payload({"id": 2}).is_bot


def test_only_standing_words_of_members_are_shown() -> None:
    """Small actions, whispers, hidden and deleted posts are not what a member said to everybody."""
    shown = {"id": 1, "post_type": 1}
    for state in (
        {"post_type": 3},
        {"post_type": 4},
        {"hidden": True},
        {"user_deleted": True},
        {"deleted_at": "2026-01-01T00:00:00.000Z"},
    ):
        assert not Post.from_payload({**shown, **state}).is_shown
    assert Post.from_payload(shown).is_shown
    assert Post.from_payload({"id": 1, "post_type": 2}).is_shown


def test_likes_are_counted_where_they_are_told() -> None:
    """The number of likes comes from the summary of actions, where there is one."""
    assert Post.from_payload({"id": 1, "actions_summary": [{"id": 2, "count": 3}, {"id": 3}]}).like_count == 3
    assert Post.from_payload({"id": 1, "actions_summary": []}).like_count == 0


def test_times_are_utc_whatever_their_zone() -> None:
    """All times are aware and in UTC; an impossible one is left out."""
    topic = Topic.from_payload(
        {"id": 1, "created_at": "2026-11-22T23:07:36.692+02:00", "bumped_at": "0001-01-01T00:00:00+14:00"}
    )

    assert topic.created_at == datetime(2026, 11, 22, 21, 7, 36, 692000, tzinfo=UTC)
    assert topic.bumped_at is None


def test_a_site_names_its_flags() -> None:
    """Kinds of flags are found by their key, likes are none."""
    site = SiteInfo.from_payload(
        {
            "post_action_types": [
                {"id": 2, "name_key": "like", "is_flag": False},
                {"id": 7, "name_key": "notify_moderators", "is_flag": True},
            ]
        }
    )

    assert site.flags == (("notify_moderators", 7),)
