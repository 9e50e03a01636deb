"""Numbers of a prepared text without any vocabulary: hashed letters, words, word classes, and turns of phrase."""

import re
from collections.abc import Iterator, Sequence
from math import sqrt
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from plugins.netiquette.lexicon import class_of, shapes

FAMILIES = ("letters", "words", "classes")
BITS = 18
_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*'?|[!?]+|[\"«»“”]")
_KEPT = frozenset({"grammar"})
# fmt: off
CLASSES = ("you", "third", "self", "are", "am", "insult", "slur", "crude", "person", "thing", "weak", "pet", "mind",
           "leave", "threat", "belonging", "say", "protected", "union", "safety", "joke", "polite", "feeling")
# fmt: on
SHAPES = (
    "people_like",
    "you_are",
    "you_who",
    "for_you",
    "you_can",
    "where_you",
    "not_you",
    "i_am",
    "was_said",
    "this_thing",
)  # fmt: skip
Hashed = tuple[NDArray[np.int64], NDArray[np.float32]]
"""Places among 2^BITS, and weights of length 1 altogether."""


def tokens(text: str) -> list[str]:
    """Words of a prepared text; an elided one keeps its apostrophe (t' es), marks of quoting count as words."""
    return _TOKEN.findall(text)


def classed(words: Sequence[str], lang: str) -> list[str]:
    """Each word's class; words of grammar and marks as they are, all others as "_"."""
    found = []
    for word in words:
        bare = word.rstrip("'")
        name = class_of(bare, lang)
        found.append(bare if name in _KEPT or not bare[:1].isalnum() else name.upper() or "_")
    return found


def hashed(text: str, lang: str) -> dict[str, Hashed]:
    """The families of a text: runs of 2 to 5 letters, 1 to 3 words, 1 to 4 word classes."""
    words = tokens(text)
    return {
        "letters": _weighed(_letters(text)),
        "words": _weighed(_runs(words, 3)),
        "classes": _weighed(_runs(classed(words, lang), 4)),
    }


def shaped(text: str, lang: str) -> NDArray[np.float32]:
    """Turns of phrase: how much of each class, how near insults stand to whom, and the patterns of the language."""
    words = tokens(text)
    kinds = [class_of(one.rstrip("'"), lang) for one in words]
    many = max(len(words), 1)
    found = [min(kinds.count(name), 4) / 4 for name in CLASSES]
    found += [float(bool(shapes(lang)[name].search(text))) for name in SHAPES]
    bad = [place for place, kind in enumerate(kinds) if kind in ("insult", "slur")]
    for who in ("you", "third", "self", "person", "thing", "weak", "crude", "say"):
        near = [place for place, kind in enumerate(kinds) if kind == who]
        gap = min((abs(one - other) for one in bad for other in near), default=99)
        found.append(1 / (1 + gap) if gap < 8 else 0.0)
    named = [place for place, word in enumerate(words) if word == "alex"]
    found.append(max((1 / (1 + abs(one - other)) for one in bad for other in named), default=0.0))
    found.append(float(_in_quotes(text, lang)))
    found.append(min(many, 60) / 60)
    return np.array(found, dtype=np.float32)


def _in_quotes(text: str, lang: str) -> bool:
    """Whether an insult stands between marks of quoting: it is reported, then."""
    inside = re.findall(r"«[^»]{2,200}»|“[^”]{2,200}”|\"[^\"]{2,200}\"|(?<!\w)'[^']{2,200}'(?!\w)", text)
    return any(
        class_of(one.rstrip("'"), lang) in ("insult", "slur", "crude") for part in inside for one in tokens(part)
    )


def _letters(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for size in range(2, 6):
            if len(padded) < size:
                break
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def _runs(words: Sequence[str], most: int) -> Iterator[str]:
    framed = ["^", *words, "$"]
    for size in range(1, most + 1):
        for start in range(len(framed) - size + 1):
            yield " ".join(framed[start : start + size])


def _weighed(runs: Iterator[str]) -> Hashed:
    counts: dict[int, int] = {}
    for run in runs:
        place = crc32(run.encode()) & ((1 << BITS) - 1)
        counts[place] = counts.get(place, 0) + 1
    values = np.sqrt(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
    length = sqrt(float(values @ values)) or 1.0
    return np.fromiter(counts.keys(), dtype=np.int64, count=len(counts)), (values / length).astype(np.float32)
