"""The bench's forum: members, categories, topics, posts and likes in memory, made by the test that needs them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from connector.records import StoredCategory, StoredMember, StoredPost, StoredTopic

Circle = Literal["core", "occasional", "reader"]
Author = StoredMember | int


@dataclass(slots=True)
class World:
    """All that happened on the bench's forum. Ids count from 1 and are never given twice."""

    login_required: bool = False
    categories: dict[int, StoredCategory] = field(default_factory=dict)
    category_groups: dict[int, frozenset[str]] = field(default_factory=dict)
    members: dict[int, StoredMember] = field(default_factory=dict)
    topics: dict[int, StoredTopic] = field(default_factory=dict)
    posts: dict[int, StoredPost] = field(default_factory=dict)
    likes: dict[int, list[int]] = field(default_factory=dict)
    circles: dict[int, Circle] = field(default_factory=dict)
    answer_times: dict[int | None, timedelta] = field(default_factory=dict)
    generation: int = 0
    _last_id: int = 0

    def new_id(self) -> int:
        self.generation += 1
        self._last_id += 1
        return self._last_id

    def given(self) -> frozenset[int]:
        """Every id that was ever given to anything."""
        return frozenset(range(1, self._last_id + 1))

    def add_category(
        self, name: str, *, groups: Iterable[str] = (), parent: int | None = None, visibility: str | None = None
    ) -> StoredCategory:
        """A category; with `groups` it is restricted to them, and opted in, unless `visibility` says otherwise."""
        number, allowed = self.new_id(), frozenset(groups)
        seen_by = visibility or (f"cat:{number}" if allowed else "public")
        self.categories[number] = StoredCategory(number, name, name.lower().replace(" ", "-"), parent, seen_by)
        self.category_groups[number] = allowed
        return self.categories[number]

    def add_topic(
        self,
        author: Author | None,
        title: str,
        *,
        category: StoredCategory | int | None,
        tags: tuple[str, ...],
        at: datetime,
    ) -> StoredTopic:
        """A topic without posts yet."""
        number = self.new_id()
        room = number_of(category)
        self.topics[number] = StoredTopic(
            id=number,
            title=title,
            slug="-".join(title.lower().split()),
            category_id=room,
            tags=tags,
            created_at=at,
            user_id=number_of(author),
            visible=True,
            closed=False,
            archived=False,
            last_posted_at=at,
            posts_count=0,
            solved_post_id=None,
            visibility="public" if room is None else self.categories[room].visibility,
        )
        return self.topics[number]

    def add_post(
        self,
        topic: StoredTopic | int,
        author: Author | None,
        text: str,
        *,
        at: datetime,
        reply_to: int | None = None,
        code: str = "",
        links: tuple[str, ...] = (),
        lang: str = "",
        post_type: int = 1,
    ) -> StoredPost:
        """A post at the end of a topic; the topic's count and last time move along."""
        number, of = self.new_id(), self.topics[number_of(topic) or 0]
        self.posts[number] = StoredPost(
            id=number,
            topic_id=of.id,
            post_number=of.posts_count + 1,
            user_id=number_of(author),
            created_at=at,
            updated_at=at,
            post_type=post_type,
            reply_to_post_number=reply_to,
            text=text,
            code=code,
            links=links,
            lang=lang or "unknown",
            like_count=0,
            accepted=False,
            hidden=False,
            visibility=of.visibility,
        )
        self.topics[of.id] = replace(
            of, posts_count=of.posts_count + 1, last_posted_at=max(at, of.last_posted_at or at)
        )
        return self.posts[number]

    def like(self, post: StoredPost | int, member: Author) -> None:
        """Once per member and post, however often it is called."""
        number, liker = number_of(post) or 0, number_of(member) or 0
        likers = self.likes.setdefault(number, [])
        if liker not in likers:
            likers.append(liker)
            self.change_post(number, like_count=len(likers))

    def accept(self, post: StoredPost | int) -> None:
        """The post becomes the topic's accepted answer, in place of any other."""
        number = number_of(post) or 0
        topic = self.topics[self.posts[number].topic_id]
        if topic.solved_post_id is not None:
            self.change_post(topic.solved_post_id, accepted=False)
        self.change_post(number, accepted=True)
        self.topics[topic.id] = replace(topic, solved_post_id=number)

    def change_post(self, post_id: int, **changes: object) -> StoredPost:
        self.generation += 1
        self.posts[post_id] = replace(self.posts[post_id], **changes)  # type: ignore[arg-type]
        return self.posts[post_id]

    def change_topic(self, topic_id: int, **changes: object) -> StoredTopic:
        self.generation += 1
        self.topics[topic_id] = replace(self.topics[topic_id], **changes)  # type: ignore[arg-type]
        return self.topics[topic_id]

    def remove_post(self, post_id: int) -> None:
        """As when a moderator deletes it: no trace in any answer."""
        self.generation += 1
        del self.posts[post_id]
        self.likes.pop(post_id, None)

    def remove_member(self, member_id: int) -> None:
        """As when an account is destroyed: posts stay without author, likes are gone."""
        self.generation += 1
        self.members.pop(member_id, None)
        for post in [post for post in self.posts.values() if post.user_id == member_id]:
            self.posts[post.id] = replace(post, user_id=None)
        for topic in [topic for topic in self.topics.values() if topic.user_id == member_id]:
            self.topics[topic.id] = replace(topic, user_id=None)
        for likers in self.likes.values():
            if member_id in likers:
                likers.remove(member_id)


def number_of(thing: StoredMember | StoredCategory | StoredTopic | StoredPost | int | None) -> int | None:
    """The id of a record, or the id itself."""
    return thing if thing is None or isinstance(thing, int) else thing.id
