"""The labelled texts: those written for this project, by theme, and public ones on civility where they are at hand."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugins.netiquette.lexicon import LANGUAGES
from plugins.netiquette.prepared_text import prepare

CORPUS = Path(__file__).parent.parent / "corpus"
TEST_THEMES = frozenset({"paie", "libre", "quartier", "jeux", "voyage", "musique"})
"""Fixed before any training: never read by it, opened once, by `passerelle evaluate netiquette --own`."""
LABELS = ("ok", "breach", "gray")
_MOST: Mapping[str, int] = {"toxic_spans": 3_000, "cat_wiki_talk": 1_500, "paradetox": 2_400,
                            "politeness_stackexchange": 1_200, "politeness_wikipedia": 800}  # fmt: skip
"""At most so many texts of a source and language: style (lower-cased tweets, wiki talk) must not be what is learned."""
_LEFT_OUT = frozenset({"youtube_spam"})
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and what it is; `prepared` as the head reads it. `kind` is the corpus's own, `source` a theme or a set."""

    text: str
    breach: bool
    label: str
    kind: str
    lang: str
    source: str
    swears: bool
    prepared: str


class CorpusError(ValueError):
    """A line of the corpus that is none; the message says where."""


def read_theme(path: Path, lang: str) -> list[Labelled]:
    """The texts of one file (`label | kind | pair | s or - | text` a line). :raises CorpusError: names the line."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        parts = line.split(" | ", 4)
        if len(parts) != 5 or parts[0] not in LABELS:
            raise CorpusError(f"{path.name}, line {number}: wanted label | kind | pair | s or - | text")
        label, kind, _, swears, text = parts
        found.append(
            Labelled(text, label == "breach", label, kind, lang, path.stem, swears == "s", prepare(text).text or ".")
        )
    return found


def read_corpus(folder: Path = CORPUS, *, test: bool = False) -> list[Labelled]:
    """The texts of all themes but those for testing (`test`: only those), in a fixed order."""
    return [
        one
        for lang in LANGUAGES
        for path in sorted((folder / lang).glob("*.txt"))
        if (path.stem in TEST_THEMES) == test
        for one in read_theme(path, lang)
    ]


def read_civility(folder: Path, split: str) -> list[Labelled]:
    """Public labelled texts of a split (train or dev), French and English, without spam; a fixed sample of each set."""
    found: list[Labelled] = []
    taken: Counter[tuple[str, str]] = Counter()
    for lang in LANGUAGES:
        path = folder / f"train_{lang}.jsonl.gz"
        if not path.exists():
            continue
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        random.Random(0).shuffle(rows)
        for row in rows:
            source, text = row["source"], row["text"][:_LONGEST]
            if row["split"] != split or source in _LEFT_OUT or row["kind"] == "spam":
                continue
            if split == "train" and taken[source, lang] >= _MOST.get(source, 10_000):
                continue
            taken[source, lang] += 1
            if read := prepare(text).text:
                breach = row["label"] == "breach"
                found.append(Labelled(text, breach, row["label"], row["kind"], lang, source, False, read))
    return found


def folds(texts: Sequence[Labelled], many: int) -> list[int]:
    """Which part of a cross-validation each text is in: whole themes, the same in both languages."""
    themes = sorted({one.source for one in texts})
    return [themes.index(one.source) % many for one in texts]
