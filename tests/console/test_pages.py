"""Every page of the console opens, in both languages, on a forum in any state, for exactly the roles it is for."""

import re

import pytest

from connector.pacing import LocalPacer
from tests.console.helper_plugin import plugin as helper
from tests.console.stage import Stage, Visitor, later
from webhooks.app import create_app
from webhooks.config import load
from webhooks.onetime import LINK, issue
from webhooks.registry import registry_of
from webhooks.schema import migrate
from webhooks.service import build

LEAD_PAGES = ("/console/why", "/console/access", "/console/plugins/helper/measures")
MANAGER_PAGES = (
    "/console/queue", "/console/alerts", "/console/activity", "/console/plugins", "/console/plugins/helper",
    "/console/plugins/helper/settings", "/console/house", "/console/duty", "/console/health",
)  # fmt: skip
PAGES = ("/console", *MANAGER_PAGES, *LEAD_PAGES)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_page_opens_in_the_language_chosen(stage: Stage, claire: Visitor, lang: str) -> None:
    """Each page is there in French and in English, and says so to screen readers."""
    claire.get("/console")
    claire.send("/look/language", language=lang, back="/console")
    stage.ask_for("one")

    for path in (*PAGES, "/me", "/why"):
        assert claire.get(path).status_code == 200, path
        assert f'<html lang="{lang}"' in claire.text, path
        assert claire.text.count("<h1") == 1, path


def test_empty_forum_gets_pages_that_explain(tmp_path: object) -> None:
    """Without forum, model or history each page explains what comes next, and none fails."""
    config = load({}, data_dir=tmp_path, secret_key="only-for-this-test")
    service = build(config, registry=registry_of([helper]), pacer=LocalPacer(100))
    migrate(service)
    with service.database.begin() as connection:
        data = {"username": "admin", "groups": [], "member_id": 0, "admin": True}
        word = issue(connection, 1, LINK, data, service.clock.now())
    client = create_app(config, service=service).test_client()
    page = client.get(f"/login/link/{word}").get_data(as_text=True)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    client.post(f"/login/link/{word}", data={"csrf_token": found[1]})

    for path in (*PAGES, "/why", "/me", "/login"):
        assert client.get(path, follow_redirects=True).status_code == 200, path
    home = client.get("/console").get_data(as_text=True)
    assert "passerelle import --forum" in home
    assert "PASSERELLE_FORUM_URL" in client.get("/console/health").get_data(as_text=True)
    service.close()


def test_forum_that_is_down_changes_nothing_but_a_sentence(stage: Stage, claire: Visitor) -> None:
    """While the forum does not answer, every page stays and the connection page says what is wrong."""
    stage.server.stop()

    for path in PAGES:
        assert claire.get(path).status_code == 200, path


MATRIX = {
    "claire": set(PAGES),
    "boss": set(PAGES),
    "gilles": {"/console"},
    "lea": set(),
}


@pytest.mark.parametrize("name", sorted(MATRIX))
def test_roles_open_just_their_pages(stage: Stage, name: str) -> None:
    """Each role opens its own pages; everything else is refused with a page that says why."""
    visitor = stage.client().login(name)

    opened = {path for path in PAGES if visitor.get(path).status_code == 200}

    assert opened == MATRIX[name]
    refused = set(PAGES) - MATRIX[name]
    for path in refused:
        assert visitor.get(path).status_code == 403
        assert "<h1>" in visitor.text


def test_category_manager_decides_but_sets_nothing(stage: Stage, claire: Visitor) -> None:
    """Who looks after one category decides about acts, and may look at modes without changing them."""
    stage.server.forum.add_group("entraide", "ines")
    claire.send("/console/duty/rooms", **{f"room:{stage.rooms['Entraide']}": "entraide"})
    visitor = stage.client().login("ines")

    for path in MANAGER_PAGES:
        assert visitor.get(path).status_code == 200, path
    for path in LEAD_PAGES:
        assert visitor.get(path).status_code == 403, path
    assert visitor.send("/console/plugins/helper/mode", mode="off").status_code == 403
    assert visitor.send("/console/house").status_code == 403
    assert visitor.send("/console/pause", pause="1").status_code == 403


def test_greeter_opens_the_page_that_a_plugin_made_for_greeters(stage: Stage) -> None:
    """A plugin's page is open to the roles it names, and listed for them alone."""
    visitor = stage.client().login("gilles")

    assert visitor.get("/console/plugins/helper/page/greeters").status_code == 200
    assert visitor.get("/console/plugins/helper/page/blocks").status_code == 403
    visitor.get("/console")
    assert "/page/greeters" in visitor.text
    assert "/page/blocks" not in visitor.text


