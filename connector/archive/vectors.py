"""Vectors in memory: rows for each visibility class, searched exactly under a mask, or by usearch when many.

Filtering after an approximate search loses results just for those with few rights, so each class has rows of its own.
States are never changed, only replaced: a search that runs keeps the one it began with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from connector.archive.lexical import Found

EXACT_ROWS = 100_000
"""Up to here a search reads every row (some 30 ms); above, usearch proposes and exact products decide."""

_OVERSAMPLING = 8
_NEVER = np.float32(-2.0)
"""Below every cosine: rows that a filter took out."""

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Rows:
    """Posts with their vectors; `alive` masks those that were replaced or taken out since."""

    ids: Ints
    topics: Ints
    created: Ints
    matrix: Floats
    alive: NDArray[np.bool_]
    ann: Any = None

    @classmethod
    def empty(cls, dim: int) -> "Rows":
        none = np.zeros(0, dtype=np.int64)
        return cls(none, none, none, np.zeros((0, dim), dtype=np.float32), np.zeros(0, dtype=bool))

    def without(self, places: Sequence[int]) -> "Rows":
        if not places:
            return self
        alive = self.alive.copy()
        alive[list(places)] = False
        return replace(self, alive=alive)

    def best(self, query: Floats, limit: int, before: int | None, excluded: Ints) -> list[Found]:
        """The nearest living rows by cosine; filters hold before the best are taken."""
        if not len(self.ids):
            return []
        if self.ann is not None and before is None:
            return self._approximate(query, limit, excluded)
        # one thread without BLAS: on busy cores its threads wait for one another longer than they multiply
        scores: Floats = np.einsum("ij,j->i", self.matrix, query)
        scores[~self.alive] = _NEVER
        if before is not None:
            scores[self.created >= before] = _NEVER
        if len(excluded):
            scores[np.isin(self.topics, excluded)] = _NEVER
        return self._found(scores, np.arange(len(scores)), limit)

    def _approximate(self, query: Floats, limit: int, excluded: Ints) -> list[Found]:
        matches = self.ann.search(query, min(len(self.ids), max(100, limit * _OVERSAMPLING)))
        places = np.asarray(matches.keys, dtype=np.int64)
        keep = self.alive[places]
        if len(excluded):
            keep = keep & ~np.isin(self.topics[places], excluded)
        places = places[keep]
        return self._found(np.asarray(self.matrix[places]) @ query, places, limit)

    def _found(self, scores: Floats, places: Ints, limit: int) -> list[Found]:
        if len(scores) > limit:
            chosen = np.argpartition(scores, len(scores) - limit)[-limit:]
        else:
            chosen = np.arange(len(scores))
        chosen = chosen[np.lexsort((self.ids[places[chosen]], -scores[chosen]))]
        return [
            Found(int(self.ids[places[one]]), int(self.topics[places[one]]), float(scores[one]))
            for one in chosen
            if scores[one] > _NEVER
        ]


@dataclass(frozen=True)
class ClassVectors:
    """The rows of one class: a base that came from a file, and a tail of what changed since."""

    base: Rows
    tail: Rows
    places: dict[int, tuple[bool, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, base: Rows) -> "ClassVectors":
        places = {int(number): (False, place) for place, number in enumerate(base.ids) if base.alive[place]}
        return cls(base, Rows.empty(base.matrix.shape[1]), places)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def drift(self) -> int:
        """Rows in the tail and dead rows: what a fresh file would save."""
        return len(self.tail.ids) + int(len(self.base.ids) - self.base.alive.sum())

    def changed(self, gone: Iterable[int], new: Sequence[tuple[int, int, int, Floats]]) -> "ClassVectors":
        """The state without some posts and with others (id, topic, created, vector) in their newest form."""
        places = dict(self.places)
        dead: dict[bool, list[int]] = {False: [], True: []}
        for number in (*gone, *(one[0] for one in new)):
            old = places.pop(number, None)
            if old is not None:
                dead[old[0]].append(old[1])
        base, tail = self.base.without(dead[False]), self.tail.without(dead[True])
        if new:
            start = len(tail.ids)
            places.update((one[0], (True, start + place)) for place, one in enumerate(new))
            tail = Rows(
                ids=np.concatenate([tail.ids, np.array([one[0] for one in new], dtype=np.int64)]),
                topics=np.concatenate([tail.topics, np.array([one[1] for one in new], dtype=np.int64)]),
                created=np.concatenate([tail.created, np.array([one[2] for one in new], dtype=np.int64)]),
                matrix=np.concatenate([tail.matrix, np.stack([one[3] for one in new])]),
                alive=np.concatenate([tail.alive, np.ones(len(new), dtype=bool)]),
            )
        return ClassVectors(base, tail, places)

    def best(self, query: Floats, limit: int, before: int | None, excluded: Ints) -> list[Found]:
        found = self.base.best(query, limit, before, excluded) + self.tail.best(query, limit, before, excluded)
        return sorted(found, key=lambda one: (-one.score, one.post_id))[:limit]

    def compact(self) -> Rows:
        """All living rows in one block, by number."""
        parts = [rows for rows in (self.base, self.tail) if len(rows.ids)]
        if not parts:
            return Rows.empty(self.base.matrix.shape[1])
        columns = [
            np.concatenate([getattr(rows, name)[rows.alive] for rows in parts])
            for name in ("ids", "topics", "created", "matrix")
        ]
        order = np.argsort(columns[0], kind="stable")
        ids, topics, created, matrix = (column[order] for column in columns)
        return Rows(ids, topics, created, matrix, np.ones(len(ids), dtype=bool))


def write_rows(rows: Rows, folder: Path) -> None:
    """Save rows into an empty folder, with an approximate index where they are many."""
    for name in ("ids", "topics", "created", "matrix"):
        np.save(folder / f"{name}.npy", getattr(rows, name))
    if len(rows.ids) > EXACT_ROWS:
        built = _ann(rows.matrix.shape[1])
        built.add(np.arange(len(rows.ids)), rows.matrix)
        built.save(str(folder / "near.usearch"))


def read_rows(folder: Path) -> Rows:
    """Rows as they were saved; the matrix stays in the file and is mapped. :raises OSError, ValueError: broken."""
    ids, topics, created = (np.load(folder / f"{name}.npy") for name in ("ids", "topics", "created"))
    matrix = np.load(folder / "matrix.npy", mmap_mode="r")
    if not len(ids) == len(topics) == len(created) == len(matrix):
        raise ValueError("the parts of an index do not belong together")
    near = None
    if (folder / "near.usearch").exists():
        near = _ann(matrix.shape[1])
        near.view(str(folder / "near.usearch"))
    return Rows(ids, topics, created, matrix, np.ones(len(ids), dtype=bool), near)


def _ann(dim: int) -> Any:
    from usearch.index import Index

    return Index(ndim=dim, metric="ip", dtype="f16", connectivity=32, expansion_add=200, expansion_search=256)
