"""The forum's memory as it stood at a moment of the past, as far as it is dated.

What has no date (likes, accepted answers of later posts, who looked) is left out rather than guessed; circles and usual
answer times are today's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from connector.models import Member, Post, Topic
from connector.records import (
    Audience,
    SearchResult,
    StoredCategory,
    StoredMember,
    StoredPost,
    StoredTopic,
    TopicVectors,
)
from plugins.doors import ArchiveDoor


class PastArchive:
    """`plugins.doors.ArchiveDoor` before `moment`, which whoever replays moves on."""

    def __init__(self, archive: ArchiveDoor, moment: datetime) -> None:
        self._archive = archive
        self.moment = moment
        self.seen = 0
        # A replay asks the same things at every tick of its clock, and the memory behind it stands still meanwhile.
        self._topic = cache(archive.topic)
        self._posts_of_topic = cache(archive.posts_of_topic)
        self._member = cache(archive.member)
        self._category = cache(archive.category)
        self._usual_answer_time = cache(archive.usual_answer_time)
        self._audience_of_topic = cache(archive.audience_of_topic)
        self._audience_of_category = cache(archive.audience_of_category)

    def audience_anonymous(self) -> Audience:
        return self._archive.audience_anonymous()

    def audience_public(self) -> Audience:
        return self._archive.audience_public()

    def audience_for(self, groups: Iterable[str], member_id: int | None = None) -> Audience:
        return self._archive.audience_for(groups, member_id)

    def audience_of_topic(self, topic_id: int) -> Audience:
        return self._audience_of_topic(topic_id)

    def audience_of_category(self, category_id: int) -> Audience:
        return self._audience_of_category(category_id)

    def search(self, text: str, audience: Audience, *, limit: int = 20, per: Literal["topic", "post"] = "topic",
               mode: Literal["hybrid", "lexical", "semantic"] = "hybrid", before: datetime | None = None,
               exclude_topics: Iterable[int] = ()) -> SearchResult:  # fmt: skip
        until = self.moment if before is None else min(before, self.moment)
        return self._archive.search(
            text, audience, limit=limit, per=per, mode=mode, before=until, exclude_topics=exclude_topics
        )

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        return self._archive.embed(texts, model)

    def vectors(self, topic_ids: Sequence[int]) -> TopicVectors:
        return self._archive.vectors([one for one in topic_ids if self.topic(one) is not None])

    def topic(self, topic_id: int) -> StoredTopic | None:
        topic = self._topic(topic_id)
        return None if topic is None or topic.created_at > self.moment else self._as_it_was(topic)

    def post(self, post_id: int) -> StoredPost | None:
        post = self._archive.post(post_id)
        return None if post is None or post.created_at > self.moment else _without_later(post)

    def member(self, member_id: int) -> StoredMember | None:
        return self._member(member_id)

    def member_named(self, username: str) -> StoredMember | None:
        return self._archive.member_named(username)

    def category(self, category_id: int) -> StoredCategory | None:
        return self._category(category_id)

    def categories(self) -> Sequence[StoredCategory]:
        return self._archive.categories()

    def topics(self, audience: Audience, *, since: datetime | None = None, until: datetime | None = None,
               category_id: int | None = None, unanswered: bool | None = None,
               limit: int = 200) -> Sequence[StoredTopic]:  # fmt: skip
        end = self.moment if until is None else min(until, self.moment)
        # Whether a topic was answered by then is not what the memory knows: it knows whether it is answered now.
        found = self._archive.topics(
            audience, since=since, until=end, category_id=category_id, limit=limit if unanswered is None else limit * 4
        )
        topics = [self._as_it_was(topic) for topic in found if topic.created_at <= self.moment]
        if unanswered is not None:
            topics = [topic for topic in topics if self._is_unanswered(topic) == unanswered]
        return topics[:limit]

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        posts = self._posts_of_topic(topic_id)
        return [_without_later(post) for post in posts if post.created_at <= self.moment]

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        posts = self._archive.posts_of_member(member_id, audience, limit=limit * 4)
        return [_without_later(post) for post in posts if post.created_at <= self.moment][:limit]

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        until = self.moment if before is None else min(before, self.moment)
        return (_without_later(post) for post in self._archive.all_posts(audience, after=after, before=until))

    def members(self) -> Iterator[StoredMember]:
        return (
            member for member in self._archive.members()
            if member.created_at is None or member.created_at <= self.moment
        )  # fmt: skip

    def likers(self, post_id: int) -> Sequence[int]:
        return ()

    def circles(self) -> Mapping[int, Literal["core", "occasional", "reader"]]:
        return self._archive.circles()

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        return self._usual_answer_time(category_id)

    def generation(self) -> int:
        """Grows with every event replayed, so that a plugin's own index follows."""
        return self._archive.generation() + self.seen

    def _as_it_was(self, topic: StoredTopic) -> StoredTopic:
        posts = self.posts_of_topic(topic.id)
        last = posts[-1].created_at if posts else topic.created_at
        return replace(
            topic, posts_count=len(posts), last_posted_at=last, solved_post_id=None, closed=False, archived=False
        )

    def _is_unanswered(self, topic: StoredTopic) -> bool:
        return not any(post.user_id != topic.user_id and (post.user_id or 0) > 0 for post in
                       self.posts_of_topic(topic.id))  # fmt: skip


