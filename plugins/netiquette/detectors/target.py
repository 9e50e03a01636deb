"""Whom a text speaks of: without a person or a group in it nobody is attacked, and nothing is said to the author."""

import re

from plugins.netiquette.head.features import tokens
from plugins.netiquette.lexicon import class_of, identities, shapes
from plugins.netiquette.prepared_text import NAME

_MANY = {
    "fr": re.compile(r"\b(?:les|des|ces|ceux|celles|ils|bande|ramassis|tas|tous|vous autres|gens)\b"),
    "en": re.compile(r"\b(?:they|them|those|these|people|folks|bunch|pack|gang|all|every|\w{3,}s are)\b"),
}
_OWN = {
    "fr": re.compile(r"\b(?:je|j'|moi|me|m')"),
    "en": re.compile(r"\b(?:i|i'm|me|my|myself)\b"),
}


def target_of(text: str, lang: str) -> str:
    """Tells "person", "group", or "" where a prepared text speaks of things, ideas, decisions or its author alone."""
    words = [one.rstrip("'") for one in tokens(text)]
    kinds = [class_of(one, lang) for one in words]
    many = bool(_MANY[lang].search(text))
    if "you" in kinds or NAME in words:
        return "person" if "you" in kinds or not many else "group"
    about = {"third", "person", "insult", "slur", "pet"} & set(kinds)
    if shapes(lang)["people_like"].search(text) or any(one in identities() for one in words):
        return "group"
    if not about:
        return "person" if _told_off(kinds) else ""
    if about <= {"insult", "slur"} and _OWN[lang].search(text):
        return ""
    return "group" if many and "third" not in about else "person"


def _told_off(kinds: list[str]) -> bool:
    """A bare order to leave or to be quiet is said to somebody."""
    return bool(kinds) and kinds[0] == "leave"
