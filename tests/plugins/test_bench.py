"""The bench: what a plugin author sees is what the host would do."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from connector.errors import ModelUnavailable
from connector.records import StoredMember
from plugins.contract import Draft, Mode
from plugins.testing import Bench, BenchError, NotMerged
from plugins.testing.bench import MONDAY
from tests.plugins.rehearsal import Settings, plugin, seen


@pytest.fixture
def bench() -> Bench:
    return Bench(plugin)


def test_an_event_runs_its_handlers_and_their_acts_are_noted(bench: Bench) -> None:
    """A delivered topic reaches the plugin; what it asked for stands in the transcript with its reason."""
    lea = bench.add_member("lea")
    topic = bench.add_topic(lea, "Hello", "A question?")
    bench.dispatch("topic_created", topic)
    (act,) = bench.acts
    assert (act.verb, act.member_id, act.once, act.why) == ("message", lea.id, f"noted:{topic.id}", "A topic came in.")
    assert bench.rows(seen) == [{"topic_id": topic.id, "times": 1, "site": 1}]


def test_a_handler_that_merges_may_run_twice(bench: Bench) -> None:
    """Deliveries come twice: a second run of a merging handler changes nothing."""
    bench.run_twice()
    bench.dispatch("topic_created", bench.add_topic(bench.add_member("lea"), "Hello"))
    assert len(bench.acts) == 1


def test_a_handler_that_adds_up_is_caught(bench: Bench) -> None:
    """A counter that grows with each run would lie in production: the bench says so, naming the handler."""
    bench.run_twice()
    post = bench.first_post(bench.add_topic(bench.add_member("lea"), "Hello"))
    with pytest.raises(NotMerged, match="adds_up ran twice and its tables changed"):
        bench.dispatch("post_edited", post)


def test_a_handler_that_fails_leaves_nothing_behind(bench: Bench) -> None:
    """Rows and acts of one run go together: after an error neither is there."""
    post = bench.first_post(bench.add_topic(bench.add_member("lea"), "Hello"))
    with pytest.raises(ValueError, match="it broke"):
        bench.dispatch("post_destroyed", post)
    assert (bench.acts, bench.rows(seen)) == ([], [])


@pytest.mark.parametrize(("mode", "state"), [("watch", "watched"), ("propose", "proposed"), ("act", "proposed")])
def test_no_act_goes_beyond_mode_and_ceiling(mode: Mode, state: str) -> None:
    """A handler capped at propose never acts by itself, whatever the plugin may do."""
    bench = Bench(plugin, mode=mode)
    bench.add_topic(bench.add_member("lea"), "Waiting")
    bench.pass_time(days=2)
    bench.tick("look_round")
    assert [act.state for act in bench.acts] == [state]


def test_words_about_conduct_stay_proposals(bench: Bench) -> None:
    """In act mode too, a text about how somebody behaves waits for a manager."""
    bench.add_topic(bench.add_member("lea"), "Loud")
    bench.tick("about_somebody")
    assert bench.acts[0].state == "proposed"


def test_off_means_nothing_runs() -> None:
    """A plugin that is switched off is not called at all."""
    bench = Bench(plugin, mode="off")
    bench.dispatch("topic_created", bench.add_topic(bench.add_member("lea"), "Hello"))
    assert (bench.acts, bench.rows(seen)) == ([], [])


def test_sent_acts_change_the_forum(bench: Bench) -> None:
    """What was sent is there to be read, as edited; what was taken back is gone."""
    topic = bench.add_topic(bench.add_member("lea"), "Hello")
    bench.tick("speak_up")
    reply = bench.archive.posts_of_topic(topic.id)[1]
    assert (reply.user_id, reply.text) == (-1, "Second thought.")
    bench.shared.publish("quiet", True)
    bench.tick("speak_up")
    assert len(bench.archive.posts_of_topic(topic.id)) == 1
    assert [act.state for act in bench.acts] == ["undone", "sent", "sent"]


def test_what_waits_is_edited_and_lapses_before_it_is_sent() -> None:
    """An edit of a proposal changes the proposal; taking it back lets it lapse."""
    bench = Bench(plugin, mode="propose")
    bench.add_topic(bench.add_member("lea"), "Hello")
    bench.tick("speak_up")
    assert (bench.acts[0].state, bench.acts[0].text) == ("proposed", "Second thought.")
    assert bench.acts[1].state == "merged"
    bench.shared.publish("quiet", True)
    bench.tick("speak_up")
    assert [act.state for act in bench.acts] == ["lapsed", "merged", "lapsed"]


def test_bots_do_not_answer_questions(bench: Bench) -> None:
    """A topic where only our bot spoke still counts as unanswered."""
    topic = bench.add_topic(bench.add_member("lea"), "Hello")
    bench.tick("speak_up")
    unanswered = bench.archive.topics(bench.archive.audience_public(), unanswered=True)
    assert [one.id for one in unanswered] == [topic.id]


def test_a_search_never_leaves_its_audience(bench: Bench) -> None:
    """A restricted room is found by its own members only, and not at all where login is required and nobody is in."""
    team = bench.add_category("Team", groups=["team"])
    insider, visitor = bench.add_member("ines", groups=["team"]), bench.add_member("vic")
    secret = bench.add_topic(insider, "Merger budget", "The budget of the merger", category=team)
    open_ = bench.add_topic(visitor, "Canteen budget", "The budget of the canteen")

    def found(who: object) -> set[int]:
        viewer = bench.viewer(who)  # type: ignore[arg-type]
        return {int(one.key[5:]) for one in bench.inline("composer", Draft("composer", viewer, text="budget"))}

    assert found(insider) == {secret.id, open_.id}
    assert found(visitor) == found(None) == {open_.id}
    bench.world.login_required = True
    assert found(None) == set()


def test_what_only_some_readers_may_open_is_outside_a_topics_audience(bench: Bench) -> None:
    """For a public topic only public things, for a restricted one its own room as well."""
    team, other = bench.add_category("Team", groups=["team"]), bench.add_category("Other", groups=["other"])
    lea = bench.add_member("lea")
    inside = bench.add_topic(lea, "Inside", category=team)
    assert bench.archive.audience_of_topic(inside.id).classes == {"public", team.visibility}
    assert other.visibility not in bench.archive.audience_of_topic(inside.id).classes
    assert bench.archive.audience_of_topic(bench.add_topic(lea, "Outside").id).classes == {"public"}


def test_hidden_unlisted_and_deleted_words_are_not_found(bench: Bench) -> None:
    """As on the forum: what a reader cannot see, no search gives."""
    lea = bench.add_member("lea")
    for change in ("hide", "unlist", "delete", "whisper"):
        topic = bench.add_topic(lea, "Zebra", "A zebra crossed")
        post = bench.first_post(topic)
        if change == "delete":
            bench.world.remove_post(post.id)
        elif change == "unlist":
            bench.world.change_topic(topic.id, visible=False)
        else:
            bench.world.change_post(post.id, **({"hidden": True} if change == "hide" else {"post_type": 4}))
    assert bench.archive.search("zebra", bench.archive.audience_public()).hits == ()


def test_a_search_before_a_moment_does_not_peek(bench: Bench) -> None:
    """Replay reads what was there then, and nothing later."""
    lea = bench.add_member("lea")
    early = bench.add_topic(lea, "Macros", "About macros")
    bench.pass_time(days=1)
    bench.add_topic(lea, "Macros again", "About macros again")
    hits = bench.archive.search("macros", bench.archive.audience_public(), before=bench.now).hits
    assert [hit.topic_id for hit in hits] == [early.id]


def test_near_words_are_nearer_than_far_ones_and_rows_have_length_one(bench: Bench) -> None:
    """The bench's vectors know words: good enough to see which way a plugin looks."""
    rows = bench.archive.embed(["merging two cells", "cells merged", "holiday in May", ""])
    assert rows.shape == (4, 256)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)
    assert rows[0] @ rows[1] > 0.4 > rows[0] @ rows[2]


