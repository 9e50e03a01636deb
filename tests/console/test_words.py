"""French and English say the same things, and nothing is left untranslated."""

import re
import string
from pathlib import Path

import pytest

from webhooks.views.console_words import LANGUAGES, Words, choose_language, sentences

WEBHOOKS = Path(__file__).parents[2] / "webhooks"
SOURCES = [*(WEBHOOKS / "templates").rglob("*.html"), *(WEBHOOKS / "views").glob("*.py")]


def used_keys() -> tuple[set[str], set[str]]:
    """Keys named in full, and beginnings of keys that are put together."""
    whole, begun = set[str](), set[str]()
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        whole |= set(re.findall(r"""(?:words|say)(?:\(\))?\(\s*["']([a-z_]+\.[a-z_0-9]+)["'][,)]""", text))
        begun |= set(re.findall(r"""["']([a-z_]+\.[a-z_]*)["'] ~""", text))
        begun |= set(re.findall(r"""\(f["']([a-z_]+\.[a-z_]*)\{""", text))
    return whole, begun


def test_both_languages_hold_the_same_sentences() -> None:
    """Every sentence exists in French and in English with the same gaps to fill."""
    gaps = {
        lang: {
            key: {gap for _, gap, _, _ in string.Formatter().parse(text) if gap}
            for key, text in sentences(lang).items()
        }
        for lang in LANGUAGES
    }

    assert gaps["fr"] == gaps["en"]


def test_every_sentence_that_a_page_names_exists() -> None:
    """No page asks for words that nobody wrote."""
    known = set(sentences("en"))
    whole, begun = used_keys()
    plural = {key.removesuffix(".other") for key in known if key.endswith(".other")}

    assert whole
    assert whole - known - plural == set()
    assert {begin for begin in begun if not any(key.startswith(begin) for key in known)} == set()


def test_french_never_calls_a_community_manager_manager() -> None:
    """In French a manager is somebody's boss; who looks after the community is « animateur·rice »."""
    texts = [*sentences("fr").values(), *(path.read_text() for path in (WEBHOOKS / "locales").rglob("*.fr.md"))]

    assert [text for text in texts if re.search(r"\bmanagers?\b", text, re.IGNORECASE)] == []
    assert any("animation de la communauté" in text or "animateur·rice" in text for text in texts)


def test_french_is_set_as_french_is() -> None:
    """French sentences have their own quotation marks, apostrophes and spaces before double signs."""
    for key, text in sentences("fr").items():
        assert "'" not in text, key
        assert not re.search(r"[^\s\u202f\u00a0/]([?!;])(?=\s|$)", text), (key, text)


@pytest.mark.parametrize(
    ("wishes", "lang"),
    [((None, "fr-CA,fr;q=0.9,en;q=0.8"), "fr"), (("en", "fr"), "en"), ((None, "de-DE"), "en"), (("xx", "de,fr"), "fr")],
)
def test_language_follows_the_first_wish_we_speak(wishes: tuple[str | None, ...], lang: str) -> None:
    """The reader's choice counts first, then what the browser asks for, in its order."""
    assert choose_language(*wishes) == lang


def test_numbers_are_written_as_each_language_does() -> None:
    """A French reader finds a comma and narrow spaces, an English one a point and commas."""
    assert Words("fr").number(12345.5) == "12\u202f345,5"
    assert Words("en").number(12345.5) == "12,345.5"
    assert Words("fr")("dates.days", n=1) == "1 jour"
    assert Words("fr")("home.queue", n=0).startswith("0 proposition à")
    assert Words("en")("home.queue", n=0).startswith("0 proposals")
