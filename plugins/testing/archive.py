"""The bench's archive: `plugins.doors.ArchiveDoor` over a `World`, with the real one's rules of visibility."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from connector.errors import ModelUnavailable
from connector.records import (
    Audience,
    Changes,
    Hit,
    SearchResult,
    StoredCategory,
    StoredMember,
    StoredPost,
    StoredTopic,
    TopicVectors,
    Written,
)
from plugins.testing import search as searching
from plugins.testing.world import Circle, World

_CLOSED = frozenset({"unknown", "closed"})
_SNIPPET = 160


class BenchArchive:
    """What a plugin may remember of the bench's forum.

    `model` False plays an archive without embedding model; topics in `unread` wait for their vectors still.
    """

    def __init__(self, world: World, *, model: bool = True) -> None:
        self.world = world
        self.model = model
        self.unread: set[int] = set()

    def audience_anonymous(self) -> Audience:
        return Audience(frozenset() if self.world.login_required else frozenset({"public"}))

    def audience_public(self) -> Audience:
        return Audience(frozenset({"public"}))

    def audience_for(self, groups: Iterable[str], member_id: int | None = None) -> Audience:
        mine = set(groups)
        open_to = {
            category.visibility
            for category in self.world.categories.values()
            if self.world.category_groups[category.id] & mine
        }
        return Audience(frozenset({"public"} | open_to) - _CLOSED, member_id)

    def audience_of_topic(self, topic_id: int) -> Audience:
        topic = self.world.topics.get(topic_id)
        return self._with_readers_of(topic)

    def audience_of_category(self, category_id: int) -> Audience:
        return self._with_readers_of(self.world.categories.get(category_id))

    @staticmethod
    def _with_readers_of(place: StoredTopic | StoredCategory | None) -> Audience:
        """Nothing where the readers are not known, as in the real archive."""
        known = place is not None and place.visibility not in _CLOSED
        return Audience(frozenset({"public", place.visibility}) if place is not None and known else frozenset())

    def search(
        self,
        text: str,
        audience: Audience,
        *,
        limit: int = 20,
        per: Literal["topic", "post"] = "topic",
        mode: Literal["hybrid", "lexical", "semantic"] = "hybrid",
        before: datetime | None = None,
        exclude_topics: Iterable[int] = (),
    ) -> SearchResult:
        """Posts (with their topic's title) that share words with `text`; a topic is as good as its best post."""
        barred = set(exclude_topics)
        posts = [post for post in self.all_posts(audience, before=before) if post.topic_id not in barred]
        bodies = [f"{self.world.topics[post.topic_id].title} {post.text}" for post in posts]
        lexical = searching.bm25(searching.words(text), [searching.words(body) for body in bodies])
        semantic = [0.0] * len(posts)
        if self.model and posts and mode != "lexical":
            semantic = (searching.vectors(bodies) @ searching.vectors([text])[0]).tolist()
        hits = self._hits(posts, lexical if mode != "semantic" else [0.0] * len(posts), semantic)
        if per == "topic":
            best: dict[int, Hit] = {}
            for hit in hits:
                best.setdefault(hit.topic_id, hit)
            hits = list(best.values())
        degraded = None if self.model or mode == "lexical" else "There is no model: words only, no meaning."
        return SearchResult(tuple(hits[:limit]), degraded)

    @staticmethod
    def _hits(posts: Sequence[StoredPost], lexical: Sequence[float], semantic: Sequence[float]) -> list[Hit]:
        top = max([*lexical, 1e-9])
        hits = []
        for post, by_words, by_meaning in zip(posts, lexical, semantic, strict=True):
            near = max(0.0, by_meaning)
            score = by_words / top + near
            if score > 0.1:
                snippet = post.text[:_SNIPPET]
                hits.append(Hit(post.topic_id, post.id, post.user_id, score, by_words, near, post.created_at, snippet))
        return sorted(hits, key=lambda hit: (-hit.score, hit.post_id))

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        """Hashed bags of words (`plugins.testing.search`), one unit row of 256 a text; no `model` of a plugin's own."""
        if not self.model:
            raise ModelUnavailable("the bench was told to have no model")
        if model not in (None, "bench"):
            raise ModelUnavailable(f"the bench has its own model alone, and not {model}")
        return searching.vectors(texts)

    def vectors(self, topic_ids: Sequence[int]) -> TopicVectors:
        """What `embed` makes of each opening post under its title, but for the topics in `unread`."""
        known = set(topic_ids) - self.unread
        texts = {
            post.topic_id: f"{self.world.topics[post.topic_id].title}\n{post.text}".strip()
            for post in self.world.posts.values()
            if post.topic_id in known and post.post_number == 1 and not post.hidden
        }
        return TopicVectors("bench", dict(zip(texts, self.embed(list(texts.values())), strict=True)))

    def topic(self, topic_id: int) -> StoredTopic | None:
        return self.world.topics.get(topic_id)

    def post(self, post_id: int) -> StoredPost | None:
        return self.world.posts.get(post_id)

    def member(self, member_id: int) -> StoredMember | None:
        return self.world.members.get(member_id)

    def member_named(self, username: str) -> StoredMember | None:
        wanted = username.lower()
        return next((one for one in self.world.members.values() if one.username.lower() == wanted), None)

    def category(self, category_id: int) -> StoredCategory | None:
        return self.world.categories.get(category_id)

    def categories(self) -> Sequence[StoredCategory]:
        return tuple(self.world.categories.values())

    def topics(
        self,
        audience: Audience,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        category_id: int | None = None,
        unanswered: bool | None = None,
        limit: int = 200,
    ) -> Sequence[StoredTopic]:
        """Newest first; `unanswered` True: nobody but its author and bots replied."""
        found = [
            topic
            for topic in self.world.topics.values()
            if topic.visible
            and topic.visibility in audience.classes
            and (since is None or topic.created_at >= since)
            and (until is None or topic.created_at < until)
            and (category_id is None or topic.category_id == category_id)
            and (unanswered is None or self._unanswered(topic) == unanswered)
        ]
        return sorted(found, key=lambda topic: (topic.created_at, topic.id), reverse=True)[:limit]

    def _unanswered(self, topic: StoredTopic) -> bool:
        people = {post.user_id for post in self.posts_of_topic(topic.id) if post.post_type == 1}
        bots = {member.id for member in self.world.members.values() if member.is_bot}
        return not any(one is not None and one > 0 and one not in bots and one != topic.user_id for one in people)

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        mine = [post for post in self.world.posts.values() if post.topic_id == topic_id and not post.hidden]
        return sorted(mine, key=lambda post: post.post_number)

    def topics_in(self, topic_ids: Collection[int]) -> Mapping[int, StoredTopic]:
        return {one: topic for one in topic_ids if (topic := self.topic(one)) is not None}

    def posts_in(self, topic_ids: Collection[int]) -> Mapping[int, Sequence[StoredPost]]:
        return {one: posts for one in topic_ids if (posts := self.posts_of_topic(one))}

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        """Newest first."""
        mine = [post for post in self.all_posts(audience) if post.user_id == member_id]
        return mine[::-1][:limit]

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        for post in sorted(self.world.posts.values(), key=lambda post: (post.created_at, post.id)):
            topic = self.world.topics[post.topic_id]
            shown = post.post_type == 1 and not post.hidden and topic.visible
            in_time = (before is None or post.created_at < before) and (
                after is None or (post.created_at, post.id) > after
            )
            if shown and in_time and post.visibility in audience.classes:
                yield post

    def changed_since(self, generation: int, audience: Audience) -> Changes:
        """Everything, whatever changed: whoever follows knows what he has already."""
        posts = list(self.all_posts(audience))
        topics = self.world.topics
        told = (Written(post, topics[post.topic_id].title, topics[post.topic_id].slug) for post in posts)
        gone = self.world.given() - {post.id for post in posts}
        return Changes(self.generation(), told, len(posts), gone, anew=generation < 0)

    def members(self) -> Iterator[StoredMember]:
        yield from self.world.members.values()

    def likers(self, post_id: int) -> Sequence[int]:
        return tuple(self.world.likes.get(post_id, ()))

    def circles(self) -> Mapping[int, Circle]:
        return dict(self.world.circles)

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        return self.world.answer_times.get(category_id, self.world.answer_times.get(None))

    def generation(self) -> int:
        return self.world.generation