def test_without_a_model_search_goes_on_and_says_so() -> None:
    """A forum without embedding model finds by words, tells that it is poorer, and refuses vectors."""
    bench = Bench(plugin, model=False)
    bench.add_topic(bench.add_member("lea"), "Macros", "About macros")
    result = bench.archive.search("macros", bench.archive.audience_public())
    assert len(result.hits) == 1
    assert result.degraded
    with pytest.raises(ModelUnavailable):
        bench.archive.embed(["x"])


def test_pages_numbers_feeds_commands_and_verdicts_are_called(bench: Bench) -> None:
    """Every other way into a plugin can be walked on the bench as well."""
    lea = bench.add_member("lea")
    bench.dispatch("topic_created", bench.add_topic(lea, "Hello"))
    assert bench.page("seen", {"q": "all"}).title == "Seen all"
    assert bench.measure("topics").value == 1.0
    assert [task.key for task in bench.tasks()] == ["b", "a"]
    assert bench.feed("news")[0].updated == MONDAY
    assert bench.command("rehearse", ["a", "b"]) == 2
    bench.answer("noted:1", lea, "useful")
    assert bench.shared.get("verdict") == ("noted:1", lea.id, "useful")
    bench.forget(lea)
    assert bench.shared.get("forgotten") == lea.id
    assert bench.archive.member(lea.id) is None


