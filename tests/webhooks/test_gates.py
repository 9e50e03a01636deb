"""What holds an act back, and what becomes of one that the forum no longer lets us change."""

from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing, greeter
from webhooks import allowance, desk, peace
from webhooks.logs import set_up
from webhooks.settings_store import HOST, house_of, save


def amending(verb: str) -> Plugin:
    """Speaks in every new topic (or opens one of its own), and changes its words at every later reply."""
    plugin = Plugin("amending", about="Changes its mind.")

    @plugin.on("topic_created")
    def speak(event: Any, ctx: Any) -> None:
        topic = event.topic()
        if verb == "reply":
            ctx.forum.reply(topic.id, "These people may help: Omar.", once="first", why="A question.")
        else:
            ctx.forum.open_topic(topic.category_id, "What we learned about old trees", "These people helped: Omar.",
                                 once="first", why="A question.")  # fmt: skip

    @plugin.on("post_created")
    def change(event: Any, ctx: Any) -> None:
        if event.post().post_number > 1:
            ctx.forum.edit("first", "These people may help: Omar and Lina.", once="second", why="Lina agreed.")

    return plugin


def test_past_the_edit_limit_our_reply_is_withdrawn(tmp_path: Path, database_url: str) -> None:
    """Where the forum no longer lets us edit, a reply that is no longer right is deleted rather than left standing."""
    with Place(tmp_path, database_url, plugins=(amending("reply"),)) as place:
        place.let("amending")
        place.forum.set(post_edit_time_limit=60, tl2_post_edit_time_limit=60)
        place.forum.add_member("omar")
        topic = place.ask()
        place.settle()
        assert len(place.bot_posts()) == 1

        place.pass_time(hours=2)
        place.forum.as_member("omar").reply(topic, "I can come and look at it next week, with Lina.")
        place.settle()

        assert place.bot_posts() == []
        [edit] = place.acts(verb="edit")
        assert (edit["state"], edit["note"]) == ("refused", "too_late_deleted")


def test_past_the_edit_limit_managers_hear_of_an_opening_post(tmp_path: Path, database_url: str) -> None:
    """A topic of ours cannot be taken away under people's answers: a manager is told what should stand there."""
    with Place(tmp_path, database_url, plugins=(amending("open_topic"),)) as place:
        place.let("amending")
        place.forum.set(post_edit_time_limit=60, tl2_post_edit_time_limit=60)
        place.forum.add_member("omar")
        topic = place.ask()
        place.settle()
        place.pass_time(hours=2)
        place.forum.as_member("omar").reply(topic, "I can come and look at it next week, with Lina.")
        place.settle()

        assert len(place.bot_posts()) == 1
        with place.service.database.read() as connection:
            [alert] = peace.open_alerts(connection, 1)
        assert alert["kind"] == "edit_refused"
        assert "Omar and Lina" in str(alert["text"])


def test_a_topic_under_open_alert_feeds_nothing(tmp_path: Path, database_url: str) -> None:
    """While an alert is open on a topic no plugin speaks there; once a manager has dealt with it, it may."""

    def warn(event: Any, ctx: Any) -> None:
        ctx.forum.alert("tension", "Look here", "Two people quarrel.", once=f"a:{event.topic().id}", why="Tone.",
                        topic=event.topic().id, holds_topic=True)  # fmt: skip

    with Place(tmp_path, database_url, plugins=(doing(warn), greeter())) as place:
        place.let("sample")
        place.let("greeter")
        place.ask()
        place.settle()
        assert place.bot_posts() == []
        assert [act["note"] for act in place.acts(plugin="greeter")] == ["peace:alert"]

        with place.service.database.begin() as connection:
            [alert] = peace.open_alerts(connection, 1)
            peace.close_alert(connection, 1, int(str(alert["id"])), "claire", place.service.clock.now())
        place.pass_time(minutes=20)
        assert len(place.bot_posts()) == 1


