"""Earlier topics with the problem of a draft: what a reader is shown, in which order, and why."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest

from connector.records import Audience, StoredTopic
from plugins.contract import Draft, InlineContext, Plugin, Suggestion
from plugins.doors import Viewer
from plugins.expert_finder import Settings, tables
from plugins.expert_finder import plugin as real
from plugins.expert_finder.similar import Similar, reason, similar
from plugins.expert_finder.similar_draft import own_part
from plugins.testing import Bench
from tests.plugins.expert_finder.forums import SUBJECTS

PRINTER = ("The laser printer jams", "The laser printer jams on thick paper and its lamp blinks orange.")


class Shown:
    """An inline handler of a plugin like the real one, that keeps what `similar` gave it."""

    def __init__(self, **asked: Any) -> None:
        self.found: list[Similar] = []
        self.why: list[str] = []
        self.asked = asked
        self.plugin = Plugin(
            "expert_finder", about={"en": "Shown.", "fr": "Montré."}, title={"en": "Shown", "fr": "Montré"},
            settings=Settings, tables=tables, folder=real.folder,
        )  # fmt: skip
        self.plugin.inline("composer")(self.answer)

    def answer(self, draft: Draft, ctx: InlineContext) -> list[Suggestion]:
        audience = draft.viewer.audience or Audience(frozenset())
        self.found = similar(ctx, draft.title, draft.text, audience, lang=draft.viewer.lang, **self.asked)
        self.why = [reason(ctx, one, draft.viewer.lang) for one in self.found]
        return []

    def ask(self, bench: Bench, title: str, text: str = "", *, groups: Collection[str] = (), lang: str = "en"
            ) -> list[int]:  # fmt: skip
        """The topics shown to a member of these groups."""
        viewer = Viewer(1, "reader", tuple(groups), lang=lang, audience=bench.archive.audience_for(groups))
        bench.inline("composer", Draft("composer", viewer, title=title, text=text, action="new_topic"))
        return [one.topic.id for one in self.found]


def bench_of(shown: Shown, **kwargs: Any) -> Bench:
    """A forum with a hundred days of talk about four subjects, none of them printers; now a Monday, 9:00."""
    bench = Bench(shown.plugin, **kwargs)
    people = [bench.add_member(f"member{number}") for number in range(5)]
    for number, (name, words) in enumerate([*SUBJECTS.items()] * 6):
        at = bench.now - timedelta(days=100 - number)
        topic = bench.add_topic(people[number % 5], f"About {name}, case {number}", f"How do I use {words}?", at=at)
        bench.add_post(topic, people[(number + 1) % 5], f"Try the {words.split()[1]} this way.", at=at)
    return bench


def printer(bench: Bench, days: float = 20, words: str = "", **kwargs: Any) -> StoredTopic:
    asker = bench.add_member(f"asker{bench.world.new_id()}")
    title, text = PRINTER
    at = bench.now - timedelta(days=days)
    return bench.add_topic(asker, title, f"{text} {words}", at=at, **kwargs)


def test_the_same_problem_is_found_and_says_by_which_words() -> None:
    """A topic about the same problem is shown, with the draft's own words that tell so; nothing else is."""
    shown = Shown()
    bench = bench_of(shown)
    topic = printer(bench)
    assert shown.ask(bench, "Printer jams again", "My laser printer jams whenever I print on thick paper.") == [
        topic.id
    ]
    assert {word.lower() for word in shown.found[0].words} & {"printer", "jams", "thick", "laser", "paper"}
    assert shown.found[0].words[0] in shown.why[0]
    assert "without an answer" in shown.why[0]
    assert "blinks orange" in shown.found[0].excerpt


def test_a_title_alone_is_enough() -> None:
    """What has no text yet is searched by its title."""
    shown = Shown()
    bench = bench_of(shown)
    topic = printer(bench)
    assert shown.ask(bench, "Laser printer jams on thick paper") == [topic.id]


@pytest.mark.parametrize(
    ("title", "text"),
    [("Help", ""), ("", ""), ("Quince marmalade", "How long do you boil quinces for marmalade in a copper kettle?")],
)
def test_what_nobody_spoke_of_finds_nothing(title: str, text: str) -> None:
    """A draft about something new, or of hardly a word, is left in peace."""
    shown = Shown()
    bench = bench_of(shown)
    printer(bench)
    assert shown.ask(bench, title, text) == []


