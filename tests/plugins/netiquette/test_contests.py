"""Contests: one click, a human answers in time, in person; who was right is learned and nobody is remembered."""

from datetime import UTC, datetime

import pytest

from plugins.blocks import Form, Notice, Page, Table, Text
from plugins.inline import Draft
from plugins.netiquette.tables.cases import verdicts
from plugins.netiquette.tables.charters import examples
from plugins.netiquette.tables.contests import contests as table
from plugins.netiquette.tables.ladder import steps
from plugins.testing import BenchAct
from tests.plugins.netiquette.test_after_posting import CONDUCT_EN, CONDUCT_FR, PHONE, Thread


def contested(text: str = PHONE, *, lang: str = "fr", said: str = "C'est le numéro de l'accueil.") -> Thread:
    """A thread in which a word was said and its author contests it."""
    thread = Thread(lang=lang)
    thread.say(text)
    thread.bench.add_member("claire", name="Claire Le Goff", staff=True)
    [word] = [one for one in thread.bench.acts if one.verb == "message"]
    if word.state == "proposed":
        thread.bench.decide(word.once, "approved", by="claire")
    thread.bench.answer(word.once, thread.lea, "contest", reason=said)
    return thread


def answer(thread: Thread, which: str, words: str) -> BenchAct:
    """Claire sends one of the page's forms; the message that comes of it."""
    form = next(one for one in forms(thread) if one.action and one.action.startswith(which))
    before = len(thread.bench.acts)
    thread.bench.page_form("contests", {"action": form.action or "", "answer": words}, by="claire")
    [message] = thread.bench.acts[before:]
    return message


def forms(thread: Thread) -> list[Form]:
    return [one for one in page(thread).blocks if isinstance(one, Form)]


def page(thread: Thread) -> Page:
    return thread.bench.page("contests", by="claire")


def test_the_page_shows_what_a_human_must_read() -> None:
    """The text, the passage, the clause, what the member says, and by when; a view of it is logged for the member."""
    thread = contested()
    shown = page(thread)
    [about] = [one for one in shown.blocks if isinstance(one, Table)]
    told = " ".join(str(cell) for row in about.rows for cell in row)
    assert PHONE in told
    assert "C'est le numéro de l'accueil." in told
    assert "Les coordonnées des autres" in " ".join(one.text for one in shown.blocks if isinstance(one, Text))
    assert shown.about_members == (thread.lea.id,)
    assert [one.title for one in thread.bench.tasks() if one.key.startswith("contest:")] == [
        "Quelqu'un conteste un message et attend votre réponse"
    ]


@pytest.mark.parametrize(("lang", "text"), [("fr", PHONE), ("fr", CONDUCT_FR), ("en", CONDUCT_EN)])
def test_whoever_was_right_gets_an_apology_and_is_let_be(lang: str, text: str) -> None:
    """The apology leaves at once, in the member's language; the same words are never remarked on again."""
    thread = contested(text, lang=lang)
    [offered] = [one for form in forms(thread) for one in form.fields if one.value]
    sorry = answer(thread, "agree", str(offered.value))
    assert (sorry.state, sorry.member_id, sorry.conduct, sorry.by) == ("sent", thread.lea.id, False, "claire")
    assert ("Pardon" if lang == "fr" else "sorry") in sorry.text
    assert thread.bench.rows(steps) == []
    [kept] = thread.bench.rows(examples)
    assert "Karim" not in kept["text"]
    assert [(one["source"], one["right"]) for one in thread.bench.rows(verdicts)] == [("contest", False)]

    before = len(thread.bench.acts)
    thread.say(text.replace("é", "e").replace(".", " !"))
    assert thread.bench.acts[before:] == []
    draft = Draft("composer", thread.bench.viewer(thread.lea), topic_id=thread.topic.id, text=text, action="reply")
    assert thread.bench.inline("composer", draft) == []


