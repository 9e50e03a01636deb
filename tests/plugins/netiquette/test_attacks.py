"""Attacks: who is meant, not how harsh; no name, case or disguise decides; what is missing or odd breaks nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugins.netiquette.charter.model import STEPS
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.netiquette.detectors.attacks import AttackHead, asked_of_encoder
from plugins.netiquette.detectors.finding import Nothing, Said
from plugins.netiquette.detectors.protected import protected_speech
from plugins.netiquette.detectors.target import target_of
from plugins.netiquette.head.at_hand import head_in
from plugins.netiquette.head.shipping import NUMBERS, SHIPPED, TOLD
from plugins.netiquette.judging import Judgement, judge
from plugins.netiquette.language import guess_language
from plugins.netiquette.prepared_text import prepare

CHARTER = read_charter(default_text())
ATTACKS = (
    ("fr", "Tu es vraiment un crétin, Karim, et tu le resteras."),
    ("fr", "Bande d'incapables, vous êtes la honte du métier."),
    ("en", "You are a complete idiot, Karim, and everybody knows it."),
    ("en", "What a bunch of useless morons you are, honestly."),
)
HARSH = (
    ("fr", "Cette décision est absurde, injuste, et je le redirai à la réunion."),
    ("fr", "Ton calcul est faux : tu as compté deux fois la ligne 12."),
    ("fr", "Je suis vraiment trop bête, j'avais oublié de brancher la prise."),
    ("fr", "Putain de bug, j'y ai passé la nuit."),
    ("en", "This release is a disaster and nobody says when it will be fixed."),
    ("en", "Your figures are wrong, you counted line 12 twice."),
    ("en", "I am such an idiot, I had forgotten to plug it in."),
    ("en", "Kill the zombie process, then restart the daemon."),
)


@pytest.fixture(scope="module")
def head(tmp_path_factory: pytest.TempPathFactory) -> AttackHead:
    found = head_in(tmp_path_factory.mktemp("data"))
    assert found is not None
    return found


def judged(head: AttackHead, text: str, lang: str) -> Judgement:
    return judge(Said(text, lang=lang), CHARTER, Nothing(), head)


def test_an_attack_is_seen_and_harsh_words_are_free(head: AttackHead) -> None:
    """At a person or a group: at least a hint. At a thing, an argument, oneself, or at nobody: nothing."""
    for lang, text in ATTACKS:
        found = judged(head, text, lang)
        assert STEPS.index(found.step) >= STEPS.index("hint"), text
        assert all(words in text for words in found.words)
    for lang, text in HARSH:
        assert judged(head, text, lang).step in ("none", "look"), text


def test_the_words_shown_are_the_authors_own_and_just_those_that_carry_it(head: AttackHead) -> None:
    """One nasty sentence in a helpful answer is the one that is shown, letter for letter."""
    text = "Bonjour, le menu est dans Réglages, puis Avancé. Tu es vraiment un CRÉTIN fini !! Bonne journée à tous."
    [finding] = head.find(Said(text, lang="fr"), Nothing())
    assert finding.words == ("Tu es vraiment un CRÉTIN fini !!",)
    assert finding.target == "person"


names = st.sampled_from(["Karim", "Marie", "Wei", "Aïcha", "John", "Mrs Hughes", "Jean-Marc", "Priya", "@tkowalski"])
groups = st.sampled_from(["musulmans", "juifs", "catholiques", "Polonais", "Marocains", "Belges"])


@given(names, names)
@settings(deadline=None, max_examples=25)
def test_no_verdict_hangs_on_a_name(one: str, other: str) -> None:
    """The same words about anybody else are judged the same, to the last digit."""
    for lang, pattern in (
        ("fr", "Franchement {}, tu es une nullité."),
        ("en", "I think that {} should learn to read."),
    ):
        first, second = (prepare(pattern.format(name)).text.replace("mrs ", "") for name in (one, other))
        assert first == second, lang


@given(groups, groups)
@settings(deadline=None, max_examples=15)
def test_no_verdict_hangs_on_which_group_is_named(one: str, other: str) -> None:
    """Religions and origins are read alike."""
    assert (
        prepare(f"Les {one} du quartier font du bruit.").text == prepare(f"Les {other} du quartier font du bruit.").text
    )


MARKS = st.text(st.sampled_from(["\u0300", "\u0336", "\u034f", "\u0489", "\u200b", "\u200d"]), min_size=1, max_size=6)


@given(MARKS, st.booleans())
@settings(deadline=None, max_examples=25)
def test_disguises_are_read_through(marks: str, shouted: bool) -> None:
    """Stacked marks, unseen characters, capitals, look-alike letters and stretched ones change nothing."""
    plain = "you are such an idiot"
    disguised = "".join(letter + marks if letter.isalpha() else letter for letter in plain)
    assert prepare(disguised.upper() if shouted else disguised).text == plain
    assert prepare("yоu аre such аn іdiot").text == plain
    assert prepare("you are suuuuch an 1d10t").text == plain
    assert prepare("you are such an i d i o t").text == plain


ODD = (
    "", " \n ", "😂🤦", "+1", "?!", "\u202e\u202e", "مرحبا بكم في المنتدى", "שלום לכולם", "`rm -rf /`", "a" * 32_000,
    "tu es " * 5_000, "(((((" * 6_000, "@" * 9_000, "1d10t" * 4_000, "\u0336" * 20_000, "« " * 9_000, "'" * 9_000,
    "je suis " * 4_000 + "bête", "e\u0301" * 9_000, "A-" * 9_000, "a.b@" * 8_000, "depuis que " * 2_500, "a _" * 9_000,
)  # fmt: skip


@pytest.mark.parametrize("text", ODD)
@pytest.mark.timeout(20)
def test_odd_texts_are_judged_without_a_fuss(head: AttackHead, text: str) -> None:
    """Empty, only emoji, right to left, 32,000 characters, patterns that might explode: an answer in time."""
    for lang in ("fr", "en", ""):
        found = head.find(Said(text, lang=lang), Nothing())
        assert all(0 <= one.confidence <= 1 for one in found)


def test_a_long_post_does_not_hide_an_attack(head: AttackHead) -> None:
    """A sentence that attacks is found amid pages of help, and few enough vectors are asked for."""
    helpful = "Le menu se trouve dans les réglages, il faut ouvrir la deuxième page et cocher la case du haut. " * 60
    said = Said(helpful + "Tu es vraiment un crétin fini. " + helpful, lang="fr")
    [finding] = head.find(said, Nothing())
    assert finding.words == ("Tu es vraiment un crétin fini.",)
    assert len(asked_of_encoder(said)) < 100


def test_length_makes_nobody_suspicious(head: AttackHead) -> None:
    """The same unlucky sentence counts for less in a long helpful post: each passage is one more chance to err."""
    unlucky = "And if you really want it done, just do it yourself."
    helpful = "Open the settings first, then choose the export you need and save it as a new file. " * 24
    (alone,) = head.find(Said(unlucky, lang="en"), Nothing())
    (within,) = head.find(Said(helpful + unlucky, lang="en"), Nothing())
    assert within.confidence < alone.confidence


def test_another_language_gets_at_most_a_look(head: AttackHead) -> None:
    """What is neither French nor English is not judged by thresholds of French or English."""
    spanish = "Eres un idiota y un imbécil, Karim, eso lo sabe todo el mundo en esta empresa."
    assert guess_language(spanish) in ("", "fr", "en")
    assert judged(head, spanish, "es").step in ("none", "look")
    [finding] = head.find(Said("You are a complete idiot.", lang=""), Nothing())
    assert head.step(finding, "") in ("none", "look")


def test_terms_of_the_glossary_are_never_an_attack(head: AttackHead) -> None:
    """A forum's own technical words weigh nothing."""
    charter = replace(CHARTER, glossary=("dumb slave worker",))
    text = "Stop the dumb slave worker before you update."
    before = head.find(Said(text, lang="en"), Nothing())[0].confidence
    after = head.find(Said(text, lang="en"), Nothing(), charter.glossary)[0].confidence
    assert after < before


