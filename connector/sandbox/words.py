"""What the forum says, in the language of the member who asks: errors and the words of its pages."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "fr")


@cache
def _words(locale: str) -> dict[str, str]:
    text = (Path(__file__).parent / "locales" / f"{locale}.toml").read_text(encoding="utf-8")
    found: dict[str, str] = tomllib.loads(text)
    return found


def language(locale: str | None) -> str:
    """French or English: the forum's pages speak these two."""
    return "fr" if (locale or "").lower().startswith("fr") else "en"


def say(word: str, locale: str | None, /, **values: Any) -> str:
    """The sentence of this name; KeyError when there is none (a test checks that both languages have all)."""
    return _words(language(locale))[word].format(**values)
