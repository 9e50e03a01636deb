"""Plain speech: a bot that sounds like a colleague, in both languages, or its text is sent back to its author."""

from pathlib import Path

import pytest

from plugins.voice import HouseVoice, check_locales, check_plain_speech

PAIRS = [
    (
        "Merci de bien vouloir utiliser le formulaire.",
        "You must use the form.",
        ("sonne comme un ordre", "sounds like an order"),
    ),
    ("Vous devez relire la charte.", "You should read the charter.", ("sonne comme un ordre", "sounds like an order")),
    (
        "Vous n'avez pas encore posté.",
        "You haven’t posted anything.",
        ("sonne comme un ordre", "sounds like an order"),
    ),
    (
        "Une synergie entre les parties prenantes.",
        "Leveraging synergies with stakeholders.",
        ("trop administratif", "office talk"),
    ),
    (
        "Dans le cadre de la fusion, le process change.",
        "As per our plan, going forward.",
        ("trop admin", "office talk"),
    ),
    ("Bravo ! Merci ! Quel progrès !", "Great! Thanks! Well done!", ("point d'exclamation", "exclamation mark")),
    ("C'est URGENT, regarde.", "This is URGENT, look.", ("crie", "shouts")),
    ("Bonjour @lea, une question.", "Hello @lea, a question.", ("interpelle", "pings")),
    ("mot " * 31 + "fin.", "word " * 29 + "end.", ("une phrase de 32 mots", "a sentence of 30 words")),
    ("Un mot. " * 101, "One word. " * 101, ("202 mots", "202 words")),
]


@pytest.mark.parametrize(("french", "english", "says"), PAIRS)
def test_french_and_english_are_held_to_the_same_rules(french: str, english: str, says: tuple[str, str]) -> None:
    """Each rule finds its fault in either language, and says so in that language."""
    assert any(says[0] in found for found in check_plain_speech(french, "fr")), check_plain_speech(french, "fr")
    assert any(says[1] in found for found in check_plain_speech(english, "en")), check_plain_speech(english, "en")


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Bonjour {name}, trois personnes ont déjà aidé sur ce sujet. Peut-être l'une d'elles saura ?", "fr"),
        ("Ta question attend depuis deux jours. Si tu veux, je peux la montrer à d'autres : dis-moi.", "fr"),
        ("Le ticket SAP est ouvert ; le roi du tableur, c'est toi. Le ton est donné.", "fr"),
        ("Rendez-vous jeudi, 9 h, au comptoir. Viens avec ton café.", "fr"),
        ("Hello {name}, three people have helped with this before: {people}. Shall I ask one of them?", "en"),
        ("Nobody has answered yet, and that happens. REX and RTT are words of this house.", "en"),
        ("See https://forum.example/t/@lea or write to lea@forum.example.", "en"),
        ("Welcome! [This topic](/t/12) is a good start.", "en"),
    ],
)
def test_plain_texts_pass(text: str, lang: str) -> None:
    """A warm, short, direct text is left alone: acronyms of the house, links and addresses included."""
    assert check_plain_speech(text, lang) == []


@pytest.mark.parametrize(
    ("text", "address", "says"),
    [
        ("Tu peux répondre, votre avis compte.", None, "tu et vous dans le même texte"),
        ("Dis-moi si tu viens, et regardez ici.", None, "tu et vous dans le même texte"),
        ("Peux-tu venir ?", "vous", "dans la version vous"),
        ("Pouvez-vous venir ?", "tu", "dans la version tu"),
        ("Pouvez-vous venir ?", "", "s'adresse à quelqu'un"),
        ("Ton sujet attend.", "", "s'adresse à quelqu'un"),
    ],
)
def test_tu_and_vous_are_never_mixed(text: str, address: str | None, says: str) -> None:
    """A house that chose tu gets no stray vous: mixed, misplaced and undeclared address are all found."""
    assert any(says in found for found in check_plain_speech(text, "fr", address=address))  # type: ignore[arg-type]


def test_several_people_are_always_vous() -> None:
    """A text to a group says vous in any house."""
    assert check_plain_speech("Vous êtes nombreux à chercher la même chose.", "fr", address="all") == []


def test_the_house_can_ban_a_word() -> None:
    """Words this forum avoids are reported, with whole words only."""
    house = HouseVoice(avoid={"en": ("forum",)})
    assert check_plain_speech("Ask the forum.", "en", house=house) == ["“forum” is a word this forum avoids"]
    assert check_plain_speech("Ask the forums.", "en", house=house) == []


def test_a_plugins_faults_are_named_with_file_and_key(tmp_path: Path) -> None:
    """The author of a plugin is told where to look."""
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales" / "en.toml").write_text('[ask]\ntext = ["Could you look?", "You must look."]\n', "utf-8")
    (tmp_path / "locales" / "fr.toml").write_text(
        '[ask.text]\ntu = "Peux-tu voir ?"\nvous = "Peux-tu voir ?"\n', "utf-8"
    )
    found = check_locales(tmp_path)
    assert len(found) == 2
    assert found[0].startswith("en.toml, ask.text (“You must look.")
    assert found[1].startswith("fr.toml, ask.text (“Peux-tu voir")
