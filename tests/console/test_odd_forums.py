"""Forums as they are: empty, with people who have no name, with topics that are gone and posts as long as a book."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from plugins.expert_finder import plugin as expert_finder
from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place

EDITORS = ("/console/voice", "/console/why")
BRACES = re.compile(r"\{[a-z_]+\}")


def visible(page: str) -> str:
    """What a reader sees of a page, attributes apart."""
    return re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", page, flags=re.S)


def opened(place: Place, name: str, *starts: str) -> dict[str, str]:
    """Every page that somebody reaches by links, in both languages; none of them fails or shows a gap in braces."""
    from webhooks.views.console_words import sentences

    keys = [key for key in sentences("en") if "." in key and not key.endswith((".one", ".other"))]
    pages: dict[str, str] = {}
    for lang in ("fr", "en"):
        browser = Browser(place, name).login()
        browser.http.cookies.set("passerelle_lang", lang)
        for path, answer in browser.crawl(*starts, most=120):
            assert answer.status_code < 500, (lang, path)
            if "html" not in answer.headers.get("Content-Type", ""):
                continue
            seen = visible(answer.text)
            # Where sentences are edited, their gaps are shown on purpose.
            assert path.startswith(EDITORS) or not BRACES.search(seen), (lang, path, BRACES.findall(seen))
            assert f'<html lang="{lang}"' in answer.text, (lang, path)
            words = set(seen.split())
            assert [key for key in keys if key in words] == [], (lang, path)
            pages[f"{lang} {path}"] = seen
    return pages


def place_of(tmp_path: Path) -> Place:
    return Place(tmp_path, plugins=(expert_finder,), settings=settings())


def people(place: Place) -> None:
    place.forum.add_member("claire", name="")
    place.forum.add_group("animation", "claire")
    place.forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())


def test_an_empty_forum_is_explained_on_every_page(tmp_path: Path) -> None:
    """Connected to a forum without a single topic, every page says what comes next, in both languages."""
    with place_of(tmp_path) as place:
        people(place)
        place.settle()
        pages = opened(place, "claire", "/console", "/me", "/why")

        assert len(pages) > 20
        assert "passerelle import --forum" in pages["fr /console"]
        assert "passerelle import --forum" in pages["en /console/health"]


def test_odd_people_topics_and_posts_break_no_page(tmp_path: Path) -> None:
    """A member without a name, a topic deleted under our act, a post of 200 kB, an act about somebody gone: every page
    opens in both languages.
    """
    with place_of(tmp_path) as place:
        people(place)
        forum = place.forum
        nameless = forum.add_member("x_1", name="")
        place.let("expert_finder", "propose")
        forum.set(max_post_length=300_000)
        long = place.ask("Where does the manual of the pump begin?")
        nameless.reply(long, "The whole manual follows, word for word. " + "pump and valve " * 13_500)
        gone = nameless.topic("general", "A topic that will not stay here long", "It is about pumps and valves.")
        forum.add_member("leaving", name="Somebody Leaving")
        forum.as_member("leaving").reply(long, "I have mended that pump once, with a new seal.")
        place.settle()
        assert len(place.service.archive.posts_of_topic(long)[1].text) >= 200_000
        forum.staff.delete_topic(gone)
        forum.staff.destroy("leaving")
        for _ in range(3):
            place.pass_time(hours=20)

        assert len(opened(place, "claire", "/console", "/me")) > 20
        assert opened(place, "x_1", "/me")


@pytest.mark.parametrize("kind", ["chat_message", "solved", "calendar_event", "post", "x" * 300])
def test_unknown_kinds_of_events_are_taken_and_forgotten(tmp_path: Path, kind: str) -> None:
    """What a forum's own plugins invent is answered as Discourse wants and changes nothing."""
    from tests.journeys.test_at_the_door import deliver

    with place_of(tmp_path) as place:
        place.settle()
        before: list[Any] = place.acts()
        answer = deliver(place, f"{kind}_shouted"[:90], kind, json.dumps({kind: {"id": 1, "topic_id": 2}}).encode())
        place.settle()

        assert answer.status_code in (202, 400)
        assert place.acts() == before
        assert place.worker.deliveries.inbox.counts()["quarantined"] == 0
