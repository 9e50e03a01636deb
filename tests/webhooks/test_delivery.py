"""Acts on their way into the forum: modes, once, markers, and what happens when an answer is lost."""

from pathlib import Path
from typing import Any

import pytest

from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing, greeter
from webhooks import desk, duty, pause, peace
from webhooks.settings_store import HOST, save


def greetings(place: Place, topic: int) -> list[dict[str, Any]]:
    """The bot's greetings that stand in a topic."""
    return [post for post in place.forum.posts(topic) if "Welcome here" in post["raw"] and not post["user_deleted"]]


def test_a_reply_is_posted_once_with_its_marker(tmp_path: Path, database_url: str) -> None:
    """In act mode what a plugin asks for stands in the forum, once, however often the event is told."""
    with Place(tmp_path, database_url, (greeter(),)) as place:
        place.let("greeter")
        topic = place.ask()
        place.settle()
        place.settle()

        [post] = greetings(place, topic)
        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["post_id"]) == ("sent", post["id"])
        assert f"<!-- passerelle:{act['marker']} -->" in post["raw"]
        assert "passerelle:" not in post["cooked"]


def test_a_plugin_starts_by_watching(tmp_path: Path, database_url: str) -> None:
    """Before a manager says so, an act is written down with its reason and nothing is said in the forum."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        topic = place.ask()
        place.settle()

        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["why"]) == ("watched", "A new topic.")
        assert greetings(place, topic) == []


def test_a_proposal_waits_for_a_manager(tmp_path: Path, database_url: str) -> None:
    """In propose mode a manager takes it, changes its words, lets it go; a second person sees that it is taken."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter", "propose")
        topic = place.ask()
        place.settle()
        [act] = place.acts(plugin="greeter")
        assert (act["state"], greetings(place, topic)) == ("proposed", [])

        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            desk.take(connection, 1, act["id"], "claire", now)
        with place.service.database.begin() as connection, pytest.raises(desk.Refusal, match="claire"):
            desk.approve(connection, 1, act["id"], "denis", now)
        with place.service.database.begin() as connection:
            desk.approve(connection, 1, act["id"], "claire", now, text="Welcome here, Léa, says Claire herself.")
        place.settle()

        [post] = greetings(place, topic)
        assert "says Claire herself" in post["raw"]


def test_a_proposal_lapses_once_somebody_answered(tmp_path: Path, database_url: str) -> None:
    """Nobody approves what is no longer needed: an answer by a member lets the proposal lapse."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter", "propose")
        place.forum.add_member("omar")
        topic = place.ask()
        place.settle()
        place.forum.as_member("omar").reply(topic, "Begin with the dead wood, in February, on a dry day.")
        place.pass_time(minutes=5)

        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["note"]) == ("lapsed", "answered")


def test_a_proposal_lapses_after_a_week(tmp_path: Path, database_url: str) -> None:
    """What no manager looked at within seven days is not said any more."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter", "propose")
        place.ask()
        place.settle()
        place.pass_time(days=7, minutes=1)

        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["note"]) == ("lapsed", "too_old")


def test_words_about_conduct_are_never_sent_unseen(tmp_path: Path, database_url: str) -> None:
    """An act about somebody's conduct is proposed even where its plugin may act."""

    def remark(event: Any, ctx: Any) -> None:
        ctx.forum.reply(event.topic().id, "Please stay kind to each other.", once="remark", why="Tone.", conduct=True)

    with Place(tmp_path, database_url, plugins=(doing(remark),)) as place:
        place.let("sample")
        place.ask()
        place.settle()

        assert [act["state"] for act in place.acts(plugin="sample")] == ["proposed"]


@pytest.mark.parametrize("fault", ["error_after", "cut_after", "html_after"])
def test_a_lost_answer_makes_no_second_post(tmp_path: Path, database_url: str, fault: str) -> None:
    """The forum took the post and its answer was lost: the post is found again, and stands there once."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        place.forum.faults.add(fault, method="POST", path="/posts")
        topic = place.ask()
        place.settle()
        for _ in range(6):
            place.pass_time(seconds=40)

        [post] = greetings(place, topic)
        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["post_id"]) == ("sent", post["id"])


@pytest.mark.parametrize("fault", ["error_before", "cut_before", "down", "too_many"])
def test_what_was_not_done_is_done_later(tmp_path: Path, database_url: str, fault: str) -> None:
    """The forum did not take the post, whether it said so or fell silent: later it stands there, once."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        place.forum.faults.add(fault, method="POST", path="/posts")
        topic = place.ask()
        place.settle()
        for _ in range(6):
            place.pass_time(seconds=40)

        assert len(greetings(place, topic)) == 1


