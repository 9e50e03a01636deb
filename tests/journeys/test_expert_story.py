"""A question is asked and people are named, as those see it whom it concerns: asker, experts, the community manager."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from plugins.expert_finder import plugin as expert_finder
from tests.journeys.month_of_help import EXCEL, EXPERTS, how, join, live
from tests.journeys.people import Browser, settings
from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place
from webhooks.modes import set_mode


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Four weeks of help on Excel and kanban, a manager, and a plugin that may act; it is a Friday, 9:00."""
    with Place(tmp_path, plugins=(expert_finder,), settings=settings()) as place:
        forum = place.forum
        join(place)
        forum.staff.set_roles("claire", moderator=True)
        forum.add_group("animation", "claire")
        forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        live(place)
        yield place


def ask(place: Place, who: str = "lea", title: str = "How do I work with a pivot table?") -> int:
    """Somebody asks something about Excel, and the room's usual answer time passes."""
    topic = place.forum.as_member(who).topic("general", title, how(EXCEL))
    place.settle()
    place.pass_time(hours=3)
    return topic


def messages(place: Place, who: str) -> list[list[str]]:
    """Our private conversations with a member, each as the texts of its posts that stand."""
    found = []
    for topic in place.forum.as_member(who).inbox():
        posts = place.forum.posts(topic["id"])
        if posts[0]["user_id"] != place.forum.as_member(place.bot).id:
            continue
        found.append([post["raw"] for post in posts if not post["deleted_at"] and not post["user_deleted"]])
    return found


def named(text: str) -> set[str]:
    """Usernames of the experts in the lines of a list."""
    lines = [line for line in text.splitlines() if line.startswith("- ")]
    return {name for name in EXPERTS if any(name.title() in line for line in lines)}


def say_no(place: Place, who: str, answer: str) -> None:
    """Somebody opens the own page, follows the link of this answer under the latest suggestion, and confirms."""
    browser = Browser(place, who).login("/me")
    page = browser.get("/me").text
    labels = {"not_now": "not now", "not_here": "not this one", "never": "never for me"}
    link = re.search(rf'href="([^"]*/f/[^"]+)"[^>]*>\s*{labels[answer]}', page)
    assert link is not None
    path = link[1].removeprefix("http://127.0.0.1:8100")
    assert browser.get(path).status_code == 200
    assert browser.send(path).status_code == 200
    browser.close()
    place.settle()


def test_the_asker_gets_a_message_with_reasons_and_links_that_open(place: Place) -> None:
    """Nothing before the usual time; then one message: two who know, why, up to three links each, and no @."""
    topic = place.forum.as_member("lea").topic("general", "How do I work with a pivot table?", how(EXCEL))
    place.settle()
    place.pass_time(hours=1)
    assert messages(place, "lea") == []
    place.pass_time(hours=2)
    [[text]] = messages(place, "lea")
    assert named(text) == {"xavier", "xenia"}
    assert "@" not in text
    assert f"/t/{topic}" in text
    cookies = {"_t": place.forum.as_member("lea").login()}
    for line in [line for line in text.splitlines() if line.startswith("- ")]:
        links = re.findall(r"\]\((/t/[\d/]+)\)", line)
        assert 1 <= len(links) <= 3
        for link in links:
            assert requests.get(place.server.url + link, cookies=cookies, timeout=10).status_code == 200
    place.pass_time(days=4)
    assert len(messages(place, "lea")) == 1
    for name in EXPERTS:
        assert messages(place, name) == []


def test_a_decline_that_nobody_sees(place: Place) -> None:
    """Xavier passes this one on by a click on his own page: the message is edited, and no word says that he did."""
    ask(place)
    say_no(place, "xavier", "not_here")
    [[text]] = messages(place, "lea")
    assert named(text) == {"xenia"}
    assert "declin" not in text
    place.pass_time(days=3)
    ask(place, "asker1", "How do I work with a filter?")
    [[other]] = messages(place, "asker1")
    assert "xavier" in named(other)


def test_not_now_is_for_a_month_and_never_is_for_ever(place: Place) -> None:
    """Xavier snoozes, Xenia never wants it again: a month later he is named again, and she is not."""
    ask(place)
    say_no(place, "xavier", "not_now")
    say_no(place, "xenia", "never")
    [[text]] = messages(place, "lea")
    assert named(text) == set()
    assert "nobody free" in text
    place.pass_time(days=4)
    ask(place, "asker1", "How do I work with a filter?")
    assert messages(place, "asker1") == []
    place.pass_time(days=33, hours=18)
    ask(place, "asker2", "How do I work with a macro?")
    [[text]] = messages(place, "asker2")
    assert named(text) == {"xavier"}
    page = Browser(place, "xenia").login("/me").get("/me").text
    assert re.search(r'name="plugin:expert_finder" value="1">', page), "her own page shows that it is switched off"


