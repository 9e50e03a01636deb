"""The verbs we speak with a forum: reads give models, writes go in two steps (`prepare_…`, then `send`).

Every verb works with the member-level key of six scopes (discourse.md §2.2), except `prepare_flag` and whispers, which
the admin grants knowingly. Reads of one thing give None for what is not there *for this member* (gone, deleted, or not
for his eyes: Discourse answers 404, sometimes 403 or 410); everything else raises one of the three `ForumError`s.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from connector import writing
from connector.answers import outcome
from connector.client import Client
from connector.errors import ForumRefused, ForumUnavailable
from connector.fields import mapping, mappings, words
from connector.models import Category, Group, Member, Post, Sent, SiteInfo, Topic, posts_of
from connector.sentences import said
from connector.writing import WriteRequest

POSTS_PER_CALL = 100
"""How many post ids go into one address: no cap is known, addresses of more than some 8 kB are refused by nginx."""

MEMBERS_PER_CALL = 50
_GROUP_MEMBERS_PER_CALL = 1000
_CATEGORIES_PER_PAGE = 30
_MOST_PAGES = 100
_KEY_ASKED_SECONDS = 10.0
_TOPIC_ADDRESS = re.compile(r"/t/(?:[^/?#]+/)?(\d{1,18})(?:\.json)?(?:[?#].*)?$")
_NOT_FOR_US = frozenset({404, 410})


@dataclass(frozen=True, slots=True)
class TopicPage:
    """One page of a topic list; `more` says whether the next page exists."""

    topics: tuple[Topic, ...]
    more: bool


class Forum:
    """What Passerelle can ask of a forum and do there, as the one member whose key `client` holds."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self._key_asked_at: float | None = None
        self._key_reads = False

    # -- reading: the site

    def about(self) -> dict[str, Any]:
        """Title, version, statistics and staff of the forum."""
        return dict(mapping(self._read("/about.json").get("about")))

    def site(self) -> SiteInfo:
        """Categories, groups, kinds of flags and user fields, as this member sees them."""
        return SiteInfo.from_payload(self._read("/site.json"))

    def client_settings(self) -> dict[str, Any]:
        """The settings Discourse shows to every browser: lengths, `login_required`, `must_approve_users`, locale."""
        return dict(self._read("/site/settings.json"))

    def scopes(self) -> list[str]:
        """What the key may do, as "topics:write"; [] for an unscoped key. Every valid key may ask this."""
        answer = self._read("/session/scopes.json")
        return [f"{words(one.get('resource'))}:{words(one.get('action'))}" for one in mappings(answer.get("scopes"))]

    def categories(self) -> list[Category]:
        """Every category this member sees, parents before their children, each once."""
        found: dict[int, Category] = {}
        for page in range(1, _MOST_PAGES):
            # The first page's address is the plain one: 3.1 has no pages here and answers all of them at once.
            query: dict[str, Any] = {"include_subcategories": "true"} | ({"page": page} if page > 1 else {})
            listed = mapping(self._read("/categories.json", query).get("category_list"))
            before = len(found)
            count = 0
            for payload in mappings(listed.get("categories")):
                count += 1
                found.update((one.id, one) for one in _with_children(payload) if one.id not in found)
            if len(found) == before or count < _CATEGORIES_PER_PAGE:
                break
        return list(found.values())

    def groups(self) -> list[Group]:
        """Every group this member sees."""
        return list(self._paged_groups())

    def group_members(self, name: str) -> list[Member]:
        """The members of a group, bots left out by Discourse. :raises ForumRefused: no such group for this member."""
        members: dict[int, Member] = {}
        address = f"/groups/{quote(name, safe='')}/members.json"
        for _ in range(_MOST_PAGES):
            answer = self._read(address, {"limit": _GROUP_MEMBERS_PER_CALL, "offset": len(members)})
            page = [Member.from_payload(one) for one in mappings(answer.get("members"))]
            before = len(members)
            members.update((one.id, one) for one in page)
            if len(page) < _GROUP_MEMBERS_PER_CALL or len(members) == before:
                break
        return list(members.values())

    # -- reading: topics and posts

    def topic(self, topic_id: int) -> Topic | None:
        """A topic with all its posts, raw included: one request, and one more for every hundred beyond the first 20.

        A post that vanishes in between is left out; `posts_count` and `stream` stay as first told.
        """
        answer = self._maybe(f"/t/{int(topic_id)}.json", {"include_raw": "true"})
        if answer is None:
            return None
        topic = Topic.from_payload(answer)
        missing = topic.missing_post_ids
        if not missing:
            return topic
        posts = {post.id: post for post in (*topic.posts, *self.posts_of_topic(topic_id, missing))}
        order = topic.stream or ()
        return replace(topic, posts=tuple(posts[number] for number in order if number in posts))

    def posts_of_topic(self, topic_id: int, ids: Iterable[int]) -> list[Post]:
        """The named posts of one topic, raw included; ids that are not (or no longer) in it are left out."""
        posts: list[Post] = []
        for some in _batches(ids, POSTS_PER_CALL):
            query = {"post_ids[]": some, "include_raw": "true"}
            answer = self._read(f"/t/{int(topic_id)}/posts.json", query)
            posts.extend(posts_of(mapping(answer.get("post_stream")).get("posts")))
        return posts

    def post(self, post_id: int) -> Post | None:
        """A post with its raw. It does not name its topic's archetype or category: ask `topic` for these."""
        answer = self._maybe(f"/posts/{int(post_id)}.json")
        return None if answer is None else Post.from_payload(answer)

    def latest_posts(self, before: int | None = None) -> list[Post]:
        """The newest regular posts with ids up to `before`, newest first: no small actions, whispers, messages.

        On 3.1 a page covers the 50 ids below `before`, so it may be empty though older posts exist: go on with
        `before - 50` until below 1.
        """
        answer = self._read("/posts.json", None if before is None else {"before": int(before)})
        return list(posts_of(answer.get("latest_posts")))

    def topics_page(self, page: int = 0, order: str = "created", ascending: bool = False) -> TopicPage:
        """One page (from 0) of all topics this member sees; ordered by creation they do not jump between pages."""
        return self._topics({"page": int(page), "order": order, "ascending": str(ascending).lower()})

    def category_topics(
        self, category_id: int, page: int = 0, order: str = "created", ascending: bool = False
    ) -> TopicPage:
        """The same for one category, without its subcategories."""
        query = {"category": int(category_id), "no_subcategories": "true", "page": int(page)}
        return self._topics(query | {"order": order, "ascending": str(ascending).lower()})

    def topic_id_by_external_id(self, external_id: str) -> int | None:
        """The topic made with this external id; None where there is none, or where it was deleted."""
        address = f"/t/external_id/{quote(external_id, safe='')}.json"
        try:
            target = self.client.location_of(address)
        except ForumRefused as refusal:
            if refusal.status in _NOT_FOR_US:
                return None
            raise
        found = _TOPIC_ADDRESS.search(target)
        if found is None:
            raise ForumUnavailable(said("no_topic_address"))
        return int(found.group(1))

    # -- reading: people

    def member(self, username: str) -> Member | None:
        """A member's profile; None when inactive, gone or hidden (all answer 404)."""
        answer = self._maybe(f"/u/{quote(username, safe='')}.json")
        return None if answer is None else Member.from_payload(mapping(answer.get("user")))

    def members_by_id(self, ids: Iterable[int]) -> list[Member]:
        """Many members in few calls; ids that this member may not see are left out."""
        members: list[Member] = []
        for some in _batches(ids, MEMBERS_PER_CALL):
            answer = self._read("/user-cards.json", {"user_ids": ",".join(map(str, some))})
            # The answer also names who granted badges and the like.
            told = (Member.from_payload(one) for one in mappings(answer.get("users")))
            members.extend(one for one in told if one.id in some)
        return members

    # -- writing: first the bytes, then the call

    def prepare_reply(
        self, topic_id: int, raw: str, reply_to: int | None = None, whisper: bool = False
    ) -> WriteRequest:
        """A reply; `reply_to` is a post number. A whisper needs membership in a whispering group."""
        return writing.reply(topic_id, raw, reply_to, whisper)

    def prepare_message(
        self, recipients: Sequence[str], title: str, raw: str, external_id: str | None = None
    ) -> WriteRequest:
        """A private message to usernames or groups; one each, where they need not know of each other."""
        return writing.message(recipients, title, raw, external_id)

    def prepare_topic(
        self, category_id: int, title: str, raw: str, tags: Sequence[str] = (), external_id: str | None = None
    ) -> WriteRequest:
        """A new topic; with an `external_id` the forum itself refuses a second one."""
        return writing.topic(category_id, title, raw, tags, external_id)

    def prepare_edit(self, post_id: int, raw: str, reason: str | None = None) -> WriteRequest:
        """A new text for one of our own posts."""
        return writing.edit(post_id, raw, reason)

    def prepare_topic_edit(
        self,
        topic_id: int,
        title: str | None = None,
        category_id: int | None = None,
        tags: Sequence[str] | None = None,
    ) -> WriteRequest:
        """New title, category or tags for one of our own topics; None leaves a thing as it is."""
        return writing.topic_edit(topic_id, title, category_id, tags)

    def prepare_delete(self, post_id: int) -> WriteRequest:
        """Deleting one of our own posts (it stays visible as deleted for a day)."""
        return writing.delete(post_id)

    def prepare_upload(self, filename: str, data: bytes, content_type: str) -> WriteRequest:
        """A file for our own posts; `Sent.facts["short_url"]` goes into the Markdown."""
        return writing.upload(filename, data, content_type)

    def prepare_flag(self, post_id: int, kind: int, message: str = "") -> WriteRequest:
        """A flag; `kind` is an id of `site().flags`. Needs an unscoped key."""
        return writing.flag(post_id, kind, message)

    def send(self, request: WriteRequest) -> Sent:
        """Do it. :raises ForumError: not done, refused, or (`ForumUnsure`) perhaps done."""
        return outcome(request.verb, self.client.write(request))

    # -- how

    def _read(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        return mapping(self.client.read(path, query))

    def _maybe(self, path: str, query: Mapping[str, Any] | None = None) -> Mapping[str, Any] | None:
        """None for what this member cannot see. A 403 may also come from a bad key, which must not look like that."""
        try:
            return self._read(path, query)
        except ForumRefused as refusal:
            if refusal.status in _NOT_FOR_US:
                return None
            if refusal.status == 403 and self._key_may_read():
                return None
            raise

    def _key_may_read(self) -> bool:
        """Whether a refusal is about one thing only: the key still works for reading (asked every ten seconds)."""
        now = self.client.clock()
        if self._key_asked_at is None or now - self._key_asked_at > _KEY_ASKED_SECONDS:
            try:
                scopes = self.scopes()
            except ForumRefused:
                return False
            self._key_reads = not scopes or "global:read" in scopes
            self._key_asked_at = now
        return self._key_reads

    def _topics(self, query: Mapping[str, Any]) -> TopicPage:
        listed = mapping(self._read("/latest.json", query).get("topic_list"))
        topics = tuple(Topic.from_payload(one) for one in mappings(listed.get("topics")))
        return TopicPage(topics=topics, more=bool(listed.get("more_topics_url")) and bool(topics))

    def _paged_groups(self) -> Iterator[Group]:
        seen: set[int] = set()
        for page in range(_MOST_PAGES):
            answer = self._read("/groups.json", {"page": page} if page else None)
            listed = [Group.from_payload(one) for one in mappings(answer.get("groups"))]
            new = [one for one in listed if one.id not in seen]
            yield from new
            seen.update(one.id for one in new)
            total = answer.get("total_rows_groups")
            if not new or not isinstance(total, int) or len(seen) >= total:
                return


def _with_children(payload: Mapping[str, Any]) -> Iterator[Category]:
    """A category and those below it, however deep: nesting has a limit in Discourse, and one here."""
    waiting = [(payload, 0)]
    while waiting:
        one, depth = waiting.pop(0)
        yield Category.from_payload(one)
        if depth < 10:
            waiting.extend((child, depth + 1) for child in mappings(one.get("subcategory_list")))


def _batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    wanted = list(dict.fromkeys(int(one) for one in ids))
    return (wanted[start : start + size] for start in range(0, len(wanted), size))


__all__ = ["Forum", "Sent", "TopicPage", "WriteRequest"]
