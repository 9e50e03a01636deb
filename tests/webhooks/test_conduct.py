"""Words about somebody's conduct: drafted here, sent by a human, in that human's name."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing
from webhooks import desk
from webhooks.context import Ground, keep, write_context
from webhooks.decisions import NOBODY, Hand
from webhooks.tables import concerns


def _private_word(alerting: bool = False) -> Callable[[Any, Any], None]:
    def word(event: Any, ctx: Any) -> None:
        topic = event.topic()
        if alerting:
            ctx.forum.alert("tension", "Look here", "Two people quarrel.", once=f"a:{topic.id}", why="Words.",
                            topic=topic.id, holds_topic=True)  # fmt: skip
        ctx.forum.message(topic.user_id, "About your text", "You seem to want an answer soon.", once=f"w:{topic.id}",
                          why="Words at a person.", topic=topic.id, conduct=True)  # fmt: skip

    return word


def _approve(place: Place, who: str) -> None:
    [act] = place.acts(verb="message")
    with place.service.database.begin() as connection:
        desk.approve(connection, 1, act["id"], who, place.service.clock.now())


def test_a_word_about_conduct_bears_the_name_of_who_sent_it(tmp_path: Path, database_url: str) -> None:
    """A message about conduct is signed by the human who let it go, who is in the conversation and can be answered."""
    with Place(tmp_path, database_url, plugins=(doing(_private_word()),)) as place:
        place.let("sample")
        place.forum.add_member("claire", name="Claire Le Goff", moderator=True)
        place.ask()
        place.settle()
        assert place.bot_posts() == []

        _approve(place, "claire")
        place.settle()

        [said] = place.bot_posts()
        assert "Claire Le Goff" in said["raw"]
        [act] = place.acts(verb="message")
        for who in ("lea", "claire"):
            place.forum.as_member(who).reply(act["sent_topic_id"], f"I can answer here, says {who}.")


def test_a_topic_held_for_a_quarrel_does_not_stop_the_word_about_it(tmp_path: Path, database_url: str) -> None:
    """An open alert keeps help away from a quarrel, not the private word that a manager decided to send about it."""
    with Place(tmp_path, database_url, plugins=(doing(_private_word(alerting=True)),)) as place:
        place.let("sample")
        place.forum.add_member("claire", name="Claire Le Goff", moderator=True)
        place.ask()
        place.settle()
        _approve(place, "claire")
        place.settle()
        assert [act["state"] for act in place.acts(verb="message")] == ["sent"]


def test_what_disturbs_nobody_waits_for_no_morning(tmp_path: Path, database_url: str) -> None:
    """A post that a manager puts before the moderators at night goes at once: quiet hours spare members, not files."""

    def flagging(event: Any, ctx: Any) -> None:
        ctx.forum.flag(
            ctx.archive.posts_of_topic(event.topic().id)[0].id, "Look here.", once="f", why="Words at a person."
        )

    with Place(tmp_path, database_url, plugins=(doing(flagging),)) as place:
        place.let("sample")
        place.ask()
        place.settle()
        place.pass_time(hours=13)
        [act] = place.acts(verb="flag")
        with place.service.database.begin() as connection:
            desk.approve(connection, 1, act["id"], "claire", place.service.clock.now())
        place.settle()
        assert [one["note"] for one in place.acts(verb="flag")] != ["quiet_hours"]


def _writes(place: Place, once: str, hand: Hand, **more: Any) -> None:
    with place.service.database.begin() as connection, Session(bind=connection) as session:
        ground = Ground(place.plugins[0], cause="console", hand=hand)
        context = write_context(place.service, session, ground)
        context.forum.message(place.forum.as_member("lea").id, "An answer", "I have read it again.", once=once,
                              why="A member asked for it.", **more)  # fmt: skip
        keep(context)


def test_what_a_manager_writes_by_a_form_needs_nobody_elses_yes(tmp_path: Path, database_url: str) -> None:
    """A form of a page sends a private message at once, whatever the mode; about conduct it bears its writer's name."""
    with Place(tmp_path, database_url, plugins=(doing(_private_word()),)) as place:
        place.let("sample", "propose")
        place.forum.add_member("claire", name="Claire Le Goff", moderator=True)
        place.ask()
        place.settle()
        _writes(place, "machine", NOBODY, conduct=True)
        _writes(place, "answer", Hand("claire"), conduct=True)
        _writes(place, "sorry", Hand("claire"))
        place.settle()

        states = {act["once"]: act["state"] for act in place.acts(verb="message")}
        assert states["machine"] == "proposed"
        assert (states["answer"], states["sorry"]) == ("sent", "sent")
        [answer] = [one for one in place.acts(verb="message") if one["once"] == "answer"]
        [said] = [one for one in place.bot_posts() if one["topic_id"] == answer["sent_topic_id"]]
        assert "Claire Le Goff" in said["raw"]
        place.forum.as_member("claire").reply(answer["sent_topic_id"], "I can answer here too, says Claire.")


def test_after_ninety_days_nobody_knows_who_got_a_word(tmp_path: Path, database_url: str) -> None:
    """That there was an act stays; whom it was for, what it said and why it came are gone, and no query finds them."""
    with Place(tmp_path, database_url, plugins=(doing(_private_word()),)) as place:
        place.let("sample")
        place.forum.add_member("claire", name="Claire Le Goff", moderator=True)
        place.ask()
        place.settle()
        _approve(place, "claire")
        place.settle()
        place.pass_time(days=80)
        assert place.acts(verb="message")[0]["recipient_id"] is not None
        place.pass_time(days=12)
        [act] = place.acts(verb="message")
        assert (act["state"], act["recipient_id"], act["text"]) == ("sent", None, "…")
        with place.service.database.read() as connection:
            assert connection.execute(select(concerns).where(concerns.c.outbox_id == act["id"])).all() == []
