"""Alerts: kind, clause, the very words, how sure, a first move; one per thread; and whether they were right."""

from plugins.blocks import Table
from plugins.netiquette import alerts, plugin
from plugins.netiquette.charter import kept
from plugins.netiquette.detectors.finding import Finding
from plugins.netiquette.judging import Judgement
from plugins.netiquette.tables.cases import case_acts, cases, verdicts
from plugins.testing import Bench


class Forum:
    """A forum where something was found in a post of Léa's."""

    def __init__(self, mode: str = "propose") -> None:
        self.bench = Bench(plugin, mode=mode)  # type: ignore[arg-type]
        self.lea = self.bench.add_member("lea")
        self.topic = self.bench.add_topic(self.bench.add_member("karim"), "The old format", "Shall we drop it?")

    def found(self, kind: str = "threat", clause: str = "threats", protected: str = "", words: str = "I will wait for"
              " you outside") -> None:  # fmt: skip
        post = self.bench.add_post(self.topic, self.lea, f"{words}, Karim.")
        finding = Finding("attack", kind, (words,), 0.97, "person", protected)

        def tell(ctx: object) -> None:
            charter = kept.in_force(ctx)  # type: ignore[arg-type]
            judgement = Judgement("queue", charter.clause(clause), (finding,), (words,), 0.97, "en")
            alerts.raise_for(ctx, post, judgement)  # type: ignore[arg-type]

        self.bench._run(tell)

    def alerts(self) -> list[str]:
        return [one.text for one in self.bench.acts if one.verb == "alert"]


def test_an_alert_says_clause_words_confidence_and_a_first_move() -> None:
    """Whoever is on duty knows at one glance what it is about and what to do first; the thread is left alone."""
    forum = Forum()
    forum.bench.run_twice()
    forum.found()
    [alert] = [one for one in forum.bench.acts if one.verb == "alert"]
    assert "2. " in alert.title
    assert "“I will wait for you outside”" in alert.text
    assert "97 %" in alert.text
    assert "talk to whoever is threatened first" in alert.text
    assert alert.details == {"kind": "threat", "holds_topic": True}
    assert "lea" not in alert.title + alert.text


def test_one_alert_a_thread_but_a_grave_thing_is_told_again() -> None:
    """Ten insults in one thread are one alert; a threat among them is told once more."""
    forum = Forum()
    for _ in range(3):
        forum.found("insult", "respect", words="You are an idiot")
    assert len(forum.alerts()) == 1
    forum.found()
    forum.found()
    assert len(forum.alerts()) == 2
    forum.bench.pass_time(days=31)
    forum.found("insult", "respect", words="You are an idiot")
    assert len(forum.alerts()) == 3, "a month later it is news again"


def test_protected_speech_is_told_as_such() -> None:
    """Somebody who tells what happened to them is listened to: the first move says so, and the thread goes on."""
    forum = Forum()
    forum.found("threat", "threats", protected="account", words="He said he would wait for me")
    assert "listening contacts" in forum.alerts()[0]
    assert [one.details["holds_topic"] for one in forum.bench.acts] == [False]


def test_closing_an_alert_says_whether_it_was_right() -> None:
    """Right or wrong, the clause's precision learns of it; closed without a word it does not."""
    forum = Forum()
    forum.found()
    forum.bench.tick("hear_managers")
    assert forum.bench.rows(verdicts) == []
    forum.bench.decide(forum.bench.acts[0].once, "wrong", by="claire")
    forum.bench.tick("hear_managers")
    [said] = forum.bench.rows(verdicts)
    assert (said["clause"], said["lang"], said["right"], said["by"]) == ("threats", "en", False, "claire")


def test_what_is_worth_a_look_stands_in_the_console_without_people() -> None:
    """The very words, clause, how sure, a link and a first move; the newest first, for two days."""
    forum = Forum()
    forum.found()
    [table] = [one for one in forum.bench.page("cases").blocks if isinstance(one, Table)]
    [row] = table.rows
    assert row[0] == "I will wait for you outside"
    assert str(row[1]).startswith("2. ")
    assert "lea" not in str(table)
    forum.bench.pass_time(days=3)
    [table] = [one for one in forum.bench.page("cases").blocks if isinstance(one, Table)]
    assert list(table.rows) == []


def test_words_from_a_closed_room_stay_in_it() -> None:
    """A page that every manager reads quotes nothing from a room that not everybody may open."""
    forum = Forum()
    room = forum.bench.add_category("Team", groups=["team"])
    forum.topic = forum.bench.add_topic(forum.lea, "Our budget", "Who knows?", category=room)
    forum.found()
    assert "outside" not in str(forum.bench.page("cases").blocks)
    assert "outside" not in str(forum.bench.page("precision", by="claire").blocks)


def test_a_case_goes_with_the_post_with_its_author_and_after_90_days() -> None:
    """Nothing found in a post outlives the post, its author's account, or three months."""
    forum = Forum()
    forum.found()
    forum.bench.pass_time(days=91)
    forum.bench.tick("nightly_for_managers")
    assert forum.bench.rows(cases) == []
    assert forum.bench.rows(case_acts) == []

    other = Forum()
    other.found()
    other.bench.forget(other.lea)
    assert other.bench.rows(cases) == []
    assert other.bench.rows(case_acts) == []
