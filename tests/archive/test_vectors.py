"""Nearest vectors: exact up to 100,000 rows, approximate above, and the filters hold in both."""

from pathlib import Path

import numpy as np
import pytest

from bench.search import none, recall, rows
from connector.archive import vectors
from connector.archive.vectors import ClassVectors, read_rows, write_rows


def test_exact_search_is_a_sorted_list_under_its_filters() -> None:
    """The best by cosine in their order; neither later posts, nor excluded topics, nor dead rows take a place."""
    held = ClassVectors.of(rows(2_000, 1)).changed([int(number) for number in range(0, 2_000, 3)], [])
    query = held.base.matrix[700]
    found = held.best(query, 25, 1_500, np.array([2, 100], dtype=np.int64))
    scores = held.base.matrix @ query
    allowed = [n for n in range(1_500) if n % 3 and n // 7 not in (2, 100)]
    assert [one.post_id for one in found] == sorted(allowed, key=lambda n: (-scores[n], n))[:25]


def test_fewer_rows_than_asked_for_are_all_there_is() -> None:
    """Asked for more than a filter leaves, only what it leaves is given."""
    held = ClassVectors.of(rows(50, 1))
    assert {one.post_id for one in held.best(held.base.matrix[0], 40, 10, none())} == set(range(10))


def test_the_approximate_index_finds_what_the_exact_search_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the limit of exact search (lowered here) at least 98 of the 100 nearest tens are the true ones."""
    monkeypatch.setattr(vectors, "EXACT_ROWS", 4_000)
    plain = rows(6_000, 3)
    write_rows(plain, tmp_path)
    near = read_rows(tmp_path)
    assert near.ann is not None
    assert recall(near, plain.matrix[::120]) >= 0.98
