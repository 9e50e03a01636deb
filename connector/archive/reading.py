"""Reads of the memory: one thing by its number, lists for an audience, everything in the order of time.

What is hidden, withdrawn, unlisted, or in a category without a class is in none of them.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from connector.archive.mapping import category_of, member_of, post_of, topic_of
from connector.archive.store import Store, chunks
from connector.archive.tables import categories, likes, members, posts, tombstones, topics
from connector.records import Audience, Changes, StoredCategory, StoredMember, StoredPost, StoredTopic, Written

_PAGE = 2_000
_LATEST = 100
"""Posts of a member that tell his language."""
_posts_with_topic = posts.join(topics, and_(topics.c.site == posts.c.site, topics.c.id == posts.c.topic_id))


class Reads:
    """The plain questions of one site's memory."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hour: datetime | None = None
        self._languages: dict[int, str] = {}

    def topic(self, topic_id: int) -> StoredTopic | None:
        """A topic with words; None for one of which we hold ids only."""
        with self._store.read() as conn:
            wanted = self._store.of_site(topics, topics.c.id == topic_id, topics.c.state == "known")
            row = conn.execute(select(topics).where(wanted)).mappings().first()
        return None if row is None else topic_of(row)

    def post(self, post_id: int) -> StoredPost | None:
        """A post; one that is not shown (hidden, withdrawn, unlisted) has no words."""
        with self._store.read() as conn:
            row = conn.execute(self._posts(posts.c.id == post_id)).mappings().first()
        if row is None:
            return None
        return post_of(row if row["shown"] else {**row, "text": "", "code": "", "links": ()})

    def posts_of_topic(self, topic_id: int) -> list[StoredPost]:
        """The members' posts of a listed topic in their order: no small actions, nothing hidden or withdrawn."""
        query = self._posts(posts.c.topic_id == topic_id, posts.c.shown).order_by(posts.c.post_number, posts.c.id)
        with self._store.read() as conn:
            return [post_of(row) for row in conn.execute(query).mappings()]

    def posts_in(self, topic_ids: Collection[int]) -> dict[int, list[StoredPost]]:
        """By topic, what `posts_of_topic` gives of each, asked for together."""
        found: dict[int, list[StoredPost]] = {}
        order = (posts.c.topic_id, posts.c.post_number, posts.c.id)
        with self._store.read() as conn:
            for some in chunks(sorted(set(topic_ids))):
                query = self._posts(posts.c.topic_id.in_(some), posts.c.shown).order_by(*order)
                for row in conn.execute(query).mappings():
                    found.setdefault(row["topic_id"], []).append(post_of(row))
        return found

    def topics_in(self, topic_ids: Collection[int]) -> dict[int, StoredTopic]:
        """By number, what `topic` gives of each, asked for together."""
        found: dict[int, StoredTopic] = {}
        with self._store.read() as conn:
            for some in chunks(sorted(set(topic_ids))):
                wanted = self._store.of_site(topics, topics.c.id.in_(some), topics.c.state == "known")
                found.update(
                    (row["id"], topic_of(row)) for row in conn.execute(select(topics).where(wanted)).mappings()
                )
        return found

    def posts_of_member(self, member_id: int, audience: Audience, limit: int) -> list[StoredPost]:
        """A member's newest posts that this audience may read, newest first."""
        query = self._posts(posts.c.user_id == member_id, *_readable(audience))
        query = query.order_by(posts.c.created_at.desc(), posts.c.id.desc()).limit(limit)
        with self._store.read() as conn:
            return [post_of(row) for row in conn.execute(query).mappings()]

    def topics(
        self,
        audience: Audience,
        since: datetime | None,
        until: datetime | None,
        category_id: int | None,
        unanswered: bool | None,
        limit: int,
    ) -> list[StoredTopic]:
        """Listed topics made in [since, until), newest first; `unanswered`: nobody but its author and bots wrote."""
        wanted: list[ColumnElement[bool]] = [
            topics.c.state == "known",
            topics.c.visible,
            topics.c.visibility.in_(sorted(audience.classes)),
        ]
        if since is not None:
            wanted.append(topics.c.created_at >= since)
        if until is not None:
            wanted.append(topics.c.created_at < until)
        if category_id is not None:
            wanted.append(topics.c.category_id == category_id)
        if unanswered is not None:
            answered = or_(topics.c.first_answer_at.is_not(None), topics.c.solved_post_id.is_not(None))
            wanted.append(~answered if unanswered else answered)
        query = select(topics).where(self._store.of_site(topics, *wanted))
        query = query.order_by(topics.c.created_at.desc(), topics.c.id.desc()).limit(limit)
        with self._store.read() as conn:
            return [topic_of(row) for row in conn.execute(query).mappings()]

    def all_posts(
        self, audience: Audience, after: tuple[datetime, int] | None, before: datetime | None
    ) -> Iterator[StoredPost]:
        """Readable posts by (created_at, id), fetched a page at a time so that writers need not wait."""
        while True:
            wanted: list[ColumnElement[bool]] = list(_readable(audience))
            if after is not None:
                moment, number = after
                same = and_(posts.c.created_at == moment, posts.c.id > number)
                wanted.append(or_(posts.c.created_at > moment, same))
            if before is not None:
                wanted.append(posts.c.created_at < before)
            query = self._posts(*wanted).order_by(posts.c.created_at, posts.c.id).limit(_PAGE)
            with self._store.read() as conn:
                page = [post_of(row) for row in conn.execute(query).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            after = (page[-1].created_at, page[-1].id)

    def changed_since(self, generation: int, audience: Audience) -> Changes:
        """The posts that changed after a generation; all there are after one that is not known."""
        now = self._store.generation()
        anew = not 0 <= generation <= now
        held = -1 if anew else generation
        moved, readable = posts.c.changed > held, and_(*_readable(audience))
        gone: set[int] = set()
        with self._store.read() as conn:
            counted = select(func.count()).where(self._store.of_site(posts, moved, readable))
            count = int(conn.execute(counted).scalar_one())
            if not anew:
                closed = select(posts.c.id).where(self._store.of_site(posts, moved, ~readable))
                of_post = (tombstones.c.kind == "post", tombstones.c.changed > held)
                buried = select(tombstones.c.id).where(self._store.of_site(tombstones, *of_post))
                gone.update(conn.execute(closed).scalars(), conn.execute(buried).scalars())
        return Changes(now, self._moved(held, audience), count, frozenset(gone), anew)

    def _moved(self, held: int, audience: Audience) -> Iterator[Written]:
        """By number, a page at a time: so nobody holds the database while he reads a long past."""
        last = -(2**62)
        while True:
            wanted = (posts.c.changed > held, posts.c.id > last, *_readable(audience))
            query = select(posts, topics.c.solved_post_id, topics.c.title, topics.c.slug)
            query = query.select_from(_posts_with_topic).where(posts.c.site == self._store.site, *wanted)
            with self._store.read() as conn:
                page = conn.execute(query.order_by(posts.c.id).limit(_PAGE)).mappings().all()
            yield from (Written(post_of(row), row["title"], row["slug"]) for row in page)
            if len(page) < _PAGE:
                return
            last = page[-1]["id"]

    def member(self, member_id: int) -> StoredMember | None:
        return self._one_member(members.c.id == member_id)

    def member_named(self, username: str) -> StoredMember | None:
        """By username, whatever its case; names of accounts that were renamed find nobody."""
        return self._one_member(members.c.username_key == username.lower())

    def members(self) -> Iterator[StoredMember]:
        """Every member we know by name, by number."""
        last = None
        while True:
            wanted: list[ColumnElement[bool]] = [] if last is None else [members.c.id > last]
            query = select(members).where(self._store.of_site(members, *wanted)).order_by(members.c.id).limit(_PAGE)
            with self._store.read() as conn:
                page = conn.execute(query).mappings().all()
            yield from (member_of(row, bots=self._store.bots) for row in page)
            if len(page) < _PAGE:
                return
            last = page[-1]["id"]

    def category(self, category_id: int) -> StoredCategory | None:
        return next((one for one in self.categories() if one.id == category_id), None)

    def categories(self) -> Sequence[StoredCategory]:
        query = select(categories).where(self._store.of_site(categories)).order_by(categories.c.id)
        with self._store.read() as conn:
            return [category_of(row) for row in conn.execute(query).mappings()]

    def likers(self, post_id: int) -> list[int]:
        """Who liked a post, as far as web hooks told (imports and polls do not say who)."""
        query = select(likes.c.user_id).where(self._store.of_site(likes, likes.c.post_id == post_id))
        with self._store.read() as conn:
            return list(conn.execute(query.order_by(likes.c.user_id)).scalars())

    def _posts(self, *wanted: ColumnElement[bool]) -> "Select[tuple[object, ...]]":
        query = select(posts, topics.c.solved_post_id).select_from(_posts_with_topic)
        return query.where(posts.c.site == self._store.site, *wanted)

    def _one_member(self, wanted: ColumnElement[bool]) -> StoredMember | None:
        query = select(members).where(self._store.of_site(members, wanted)).order_by(members.c.id.desc()).limit(1)
        with self._store.read() as conn:
            row = conn.execute(query).mappings().first()
            if row is None:
                return None
            lang = "" if row["locale"] or row["lang"] else self._language(conn, row["id"])
        return member_of(row, lang, self._store.bots)

    def _language(self, conn: Connection, member_id: int) -> str:
        """The language of most of a member's latest posts, as it was at most an hour ago; "" where none is known."""
        hour = self._store.clock().replace(minute=0, second=0, microsecond=0)
        if hour != self._hour:
            self._hour, self._languages = hour, {}
        found = self._languages.get(member_id) or self._language_now(conn, member_id)
        if found:
            self._languages[member_id] = found
        return found

    def _language_now(self, conn: Connection, member_id: int) -> str:
        written = self._store.of_site(posts, posts.c.user_id == member_id, posts.c.lang != "unknown")
        latest = select(posts.c.lang).where(written).order_by(posts.c.created_at.desc()).limit(_LATEST).subquery()
        most = select(latest.c.lang).group_by(latest.c.lang).order_by(func.count().desc(), latest.c.lang).limit(1)
        return str(conn.execute(most).scalar_one_or_none() or "")


def _readable(audience: Audience) -> tuple[ColumnElement[bool], ...]:
    return (posts.c.shown, posts.c.visibility.in_(sorted(audience.classes)))
