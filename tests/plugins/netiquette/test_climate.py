"""Climate is of threads, never of persons, and nothing is shown of fewer than five; no page counts or lists anybody."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plugins.blocks import Curve, Table
from plugins.netiquette import plugin, tables
from plugins.netiquette.climate import Fate, K, summed
from plugins.testing import Bench
from tests.plugins.netiquette.test_heating_threads import PLAIN, QUARREL

MARCH = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


def forum(threads: int, people: int, *, hot: int = 0) -> Bench:
    """A month of threads in one category, so many of them quarrels, written by so many people in turn."""
    bench = Bench(plugin, now=MARCH, lang="fr", mode="propose")
    room = bench.add_category("Entraide")
    members = [bench.add_member(f"canari{n}", name=f"Canari Numero{n}") for n in range(people)]
    for n in range(threads):
        texts = QUARREL if n < hot else PLAIN
        topic = bench.add_topic(members[n % people], f"Sujet {n}", texts[0], category=room)
        for place, text in enumerate(texts[1:], 1):
            bench.add_post(topic, members[(n + place % 2) % people], text, at=MARCH + timedelta(minutes=5 * place))
    bench.pass_time(days=30)
    bench.tick("nightly_for_managers")
    return bench


def rows(bench: Bench) -> list[list[object]]:
    [table] = [one for one in bench.page("climate").blocks if isinstance(one, Table)]
    return [list(one) for one in table.rows]


def test_a_month_is_shown_from_five_threads_and_five_people_on() -> None:
    """Ten threads of six people, five of them quarrels: shares with their intervals, for the forum and the category."""
    shown = rows(forum(10, 6, hot=5))
    assert [one[:3] for one in shown] == [["tout le forum", "2026-03", 10], ["Entraide", "2026-03", 10]]
    assert str(shown[0][3]).startswith("50 % (")
    curves = [one for one in forum(10, 6, hot=5).page("climate").blocks if isinstance(one, Curve)]
    assert {len(one.series) for one in curves} == {3}, "the share and both ends of its interval"


def test_nothing_is_shown_below_five() -> None:
    """Four threads, or four people, are nobody's climate."""
    assert rows(forum(4, 6)) == []
    assert rows(forum(10, 4)) == []
    assert rows(forum(10, 6, hot=3))[0][4] == "", "of three heated threads it is not said how many recovered"


def test_a_small_category_cannot_be_had_by_subtraction() -> None:
    """Where the rest of the forum would be less than five threads, the category beside it is left out too."""
    bench = forum(8, 6)
    small = bench.add_category("Petit salon")
    for n in range(2):
        member = bench.add_member(f"autre{n}")
        bench.add_topic(member, f"Autre {n}", "Rien de plus.", category=small, at=MARCH)
    bench.tick("nightly_for_managers")
    assert [one[0] for one in rows(bench)] == ["tout le forum"]


_FATES = st.lists(
    st.builds(
        Fate, category_id=st.sampled_from([1, 2]), month=st.just("2026-03"),
        people=st.frozensets(st.integers(1, 12), min_size=1, max_size=4), heated=st.booleans(),
        recovered=st.booleans(), answered=st.booleans(), calm_answer=st.booleans(),
    ),
    max_size=15,
)  # fmt: skip


@given(_FATES)
def test_no_share_ever_stands_on_fewer_than_five(fates: list[Fate]) -> None:
    """Whatever the threads, a figure has at least five of them and five people behind it."""
    found = summed(fates, None, "2026-03")
    for share, of in ((found.heated, fates), (found.recovered, [one for one in fates if one.heated]),
                      (found.calm_answer, [one for one in fates if one.answered])):  # fmt: skip
        people = frozenset().union(*(one.people for one in of)) if of else frozenset()
        if share.value is not None:
            assert len(of) >= K
            assert len(people) >= K


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 5))
def test_no_page_and_no_export_speaks_of_a_member(chosen: int) -> None:
    """Every page, number and task of the plugin is read, also when asked for one member by name: nobody is in it."""
    bench = forum(8, 6, hot=4)
    name = f"canari{chosen}"
    asked = {"member": name, "user": name, "username": name, "author": name, "q": name, "sort": "member"}
    said: list[str] = []
    for spec in plugin.pages:
        said.append(str(bench.page(spec.slug)))
        assert str(bench.page(spec.slug, asked)) == said[-1], f"{spec.slug} can be asked for one member"
    said += [str(bench.public_page(one.slug)) for one in plugin.public_pages]
    said += [str(bench.measure(one.name)) for one in plugin.measures]
    said += [str(bench.tasks())]
    reader = bench.add_member("lecteur")
    said += [str(bench.member_page(one.slug, reader)) for one in plugin.member_pages]
    found = "\n".join(said).lower()
    assert "canari" not in found
    assert "numero" not in found


def test_no_table_of_the_managers_side_holds_who_was_judged() -> None:
    """Cases, verdicts and steps have no column for a member; only mediation knows one, who agreed to it."""
    for name in ("cases", "case_acts", "verdicts", "mode_steps", "warned"):
        columns = set(getattr(tables, name).c.keys())
        assert not {one for one in columns if "member" in one or "author" in one or "user" in one}, name
