"""Matters of form: shouting, advertising, doubles, wrong place, no context, empty quoting; each with its limits."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.netiquette.charter.examples import Invented
from plugins.netiquette.charter.model import STEPS, Scope, Step
from plugins.netiquette.charter.reading import default_text, read_charter
from plugins.netiquette.detectors.finding import Alike, Nothing, Said
from plugins.netiquette.judging import FORMAL, Judgement, judge, weigh

CHARTER = read_charter(default_text())


class Similar(Nothing):
    """A forum on which these earlier topics are found for any text."""

    def __init__(self, *found: Alike) -> None:
        super().__init__()
        self._found = found

    def similar(self, text: str) -> tuple[Alike, ...]:
        return self._found


def judged(text: str, around: Nothing | None = None, **more: object) -> Judgement:
    return judge(Said(text, **more), CHARTER, around or Nothing(), None)  # type: ignore[arg-type]


def reaches(judgement: Judgement, step: Step) -> bool:
    return STEPS.index(judgement.step) >= STEPS.index(step)


def asking(category: int, *ids: str) -> object:
    """The charter with clauses that hold in one category."""
    clauses = [
        replace(one, scope=Scope((category,), only_where_asked=True)) if one.id in ids else one
        for one in CHARTER.clauses
    ]
    return replace(CHARTER, clauses=tuple(clauses))


@pytest.mark.parametrize(
    "text",
    [
        "POURQUOI PERSONNE NE RÉPOND JAMAIS AUX QUESTIONS SUR CE FORUM",
        "Bonjour.\nJ'EN AI MARRE DE CETTE IMPRIMANTE QUI TOMBE EN PANNE TOUS LES JOURS !!!",
        "WHY DOES NOBODY EVER TEST THIS BEFORE THEY RELEASE IT TO ALL OF US",
        "Merci !!!!! Vraiment !!!!!! Super !!!!!",
    ],
)
def test_shouting_gets_a_hint(text: str) -> None:
    """Whole sentences in capitals and rows of exclamation marks."""
    assert judged(text).clause == CHARTER.clause("shouting")
    assert reaches(judged(text), "hint")


@pytest.mark.parametrize(
    "text",
    [
        "SAP MM, FI et CO passent en S/4HANA, le CSE et la DSI ont dit OK, voir le PDF ISO 9001.",
        "ATTENTION ! Coupez le courant avant.",
        "NOTE DE SERVICE\nLa réunion de jeudi est décalée à 15 h, merci de prévenir les équipes et de réserver.",
        "THE SOFTWARE IS PROVIDED AS IS, WITHOUT WARRANTY OF ANY KIND, AND IN NO EVENT SHALL THE AUTHORS BE LIABLE",
        "MAX_BUFFER_SIZE, HTTP_PROXY, DATABASE_URL and SECRET_KEY_BASE have to be set in ENV.",
        "Bravo !!! Quelle réussite !",
        "OUI",
        "Voir DIN EN ISO 9606-1 et NF C 15-100, IP65, RAL 7016, CE, UKCA, RoHS, REACH, ATEX",
    ],
)
def test_acronyms_headings_and_short_cries_are_no_shouting(text: str) -> None:
    """Capitals that stand for something, or for a moment, are let be."""
    assert judged(text).step == "none"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Offre spéciale : nos produits -40 %, livraison gratuite, commandez sur https://a-vendre.example/x", 0.1),
        (
            "Special offer, buy now! 50% off, free shipping at https://for-sale.example/x and contact us on WhatsApp",
            900,
        ),
        ("Gagnez 500 € par jour, revenus complémentaires garantis, places limitées, contactez-nous sur Telegram", 0.1),
    ],
)
def test_advertising_gets_a_word(text: str, days: float) -> None:
    """Selling words with a way to order, from a new account or an old one."""
    assert judged(text, author_days=days).clause == CHARTER.clause("advertising")
    assert reaches(judged(text, author_days=days), "hint")


@pytest.mark.parametrize(
    "text",
    [
        "Combien coûte une licence ? Sur https://editeur.example/tarifs ils disent 120 € par mois.",
        "J'ai suivi https://fr.wikipedia.org/wiki/Soudage et https://docs.example.org/mig, rien n'y fait.",
        "La cantine fait une promo sur les frites cette semaine, avis aux amateurs.",
        "I wrote a small tool for this, it is free: https://gitlab.example.org/me/tool",
        "Our team wrote up the solution here: https://blog.example.org/how-we-did-it",
    ],
)
@pytest.mark.parametrize("days", [0.1, 900.0, None])
def test_links_and_prices_alone_are_no_advertising(text: str, days: float | None) -> None:
    """A link in a first post is no offence, and being new is no ground for anything."""
    assert not reaches(judged(text, author_days=days), "hint")


def test_the_same_pitch_in_several_topics_is_advertising() -> None:
    """A link dropped again and again, even without a selling word."""
    text = "A look at https://my-shop.example/pumps may help you with this and other pumps."
    assert not reaches(judged(text), "hint")
    assert reaches(judged(text, Invented((text, text + " Bye."), None, None), author_days=1), "hint")


def test_doubles_and_places_matter_only_where_a_category_asks() -> None:
    """Small talk is welcome: off-topic hints come where a category wants them, and nowhere else."""
    near = Similar(*(Alike(number, f"Merge two cells {number}", 0.97, 5) for number in range(1, 8)))
    said = Said("How do I merge two cells?", title="Merging two cells", opens_topic=True, category_id=9)

    assert judge(said, CHARTER, near, None).step == "none"
    strict = asking(9, "right-place")
    judgement = judge(said, strict, near, None)  # type: ignore[arg-type]
    assert judgement.clause is not None
    assert judgement.clause.id == "right-place"
    assert {one.detector for one in judgement.findings} == {"duplicate", "wrong_place"}
    assert judge(replace(said, category_id=8), strict, near, None).step == "none"  # type: ignore[arg-type]
    assert judge(replace(said, opens_topic=False), strict, near, None).step == "none"  # type: ignore[arg-type]


def test_a_topic_among_its_like_is_in_its_place() -> None:
    """Where one of the nearest topics stands in the same category, nothing is said about the place."""
    near = Similar(Alike(1, "Here too", 0.8, 9), *(Alike(number, "There", 0.7, 5) for number in range(2, 9)))
    said = Said("How do I merge two cells?", title="Merging", opens_topic=True, category_id=9)
    assert judge(said, asking(9, "right-place"), near, None).step == "none"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "text"),
    [("Help", "It doesn't work, can someone help?"),
     ("Urgent", "Bonjour, j'ai un problème, qui peut m'aider svp ? Merci"),
     ("ça marche pas", "Bonjour à tous, ça ne marche plus depuis hier. Une idée ?")],
)  # fmt: skip
def test_a_question_that_says_nothing_gets_a_hint(title: str, text: str) -> None:
    """A first post that tells neither what nor how."""
    assert judged(text, title=title, opens_topic=True).clause == CHARTER.clause("context")


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [
        ("Imprimante", "Elle ne marche plus depuis la mise à jour de lundi, voyant orange fixe.", ""),
        ("Crash", "It crashes, any idea?", "Traceback (most recent call last): …"),
        ("Bonjour !", "Je me présente, je suis arrivée lundi à la maintenance.", ""),
        ("Help", "It says « disk full » and stops.", ""),
        ("Welding course", "Does anybody know a good welding course near Leeds?", ""),
    ],
)
def test_a_question_with_something_to_go_by_is_fine(title: str, text: str, code: str) -> None:
    """Code, words of a message, a name of a thing: whoever answers has something to hold."""
    assert judged(text, title=title, code=code, opens_topic=True).step == "none"


@pytest.mark.parametrize("text", ["+1", "This!", "Merci", "pareil :+1:", "Tout à fait d'accord", "lol"])
def test_a_quote_with_nothing_below_gets_a_hint(text: str) -> None:
    """Only under a quote; alone the same words are fine, and so is a picture."""
    assert judged(text, quoted=True).clause == CHARTER.clause("quoting")
    assert judged(text).step == "none"
    assert judged("", quoted=True).step == "none"
    assert judged(f"{text}, et chez nous la pompe tourne aussi", quoted=True).step == "none"


ODD = (
    "", " \n\t ", "😀😀😀", ":smile: :tada:", "ﷺ" * 500, "مرحبا بالجميع كيف الحال اليوم", "שלום לכולם מה שלומכם",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!͖̬̰̙̗̿̋ͥͥ̂ͣ̐́́͜͞", "рауреӏ ассоunt sylvie@gmаil.com", "a" * 32_000, "!" * 32_000,
    "0 " * 16_000, "06 12 34 " * 3_500, "1.2.3." * 5_000, "@" * 32_000, "a@" * 16_000, "a.b@c.d." * 4_000,
    "A " * 16_000,
    "FR76 " * 6_000, "12 rue de " * 3_000, "14 Maple " * 3_500, "x at y dot " * 2_900, "https://" * 4_000, "(" * 32_000,
    "\u202e\u200f\u2066" * 5_000, "Ａ" * 10_000, "\U0001f469\u200d\U0001f680" * 3_000, "4970 4618 5089 " * 2_000,
)  # fmt: skip


@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd_texts_are_read_in_time(number: int) -> None:
    """Empty, only emoji, right to left, piled marks, look-alikes, 32,000 signs made to explode: a second is plenty."""
    started = time.perf_counter()
    judgement = judged(ODD[number], title=ODD[number][:300], opens_topic=True)
    assert time.perf_counter() - started < 1.0
    assert judgement.step in STEPS


@given(st.text(max_size=600), st.booleans(), st.booleans())
def test_any_text_is_judged(text: str, quoted: bool, opens: bool) -> None:
    """Whatever is written is judged, once and again the same, and the words found are the author's."""
    said = Said(text, title=text[:60] if opens else "", quoted=quoted, opens_topic=opens)
    first = judge(said, CHARTER, Nothing(), None)
    assert first == judge(said, CHARTER, Nothing(), None)
    assert all(word in f"{said.title}\n{text}" for one in first.findings for word in one.words)


