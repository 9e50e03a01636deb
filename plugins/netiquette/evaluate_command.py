"""`passerelle evaluate netiquette`: the shipped charter and thresholds on labelled texts."""

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from connector.errors import ModelUnavailable
from plugins.command_line import Arguments
from plugins.doors import Context
from plugins.netiquette.charter.model import Charter
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.netiquette.detectors.finding import Nothing, Said
from plugins.netiquette.evaluating.ahead import Ahead
from plugins.netiquette.evaluating.cases import Case, UnreadableCasesError, own_cases, read_cases
from plugins.netiquette.evaluating.figures import Outcome, as_table, figures
from plugins.netiquette.head.at_hand import head_at_hand
from plugins.netiquette.head.classifier import NamedClassifier
from plugins.netiquette.head.encoder import whole_model
from plugins.netiquette.judging import Head, judge
from plugins.netiquette.language import guess_language

USAGE = (
    "passerelle evaluate netiquette --cases FILE.jsonl[.gz] | --own [--out VERDICTS.jsonl] [--classifier NAME] [--json]"
)
LOADS_WITHIN = 180.0
_TOGETHER = 256


def parsed(arguments: Sequence[str]) -> argparse.Namespace:
    """Raises ValueError with a sentence for words that are no options."""
    parser = Arguments("passerelle evaluate netiquette")
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--cases", type=Path)
    where.add_argument("--own", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--classifier", default="")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args(list(arguments))


def run(arguments: Sequence[str], ctx: Context) -> int:
    """Exit code 0 with a table or JSON on stdout; 2 with one sentence on stderr for bad input."""
    if "--help" in arguments:
        sys.stdout.write(USAGE + "\n")
        return 0
    try:
        chosen = parsed(arguments)
        cases = own_cases() if chosen.own else read_cases(chosen.cases)
        if not cases:
            raise ValueError("There are no texts of test themes here.")
        head = NamedClassifier(chosen.classifier) if chosen.classifier else head_at_hand(ctx)
        out = chosen.out.open("w", encoding="utf-8") if chosen.out else None
    except (ValueError, UnreadableCasesError, ModelUnavailable, OSError) as error:
        sys.stderr.write(f"{error}\n{USAGE}\n")
        return 2
    charter = read_charter(default_text())
    around = _around(ctx, head)
    start = time.perf_counter()
    outcomes = list(outcomes_of(cases, charter, head, around))
    seconds = time.perf_counter() - start
    if out is not None:
        with out:
            out.writelines(json.dumps(one.as_line(), ensure_ascii=False) + "\n" for one in outcomes)
    found = figures(outcomes, seconds)
    sys.stdout.write((json.dumps(found) if chosen.json else as_table(found)) + "\n")
    return 0


def outcomes_of(cases: Sequence[Case], charter: Charter, head: Head | None, around: Nothing) -> Iterator[Outcome]:
    """Each case judged, in order; `around` knows the encoder alone."""
    for start in range(0, len(cases), _TOGETHER):
        some = cases[start : start + _TOGETHER]
        said = [Said(one.text, lang=one.lang or guess_language(one.text)) for one in some]
        here = Ahead(around, head, said, charter.glossary) if head is not None else around
        for case, one in zip(some, said, strict=True):
            found = judge(one, charter, here, head)
            clause = found.clause.id if found.clause is not None else ""
            yield Outcome(case, found.probability, found.step, clause, found.words)


def _around(ctx: Context, head: Head | None) -> Nothing:
    """The encoder where it can be had; it is waited for, and said where it is not."""
    name = head.encoder if head is not None else ""
    if not name:
        return Nothing()
    until = time.monotonic() + LOADS_WITHIN
    while True:
        try:
            ctx.archive.embed(["."], model=str(whole_model(ctx.data_dir)))
            return Nothing(lambda texts: ctx.archive.embed(texts, model=name))
        except ModelUnavailable as why:
            # A busy machine takes its time to load a model; every other reason will not change by waiting.
            if "loading" not in str(why) or time.monotonic() >= until:
                sys.stderr.write(f"Attacks are judged by words alone, which finds less: {why}\n")
                return Nothing()
        time.sleep(0.5)
