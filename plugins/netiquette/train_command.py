"""`passerelle netiquette train`: the head anew, from the texts in the repository and public ones where they are."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from connector.errors import ModelUnavailable
from plugins.command_line import Arguments
from plugins.doors import Context
from plugins.netiquette.head.encoder import CHANGES
from plugins.netiquette.head.shipping import SHIPPED, write_shipped
from plugins.netiquette.training import encoder
from plugins.netiquette.training.assembling import Answers, assembled
from plugins.netiquette.training.card import card
from plugins.netiquette.training.texts import CORPUS, CorpusError, Labelled, folds, read_civility, read_corpus

USAGE = (
    "passerelle netiquette train [--civility FOLDER] [--corpus FOLDER] [--to FOLDER] [--folds 3] [--words-only]"
    " [--json]"
)
NEAR = Path("../shared/data/civility")
_PARTS = 6
"""Parts of the cross-validation of what is linear: cheap, so more than those of the encoder."""


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises ValueError with a sentence for words that are no options."""
    parser = Arguments("passerelle netiquette train")
    parser.add_argument("--civility", type=Path, default=NEAR)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--to", type=Path, default=SHIPPED)
    parser.add_argument("--folds", type=int, default=3)
    parser.add_argument("--words-only", action="store_true")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(list(arguments))
    if chosen.folds < 2:
        raise ValueError("--folds must be at least 2")
    return chosen


def run(arguments: Sequence[str], ctx: Context) -> int:
    """Exit code 0 with the figures of the cross-validation on stdout; 2 with one sentence on stderr for bad input.

    Deterministic on one machine. With the encoder it takes half an hour of two cores; `--words-only` takes a minute,
    and makes a head that never asks for vectors.
    """
    if "--help" in arguments:
        sys.stdout.write(USAGE + "\n")
        return 0
    try:
        chosen = parsed(arguments)
        texts = [one for one in read_corpus(chosen.corpus) if one.label != "gray"]
        sides = {(one.lang, one.breach) for one in texts}
        if len(sides) < 4 or len({one.source for one in texts}) < max(chosen.folds, 2):
            raise ValueError(f"{chosen.corpus} needs both sides in both languages, in {chosen.folds} themes or more.")
        answers = None if chosen.words_only else _encoder(texts, chosen)
    except (ValueError, CorpusError, ModelUnavailable, OSError) as error:
        sys.stderr.write(f"{error}\n{USAGE}\n")
        return 2
    _say(f"{len(texts)} texts of our own")
    trained = assembled(texts, folds(texts, _PARTS), answers)
    write_shipped(chosen.to, trained.told, trained.numbers, card(trained.told))
    if chosen.words_only:
        (chosen.to / CHANGES).unlink(missing_ok=True)
    sys.stdout.write(json.dumps(trained.measured, indent=None if chosen.json else 1) + "\n")
    return 0


def _encoder(texts: Sequence[Labelled], chosen: argparse.Namespace) -> Answers:
    civility = read_civility(chosen.civility, "train") if chosen.civility.is_dir() else []
    _say(f"{len(civility)} public texts on civility")
    first = encoder.trained_first(civility, _say) if civility else None
    fold = folds(texts, chosen.folds)

    def without(part: int) -> encoder.Network:
        _say(f"the encoder without part {part + 1} of {chosen.folds}")
        return encoder.trained(
            [one for one, its in zip(texts, fold, strict=True) if its != part], civility, first, _say
        )  # fmt: skip

    _say("the encoder that ships")
    final = encoder.trained(texts, civility, first, _say)
    chosen.to.mkdir(parents=True, exist_ok=True)
    encoder.save_changes(final, chosen.to / CHANGES)
    return encoder.answers(texts, fold, without, final)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
