"""The very words as people are shown them: short, in the quotation marks of the language, nothing live in them."""

from collections.abc import Sequence

from plugins.voice import Markdown, escape

_LONGEST = 240
_MOST = 3


def quoted(words: Sequence[str], lang: str) -> Markdown:
    """For Markdown: nobody is pinged, nothing is formatted."""
    return Markdown(", ".join(f"{_open(lang)}{escape(one)}{_close(lang)}" for one in _short(words)))


def quoted_plainly(words: Sequence[str], lang: str) -> str:
    """For plain text."""
    return ", ".join(f"{_open(lang)}{one}{_close(lang)}" for one in _short(words))


def _short(words: Sequence[str]) -> list[str]:
    told = [" ".join(one.split()) for one in words if one.strip()]
    return [one if len(one) <= _LONGEST else one[: _LONGEST - 1].rstrip() + "…" for one in dict.fromkeys(told)][:_MOST]


def _open(lang: str) -> str:
    return "« " if lang == "fr" else "“"


def _close(lang: str) -> str:
    return " »" if lang == "fr" else "”"
