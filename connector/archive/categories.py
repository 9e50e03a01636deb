"""What the forum says of its categories, and what follows for all that is stored of them, in the same transaction."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from connector.archive.purging import forget_words_of_category
from connector.archive.store import Row, Writing
from connector.archive.tables import categories, posts, topics
from connector.archive.visibility import PUBLIC, UNKNOWN, class_of, has_words
from connector.models import Category

_QUIET = frozenset({"checked_at", "hook_groups"})


def store_categories(writing: Writing, told: Sequence[Category], whole: bool = True) -> None:
    """Keep what the forum said; `whole` means that it named all it shows us, so that others are closed to us."""
    old = rows_of(writing)
    for one in told:
        before = old.get(one.id)
        _settle(writing, before, _row(one, before, writing))
    if whole:
        for number in old.keys() - {one.id for one in told}:
            if not (old[number]["declared_public"] and old[number]["checked_at"] is None):
                _settle(writing, old[number], {**_bare(number, old[number]), "checked_at": writing.now})


def ensure_known(writing: Writing, ids: Collection[int]) -> None:
    """Categories that were met and never described exist from now on, as unknown."""
    missing = sorted(set(ids) - rows_of(writing).keys())
    writing.upsert(categories, [{**_bare(number, None), "checked_at": None} for number in missing])


def declare_public(writing: Writing, ids: Collection[int]) -> None:
    """An admin's word at import that everybody may read these; the forum's own word replaces it."""
    ensure_known(writing, ids)
    for number, row in rows_of(writing).items():
        if number in ids and row["checked_at"] is None:
            _settle(writing, row, {**row, "declared_public": True, "visibility": PUBLIC})


def opt_in(writing: Writing, category_id: int, groups: Collection[str]) -> None:
    """An admin lets a restricted category in, to be shown to these groups only (and never to anybody else)."""
    ensure_known(writing, [category_id])
    row = rows_of(writing)[category_id]
    visibility = row["visibility"]
    visibility = f"cat:{category_id}" if visibility == "closed" else visibility
    _settle(writing, row, {**row, "opted_in": True, "groups": sorted(groups), "visibility": visibility})


def opt_out(writing: Writing, category_id: int) -> None:
    """Take a restricted category out again: its words go at once."""
    row = rows_of(writing).get(category_id)
    if row is not None:
        visibility = row["visibility"] if row["visibility"] in (PUBLIC, UNKNOWN) else "closed"
        _settle(writing, row, {**row, "opted_in": False, "groups": [], "visibility": visibility})


def remember_hook_groups(writing: Writing, told: Category) -> None:
    """Which groups a web hook says may enter: it can only narrow what the admin named."""
    if told.group_permissions:
        named = sorted({name for name, _ in told.group_permissions})
        writing.update(categories, categories.c.id == told.id, hook_groups=named)


def rows_of(writing: Writing) -> dict[int, Row]:
    query = select(categories).where(categories.c.site == writing.site)
    return {row["id"]: row for row in writing.conn.execute(query).mappings()}


def _row(told: Category, before: Row | None, writing: Writing) -> dict[str, Any]:
    opted_in = bool(before and before["opted_in"])
    visibility = class_of(told, opted_in)
    named = has_words(visibility)
    return {
        **_bare(told.id, before),
        # The name of a category that is not for everybody may itself be a secret.
        "name": told.name if named else "",
        "slug": told.slug if named else "",
        "parent_id": told.parent_id,
        "visibility": visibility,
        "opted_in": opted_in,
        "checked_at": writing.now,
    }


def _bare(number: int, before: Row | None) -> dict[str, Any]:
    return {
        "id": number, "name": "", "slug": "", "parent_id": None, "visibility": UNKNOWN,
        "opted_in": bool(before and before["opted_in"]), "groups": before["groups"] if before else [],
        "hook_groups": before["hook_groups"] if before else None, "declared_public": False,
    }  # fmt: skip


def _settle(writing: Writing, before: Row | None, row: dict[str, Any]) -> None:
    """Write the row where it differs; a changed class takes effect on all that is stored under it, now."""
    row = {key: value for key, value in row.items() if key != "site"}
    if before is not None and all(before[key] == value for key, value in row.items() if key not in _QUIET):
        writing.update(categories, categories.c.id == row["id"], checked_at=row["checked_at"])
        return
    _ = writing.generation
    writing.upsert(categories, [row])
    if before is None or before["visibility"] == row["visibility"]:
        return
    number, visibility = row["id"], row["visibility"]
    if not has_words(visibility):
        forget_words_of_category(writing, number, visibility)
    else:
        _reclass(writing, number, visibility)


def _reclass(writing: Writing, category_id: int, visibility: str) -> None:
    """Words that we hold change their readers; topics of which we hold ids only become due for reading."""
    inside = select(topics.c.id).where(topics.c.site == writing.site, topics.c.category_id == category_id)
    moved = writing.generation
    writing.update(posts, posts.c.topic_id.in_(inside), visibility=visibility, changed=moved)
    writing.update(topics, topics.c.category_id == category_id, visibility=visibility, changed=moved, checked_at=None)


__all__ = ["declare_public", "ensure_known", "opt_in", "opt_out", "remember_hook_groups",
           "rows_of", "store_categories"]  # fmt: skip
