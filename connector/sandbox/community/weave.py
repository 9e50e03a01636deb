"""Turns the discussions as written into topics and posts with ids, addresses and Discourse quotes."""

import re
from collections.abc import Mapping, Sequence

from connector.sandbox.community.model import CommunityError, CommunityMember, CommunityPost, CommunityTopic
from connector.sandbox.community.source import SourcePost, SourceTopic

FIRST_TOPIC_ID = 11
FIRST_POST_ID = 101

_QUOTE = re.compile(r"^>> (?:(?P<key>[a-z0-9-]+)#)?(?P<number>\d+): (?P<words>.+)$", re.MULTILINE)
_LINK = re.compile(r"\{\{(?P<key>[a-z0-9-]+)(?:#(?P<number>\d+))?\}\}")
_MENTION = re.compile(r"(?<![\w@.`/])@(?P<name>[a-z]+(?:-[a-z]+)?(?:\.[a-z]+)?)")

People = Mapping[str, CommunityMember]


def weave(
    sources: Sequence[SourceTopic], people: People, rooms: frozenset[str], slugs: Mapping[str, str]
) -> tuple[CommunityTopic, ...]:
    """Topics in the order in which they began; ids follow time, so the same files always give the same ids."""
    ordered = sorted(sources, key=lambda source: (source.posts[0].created_at, source.key))
    topic_ids = {source.key: FIRST_TOPIC_ID + index for index, source in enumerate(ordered)}
    if len(topic_ids) != len(ordered):
        twice = sorted(s.where for s in ordered if sum(o.key == s.key for o in ordered) > 1)
        raise CommunityError(f"{', '.join(twice)}: the same key is used twice")
    _check(ordered, people, rooms)
    written = sorted((post.created_at, post.where) for source in ordered for post in source.posts)
    post_ids = {where: FIRST_POST_ID + index for index, (_, where) in enumerate(written)}
    weaver = _Weaver({source.key: source for source in ordered}, people, topic_ids, slugs)
    return tuple(_topic(source, weaver, post_ids) for source in ordered)


def _check(sources: Sequence[SourceTopic], people: People, rooms: frozenset[str]) -> None:
    for source in sources:
        if source.category not in rooms:
            raise CommunityError(f"{source.where}: no room is called {source.category!r}; known: {sorted(rooms)}")
        before = None
        for number, post in enumerate(source.posts, 1):
            for key in (post.author, *post.likes):
                if key not in people:
                    raise CommunityError(f"{post.where}: nobody in members.toml is called {key!r}")
                if people[key].created_at > post.created_at and key == post.author:
                    raise CommunityError(f"{post.where}: {key} joined later than this post")
            if post.author in post.likes or len(set(post.likes)) != len(post.likes):
                raise CommunityError(f"{post.where}: a like is given twice, or by the author")
            if before and post.created_at <= before:
                raise CommunityError(f"{post.where}: earlier than the post before it")
            if post.reply_to is not None and not 0 < post.reply_to < number:
                raise CommunityError(f"{post.where}: re:{post.reply_to} is not an earlier post of this discussion")
            if post.helps and post.author == source.posts[0].author:
                raise CommunityError(f"{post.where}: the asker cannot be the one who helps ('+')")
            before = post.created_at
        if sum(post.accepted for post in source.posts) > 1:
            raise CommunityError(f"{source.where}: two accepted answers ('++')")


class _Weaver:
    """Replaces the short forms of a text by what Discourse keeps."""

    def __init__(
        self, sources: Mapping[str, SourceTopic], people: People, ids: Mapping[str, int], slugs: Mapping[str, str]
    ) -> None:
        self.sources = sources
        self.people = people
        self.ids = ids
        self.slugs = slugs
        self.usernames = {member.username for member in people.values()}

    def text(self, post: SourcePost, own_key: str) -> str:
        raw = _QUOTE.sub(lambda found: self._quote(found, post, own_key), post.text)
        raw = _LINK.sub(lambda found: self._link(found, post), raw)
        for mention in _MENTION.finditer(re.sub(r"```.*?```|`[^`]*`", "", raw, flags=re.DOTALL)):
            if mention["name"] not in self.usernames:
                raise CommunityError(f"{post.where}: @{mention['name']} mentions nobody")
        return raw

    def _named(self, found: re.Match[str], post: SourcePost, own_key: str) -> SourceTopic:
        key = found["key"] or own_key
        if key not in self.sources:
            raise CommunityError(f"{post.where}: no discussion is called {key!r}")
        if found["number"] and not 0 < int(found["number"]) <= len(self.sources[key].posts):
            raise CommunityError(f"{post.where}: {key!r} has no post {found['number']}")
        return self.sources[key]

    def _quote(self, found: re.Match[str], post: SourcePost, own_key: str) -> str:
        source = self._named(found, post, own_key)
        quoted = source.posts[int(found["number"]) - 1]
        if " ".join(found["words"].split()) not in " ".join(quoted.text.split()):
            raise CommunityError(f"{post.where}: the words quoted are not in post {found['number']}")
        if quoted.created_at >= post.created_at:
            raise CommunityError(f"{post.where}: quotes a later post")
        name = self.people[quoted.author].username
        return f'[quote="{name}, post:{found["number"]}, topic:{self.ids[source.key]}"]\n{found["words"]}\n[/quote]\n'

    def _link(self, found: re.Match[str], post: SourcePost) -> str:
        source = self._named(found, post, "")
        if source.posts[int(found["number"] or 1) - 1].created_at >= post.created_at:
            raise CommunityError(f"{post.where}: links to something later")
        address = f"/t/{self.slugs[source.key]}/{self.ids[source.key]}"
        end = f"/{found['number']}" if found["number"] else ""
        return f"[{source.title}]({address}{end})"


def _topic(source: SourceTopic, weaver: _Weaver, post_ids: Mapping[str, int]) -> CommunityTopic:
    people = weaver.people
    posts = tuple(
        CommunityPost(
            id=post_ids[post.where],
            topic_id=weaver.ids[source.key],
            number=number,
            author=people[post.author].username,
            created_at=post.created_at,
            raw=weaver.text(post, source.key),
            reply_to=post.reply_to,
            liked_by=tuple(people[key].username for key in post.likes),
            hidden=post.hidden,
            deleted=post.deleted,
            helps=post.helps,
        )
        for number, post in enumerate(source.posts, 1)
    )
    return CommunityTopic(
        id=weaver.ids[source.key],
        key=source.key,
        title=source.title,
        slug=weaver.slugs[source.key],
        category=source.category,
        tags=source.tags,
        created_at=posts[0].created_at,
        author=posts[0].author,
        closed="closed" in source.marks,
        visible="unlisted" not in source.marks,
        question="question" in source.marks,
        accepted=next((number for number, post in enumerate(source.posts, 1) if post.accepted), None),
        posts=posts,
    )
