"""`passerelle evaluate experts`: how well people would have been named on this forum's own past."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from plugins.command_line import Arguments
from plugins.doors import Context
from plugins.expert_finder.archive_file import UnreadableArchiveError, read_posts
from plugins.expert_finder.evaluation import Terms, evaluate
from plugins.expert_finder.past import PastPost, as_asked
from plugins.expert_finder.remembered import past_posts
from plugins.expert_finder.report import as_table
from plugins.expert_finder.vectors import VectorCache

FEWEST_TOPICS = 20


def share(text: str) -> float:
    """`25%` or `0.25` as a share between 0 and 1. Raises ValueError for anything else."""
    value = float(text[:-1]) / 100 if text.endswith("%") else float(text)
    if not 0 < value < 1:
        raise ValueError(f"{text} is no share between 0 and 100 %")
    return value


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = Arguments("passerelle evaluate experts")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--last", type=share, default=0.25)
    parser.add_argument("--slots", type=int, default=3)
    parser.add_argument("--cap", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    found = parser.parse_args(list(arguments))
    if found.slots < 1 or found.cap < 1:
        raise ValueError("--slots and --cap must be at least 1")
    return found


USAGE = "passerelle evaluate experts [--archive PATH] [--last 25%] [--slots 3] [--cap 3] [--json]"


def run(arguments: Sequence[str], ctx: Context) -> int:
    """Exit code 0 with a table or JSON on stdout; 2 with one sentence on stderr for bad input."""
    if "--help" in arguments:
        sys.stdout.write(USAGE + "\n")
        return 0
    try:
        chosen = parsed(arguments)
        posts = _posts(chosen.archive, ctx)
        asked = sum(post.opens for post in posts)
        if asked < FEWEST_TOPICS:
            raise ValueError(f"{asked} topics are too few to evaluate anything: {FEWEST_TOPICS} are needed.")
    except (ValueError, UnreadableArchiveError, OSError, argparse.ArgumentTypeError) as error:
        sys.stderr.write(f"{error}\n{USAGE}\n")
        return 2
    say = _progress
    say(f"{len(posts)} posts in {asked} topics")
    texts = {post.topic_id: as_asked(post).whole for post in posts if post.opens}
    vectors = VectorCache(ctx.data_dir, ctx.archive.embed).vectors(texts, progress=say)
    if vectors is None:
        say("No model is to be had: likeness goes by words alone, and there is no dense baseline.")
        say("With PASSERELLE_MODEL=bundled (or the name or path of another) it is measured with one.")
    found = evaluate(posts, vectors, Terms(chosen.last, chosen.slots, chosen.cap), say)
    sys.stdout.write((json.dumps(found) if chosen.json else as_table(found)) + "\n")
    return 0


def _posts(path: Path | None, ctx: Context) -> list[PastPost]:
    if path is not None:
        return read_posts(path)
    return list(past_posts(ctx.archive, ctx.archive.audience_public()))


def _progress(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
