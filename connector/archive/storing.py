"""Writes topics with their posts and authors as the forum, or a document of it, told them; only what differs.

Nothing here decides what is true: `sync` and `importing` bring topics that were read, with the class of their category.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from connector.archive.differing import rows_by, write_differing
from connector.archive.forgotten import Forgotten
from connector.archive.purging import drop_vectors_of, purge_posts, revive
from connector.archive.store import Row, Writing, chunks, rows_where
from connector.archive.storing_members import erased_among, store_authors
from connector.archive.tables import forgotten_names, likes, members, posts, topics
from connector.archive.visibility import has_words
from connector.archive.words import EPOCH, NO_WORDS, columns_of
from connector.models import MODERATOR, REGULAR, WHISPER, Post, Topic


@dataclass(frozen=True, slots=True)
class Ground:
    """What storing must know of the site: its languages, and accounts whose posts are no answers."""

    languages: tuple[str, ...] = ("fr", "en")
    bots: frozenset[str] = frozenset()
    forum_url: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A topic to store. `checked` is when the forum itself said so, None for a file; `visibility` its class."""

    topic: Topic
    visibility: str
    checked: datetime | None

    @property
    def has_words(self) -> bool:
        """Its readers are known, and lists show it: of an unlisted topic nothing but numbers is kept."""
        return self.topic.visible and has_words(self.visibility)


def store_topics(writing: Writing, told: Sequence[Told], ground: Ground) -> dict[int, tuple[int, ...]]:
    """Make the memory say what these topics say; returns, by topic, posts we held there that are not there any more.

    Those are gone or moved, which only the forum can tell apart; until then they are kept out of sight by being purged.
    """
    forgotten = writing.names.of(writing.conn)
    if forgotten:
        told = [_without(forgotten, one) for one in told]
    ids = [one.topic.id for one in told]
    old_topics = rows_by(writing, topics.c.id, ids)
    open_told = [one for one in told if one.has_words]
    brought = [post for one in open_told for post in _kept(one.topic)]
    known = rows_by(writing, posts.c.topic_id, ids)
    known |= rows_by(writing, posts.c.id, [post.id for post in brought if post.id not in known])
    held: dict[int, dict[int, Row]] = defaultdict(dict)
    for row in known.values():
        held[row["topic_id"]][row["id"]] = row
    authors = {post.user_id: post for post in brought if post.user_id is not None}
    met = rows_by(writing, members.c.id, list(authors))
    erased = erased_among(writing, authors.keys() - met.keys())
    liked = _likers(writing, [post.id for post in brought if _may_be_unliked(post, known.get(post.id))])
    bots = _bots(writing, ground, told)
    context = _Context(ground, erased, liked, forgotten)
    vanished: dict[int, tuple[int, ...]] = {}
    topic_rows, post_rows = [], []
    for one in told:
        mine = held[one.topic.id]
        if not one.has_words:
            purge_posts(writing, list(mine))
            topic_rows.append(_ids_only(one))
            continue
        rows = [_post_row(one, post, known.get(post.id), context) for post in _kept(one.topic)]
        post_rows += rows
        vanished[one.topic.id] = _vanished(one.topic, mine)
        gone = set(vanished[one.topic.id])
        standing = {**{key: row for key, row in mine.items() if key not in gone}, **{row["id"]: row for row in rows}}
        topic_rows.append(_topic_row(one, standing, bots))
    purge_posts(writing, [number for numbers in vanished.values() for number in numbers])
    write_differing(writing, topics, topic_rows, old_topics)
    write_differing(writing, posts, post_rows, known)
    _stale_vectors(writing, post_rows, known)
    revive(writing, "topic", [number for number in ids if number not in old_topics])
    revive(writing, "post", [row["id"] for row in post_rows if row["id"] not in known])
    store_authors(writing, authors, met, erased)
    _remember_names_of(writing, [authors[number] for number in erased])
    return {topic: numbers for topic, numbers in vanished.items() if numbers}


def _may_be_unliked(post: Post, old: Row | None) -> bool:
    return post.like_count is not None and old is not None and post.like_count < old["like_count"]


def _kept(topic: Topic) -> list[Post]:
    """Whispers are never stored, nor what was deleted (staff keys are shown it)."""
    return [post for post in topic.posts if post.post_type != WHISPER and post.deleted_at is None]


def _vanished(topic: Topic, mine: Mapping[int, Row]) -> tuple[int, ...]:
    kept = {post.id for post in _kept(topic)}
    dropped = {post.id for post in topic.posts} - kept
    there = kept | set(topic.stream) - dropped if topic.stream is not None else set(mine) - dropped
    return tuple(sorted(set(mine) - there))


@dataclass(frozen=True, slots=True)
class _Context:
    """What the rows of posts depend on besides the post."""

    ground: Ground
    erased: Collection[int]
    liked: Mapping[int, int]
    forgotten: Forgotten


