"""A small search for the bench: BM25 over words, and vectors that are hashed bags of words. Deterministic, no model.

The vectors know words, not meanings: two texts are near when they share words or beginnings of words. Good enough to
see that a plugin asks the right question with the right audience; never to judge how well it ranks.
"""

import hashlib
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

DIMENSIONS = 256
_K1, _B = 1.2, 0.75  # Robertson & Zaragoza 2009, the usual values
_STOP = frozenset(
    [
        "a",
        "an",
        "and",
        "are",
        "as",
        "at",
        "be",
        "by",
        "do",
        "for",
        "from",
        "how",
        "i",
        "in",
        "is",
        "it",
        "of",
        "on",
        "or",
        "that",
        "the",
        "this",
        "to",
        "what",
        "with",
        "you",
        "au",
        "aux",
        "avec",
        "ce",
        "ces",
        "dans",
        "de",
        "des",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "il",
        "je",
        "la",
        "le",
        "les",
        "leur",
        "ma",
        "me",
        "mes",
        "mon",
        "ne",
        "nous",
        "on",
        "ou",
        "par",
        "pas",
        "pour",
        "que",
        "qui",
        "sa",
        "se",
        "ses",
        "son",
        "sur",
        "ta",
        "te",
        "tes",
        "ton",
        "tu",
        "un",
        "une",
        "vous",
        "votre",
    ]
)


def words(text: str) -> list[str]:
    """Lower-case words without accents, stop words, or a plural's last letter."""
    bare = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    found = (word for word in re.findall(r"[a-z0-9]{2,}", bare) if word not in _STOP)
    return [word[:-1] if len(word) > 3 and word[-1] in "sx" else word for word in found]


def bm25(query: Sequence[str], documents: Sequence[Sequence[str]]) -> list[float]:
    """One score a document, 0 where no word of the query stands in it."""
    if not documents:
        return []
    counts = [Counter(document) for document in documents]
    mean = sum(map(len, documents)) / len(documents) or 1.0
    scores = [0.0] * len(documents)
    for word in set(query):
        holding = sum(1 for count in counts if word in count)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        for place, count in enumerate(counts):
            often = count[word]
            if often:
                length = len(documents[place]) / mean
                scores[place] += idf * often * (_K1 + 1) / (often + _K1 * (1 - _B + _B * length))
    return scores


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Unit rows of shape (n, 256): each word, and its first four letters at half weight, hashed to a place and sign.

    A text without words gets a fixed row, so that every row has length one.
    """
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in words(text):
            _add(row, word, 1.0)
            _add(row, word[:4] + "*", 0.5)
        length = float(np.linalg.norm(row))
        if length == 0.0:
            row[0] = 1.0
        else:
            row /= length
    return rows


def _add(row: NDArray[np.float32], feature: str, weight: float) -> None:
    digest = hashlib.blake2b(feature.encode(), digest_size=4).digest()
    place = int.from_bytes(digest[:3]) % DIMENSIONS
    row[place] += weight if digest[3] & 1 else -weight