@given(st.sampled_from(["fr", "en"]), st.text(alphabet=" \n😀…", max_size=30))
def test_noise_around_a_text_changes_nothing(lang: str, noise: str) -> None:
    """Blanks, emoji and dots around a phone number hide it no better than they make one."""
    text = {"fr": "Le portable de Karim : 06 72 18 45 90", "en": "Dave's own mobile is 07911 482 317"}[lang]
    assert judged(f"{noise}\n{text}\n{noise}", lang=lang).clause == CHARTER.clause("personal-data")


def test_a_contested_text_is_let_be_and_stays_a_test() -> None:
    """Found to be no breach after all, the same words trigger nothing any more; other words still do."""
    text = "POURQUOI PERSONNE NE RÉPOND JAMAIS AUX QUESTIONS SUR CE FORUM"
    shouting = CHARTER.clause("shouting")
    assert shouting is not None
    example = replace(shouting.breach[0], text=text)
    clauses = tuple(replace(one, contested=(example,)) if one == shouting else one for one in CHARTER.clauses)
    charter = replace(CHARTER, clauses=clauses)

    assert judge(Said(f"  {text} !"), charter, Nothing(), None).step == "none"
    assert judge(Said(shouting.breach[0].text), charter, Nothing(), None).step != "none"
    assert weigh(Said(text), charter, Nothing(), None), "the charter's own tests still see it"


def test_a_clause_for_a_group_concerns_that_group_alone() -> None:
    """Partners may advertise where the clause is for members only."""
    clauses = [replace(one, scope=Scope(groups=("members",))) if one.id == "advertising" else one for one in CHARTER.clauses]  # fmt: skip  # noqa: E501
    charter = replace(CHARTER, clauses=tuple(clauses))
    said = Said("Special offer, buy now! 50% off, order now at https://for-sale.example/x", author_days=1)
    assert judge(said, charter, Nothing(), None, groups=("members",)).step != "none"
    assert judge(said, charter, Nothing(), None, groups=("partners",)).step == "none"


def test_a_hundred_posts_a_second() -> None:
    """All detectors of form together keep up with any forum."""
    texts = [one.text for clause in CHARTER.clauses for one in (*clause.breach, *clause.allowed)] * 6
    started = time.perf_counter()
    for text in texts:
        for find in FORMAL.values():
            find(Said(text, opens_topic=True), Nothing(), {})
    assert len(texts) / (time.perf_counter() - started) > 100