def test_the_days_allowance_goes_to_what_is_urgent(tmp_path: Path, database_url: str) -> None:
    """Of two plugins with five messages left between them, the one in a hurry is served whole, and what waits shows."""

    def writing(urgency: str) -> Any:
        def write(event: Any, ctx: Any) -> None:
            topic = event.topic()
            ctx.forum.message(topic.user_id, f"About {topic.id}", "Somebody will come and help.", urgency=urgency,
                              once=f"m:{topic.id}", why="A question.", topic=topic.id)  # fmt: skip

        return write

    plugins = (doing(writing("whenever"), name="slow"), doing(writing("now"), name="hasty"))
    with Place(tmp_path, database_url, plugins) as place:
        place.let("slow")
        place.let("hasty")
        now = place.service.clock.now()
        with place.service.database.begin() as connection:
            save(connection, 1, HOST, {"messages_per_day": 5, "attention_per_week": 50, "stop_after": 20},
                 who="claire", now=now)  # fmt: skip
        for number in range(4):
            place.ask(f"Question number {number} about pruning trees")
        place.settle()

        assert [act["state"] for act in place.acts(plugin="hasty")] == ["sent"] * 4
        waiting = [act for act in place.acts(plugin="slow") if act["note"] == "allowance"]
        with place.service.database.read() as connection:
            rows = allowance.summary(connection, 1, house_of(connection, 1), {}, place.service.clock.now())
        shown = {row["verb"]: row for row in rows}
        assert shown["message"]["waiting"] == len(waiting) >= 3


def test_a_members_week_is_spent_over_all_plugins(tmp_path: Path, database_url: str) -> None:
    """With two messages a week and member, the third waits although another plugin asks for it, until there is room."""
    plugins = (greeter("one", "message"), greeter("two", "message"), greeter("three", "message"))
    with Place(tmp_path, database_url, plugins=plugins) as place:
        for plugin in plugins:
            place.let(plugin.name)
        with place.service.database.begin() as connection:
            save(connection, 1, HOST, {"attention_per_week": 2}, who="claire", now=place.service.clock.now())
        place.ask()
        place.settle()
        assert sorted(act["note"] for act in place.acts()) == ["", "", "attention"]

        place.pass_time(days=6, hours=23)
        assert len(place.acts(state="sent")) == 2


def test_a_holiday_is_quiet(tmp_path: Path, database_url: str) -> None:
    """On a public holiday nothing is said before the next working morning."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        # Easter Monday 2026 in France, at eleven in the morning.
        place.pass_time(days=35)
        place.ask()
        place.settle()
        assert [act["note"] for act in place.acts()] == ["quiet_hours"]

        place.pass_time(days=1)
        assert [act["state"] for act in place.acts()] == ["sent"]


def test_what_nobody_was_sent_can_be_taken_back(tmp_path: Path, database_url: str) -> None:
    """A manager's "undo" on what still waits lets it lapse; it is never said."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        place.let("greeter")
        place.pass_time(hours=13)
        place.ask()
        place.settle()
        [act] = place.acts()
        with place.service.database.begin() as connection:
            assert desk.undo(connection, 1, act["id"], "claire", place.service.clock.now()) == "lapsed"
        place.pass_time(hours=12)

        assert place.bot_posts() == []


def test_no_secret_and_no_word_of_a_member_is_logged(
    tmp_path: Path, database_url: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """A plugin fails with the key and a member's words in its mouth: neither logs nor tables nor pages repeat them."""

    def babble(event: Any, ctx: Any) -> None:
        key = place.service.config.api_key.get_secret_value()
        ctx.log.warning("babbling", api_key=key, note=f"the key is {key}", raw="CANARI")
        raise RuntimeError(f"CANARI {key}")

    with Place(tmp_path, database_url, plugins=(doing(babble),)) as place:
        set_up(place.service.config)
        place.let("sample")
        place.ask("How do I prune a CANARI tree?")
        for _ in range(4):
            place.pass_time(minutes=20)
        key = place.service.config.api_key.get_secret_value()
        pages = "".join(place.app.test_client().get(path).text for path in ("/health", "/ready", "/metrics"))
        aside = str(place.worker.deliveries.inbox.quarantined())
    written = "".join(capfd.readouterr())
    held = "".join(path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file())

    assert "handler_failed" in written
    assert "babbling" in written
    for secret in (key, "a-secret-of-the-web-hook"):
        assert secret not in written + pages + aside + held
    assert "CANARI" not in written + pages + aside
