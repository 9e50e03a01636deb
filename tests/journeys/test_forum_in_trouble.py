"""A forum in trouble, lived through by the whole place: the memory waits, the console says so, nothing comes twice."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing

READ_ONLY = r"en lecture seule|read-only"
AWAY = r"n’a pas répondu au dernier essai|did not answer at the last try"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A plugin that greets every asker, and Claire who looks after the community."""

    def greet(event: Any, ctx: Any) -> None:
        number = event.topic().id
        ctx.forum.reply(number, f"Welcome here, somebody will come to topic {number}.", once=f"g:{number}", why="New.")

    with Place(tmp_path, plugins=(doing(greet, name="greeter"),), settings=settings()) as place:
        place.forum.add_member("omar")
        place.forum.add_member("claire")
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())
        place.let("greeter")
        yield place


def greetings(place: Place, topic: int) -> int:
    """How often the bot greets in a topic, deleted posts included."""
    return sum("Welcome here" in post["raw"] for post in place.forum.posts(topic) if not post["user_deleted"])


def whole_memory(place: Place) -> list[Any]:
    """Every post and topic that the memory holds."""
    archive = place.service.archive
    posts = list(archive.all_posts(archive.audience_public()))
    return [*posts, *archive.topics(archive.audience_public(), limit=500)]


def console_says(claire: Browser, pattern: str) -> bool:
    """Whether home and the connection page say this."""
    pages = [claire.get(path).text for path in ("/console", "/console/health")]
    return all(re.search(pattern, page) for page in pages)


def test_read_only_forum_is_read_and_written_to_later(place: Place) -> None:
    """While a backup runs news are still read, the console names the cause, and our reply goes out once, afterwards."""
    claire = Browser(place, "claire").login()
    first = place.ask()
    place.forum.set(read_only=True)
    for _ in range(10):
        place.pass_time(minutes=1)

    assert place.service.archive.topic(first) is not None
    assert greetings(place, first) == 0
    assert [(act["state"], act["note"]) for act in place.acts()] == [("retry", "forum_away")]
    assert console_says(claire, READ_ONLY)
    assert not console_says(claire, AWAY)

    place.forum.set(read_only=False)
    for _ in range(20):
        place.pass_time(minutes=1)
    assert greetings(place, first) == 1
    assert [act["state"] for act in place.acts()] == ["sent"]
    assert not console_says(claire, READ_ONLY)


def test_slow_forum_is_given_up_in_time(place: Place) -> None:
    """A forum that lets us wait holds nobody up: each try ends at its limit, and all is caught up with afterwards."""
    claire = Browser(place, "claire").login()
    topic = place.ask()
    place.settle()
    assert greetings(place, topic) == 1
    before = whole_memory(place)
    place.service.forum.client.timeout = (0.2, 0.05)

    place.forum.faults.add("slow", times=None, seconds=0.2)
    place.forum.as_member("omar").reply(topic, "Begin with the dead wood, in February, on a dry day.")
    second = place.ask("When do I plant garlic in the garden?")
    place.pass_time(minutes=3)
    assert whole_memory(place) == before
    assert console_says(claire, AWAY)
    place.forum.faults.clear()
    place.service.forum.client.timeout = (5.0, 20.0)
    for _ in range(10):
        place.pass_time(minutes=1)

    assert len(place.service.archive.posts_of_topic(topic)) == 3
    assert (greetings(place, topic), greetings(place, second)) == (1, 1)
    assert console_says(claire, "Tout va bien|All is well")


def cut_after(place: Place) -> None:
    """The forum takes the post and hangs up before it answers, and is gone altogether for a while."""
    place.forum.faults.add("cut_after", method="POST", path="/posts")


def page_after(place: Place) -> None:
    """The forum takes the post, and a page of maintenance comes instead of its answer."""
    place.forum.faults.add("html_after", method="POST", path="/posts")


@pytest.mark.parametrize("trouble", [cut_after, page_after])
@pytest.mark.parametrize("meanwhile", ["down", "html", "cut_before"])
def test_a_post_of_which_no_word_came_back_stands_once(
    place: Place, trouble: Callable[[Place], None], meanwhile: str
) -> None:
    """The answer to our post is lost, then the forum is away for a while: the post stands there once, and is known."""
    claire = Browser(place, "claire").login()
    trouble(place)
    topic = place.ask()
    place.forum.hooks.deliver_all()
    while not place.acts() or place.acts()[0]["state"] != "unsure":
        assert place.worker.step()
    before = whole_memory(place)

    place.forum.faults.add(meanwhile, times=None)
    for minutes in (1, 9, 10, 5):
        place.pass_time(minutes=minutes)
    assert whole_memory(place) == before
    assert console_says(claire, AWAY)
    assert [act["state"] for act in place.acts()] == ["unsure"]

    place.forum.faults.clear()
    for _ in range(10):
        place.pass_time(minutes=1)
    assert greetings(place, topic) == 1
    [act] = place.acts()
    assert (act["state"], len(place.bot_posts())) == ("sent", 1)
    assert place.service.archive.post(act["post_id"]) is not None
    assert console_says(claire, "Tout va bien|All is well")


def test_what_went_wrong_is_said_in_the_readers_language(place: Place) -> None:
    """Claire reads French: the connection page tells her in French what is wrong with the forum."""
    claire = Browser(place, "claire").login()
    claire.get("/console")
    claire.send("/look/language", language="fr", back="/console")
    place.forum.faults.add("down", times=None)
    place.pass_time(minutes=3)

    page = claire.get("/console/health").text
    assert "Le forum a lui-même un problème (503)." in page
    assert "The forum has trouble" not in page
    assert "Dernier essai" in page


def test_when_nobody_can_tell_the_managers_are_asked_in_their_language(place: Place) -> None:
    """The forum fell silent over a post for longer than it remembers: Claire is asked in French, looks, and it is sent
    once.
    """
    claire = Browser(place, "claire").login()
    claire.get("/console")
    claire.send("/look/language", language="fr", back="/console")
    place.forum.faults.add("error_before", method="POST", path="/posts")
    topic = place.ask()
    place.settle()
    place.pass_time(minutes=20)

    assert "Est-ce parti" in claire.get("/console/alerts").text
    activity = claire.get("/console/activity").text
    assert "on ne peut pas voir si ceci s’y trouve" in activity
    [act] = place.acts(plugin="greeter")
    for page in ("/console/alerts", "/console/activity"):
        assert not re.search("Was this sent|ask_manager|answer was lost", claire.get(page).text), page

    claire.send(f"/console/activity/{act['id']}/settle", there="0")
    place.settle()
    assert greetings(place, topic) == 1
    assert [one["state"] for one in place.acts(plugin="greeter")] == ["sent"]
