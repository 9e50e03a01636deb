"""Word classes of French and English, written for this project: one signal among others, never a verdict."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_HERE = Path(__file__).parent
LANGUAGES = ("fr", "en")


@cache
def _of(name: str) -> Mapping[str, Any]:
    with (_HERE / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def names() -> frozenset[str]:
    """First and family names, small letters without accents."""
    return frozenset(_of("names")["names"].split())


@cache
def identities() -> Mapping[str, str]:
    """Each word for an origin, religion or orientation, and the one that stands for all words of its form."""
    found: dict[str, str] = {}
    for forms in _of("identities").values():
        for words in forms.values():
            listed = words.split()
            found.update({word: listed[0] for word in listed if word not in found})
    return found


@cache
def _classes(lang: str) -> tuple[Mapping[str, str], tuple[tuple[str, str], ...]]:
    """Word to class, and stems with their class (longest first): the first class of the file that has a word wins."""
    whole: dict[str, str] = {}
    stems: dict[str, str] = {}
    for name, words in _of(lang).items():
        if name == "shapes":
            continue
        for word in words.split():
            if word.endswith("*"):
                stems.setdefault(word[:-1], name)
            else:
                whole.setdefault(word, name)
    return whole, tuple(sorted(stems.items(), key=lambda one: -len(one[0])))


@lru_cache(maxsize=50_000)
def class_of(word: str, lang: str) -> str:
    """The class of a prepared word in a language, "" for none."""
    whole, stems = _classes(lang)
    if word in whole:
        return whole[word]
    return next((name for stem, name in stems if word.startswith(stem)), "")


@cache
def shapes(lang: str) -> Mapping[str, re.Pattern[str]]:
    """Turns of phrase of a language by name, as patterns over a prepared text."""
    return {name: re.compile(pattern) for name, pattern in _of(lang)["shapes"].items()}


@cache
def person_words() -> frozenset[str]:
    """Words (stems without their star) that insult or curse, in both languages: what disguised spelling hides."""
    found = set()
    for lang in LANGUAGES:
        words = _of(lang)
        found |= {one.rstrip("*") for name in ("insult", "slur", "crude") for one in words[name].split()}
    return frozenset(found)


@cache
def marking(lang: str) -> frozenset[str]:
    """Words of grammar that only this one of the languages has."""
    own = _grammar(lang)
    return own.difference(*(_grammar(one) for one in LANGUAGES if one != lang))


def _grammar(lang: str) -> frozenset[str]:
    return frozenset(" ".join(_of(lang)[one] for one in ("grammar", "you", "self", "are", "third")).split())
