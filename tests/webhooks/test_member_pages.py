"""Pages and forms that plugins give members: under their own rights, in their own hands."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.contract import Page, Plugin
from tests.journeys.people import Browser, settings
from tests.webhooks.inline_samples import guide
from tests.webhooks.place import Place
from webhooks.context import Shared
from webhooks.views.console_words import sentences


def ledger() -> Plugin:
    """A page about people."""
    plugin = Plugin("ledger", about="About people.", title={"en": "Ledger", "fr": "Registre"})

    @plugin.member_page("all", title={"en": "Everybody", "fr": "Tout le monde"}, about_people=True)
    def everybody(query: object, ctx: object, viewer: object) -> Page:
        return Page("Everybody", [], about_members=(2, 3))

    @plugin.member_page("broken", title={"en": "Broken", "fr": "Cassée"})
    def broken(query: object, ctx: object, viewer: object) -> Page:
        raise RuntimeError("CANARI of a page")

    return plugin


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Place(tmp_path, plugins=(guide(), ledger()), settings=settings()) as place:
        forum = place.forum
        forum.allow_login_for("127.0.0.1", settings()["connect_secret"])  # type: ignore[arg-type]
        forum.add_member("paul")
        forum.add_group("pompes", "paul", place.bot)
        team = forum.add_category("Equipe", permissions={"pompes": 1})
        place.service.archive.refresh_categories(place.service.forum)
        place.service.archive.opt_in(team, ["pompes"])
        place.ask("How do I prune an old apple tree?")
        place.settle()
        forum.as_member("paul").topic(team, "Meeting of the pump team", "What we said at the meeting yesterday.")
        place.settle()
        place.service.archive.reconcile(place.service.forum, 100)
        yield place


def test_a_page_is_for_members_and_under_their_rights(place: Place) -> None:
    """Whoever is not logged in is sent to the login; a member sees what that member may read, and no more."""
    stranger = Browser(place)
    assert stranger.get("/m/guide/people", follow=False).headers["Location"].startswith("/login?next=/m/guide/people")
    lea = Browser(place, "lea").login("/m/guide/people")
    assert lea.page is not None
    assert "For lea" in lea.page.text
    assert "old apple tree" in lea.page.text
    assert "pump team" not in lea.page.text
    paul = Browser(place, "paul").login("/m/guide/people")
    assert paul.page is not None
    assert "pump team" in paul.page.text
    assert "old apple tree" not in paul.get("/m/guide/people?q=pump").text


def test_a_form_is_taken_for_whoever_sends_it(place: Place) -> None:
    """A form of a page says what it did and shows the page anew; so does one of the member's own card."""
    lea = Browser(place, "lea").login("/m/guide/people")
    lea.send("/m/guide/people?q=apple", action="declare", subject="pruning")
    assert lea.page is not None
    assert "Kept: pruning." in lea.page.text
    assert lea.page.url.endswith("/m/guide/people?q=apple")

    mine = lea.get("/me").text
    assert "You declared pruning." in mine
    assert 'action="/m/guide"' in mine
    lea.send("/m/guide", action="declare", subject="grafting")
    assert lea.page.url.endswith("/me")
    assert "You declared grafting." in lea.page.text
    assert "You declared None." in Browser(place, "paul").login("/me").page.text  # type: ignore[union-attr]


def test_the_menu_of_ones_own_page_leads_there(place: Place) -> None:
    """Every page a plugin gives members is one click from `/me`; those about people once they were announced."""
    lea = Browser(place, "lea").login("/me")
    assert lea.page is not None
    assert 'href="/m/guide/people"' in lea.page.text
    assert 'href="/m/ledger/all"' not in lea.page.text
    place.let("ledger", "watch")
    assert 'href="/m/ledger/all"' in lea.get("/me").text
    assert 'href="/m/ledger/all"' in lea.get("/m/guide/people").text


def test_pages_about_people_wait_for_the_announcement(place: Place) -> None:
    """What is inferred about people is shown to nobody before it was announced; then who looked is noted for them."""
    lea = Browser(place, "lea").login("/m/ledger/all")
    assert lea.page is not None
    lang = "fr" if 'lang="fr"' in lea.page.text[:200] else "en"
    assert sentences(lang)["pages.not_yet"].split("’")[0][:20] in lea.page.text
    place.let("ledger", "watch")
    lea.get("/m/ledger/all")
    with place.service.database.read() as connection:
        from webhooks.tables import access_log

        looks = connection.execute(access_log.select()).all()
    assert {(row.viewer, row.member_id) for row in looks} <= {("lea", 2), ("lea", 3)}
    assert looks


def test_what_breaks_is_told_and_leaves_nothing(place: Place, capfd: pytest.CaptureFixture[str]) -> None:
    """A page that fails says so without a word of its error; a form that fails has changed nothing."""
    lea = Browser(place, "lea").login("/me")
    broken = lea.get("/m/ledger/broken")
    assert (broken.status_code, "CANARI" in broken.text) == (500, False)
    lea.send("/m/guide/people", action="stumble")
    with place.service.database.read() as connection:
        shared = Shared(lambda: connection, 1, "guide", place.service.clock.now(), False, lambda name: True)
        assert shared.get("guide.stumbled") is None
    said = capfd.readouterr()
    assert "CANARI" not in said.out + said.err


def test_doors_that_are_not_there(place: Place) -> None:
    """Unknown pages, plugins and forms are 404; so is everything of a plugin that is off; forged forms are refused."""
    lea = Browser(place, "lea").login("/me")
    for path in ("/m/guide/nothing", "/m/nobody/people", "/m/guide"):
        assert lea.get(path).status_code in (404, 405), path
    assert lea.send("/m/guide/people", action="unknown").status_code == 404
    assert lea.http.post(lea.base + "/m/guide/people", data={"action": "declare", "subject": "x"}).status_code == 400
    place.let("guide", "off")
    assert lea.get("/m/guide/people").status_code == 404
    assert lea.send("/m/guide", action="declare", subject="x").status_code == 404


def test_one_page_speaks_one_language(place: Place) -> None:
    """Frame and content are in the member's own language, whatever the browser asks for."""
    place.forum.add_member("louis", locale="fr")
    place.settle()
    louis = Browser(place, "louis")
    louis.http.headers["Accept-Language"] = "en"
    louis.login("/m/guide/people")
    assert louis.page is not None
    assert '<html lang="fr"' in louis.page.text
