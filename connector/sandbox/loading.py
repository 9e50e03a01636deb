"""Filling a forum: the invented community, or any archive of topic documents as Discourse serves them."""

import gzip
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from .board import SYSTEM, Board
from .checking import slug
from .clock import stamp
from .cooking import plain, quoted
from .moderating import add_category
from .people import add_group, join_group, write_member

_BATCH = 2000


def load_invented(board: Board) -> None:
    """The invented bilingual community, with its likes, closed topics and restricted rooms; nothing is announced.

    The forum's clock is not touched: whoever wants the community's own present sets it (`Community.now`).
    """
    from .community import load_community

    community = load_community()
    with board.store.transaction():
        board.set("title", community.title)
        board.set("site_description", community.description)
        board.set("default_locale", "fr")
        for member in community.members:
            write_member(
                board, id=member.id, username=member.username, name=member.name, email=f"{member.username}@example.com",
                trust_level=member.trust_level, admin=int(member.admin), moderator=int(member.moderator),
                locale=member.locale, created_at=stamp(member.created_at), bio=member.bio, location=member.site,
            )  # fmt: skip
        for group in community.groups:
            add_group(board, group.name, full_name=group.full_name, number=group.id)
            for username in group.members:
                join_group(board, group.name, username)
        for category in community.categories:
            rights = dict(category.group_permissions)
            if not category.read_restricted:
                rights.setdefault("everyone", 1)
            add_category(
                board, category.name, slug=category.slug, permissions=rights, color=category.color.lstrip("#"),
                description=category.description, number=category.id, quiet=True,
            )  # fmt: skip
        for topic in community.topics:
            _community_topic(board, community, topic)
        _settle_counts(board)


def _community_topic(board: Board, community: Any, topic: Any) -> None:
    author = community.by_username[topic.author].id
    board.store.insert(
        "topics", id=topic.id, title=topic.title, slug=topic.slug, category_id=community.category(topic.category).id,
        user_id=author, created_at=stamp(topic.created_at), bumped_at=stamp(topic.created_at), closed=int(topic.closed),
        visible=int(topic.visible), tags=json.dumps(list(topic.tags)),
    )  # fmt: skip
    for post in topic.posts:
        cooked = board.cook(post.raw)
        gone = stamp(post.created_at) if post.deleted else None
        board.store.insert(
            "posts", id=post.id, topic_id=topic.id, post_number=post.number,
            user_id=community.by_username[post.author].id,
            raw=post.raw, cooked=cooked, reply_to_post_number=post.reply_to, created_at=stamp(post.created_at),
            updated_at=stamp(post.created_at), quote_count=len(quoted(cooked)), deleted_at=gone,
            deleted_by_id=SYSTEM if gone else None, like_count=len(post.liked_by), reads=1,
            accepted=int(topic.accepted == post.number), hidden=int(post.hidden),
        )  # fmt: skip
        rows = [(post.id, community.by_username[name].id, stamp(post.created_at)) for name in post.liked_by]
        board.store.run_many("INSERT OR IGNORE INTO likes VALUES (?, ?, ?)", rows)


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """The topic documents of a .json, .jsonl, .jsonl.gz, .zip file or a folder of these, one after the other."""
    if path.is_dir():
        for inner in sorted(path.rglob("*.json*")):
            yield from documents(inner)
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".json"):
                    yield json.loads(archive.read(name))
    elif path.suffix == ".json":
        yield json.loads(path.read_text(encoding="utf-8"))
    else:
        with _opened(path) as lines:
            for line in lines:
                if line.strip():
                    yield json.loads(line)


def _opened(path: Path) -> TextIO:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def load_archive(board: Board, path: Path) -> int:
    """Put every topic document of a file in, with the members whom it names; gives how many posts are new.

    Likes come as a number only, so nobody in particular is said to have liked. Unknown categories are made open.
    """
    loader = _Loader(board)
    with board.store.transaction():
        for document in documents(path):
            loader.topic(document)
        loader.flush()
        _settle_counts(board)
    return loader.count


