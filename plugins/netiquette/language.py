"""Which of the two languages a text is in, as far as thresholds are concerned; neither where it is another one."""

from plugins.netiquette.head.features import tokens
from plugins.netiquette.lexicon import LANGUAGES, class_of, marking
from plugins.netiquette.prepared_text import prepare

_LEAST = 0.12
"""Share of words of grammar from which a longer text is in a language: other languages share a few of them."""
_SHORT = 5


def guess_language(text: str) -> str:
    """Tells "fr", "en", or "" for another language or nothing to tell by."""
    words = [one.rstrip("'") for one in tokens(prepare(text[:2_000]).text) if one[:1].isalpha()]
    if not words:
        return ""
    counts = {lang: sum(one in marking(lang) for one in words) for lang in LANGUAGES}
    if counts["fr"] == counts["en"]:
        counts = {lang: sum(bool(class_of(one, lang)) for one in words) for lang in LANGUAGES}
    best = max(LANGUAGES, key=lambda lang: counts[lang])
    if counts["fr"] == counts["en"]:
        return ""
    return best if len(words) <= _SHORT or counts[best] >= _LEAST * len(words) else ""
