"""A forum's past as `evaluate similar` replays it: posts and links in time order, from files or from the memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from connector.text import LONGEST_INPUT
from plugins.doors import ArchiveDoor
from plugins.expert_finder.archive_file import UnreadableArchiveError, documents, posts_of, seconds_of
from plugins.expert_finder.past import PastPost, seconds
from plugins.expert_finder.remembered import past_posts
from plugins.expert_finder.similar_links import Address, Homes, Link, addresses


@dataclass(frozen=True, slots=True)
class History:
    """Posts of people and links between topics, each in time order, and when each topic was opened, by whomever."""

    posts: Sequence[PastPost]
    links: Sequence[Link]
    opened: Mapping[int, float]

    def answers(self) -> dict[int, set[int]]:
        """By topic, the earlier topics that its replies lead to: what a reader was sent to."""
        asked_at = {post.topic_id: post.at for post in self.posts if post.opens}
        found: dict[int, set[int]] = {}
        for link in self.links:
            asked = asked_at.get(link.source)
            if not link.opens and asked is not None and self.opened.get(link.target, asked) < asked:
                found.setdefault(link.source, set()).add(link.target)
        return found


@dataclass(frozen=True, slots=True)
class _Found:
    """A topic link as it stands in a post, before anybody knows whether it leads to this forum."""

    source: int
    to: Address
    at: float
    opens: bool


def from_files(path: Path) -> History:
    """Topic documents as Discourse serves them. Raises `UnreadableArchiveError` where there are none.

    Every link in a reply counts, whoever wrote it: in his own words, as a preview, above a quote of the other topic, or
    in the small action a moderator left.
    """
    posts: list[PastPost] = []
    found: list[_Found] = []
    slugs: dict[int, str] = {}
    opened: dict[int, float] = {}
    for document in documents(path):
        number = document.get("id")
        if isinstance(number, int):
            slugs[number] = str(document.get("slug") or "")
            at = _opened_at(document)
            if at is not None:
                opened[number] = at
        posts.extend(posts_of(document))
        found.extend(_links_in(document))
    if not posts:
        raise UnreadableArchiveError(f"{path.name} holds no topic documents with posts (as served by /t/ID.json).")
    return _history(posts, found, slugs, opened)


def _opened_at(document: Mapping[str, Any]) -> float | None:
    for payload in document["post_stream"].get("posts") or ():
        if payload.get("post_number") == 1:
            with suppress(KeyError, ValueError, TypeError, AttributeError):
                return seconds_of(payload["created_at"])
    return None


def _links_in(document: Mapping[str, Any]) -> Iterator[_Found]:
    number = document.get("id")
    if not isinstance(number, int) or document.get("archetype", "regular") != "regular":
        return
    for payload in document["post_stream"].get("posts") or ():
        cooked = str(payload.get("cooked") or "")
        if "/t/" not in cooked:
            continue
        try:
            at = seconds_of(payload["created_at"])
            edited = (payload.get("version") or 1) > 1
            at = max(at, seconds_of(payload["updated_at"])) if edited else at
        except (KeyError, ValueError, TypeError, AttributeError):
            continue
        for to in addresses(_hrefs(cooked)):
            yield _Found(number, to, at, payload.get("post_number") == 1)


def _hrefs(cooked: str) -> list[str]:
    body = LexborHTMLParser(cooked[:LONGEST_INPUT]).body
    nodes = body.css("a[href]") if body is not None else []
    return list(dict.fromkeys(node.attributes.get("href") or "" for node in nodes))


def from_memory(archive: ArchiveDoor) -> History:
    """What the forum's own memory holds for every member."""
    audience = archive.audience_public()
    posts = list(past_posts(archive, audience))
    slugs = {post.topic_id: topic.slug for post in posts if post.opens and (topic := archive.topic(post.topic_id))}
    found = [
        _Found(post.topic_id, to, seconds(post.created_at), post.post_number == 1)
        for post in archive.all_posts(audience)
        for to in addresses(post.links)
    ]
    return _history(posts, found, slugs, {post.topic_id: post.at for post in posts if post.opens})


def _history(posts: list[PastPost], found: list[_Found], slugs: Mapping[int, str], opened: Mapping[int, float]
             ) -> History:  # fmt: skip
    homes = Homes(slugs)
    homes.learn(one.to for one in found)
    links = [
        Link(one.source, one.to.topic_id, one.at, one.opens)
        for one in found
        if homes.own(one.to) and one.to.topic_id != one.source and one.to.topic_id in slugs
    ]
    return History(
        sorted(posts, key=lambda post: (post.at, post.id)),
        sorted(links, key=lambda one: (one.at, one.source)),
        opened,
    )