class _Loader:
    def __init__(self, board: Board) -> None:
        self.board = board
        self.count = 0
        self._posts: list[tuple[Any, ...]] = []
        store = board.store
        self._members = {row["lower_name"]: row["id"] for row in store.all("SELECT id, lower_name FROM members")}
        self._ids = {row["id"] for row in store.all("SELECT id FROM members")}
        self._categories = {row["id"] for row in store.all("SELECT id FROM categories")}

    def topic(self, document: dict[str, Any]) -> None:
        posts = document.get("post_stream", {}).get("posts", [])
        if not posts or self.board.store.value("SELECT 1 FROM topics WHERE id = ?", document["id"]) is not None:
            return
        category = document.get("category_id") or 1
        if category not in self._categories:
            add_category(self.board, f"Room {category}", number=category, quiet=True)
            self._categories.add(category)
        created = document.get("created_at") or posts[0]["created_at"]
        title = str(document.get("title") or f"Topic {document['id']}")
        self.board.store.insert(
            "topics", id=document["id"], title=title, slug=document.get("slug") or slug(title), category_id=category,
            user_id=self.member(posts[0]), created_at=created, bumped_at=created,
            closed=int(bool(document.get("closed"))),
            visible=int(document.get("visible") is not False), views=document.get("views") or 0,
            tags=json.dumps([tag if isinstance(tag, str) else tag["name"] for tag in document.get("tags") or ()]),
        )  # fmt: skip
        for place, post in enumerate(posts, 1):
            self.post(document["id"], place, post)
        if len(self._posts) >= _BATCH:
            self.flush()

    def member(self, post: dict[str, Any]) -> int | None:
        name = post.get("username")
        if not name:
            return None
        known = self._members.get(name.lower())
        if known is not None:
            return int(known)
        number = post.get("user_id")
        if not isinstance(number, int) or number in self._ids or number < 1:
            number = max(self._ids) + 1
        write_member(
            self.board, id=number, username=name, name=post.get("name") or "", email=f"{name.lower()}@example.com",
            trust_level=int(post.get("trust_level") or 1), created_at=post["created_at"],
        )  # fmt: skip
        self._members[name.lower()] = number
        self._ids.add(number)
        return number

    def post(self, topic_id: int, place: int, post: dict[str, Any]) -> None:
        likes = next(
            (action.get("count", 0) for action in post.get("actions_summary") or () if action.get("id") == 2), 0
        )
        cooked = str(post.get("cooked") or "")
        raw = post.get("raw")
        self._posts.append(
            (
                post.get("id"), topic_id, post.get("post_number") or place, self.member(post),
                post.get("post_type") or 1,
                raw if raw is not None else plain(cooked), cooked if cooked else self.board.cook(str(raw or "")),
                post.get("reply_to_post_number"), post["created_at"], post.get("updated_at") or post["created_at"],
                post.get("version") or 1, likes, post.get("reads") or 0, post.get("quote_count") or 0,
                int(bool(post.get("accepted_answer"))), post.get("deleted_at"), int(bool(post.get("hidden"))),
            )
        )  # fmt: skip

    def flush(self) -> None:
        try:
            self.board.store.run_many(
                "INSERT INTO posts (id, topic_id, post_number, user_id, post_type, raw, cooked, "
                "reply_to_post_number, created_at, "
                "updated_at, version, like_count, reads, quote_count, accepted, deleted_at, hidden) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", self._posts,
            )  # fmt: skip
        except sqlite3.IntegrityError as error:
            raise ValueError(f"a post of the archive is in the forum already ({error})") from error
        self.count += len(self._posts)
        self._posts = []


def _settle_counts(board: Board) -> None:
    board.store.run(
        "UPDATE posts SET reply_count = (SELECT count(*) FROM posts r WHERE r.topic_id = posts.topic_id AND "
        "r.reply_to_post_number = posts.post_number AND r.deleted_at IS NULL)"
    )
    live = "FROM posts p WHERE p.topic_id = topics.id AND p.deleted_at IS NULL AND p.post_type NOT IN (3, 4)"
    last = f"{live} ORDER BY p.post_number DESC LIMIT 1"
    board.store.run(
        f"UPDATE topics SET posts_count = (SELECT count(*) {live}), "  # noqa: S608
        f"reply_count = (SELECT count(p.reply_to_post_number) {live}), like_count = (SELECT "
        f"coalesce(sum(p.like_count), 0) {live}), "
        f"word_count = (SELECT coalesce(sum(length(p.raw) - length(replace(p.raw, ' ', '')) + 1), 0) {live}), "
        "highest_post_number = (SELECT coalesce(max(p.post_number), 0) FROM posts p WHERE p.topic_id = topics.id), "
        f"last_posted_at = (SELECT p.created_at {last}), last_post_user_id = (SELECT p.user_id {last}), "
        f"bumped_at = coalesce((SELECT p.created_at {last}), created_at)"
    )
    board.store.run(
        "UPDATE members SET last_posted_at = (SELECT max(created_at) FROM posts WHERE user_id = members.id)"
    )
