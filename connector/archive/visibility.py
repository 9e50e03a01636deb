"""Who may read what: the class of each category, and the audiences that questions to the memory name.

A class is `public` (everybody who may enter the forum) or `cat:<id>` (a restricted category that an admin opted in).
All else, `closed` and `unknown`, has no class: nothing but ids is kept of it, and no audience holds it.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select

from connector.archive.store import Store, Writing
from connector.archive.tables import categories, sites, topics
from connector.models import Category
from connector.records import Audience

PUBLIC, CLOSED, UNKNOWN = "public", "closed", "unknown"
NOBODY = Audience(frozenset())


def has_words(visibility: str) -> bool:
    """Whether the words of a category of this class may be stored."""
    return visibility == PUBLIC or visibility.startswith("cat:")


def class_of(told: Category, opted_in: bool) -> str:
    """The class of a category as the forum described it: open only where it said so."""
    if told.read_restricted is None:
        return UNKNOWN
    if not told.read_restricted:
        return PUBLIC
    return f"cat:{told.id}" if opted_in else CLOSED


class Audiences:
    """Makes audiences, from what is stored about categories and about the forum's own door."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def anonymous(self) -> Audience:
        """A reader without account: nothing at all unless the forum said that it needs no login."""
        with self._store.read() as conn:
            needed = conn.execute(select(sites.c.login_required).where(self._store.of_site(sites))).scalar_one_or_none()
        return NOBODY if needed is not False else Audience(frozenset({PUBLIC}))

    def public(self) -> Audience:
        """Any member."""
        return Audience(frozenset({PUBLIC}))

    def of_groups(self, groups: Iterable[str], member_id: int | None) -> Audience:
        """A member of these groups: public, and each opted-in category that one of them may read."""
        mine = {name.lower() for name in groups}
        with self._store.read() as conn:
            rows = conn.execute(select(categories).where(self._store.of_site(categories, categories.c.opted_in)))
            classes = {row.visibility for row in rows if has_words(row.visibility) and mine & readers(row._mapping)}
        return Audience(frozenset({PUBLIC, *classes}), member_id)

    def of_topic(self, topic_id: int) -> Audience:
        """What every reader of this topic may open; nothing for a topic that nobody is known to read."""
        with self._store.read() as conn:
            wanted = self._store.of_site(topics, topics.c.id == topic_id)
            visibility = conn.execute(select(topics.c.visibility).where(wanted)).scalar_one_or_none()
        return _with_readers_of(visibility)

    def of_category(self, category_id: int) -> Audience:
        """What every reader of this category may open; nothing for one whose readers are not known."""
        with self._store.read() as conn:
            wanted = self._store.of_site(categories, categories.c.id == category_id)
            visibility = conn.execute(select(categories.c.visibility).where(wanted)).scalar_one_or_none()
        return _with_readers_of(visibility)


def _with_readers_of(visibility: str | None) -> Audience:
    if visibility is None or not has_words(visibility):
        return NOBODY
    return Audience(frozenset({PUBLIC, visibility}))


def readers(row: Mapping[Any, Any]) -> set[str]:
    """The groups that read an opted-in category: those the admin named, less those a later web hook left out."""
    named = {str(name).lower() for name in row["groups"]}
    hooked = row["hook_groups"]
    return named if hooked is None else named & {str(name).lower() for name in hooked}


def remember_door(writing: Writing, login_required: bool | None) -> None:
    """Keep what `/site/settings.json` says of `login_required`; a forum that does not say it counts as closed."""
    wanted = sites.c.login_required.is_distinct_from(login_required)
    if writing.update(sites, wanted, login_required=login_required):
        _ = writing.generation
