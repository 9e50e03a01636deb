"""Builds the :class:`Community` from its source files and checks every reference strictly."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from connector.sandbox.community.entries import check_entries, read_toml
from connector.sandbox.community.model import (
    Community,
    CommunityCategory,
    CommunityError,
    CommunityGroup,
    CommunityMember,
    StoryQuestion,
)
from connector.sandbox.community.source import PARIS, SourceTopic, read_threads
from connector.sandbox.community.weave import weave

HERE = Path(__file__).parent
TIME_ZONES = {
    "Saint-Nazaire": "Europe/Paris",
    "Grenoble": "Europe/Paris",
    "Casablanca": "Africa/Casablanca",
    "Manchester": "Europe/London",
    "Partenaire": "Europe/Paris",
}
FIRST_GROUP_ID = 41
FIRST_MEMBER_ID = 2
_MEMBER_OPTIONS = frozenset({"trust", "groups", "locale", "admin", "moderator"})
_STORY_ENTRIES = {"key", "kind", "language", "category", "author", "at", "title", "raw", "experts", "why"}


def load_community(folder: Path = HERE) -> Community:
    """The community written in ``folder`` (default: the one shipped); CommunityError names file and line."""
    about = read_toml(folder, "categories.toml")
    categories = tuple(_category(row, index) for index, row in enumerate(about["category"]))
    members = _members(folder)
    groups = _groups(folder, members)
    sources = _sources(folder)
    keys = MappingProxyType({member.key: member for member in members})
    slugs = {source.key: slug(source.title) for source in sources}
    topics = weave(sources, keys, frozenset(category.key for category in categories), slugs)
    community = Community(
        title=about["title"],
        description=about["description"],
        now=datetime(2026, 11, 23, 8, 0, tzinfo=PARIS).astimezone(UTC),
        categories=categories,
        groups=groups,
        members=members,
        topics=topics,
        story=_story(folder, keys),
        by_username=MappingProxyType({member.username: member for member in members}),
        by_topic_key=MappingProxyType({topic.key: topic for topic in topics}),
    )
    _check_rooms(community)
    return community


def slug(title: str) -> str:
    """The address form of a title: ASCII letters and digits joined by hyphens, as Discourse does by default."""
    plain = unicodedata.normalize("NFKD", title.replace("œ", "oe")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "topic"


def _category(row: Mapping[str, Any], index: int) -> CommunityCategory:
    where = f"categories.toml: category {index + 1}:"
    check_entries(row, where, {"key", "name", "color", "description"}, frozenset({"permissions"}))
    readers = row.get("permissions", {"everyone": 1})
    return CommunityCategory(
        id=5 + index,
        key=row["key"],
        name=row["name"],
        slug=slug(row["name"]),
        color=row["color"],
        description=row["description"],
        read_restricted="everyone" not in readers,
        group_permissions=MappingProxyType(dict(readers)),
    )


def _members(folder: Path) -> tuple[CommunityMember, ...]:
    rows = read_toml(folder, "members.toml")
    members: list[CommunityMember] = []
    for index, (key, row) in enumerate(rows.items()):
        check_entries(row, f"members.toml: [{key}]", {"name", "site", "joined", "bio"}, _MEMBER_OPTIONS)
        if row["site"] not in TIME_ZONES:
            raise CommunityError(f"members.toml: [{key}] site {row['site']!r} is none of {sorted(TIME_ZONES)}")
        joined = datetime.combine(row["joined"], datetime.min.time(), PARIS).replace(hour=7, minute=index % 60)
        members.append(
            CommunityMember(
                id=FIRST_MEMBER_ID + index,
                key=key,
                username=_username(row["name"]),
                name=row["name"],
                bio=row["bio"],
                locale=row.get("locale", "fr"),
                trust_level=row.get("trust", 1),
                site=row["site"],
                time_zone=TIME_ZONES[row["site"]],
                groups=tuple(row.get("groups", ["salaries"])),
                admin=row.get("admin", False),
                moderator=row.get("moderator", False),
                created_at=joined.astimezone(UTC),
            )
        )
    return tuple(members)


def _username(name: str) -> str:
    first, last = name.split(" ", 1)
    return f"{slug(first)}.{slug(last).replace('-', '')}"


def _groups(folder: Path, members: tuple[CommunityMember, ...]) -> tuple[CommunityGroup, ...]:
    rows = read_toml(folder, "groups.toml")
    for member in members:
        for name in member.groups:
            if name not in rows:
                raise CommunityError(f"members.toml: [{member.key}] names the group {name!r}, absent from groups.toml")
    return tuple(
        CommunityGroup(
            FIRST_GROUP_ID + index, name, row["full_name"], tuple(m.username for m in members if name in m.groups)
        )
        for index, (name, row) in enumerate(rows.items())
    )


def _sources(folder: Path) -> list[SourceTopic]:
    sources: list[SourceTopic] = []
    for path in sorted((folder / "threads").glob("*.md")):
        sources.extend(read_threads(path.read_text("utf-8"), path.name))
    return sources


def _story(folder: Path, members: Mapping[str, CommunityMember]) -> tuple[StoryQuestion, ...]:
    story: list[StoryQuestion] = []
    for index, row in enumerate(read_toml(folder, "story.toml")["question"], 1):
        check_entries(row, f"story.toml: question {index}:", _STORY_ENTRIES, frozenset({"never"}))
        for key in (row["author"], *row["experts"], *row.get("never", ())):
            if key not in members:
                raise CommunityError(f"story.toml: {row['key']}: nobody in members.toml is called {key!r}")
        story.append(
            StoryQuestion(
                key=row["key"],
                title=row["title"],
                raw=row["raw"].strip(),
                category=row["category"],
                author=members[row["author"]].username,
                at=row["at"].replace(tzinfo=PARIS).astimezone(UTC),
                language=row["language"],
                kind=row["kind"],
                experts=tuple(members[key].username for key in row["experts"]),
                never=tuple(members[key].username for key in row.get("never", ())),
                why=row["why"],
            )
        )
    return tuple(story)


def _check_rooms(community: Community) -> None:
    """Nobody writes, likes or asks in a room that he or she may not enter."""
    readers = {category.key: set(category.group_permissions) for category in community.categories}
    for topic in community.topics:
        for post in topic.posts:
            for username in (post.author, *post.liked_by):
                mine = {"everyone", *community.by_username[username].groups}
                if not mine & readers[topic.category]:
                    raise CommunityError(f"threads: {username} may not enter the room of {topic.key!r}")
    for question in community.story:
        if question.category not in readers:
            raise CommunityError(f"story.toml: {question.key}: no room is called {question.category!r}")
