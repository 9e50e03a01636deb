"""From the host's archive to the light records that ranking reads."""

from collections.abc import Iterator
from datetime import datetime

from connector.records import Audience, StoredPost
from plugins.doors import ArchiveDoor
from plugins.expert_finder.bots import person_in
from plugins.expert_finder.past import PastPost, seconds


def past_posts(
    archive: ArchiveDoor, audience: Audience, *, after: tuple[datetime, int] | None = None
) -> Iterator[PastPost]:
    """Visible regular posts of people in time order, resumed behind `after`; bots never count."""
    is_person = person_in(archive)
    for post in archive.all_posts(audience, after=after):
        if is_person(post.user_id) and not post.hidden:
            yield past_post(archive, post)


def past_post(archive: ArchiveDoor, post: StoredPost) -> PastPost:
    title = ""
    if post.post_number == 1:
        topic = archive.topic(post.topic_id)
        title = topic.title if topic else ""
    return post_titled(post, title)


def post_titled(post: StoredPost, title: str) -> PastPost:
    """The record of a post; `title` is its topic's where it opens one."""
    at = seconds(post.created_at)
    return PastPost(
        id=post.id,
        topic_id=post.topic_id,
        author=post.user_id or 0,
        at=at,
        known_at=at,
        number=post.post_number,
        text=post.text,
        title=title,
        has_code=bool(post.code),
    )
