"""The forum's memory as it stood at a moment of the past, as far as it is dated.

What has no date (likes, accepted answers of later posts, who looked) is left out rather than guessed; circles and usual
answer times are today's.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from connector.models import Member, Post, Topic
from connector.records import (
    Audience,
    Changes,
    SearchResult,
    StoredCategory,
    StoredMember,
    StoredPost,
    StoredTopic,
    TopicVectors,
    Written,
)
from plugins.doors import ArchiveDoor

R = TypeVar("R")
_NO_ID = 2**62
"""Beyond the id of any post of that moment."""


class PastArchive:
    """`plugins.doors.ArchiveDoor` before `moment`, which whoever replays moves on."""

    def __init__(self, archive: ArchiveDoor, moment: datetime) -> None:
        self._archive = archive
        self.moment = moment
        self.seen = 0
        self._moments: dict[int, datetime] = {}
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
        until = self._until(before)
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
        return self._as_she_was(self._member(member_id))

    def member_named(self, username: str) -> StoredMember | None:
        return self._as_she_was(self._archive.member_named(username))

    def category(self, category_id: int) -> StoredCategory | None:
        return self._category(category_id)

    def categories(self) -> Sequence[StoredCategory]:
        return self._archive.categories()

    def topics(self, audience: Audience, *, since: datetime | None = None, until: datetime | None = None,
               category_id: int | None = None, unanswered: bool | None = None,
               limit: int = 200) -> Sequence[StoredTopic]:  # fmt: skip
        end = self._until(until)

        def suits(topic: StoredTopic) -> bool:
            # Whether a topic was answered by then is not what the memory knows: it knows whether it is answered now.
            return topic.created_at <= self.moment and (unanswered is None or self._is_unanswered(topic) == unanswered)

        def newest(most: int) -> Sequence[StoredTopic]:
            return self._archive.topics(audience, since=since, until=end, category_id=category_id, limit=most)

        return [self._as_it_was(topic) for topic in _first(newest, suits, limit)]

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        posts = self._posts_of_topic(topic_id)
        return [_without_later(post) for post in posts if post.created_at <= self.moment]

    def topics_in(self, topic_ids: Collection[int]) -> Mapping[int, StoredTopic]:
        return {one: topic for one in topic_ids if (topic := self.topic(one)) is not None}

    def posts_in(self, topic_ids: Collection[int]) -> Mapping[int, Sequence[StoredPost]]:
        return {one: posts for one in topic_ids if (posts := self.posts_of_topic(one))}

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        def newest(most: int) -> Sequence[StoredPost]:
            return self._archive.posts_of_member(member_id, audience, limit=most)

        return [_without_later(post) for post in _first(newest, lambda post: post.created_at <= self.moment, limit)]

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        until = self._until(before)
        return (_without_later(post) for post in self._archive.all_posts(audience, after=after, before=until))

    def changed_since(self, generation: int, audience: Audience) -> Changes:
        """What was written between the moment at which that generation was told, and now; nothing leaves meanwhile."""
        now, since = self.generation(), self._moments.get(generation)
        after = None if since is None else (since, _NO_ID)
        posts = [post for post in self.all_posts(audience, after=after) if post.created_at <= self.moment]
        self._moments[now] = self.moment
        return Changes(now, (self._written(post) for post in posts), len(posts), anew=since is None)

    def _written(self, post: StoredPost) -> Written:
        topic = self.topic(post.topic_id)
        return Written(post, topic.title if topic else "", topic.slug if topic else "")

    def members(self) -> Iterator[StoredMember]:
        return (known for member in self._archive.members() if (known := self._as_she_was(member)) is not None)

    def likers(self, post_id: int) -> Sequence[int]:
        return ()

    def circles(self) -> Mapping[int, Literal["core", "occasional", "reader"]]:
        return self._archive.circles()

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        return self._usual_answer_time(category_id)

    def generation(self) -> int:
        """Grows with every event replayed, so that a plugin's own index follows."""
        return self._archive.generation() + self.seen

    def _until(self, asked: datetime | None) -> datetime:
        """The end of what may be read, which questions leave out: just after what happens at the moment."""
        end = self.moment + timedelta(microseconds=1)
        return end if asked is None else min(asked, end)

    def _as_she_was(self, member: StoredMember | None) -> StoredMember | None:
        """Nobody before the account was made, and last seen no later than the moment."""
        if member is None or (member.created_at is not None and member.created_at > self.moment):
            return None
        if member.last_seen_at is not None and member.last_seen_at > self.moment:
            return replace(member, last_seen_at=self.moment)
        return member

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


def _first(newest: Callable[[int], Sequence[R]], suits: Callable[[R], bool], limit: int) -> list[R]:
    """The first `limit` rows that suit, out of as many of the newest as it takes to find them."""
    most = max(1, limit) * 4
    while True:
        rows = newest(most)
        found = [row for row in rows if suits(row)][:limit]
        if len(found) >= limit or len(rows) < most:
            return found
        most *= 4


def _without_later(post: StoredPost) -> StoredPost:
    """Likes and acceptance carry no date: in a replay nobody has them yet."""
    return replace(post, like_count=0, accepted=False)
