"""From the rows of the tables to the records that plugins and the host read."""

from collections.abc import Collection

from connector.archive.store import Row
from connector.archive.words import EPOCH
from connector.records import StoredCategory, StoredMember, StoredPost, StoredTopic


def topic_of(row: Row) -> StoredTopic:
    return StoredTopic(
        id=row["id"],
        title=row["title"],
        slug=row["slug"],
        category_id=row["category_id"],
        tags=tuple(row["tags"]),
        created_at=row["created_at"] or EPOCH,
        user_id=row["user_id"],
        visible=row["visible"],
        closed=row["closed"],
        archived=row["archived"],
        last_posted_at=row["last_posted_at"],
        posts_count=row["posts_count"],
        solved_post_id=row["solved_post_id"],
        visibility=row["visibility"],
        complete=row["complete"],
    )


def post_of(row: Row) -> StoredPost:
    """A row of posts, joined with the `solved_post_id` of its topic."""
    return StoredPost(
        id=row["id"],
        topic_id=row["topic_id"],
        post_number=row["post_number"],
        user_id=row["user_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        post_type=row["post_type"],
        reply_to_post_number=row["reply_to_post_number"],
        text=row["text"],
        code=row["code"],
        links=tuple(row["links"]),
        lang=row["lang"],
        like_count=row["like_count"],
        accepted=row["solved_post_id"] == row["id"],
        hidden=row["hidden"],
        visibility=row["visibility"],
    )


def member_of(row: Row, lang: str = "", bots: Collection[str] = ()) -> StoredMember:
    """A row of members; `lang` is the language he writes, where he chose none himself; `bots` are usernames."""
    chosen = str(row["locale"] or "").replace("-", "_").split("_")[0]
    return StoredMember(
        id=row["id"],
        username=row["username"],
        name=row["name"],
        locale=row["locale"],
        lang=chosen or row["lang"] or lang,
        trust_level=row["trust_level"],
        staff=row["staff"],
        groups=tuple(row["groups"]),
        suspended_till=row["suspended_till"],
        last_seen_at=row["last_seen_at"],
        created_at=row["created_at"],
        named_bot=row["username_key"] in bots,
    )


def category_of(row: Row) -> StoredCategory:
    return StoredCategory(
        id=row["id"], name=row["name"], slug=row["slug"], parent_id=row["parent_id"], visibility=row["visibility"]
    )
