"""A forum where a login is required (P8): whoever is not logged in learns nothing of it, at any address of ours."""

import itertools
import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.routing import Rule

from plugins.expert_finder import plugin as expert_finder
from tests.journeys.canaries import NEVER_PUBLIC, TAKEN_BACK, TEAM, Cale, canary, tattler
from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place
from webhooks.feedback import Claim, Links

OPEN = "zqouvertqz"
"""Stands in the title and text of topics that every member may read."""
NAMED = "zqnomqz"
"""Stands in the names of people."""
HIDDEN = [canary(kind, "alpha") for kind in (*NEVER_PUBLIC, *TAKEN_BACK)]
OF_TEAM = canary(TEAM, "alpha")
OF_MEMBERS = [OPEN, NAMED, "sujet delist", "vider la cale", "coque"]


@pytest.fixture(scope="module")
def cale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cale]:
    """A forum that asks for a login, its history imported; a plugin tells by every door what it is let know."""
    with Place(tmp_path_factory.mktemp("closed"), plugins=(tattler(), expert_finder), settings=settings()) as place:
        place.forum.set(login_required=True)
        cale = Cale(place)
        cale.people()
        place.forum.add_member("marc", name=f"Marc {NAMED}", created_at=place.service.clock.now())
        place.forum.add_member("nadia", name=f"Nadia {NAMED}", created_at=place.service.clock.now())
        place.forum.staff.join_group("animation", "marc")
        cale.open("alpha")
        nadia = place.forum.as_member("nadia")
        nadia.topic("general", f"Comment peindre la coque {OPEN} ?", f"Avant le printemps, {OPEN}, merci d'avance.")
        place.service.archive.reconcile(place.service.forum)
        place.service.archive.refresh_categories(place.service.forum)
        place.service.archive.opt_in(cale.team, ["pompes"])
        place.service.archive.import_forum(place.service.forum)
        place.let("tattler", "off")
        place.let("expert_finder")
        cale.take_back("alpha")
        place.settle()
        # Hiding a post is announced to nobody: the memory finds out by asking, within two hours.
        for _ in range(13):
            place.pass_time(minutes=10)
        place.let("tattler")
        place.forum.as_member("paul").topic(cale.team, "Compte rendu de la réunion", "Voici ce qui a été dit hier.")
        nadia.topic("general", f"Quelle peinture choisir {OPEN} ?", f"Pour la coque, {OPEN}, en acier.")
        place.settle()
        assert place.service.archive.search(OPEN, place.service.archive.audience_public(), mode="lexical").hits
        assert any(OPEN in act["text"] for act in place.acts(plugin="tattler")), "the plugin did speak"
        yield cale


def addresses(cale: Cale) -> Iterator[tuple[Rule, str]]:
    """Every address of every route, with whatever may stand in it."""
    place = cale.place
    plugins = list(place.service.registry)
    slugs = [spec.slug for one in plugins for spec in (*one.pages, *one.public_pages)]
    slugs += [getattr(spec, "name", getattr(spec, "slug", "")) for one in plugins for spec in one.feeds]
    links = Links(place.service.config, place.service.clock.now)
    token = links.token(Claim("tattler", "tell:1", place.forum.as_member("nadia").id, "useful"))
    numbers = [str(act["id"]) for act in place.acts()[:3]] + [str(topic) for topic in (1, 2, *cale.topics.values())]
    for rule in place.app.url_map.iter_rules():
        choices = []
        for name in sorted(rule.arguments):
            if type(rule._converters[name]).__name__ == "IntegerConverter":
                choices.append((name, numbers))
            elif name == "token":
                choices.append((name, [token, "x"]))
            elif name in ("name", "plugin"):
                choices.append((name, [one.name for one in plugins]))
            else:
                choices.append((name, [*dict.fromkeys(slugs), "1"]))
        for values in itertools.product(*(values for _, values in choices)):
            with place.app.test_request_context():
                built = rule.build(dict(zip((name for name, _ in choices), values, strict=True)))
            if built is not None:
                yield rule, built[1]


def told(cale: Cale, browser: Browser, words: list[str], *, write: bool = True) -> dict[str, list[str]]:
    """Where these words are told: every route, opened, and where it takes them sent forms and JSON of every kind."""
    found: dict[str, list[str]] = {}
    forum = cale.place.service.config.forum_url
    token = browser.token() if write else ""
    asked = {"topic_id": 5, "action": "reply", "title": OPEN, "text": f"mot de passe cale {OPEN}", "category_id": 1}

    def look(where: str, answer: Any) -> None:
        text = (answer.text + repr(dict(answer.headers))).lower()
        for word in words:
            if word.lower() in text:
                found.setdefault(word, []).append(where)
        assert answer.status_code < 500, where

    seen = 0
    for rule, path in addresses(cale):
        seen += 1
        if "GET" in (rule.methods or ()):
            look(f"GET {path}", browser.http.get(browser.base + path, allow_redirects=False, timeout=30))
        if (
            write
            and "POST" in (rule.methods or ())
            and rule.endpoint.split(".")[-1] not in ("logout", "leave", "erase")
        ):
            url, given = browser.base + path, {"csrf_token": token, "q": OPEN, "reason": "x", "topic": "5"}
            look(f"POST {path}", browser.http.post(url, data=given, allow_redirects=False, timeout=30))
            headers = {"Origin": forum, "Content-Type": "application/json"}
            for topic in {5, *cale.topics.values()}:
                body = json.dumps({**asked, "topic_id": topic})
                look(
                    f"JSON {path}",
                    browser.http.post(url, data=body, headers=headers, allow_redirects=False, timeout=30),
                )
                if rule.endpoint.split(".")[0] != "inline":
                    break
    assert seen > 60
    return found


def test_passer_by_learns_nothing_at_any_address(cale: Cale) -> None:
    """No route, called in any manner without a login, tells a title, a name, a sentence or who is there."""
    words = [*HIDDEN, OF_TEAM, *OF_MEMBERS, "nadia", "karim", "paul"]

    assert told(cale, Browser(cale.place), words) == {}


def test_passer_by_learns_nothing_by_following_links(cale: Cale) -> None:
    """Whoever starts anywhere and follows every link finds nothing of the forum either."""
    words = [*HIDDEN, OF_TEAM, *OF_MEMBERS]
    browser, found = Browser(cale.place), []
    for path, answer in browser.crawl("/", "/why", "/login", "/pages/tattler/all", "/feeds/tattler/all", "/health"):
        found += [(path, word) for word in words if word in answer.text.lower()]

    assert found == []


def test_member_learns_what_members_may(cale: Cale) -> None:
    """Karim, who is of no team, is told nothing of the team, the board, messages or what was taken back."""
    found = told(cale, Browser(cale.place, "karim").login("/me"), [*HIDDEN, OF_TEAM])

    assert found == {}


def test_community_manager_learns_nothing_of_closed_rooms(cale: Cale) -> None:
    """Marc looks after the community and is not of the pump team: the console shows him nothing that is said there."""
    found = told(cale, Browser(cale.place, "marc").login(), [*HIDDEN, OF_TEAM], write=False)

    assert found == {}


def test_member_of_the_team_is_told(cale: Cale) -> None:
    """The words are there to be found: who may read them does, in the archive and on the own page."""
    archive = cale.place.service.archive

    assert archive.search(OF_TEAM, archive.audience_for(["pompes"]), per="post", mode="lexical").hits
    assert not archive.search(OPEN, archive.audience_anonymous(), mode="lexical").hits
    assert OPEN in Browser(cale.place, "nadia").login("/me").get("/me/download").text
