"""Forgetting a member, and looking back: what leaves no trace, and what a replay shows without doing anything."""

from pathlib import Path
from typing import Any

from tests.journeys.people import held
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing, greeter
from webhooks import verdicts, wishes
from webhooks.erasure import erase
from webhooks.replay import replay


def test_a_destroyed_member_vanishes_from_what_we_hold(tmp_path: Path, database_url: str) -> None:
    """After a member is destroyed on the forum, no file of ours holds his name or what was written to him."""

    def write(event: Any, ctx: Any) -> None:
        topic = event.topic()
        ctx.forum.message(topic.user_id, "For CANARIUS alone", "Dear CANARIUS, somebody will come and help.",
                          once=f"m:{topic.id}", why="CANARIUS asked.", topic=topic.id)  # fmt: skip

    with Place(tmp_path, database_url, plugins=(doing(write),)) as place:
        person = place.forum.add_member("CANARIUS").id
        place.ask(who="CANARIUS")
        place.settle()
        assert len(place.acts()) == 1

        place.forum.staff.destroy("CANARIUS")
        place.settle()
        erase(place.service, person)

        assert [(act["text"], act["recipient_id"], act["state"]) for act in place.acts()] == [("…", None, "watched")]
        assert held(place, "CANARIUS") == {}


def test_a_first_name_is_forgotten_once(tmp_path: Path) -> None:
    """What was written to Ines who left is blanked; later acts about another Ines stay when somebody else leaves."""

    def write(event: Any, ctx: Any) -> None:
        author = ctx.archive.member(event.topic().user_id)
        ctx.forum.alert("new", f"{author.name} asks", f"{author.name} needs help.", once=f"a:{event.topic().id}",
                        why="A question.", topic=event.topic().id)  # fmt: skip

    def texts(place: Place) -> list[str]:
        return [act["text"] for act in place.acts()]

    with Place(tmp_path, plugins=(doing(write),)) as place:
        people = [place.forum.add_member(name, name=shown).id for name, shown in
                  (("ines_one", "Ines"), ("ines_two", "Ines"), ("paul", "Paul Durand"))]  # fmt: skip
        for who, title in (("ines_one", "Where do I keep the seeds of beans?"), ("paul", "How deep do I plant leeks?")):
            place.ask(title, who)
            place.settle()
        erase(place.service, people[0])
        assert texts(place) == ["…", "Paul Durand needs help."]

        place.ask("When do I sow the first parsnips?", "ines_two")
        place.settle()
        erase(place.service, people[2])
        assert texts(place) == ["…", "…", "Ines needs help."]


def test_a_replay_shows_what_would_have_been_done(tmp_path: Path, database_url: str) -> None:
    """Over the past days a plugin would have greeted each topic once; nothing is sent and nothing is kept."""
    with Place(tmp_path, database_url, plugins=(greeter(),)) as place:
        topics = []
        for number in range(3):
            topics.append(place.ask(f"Question number {number} about pruning trees"))
            place.pass_time(hours=2)
        before = place.acts()
        found = replay(place.service, place.service.registry.plugins["greeter"], days=1)

        assert [(case.topic_id, case.verb) for case in found.cases] == [(topic, "reply") for topic in topics]
        assert found.failures == []
        assert place.acts() == before


def test_not_for_me_is_for_ever(tmp_path: Path, database_url: str) -> None:
    """One "never for me" and this plugin writes to that member no more."""
    with Place(tmp_path, database_url, plugins=(greeter(verb="message"),)) as place:
        place.let("greeter")
        topic = place.ask()
        place.settle()
        lea = place.forum.as_member("lea").id
        with place.service.database.begin() as connection:
            verdicts.give(connection, 1, "greeter", f"greet:{topic}", lea, "never", now=place.service.clock.now())
            assert wishes.opted_out(connection, 1, lea, "greeter", None, place.service.clock.now())
        place.ask("When do I plant garlic in the garden?")
        place.pass_time(days=1)

        assert [act["state"] for act in place.acts(plugin="greeter")] == ["sent", "lapsed"]
