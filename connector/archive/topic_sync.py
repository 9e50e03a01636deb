"""Topics and posts read again from the forum: what its key cannot see is purged, what moved is followed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from connector.archive import categories as rooms
from connector.archive.applied import Applied, both
from connector.archive.purging import purge_topic
from connector.archive.store import Row, Store, Writing, row_where
from connector.archive.storing import Ground, Told, store_topics
from connector.archive.tables import categories, posts, topics
from connector.archive.visibility import CLOSED, UNKNOWN, has_words
from connector.forum import Forum
from connector.models import Post, Topic

CATEGORIES_STAY_KNOWN = timedelta(minutes=5)
_SPLITS = frozenset({"split_topic", "moved", "merged"})
_TOPIC_LINK = re.compile(r"/t/(?:[^/\s\"')]*/)?(\d{1,18})(?=[/\s\"')?#]|$)")
_MOST_MOVED = 80


class TopicSync:
    """Makes the memory of topics what the forum shows of them."""

    def __init__(self, store: Store, ground: Ground) -> None:
        self._store = store
        self._ground = ground

    def read_topic(self, topic_id: int, forum: Forum, most: int = _MOST_MOVED) -> Applied:
        """One topic, whole; posts that left it are followed where they went, with at most so many requests."""
        told = forum.topic(topic_id)
        if told is None or told.is_private_message or told.deleted_at is not None:
            return self._forget(topic_id, forum, most if told is None else 0)
        visibility = self._class_of(told.category_id, forum)
        with self._store.write() as writing:
            gone = store_topics(writing, [Told(told, visibility, writing.now)], self._ground).get(told.id, ())
            changed = writing.changed
        return Applied(self._follow(gone, forum, most) or changed)

    def read_post(self, hint: Post, forum: Forum) -> Applied:
        """What an event on this post may have touched: the post alone where that is enough, else its topics."""
        applied = self._refresh(hint, forum)
        if applied is not None:
            return applied
        applied = Applied()
        read = self._named_topics(hint)
        for topic_id in read:
            applied = both(applied, self.read_topic(topic_id, forum))
        if not self.holds_post(hint.id):
            post = forum.post(hint.id)
            if post is not None and post.topic_id is not None and post.topic_id not in read:
                applied = both(applied, self.read_topic(post.topic_id, forum))
        return applied

    def holds_post(self, post_id: int) -> bool:
        return self._store.find(post_id, posts.c.id, posts.c.id) is not None

    def holds_topic(self, topic_id: int) -> bool:
        return self._store.find(topic_id, topics.c.id, topics.c.id) is not None

    def asks_for_class(self, topic_id: int) -> bool:
        """Whether reading this topic means asking for the categories as well, one request more."""
        row = self._store.find(topic_id, topics.c.id, topics.c.category_id)
        if row is None or row["category_id"] is None:
            return False
        room = self._category(row["category_id"])
        return room is None or self._is_to_be_asked(room)

    def _forget(self, topic_id: int, forum: Forum, most: int) -> Applied:
        if not self.holds_topic(topic_id):
            return Applied()
        with self._store.write() as writing:
            held = _posts_in(writing, topic_id)
            purge_topic(writing, topic_id)
        self._follow(held, forum, most)
        return Applied(changed=True)

    def _follow(self, post_ids: Sequence[int], forum: Forum, most: int) -> bool:
        """Posts that left their topic: deleted, or moved to another, which no web hook names (recorded lesson 2)."""
        read: set[int] = set()
        changed, asked = False, 0
        for number in post_ids:
            # One for the post, one for the topic in which it is found.
            if asked + 2 > most:
                break
            if self.holds_post(number):
                continue
            post = forum.post(number)
            asked += 1
            if post is not None and post.topic_id is not None and post.topic_id not in read:
                read.add(post.topic_id)
                changed |= self.read_topic(post.topic_id, forum, 0).changed
                asked += 1
        return changed

    def _refresh(self, hint: Post, forum: Forum) -> Applied | None:
        """The cheap way, for a new or edited post of a topic we hold whole: read that post only. None: not enough."""
        if hint.action_code is not None or hint.topic_id is None or hint.post_number == 1:
            return None
        row = self._whole_topic(hint.topic_id)
        if row is None or (hint.category_id is not None and hint.category_id != row["category_id"]):
            return None
        post = forum.post(hint.id)
        if post is None or post.topic_id != hint.topic_id or post.post_number == 1:
            return None
        with self._store.write() as writing:
            standing = _posts_in(writing, hint.topic_id)
            topic = _with_post(_topic_from(row, writing), post, standing)
            store_topics(writing, [Told(topic, row["visibility"], row["checked_at"])], self._ground)
            return Applied(writing.changed)

    def _named_topics(self, hint: Post) -> list[int]:
        """The topic a post was in, and those that a line such as "4 posts were split to …" links to."""
        found = [] if hint.topic_id is None else [hint.topic_id]
        if hint.action_code in _SPLITS:
            found += [int(number) for number in _TOPIC_LINK.findall(hint.cooked + " " + (hint.raw or ""))]
        return list(dict.fromkeys(found))[:10]

    def _class_of(self, category_id: int | None, forum: Forum) -> str:
        """The class of a category; one that we do not know, or not since five minutes, is asked for once."""
        if category_id is None:
            return UNKNOWN
        row = self._category(category_id)
        if row is None or self._is_to_be_asked(row):
            told = forum.categories()
            with self._store.write() as writing:
                rooms.store_categories(writing, told)
                rooms.ensure_known(writing, [category_id])
                writing.update(categories, categories.c.id == category_id, checked_at=writing.now)
            row = self._category(category_id)
        return CLOSED if row is None else str(row["visibility"])

    def _is_to_be_asked(self, row: Row) -> bool:
        stale = row["checked_at"] is None or self._store.clock() - row["checked_at"] > CATEGORIES_STAY_KNOWN
        return bool(row["visibility"] == UNKNOWN and stale)

    def _category(self, category_id: int) -> Row | None:
        return self._store.find(category_id, categories.c.id)

    def _whole_topic(self, topic_id: int) -> Row | None:
        row = self._store.find(topic_id, topics.c.id)
        whole = row is not None and row["complete"] and row["checked_at"] is not None
        return row if row is not None and whole and has_words(row["visibility"]) else None


def _posts_in(writing: Writing, topic_id: int) -> list[int]:
    told = {"site_id": writing.site, "key": topic_id}
    rows = writing.conn.execute(row_where(posts.c.topic_id, posts.c.post_number, posts.c.id), told).all()
    return [row.id for row in sorted(rows)]


def _topic_from(row: Mapping[str, Any], writing: Writing) -> Topic:
    """The topic as we hold it, without its posts."""
    accepted = None
    if row["solved_post_id"] is not None:
        solved = (posts.c.site == writing.site) & (posts.c.id == row["solved_post_id"])
        accepted = writing.conn.execute(select(posts.c.post_number).where(solved)).scalar_one_or_none()
    return Topic(
        id=row["id"], title=row["title"], slug=row["slug"], category_id=row["category_id"], tags=tuple(row["tags"]),
        created_at=row["created_at"], user_id=row["user_id"], visible=row["visible"], closed=row["closed"],
        archived=row["archived"], archetype="regular", last_posted_at=row["last_posted_at"],
        posts_count=row["posts_count"], accepted_post_number=accepted,
    )  # fmt: skip


def _with_post(topic: Topic, post: Post, standing: Sequence[int]) -> Topic:
    stream = tuple(dict.fromkeys((*standing, post.id)))
    if post.id in standing:
        return replace(topic, posts=(post,), stream=stream)
    last = max(filter(None, (topic.last_posted_at, post.created_at)), default=None)
    return replace(topic, posts=(post,), stream=stream, posts_count=(topic.posts_count or 0) + 1, last_posted_at=last)
