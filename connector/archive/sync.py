"""Live: what a web hook says happened becomes what the forum says is true (promises P5 and P8).

A payload only tells what to read again, with the key of an ordinary member; what that key cannot see is purged. So any
order and any repetition of deliveries ends in the same memory. Two things only payloads tell: who liked, and that a
member was destroyed or anonymised; both are merged, never added up, so they too know no order.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select

from connector.archive import categories as rooms
from connector.archive.applied import Applied
from connector.archive.erasing import erase, is_erased
from connector.archive.store import Store
from connector.archive.storing import Ground
from connector.archive.storing_members import store_member
from connector.archive.tables import conversations, likes, members, posts
from connector.archive.topic_sync import TopicSync
from connector.fields import whole
from connector.forum import Forum
from connector.models import Category, Event, Member


class Sync:
    """Applies events to one site's memory."""

    def __init__(self, store: Store, ground: Ground) -> None:
        self._store = store
        self.topics = TopicSync(store, ground)
        self._by_type: Mapping[str, Callable[[Event, Forum], Applied]] = {
            "topic": lambda event, forum: self.topics.read_topic(event.topic().id, forum),
            "post": lambda event, forum: self.topics.read_post(event.post(), forum),
            "solved": self._topic_named,
            "reviewable": self._topic_named,
            "assign": self._topic_named,
            "like": self._like,
            "user": self._member,
            "user_promoted": self._member,
            "group_user": self._group_member,
            "category": self._category,
        }

    def apply(self, event: Event, forum: Forum) -> Applied:
        """Read again what this event touches. :raises ForumError: it could not be read; the event is to be kept."""
        if event.is_private_message:
            return self._message(event, forum)
        handler = self._by_type.get(event.type)
        return Applied(note="nothing of the archive's") if handler is None else handler(event, forum)

    def read_member(self, hint: Member, forum: Forum) -> Applied:
        """Read a profile again; a name that finds nobody may be an old one, so the name we hold is tried too."""
        told = forum.member(hint.username) if hint.username else None
        if told is None or told.id != hint.id:
            row = self._store.find(hint.id, members.c.id, members.c.username)
            held = None if row is None else str(row["username"])
            told = forum.member(held) if held and held != hint.username else None
        if told is None or told.id != hint.id:
            return Applied(note="no profile to be seen")
        with self._store.write() as writing:
            store_member(writing, replace(told, locale=told.locale or hint.locale))
            return Applied(writing.changed)

    def read_categories(self, forum: Forum) -> Applied:
        """Ask which categories the forum shows us; all that is stored follows, in the same transaction."""
        told = forum.categories()
        with self._store.write() as writing:
            rooms.store_categories(writing, told)
            return Applied(writing.changed)

    def _topic_named(self, event: Event, forum: Forum) -> Applied:
        topic_id = whole(event.payload.get("topic_id"))
        return Applied(note="no topic's") if topic_id is None else self.topics.read_topic(topic_id, forum)

    def _like(self, event: Event, forum: Forum) -> Applied:
        """The forum says how many like a post; only this event says who. Nobody says who took a like back."""
        post, member = event.post(), event.member()
        applied = self.topics.read_post(post, forum)
        with self._store.write() as writing:
            of_post = (likes.c.site == writing.site) & (likes.c.post_id == post.id)
            counted = (posts.c.site == writing.site) & (posts.c.id == post.id)
            count = writing.conn.execute(select(posts.c.like_count).where(counted)).scalar_one_or_none()
            likers = set(writing.conn.execute(select(likes.c.user_id).where(of_post)).scalars())
            room = count is not None and len(likers) < count
            if room and member.id not in likers and not is_erased(writing, member.id):
                writing.upsert(likes, [{"post_id": post.id, "user_id": member.id}])
                writing.update(posts, posts.c.id == post.id, changed=writing.generation)
            return Applied(applied.changed or writing.changed)

    def _message(self, event: Event, forum: Forum) -> Applied:
        """Dropped, but for ids and times of conversations our outbox opened; what we held as public is read again."""
        topic_id = whole(event.payload.get("id")) if event.type == "topic" else event.post().topic_id
        if topic_id is None:
            return Applied(note="a message")
        if event.type == "post" and self._store.find(topic_id, conversations.c.topic_id) is not None:
            post = event.post()
            with self._store.write() as writing:
                row = {"topic_id": topic_id, "post_id": post.id, "user_id": post.user_id}
                writing.upsert(conversations, [{**row, "created_at": post.created_at}])
        held = self.topics.holds_topic(topic_id)
        return self.topics.read_topic(topic_id, forum) if held else Applied(note="a message")

    def _member(self, event: Event, forum: Forum) -> Applied:
        told = event.member()
        if told.is_bot or told.is_shadow:
            return Applied(note="nobody's own account")
        if event.name == "user_destroyed" or told.is_gone:
            with self._store.write() as writing:
                erase(writing, told.id, also=[told.username])
            return Applied(changed=True, erased=(told.id,))
        return self.read_member(told, forum)

    def _group_member(self, event: Event, forum: Forum) -> Applied:
        number = whole(event.payload.get("user_id"))
        if number is None or number < 0:
            return Applied(note="nobody's")
        return self.read_member(Member(id=number), forum)

    def _category(self, event: Event, forum: Forum) -> Applied:
        applied = self.read_categories(forum)
        if event.payload.get("group_permissions") is not None:
            with self._store.write() as writing:
                rooms.remember_hook_groups(writing, Category.from_payload(event.payload))
        return applied
