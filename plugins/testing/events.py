"""Events as Discourse would send them about the bench's records."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from connector.events import EVENTS_OF_TYPE, KNOWN_EVENTS, lane_of
from connector.models import Event
from connector.records import StoredCategory, StoredMember, StoredPost, StoredTopic
from plugins.testing.acts import BenchError
from plugins.testing.world import World

About = StoredTopic | StoredPost | StoredMember | StoredCategory | Mapping[str, Any] | None


def event(name: str, about: About, world: World, *, by: StoredMember | None = None) -> Event:
    """The event `name` about a record; `by` is who liked, for `post_liked`.

    :raises BenchError: Discourse sends no event of this name, or none about such a thing.
    """
    if name not in KNOWN_EVENTS:
        near = sorted(KNOWN_EVENTS, key=lambda known: -len(set(known.split("_")) & set(name.split("_"))))[:4]
        raise BenchError(f"Discourse sends no event {name!r}; near it are {', '.join(near)}")
    kind = next((kind for kind, names in EVENTS_OF_TYPE.items() if name in names), "topic")
    payload = about if isinstance(about, Mapping) else _payload(kind, about, world)
    if kind == "like" and not isinstance(about, Mapping):
        payload = {"post": payload, "user": _member(by) if by else {}}
    if not payload and kind != "ping":
        raise BenchError(f"{name} is about a {kind}: hand one in")
    body = json.dumps({kind: payload}, default=str, sort_keys=True).encode()
    digest = hashlib.sha256(body).hexdigest()
    return Event(name, kind, payload, "https://bench.invalid", digest[:8], digest, lane_of(kind, payload))


def _payload(kind: str, about: About, world: World) -> dict[str, Any]:
    match about:
        case StoredPost() if kind in ("post", "solved", "like"):
            return _post(about, world)
        case StoredTopic() if kind == "topic":
            return _topic(about)
        case StoredMember() if kind in ("user", "user_promoted"):
            return _member(about)
        case StoredCategory() if kind == "category":
            return {
                "id": about.id,
                "name": about.name,
                "slug": about.slug,
                "read_restricted": about.visibility != "public",
            }
        case None:
            return {}
        case _:
            raise BenchError(f"a {kind} event cannot be about a {type(about).__name__}; hand in a payload (a dict)")


def _topic(topic: StoredTopic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "title": topic.title,
        "slug": topic.slug,
        "category_id": topic.category_id,
        "tags": list(topic.tags),
        "created_at": topic.created_at.isoformat(),
        "user_id": topic.user_id,
        "archetype": "regular",
        "visible": topic.visible,
        "closed": topic.closed,
        "archived": topic.archived,
        "posts_count": topic.posts_count,
    }


def _post(post: StoredPost, world: World) -> dict[str, Any]:
    topic = world.topics[post.topic_id]
    author = world.members.get(post.user_id or 0)
    return {
        "id": post.id,
        "topic_id": post.topic_id,
        "post_number": post.post_number,
        "user_id": post.user_id,
        "username": author.username if author else "",
        "created_at": post.created_at.isoformat(),
        "updated_at": post.updated_at.isoformat(),
        "cooked": f"<p>{post.text}</p>",
        "raw": post.text,
        "post_type": post.post_type,
        "reply_to_post_number": post.reply_to_post_number,
        "topic_archetype": "regular",
        "topic_title": topic.title,
        "topic_slug": topic.slug,
        "category_id": topic.category_id,
    }


def _member(member: StoredMember) -> dict[str, Any]:
    return {
        "id": member.id,
        "username": member.username,
        "name": member.name,
        "trust_level": member.trust_level,
        "locale": member.locale,
        "groups": [{"name": name} for name in member.groups],
    }
