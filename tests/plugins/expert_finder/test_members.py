"""A member's own page: what his answers show, what he corrects and declares, finding others, being introduced."""

from datetime import timedelta

import pytest

from connector.records import StoredMember
from plugins.blocks import Anchor, Block, Form, Page, Table, Text
from plugins.inline import Draft
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum

Forum = tuple[Bench, dict[str, StoredMember]]


@pytest.fixture
def forum() -> Forum:
    bench, people = helpful_forum(lang="en")
    room = bench.add_category("Tools")
    for number in range(3):
        topic = bench.add_topic(
            people["yann"], f"Tool {number}?", "Which tool do I use?", category=room, tags=["excel"]
        )
        bench.add_post(
            topic,
            people["xavier"],
            "Insert a pivot table, drag the tool into its rows, and put the month into the filter above.",
        )
    return bench, people


def words(blocks: list[Block] | Page) -> str:
    """Everything that a card or page says, cells and choices included."""
    found: list[str] = []
    for block in blocks.blocks if isinstance(blocks, Page) else blocks:
        if isinstance(block, Text):
            found.append(block.text)
        elif isinstance(block, Table):
            for cell in (cell for row in block.rows for cell in row):
                anchors = cell if isinstance(cell, list | tuple) else [cell]
                found += [one.text if isinstance(one, Anchor) else str(one) for one in anchors]
        elif isinstance(block, Form):
            found += [label for field in block.fields for _, label in field.choices]
    return "\n".join(found)


def test_the_card_shows_subjects_with_their_evidence(forum: Forum) -> None:
    """The member reads in which subjects he answered, with links, and which answers were accepted or liked."""
    bench, people = forum
    post = bench.world.posts[max(bench.world.posts)]
    bench.accept(post)
    card = words(bench.card(people["xavier"]))
    assert all(word in card for word in ("Tools", "excel", "Tool 2?"))
    helped = next(one for one in bench.card(people["xavier"]) if isinstance(one, Table) and "Accepted" in one.columns)
    (link, accepted, likes) = helped.rows[0]
    assert (isinstance(link, Anchor) and link.text, accepted, likes) == ("Tool 2?", True, 0)


def test_leaving_a_subject_counts_from_the_next_question_on(forum: Forum) -> None:
    """Muted, a subject never names the member again; taken back, it may; other subjects are untouched."""
    bench, people = forum
    bench.member_form("mute", people["xavier"], {"subject": "excel"})
    topic = bench.add_topic(people["sonia"], "Excel question?", f"How do I make a {SUBJECTS['excel']}?", tags=["excel"])
    bench.pass_time(hours=8)
    bench.tick("hold_back")
    (act,) = bench.acts
    assert (act.topic_id, people["xavier"].id in act.about) == (topic.id, False)
    bench.member_form("unmute", people["xavier"], {"subject": "excel"})
    again = bench.add_topic(people["yann"], "Excel again?", f"How do I make a {SUBJECTS['excel']}?", tags=["excel"])
    bench.pass_time(days=1)
    bench.tick("hold_back")
    assert people["xavier"].id in next(act for act in bench.acts if act.topic_id == again.id).about