def test_who_is_away_or_suspended_is_not_named(place: Place) -> None:
    """Xavier says on his own page that he is away, Xenia is suspended: nobody is named, and nobody is told why."""
    browser = Browser(place, "xavier").login("/me")
    browser.get("/me")
    until = (place.service.clock.now() + timedelta(days=10)).date()
    browser.send("/me", **{"plugin:expert_finder": "1", "away_until": until.isoformat()})
    place.forum.staff.suspend("xenia", place.service.clock.now() + timedelta(days=10))
    place.settle()
    ask(place)
    assert messages(place, "lea") == []


def public_place(place: Place) -> Browser:
    """Claire wants a public reply in the general room, after her approval; both Excel people agreed to be named."""
    claire = Browser(place, "claire").login()
    room = str(place.general)
    claire.get(f"/console/plugins/expert_finder/settings?category={room}")
    saved = claire.send("/console/plugins/expert_finder/settings", category=room, own="place", place="reply")
    assert saved.status_code == 200
    with place.service.database.begin() as connection:
        now = place.service.clock.now()
        set_mode(connection, 1, "expert_finder", "propose", who="claire", now=now, category_id=place.general)
    for name in ("xavier", "xenia"):
        browser = Browser(place, name).login("/me")
        browser.get("/me")
        browser.send("/me", **{"plugin:expert_finder": "1", "named:expert_finder": "1"})
        browser.close()
    return claire


def approve(claire: Browser) -> None:
    page = claire.get("/console/queue").text
    path = re.search(r'action="([^"]+/approve)"', page)
    assert path is not None
    claire.send(path[1])
    claire.place.settle()


def test_a_public_reply_waits_for_the_manager_then_follows_what_changes(place: Place) -> None:
    """Approved, posted once, edited when Xavier passes on, and withdrawn when Karim answers the question."""
    claire = public_place(place)
    topic = ask(place)
    assert place.bot_posts() == []
    approve(claire)
    [reply] = place.bot_posts()
    assert reply["topic_id"] == topic
    assert named(reply["raw"]) == {"xavier", "xenia"}
    assert "@" not in reply["raw"]
    assert messages(place, "lea") == []

    say_no(place, "xavier", "not_here")
    if place.acts(verb="edit", state="proposed"):
        approve(claire)
    [edited] = place.bot_posts()
    assert edited["id"] == reply["id"]
    assert named(edited["raw"]) == {"xenia"}

    place.pass_time(hours=1)
    assert len(place.bot_posts()) == 1, "our own reply is no answer"
    place.forum.as_member("karim").reply(topic, "I would put both plants' rows in one list first, then pivot that.")
    place.settle()
    if place.acts(verb="delete_own", state="proposed"):
        approve(claire)
    assert place.bot_posts() == []


def test_who_did_not_agree_is_not_in_a_public_reply(place: Place) -> None:
    """Nobody agreed to be named in public: nothing is proposed, however well they know the subject."""
    claire = public_place(place)
    for name in ("xavier", "xenia"):
        browser = Browser(place, name).login("/me")
        browser.get("/me")
        browser.send("/me", **{"plugin:expert_finder": "1"})
        browser.close()
    ask(place)
    assert "/approve" not in claire.get("/console/queue").text
    assert place.bot_posts() == []


@pytest.mark.parametrize(
    ("lang", "title", "about"),
    [
        ("en", "Subjects and who covers them", "Names people who may help"),
        ("fr", "Sujets et qui les porte", "Propose des personnes qui pourraient aider"),
    ],
)
def test_a_manager_reads_every_page_in_one_language(tmp_path: Path, lang: str, title: str, about: str) -> None:
    """Whatever language the forum speaks: pages, what the plugin says of itself and its measures follow the reader."""
    with Place(tmp_path, plugins=(expert_finder,), settings=settings()) as place:
        place.forum.add_member("claire", created_at=MONDAY - timedelta(days=400))
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        place.let("expert_finder")
        claire = Browser(place, "claire")
        claire.http.headers["Accept-Language"] = lang
        claire.login()
        page = claire.get("/console/plugins/expert_finder/page/coverage").text
        assert f"<h1>{title}</h1>" in page
        assert about in claire.get("/console/plugins/expert_finder").text
        measures = claire.get("/console/plugins/expert_finder/measures").text
        assert "answered 7d" not in measures