class PastForum:
    """The fresh reads of `ctx.forum` in a replay: what the memory holds of that moment, and no network."""

    def __init__(self, archive: PastArchive) -> None:
        self._archive = archive

    def topic(self, topic_id: int) -> Topic | None:
        topic = self._archive.topic(topic_id)
        if topic is None:
            return None
        posts = tuple(self._post(post, topic) for post in self._archive.posts_of_topic(topic_id))
        return Topic(
            id=topic.id, title=topic.title, slug=topic.slug, category_id=topic.category_id, tags=topic.tags,
            created_at=topic.created_at, user_id=topic.user_id, visible=topic.visible, archetype="regular",
            posts_count=len(posts), last_posted_at=topic.last_posted_at, stream=tuple(post.id for post in posts),
            posts=posts,
        )  # fmt: skip

    def post(self, post_id: int) -> Post | None:
        post = self._archive.post(post_id)
        topic = self._archive.topic(post.topic_id) if post is not None else None
        return self._post(post, topic) if post is not None and topic is not None else None

    def member(self, username: str) -> Member | None:
        found = self._archive.member_named(username)
        if found is None:
            return None
        return Member(
            id=found.id, username=found.username, name=found.name, trust_level=found.trust_level, groups=found.groups,
            created_at=found.created_at, last_seen_at=found.last_seen_at,
        )  # fmt: skip

    def _post(self, post: StoredPost, topic: StoredTopic) -> Post:
        author = self._archive.member(post.user_id) if post.user_id is not None else None
        return Post.from_payload(payload_of(post, topic, author.username if author else ""))


def payload_of(post: StoredPost, topic: StoredTopic, username: str) -> dict[str, Any]:
    """A post as a web hook would have told it."""
    return {
        "id": post.id, "topic_id": post.topic_id, "post_number": post.post_number, "user_id": post.user_id,
        "username": username, "created_at": post.created_at.isoformat(), "updated_at": post.created_at.isoformat(),
        "cooked": "", "raw": post.text, "post_type": post.post_type, "topic_archetype": "regular",
        "reply_to_post_number": post.reply_to_post_number, "topic_title": topic.title, "topic_slug": topic.slug,
        "category_id": topic.category_id,
    }  # fmt: skip


def _without_later(post: StoredPost) -> StoredPost:
    """Likes and acceptance carry no date: in a replay nobody has them yet."""
    return replace(post, like_count=0, accepted=False)
