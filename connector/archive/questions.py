"""What plugins may ask of the memory: the methods of `plugins.doors.ArchiveDoor`, each told there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from connector.archive.answering import usual_answer_time
from connector.archive.circles import Circle, circles
from connector.archive.reading import Reads
from connector.archive.search import Search
from connector.archive.semantic import Semantic
from connector.archive.store import Store
from connector.archive.visibility import Audiences
from connector.records import (
    Audience,
    Changes,
    SearchResult,
    StoredCategory,
    StoredMember,
    StoredPost,
    StoredTopic,
    TopicVectors,
)


class Questions:
    """The asking half of the archive; every list and every search names its audience."""

    def __init__(self, store: Store, search: Search, semantic: Semantic) -> None:
        self._store = store
        self._search = search
        self._semantic = semantic
        self._reads = Reads(store)
        self._audiences = Audiences(store)

    def audience_anonymous(self) -> Audience:
        return self._audiences.anonymous()

    def audience_public(self) -> Audience:
        return self._audiences.public()

    def audience_for(self, groups: Iterable[str], member_id: int | None = None) -> Audience:
        return self._audiences.of_groups(groups, member_id)

    def audience_of_topic(self, topic_id: int) -> Audience:
        return self._audiences.of_topic(topic_id)

    def audience_of_category(self, category_id: int) -> Audience:
        return self._audiences.of_category(category_id)

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
        return self._search.search(text, audience, limit, per, mode, before, exclude_topics)

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        return self._semantic.embed(texts, model)

    def vectors(self, topic_ids: Sequence[int]) -> TopicVectors:
        return self._semantic.of_topics(topic_ids)

    def topic(self, topic_id: int) -> StoredTopic | None:
        return self._reads.topic(topic_id)

    def post(self, post_id: int) -> StoredPost | None:
        return self._reads.post(post_id)

    def member(self, member_id: int) -> StoredMember | None:
        return self._reads.member(member_id)

    def member_named(self, username: str) -> StoredMember | None:
        return self._reads.member_named(username)

    def category(self, category_id: int) -> StoredCategory | None:
        return self._reads.category(category_id)

    def categories(self) -> Sequence[StoredCategory]:
        return self._reads.categories()

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
        return self._reads.topics(audience, since, until, category_id, unanswered, limit)

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        return self._reads.posts_of_topic(topic_id)

    def topics_in(self, topic_ids: Collection[int]) -> Mapping[int, StoredTopic]:
        return self._reads.topics_in(topic_ids)

    def posts_in(self, topic_ids: Collection[int]) -> Mapping[int, Sequence[StoredPost]]:
        return self._reads.posts_in(topic_ids)

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        return self._reads.posts_of_member(member_id, audience, limit)

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        return self._reads.all_posts(audience, after, before)

    def changed_since(self, generation: int, audience: Audience) -> Changes:
        return self._reads.changed_since(generation, audience)

    def members(self) -> Iterator[StoredMember]:
        return self._reads.members()

    def likers(self, post_id: int) -> Sequence[int]:
        return self._reads.likers(post_id)

    def circles(self) -> Mapping[int, Circle]:
        return circles(self._store, self._store.clock())

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        return usual_answer_time(self._store, category_id, self._store.clock())

    def generation(self) -> int:
        return self._store.generation()
