"""Whoever looks after a forum reads in his own language what went wrong and what mends it."""

import re

import pytest

from connector.errors import ForumError
from connector.sentences import in_language
from tests.connector.test_answers import error_of as error_of_file
from tests.connector.test_answers import kind_of
from tests.recorded import exchanges

ENGLISH = re.compile(r"\b(the|forum's|answer|with|may have been|waits|refused)\b", re.IGNORECASE)


def test_every_error_of_the_recording_is_told_in_french_too() -> None:
    """Each refusal, limit and fault that a real forum answered has its sentence in French, with the same facts."""
    told = 0
    for one in exchanges():
        if kind_of(one) is None:
            continue
        error = error_of_file(f"{one.folder}/{one.file}")
        french = in_language(error.message, "fr")
        ours = french
        for sentence in getattr(error, "errors", ()):
            ours = ours.replace(sentence, "")
        assert french != error.message
        assert not ENGLISH.search(ours), french
        assert set(re.findall(r"\(\d+\)", error.message)) == set(re.findall(r"\(\d+\)", french))
        told += 1
    assert told > 250


@pytest.mark.parametrize("language", ["en", "de", ""])
def test_other_languages_read_the_english_sentence(language: str) -> None:
    """Whoever reads neither English nor French reads the English sentence."""
    assert in_language("The forum did not answer in time.", language) == "The forum did not answer in time."


def test_a_stored_sentence_keeps_what_was_added_to_it() -> None:
    """What the forum itself said after our sentence stays, word for word."""
    stored = "The forum refused (422): Body is too short. Body is too short."

    assert in_language(stored, "fr") == "Le forum a refusé (422) : Body is too short. Body is too short."
    assert in_language("The forum did not answer in time. Twice.", "fr") == "Le forum n'a pas répondu à temps. Twice."


def test_a_text_that_is_not_ours_stays_as_it_is() -> None:
    """Nothing but our own sentences is translated, however odd."""
    for text in ("", "Something else {status}", "{", "The forum"):
        assert in_language(text, "fr") == text
    assert issubclass(ForumError, Exception)
