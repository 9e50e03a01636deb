"""Which of the forum's languages a text is in: py3langid restricted to them, "unknown" for a handful of words."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

FEWEST_WORDS = 4
_MOST_CHARACTERS = 600
_WORD = re.compile(r"[^\W\d_]{2,}")
# Function words that only one of the two languages has: they settle nearly every text, at a hundredth of the cost.
_FRENCH = (
    "le la les des une est et dans pour que qui pas vous nous je il elle mais avec sur ce cette du au aux"
    " ne se sont être avoir fait mon ma mes votre notre leur bonjour merci où ça c'est donc alors aussi"
    " très bien"
)
_ENGLISH = (
    "the and is of to it you that this with for are was have has not but be we they what how can your my"
    " from or an at will would there which if so just hello thanks does did do should could when i'm"
)
_MARKS = {"fr": frozenset(_FRENCH.split()), "en": frozenset(_ENGLISH.split())}


def language(text: str, allowed: Sequence[str] = ("fr", "en")) -> str:
    """The language of a text among those allowed (ISO 639-1), or "unknown" under four words."""
    start = text[:_MOST_CHARACTERS]
    found = _WORD.findall(start.lower())
    if len(found) < FEWEST_WORDS or not allowed:
        return "unknown"
    if len(allowed) == 1:
        return allowed[0]
    if _MARKS.keys() >= set(allowed):
        distinct = set(found)
        counts = sorted(((len(distinct & _MARKS[code]), code) for code in allowed), reverse=True)
        if counts[0][0] >= 2 and counts[0][0] >= 3 * max(counts[1][0], 1):
            return counts[0][1]
    code, _ = _identifier(tuple(sorted(allowed))).classify(start)
    return str(code)


@lru_cache(maxsize=8)
def _identifier(allowed: tuple[str, ...]) -> Any:
    # Loading costs half a second and 60 MB: only where a text needs it.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(allowed))
    return identifier
