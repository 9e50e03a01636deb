"""Going over the past in the worker: in slices, by whichever worker there is, and anew when somebody was erased."""

from pathlib import Path
from typing import Any

from plugins.contract import Case, Plugin
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import greeter
from webhooks import cases, replaying
from webhooks.erasure import erase
from webhooks.replay import replay
from webhooks.replaying import Asked, Replays


def _asked(place: Place) -> Asked:
    with place.service.database.read() as connection:
        found = replaying.asked(connection, 1, "greeter")
    assert found is not None
    return found


def _start(place: Place) -> None:
    with place.service.database.begin() as connection:
        assert replaying.ask(connection, 1, "greeter", who="claire", now=place.service.clock.now(), days=2)


def _lived(place: Place, count: int = 4) -> None:
    for number in range(count):
        place.ask(f"Question number {number} about pruning trees")
        place.pass_time(hours=3)


def test_another_worker_goes_on_where_one_stopped(tmp_path: Path) -> None:
    """Each slice by a new worker: the share done only grows, and the cases are those of a replay at one go."""
    with Place(tmp_path, plugins=(greeter(),)) as place:
        _lived(place)
        at_one_go = replay(place.service, place.service.registry.plugins["greeter"], days=2)
        _start(place)
        shares = []
        while _asked(place).is_open:
            worker = Replays(place.service)
            assert worker.step(seconds=0) == 1
            worker.close()
            shares.append(_asked(place).share)

        assert len(shares) > 3
        assert shares == sorted(shares)
        assert (_asked(place).state, _asked(place).found, _asked(place).failures) == ("done", 4, 0)
        with place.service.database.read() as connection:
            kept = [(one["at"], one["topic"], one["text"]) for one in cases.kept(connection, 1, "greeter")]
        assert kept == [(one.at, one.topic_id, one.text) for one in at_one_go.cases]
        assert Replays(place.service).step() == 0
        assert not (tmp_path / "replays").exists()


def test_an_erasure_begins_it_anew(tmp_path: Path) -> None:
    """Somebody is erased while the past is gone over: what was done so far goes, and the cases know nothing of him."""
    with Place(tmp_path, plugins=(greeter(),)) as place:
        paul = place.forum.add_member("paul").id
        place.ask("Where do I keep the seeds of the beans?", who="paul")
        place.pass_time(hours=3)
        _lived(place, 2)
        _start(place)
        replays = Replays(place.service)
        replays.step(seconds=0)
        erase(place.service, paul)
        assert (_asked(place).state, _asked(place).share) == ("waiting", 0.0)

        while replays.step():
            pass

        assert (_asked(place).state, _asked(place).found) == ("done", 2)


def _measuring() -> Plugin:
    """Greets, and measures how often it did; one measure of its own has no value, one breaks."""
    plugin = greeter()

    @plugin.measure(
        "greeted", definition={"en": "Greetings.", "fr": "Saluts."}, title={"en": "Greeted", "fr": "Salués"}
    )
    def greeted(ctx: Any) -> Case:
        return Case(float(len(ctx.archive.topics(ctx.archive.audience_public()))), 1.0, 9.0)

    @plugin.measure(
        "share", definition={"en": "A share.", "fr": "Une part."}, title={"en": "Shared", "fr": "Part"}, share=True
    )
    def share(ctx: Any) -> Case:
        return Case(0.4)

    plugin.measure("nothing", definition={"en": "No.", "fr": "Non."})(lambda ctx: Case(None))
    plugin.measure("broken", definition={"en": "No.", "fr": "Non."})(lambda ctx: Case(1 / 0))
    return plugin


def test_a_replay_ends_with_the_plugins_own_numbers(tmp_path: Path) -> None:
    """What a manager would have had to live with: each measure that has a value, as of the end, in both languages."""
    with Place(tmp_path, plugins=(_measuring(),)) as place:
        _lived(place)
        at_one_go = replay(place.service, place.service.registry.plugins["greeter"], days=2)
        said = [one.shown("en") for one in at_one_go.numbers]
        assert said == ["Greeted: 4 (1–9)", "Shared: 40 %"]
        _start(place)
        replays = Replays(place.service)
        while replays.step():
            pass
        assert _asked(place).numbers == {"en": said, "fr": ["Salués: 4 (1–9)", "Part: 40 %"]}


def test_a_past_that_gave_nothing_is_seen_as_that(tmp_path: Path) -> None:
    """On a calm forum there is nothing to read: that the past was gone over is known, and not before it was."""
    with Place(tmp_path, plugins=(greeter(),)) as place:
        with place.service.database.read() as connection:
            assert not cases.found_none(connection, 1, "greeter")
        _start(place)
        replays = Replays(place.service)
        while replays.step():
            pass
        with place.service.database.read() as connection:
            assert cases.found_none(connection, 1, "greeter")