def test_protected_speech_gets_at_most_a_look(head: AttackHead) -> None:
    """Telling what was done to oneself, with the words that were said, never brings a hint or a message."""
    for lang, text, kind in (
        (
            "fr",
            "Depuis mon retour on me traite de « grosse vache » et de « bonne à rien » devant tout le monde.",
            "account",
        ),
        ("en", "My manager called me 'a useless old cow' in front of the team, and nobody said a word.", "account"),
        ("fr", "Camarades, la CGT appelle à la grève jeudi : la direction nous vole nos salaires.", "union"),
        ("fr", "Danger : la presse 4 n'a plus de carter, un accident mortel va arriver, arrêtez-la.", "safety"),
    ):
        assert protected_speech(prepare(text).text, lang) == kind, text
        assert judged(head, text, lang).step in ("none", "look"), text


def test_whom_a_text_means() -> None:
    """Somebody, a group, or nobody: a thing, a decision, oneself."""
    for lang, text, target in (
        ("fr", "Tu es un crétin.", "person"),
        ("fr", "Cette procédure est stupide.", ""),
        ("fr", "Je suis un abruti, j'ai oublié la clé.", ""),
        ("fr", "Les gens comme eux n'ont rien à faire ici.", "group"),
        ("en", "He is a liar and a thief.", "person"),
        ("en", "This tool is garbage.", ""),
        ("en", "I was such an idiot to trust that script.", ""),
        ("en", "People of that sort have no place here.", "group"),
    ):
        assert target_of(prepare(text).text, lang) == target, text


@pytest.mark.parametrize("broken", [{}, {TOLD: b"{"}, {TOLD: b'{"form": 99}'}, {NUMBERS: b"no zip"}, {NUMBERS: b""}])
def test_without_a_usable_head_the_other_detectors_carry_on(tmp_path: Path, broken: dict[str, bytes]) -> None:
    """Files missing, cut, or of another form: attacks are not looked for, and a telephone number still is found."""
    folder = tmp_path / "shipped"
    folder.mkdir()
    if broken:
        for name in (TOLD, NUMBERS):
            (folder / name).write_bytes(broken.get(name, (SHIPPED / name).read_bytes()))
    head = head_in(tmp_path, folder)
    assert head is None
    found = judge(
        Said("Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78.", lang="fr"), CHARTER, Nothing(), head
    )
    assert found.clause is not None
    assert found.clause.id == "personal-data"