def test_settings_of_a_category_apply_there_only() -> None:
    """A handler asks for a category's settings and gets its overrides."""
    bench = Bench(plugin, settings=Settings(wait_hours=10))
    bench.overrides[7] = {"wait_hours": 2}
    bench.command("look")
    assert bench.shared.get("waits") == [2, 10, 10]


@pytest.mark.parametrize(("call", "says"), [
    (lambda bench: bench.dispatch("topic_createt"), "Discourse sends no event 'topic_createt'; near it are"),
    (lambda bench: bench.dispatch("topic_created"), "topic_created is about a topic: hand one in"),
    (lambda bench: bench.dispatch("user_created", bench.add_category("x")), "cannot be about a StoredCategory"),
    (lambda bench: bench.tick("look_roumd"), "no clock handler 'look_roumd'; it has: look_round, speak_up"),
    (lambda bench: bench.page("other"), "no page 'other'; it has: seen"),
])  # fmt: skip
def test_a_mistake_in_a_test_is_told_with_what_there_is(bench: Bench, call: object, says: str) -> None:
    """A misspelt event, handler or page names its neighbours."""
    with pytest.raises(BenchError, match=says):
        call(bench)  # type: ignore[operator]


def test_inline_handlers_have_no_way_to_write(bench: Bench) -> None:
    """The context of an inline handler has no forum at all."""
    with pytest.raises(AttributeError, match="forum"):
        bench.inline("topic", Draft("topic", bench.viewer(None)))


def test_working_time_skips_nights_weekends_and_closed_days() -> None:
    """Twelve working hours after Friday 16:00 are Tuesday morning, and one more day later with a bridge."""
    calendar = Bench(plugin, zone="Europe/Paris").calendar
    friday = datetime(2026, 1, 9, 15, 0, tzinfo=UTC)
    assert calendar.add_working(friday, 12) == datetime(2026, 1, 13, 9, 0, tzinfo=UTC)
    assert calendar.working_hours(friday, datetime(2026, 1, 13, 9, 0, tzinfo=UTC)) == 12
    calendar.closed.add(datetime(2026, 1, 12, tzinfo=UTC).date())
    assert calendar.add_working(friday, 12) == datetime(2026, 1, 14, 9, 0, tzinfo=UTC)
    assert not calendar.is_working(datetime(2026, 1, 10, 10, tzinfo=UTC))
    assert calendar.next_working(friday + timedelta(days=1)) == datetime(2026, 1, 13, 8, 0, tzinfo=UTC)


def test_the_plugins_folder_is_its_own(bench: Bench) -> None:
    """A plugin may keep files it can rebuild; two benches do not share them."""
    other = Bench(plugin)
    for one in (bench, other):
        one.command("look")
    assert bench.shared.get("folder").is_dir()
    assert bench.shared.get("folder") != other.shared.get("folder")


def draft_of(bench: Bench, member: StoredMember, text: str, *, asked: bool = False) -> Draft:
    return Draft("composer", bench.viewer(member), text=text, asked=asked)


def test_an_offer_is_taken_by_its_member(bench: Bench) -> None:
    """A click on an offer runs its handler with the offer's own data, and says a sentence; clicking twice asks once."""
    bench.run_twice()
    lea, omar = bench.add_member("lea"), bench.add_member("omar")
    [suggestion] = bench.inline("composer", draft_of(bench, lea, "Would omar know?"))
    assert bench.take(suggestion, "ask", lea) == "We asked."
    assert [(act.verb, act.member_id) for act in bench.acts] == [("message", omar.id)]
    with pytest.raises(BenchError, match="has no offer 'praise'; it has: ask"):
        bench.take(suggestion, "praise", lea)


def test_in_watch_no_offer_is_taken() -> None:
    """Members see nothing of a plugin that only watches, so they cannot have clicked."""
    bench = Bench(plugin, mode="watch")
    lea, _ = bench.add_member("lea"), bench.add_member("omar")
    [suggestion] = bench.inline("composer", draft_of(bench, lea, "Would omar know?"))
    with pytest.raises(BenchError, match="in watch no offer is shown"):
        bench.take(suggestion, "ask", lea)


def test_a_suggestion_that_could_not_be_shown_is_told(bench: Bench) -> None:
    """An offer without handler would be a button that does nothing: the author hears of it on the bench."""
    with pytest.raises(BenchError, match=r"there is no @plugin\.offer\('nothing'\)"):
        bench.inline("composer", draft_of(bench, bench.add_member("lea"), "Nobody", asked=True))


def test_members_have_pages_and_forms(bench: Bench) -> None:
    """A member's page and form know who looks."""
    lea = bench.add_member("lea")
    page = bench.member_page("mine", lea, {"q": "pumps"})
    assert page.title == "lea pumps"
    assert bench.member_form("declare", lea, {"subject": "pumps"}) == "Kept: pumps."
    assert bench.shared.get("subject of lea") == "pumps"
