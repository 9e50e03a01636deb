"""The managers' pages of the charter in a browser: what is worth a look, how right each clause is, the climate."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from plugins.netiquette import plugin as netiquette
from plugins.netiquette.tables.cases import verdicts
from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place

PAGES = "/console/plugins/netiquette/page"
PHONE = "Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78, elle ne dira rien du tout."


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Place(tmp_path, plugins=(netiquette,), settings=settings()) as place:
        place.let("netiquette", "propose")
        place.forum.add_member("omar")
        place.forum.add_member("claire", name="Claire")
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        place.settle()
        yield place


def test_a_manager_says_of_a_case_whether_it_was_right(place: Place) -> None:
    """Words, clause and first move stand on one page in both languages; on the other a click says it was wrong."""
    place.forum.as_member("omar").reply(place.ask(), PHONE)
    for _ in range(3):
        place.pass_time(minutes=4)
    claire = Browser(place, "claire").login()
    for lang, words in (
        ("fr", ("À regarder", "La justesse", "Climat")),
        ("en", ("Worth a look", "How right", "Climate")),
    ):
        claire.http.cookies.set("passerelle_lang", lang)
        for slug, word in zip(("cases", "precision", "climate"), words, strict=True):
            assert word in claire.get(f"{PAGES}/{slug}").text
        assert claire.get("/console/plugins/netiquette/measures").status_code == 200
        assert claire.get("/m/netiquette/mediation").status_code == 200
    seen = claire.get(f"{PAGES}/cases").text
    assert "06 12 34 56 78" in seen
    assert "omar" not in seen
    assert "06 12 34 56 78" in claire.get(f"{PAGES}/precision").text
    assert "Thank you, noted" in claire.send(f"{PAGES}/precision", action="case:1", right="no").text
    with place.service.database.read() as connection:
        [said] = connection.execute(select(verdicts)).mappings().all()
    assert (said["clause"], said["right"], said["by"]) == ("personal-data", False, "claire")
