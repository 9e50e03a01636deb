"""Do warnings of heating threads come where people quarrelled? On a real forum's history, thread by thread.

    python -m bench.heating [--data FILE] [--quarrels ID,ID,…]

`--data` is a forum's topics, one JSON document a line, gzipped. The forum's own trouble is the only label at hand:
threads that its moderators closed, or in which posts are hidden (by flags). Closing has other reasons too: the list
of what was warned of is for reading, and the figures are to be read with it.
"""

import argparse
import gzip
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.fields import moment
from connector.text import own_words
from plugins.netiquette.detectors.finding import Turn
from plugins.netiquette.detectors.heating import FEWEST, WINDOW, forecast_from
from plugins.netiquette.detectors.pile_on import MANY, pile_on_one
from plugins.netiquette.detectors.tension import tension

DATA = Path("../shared/data/forum/urho3d-topics.jsonl.gz")


@dataclass(frozen=True, slots=True)
class Thread:
    """One thread; `trouble` says that moderators closed it, or that a post of it is hidden."""

    id: int
    title: str
    trouble: bool
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """How a thread would have gone: the post at which managers would have been warned, and the greatest heat."""

    thread: Thread
    warned_at: int | None
    heat: float
    waited: bool
    pile: int


def threads(path: Path) -> Iterator[Thread]:
    """Every thread with posts enough to say anything."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            topic = json.loads(line)
            posts = [one for one in topic["post_stream"]["posts"] if one.get("post_type") == 1]
            if len(posts) < FEWEST:
                continue
            by_number = {one["post_number"]: one["user_id"] for one in posts}
            turns = []
            for one in posts:
                at = moment(one["created_at"])
                if at is not None:
                    words = own_words(one["cooked"]).text
                    to = by_number.get(one.get("reply_to_post_number"))
                    turns.append(Turn(one["user_id"], at, words, to, one["post_number"]))
            trouble = bool(topic.get("closed")) or any(one.get("hidden") for one in posts)
            yield Thread(topic["id"], topic["title"], trouble, tuple(turns))


def course(thread: Thread) -> Course:
    """Play one thread post by post."""
    turns, tones = thread.turns, [tension(one.text) for one in thread.turns]
    warned, heat, waited, pile = None, 0.0, False, 0
    for end in range(FEWEST, len(turns) + 1):
        found = forecast_from(turns[:end][-WINDOW:], tones[:end][-WINDOW:], end)
        heat = max(heat, found.heat)
        waited = waited or found.state == "wait"
        if sum(one >= 0.3 for one in tones[:end]) >= MANY:
            pile = max(pile, pile_on_one(turns[:end][-60:]).people)
        if warned is None and (found.state == "heating" or pile >= MANY):
            warned = turns[end - 1].post_number
    return Course(thread, warned, heat, waited, pile)


def main(arguments: Sequence[str] = ()) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.heating")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--quarrels", default="", help="threads that a reader found to be quarrels, by number")
    asked = parser.parse_args(arguments)
    if not asked.data.exists():
        print(f"skipped: {asked.data} is not there")
        return 0
    began = time.perf_counter()
    found = [course(one) for one in threads(asked.data)]
    seconds = time.perf_counter() - began
    warned = sorted((one for one in found if one.warned_at is not None), key=lambda one: -one.heat)
    print(f"{len(found)} threads of {FEWEST} posts and more, {len(warned)} warned of, in {seconds:.0f} s")
    print(f"trouble (closed or hidden posts): {sum(one.thread.trouble for one in found)}, "
          f"of these warned of: {sum(one.thread.trouble for one in warned)}")  # fmt: skip
    quarrels = {int(one) for one in asked.quarrels.split(",") if one}
    if quarrels:
        hit = [one for one in warned if one.thread.id in quarrels]
        print(f"quarrels named: {len(quarrels)}, warned of: {len(hit)}; right among warnings: {len(hit)}/{len(warned)}")
        for one in hit:
            left = len(one.thread.turns) - (one.warned_at or 0)
            print(f"  {one.thread.id}: at post {one.warned_at}, {left} posts before its end")
    print(f"said to wait in {sum(one.waited for one in found)} threads")
    for one in sorted(found, key=lambda one: -one.heat)[:30]:
        mark = "closed/hidden" if one.thread.trouble else ""
        print(f"  {one.heat:.2f} warned at {one.warned_at} of {len(one.thread.turns)}  {one.thread.id} "
              f"{one.thread.title[:60]} {mark}")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
