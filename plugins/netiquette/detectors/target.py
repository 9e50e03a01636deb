"""Whom a text speaks of: without a person or a group in it nobody is attacked, and nothing is said to the author."""

import re
from collections.abc import Sequence

from plugins.netiquette.head.features import tokens
from plugins.netiquette.lexicon import class_of, identities, shapes
from plugins.netiquette.prepared_text import NAME

_MANY = {
    "fr": re.compile(r"\b(?:les|des|ces|ceux|celles|ils|bande|ramassis|tas|tous|vous autres|gens)\b"),
    "en": re.compile(r"\b(?:they|them|those|these|people|folks|bunch|pack|gang|all|every|\w{3,}s are)\b"),
}
# fmt: off
_OF_THINGS = ("stupid", "debile", "nul", "idiot", "inutile", "ringard", "pourri", "bete", "fou", "folle", "lache",
              "puant", "dumb", "useless", "pathetic", "hopeless", "foolish", "lazy", "ugly", "slow", "trash", "joke",
              "garbage", "rubbish", "brain-dead", "dead-weight", "poubelle", "ordure", "monstr", "mediocre", "sad")
# fmt: on
_ONESELF = {
    "fr": re.compile(
        r"\b(?:je (?:ne )?(?:me |m')?(?:suis|sens|merite|passe pour|dois etre|fais|n'y comprends)"
        r"|j'ai (?:ete|l'air|fait)|j'etais|suis-je|moi qui"
        r"|comme (?:un|une) (?:gros |grosse |vrai |vraie )?(?=\w)|quelle? \w+ je )"
    ),
    "en": re.compile(
        r"\b(?:i(?:'m| am| was|'ve been| feel| felt| look| must be| behaved| deserve)|am i|me being|what an? \w+ i|"
        r"silly me|my (?:own )?(?:fault|mistake|bad)|i suspect i)\b"
    ),
}  # fmt: skip


def of_oneself(text: str, lang: str) -> bool:
    """Whether a prepared text's hard words come right after its author speaks of himself, and nobody is addressed."""
    words = [one.rstrip("'") for one in tokens(text)]
    if "you" in [class_of(one, lang) for one in words] and not re.search(r"\b(?:vous|you)\b.{0,40}\?", text):
        return False
    for found in _ONESELF[lang].finditer(text):
        near = tokens(text[found.end() : found.end() + 60])[:7]
        if any(class_of(one.rstrip("'"), lang) in ("insult", "slur", "crude") for one in near):
            return True
    return False


def target_of(text: str, lang: str) -> str:
    """Tells "person", "group", or "" where a prepared text speaks of things, ideas, decisions or its author alone.

    Where nothing at all tells, it is somebody: the words themselves decide then.
    """
    if of_oneself(text, lang):
        return ""
    words = [one.rstrip("'") for one in tokens(text)]
    kinds = [class_of(one, lang) for one in words]
    many = bool(_MANY[lang].search(text))
    if "you" in kinds or NAME in words:
        return "person" if "you" in kinds or not many else "group"
    about = {"third", "person", "insult", "slur", "pet"} & set(kinds)
    if shapes(lang)["people_like"].search(text) or any(one in identities() for one in words):
        return "group"
    if not about:
        return "" if {"thing", "self", "am", "safety"} & set(kinds) and not _told_off(kinds) else "person"
    if about <= {"insult", "slur"} and _said_of_a_thing(words, kinds):
        return ""
    return "group" if many and "third" not in about else "person"


def _said_of_a_thing(words: Sequence[str], kinds: Sequence[str]) -> bool:
    """Only words that fit a thing as well, and a thing to fit them to."""
    hard = [word for word, kind in zip(words, kinds, strict=True) if kind in ("insult", "slur")]
    return "thing" in kinds and all(word.startswith(_OF_THINGS) for word in hard)


def _told_off(kinds: list[str]) -> bool:
    """A bare order to leave or to be quiet is said to somebody."""
    return bool(kinds) and kinds[0] == "leave"
