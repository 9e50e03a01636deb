"""Writes the community as the documents a Discourse forum serves at ``/t/{id}.json``."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from connector.sandbox.community.model import Community, CommunityPost, CommunityTopic
from connector.sandbox.cooking import Surroundings, cook


def topic_documents(community: Community) -> Iterator[dict[str, Any]]:
    """Every topic, restricted ones too, as its ``/t/{id}.json`` document with all posts; deleted posts left out."""
    around = Surroundings(member=lambda name: f"/u/{name}" if name in community.by_username else None)
    for topic in community.topics:
        yield _document(community, topic, lambda raw: cook(raw, around))


def _document(community: Community, topic: CommunityTopic, cooked: Callable[[str], str]) -> dict[str, Any]:
    posts = [_post(community, topic, post, cooked) for post in topic.posts if not post.deleted]
    return {
        "id": topic.id,
        "title": topic.title,
        "fancy_title": topic.title,
        "slug": topic.slug,
        "category_id": community.category(topic.category).id,
        "tags": list(topic.tags),
        "created_at": _iso(topic.created_at),
        "last_posted_at": posts[-1]["created_at"],
        "posts_count": len(posts),
        "highest_post_number": len(topic.posts),
        "reply_count": sum(post["reply_to_post_number"] is not None for post in posts),
        "like_count": sum(len(post.liked_by) for post in topic.posts if not post.deleted),
        "archetype": "regular",
        "visible": topic.visible,
        "closed": topic.closed,
        "archived": False,
        "deleted_at": None,
        "user_id": community.by_username[topic.author].id,
        "accepted_answer": {"post_number": topic.accepted} if topic.accepted else None,
        "post_stream": {"posts": posts, "stream": [post["id"] for post in posts]},
    }


def _post(
    community: Community, topic: CommunityTopic, post: CommunityPost, cooked: Callable[[str], str]
) -> dict[str, Any]:
    author = community.by_username[post.author]
    likes = [{"id": 2, "count": len(post.liked_by)}] if post.liked_by else []
    return {
        "id": post.id,
        "topic_id": topic.id,
        "topic_slug": topic.slug,
        "post_number": post.number,
        "post_type": 1,
        "user_id": author.id,
        "username": author.username,
        "name": author.name,
        "created_at": _iso(post.created_at),
        "updated_at": _iso(post.created_at),
        "cooked": cooked(post.raw),
        "raw": post.raw,
        "reply_to_post_number": post.reply_to,
        "reply_count": sum(other.reply_to == post.number for other in topic.posts),
        "quote_count": post.raw.count("[quote="),
        "actions_summary": likes,
        "accepted_answer": topic.accepted == post.number,
        "hidden": post.hidden,
        "deleted_at": None,
        "user_deleted": False,
        "version": 1,
        "trust_level": author.trust_level,
        "admin": author.admin,
        "moderator": author.moderator,
        "staff": author.admin or author.moderator,
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