def test_a_subject_that_was_left_is_left_everywhere(forum: Forum) -> None:
    """Neither while a question is written, nor in the directory, nor beside a topic does it speak for the member."""
    bench, people = forum
    room = bench.add_category("Drawing")
    for number, part in enumerate(("wings along the diagonal", "neck between two valleys", "tail under the body")):
        asked, at = f"How do I fold the {part} of an origami crane in washi?", bench.now - timedelta(days=20 - number)
        topic = bench.add_topic(people["yann"], f"Origami {number}?", asked, category=room, tags=["paper"], at=at)
        told = f"Fold the origami crane of washi, the {part}, and press each crease twice with the nail."
        bench.add_post(topic, people["karim"], told, at=at + timedelta(hours=1))
    about, karim = {"q": "origami crane washi"}, people["karim"].id

    def named() -> list[bool]:
        seen = bench.viewer(people["sonia"])
        text = "Hello, how do I fold an origami crane of washi?"
        draft = Draft("composer", seen, title="An origami crane?", text=text, action="new_topic")
        beside = {person.id for one in bench.inline("composer", draft) for person in one.people}
        searched = bench.member_page("who-knows", people["sonia"], about).about_members
        person = words(bench.member_page("who-knows", people["sonia"], {"person": str(karim)}))
        near = words(bench.member_page("who-knows", people["sonia"], {"topic": str(topic.id)}))
        return [karim in beside, karim in searched, "Origami" in person, "Karim" in near]

    assert named() == [True] * 4
    bench.member_form("mute", people["karim"], {"subject": "paper"})
    assert named() == [False] * 4
    left = next(
        one for one in bench.card(people["karim"]) if isinstance(one, Table) and "Subjects I leave" in one.columns[0]
    )
    assert left.rows == [["paper"]]
    bench.member_form("unmute", people["karim"], {"subject": "paper"})
    assert named() == [True] * 4


def test_whoever_hides_is_not_in_the_directory_and_may_still_help(forum: Forum) -> None:
    """No search, person's page, topic or declared line shows the member any more; a question may still name him."""
    bench, people = forum
    xavier, topic = people["xavier"], next(one for one in bench.world.topics.values() if one.title == "Tool 2?")
    bench.member_form("declare", xavier, {"kind": "offer", "text": "origami", "sight": "members"})

    def listed() -> list[bool]:
        asked = ({"q": SUBJECTS["excel"]}, {"q": "origami"}, {"topic": str(topic.id)}, {"person": str(xavier.id)})
        pages = [words(bench.member_page("who-knows", people["yann"], one)) for one in asked]
        return [*("Xavier" in page for page in pages), xavier.id in bench.page("who-knows", asked[0]).about_members]

    assert listed() == [True] * 5
    bench.member_form("hide", xavier)
    bench.member_form("hide", xavier)
    assert listed() == [False] * 5
    ask(bench, people["yann"], hours=8)
    bench.tick("hold_back")
    assert xavier.id in bench.acts[-1].about
    bench.member_form("unhide", xavier)
    assert listed() == [True] * 5


def test_what_one_says_of_oneself_is_seen_by_whom_one_chose(forum: Forum) -> None:
    """A line for all is found by members, one for the team by managers alone, one for oneself by nobody else."""
    bench, people = forum
    for sight in ("members", "managers", "me"):
        bench.member_form(
            "declare", people["karim"], {"kind": "offer", "text": f"origami {sight}-only", "sight": sight}
        )
    found = words(bench.member_page("who-knows", people["sonia"], {"q": "origami"}))
    assert "origami members-only" in found
    assert "origami managers-only" not in found
    assert "origami me-only" not in found
    assert "origami me-only" in words(bench.card(people["karim"]))


@pytest.mark.parametrize("values", [{}, {"kind": "boss", "text": "x", "sight": "me"}, {"kind": "offer", "text": "  "}])
def test_nonsense_is_not_kept_and_says_so(forum: Forum, values: dict[str, str]) -> None:
    """An unknown kind, no words, or no choice: one sentence, and nothing changes."""
    bench, people = forum
    assert "missing" in bench.member_form("declare", people["karim"], values)


def test_members_find_people_by_subject_under_their_own_rights(forum: Forum) -> None:
    """The search names people with links; whoever opted out is not found, and restricted rooms speak to nobody else."""
    bench, people = forum
    room = bench.add_category("Direction", groups=("direction",))
    for number in range(4):
        topic = bench.add_topic(people["karim"], f"Zeppelin {number}?", "Which zeppelin ballast valve?", category=room)
        bench.add_post(topic, people["sonia"], "The zeppelin ballast valve on the left.")
    page = bench.member_page("who-knows", people["yann"], {"q": SUBJECTS["excel"]})
    assert people["xavier"].id in page.about_members
    assert words(bench.member_page("who-knows", people["yann"], {"q": "zeppelin ballast valve"})).count("eppelin") == 0
    bench.consent.refused.add((people["xavier"].id, None))
    assert "Xavier" not in words(bench.member_page("who-knows", people["yann"], {"q": SUBJECTS["excel"]}))


