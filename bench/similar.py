"""Similar topics: the measures on a real forum's history, and the time of one ranking at a hundred thousand posts.

`python -m bench.similar [PATH]`; by default the open archive beside the checkout, where it is present.
"""

import io
import json
import random
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

from bench.experts import OPEN_ARCHIVE, BenchDoor, WheelModel
from plugins.expert_finder import plugin
from plugins.expert_finder.evaluate_similar import as_table
from plugins.expert_finder.past import PastPost, Question
from plugins.expert_finder.similar_evidence import SimilarEvidence
from plugins.expert_finder.similar_links import Link
from plugins.expert_finder.similar_ranking import ranked, reasons

CACHE = Path(tempfile.gettempdir()) / "passerelle-bench-experts"
POSTS, PER_TOPIC, WORDS, QUESTIONS = 100_000, 7, 60, 200
GOAL = 100.0


def vocabulary(size: int = 60_000) -> list[str]:
    return [f"w{number:x}q" for number in range(size)]


def speed() -> None:
    """One ranking with its reasons, of drafts of sixty words, over invented posts with Zipf's frequencies."""
    draw, words = random.Random(1), vocabulary()
    chance = np.random.default_rng(1)
    bounds = np.cumsum(1.0 / np.arange(1, len(words) + 1))
    rows = chance.normal(size=(POSTS // PER_TOPIC + 1, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)

    def text() -> str:
        drawn = np.searchsorted(bounds, chance.random(WORDS) * bounds[-1])
        return " ".join(words[place] for place in drawn.tolist())

    evidence = SimilarEvidence()
    started = time.perf_counter()
    for number in range(POSTS):
        topic, place = divmod(number, PER_TOPIC)
        at = 60.0 * number
        title = text()[:60] if place == 0 else ""
        post = PastPost(number + 1, topic + 1, draw.randrange(2_000) + 1, at, at, place + 1, text(), title)
        evidence.tell(post, rows[topic] if place == 0 else None)
        if place == 3 and topic > 10 and topic % 8 == 0:
            evidence.link(Link(topic + 1, draw.randrange(topic) + 1, at))
    print(f"{POSTS} posts told in {time.perf_counter() - started:.0f} s")
    times = []
    for number in range(QUESTIONS):
        question = Question(0, 0, 60.0 * POSTS, text()[:60], text())
        start = time.perf_counter()
        ranking = ranked(evidence, question, rows[number])
        reasons(evidence, question, ranking)
        times.append((time.perf_counter() - start) * 1000)
    p50, p95 = np.percentile(times, [50, 95])
    verdict = "ok" if p95 < GOAL else "TOO SLOW"
    print(f"{QUESTIONS} drafts without embedding: p50 {p50:.1f} ms, p95 {p95:.1f} ms (goal {GOAL:.0f}: {verdict})")


def main(arguments: list[str] | None = None) -> int:
    speed()
    path = Path(arguments[0]) if arguments else OPEN_ARCHIVE
    if not path.exists():
        print(f"similar: skipped, there is no archive at {path.name}")
        return 0
    command = next(spec.func for spec in plugin.commands if spec.words == "evaluate similar")
    said = io.StringIO()
    with redirect_stdout(said):
        code: int = command(["--archive", str(path), "--json"], BenchDoor(WheelModel(), CACHE))
    if code == 0:
        print(as_table(json.loads(said.getvalue())))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