def test_answered_ones_come_first() -> None:
    """Of two like topics the one with an answer is shown first, and the accepted answer is where its link leads."""
    shown = Shown()
    bench = bench_of(shown)
    solved, still_open = printer(bench, 60), printer(bench, 2)
    answer = bench.add_post(solved, bench.add_member("helper"), "Open the rear tray.", at=bench.now - timedelta(59))
    bench.accept(answer)
    assert shown.ask(bench, *PRINTER) == [solved.id, still_open.id]
    assert [one.answered for one in shown.found] == [True, False]
    assert shown.found[0].post_number == answer.post_number
    assert shown.found[0].excerpt == "Open the rear tray."
    assert "answered before" in shown.why[0]


def test_only_what_this_reader_may_open_is_shown() -> None:
    """A restricted room's topics are shown to its members alone, and hidden or deleted ones to nobody."""
    shown = Shown()
    bench = bench_of(shown)
    room = bench.add_category("Workshop", groups=["makers"])
    inside = printer(bench, category=room)
    assert shown.ask(bench, *PRINTER) == []
    assert shown.ask(bench, *PRINTER, groups=["makers"]) == [inside.id]


def test_topics_named_by_the_caller_are_left_out() -> None:
    """What was closed already, or is the topic one is in, is not shown again."""
    shown = Shown()
    bench = bench_of(shown)
    first, second = printer(bench, 30), printer(bench, 20)
    shown.asked = {"without": [first.id]}
    assert shown.ask(bench, *PRINTER) == [second.id]


def test_another_language_is_told() -> None:
    """A topic in another language than the reader's says which; one in his own says nothing."""
    shown = Shown()
    bench = bench_of(shown)
    printer(bench, lang="fr")
    shown.ask(bench, *PRINTER, lang="en")
    assert [one.lang for one in shown.found] == ["fr"]
    shown.ask(bench, *PRINTER, lang="fr")
    assert [one.lang for one in shown.found] == [""]
    assert "sans réponse" in shown.why[0]


def test_without_a_model_words_alone_find_it() -> None:
    """Where no language model is set up, the words still do."""
    shown = Shown()
    bench = bench_of(shown, model=False)
    topic = printer(bench)
    assert shown.ask(bench, *PRINTER) == [topic.id]


def test_what_was_written_a_moment_ago_is_known() -> None:
    """A topic posted since the last draft is found by the next one."""
    shown = Shown()
    bench = bench_of(shown)
    assert shown.ask(bench, *PRINTER) == []
    bench.pass_time(minutes=2)
    topic = printer(bench, 0)
    assert shown.ask(bench, *PRINTER) == [topic.id]


def test_a_topic_that_left_is_not_shown() -> None:
    """Unlisted since it was read, a topic is gone from the very next answer."""
    shown = Shown()
    bench = bench_of(shown)
    topic = printer(bench)
    assert shown.ask(bench, *PRINTER) == [topic.id]
    bench.world.change_topic(topic.id, visible=False)
    assert shown.ask(bench, *PRINTER) == []


def test_what_members_linked_to_is_preferred() -> None:
    """Of two equal topics the one that members sent others to for the same problem comes first."""
    shown = Shown()
    bench = bench_of(shown)
    plain, linked = printer(bench, 40), printer(bench, 40)
    for topic in (plain, linked):
        bench.add_post(topic, 3, "Look at the rear tray.", at=bench.now - timedelta(days=39))
    again = printer(bench, 30, "Once more.")
    address = f"https://forum.example/t/{linked.slug}/{linked.id}"
    bench.add_post(again, 2, "See there.", links=[address], at=bench.now - timedelta(days=29))
    found = shown.ask(bench, *PRINTER)
    assert found.index(linked.id) < found.index(plain.id)


@pytest.mark.parametrize(
    ("markdown", "own"),
    [
        ("It jams.\n```\nerror 12\n```\nWhy?", "It jams. Why?"),
        ('[quote="anna, post:1, topic:2"]\nTheir words\n[/quote]\nMine', "Mine"),
        ("> cited\nMine\n    code()", "Mine"),
        ("See https://example.org/x and ![photo](upload://a.png) here", "See and (upload://a.png) here"),
        ("Open fence\n```\nstill code", "Open fence"),
        ("[quote]never closed", "[quote]never closed"),
    ],
)
def test_code_quotes_and_addresses_are_not_the_writers_words(markdown: str, own: str) -> None:
    """Of a draft only what the member says himself is searched with."""
    assert own_part(markdown) == own


@pytest.mark.parametrize("text", ["[quote" * 6_000, "```" * 10_000, "<" * 32_000, "![" * 16_000, "https://" * 4_000])
def test_a_hostile_draft_takes_no_time(text: str) -> None:
    """Thirty-two thousand characters made to be slow are not."""
    import time

    start = time.perf_counter()
    own_part(text)
    assert time.perf_counter() - start < 0.5
