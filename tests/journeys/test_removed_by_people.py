"""What managers see of a quarrel and of removals, on a forum that answers as Discourse does."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from plugins.netiquette import plugin
from plugins.netiquette.tables.cases import verdicts
from tests.plugins.netiquette.test_heating_threads import QUARREL
from tests.webhooks.place import Place
from webhooks import desk, modes, peace

PHONE = "Appelle Sylvie sur son portable perso, c'est le 06 12 34 56 78, elle ne dira rien du tout."


@pytest.fixture
def place(tmp_path: Path, database_url: str) -> Any:
    with Place(tmp_path, database_url, plugins=(plugin,)) as found:
        found.let("netiquette", "propose")
        found.forum.add_member("omar")
        found.forum.add_member("claire", name="Claire Le Goff", moderator=True)
        yield found


def _drafts(place: Place) -> list[Any]:
    return [one for one in place.acts(plugin="netiquette", verb="message") if one["once"].startswith("removed:")]


def test_a_removal_by_a_moderator_is_explained_by_a_moderator(place: Place) -> None:
    """Claire removes a post; the draft waits for her, goes out in her name, and its author can answer her."""
    topic = place.ask()
    post = place.forum.as_member("omar").reply(topic, PHONE)
    for _ in range(3):
        place.pass_time(minutes=4)
    place.forum.staff.delete_post(post)
    place.settle()
    [draft] = _drafts(place)
    assert draft["state"] == "proposed"
    assert "06 12 34 56 78" in draft["text"]

    with place.service.database.begin() as connection:
        desk.approve(connection, 1, draft["id"], "claire", place.service.clock.now())
    place.settle()
    [sent] = _drafts(place)
    assert sent["state"] == "sent", sent["note"]
    said = place.bot_posts()[-1]["raw"]
    assert "Claire Le Goff" in said
    assert "/feedback/" in said, "there is a way to contest"


def test_a_post_taken_back_by_its_author_is_nobody_s_business(place: Place) -> None:
    """Whoever deletes his own post gets no explanation of it."""
    topic = place.ask()
    post = place.forum.as_member("omar").reply(topic, PHONE)
    place.settle()
    place.forum.as_member("omar").delete(post)
    place.settle()
    assert _drafts(place) == []


def test_an_account_that_is_destroyed_is_written_to_no_more(place: Place) -> None:
    """With the account go its posts, and no draft is left behind."""
    place.forum.as_member("omar").reply(place.ask(), PHONE)
    place.settle()
    place.forum.staff.destroy("omar")
    place.settle()
    assert [one["state"] for one in _drafts(place) if one["state"] == "proposed"] == []


def test_a_quarrel_is_told_closed_and_judged(place: Place) -> None:
    """Two members quarrel: one alert; claire closes it as right, and the clause's precision knows."""
    topic = place.ask(QUARREL[0] + " I cannot find the way.")
    for n, text in enumerate(QUARREL[1:], 1):
        place.forum.as_member("omar" if n % 2 else "lea").reply(topic, text)
        place.pass_time(minutes=6)
    with place.service.database.read() as connection:
        [alert] = [one for one in peace.open_alerts(connection, 1) if one["kind"] == "heating"]
    assert alert["topic_id"] == topic
    with place.service.database.begin() as connection:
        peace.close_alert(connection, 1, int(str(alert["id"])), "claire", place.service.clock.now(), True)
    place.pass_time(minutes=40)
    with place.service.database.read() as connection:
        said = connection.execute(select(verdicts).where(verdicts.c.by == "claire")).mappings().all()
        assert modes.mode_of(connection, 1, "netiquette", None, "heating") == "propose"
    assert [one["right"] for one in said] == [True]
