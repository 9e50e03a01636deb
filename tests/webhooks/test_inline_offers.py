"""One click on an offer: done once, for whoever was offered it, where it still makes sense, through the outbox."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Mode, Offer, Plugin
from tests.webhooks.inline_page import ForumPage, settings
from tests.webhooks.inline_samples import guide, saying, suggestion
from tests.webhooks.place import Place
from webhooks import pause, peace
from webhooks.erasure import erase
from webhooks.modes import set_mode
from webhooks.tables import taken

Open = Callable[..., Place]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """A place where Omar wrote about pruning and Léa asks about it."""
    places: list[Place] = []

    def open_(*plugins: Plugin, mode: Mode = "act", database_url: str = "") -> Place:
        place = Place(tmp_path, database_url=database_url, plugins=plugins, settings=settings()).__enter__()
        places.append(place)
        for plugin in plugins:
            place.let(plugin.name, mode)
        place.forum.add_member("omar", name="Omar Haddad")
        place.forum.as_member("omar").topic("general", "Pruning an old apple tree", "Cut the pruning wood in February.")
        place.settle()
        return place

    yield open_
    for place in places:
        place.__exit__(None, None, None)


def asked(place: Place) -> tuple[ForumPage, int, dict[str, Any]]:
    """Léa reads her own topic, and is shown whom she may ask."""
    topic = place.ask("How do I start with pruning an apple tree?")
    place.settle()
    lea = ForumPage(place, "lea").identify()
    found = lea.read(topic)
    assert found is not None
    assert found["offers"]
    return lea, topic, found


def test_a_click_asks_once(opened: Open) -> None:
    """The act is in the outbox when the answer comes; clicking again, in any tab, says the same and asks nobody."""
    place = opened(guide())
    lea, topic, found = asked(place)

    answer = lea.take(found)
    assert (answer.status_code, answer.json()) == (202, {"said": "We have asked them, politely."})
    [act] = place.acts(plugin="guide")
    omar = place.forum.as_member("omar").id
    assert (act["verb"], act["recipient_id"], act["topic_id"], act["state"]) == ("message", omar, topic, "due")
    assert act["cause"].startswith("offer:")
    again = [lea.take(found), ForumPage(place, "lea").identify().take(found)]
    assert [(one.status_code, one.json()) for one in again] == [(202, answer.json())] * 2
    assert len(place.acts()) == 1
    place.settle()
    assert len(place.bot_posts()) == 1

    shown = lea.read(topic)
    assert shown is not None
    [offer] = shown["offers"]
    assert (offer["done"], offer["said"]) == (True, "We have asked them, politely.")


def test_two_tabs_at_once_ask_once(opened: Open, database_url: str) -> None:
    """Two clicks in the same instant are one; both hear that it was done."""
    place = opened(guide(), database_url=database_url)
    lea, _, found = asked(place)
    said: list[Any] = []
    tabs = [threading.Thread(target=lambda: said.append(clicked(place, lea.token, found))) for _ in range(4)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join(60)

    assert said == [(202, {"said": "We have asked them, politely."})] * 4
    assert len(place.acts()) == 1


def clicked(place: Place, token: str, found: dict[str, Any]) -> tuple[int, Any]:
    page = ForumPage(place, "lea")
    page.token = token
    answer = page.take(found)
    return answer.status_code, answer.json()


def test_in_propose_a_manager_decides(opened: Open) -> None:
    """The member is thanked at once; what is sent waits for a manager."""
    place = opened(guide(), mode="propose")
    lea, _, found = asked(place)

    assert lea.take(found).status_code == 202
    assert [act["state"] for act in place.acts(plugin="guide")] == ["proposed"]


def test_an_offer_is_its_members_alone(opened: Open) -> None:
    """Nobody takes what was offered to somebody else, with other data, or with a word of another kind."""
    place = opened(guide())
    lea, _, found = asked(place)
    omar = ForumPage(place, "omar").identify()
    token = found["offers"][0]["token"]

    assert omar.take(found).status_code == 400
    for wrong in (token[:-1] + "_", "x" + token, found["verdict"], lea.token, ""):
        assert lea.post("/inline/offer", {"token": wrong}).status_code == 400, wrong
    place.pass_time(days=1, minutes=1)
    assert lea.identify().take(found).status_code == 400, "an offer of yesterday"
    assert place.acts(plugin="guide") == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("deleted", "This topic is not there any more"), ("closed", "This topic was closed meanwhile"),
        ("peace", "This is not offered here any more"), ("paused", "Everything is paused just now"),
        ("watch", "This is not offered here any more"), ("off", "This is not offered here any more"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_any_more_is_said_kindly(opened: Open, what: str, said: str) -> None:
    """Between reading and clicking a topic may go, close or be left in peace, and managers may stop things."""
    place = opened(guide())
    lea, topic, found = asked(place)
    now = place.service.clock.now()
    staff = place.forum.staff
    if what == "deleted":
        staff.delete_topic(topic)
    elif what == "closed":
        staff.close(topic)
    with place.service.database.begin() as connection:
        if what == "peace":
            peace.leave_in_peace(connection, 1, topic, kind="author", who="lea", now=now)
        elif what == "paused":
            pause.pause(connection, 1, "claire", now)
        elif what in ("watch", "off"):
            set_mode(connection, 1, "guide", what, who="claire", now=now)  # type: ignore[arg-type]
    place.settle()
    with place.service.database.begin() as connection:
        from webhooks import wishes

        wishes.wish(connection, 1, place.forum.as_member("lea").id, "speaks", subject="en", now=now)

    answer = lea.take(found)
    assert answer.status_code == 410
    assert answer.json()["said"].startswith(said)
    assert place.acts(plugin="guide") == []


def test_it_is_said_in_the_members_language(opened: Open) -> None:
    """Whoever mostly writes French hears it in French."""
    place = opened(guide())
    lea = place.forum.as_member("lea")
    lea.topic("general", "Quand faut-il tailler les rosiers du jardin ?", "Les miens ont gelé cet hiver.")
    lea.topic("general", "Où trouver du bon terreau près d'ici ?", "Celui du magasin est plein de bouts de plastique.")
    place.settle()
    page, topic, found = asked(place)
    place.forum.staff.delete_topic(topic)
    place.settle()

    assert page.take(found).json()["said"].startswith("Ce sujet n’est plus là")


def test_one_that_breaks_leaves_nothing_behind(opened: Open, capfd: pytest.CaptureFixture[str]) -> None:
    """A handler that raises asked for nothing; the member may try again later, and no word of the error is told."""
    place = opened(saying(suggestion(offers=(Offer("trip", "Trip"), Offer("thank", "Thank")))))
    lea = ForumPage(place, "lea").identify()
    found = lea.write("A title of some words")
    assert found is not None

    answer = lea.take(found, 0)
    assert (answer.status_code, answer.json(), answer.headers["Retry-After"]) == (503, {"error": "failed"}, "30")
    assert place.acts() == []
    assert lea.take(found, 1).json() == {"said": "Thanked."}
    assert [act["once"].split(":")[0] for act in place.acts()] == ["thanks"]
    said = capfd.readouterr()
    assert "CANARI" not in said.out + said.err


def test_erasure_reaches_what_was_said(opened: Open) -> None:
    """Neither who asked nor who was asked stays behind in what was said, once they are erased."""
    plugin = saying(suggestion(offers=(Offer("name", "Ask Omar"),)))
    plugin.offer("name")(lambda taken, ctx: "We have asked Omar Haddad.")
    place = opened(plugin)
    for name in ("lea", "claire"):
        if name == "claire":
            place.forum.add_member("claire")
        page = ForumPage(place, name).identify()
        found = page.write("A title of some words")
        assert found is not None
        assert page.take(found).json()["said"] == "We have asked Omar Haddad."
    assert len(said(place)) == 2

    erase(place.service, place.forum.as_member("claire").id)
    assert len(said(place)) == 1
    erase(place.service, place.forum.as_member("omar").id)
    assert said(place) == []


def said(place: Place) -> list[str]:
    with place.service.database.read() as connection:
        return list(connection.execute(taken.select().with_only_columns(taken.c.said)).scalars())


def test_what_was_said_is_dropped_in_time(opened: Open) -> None:
    """What was said is needed while the same offer may be shown again, and goes with the season."""
    place = opened(guide())
    lea, _, found = asked(place)
    lea.take(found)
    place.forum.pass_time(timedelta(days=130))
    place.settle()

    assert said(place) == []
