"""A clause earns its reach by measured precision: from people's verdicts, with intervals; on drift it loses it."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.records import StoredMember
from plugins.blocks import Form, Page, Table
from plugins.netiquette import plugin
from plugins.netiquette.precision import ENOUGH, Judged, pooled, wilson
from plugins.netiquette.tables.cases import mode_steps, verdicts
from plugins.testing import Bench

NUMBERS = [f"06 {n:02d} 34 5{n % 10} 7{n % 10}" for n in range(10, 90)]
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Forum:
    """A forum where members keep posting other people's phone numbers."""

    def __init__(self, mode: str = "propose") -> None:
        self.bench = Bench(plugin, mode=mode, lang="fr")  # type: ignore[arg-type]
        self._next = 0

    def breach(self) -> str:
        """Somebody posts a number in a thread of its own; the key of the message that is drafted."""
        author = self._member("membre")
        topic = self.bench.add_topic(self._member("auteur"), f"La prime de juin {self._next}", "Qui sait ?")
        text = f"Appelle Sylvie sur son portable perso, c'est le {NUMBERS[self._next]}, elle ne dira rien."
        before = {one.once for one in self.bench.acts}
        self.bench.dispatch("post_created", self.bench.add_post(topic, author, text))
        self.bench.pass_time(minutes=6)
        self.bench.tick("settled")
        [act] = [one for one in self.bench.acts if one.once not in before]
        assert act.rule == "personal-data.fr"
        self._next += 1
        return act.once

    def judge(self, right: int, wrong: int = 0) -> None:
        for n in range(right + wrong):
            self.bench.decide(self.breach(), "approved" if n < right else "declined", reason="" if n < right else "non")
        self.bench.tick("hear_managers")

    def page(self, by: str = "claire") -> Page:
        return self.bench.page("precision", by=by)

    def _member(self, name: str) -> StoredMember:
        return self.bench.add_member(f"{name}{self._next}", lang="fr")


def _forms(page: Page, kind: str) -> list[str]:
    return [one.action or "" for one in page.blocks if isinstance(one, Form) and (one.action or "").startswith(kind)]


def test_a_step_is_proposed_taken_by_a_manager_and_logged_with_its_figures() -> None:
    """Forty right of forty: the product proposes that the clause may act; a manager takes the step, in her name."""
    forum = Forum()
    forum.judge(10)
    assert forum.bench.tasks() == []
    forum.judge(30)
    [task] = forum.bench.tasks()
    assert "40 sur 40" in task.why
    [step] = _forms(forum.page(), "step:")
    assert forum.bench.managers.modes == {}, "nothing rises by itself"

    forum.bench.page_form("precision", {"action": step}, by="claire")
    assert forum.bench.managers.modes == {(None, "personal-data.fr"): "act"}
    [row] = forum.bench.rows(mode_steps)
    assert (row["old"], row["new"], row["by"], row["right"], row["verdicts"]) == ("propose", "act", "claire", 40, 40)
    assert row["low"] > 0.85
    assert forum.bench.tasks() == []
    assert "claire" in str(forum.page().blocks)


def test_nobody_can_take_a_step_that_was_not_earned() -> None:
    """A form made up by hand moves nothing."""
    forum = Forum()
    forum.judge(5)
    forum.bench.page_form("precision", {"action": "step:personal-data,fr,"}, by="claire")
    assert forum.bench.managers.modes == {}
    assert forum.bench.rows(mode_steps) == []


def test_on_drift_the_step_is_taken_back_by_itself() -> None:
    """Where lately too much was wrong a clause falls back at once, and the page says when and on which figures."""
    forum = Forum()
    forum.judge(40)
    forum.bench.page_form("precision", {"action": _forms(forum.page(), "step:")[0]}, by="claire")
    forum.judge(8, 22)
    assert forum.bench.managers.modes == {(None, "personal-data.fr"): "propose"}
    first, second = sorted(forum.bench.rows(mode_steps), key=lambda one: one["id"])
    assert (first["cause"], second["cause"], second["by"]) == ("earned", "drift", "")
    assert second["high"] < 0.85
    assert "de lui-même" in str(forum.page().blocks)


def test_a_verdict_knows_nobody() -> None:
    """What is kept of a verdict names clause, language, category and who judged, never whose text it was."""
    forum = Forum()
    forum.judge(1, 1)
    rows = forum.bench.rows(verdicts)
    assert [(one["clause"], one["lang"], one["right"], one["by"]) for one in rows] == [
        ("personal-data", "fr", True, "manager"), ("personal-data", "fr", False, "manager")
    ]  # fmt: skip
    assert not {name for name in rows[0] if "member" in name or "author" in name or "post" in name}
    assert all(re.fullmatch(r"[0-9a-f]{64}", one["judged"]) for one in rows)


