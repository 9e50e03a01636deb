"""Exact search by meaning at 100,000 posts, the same under a mask, and the approximate index above."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from connector.archive.vectors import ClassVectors, Floats, Ints, Rows, read_rows, write_rows

DIM, ROWS, MANY, QUESTIONS = 384, 100_000, 200_000, 100
P99_MS = 30.0


def rows(count: int, seed: int) -> Rows:
    """Unit vectors around some subjects, as posts are."""
    chance = np.random.default_rng(seed)
    subjects = chance.standard_normal((max(50, count // 500), DIM)).astype(np.float32)
    matrix = subjects[chance.integers(len(subjects), size=count)]
    matrix += 0.7 * chance.standard_normal((count, DIM)).astype(np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    ids = np.arange(count, dtype=np.int64)
    return Rows(ids, ids // 7, ids, matrix, np.ones(count, dtype=bool))


def none() -> Ints:
    """No topic is excluded."""
    return np.zeros(0, dtype=np.int64)


def recall(near: Rows, questions: Floats) -> float:
    """Which part of the ten truly nearest rows the approximate index finds, over all questions."""
    exact = replace(near, ann=None)
    found = [
        {hit.post_id for hit in near.best(one, 10, None, none())}
        & {hit.post_id for hit in exact.best(one, 10, None, none())}
        for one in questions
    ]
    return float(np.mean([len(one) / 10 for one in found]))


def timed(ask: Callable[[Floats], object], questions: Floats) -> tuple[float, float]:
    """Median and 99th percentile in milliseconds."""
    waits = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        waits.append((time.perf_counter() - start) * 1000)
    return float(np.median(waits)), float(np.percentile(waits, 99))


def main() -> int:
    """Print milliseconds and recall beside what is to be reached."""
    with tempfile.TemporaryDirectory() as folder:
        plain = rows(ROWS, 1)
        write_rows(plain, Path(folder))
        held = ClassVectors.of(read_rows(Path(folder)))
        questions = plain.matrix[:: ROWS // QUESTIONS][:QUESTIONS]
        half, most = timed(lambda one: held.best(one, 60, None, none()), questions)
        print(f"exact, {ROWS:,} × {DIM}:   p50 {half:6.1f} ms   p99 {most:6.1f} ms   {most / P99_MS:4.2f} × the goal")
        masked, _ = timed(lambda one: held.best(one, 60, ROWS // 2, np.arange(50, dtype=np.int64)), questions)
        print(f"the same under a mask:   p50 {masked:6.1f} ms   {masked / half:4.2f} × without")
    with tempfile.TemporaryDirectory() as folder:
        plain = rows(MANY, 2)
        write_rows(plain, Path(folder))
        near = read_rows(Path(folder))
        exact = replace(near, ann=None)
        questions = plain.matrix[:: MANY // QUESTIONS][:QUESTIONS]
        quick, most = timed(lambda one: near.best(one, 10, None, none()), questions)
        slow, _ = timed(lambda one: exact.best(one, 10, None, none()), questions)
        print(f"approximate, {MANY:,}:   p50 {quick:6.2f} ms   p99 {most:6.2f} ms   {slow / quick:5.1f} × faster,"
              f" recall@10 {recall(near, questions):.3f}")  # fmt: skip
    return 0
