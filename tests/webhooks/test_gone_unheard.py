"""A member who left while every web hook was lost."""

from pathlib import Path
from typing import Any

from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import doing


def test_who_is_found_gone_by_asking_vanishes_everywhere(tmp_path: Path, database_url: str) -> None:
    """No web hook told that the account was destroyed; within the hour acts about it are blank all the same."""

    def write(event: Any, ctx: Any) -> None:
        topic = event.topic()
        ctx.forum.message(topic.user_id, "For you alone", "Somebody will come and help.",
                          once=f"m:{topic.id}", why="A question was asked.", topic=topic.id)  # fmt: skip

    with Place(tmp_path, database_url, plugins=(doing(write),)) as place:
        person = place.forum.add_member("CANARIUS").id
        place.ask(who="CANARIUS")
        place.settle()
        assert [act["text"] for act in place.acts()] == ["Somebody will come and help."]

        place.forum.faults.lose_hooks = True
        place.forum.staff.destroy("CANARIUS")
        minutes = 0
        while place.service.archive.member(person) is not None and minutes < 60:
            place.pass_time(minutes=5)
            minutes += 5
        assert [(act["text"], act["recipient_id"]) for act in place.acts()] == [("…", None)]
        assert place.service.archive.member(person) is None
        assert place.service.archive.erased_unheard() == []
