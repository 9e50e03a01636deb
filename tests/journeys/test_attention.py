"""A member's attention over several plugins (P10), lived through: budget, quiet hours, allowance, and what shows it."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from tests.journeys.people import Browser, settings
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing
from webhooks.settings_store import HOST, save


def writing(name: str, urgency: str) -> Plugin:
    """Writes a message to whoever asked something."""

    def write(event: Any, ctx: Any) -> None:
        topic = event.topic()
        ctx.forum.message(topic.user_id, f"{name.title()} about {topic.id}", f"{name}: somebody may help you there.",
                          urgency=urgency, once=f"m:{topic.id}", why="A question.", topic=topic.id)  # fmt: skip

    return doing(write, name=name)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Two plugins that write to members, one in a hurry and one not; Claire looks after the community."""
    plugins = (writing("hasty", "now"), writing("slow", "whenever"))
    with Place(tmp_path, plugins=plugins, settings=settings()) as place:
        place.forum.set(max_topics_per_day=0)
        place.forum.add_member("claire")
        for name in ("omar", "nina"):
            place.forum.add_member(name, created_at=place.service.clock.now() - timedelta(days=300))
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())
        for plugin in plugins:
            place.let(plugin.name)
        yield place


def wish(place: Place, **values: Any) -> None:
    """What the managers set for the whole forum."""
    with place.service.database.begin() as connection:
        save(connection, 1, HOST, values, who="claire", now=place.service.clock.now())


def notes(place: Place) -> dict[str, list[str]]:
    """By plugin, how its acts stand."""
    found: dict[str, list[str]] = {}
    for act in place.acts():
        found.setdefault(act["plugin"], []).append(act["note"] or act["state"])
    return found


def inbox(place: Place, who: str) -> int:
    """How many messages of the two plugins a member has; the forum's own welcome is none."""
    return sum(" about " in topic["title"] for topic in place.forum.as_member(who).inbox())


def test_two_plugins_share_a_members_week_and_nights(place: Place) -> None:
    """At night nobody writes; in the morning the urgent plugin comes first, the other only while there is attention
    left; Claire reads why the rest waits; and a week later it goes out.
    """
    wish(place, attention_per_week=3, stop_after=20)
    place.pass_time(hours=12)
    place.ask("How do I prune an old apple tree?")
    place.pass_time(minutes=10)
    place.ask("And how do I graft a young pear tree?")
    place.pass_time(minutes=10)
    assert notes(place) == {"hasty": ["quiet_hours"] * 2, "slow": ["quiet_hours"] * 2}
    assert inbox(place, "lea") == 0
    page = Browser(place, "claire").login().get("/console/activity").text
    assert re.search("Attend la fin des heures calmes|Waits for the end of the quiet hours", page)

    place.pass_time(hours=12)
    assert notes(place)["hasty"] == ["sent", "sent"]
    assert sorted(notes(place)["slow"]) == ["attention", "sent"]
    assert inbox(place, "lea") == 3
    page = Browser(place, "claire").login().get("/console/activity").text
    assert re.search("le membre a reçu assez de messages cette semaine|has had enough messages this week", page)

    place.pass_time(days=6)
    assert inbox(place, "lea") == 3
    place.forum.as_member("omar").topic("general", "What is a good saw for branches?", "I have an old one, it bends.")
    place.settle()
    assert inbox(place, "omar") == 2, "another member's attention is another's"


def test_the_days_allowance_goes_to_the_urgent_over_all_plugins(place: Place) -> None:
    """With four messages a day left over all plugins, those in a hurry are sent first; what waits, and for what, stands
    on the connection page; and nothing is lost: the next days it goes out.
    """
    wish(place, messages_per_day=4, attention_per_week=50, stop_after=20)
    claire = Browser(place, "claire").login()
    for number, who in enumerate(("lea", "omar", "nina")):
        place.ask(f"Question number {number} about pruning old trees", who)
    place.settle()

    assert notes(place)["hasty"] == ["sent"] * 3
    assert set(notes(place)["slow"]) <= {"allowance", "sent"}
    waiting = notes(place)["slow"].count("allowance")
    assert waiting >= 2
    page = claire.get("/console/health").text
    shown = re.search(r"(?:encore|left)?[^<]*(?:En attente|Waits) (\d+)", page)
    assert shown is not None
    assert int(shown[1]) == waiting
    assert re.search("le quota du jour est épuisé|day’s allowance is used up", claire.get("/console/activity").text)

    for _ in range(3):
        place.pass_time(days=1, minutes=5)
    assert {act["state"] for act in place.acts()} == {"sent"}
    assert [inbox(place, who) for who in ("lea", "omar", "nina")] == [2, 2, 2]


def test_pause_holds_all_plugins_at_once_and_loses_nothing_said_before(place: Place) -> None:
    """Claire presses « Pause everything »: from that moment neither plugin writes; after it is lifted only what is
    asked for from then on goes out.
    """
    wish(place, attention_per_week=50, stop_after=20)
    claire = Browser(place, "claire").login()
    claire.get("/console")
    claire.send("/console/pause", pause="1")
    place.ask("How do I prune an old apple tree?")
    place.settle()
    assert (inbox(place, "lea"), {act["note"] for act in place.acts()}) == (0, {"paused"})

    claire.get("/console")
    claire.send("/console/pause", pause="0")
    place.ask("And how do I graft a young pear tree?")
    place.settle()
    assert inbox(place, "lea") == 2
