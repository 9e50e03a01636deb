"""Plugins beside each other, and machines that talk to machines: one's trouble is nobody else's."""

import threading
from pathlib import Path
from typing import Any

from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import dawdler, doing, greeter, hostile


def test_a_broken_plugin_touches_no_other(tmp_path: Path, database_url: str) -> None:
    """One plugin raises at every event: the other greets all the same, and the broken one ends in quarantine."""
    with Place(tmp_path, database_url, (hostile(), greeter())) as place:
        place.let("greeter")
        topic = place.ask()
        place.settle()
        assert [act["state"] for act in place.acts(plugin="greeter", topic_id=topic)] == ["sent"]

        for _ in range(6):
            place.pass_time(minutes=20)
        counts = place.worker.deliveries.inbox.counts()
        assert counts["quarantined"] == 1
        [poison] = place.worker.deliveries.inbox.quarantined()
        assert "RuntimeError" in str(poison["error"])
        assert "CANARI" not in str(poison["error"])

        assert place.worker.deliveries.inbox.requeue() == 1
        place.settle()
        assert place.worker.deliveries.inbox.counts()["quarantined"] == 0
        assert len(place.acts(plugin="greeter")) == 1


def test_a_slow_plugin_is_cut_off(tmp_path: Path, database_url: str) -> None:
    """A plugin that does not come back within its time has done nothing, and keeps nobody waiting."""
    release = threading.Event()
    try:
        with Place(tmp_path, database_url, (dawdler(release), greeter()), settings={"handler_seconds": 0.3}) as place:
            place.let("greeter")
            place.let("dawdler")
            topic = place.ask()
            place.settle()

            assert [act["state"] for act in place.acts(plugin="greeter", topic_id=topic)] == ["sent"]
            release.set()
            assert place.acts(plugin="dawdler") == []
    finally:
        release.set()


def test_a_handler_that_fails_keeps_nothing_of_what_it_asked(tmp_path: Path, database_url: str) -> None:
    """What was asked for before the failure is not done: all of a handler's run, or none of it."""

    def half(event: Any, ctx: Any) -> None:
        ctx.forum.reply(event.topic().id, "This must not be said.", once="half", why="Half.")
        raise ValueError("half way")

    with Place(tmp_path, database_url, plugins=(doing(half),)) as place:
        place.let("sample")
        place.ask()
        place.settle()

        assert place.acts() == []


def test_two_instances_facing_each_other_fall_silent(tmp_path: Path) -> None:
    """Two Passerelles on one forum answer every post they hear of: neither answers the other."""

    def answer(event: Any, ctx: Any) -> None:
        post = event.post()
        ctx.forum.reply(post.topic_id, f"I have heard of post {post.id}, thank you.", once=f"p:{post.id}", why="Heard.")

    with (
        Place(tmp_path / "one", plugins=(doing(answer, "post_created"),)) as one,
        Place(
            tmp_path / "two", plugins=(doing(answer, "post_created"),), bot="otherbot", forum_server=one.server
        ) as two,
    ):
        one.let("sample")
        two.let("sample")
        topic = one.ask()
        for _ in range(6):
            one.settle()
            two.settle()

        posts = one.forum.posts(topic)
        assert len(posts) == 3
        assert {len(place.acts(state="sent")) for place in (one, two)} == {1}


def test_one_topic_is_not_flooded(tmp_path: Path, database_url: str) -> None:
    """However often a plugin wants to speak in one topic, it speaks three times a day at most."""

    def answer(event: Any, ctx: Any) -> None:
        post = event.post()
        ctx.forum.reply(post.topic_id, f"I have heard of post {post.id}, thank you.", once=f"p:{post.id}", why="Heard.")

    with Place(tmp_path, database_url, plugins=(doing(answer, "post_created"),)) as place:
        place.let("sample")
        place.forum.add_member("omar")
        topic = place.ask()
        place.settle()
        for number in range(5):
            place.forum.as_member("omar").reply(topic, f"Another remark about the tree, number {number}.")
            place.settle()

        assert len([act for act in place.acts() if act["state"] == "sent"]) == 3
