"""The charter over real HTTP: written in the console, tried, refused with reasons, and read by everybody."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.netiquette import plugin as netiquette
from plugins.netiquette.charter.reading import default_text
from tests.journeys.people import Browser, held, settings
from tests.webhooks.place import Place

PAGE = "/console/plugins/netiquette/page/charter"
SHOUT = "I HAVE ASKED THIS THREE TIMES NOW AND NOBODY EVER ANSWERS, HOW HARD CAN IT BE"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Place(tmp_path, plugins=(netiquette,), settings=settings()) as place:
        place.forum.add_member("claire", name="Claire")
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        place.settle()
        yield place


def in_english(place: Place, name: str) -> Browser:
    browser = Browser(place, name).login() if name else Browser(place)
    browser.http.cookies.set("passerelle_lang", "en")
    return browser


def test_a_clause_edited_in_the_console_holds_for_everybody(place: Place) -> None:
    """A manager changes a clause; its failing example stops it, the mended one is in force, and all may read it."""
    claire, passer = in_english(place, "claire"), in_english(place, "")
    assert "No shouting" in passer.get("/charter").text

    claire.get(PAGE)
    failing = default_text().replace(SHOUT, "I have asked this three times now").replace("No shouting", "Softly")
    refused = claire.send(PAGE, action="save", text=failing)
    assert "an example of clause 6 fails" in refused.text
    assert "Should be noticed, and is not" in refused.text
    assert "I have asked this three times now" in refused.text, "nothing that was typed is lost"
    assert "No shouting" in passer.get("/charter").text

    saved = claire.send(PAGE, action="save", text=default_text().replace("No shouting", "Softly").replace("\n", "\r\n"))
    assert "Version 1 is in force." in saved.text
    assert re.search(r">claire<", saved.text.replace(" ", "").replace("\n", ""))
    assert "Softly" in passer.get("/charter").text


def test_a_broken_charter_names_line_and_clause(place: Place) -> None:
    """What cannot be read is told where it stands; the charter in force stays."""
    claire = in_english(place, "claire")
    claire.get(PAGE)
    text = default_text().replace("first_step: queue", "first_step: thunder")
    line = text[: text.index("first_step: thunder")].count("\n") + 1
    answer = claire.send(PAGE, action="save", text=text)
    assert f"in line {line} (clause threats)" in answer.text
    assert "thunder" in answer.text
    assert "No shouting" in claire.get("/charter").text


def test_a_preview_and_a_text_to_try_leave_no_trace(place: Place) -> None:
    """While somebody writes, the clauses are shown; a text that is tried stands in no file and no table."""
    claire = in_english(place, "claire")
    claire.get(PAGE)
    shown = claire.send(f"{PAGE}/look", action="preview", text=default_text().replace("No shouting", "Zephyrine"))
    assert "Zephyrine" in shown.text
    tried = claire.send(f"{PAGE}/look", action="try", words="Ring Balthazarine on her own mobile, 07911 123456.")
    assert "07911 123456" in tried.text
    assert "a private message" in tried.text
    assert held(place, "Zephyrine", "Balthazarine") == {}


def test_members_do_not_edit_the_charter(place: Place) -> None:
    """Everybody reads it; only those who look after the forum change it."""
    place.forum.add_member("omar")
    omar = in_english(place, "omar")
    assert "No shouting" in omar.get("/charter").text
    omar.get("/me")
    assert omar.send(PAGE, action="save", text=default_text()).status_code == 403
    assert omar.send(f"{PAGE}/look", action="try", words="hello").status_code == 403


def test_the_page_speaks_french(place: Place) -> None:
    """In French the page, the clauses and the reasons are French."""
    claire = Browser(place, "claire").login()
    claire.http.cookies.set("passerelle_lang", "fr")
    page = claire.get(PAGE).text
    assert "Essayer un texte" in page
    assert "Sans crier" in page
    assert "Sans crier" in claire.get("/charter").text
    assert "Il manque : clauses." in claire.send(PAGE, action="save", text="title: {fr: a, en: b}").text
