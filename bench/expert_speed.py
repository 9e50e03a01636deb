"""How long naming people takes beside a memory of 100,000 posts: question text to ranked people.

`python -m bench.expert_speed [PATH]`. The forum's posts are told several times over as parallel forums of other people
and other topics; vectors are drawn, since likeness costs the same whatever it finds. Embedding the question's text is
measured by `bench.embedding`, the checks of each person (a row or two each) are not in it.
"""

import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench.experts import OPEN_ARCHIVE
from plugins.expert_finder.archive_file import read_posts
from plugins.expert_finder.evidence import Evidence
from plugins.expert_finder.features import portrait
from plugins.expert_finder.past import PastPost, as_asked
from plugins.expert_finder.ranking import rank

POSTS = 100_000
ASKED = 200
WIDTH = 384
APART = 10_000_000


def tiled(posts: Sequence[PastPost], wanted: int) -> list[PastPost]:
    """At least so many posts in time order: the same forum several times, each time with other people and topics."""
    copies = -(-wanted // len(posts))
    found = [
        replace(
            post, id=post.id + copy * APART, topic_id=post.topic_id + copy * APART, author=post.author + copy * APART
        )
        for copy in range(copies)
        for post in posts
    ]
    return sorted(found, key=lambda post: (post.at, post.id))[:wanted]


def milliseconds(posts: Sequence[PastPost], asked: int) -> Iterator[float]:
    """Time per question for the last `asked` openings, once all posts before them are told."""
    chance = np.random.default_rng(7)
    evidence = Evidence()
    last = {post.id for post in [post for post in posts if post.opens][-asked:]}
    for post in posts:
        vector = None
        if post.opens:
            vector = chance.normal(size=WIDTH).astype(np.float32)
            vector /= np.linalg.norm(vector)
        if post.id in last:
            begin = time.perf_counter()
            rank(evidence, portrait(evidence, as_asked(post), vector), None)
            yield (time.perf_counter() - begin) * 1000
        evidence.tell(post, vector)


def main(arguments: list[str] | None = None) -> int:
    path = Path(arguments[0]) if arguments else OPEN_ARCHIVE
    if not path.exists():
        print(f"expert_speed: skipped, there is no archive at {path.name}")
        return 0
    posts = tiled(read_posts(path), POSTS)
    times = list(milliseconds(posts, ASKED))
    middle, slow = np.percentile(times, [50, 95])
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{len(posts)} posts, {len(times)} questions: p50 {middle:.1f} ms, p95 {slow:.1f} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
