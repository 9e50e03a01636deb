"""Quoting without adding: a quote, and under it nothing but "+1", "this" or "merci"."""

from plugins.netiquette.charter.same_words import words_of
from plugins.netiquette.detectors.finding import Around, Finding, Options, Said

_EMPTY = frozenset(
    # Words of agreement that say nothing by themselves, without accents and case.
    "1 this same idem pareil ditto agreed agree yes yep oui ouais ok exactement exactly voila tout "  # noqa: SIM905
    "a fait carrement grave clair "
    "merci thanks thx ty super top great nice cool lol mdr ptdr haha up bump bravo well said bien "
    "dit vrai true so indeed "
    "absolument absolutely totally totalement i d accord moi aussi me too plus un je suis c est ca "
    "it is that s very much "
    "de meme same here plusoie plussoie approuve j the what he she said first seconded".split()
)
_LONGEST = 6


def find(said: Said, around: Around, options: Options) -> list[Finding]:
    """At most one finding, of kind `nothing_added`."""
    # A picture leaves no words behind, and may well be the whole answer.
    if not said.quoted or said.code.strip() or said.links or not said.text.strip():
        return []
    words = words_of(_without_emoji_names(said.text))
    if len(words) > _LONGEST or any(word not in _EMPTY for word in words):
        return []
    return [Finding("quoting", "nothing_added", (said.text.strip(),), 0.82 if words else 0.75)]


def _without_emoji_names(text: str) -> str:
    """The text without `:thumbsup:` and the like."""
    return " ".join(one for one in text.split() if not (len(one) > 2 and one[0] == one[-1] == ":"))