def test_a_decision_counts_once_and_its_last_word_counts() -> None:
    """However often the desk is asked, one act is one verdict; taken back, it was wrong."""
    forum = Forum()
    forum.bench.run_twice()
    once = forum.breach()
    forum.bench.decide(once, "approved")
    for _ in range(3):
        forum.bench.tick("hear_managers")
    assert [one["right"] for one in forum.bench.rows(verdicts)] == [True]
    forum.bench.managers.decisions.clear()
    forum.bench.decide(once, "undone")
    forum.bench.tick("hear_managers")
    assert [one["right"] for one in forum.bench.rows(verdicts)] == [False]


def test_what_a_member_says_counts_where_no_manager_did() -> None:
    """The member who got the message may say it was useful; a manager's word outweighs it."""
    forum = Forum(mode="act")
    once = forum.breach()
    member = next(one.member_id for one in forum.bench.acts if one.once == once)
    forum.bench.answer(once, member or 0, "not_useful")
    assert forum.bench.measure("rightly_brought_up").value == 0.0
    forum.bench.decide(once, "approved")
    forum.bench.tick("hear_managers")
    assert forum.bench.measure("rightly_brought_up").value == 1.0
    assert forum.bench.measure("sent_as_drafted").value == 1.0


def test_at_most_ten_verdicts_a_week_are_asked_of_anybody() -> None:
    """The page offers ten cases a week to each manager, each once, and not one more."""
    forum = Forum(mode="watch")
    for _ in range(14):
        forum.breach()
    assert len(_forms(forum.page(), "case:")) == 10
    for n in range(12):
        cases = _forms(forum.page(), "case:")
        if not cases:
            assert n == 10
            break
        forum.bench.page_form("precision", {"action": cases[0], "right": "yes" if n else "no"}, by="claire")
    assert len(forum.bench.rows(verdicts)) == 10
    assert len(_forms(forum.page("karim"), "case:")) == 4, "another manager may judge the rest"
    forum.bench.pass_time(days=8)
    assert len(_forms(forum.page(), "case:")) == 4, "next week there are ten again"


def test_without_a_why_page_no_step_is_offered() -> None:
    """While something keeps the plugin in watch, the page says so in place of the button."""
    forum = Forum()
    forum.judge(40)
    forum.bench.managers.hindrance = "Publish first: why."
    assert _forms(forum.page(), "step:") == []
    assert "annonce" in str(forum.page().blocks)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_interval_holds_the_share_and_narrows(right: int, wrong: int) -> None:
    """Wilson's interval lies between 0 and 1 around the share, and more of the same makes it narrower."""
    count = right + wrong
    low, high = wilson(right, count)
    assert 0.0 <= low <= high <= 1.0
    if count:
        assert low <= right / count <= high
        more = wilson(4 * right, 4 * count)
        assert more[1] - more[0] <= high - low


def test_known_interval() -> None:
    """Nine of ten: 0.596 to 0.982, as in the textbooks (Wilson 1927)."""
    assert wilson(9, 10) == pytest.approx((0.596, 0.982), abs=0.001)


_CELLS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["fr", "en"]), st.sampled_from([None, 1, 2]), st.booleans()),
    max_size=120,
)


@given(_CELLS)
def test_sparse_cells_borrow_from_wider_ones(said: list[tuple[str, str, int | None, bool]]) -> None:
    """A cell with verdicts enough speaks for itself; else its language, its clause, or all: the first with enough."""
    judged = [Judged(clause, lang, room, right, START + timedelta(minutes=n))
              for n, (clause, lang, room, right) in enumerate(said)]  # fmt: skip
    found = pooled(judged, "a", "fr", 1)
    own = [one for one in judged if (one.clause, one.lang, one.category_id) == ("a", "fr", 1)]
    if len(own) >= ENOUGH:
        assert (found.level, found.verdicts) == ("category", len(own))
    else:
        assert found.level != "category"
        assert found.level == "all" or found.verdicts >= ENOUGH
    assert found.right <= found.verdicts


def test_the_figures_stand_clause_by_clause() -> None:
    """The page shows every clause with its verdicts, its interval and how far it goes."""
    forum = Forum()
    forum.judge(3, 1)
    tables = [one for one in forum.page().blocks if isinstance(one, Table) and one.caption]
    assert ["fr", "partout", 4, "75 % (30–95)"] == list(tables[0].rows[0])[1:5]
