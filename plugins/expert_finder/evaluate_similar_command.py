"""`passerelle evaluate similar`: how often a linked topic would have been shown before the question was posted."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from connector.errors import ModelUnavailable
from plugins.command_line import Arguments
from plugins.doors import Context
from plugins.expert_finder.archive_file import UnreadableArchiveError
from plugins.expert_finder.evaluate_similar import Replay, as_table, evaluate, texts_of
from plugins.expert_finder.similar_history import History, from_files, from_memory
from plugins.expert_finder.subjects import Vector
from plugins.expert_finder.vectors import VectorCache

LOADS_WITHIN = 120.0
"""Seconds; a model takes two or three on a quiet machine."""
USAGE = "passerelle evaluate similar [--archive PATH] [--json]"


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises ValueError with a sentence for words that are no options."""
    parser = Arguments("passerelle evaluate similar")
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(list(arguments))


def run(arguments: Sequence[str], ctx: Context) -> int:
    """Exit code 0 with a table or JSON on stdout; 2 with one sentence on stderr for bad input."""
    if "--help" in arguments:
        sys.stdout.write(USAGE + "\n")
        return 0
    try:
        chosen = parsed(arguments)
        history = from_memory(ctx.archive) if chosen.archive is None else from_files(chosen.archive)
        truth = history.answers()
        if not truth:
            raise ValueError("No reply of these topics leads to an earlier topic: there is nothing to measure by.")
    except (ValueError, UnreadableArchiveError, OSError) as error:
        sys.stderr.write(f"{error}\n{USAGE}\n")
        return 2
    _say(f"{len(history.posts)} posts, {len(truth)} questions with a link to an earlier topic")
    replay = prepared(history, ctx)
    found = evaluate(replay, truth, _say)
    sys.stdout.write((json.dumps(found) if chosen.json else as_table(found)) + "\n")
    return 0


def prepared(history: History, ctx: Context) -> Replay:
    """The replay with its vectors; without a model it goes by words alone, and says so."""
    asked, edited = texts_of(history)
    cache = VectorCache(ctx.data_dir, ctx.archive.embed)
    first = cache.vectors(asked, progress=_say) if _awaited(ctx) else None
    if first is None:
        _say("No model is to be had: words alone rank. PASSERELLE_MODEL=bundled (or a name or path) adds meaning.")
        return Replay(history, None, {}, lambda _: None)
    settled = cache.vectors(edited, progress=_say) or {}

    def embed(text: str) -> Vector | None:
        try:
            row: Vector = ctx.archive.embed([text])[0]
        except ModelUnavailable:
            return None
        return row

    return Replay(history, first, settled, embed)


def _awaited(ctx: Context) -> bool:
    """Whether there is a model; one that is still loading, on a busy machine say, is waited for."""
    until = time.monotonic() + LOADS_WITHIN
    while True:
        try:
            ctx.archive.embed(["passerelle"])
        except ModelUnavailable:
            if not _set_up(ctx) or time.monotonic() >= until:
                return False
            _say("The model is still loading.")
        else:
            return True


def _set_up(ctx: Context) -> bool:
    try:
        ctx.archive.vectors([])
    except ModelUnavailable:
        return False
    return True


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
