"""From text to word stems, the same for every language written with an alphabet."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]{2,40}")
STEM = 6
"""Letters kept of a word: a cheap stem that serves French and English alike (McNamee and Mayfield 2004 on n-grams)."""
LONGEST = 6_000


def stems(text: str) -> list[str]:
    """Lower-case stems without accents, of the first 6,000 characters."""
    plain = text[:LONGEST].lower()
    if not plain.isascii():
        plain = unicodedata.normalize("NFKD", plain)
        for mark in {one for one in set(plain) if unicodedata.combining(one)}:
            plain = plain.replace(mark, "")
    return [word[:STEM] for word in _WORD.findall(plain)]


def counted(words: Iterable[str]) -> Counter[str]:
    return Counter(words)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Jaccard's measure of two sets of stems, 0 to 1."""
    if not one or not other:
        return 0.0
    return len(one & other) / len(one | other)