def test_an_answer_that_the_clause_stands_is_a_humans_own() -> None:
    """It goes in the writer's words and name, without a second approval, and nothing becomes a test."""
    thread = contested()
    said = answer(thread, "stand", "Je comprends, mais ce numéro est celui de Sylvie. On peut en parler.")
    assert (said.state, said.conduct, said.by) == ("sent", True, "claire")
    assert said.text == "Je comprends, mais ce numéro est celui de Sylvie. On peut en parler."
    assert thread.bench.rows(examples) == []
    assert [(one["source"], one["right"]) for one in thread.bench.rows(verdicts)] == [("contest", True)]


def test_once_answered_nobody_can_tell_whose_it_was() -> None:
    """What remains is that there was a contest, how it ended, and that it was in time."""
    thread = contested()
    answer(thread, "agree", "Pardon.")
    [row] = thread.bench.rows(table)
    assert (row["member_id"], row["text"], row["said"], row["words"], row["post_id"]) == (None, "", "", [], None)
    assert any("1 contestation" in one.text for one in page(thread).blocks if isinstance(one, Text))
    assert forms(thread) == []


def test_an_empty_answer_is_none() -> None:
    """A member who waits gets words, not silence."""
    thread = contested()
    [form, _] = forms(thread)
    before = len(thread.bench.acts)
    thread.bench.page_form("contests", {"action": form.action or "", "answer": "  "}, by="claire")
    assert len(thread.bench.acts) == before
    assert len(forms(thread)) == 2


def test_nothing_more_is_said_while_a_contest_is_open() -> None:
    """Another slip in the same thread waits for the answer like everybody else."""
    thread = contested(CONDUCT_FR)
    before = len(thread.bench.acts)
    thread.say("Franchement t'es vraiment un abruti, Karim, comme d'habitude.")
    assert thread.bench.acts[before:] == []


def test_contesting_twice_is_contesting_once() -> None:
    """The second click may add what was meant; after the answer it opens nothing anew."""
    thread = contested(said="")
    [word] = [one for one in thread.bench.acts if one.verb == "message"]
    thread.bench.answer(word.once, thread.lea, "contest", reason="C'est l'accueil.")
    [row] = thread.bench.rows(table)
    assert row["said"] == "C'est l'accueil."
    answer(thread, "agree", "Pardon.")
    thread.bench.answer(word.once, thread.lea, "contest")
    assert len(thread.bench.rows(table)) == 1
    assert forms(thread) == []


def test_nobody_contests_for_somebody_else() -> None:
    """Only whom the word was for."""
    thread = Thread()
    thread.say(PHONE)
    thread.bench.answer(thread.bench.acts[0].once, thread.bench.add_member("omar"), "contest")
    assert thread.bench.rows(table) == []


def test_the_deadline_follows_the_working_calendar_and_is_called_in() -> None:
    """Two working days from Friday afternoon are Tuesday afternoon; after that whoever is on duty hears of it, once."""
    thread = Thread()
    thread.bench.now = datetime(2026, 1, 9, 15, 0, tzinfo=UTC)
    thread.say(PHONE)
    thread.bench.answer(thread.bench.acts[0].once, thread.lea, "contest")
    [row] = thread.bench.rows(table)
    assert row["due_at"] == datetime(2026, 1, 13, 15, 6, tzinfo=UTC)
    thread.bench.tick("overdue")
    assert [one.verb for one in thread.bench.acts] == ["message"]
    thread.bench.tick("overdue", at=datetime(2026, 1, 14, 9, 0, tzinfo=UTC))
    thread.bench.tick("overdue")
    assert [one.verb for one in thread.bench.acts] == ["message", "alert"]


def test_whoever_leaves_takes_the_contest_along() -> None:
    """An open contest and the example of a closed one are erased with the member."""
    thread = contested()
    answer(thread, "agree", "Pardon.")
    thread.bench.forget(thread.lea)
    assert thread.bench.rows(examples) == []
    thread = contested()
    thread.bench.forget(thread.lea)
    assert thread.bench.rows(table) == []
    assert any(isinstance(one, Notice) for one in page(thread).blocks)
