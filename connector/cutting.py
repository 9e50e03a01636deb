"""What of a delivery may be kept before it is written anywhere (promises P2 and P8).

Payloads are made as the system user: they hold private messages, restricted categories, whispers, addresses. What is
not known to be readable by everybody loses all its text here and keeps ids, times and states, which are enough to know
what to ask the forum for; a private message is dropped whole. Lists of what may stay are closed: a field that a newer
core adds is cut until somebody decides otherwise.
"""

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import replace
from typing import Any

from connector.fields import flag, mapping, mappings, maybe, whole
from connector.models import WHISPER, Event


def _fields(names: str) -> frozenset[str]:
    return frozenset(names.split())


_TOPIC_BARE = _fields(
    "id archetype category_id created_at last_posted_at deleted_at user_id visible closed archived posts_count"
    " highest_post_number pinned pinned_at pinned_globally reply_count like_count views"
)
_TOPIC_OPEN = _TOPIC_BARE | _fields("title fancy_title slug tags word_count external_id created_by")
_POST_BARE = _fields(
    "id topic_id topic_archetype category_id post_number post_type user_id created_at updated_at deleted_at"
    " user_deleted hidden version reply_to_post_number topic_posts_count wiki action_code"
)
_POST_OPEN = _POST_BARE | _fields(
    "username name display_username cooked raw topic_title topic_slug category_slug reply_count quote_count reads score"
    " trust_level staff admin moderator user_title primary_group_name post_url accepted_answer topic_accepted_answer"
    " avatar_template"
)
_CATEGORY_BARE = _fields("id parent_category_id read_restricted group_permissions position")
_CATEGORY_OPEN = _CATEGORY_BARE | _fields(
    "name slug color text_color description_text topic_url topic_template topic_count permission minimum_required_tags"
)
# A biography, place and website are left out: their owner may have hidden them, which only the API respects.
_MEMBER = _fields(
    "id username name email trust_level admin moderator staged active approved title locale created_at last_seen_at"
    " last_posted_at suspended_till post_count avatar_template timezone"
)
_LIKER = _fields("id username name avatar_template")
_GROUP = _fields("id name full_name automatic user_count visibility_level members_visibility_level messageable_level")
_BARE: Mapping[str, frozenset[str]] = {
    "ping": frozenset({"answer"}),
    "group_user": _fields("id group_id user_id notification_level created_at"),
    "user_badge": _fields("id badge_id user_id granted_by_id granted_at created_at post_id topic_id"),
    "notification": _fields("id user_id notification_type read created_at topic_id post_number"),
    "reviewable": _fields(
        "id type status score version created_at topic_id post_id category_id user_id created_by_id"
        " target_created_by_id target_created_by_trust_level"
    ),
    "assign": _fields("type topic_id post_id assigned_to_id assigned_by_id"),
    "topic_voting": _fields("topic_id voter_id user_id vote_count"),
    "tag": _fields("id name slug topic_count staff"),
}


def cut(
    event: Event,
    public_categories: Container[int],
    kept_topics: Container[int] = (),
    is_forgotten: Callable[[str], bool] | None = None,
) -> Event | None:
    """The event without what must not be stored; None where nothing of it may be.

    `is_forgotten` says whether a text names somebody who was erased: such a post or topic loses all its text.

    `public_categories` holds the ids of categories that the forum itself said everybody may read. `kept_topics` holds
    topics of which ids and times stay though they are private messages: conversations that our own outbox opened, and
    topics held so far as regular ones, which the event may have just turned into a message and which must be purged.
    """
    content = event.payload
    if is_forgotten is not None and event.type in _SPEAKING and any(map(is_forgotten, _texts(content))):
        public_categories = ()
    if event.type == "topic":
        if event.is_private_message and _unless_kept(content.get("archetype"), content.get("id"), kept_topics):
            return None
        return replace(event, payload=_kept(content, _topic_fields(event, public_categories)))
    if event.type in ("post", "solved", "like"):
        return _cut_post(event, public_categories, kept_topics)
    if event.type == "category":
        is_open = maybe(content.get("read_restricted")) is False and event.name != "category_destroyed"
        return replace(event, payload=_kept(content, _CATEGORY_OPEN if is_open else _CATEGORY_BARE))
    if event.type in ("user", "user_promoted"):
        return replace(event, payload=_cut_member(content))
    if event.type == "group":
        return replace(event, payload=_kept(content, _GROUP))
    if event.type == "tag" and flag(content.get("staff")):
        return replace(event, payload=_kept(content, frozenset({"id", "staff"})))
    if event.type in _BARE:
        return replace(event, payload=_kept(content, _BARE[event.type]))
    return None


_SPEAKING = frozenset({"topic", "post", "solved", "like"})


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _unless_kept(archetype: object, topic_id: object, kept_topics: Container[int]) -> bool:
    """Whether a message is to be dropped. What names no archetype at all (an unknown core) stays as bare ids."""
    return archetype is not None and whole(topic_id) not in kept_topics


def _topic_fields(event: Event, public_categories: Container[int]) -> frozenset[str]:
    content = event.payload
    shown = flag(content.get("visible", True)) and content.get("deleted_at") is None
    public = not event.is_private_message and _in(content.get("category_id"), public_categories)
    return _TOPIC_OPEN if public and shown and event.name != "topic_destroyed" else _TOPIC_BARE


def _cut_post(event: Event, public_categories: Container[int], kept_topics: Container[int]) -> Event | None:
    content = mapping(event.payload.get("post")) if event.type == "like" else event.payload
    if event.is_private_message and _unless_kept(content.get("topic_archetype"), content.get("topic_id"), kept_topics):
        return None
    standing = content.get("deleted_at") is None and not flag(content.get("user_deleted"))
    shown = standing and not flag(content.get("hidden")) and whole(content.get("post_type")) != WHISPER
    public = not event.is_private_message and _in(content.get("category_id"), public_categories)
    openly = public and shown and event.name != "post_destroyed"
    post = _kept(content, _POST_OPEN if openly else _POST_BARE)
    if event.type != "like":
        return replace(event, payload=post)
    return replace(event, payload={"post": post, "user": _kept(mapping(event.payload.get("user")), _LIKER)})


def _cut_member(content: Mapping[str, Any]) -> dict[str, Any]:
    kept = _kept(content, _MEMBER)
    if content.get("groups") is not None:
        kept["groups"] = [{"id": one.get("id"), "name": one.get("name")} for one in mappings(content.get("groups"))]
    return kept


def _in(category_id: object, categories: Container[int]) -> bool:
    number = whole(category_id)
    return number is not None and number in categories


def _kept(content: Mapping[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key in fields}
