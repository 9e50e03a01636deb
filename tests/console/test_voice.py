"""The community's tone of voice: what managers set on its page is what every plugin says from then on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from plugins.expert_finder import plugin as experts
from tests.console.helper_plugin import plugin as helper
from tests.console.stage import Stage, Visitor
from tests.console.test_work import number_of
from webhooks import outbox
from webhooks.context import Ground, write_context
from webhooks.feedback import Links
from webhooks.writing import Writer

INTRO = "/console/voice/expert_finder/names.intro"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A forum and a console with a plugin that says something."""
    with Stage(tmp_path / "data", plugins=(helper, experts)) as found:
        yield found


def said(stage: Stage, key: str, lang: str, **values: object) -> str:
    """What the plugin says now, as a handler asks for it."""
    with stage.service.database.begin() as connection, Session(bind=connection) as session:
        return write_context(stage.service, session, Ground(experts, cause="test")).say(key, lang, **values)


def test_words_of_the_house_stand_in_everything_a_plugin_says(stage: Stage, claire: Visitor) -> None:
    """Words to use, tu instead of vous: set once, said everywhere, in the one language they were set for."""
    claire.send("/console/voice", address="tu", use_fr="réponse = aide\nprend la place = s'y colle", use_en="")
    assert said(stage, "card.unseen", "fr") == "Si tu dis non, quelqu'un d'autre s'y colle et personne n'en sait rien."
    assert "s'y colle" not in said(stage, "card.unseen", "en")
    claire.get("/console/voice")
    assert "réponse = aide" in claire.text


def test_line_that_is_no_pair_is_named_and_nothing_saved(stage: Stage, claire: Visitor) -> None:
    """« question demande » without its sign is told beside its field; the rest of the form is not saved either."""
    answer = claire.send("/console/voice", address="tu", use_fr="question demande")

    assert answer.status_code == 422
    assert "question demande" in claire.text
    assert "aria-invalid" in claire.text
    assert " vous" in said(stage, "names.outro", "fr")


def test_sentence_in_the_community_s_own_words_is_what_members_read(stage: Stage, claire: Visitor) -> None:
    """A manager rewrites a standard sentence, looks at the preview, saves; the plugin's words can be taken again."""
    own = {"fr|vous": "Coucou, ces collègues ont déjà croisé {topic} :"}
    claire.send(INTRO, do="preview", **own)
    assert re.search("déjà croisé «.{1,6}Réglage de la presse", claire.text)
    assert "Coucou" not in said(stage, "names.intro", "fr", topic="x")

    claire.send(INTRO, do="save", **own)
    assert said(stage, "names.intro", "fr", topic="x") == "Coucou, ces collègues ont déjà croisé x :"
    assert "Coucou" not in said(stage, "names.intro", "en", topic="x")
    claire.get("/console/voice")
    assert "Coucou" in claire.text

    claire.send(INTRO, do="plugin")
    assert "Coucou" not in said(stage, "names.intro", "fr", topic="x")


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("Bonjour, voici des collègues :", r"\{topic\}"),
        ("Bonjour {topic} {prenom} :", r"\{prenom\}"),
        ("Bonjour {topic :", "accolade|brace"),
        ("Ces personnes peuvent t'aider pour {topic} :", "vous"),
        ("Vous devez écrire à ces personnes pour {topic}.", "sonne comme un ordre"),
        ("Des synergies pour {topic} :", "évitez|avoid"),
        ("", "au moins une|At least one"),
    ],
)
def test_sentence_that_would_not_do_is_refused_with_its_reason(
    stage: Stage, claire: Visitor, text: str, because: str
) -> None:
    """A lost or unknown value, an open brace, the other address, an order, a word to avoid, no words at all."""
    claire.send("/console/voice", address="vous", avoid_fr="synergies")

    answer = claire.send(INTRO, do="save", **{"fr|vous": text})

    assert answer.status_code == 422
    assert re.search(because, claire.text)
    assert text in claire.text.replace("&#39;", "'")
    assert said(stage, "names.intro", "fr", topic="x") != text


def test_sentences_with_a_word_to_avoid_are_named(stage: Stage, claire: Visitor) -> None:
    """A word to avoid changes nothing by itself: the page names each sentence that holds it, with a link."""
    claire.send("/console/voice", address="vous", avoid_fr="coup de main")
    claire.get("/console/voice")

    assert re.search(r"1 phrase est à revoir|1 sentence needs", claire.text)
    assert "/console/voice/expert_finder/public.intro" in claire.text


def test_own_sentence_that_fits_no_longer_gives_way(stage: Stage, claire: Visitor) -> None:
    """From vous to tu: a sentence in own words that still says vous is not said any more, and the page says so."""
    claire.send("/console/voice/expert_finder/reason.part", do="save", **{"fr|": "peut vous aider côté {part} :"})
    assert said(stage, "reason.part", "fr", part="vannes") == "peut vous aider côté vannes :"

    claire.send("/console/voice", address="tu")

    assert said(stage, "reason.part", "fr", part="vannes") == "peut aider côté vannes :"
    claire.get("/console/voice")
    assert re.search("ne conviennent plus|fit no longer", claire.text)


def test_changes_of_the_tone_can_be_put_back(stage: Stage, claire: Visitor) -> None:
    """Who changed what is listed under the page, and one click puts it back."""
    claire.send("/console/voice", address="tu")
    claire.get("/console/voice")
    number = re.search(r'name="change" value="(\d+)"', claire.text)
    assert number is not None

    claire.send("/console/voice/put-back", change=number[1])

    assert " vous" in said(stage, "names.outro", "fr")


def test_tone_is_for_those_who_answer_for_the_whole_forum(stage: Stage) -> None:
    """Greeters do not set it, and what no plugin says is no page."""
    assert stage.client().login("gilles").get("/console/voice").status_code == 403
    claire = stage.client().login("claire")
    assert claire.get("/console/voice/expert_finder/nothing.here").status_code == 404
    assert claire.get("/console/voice/nobody/names.intro").status_code == 404


def test_texts_are_signed_as_the_community_wishes(stage: Stage, claire: Visitor) -> None:
    """Whoever accepted to sign stands under every text, above the line of answers, with no mark-up of its own."""
    claire.get("/console/voice")
    claire.send("/console/voice", address="vous", signature="Claire, pour *tous*")
    base = stage.service.config.public_url
    stage.ask_for("plain", "Karim peut aider.")
    stage.ask_for("answered", f"Karim peut aider.\n\n[utile]({base}/feedback/x)")
    writer = Writer(stage.service, Links(stage.service.config, stage.clock.now))

    with stage.service.database.read() as connection:
        plain, answered = (outbox.get(connection, 1, number_of(stage, once)) for once in ("plain", "answered"))
    assert plain is not None
    assert answered is not None

    assert writer.raw(plain).startswith("Karim peut aider.\n\nClaire, pour \\*tous\\*\n\n<small>")
    assert writer.raw(answered).startswith("Karim peut aider.\n\nClaire, pour \\*tous\\*\n\n[utile]")
