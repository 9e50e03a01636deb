"""Personal data of others, in the words people use: found where it is somebody's, let be everywhere else."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.netiquette.detectors import personal_data
from plugins.netiquette.detectors.finding import Finding, Nothing, Said

CORPUS = Path(personal_data.__file__).parent.parent / "corpus" / "personal_data"
SHOWN = 0.7
"""The confidence from which the charter that ships gives a hint."""


def found(text: str, **more: object) -> list[Finding]:
    said = Said(text, **more)  # type: ignore[arg-type]
    return [one for one in personal_data.find(said, Nothing(), {}) if one.confidence >= SHOWN]


def labelled(lang: str) -> list[tuple[bool, str, str]]:
    """(is a breach, kind, text); the second half by a digest, so that a new line moves no other."""
    lines = (CORPUS / f"{lang}.txt").read_text(encoding="utf-8").splitlines()
    cells = ([cell.strip() for cell in line.split("|", 4)] for line in lines if line.strip())
    return [(label == "breach", kind, text) for label, kind, _, _, text in cells]


def is_test_half(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] % 2 == 1


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("half", [True, False])
def test_nearly_all_is_found_and_nearly_nothing_else(lang: str, half: bool) -> None:
    """At least 95 % of what is somebody's is found, at most 2 % of the rest, in both languages and both halves."""
    texts = [one for one in labelled(lang) if is_test_half(one[2]) == half]
    theirs = [text for breach, _, text in texts if breach]
    rest = [text for breach, _, text in texts if not breach]

    assert len(theirs) >= 60
    assert len(rest) >= 60
    assert sum(bool(found(text, lang=lang)) for text in theirs) >= 0.95 * len(theirs)
    assert [text for text in rest if found(text, lang=lang)][: int(0.02 * len(rest)) + 1] == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_what_is_found_is_called_by_its_name(lang: str) -> None:
    """A bank account is no telephone: the kind is right for what is found."""
    named = [(kind, {one.kind for one in found(text, lang=lang)}) for breach, kind, text in labelled(lang) if breach]
    wrong = [(kind, kinds) for kind, kinds in named if kinds and kind not in kinds]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Appelle Sylvie : 06 12 34 56 78 !", "06 12 34 56 78"),
        ("écris à sylvie.marchal＠gmail.com", "sylvie.marchal＠gmail.com"),
        ("son portable : ０６ １２ ４５ ７８ ９０", "０６ １２ ４５ ７８ ９０"),
        ("Le RIB de Léa : FR76 9458 0730 2157 3681 9303 608.", "FR76 9458 0730 2157 3681 9303 608"),
        ("ring him on 06\u200b 12 34 56\u200b 78", "06\u200b 12 34 56\u200b 78"),
    ],
)
def test_the_words_are_the_authors_own(text: str, words: str) -> None:
    """What is quoted back is what stands there, letter for letter, whatever signs it is written in."""
    assert [one.words for one in found(text)] == [(words,)]


def test_the_authors_known_contacts_are_let_be() -> None:
    """What the author's own profile says of him he may write."""
    text = "Pour Lucie : lucie.marnier@gmail.com ou 06 37 41 58 62"
    assert len(found(text)) == 2
    assert found(text, author_contacts=("Lucie.Marnier@gmail.com", "+33 6 37 41 58 62")) == []


def test_a_forum_may_let_addresses_be() -> None:
    """A clause names what this forum publishes on purpose."""
    said = Said("Écris à jean.petit@estrane.fr pour les badges de Solène")
    assert personal_data.find(said, Nothing(), {"let_be": ["estrane.fr"]}) == []


WRONG_CHECK_DIGITS = (
    "RIB de Léa : FR76 9458 0730 2157 3681 9303 609", "sa carte : 4970 4618 5089 4141",
    "son numéro : 2 87 10 44 105 122 68", "her IBAN: GB42 MIDL 0395 4762 0075 33", "his card 5425-1506-1599-8259",
)  # fmt: skip


@pytest.mark.parametrize("text", WRONG_CHECK_DIGITS)
def test_wrong_check_digits_are_no_number_of_anybody(text: str) -> None:
    """An account, a card or a social security number whose check digits fail belongs to nobody."""
    assert [one for one in found(text) if one.kind != "phone"] == []


@given(st.text(alphabet=st.sampled_from("0123456789 .-/()+@,:;aéZ€\u200b\u0301\u202e٣６"), max_size=400))
def test_any_heap_of_signs_is_read_in_time(text: str) -> None:
    """Whatever is typed, the words found stand in it."""
    for one in personal_data.find(Said(text), Nothing(), {}):
        assert all(word in text for word in one.words)
        assert 0 < one.confidence <= 1
