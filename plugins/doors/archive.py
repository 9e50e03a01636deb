"""The door to the forum's memory."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

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


class ArchiveDoor(Protocol):
    """The forum's local memory. Every question to it names its audience."""

    def audience_anonymous(self) -> Audience:
        """Whoever passes by: nothing where login is required."""

    def audience_public(self) -> Audience:
        """Any member who is logged in."""

    def audience_for(self, groups: Iterable[str], member_id: int | None = None) -> Audience:
        """A member of these groups."""

    def audience_of_topic(self, topic_id: int) -> Audience:
        """What every reader of this topic may open: public things and the topic's own room."""

    def audience_of_category(self, category_id: int) -> Audience:
        """What every reader of this category may open; nothing where its readers are not known."""

    def search(self, text: str, audience: Audience, *, limit: int = 20, per: Literal["topic", "post"] = "topic",
               mode: Literal["hybrid", "lexical", "semantic"] = "hybrid", before: datetime | None = None,
               exclude_topics: Iterable[int] = ()) -> SearchResult:  # fmt: skip
        """What was written like this, best first; `per` topic or post, `before` hides what came later."""

    def embed(self, texts: Sequence[str], model: str | None = None) -> NDArray[np.float32]:
        """Unit vectors, one row a text; raises `connector.errors.ModelUnavailable` where there is no model."""

    def vectors(self, topic_ids: Sequence[int]) -> TopicVectors:
        """Vectors of these topics' opening posts, as far as the worker has computed them; nothing is computed here.

        Raises `connector.errors.ModelUnavailable` where no model is set up.
        """

    def topic(self, topic_id: int) -> StoredTopic | None:
        """A topic as the archive knows it."""

    def post(self, post_id: int) -> StoredPost | None:
        """A post as the archive knows it: its author's own words and code, without what it quotes."""

    def member(self, member_id: int) -> StoredMember | None:
        """A member by id."""

    def member_named(self, username: str) -> StoredMember | None:
        """A member by username, in any case of letters."""

    def category(self, category_id: int) -> StoredCategory | None:
        """A category by id."""

    def categories(self) -> Sequence[StoredCategory]:
        """Every category that is known."""

    def topics(self, audience: Audience, *, since: datetime | None = None, until: datetime | None = None,
               category_id: int | None = None, unanswered: bool | None = None,
               limit: int = 200) -> Sequence[StoredTopic]:  # fmt: skip
        """Visible topics, newest first; `unanswered`: nobody but author and bots replied."""

    def posts_of_topic(self, topic_id: int) -> Sequence[StoredPost]:
        """A topic's posts in order; whoever shows them checks the audience first."""

    def topics_in(self, topic_ids: Collection[int]) -> Mapping[int, StoredTopic]:
        """Several topics by id, each as `topic` gives it, asked for together; those that are not known are left out."""

    def posts_in(self, topic_ids: Collection[int]) -> Mapping[int, Sequence[StoredPost]]:
        """By topic id, the posts of several topics, each as `posts_of_topic` gives them, asked for together."""

    def posts_of_member(self, member_id: int, audience: Audience, *, limit: int = 50) -> Sequence[StoredPost]:
        """A member's posts that this audience may read, newest first."""

    def all_posts(
        self, audience: Audience, *, after: tuple[datetime, int] | None = None, before: datetime | None = None
    ) -> Iterator[StoredPost]:
        """Visible regular posts in order of (created_at, id); `after` resumes behind such a pair."""

    def changed_since(self, generation: int, audience: Audience) -> Changes:
        """What this audience may read, or may read no more, since a generation (-1: everything): how an index of a
        plugin's own follows what is written, edited, deleted, closed and erased without reading all of it again.
        """

    def members(self) -> Iterator[StoredMember]:
        """Every member that is known, bots (negative ids) included."""

    def likers(self, post_id: int) -> Sequence[int]:
        """Who liked a post, as far as web hooks told."""

    def circles(self) -> Mapping[int, Literal["core", "occasional", "reader"]]:
        """Which circle each member is in: core, occasional or reader."""

    def usual_answer_time(self, category_id: int | None) -> timedelta | None:
        """Time in which this category answers three quarters of what it ever answers; None: too little was seen."""

    def generation(self) -> int:
        """Grows with every change; a plugin's own index compares it to know whether it is behind."""