def _post_row(told: Told, post: Post, old: Row | None, context: _Context) -> dict[str, Any]:
    ground, liked = context.ground, context.liked
    row = columns_of(post, told.topic.title, ground.languages, ground.forum_url, context.forgotten)
    if post.user_id in context.erased:
        row |= {"user_id": None, "shown": False, **NO_WORDS}
    likes_told = post.like_count
    if likes_told is not None and likes_told < liked.get(post.id, 0):
        # Somebody took a like back; nobody says who.
        row["_unlike"] = True
    count = likes_told if likes_told is not None else (old["like_count"] if old else liked.get(post.id, 0))
    return row | {
        "topic_id": told.topic.id,
        "like_count": count,
        "visibility": told.visibility,
        "checked_at": told.checked,
    }


def _without(forgotten: Forgotten, told: Told) -> Told:
    """The topic with a title that names nobody who was erased."""
    topic = told.topic
    tags = tuple(tag for tag in topic.tags if forgotten.scrubbed(tag) == tag)
    title, slug = forgotten.scrubbed(topic.title), forgotten.scrubbed(topic.slug)
    return replace(told, topic=replace(topic, title=title, slug=slug, tags=tags))


def _remember_names_of(writing: Writing, gone: Sequence[Post]) -> None:
    """An erased member whose posts still stand may bear another name by now, which others quote."""
    for post in gone:
        if post.user_id is not None:
            writing.upsert(forgotten_names, writing.names.rows_for(writing.conn, post.user_id, [post.username], ""))


def _ids_only(told: Told) -> dict[str, Any]:
    """A topic that is unlisted, or of a category that nobody is known to read: its number and its category's."""
    return {
        "id": told.topic.id, "title": "", "slug": "", "category_id": told.topic.category_id, "tags": [],
        "created_at": None, "user_id": None, "visible": told.topic.visible, "closed": False, "archived": False,
        "last_posted_at": None, "posts_count": 0, "solved_post_id": None, "state": "ids",
        "visibility": told.visibility, "complete": False, "first_answer_at": None, "checked_at": told.checked,
    }  # fmt: skip


def _topic_row(told: Told, standing: Mapping[int, Row], bots: Collection[int]) -> dict[str, Any]:
    topic = told.topic
    opening = min(standing.values(), key=lambda row: (row["post_number"], row["id"]), default=None)
    asker = opening["user_id"] if opening and opening["post_number"] == 1 else topic.user_id
    count = topic.posts_count if topic.posts_count is not None else len(standing)
    complete = set(topic.stream) <= standing.keys() if topic.stream is not None else len(standing) >= count
    spoken = [row["created_at"] for row in standing.values() if row["post_type"] in (REGULAR, MODERATOR)]
    return {
        "id": topic.id,
        "title": topic.title,
        "slug": topic.slug,
        "category_id": topic.category_id,
        "tags": list(topic.tags),
        "created_at": topic.created_at or (opening["created_at"] if opening else EPOCH),
        "user_id": asker,
        "visible": topic.visible,
        "closed": topic.closed,
        "archived": topic.archived,
        "last_posted_at": topic.last_posted_at or max(spoken, default=None),
        "posts_count": count,
        "solved_post_id": _solved(topic, standing),
        "state": "known",
        "visibility": told.visibility,
        "complete": complete,
        "first_answer_at": _first_answer(standing, asker, bots),
        "checked_at": told.checked,
    }


def _solved(topic: Topic, standing: Mapping[int, Row]) -> int | None:
    if topic.accepted_post_number is not None:
        numbers = {row["post_number"]: number for number, row in standing.items()}
        return numbers.get(topic.accepted_post_number)
    return next((post.id for post in topic.posts if post.accepted and post.id in standing), None)


def _first_answer(standing: Mapping[int, Row], asker: int | None, bots: Collection[int]) -> datetime | None:
    """When the first human other than the asker wrote; posts by the forum's and our own bots are no answers."""
    times = []
    for row in standing.values():
        author = row["user_id"]
        if row["post_number"] == 1 or row["post_type"] not in (REGULAR, MODERATOR):
            continue
        # Somebody erased did answer, though his words are gone; so did who posted nothing but a picture.
        said = author is None or row["shown"]
        if said and (author is None or (author >= 0 and author != asker and author not in bots)):
            times.append(row["created_at"])
    return min(times, default=None)


def _stale_vectors(writing: Writing, rows: Sequence[Row], old: Mapping[int, Row]) -> None:
    changed = {
        before["content_hash"]
        for row in rows
        if (before := old.get(row["id"])) and before["content_hash"] not in ("", row["content_hash"])
    }
    drop_vectors_of(writing, changed)


def _bots(writing: Writing, ground: Ground, told: Sequence[Told]) -> set[int]:
    """The numbers of accounts that are bots by their name, as far as we have met them."""
    if not ground.bots:
        return set()
    named = {
        post.user_id
        for one in told
        for post in one.topic.posts
        if post.user_id is not None and post.username.lower() in ground.bots
    }
    keys = rows_where(members.c.username_key, members.c.id)
    told_names = {"site_id": writing.site, "keys": sorted(ground.bots)}
    return named | set(writing.conn.execute(keys, told_names).scalars())


def _likers(writing: Writing, ids: Sequence[int]) -> dict[int, int]:
    counts: dict[int, int] = defaultdict(int)
    for some in chunks(ids):
        query = select(likes.c.post_id).where(likes.c.site == writing.site, likes.c.post_id.in_(some))
        for number in writing.conn.execute(query).scalars():
            counts[number] += 1
    return counts
