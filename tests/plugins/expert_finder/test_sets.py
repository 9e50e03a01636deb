"""Who stands beside whom on one list: somebody seldom seen, and one for each part of the question."""

from datetime import timedelta

import pytest

from connector.records import StoredMember
from plugins.expert_finder import Settings, tables
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS, ask, helpful_forum


def newcomer(bench: Bench, *, answers: int = 3, ago: int = 250) -> StoredMember:
    """Lou has answered a few Excel questions, well, so many days ago."""
    lou = bench.add_member("lou", name="Lou")
    said = (
        "Group the rows of both sheets first, then refresh the whole thing once, and look again.",
        "Name the range once, keep that name everywhere, and every total goes on following it by itself.",
        "Record what you do by hand, then read what came of it, and change the two lines that matter.",
    )
    for number, text in enumerate(said[:answers]):
        at = bench.now - timedelta(days=ago - number)
        asker = bench.archive.member_named(f"asker{number}")
        topic = bench.add_topic(asker, "Question on excel?", f"How do I {SUBJECTS['excel']} here {number}?", at=at)
        bench.add_post(topic, lou, text, at=at + timedelta(hours=1))
    return lou


def lines(bench: Bench) -> list[str]:
    """The list of the latest text, one line a person."""
    return [line for line in bench.acts[-1].text.splitlines() if line.startswith("- ")]


def test_the_last_place_goes_to_somebody_able_who_is_seldom_seen() -> None:
    """Lou helped three times where Xavier did fifteen: Lou comes last, with an experienced one named as close by."""
    bench, people = helpful_forum()
    lou = newcomer(bench)
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    experts = {people["xavier"].id, people["xenia"].id}
    assert bench.acts[-1].about[-1] == lou.id
    assert set(bench.acts[-1].about[:-1]) == experts
    first = bench.world.members[bench.acts[-1].about[0]].name
    assert "Lou" in lines(bench)[-1]
    assert f"{first} close by" in lines(bench)[-1]
    assert "/t/" in lines(bench)[-1]
    rows = {row["member_id"]: row["apprentice"] for row in bench.rows(tables.suggestions)}
    assert rows == {**dict.fromkeys(experts, False), lou.id: True}


def test_who_stands_alone_is_nobodys_apprentice() -> None:
    """The experienced ones are not free: Lou is named like anybody else, and nobody is put behind the name."""
    bench, people = helpful_forum()
    lou = newcomer(bench)
    bench.consent.refused |= {(people["xavier"].id, None), (people["xenia"].id, None)}
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert bench.acts[-1].about == (lou.id,)
    assert "close by" not in bench.acts[-1].text


def test_who_has_too_little_to_show_is_no_apprentice() -> None:
    """One lucky answer is not enough to be sent somebody: the place stays with those who know."""
    bench, _ = helpful_forum()
    lou = newcomer(bench, answers=1)
    ask(bench, bench.add_member("lea"), "an unheard thing about spreadsheets and macros", hours=7)
    bench.tick("hold_back")
    assert lou.id not in {member for act in bench.acts for member in act.about}


@pytest.mark.parametrize("settings", [Settings(apprentice=False), Settings(names=2)], ids=["off", "two names"])
def test_no_place_is_kept_where_none_is_wanted(settings: Settings) -> None:
    """Switched off, or with two names only, nobody is introduced as a beginner."""
    bench, _ = helpful_forum(settings=settings)
    newcomer(bench)
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert lines(bench)
    assert "close by" not in bench.acts[-1].text
    assert not any(row["apprentice"] for row in bench.rows(tables.suggestions))


def test_an_apprentice_is_asked_like_anybody_and_may_say_no() -> None:
    """Opted out, he is not named; and when the one behind him declines, another stands behind him."""
    bench, people = helpful_forum()
    lou = newcomer(bench)
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    mentor = bench.acts[-1].about[0]
    bench.answer(f"names:{topic}", mentor, "not_here")
    other = ({people["xavier"].id, people["xenia"].id} - {mentor}).pop()
    assert bench.acts[-1].about == (other, lou.id)
    assert bench.world.members[mentor].name not in bench.acts[-1].text
    assert f"{bench.world.members[other].name} close by" in bench.acts[-1].text
    bench.consent.refused.add((lou.id, None))
    ask(bench, bench.add_member("omar"), hours=20)
    bench.tick("hold_back")
    assert (bench.acts[-1].verb, lou.id in bench.acts[-1].about) == ("message", False)


def two_sided(bench: Bench, title: str = "Kanban board for sensor calibration?", lang: str = "") -> None:
    """A question of which nobody knows both sides."""
    text = f"How do I bring {SUBJECTS['kanban']} and {SUBJECTS['sensor']} together?"
    bench.add_topic(bench.add_member("lea", lang=lang), title, text)
    bench.pass_time(hours=7)
    bench.tick("hold_back")


def test_a_question_with_two_sides_names_one_for_each_and_says_which() -> None:
    """Kanban for sensors: Karim for the one, Sonia for the other, and each line says for which part."""
    bench, people = helpful_forum()
    two_sided(bench)
    assert {people["karim"].id, people["sonia"].id} <= set(bench.acts[-1].about)
    said = {name: line for name in ("Karim", "Sonia") for line in lines(bench) if name in line}
    assert "kanban" in said["Karim"].split(":")[0]
    assert "sensor" not in said["Karim"].split(":")[0]
    assert "sensor" in said["Sonia"].split(":")[0] or "calibration" in said["Sonia"].split(":")[0]


def test_the_parts_of_a_question_are_told_in_the_askers_language() -> None:
    """A French asker reads "côté …"; the words are his own."""
    bench, _ = helpful_forum()
    two_sided(bench, lang="fr")
    assert "côté kanban et board :" in bench.acts[-1].text
    assert "côté sensor et calibration :" in bench.acts[-1].text


def test_whoever_covers_the_whole_is_not_said_to_cover_a_part() -> None:
    """Of a question with one side only, nobody is called good for a part of it."""
    bench, _ = helpful_forum()
    ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert not any("can help with" in line for line in lines(bench))


def test_whether_the_place_for_the_seldom_seen_helps_is_measured() -> None:
    """Lou answers, one of the two experienced ones does too: all of the one, half of the others."""
    bench, people = helpful_forum()
    lou = newcomer(bench)
    topic = ask(bench, bench.add_member("lea"), hours=7)
    bench.tick("hold_back")
    assert bench.measure("apprentice_answered_7d").value is None
    bench.pass_time(days=2)
    bench.add_post(topic, lou, "Like this.")
    bench.add_post(topic, people["xenia"], "Or like that.")
    bench.pass_time(days=6)
    case = bench.measure("apprentice_answered_7d")
    assert (case.value, case.baseline) == (1.0, 0.5)
    assert case.rows == ({"topic": topic, "answered": True},)