def test_person_topic_and_post_lead_to_each_other(forum: Forum) -> None:
    """From a person to his topics, from a topic to people and posts, from a post to both; closed ones to nothing."""
    bench, people = forum
    topic = next(one for one in bench.world.topics.values() if one.title == "Tool 2?")
    post = bench.archive.posts_of_topic(topic.id)[1]
    for query, wanted in (
        ({"person": str(people["xavier"].id)}, "Tool 2?"),
        ({"topic": str(topic.id)}, "Xavier"),
        ({"post": str(post.id)}, "Tool 2?"),
    ):
        assert wanted in words(bench.member_page("who-knows", people["yann"], query))
    assert "Tool" not in words(bench.member_page("who-knows", people["yann"], {"topic": "999999"}))


def test_two_yeses_before_anybody_is_named(forum: Forum) -> None:
    """A need and an offer that match: each side is asked without the other's name; only both yeses introduce them."""
    bench, people = forum
    bench.member_form("declare", people["yann"], {"kind": "need", "text": "learn welding basics", "sight": "members"})
    bench.member_form("declare", people["karim"], {"kind": "offer", "text": "welding basics", "sight": "members"})
    bench.run_twice()
    bench.tick("introduce")
    asked = {act.member_id: act for act in bench.acts}
    assert set(asked) == {people["yann"].id, people["karim"].id}
    assert "Karim" not in asked[people["yann"].id].text
    assert "Yann" not in asked[people["karim"].id].text
    bench.answer(asked[people["yann"].id].once, people["yann"], "accept")
    assert len(bench.acts) == 2
    bench.answer(asked[people["karim"].id].once, people["karim"], "accept")
    met = {act.member_id: act.text for act in bench.acts[2:]}
    assert "Karim" in met[people["yann"].id]
    assert "Yann" in met[people["karim"].id]


def test_a_no_ends_an_introduction_silently_and_for_ever(forum: Forum) -> None:
    """Whoever says no is not asked about this pair again, and the other side hears nothing of it."""
    bench, people = forum
    bench.member_form("declare", people["yann"], {"kind": "need", "text": "learn welding basics", "sight": "members"})
    bench.member_form("declare", people["karim"], {"kind": "offer", "text": "welding basics", "sight": "members"})
    bench.tick("introduce")
    for act in list(bench.acts):
        bench.answer(act.once, act.member_id or 0, "accept" if act.member_id == people["yann"].id else "not_here")
    bench.pass_time(days=60)
    bench.tick("introduce")
    assert len(bench.acts) == 2


def test_lines_for_oneself_match_nobody(forum: Forum) -> None:
    """What only the member or the team may read brings nobody together."""
    bench, people = forum
    bench.member_form("declare", people["yann"], {"kind": "need", "text": "learn welding basics", "sight": "me"})
    bench.member_form("declare", people["karim"], {"kind": "offer", "text": "welding basics", "sight": "members"})
    bench.tick("introduce")
    assert bench.acts == []


def test_leaving_the_forum_takes_the_card_along(forum: Forum) -> None:
    """An erased member leaves no line, no invitation and no half of a pair behind."""
    from plugins.expert_finder import tables

    bench, people = forum
    bench.member_form("declare", people["karim"], {"kind": "offer", "text": "welding basics", "sight": "members"})
    bench.member_form("declare", people["yann"], {"kind": "need", "text": "learn welding basics", "sight": "members"})
    bench.tick("introduce")
    bench.dispatch("topic_created", bench.world.topics[ask(bench, people["yann"], SUBJECTS["kanban"])])
    bench.forget(people["karim"])
    for table in (tables.said, tables.introductions, tables.prepared, tables.invitations, tables.suggestions):
        assert people["karim"].id not in {value for row in bench.rows(table) for value in row.values()}, table.name
