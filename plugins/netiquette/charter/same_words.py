"""Whether two texts say the same in the same words: what one contest settled is not asked again."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from plugins.netiquette.charter.model import Example

_LONG = 12
"""Words from which a text may differ a little: in a shorter one a single word changes who is meant."""
_ALIKE = 0.8


def words_of(text: str) -> list[str]:
    """The words of a text without accents, case and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)).split()


def without_names(text: str, names: Sequence[str]) -> str:
    """A text in which nobody of these is named."""
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?i)(?<!\w){re.escape(name)}(?!\w)", "…", text)
    return text


def same_words(text: str, others: Sequence[Example]) -> bool:
    """Whether a text is one of these, but for case, accents, punctuation and, where it is long, a word or two."""
    if not others:
        return False
    words = words_of(text)
    pairs = set(pairwise(words))
    for other in others:
        theirs = words_of(other.text)
        if theirs == words:
            return True
        if len(words) >= _LONG and abs(len(theirs) - len(words)) <= 2:
            known = set(pairwise(theirs))
            if len(pairs & known) >= _ALIKE * len(pairs | known):
                return True
    return False
