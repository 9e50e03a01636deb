"""The managers' pages."""

from datetime import timedelta

from plugins.blocks import Notice, Picture, Table
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def table(page: object) -> Table:
    return next(block for block in page.blocks if isinstance(block, Table))  # type: ignore[attr-defined]


def test_who_knows_what_answers_by_subject() -> None:
    """A search for kanban shows the person who answers there, with links, and not the Excel people first."""
    bench, people = helpful_forum()
    page = bench.page("who-knows", {"q": SUBJECTS["kanban"]})
    assert table(page).rows[0][0] == "Karim"
    assert page.about_members[0] == people["karim"].id


def test_a_popular_non_answerer_is_no_champion() -> None:
    """Opening topics that many join makes nobody an expert; helping does."""
    bench, people = helpful_forum()
    for number in range(12):
        topic = bench.add_topic(people["yann"], f"Opinion {number}?", "What do you think?")
        bench.add_post(topic, people["sonia"], f"Well, {number}.")
    bench.pass_time(hours=1)
    first = [row[0] for row in table(bench.page("champions")).rows]
    assert "Yann" not in first
    assert "Sonia" in first


def test_removing_the_sole_expert_raises_the_alert() -> None:
    """A subject that two people answer is safe; when one of them is gone it is shown as resting on one person."""
    bench, people = helpful_forum()
    room = bench.add_category("Forge")
    for number in range(12):
        at = bench.now - timedelta(days=40 - number)
        topic = bench.add_topic(people["yann"], "Forge question?", f"How do I forge {number}?", category=room, at=at)
        helper = people["karim"] if number % 2 else people["sonia"]
        bench.add_post(topic, helper, f"This is how {SUBJECTS['excel']} goes, {number}.", at=at + timedelta(hours=1))
    assert not any(isinstance(block, Notice) and "Forge" in block.text for block in bench.page("coverage").blocks)
    bench.forget(people["karim"])
    assert any(isinstance(block, Notice) and "Forge" in block.text for block in bench.page("coverage").blocks)
    assert any("Forge" in task.title for task in bench.tasks())


def test_the_load_page_has_a_picture() -> None:
    """Once people were named, a PNG shows how often and when."""
    bench, _ = helpful_forum()
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    pictures = [block for block in bench.page("load").blocks if isinstance(block, Picture)]
    assert pictures[0].png.startswith(b"\x89PNG")


def test_a_joke_in_every_thread_makes_nobody_a_champion() -> None:
    """Yann replies everywhere with four words: he stands neither among the champions nor among who covers a subject."""
    bench, people = helpful_forum()
    room = bench.add_category("Forge")
    for number in range(12):
        at = bench.now - timedelta(days=40 - number)
        topic = bench.add_topic(people["xenia"], "Forge?", f"How do I forge {number}?", category=room, at=at)
        bench.add_post(topic, people["yann"], "Ask my grandmother, ha.", at=at + timedelta(minutes=5))
        bench.add_post(topic, people["karim"], f"This is how {SUBJECTS['kanban']} works, {number}.", at=at)
    assert people["yann"].id not in bench.page("champions").about_members
    assert people["yann"].id not in bench.page("coverage").about_members
    assert people["karim"].id in bench.page("coverage").about_members


def test_who_answered_much_and_falls_silent_is_seen_to_leave() -> None:
    """Sonia gave the forge's answers until four months ago: the subject says who is not seen there any more."""
    bench, people = helpful_forum()
    room = bench.add_category("Forge")
    for number in range(12):
        at = bench.now - timedelta(days=170 - 9 * number)
        topic = bench.add_topic(people["yann"], "Forge?", f"How do I forge {number}?", category=room, at=at)
        helper = people["sonia"] if number < 8 else people["karim"]
        bench.add_post(topic, helper, f"This is how {SUBJECTS['excel']} works, {number}.", at=at + timedelta(hours=1))
    (row,) = [row for row in table(bench.page("coverage")).rows if row[0] == "Forge"]
    assert row[-1] == "Sonia"
    assert people["sonia"].id in bench.page("coverage").about_members
