"""Reads rows by their numbers, and writes those that differ: what was merely checked again keeps its generation."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from connector.archive.store import Row, Writing, chunks, row_where, rows_where
from connector.archive.tables import likes

_NOTED = frozenset({"changed", "checked_at"})


def rows_by(writing: Writing, column: Any, ids: Sequence[int]) -> dict[int, Row]:
    found: dict[int, Row] = {}
    if len(ids) == 1:
        rows = writing.conn.execute(row_where(column), {"site_id": writing.site, "key": ids[0]}).mappings()
        return {row["id"]: row for row in rows}
    for some in chunks(ids):
        told = {"site_id": writing.site, "keys": list(some)}
        found.update((row["id"], row) for row in writing.conn.execute(rows_where(column), told).mappings())
    return found


def write_differing(writing: Writing, table: Table, rows: Sequence[dict[str, Any]], old: Mapping[int, Row]) -> None:
    """Upsert what differs from the rows we hold; what was merely checked again keeps its generation."""
    keeps_generation = "changed" in table.c
    unliked = [row["id"] for row in rows if row.pop("_unlike", False)]
    for some in chunks(unliked):
        writing.delete(likes, likes.c.post_id.in_(some))
    fresh, seen = [], []
    for row in rows:
        before = old.get(row["id"])
        if before is None or any(before[key] != value for key, value in row.items() if key not in _NOTED):
            fresh.append(row | {"changed": writing.generation} if keeps_generation else row)
        elif row["checked_at"] is not None and _older(before["checked_at"], row["checked_at"]):
            seen.append(row["id"])
    if fresh and not keeps_generation:
        _ = writing.generation
    for row_chunk in chunks(fresh):
        writing.upsert(table, row_chunk)
    for some in chunks(seen):
        writing.update(table, table.c.id.in_(some), checked_at=writing.now)


def _older(before: datetime | None, now: datetime) -> bool:
    """A minute's difference is not worth a write."""
    return before is None or (now - before).total_seconds() > 60