def test_strangers_see_public_pages_only(stage: Stage) -> None:
    """Without a login there is the why-page and the login page, nothing of the console."""
    visitor = stage.client()

    for path in PAGES:
        assert visitor.get(path).status_code == 303, path
    assert visitor.get("/why").status_code == 200
    assert visitor.get("/login").status_code == 200


@pytest.mark.parametrize(("lang", "title"), [("fr", "Il n’y a rien ici"), ("en", "There is nothing here")])
def test_wrong_address_gets_a_friendly_page(stage: Stage, lang: str, title: str) -> None:
    """An address that leads nowhere is answered in the reader's language, with a way on."""
    visitor = stage.client()

    answer = visitor.get("/nowhere", headers={"Accept-Language": lang})

    assert answer.status_code == 404
    assert title in visitor.text


def test_plugin_that_breaks_spoils_its_own_page_only(stage: Stage, claire: Visitor) -> None:
    """A page that fails says so without inner details, and the menu around it still works."""
    stage.publish()

    assert claire.get("/console/plugins/helper/page/broken").status_code == 500
    assert "secret detail" not in claire.text
    assert "/console/activity" in claire.text
    assert claire.get("/console").status_code == 200


def test_too_many_requests_get_a_page_that_says_when(stage: Stage) -> None:
    """Somebody who hammers the login is asked to slow down, in words."""
    visitor = stage.client()
    token = visitor.token()

    codes = [visitor.http.post("/login", data={"csrf_token": token}).status_code for _ in range(25)]

    assert 429 in codes
    assert "<h1>" in visitor.send("/login").get_data(as_text=True)


def test_first_steps_vanish_once_they_are_done(stage: Stage, claire: Visitor) -> None:
    """Home lists what is left to set up, each with its page."""
    claire.get("/console")
    assert "/console/duty" in claire.text
    assert re.search("Premiers pas|First steps", claire.text)


def test_returning_manager_first_sees_what_matters(stage: Stage, claire: Visitor) -> None:
    """Back from leave, a manager sees at most ten things that matter, and who stood in."""
    claire.get("/console/duty")
    claire.send(
        "/console/duty/absences", username="claire", first_day="2026-11-24", last_day="2026-11-27", deputy="marc"
    )
    stage.allow("propose")
    stage.ask_for("while-away")
    later(stage, days=5)

    claire = stage.client().login("claire")
    claire.get("/console")

    assert re.search("Bon retour|Welcome back", claire.text)
    assert "marc" in claire.text
    later(stage, days=7)
    claire = stage.client().login("claire")
    claire.get("/console")
    assert not re.search("Bon retour|Welcome back", claire.text)


def test_a_form_that_reads_shows_its_answer_and_keeps_nothing(stage: Stage, claire: Visitor) -> None:
    """What is typed to be tried is shown at once, with or without a script, and stands in no address."""
    path = "/console/plugins/helper/page/reading"
    claire.get(path)
    assert f'action="{path}/look"' in claire.text

    whole = claire.send(f"{path}/look", action="count", words="a <b> c")
    assert whole.status_code == 200
    assert "3 words: a &lt;b&gt; c" in claire.text
    assert "<h1" in claire.text
    part = claire.http.post(f"{path}/look", data={"csrf_token": claire.token(), "action": "preview", "words": "a b"},
                            headers={"HX-Request": "true"}).get_data(as_text=True)  # fmt: skip
    assert "2 words" in part
    assert "<html" not in part


def test_a_form_may_answer_with_a_sentence(stage: Stage, claire: Visitor) -> None:
    """What came of a form is said in the plugin's own words, below the title of its page."""
    path = "/console/plugins/helper/page/reading"
    claire.get(path)
    claire.send(path, action="keep", words="this")
    assert "Kept this" in claire.text


def test_a_form_that_reads_is_closed_to_those_who_may_not_open_the_page(stage: Stage) -> None:
    """Reading by a form is reading: the same roles."""
    visitor = stage.client().login("gilles")
    visitor.get("/console")
    sent = visitor.send("/console/plugins/helper/page/reading/look", action="count", words="a")
    assert sent.status_code == 403


def test_a_public_page_has_a_short_address(stage: Stage) -> None:
    """A page that a plugin writes for everybody is found by its own word behind the host's name."""
    visitor = stage.client()
    assert visitor.get("/helping").headers["Location"].endswith("/pages/helper/helping")
    visitor.get("/pages/helper/helping")
    assert "How we help each other." in visitor.text
    assert visitor.get("/no-such-page").status_code == 404
