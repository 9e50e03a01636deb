"""Plugins' feeds: what everybody may read, as Atom, escaped, and asked for again at no cost."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import requests

from plugins.blocks import FeedEntry
from plugins.contract import Plugin
from tests.journeys.people import settings
from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place
from webhooks.registry import registry_of

ATOM = "{http://www.w3.org/2005/Atom}"
PATH = "/feeds/gazette/letter.atom"


def gazette(*entries: FeedEntry) -> Plugin:
    plugin = Plugin("gazette", about="Tells the week.", title={"en": "The week", "fr": "La semaine"})

    @plugin.feed("letter")
    def letter(ctx: Any) -> Sequence[FeedEntry]:
        return list(entries)

    return plugin


def entry(key: str, path: str, title: str = "Titre", text: str = "Texte") -> FeedEntry:
    return FeedEntry(key, title, text, path, MONDAY + timedelta(hours=int(key)))


def _read(place: Place, **headers: str) -> requests.Response:
    return requests.get(f"http://127.0.0.1:{place.web.server_port}{PATH}", headers=headers, timeout=10)


def _titles(answer: requests.Response) -> list[str | None]:
    return [one.findtext(f"{ATOM}title") for one in Xml.fromstring(answer.content).findall(f"{ATOM}entry")]


def test_a_feed_is_read_by_everybody_and_nothing_in_it_runs(tmp_path: Path) -> None:
    """Newest first, absolute addresses; markup and signs that no document may hold arrive as harmless text."""
    evil = "</content><script>alert(1)</script> & \x00\x1b ]]>"
    plugin = gazette(entry("1", "/about"), entry("2", "javascript:alert(1)", title=evil, text=evil))
    with Place(tmp_path, plugins=(plugin,), settings=settings()) as place:
        answer = _read(place)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        feed = Xml.fromstring(answer.content)
        assert feed.findtext(f"{ATOM}title") == "La semaine"
        first, second = feed.findall(f"{ATOM}entry")
        assert first.findtext(f"{ATOM}content") == "</content><script>alert(1)</script> &  ]]>"
        assert first.find(f"{ATOM}link") is None
        link = second.find(f"{ATOM}link")
        assert link is not None
        assert link.get("href") == place.server.url.rstrip("/") + "/about"
        assert [one.findtext(f"{ATOM}updated") for one in (first, second)] == [
            "2026-03-02T11:00:00Z",
            "2026-03-02T10:00:00Z",
        ]


def test_who_has_it_already_gets_nothing_again(tmp_path: Path) -> None:
    """A reader that names what it holds, by mark or by time, is told that nothing changed."""
    with Place(tmp_path, plugins=(gazette(entry("1", "/about")),), settings=settings()) as place:
        first = _read(place)
        assert _read(place, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
        assert _read(place, **{"If-Modified-Since": first.headers["Last-Modified"]}).status_code == 304
        assert _read(place, **{"If-None-Match": '"another"'}).status_code == 200


def test_a_feed_shows_only_what_everybody_may_read(tmp_path: Path) -> None:
    """Entries about topics that are restricted, deleted or unknown are left out, whatever the plugin says."""
    told: list[FeedEntry] = []
    with Place(tmp_path, plugins=(gazette_of(told),), settings=settings()) as place:
        lea = place.forum.as_member("lea")
        texts = ("Des mots de tous les jours.", "D'autres mots de tous les jours.")
        topics = [lea.topic("general", f"Un sujet pour tous : {text}", text) for text in texts]
        place.settle()
        told += [entry("1", f"/t/{topics[0]}", "reste"), entry("2", f"/t/{topics[1]}", "part"), entry("3", "/t/999/2")]
        assert _titles(_read(place)) == ["part", "reste"]
        place.forum.staff.delete_topic(topics[1])
        place.settle()
        assert _titles(_read(place)) == ["reste"]
        place.let("gazette", "off")
        assert _read(place).status_code == 404


def gazette_of(entries: list[FeedEntry]) -> Plugin:
    plugin = Plugin("gazette", about="Tells the week.")
    plugin.feed("letter")(lambda ctx: entries)
    return plugin


def test_where_login_is_required_there_are_no_feeds(tmp_path: Path) -> None:
    """A forum behind its login shows nothing to who passes by: no feed either."""
    with Place(tmp_path, plugins=(gazette(entry("1", "/about")),), settings=settings()) as place:
        place.forum.set(login_required=True)
        place.service.archive.refresh_categories(place.service.forum)
        assert _read(place).status_code == 404


@pytest.mark.parametrize("title", ["Charter", {"en": "Charter"}, {"en": "Charter", "fr": " "}])
def test_a_title_in_one_language_only_is_refused_at_start(title: Any) -> None:
    """A page's title is there in English and in French, or the plugin is not loaded, with a sentence that says why."""
    plugin = Plugin("titled", about="Has a page.")
    plugin.public_page("charter", title=title)(lambda query, ctx: None)
    registry = registry_of([plugin])
    assert registry.get("titled") is None
    assert "the public page charter has no title in" in registry.faults[0]
    assert 'give title={"en": "…", "fr": "…"}' in registry.faults[0]