def test_when_nobody_can_tell_a_manager_is_asked(tmp_path: Path, database_url: str) -> None:
    """The answer was lost and the forum stayed away beyond its own memory: people look, and nothing is sent twice."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        place.forum.faults.add("error_before", method="POST", path="/posts")
        place.ask()
        place.settle()
        place.forum.pass_time(__import__("datetime").timedelta(minutes=20))
        place.settle()

        [act] = place.acts(plugin="greeter")
        assert (act["state"], act["note"]) == ("unsure", "ask_manager")
        with place.service.database.begin() as connection:
            assert [one["kind"] for one in peace.open_alerts(connection, 1)] == ["unsure"]
            desk.answer_unsure(connection, 1, act["id"], "claire", place.service.clock.now(), was_sent=False)
        place.settle()
        assert [one["state"] for one in place.acts(plugin="greeter")] == ["sent"]


@pytest.mark.parametrize("fault", ["error_after", "cut_before", "cut_after"])
def test_a_message_is_found_by_its_external_id(tmp_path: Path, database_url: str, fault: str) -> None:
    """A private message whose answer was lost reaches its member once."""
    with Place(tmp_path, database_url, plugins=(greeter(verb="message"),)) as place:
        place.let("greeter")
        place.forum.faults.add(fault, method="POST", path="/posts")
        place.ask()
        place.settle()
        for _ in range(5):
            place.pass_time(seconds=40)

        assert [topic["title"] for topic in place.forum.as_member("lea").inbox()].count("Welcome to this place") == 1
        assert [act["state"] for act in place.acts(plugin="greeter")] == ["sent"]


def test_everything_can_be_paused(tmp_path: Path, database_url: str) -> None:
    """After "Pause everything" nothing is sent, whatever was under way; the forum is still remembered."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        with place.service.database.begin() as connection:
            pause.pause(connection, 1, "claire", place.service.clock.now())
        topic = place.ask()
        place.settle()

        assert greetings(place, topic) == []
        assert place.service.archive.topic(topic) is not None
        assert [(act["state"], act["note"]) for act in place.acts()] == [("watched", "paused")]


def test_with_nobody_on_duty_plugins_only_watch(tmp_path: Path, database_url: str) -> None:
    """While the one manager is away without a deputy, acts are written down and not sent."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            duty.put_on_duty(connection, 1, "claire", now)
            days = __import__("datetime").timedelta(days=3)
            duty.add_absence(connection, 1, "claire", now, now + days)
        topic = place.ask()
        place.settle()
        assert [act["note"] for act in place.acts()] == ["nobody_on_duty"]

        with place.service.database.begin() as connection:
            duty.put_on_duty(connection, 1, "denis", now, deputy=True)
        second = place.ask("When do I plant garlic in the garden?")
        place.settle()
        assert (greetings(place, topic), len(greetings(place, second))) == ([], 1)


def test_a_topic_left_in_peace_hears_nothing(tmp_path: Path, database_url: str) -> None:
    """What its author or a manager asked to be left in peace feeds no act until it is released."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        topic = place.ask()
        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            peace.leave_in_peace(connection, 1, topic, kind="author", who="lea", now=now)
        place.settle()
        assert greetings(place, topic) == []

        with place.service.database.begin() as connection:
            peace.release(connection, 1, topic)
        place.pass_time(minutes=16)
        assert len(greetings(place, topic)) == 1


def test_a_sent_reply_can_be_undone(tmp_path: Path, database_url: str) -> None:
    """A manager's "undo" deletes our reply; the act shows as undone."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        topic = place.ask()
        place.settle()
        [act] = place.acts(plugin="greeter")
        with place.service.database.begin() as connection:
            assert desk.undo(connection, 1, act["id"], "claire", place.service.clock.now()) == "deleted"
        place.settle()

        assert greetings(place, topic) == []
        assert [one["state"] for one in place.acts(plugin="greeter")] == ["undone"]


def test_the_days_allowance_is_spent_and_the_rest_waits(tmp_path: Path, database_url: str) -> None:
    """With two messages a day allowed, the third waits, is shown as waiting, and goes the next day."""
    with Place(tmp_path, database_url, plugins=(greeter(verb="message"),)) as place:
        place.let("greeter")
        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            save(connection, 1, HOST, {"messages_per_day": 3, "attention_per_week": 50, "stop_after": 20},
                 who="claire", now=now)  # fmt: skip
        for number in range(3):
            place.ask(f"Question number {number} about pruning trees")
        place.settle()
        states = sorted((act["state"], act["note"]) for act in place.acts(plugin="greeter"))
        assert states == [("due", "allowance"), ("sent", ""), ("sent", "")]

        place.pass_time(days=1, minutes=5)
        assert {act["state"] for act in place.acts(plugin="greeter")} == {"sent"}


def test_quiet_hours_are_kept(tmp_path: Path, database_url: str) -> None:
    """What comes up at night is said in the morning."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        place.pass_time(hours=13)
        topic = place.ask()
        place.settle()
        assert (greetings(place, topic), [act["note"] for act in place.acts()]) == ([], ["quiet_hours"])

        place.pass_time(hours=10)
        assert len(greetings(place, topic)) == 1


def test_who_never_reacts_is_left_alone(tmp_path: Path, database_url: str) -> None:
    """After three messages without any reaction we stop writing to a member."""
    with Place(tmp_path, database_url, plugins=(greeter(verb="message"),)) as place:
        place.let("greeter")
        for number in range(4):
            place.ask(f"Question number {number} about pruning trees")
            place.settle()

        assert [act["state"] for act in place.acts(plugin="greeter")] == ["sent", "sent", "sent", "lapsed"]
        assert place.acts(state="lapsed")[0]["note"] == "no_reaction"
