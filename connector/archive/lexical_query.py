"""From what somebody typed, or a whole draft, to a query over the fields of the index of words."""

import re
from typing import Any

import tantivy

STEMS = ("fr", "en")
_MOST_CHARACTERS = 4_000
_MOST_WORDS = 48
_WORD = re.compile(r"\w{2,40}")
_BOOSTS = {"plain": 0.6, "title": 1.2}
# Words that hold no subject; the index keeps them, a query need not ask for them.
_NO_SUBJECT = (
    "le la les un une des du de en et ou où est sont que qui quoi dont je tu il elle on nous vous ils"
    " elles me te se ce cet cette ces mon ma mes ton ta tes son sa ses notre votre leur nos vos leurs dans"
    " par pour sur avec sans sous au aux ne pas plus mais donc car si comme bonjour merci cdt cordialement"
    " the an of and or to in on at by for with from is are was were be been it its this that these those"
    " you your we our they them he she his her my me as if but not do does did have has had can could"
    " would will should there here what which when how hi hello thanks"
)
_EMPTY = frozenset(_NO_SUBJECT.split())


def asked(index: tantivy.Index, searcher: tantivy.Searcher, text: str) -> Any | None:
    """The query for a text of any length: its words, of a long draft the rarest; None when nothing is left to ask."""
    words = list(dict.fromkeys(_WORD.findall(text[:_MOST_CHARACTERS].lower())))
    telling = [word for word in words if word not in _EMPTY] or words
    if len(telling) > _MOST_WORDS:
        # A word nobody ever wrote finds nothing; the rarest that somebody wrote say most.
        known = [(searcher.doc_freq("plain", word), place, word) for place, word in enumerate(telling)]
        best = sorted(one for one in known if one[0] > 0)[:_MOST_WORDS]
        telling = [word for _, _, word in sorted(best, key=lambda one: one[1])]
    if not telling:
        return None
    # Only letters and digits are left, in small letters: no word can be an operator of the query language.
    query, _ = index.parse_query_lenient(" ".join(telling), [*STEMS, "plain", "title"], field_boosts=_BOOSTS)
    return query
