"""What is shown beside a text: to whom, in which mode, one at a time, and never what the reader may not see."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from plugins.contract import Link, Mode, Offer, Person, Plugin
from tests.webhooks.inline_page import ForumPage, settings
from tests.webhooks.inline_samples import Dawdler, Endless, breaking, guide, saying, suggestion, writing
from tests.webhooks.place import Place
from webhooks import duty, pause, peace, wishes
from webhooks.facts import recalled
from webhooks.metrics import REGISTRY

PRUNING = "Pruning an old apple tree in winter"
Open = Callable[..., Place]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a place with plugins, each in this mode; what Léa wrote about pruning is in the memory."""
    places: list[Place] = []

    def open_(*plugins: Plugin, mode: Mode = "act", database_url: str = "") -> Place:
        place = Place(tmp_path, database_url=database_url, plugins=plugins, settings=settings()).__enter__()
        places.append(place)
        for plugin in plugins:
            place.let(plugin.name, mode)
        place.forum.add_member("omar")
        place.topic = place.forum.as_member("omar").topic("general", PRUNING, "Cut the pruning wood in February.")  # type: ignore[attr-defined]
        place.settle()
        return place

    yield open_
    for place in places:
        place.__exit__(None, None, None)


def topic_of(place: Place) -> int:
    return int(place.topic)  # type: ignore[attr-defined]


def writes(page: ForumPage, **more: Any) -> dict[str, Any] | None:
    return page.write(**{"title": "Pruning a tree", "text": "When is pruning best for my tree?", **more})


def test_a_member_is_shown_what_was_written_like_it(opened: Open) -> None:
    """A draft brings the like topic under its own title, who wrote there by name, answers and an offer."""
    place = opened(guide())
    found = writes(ForumPage(place, "lea").identify())

    assert found is not None
    base = place.server.url
    omar = place.forum.as_member("omar").id
    assert found["links"] == [{"title": PRUNING, "url": f"{base}/t/{topic_of(place)}"}]
    [person] = found["people"]
    assert (person["id"], person["username"], person["url"]) == (omar, "omar", f"{base}/u/omar")
    assert person["links"] == [{"title": PRUNING, "url": f"{base}/t/{topic_of(place)}/1"}]
    assert [one["answer"] for one in found["answers"]] == ["useful", "not_useful", "not_now", "never"]
    assert [one["label"] for one in found["answers"]] == ["Useful", "Not useful", "Not now", "Never for me"]
    [offer] = found["offers"]
    assert (offer["label"], offer["person"], offer["said"]) == ("Ask them", omar, "")
    assert found["verdict"]
    assert (found["key"], found["plugin"]) == (f"guide/like:{topic_of(place)}", "guide")


def test_a_reader_is_shown_it_beside_a_topic(opened: Open) -> None:
    """Beside a topic that is being read too, and never the topic itself."""
    place = opened(guide())
    other = place.ask("Is pruning in winter bad for an apple tree?")
    place.settle()
    found = ForumPage(place, "lea").identify().read(other)

    assert found is not None
    assert [link["title"] for link in found["links"]] == [PRUNING]


def test_passers_by_see_it_without_answers(opened: Open) -> None:
    """Nobody in particular sees what is public, and has nothing to click but close."""
    found = writes(ForumPage(opened(guide())))

    assert found is not None
    assert (found["answers"], found["verdict"], found["offers"]) == ([], None, [])


def test_where_login_is_required_passers_by_see_nothing(opened: Open) -> None:
    """A forum that asks everybody to log in shows nothing to whoever has not; members as before."""
    place = opened(guide())
    place.forum.set(login_required=True)
    place.service.archive.refresh_categories(place.service.forum)

    assert writes(ForumPage(place)) is None
    assert writes(ForumPage(place, "lea").identify()) is not None


@pytest.mark.parametrize(("mode", "shown"), [("off", False), ("watch", False), ("propose", True), ("act", True)])
def test_members_see_what_may_speak(opened: Open, mode: Mode, shown: bool) -> None:
    """A plugin that is off or only watches says nothing to members."""
    place = opened(guide(), mode=mode)

    assert (writes(ForumPage(place, "lea").identify()) is not None) == shown


def test_managers_see_what_is_watched_and_that_it_is(opened: Open) -> None:
    """So that they can judge it, managers see what a watching plugin would say, marked, and without its offers."""
    place = opened(guide(), mode="watch")
    place.forum.add_member("claire")
    place.forum.add_group("animation", "claire")
    found = writes(ForumPage(place, "claire").identify(), lang="fr")

    assert found is not None
    assert found["why"].startswith("Seule l’animation voit ceci")
    assert found["offers"] == []
    assert found["verdict"]


def test_pause_stops_everything(opened: Open) -> None:
    """While everything is paused nobody is shown anything."""
    place = opened(guide())
    with place.service.database.begin() as connection:
        pause.pause(connection, 1, "claire", place.service.clock.now())

    assert writes(ForumPage(place, "lea").identify()) is None


def test_with_nobody_on_duty_plugins_only_watch(opened: Open) -> None:
    """When those who answer for the forum are away, members are shown nothing."""
    place = opened(guide())
    now = place.service.clock.now()
    with place.service.database.begin() as connection:
        duty.put_on_duty(connection, 1, "claire", now)
        duty.add_absence(connection, 1, "claire", now - timedelta(days=1), now + timedelta(days=1))

    assert writes(ForumPage(place, "lea").identify()) is None


@pytest.mark.parametrize("kind", ["author", "manager"])
def test_a_topic_left_in_peace_stays_so(opened: Open, kind: peace.Who) -> None:
    """Beside a topic that is to be left in peace, and beside replies to it, nothing is shown."""
    place = opened(saying(suggestion()))
    lea, topic = ForumPage(place, "lea").identify(), topic_of(place)
    assert lea.read(topic) is not None
    with place.service.database.begin() as connection:
        peace.leave_in_peace(connection, 1, topic, kind=kind, who="omar", now=place.service.clock.now())

    assert lea.read(topic) is None
    assert writes(lea, action="reply", topic_id=topic) is None
    assert writes(lea) is not None


def test_messages_are_nobodys_business(opened: Open) -> None:
    """A draft of a private message is not looked at, nor is one in a conversation, whatever it claims to be."""
    place = opened(saying(suggestion()))
    lea = ForumPage(place, "lea").identify()
    private = place.forum.as_member("lea").message("omar", "Between us two", "Pruning, but only between us two.")

    assert writes(lea, action="message") is None
    assert writes(lea, action="reply", topic_id=private) is None
    assert writes(lea, action="edit", topic_id=private) is None
    assert lea.read(private) is None


def test_rooms_that_are_not_the_readers_get_nothing(opened: Open) -> None:
    """A draft for a category that this reader is not known to read is not looked at."""
    place = opened(saying(suggestion()))
    place.forum.add_group("team", "omar")
    room = place.forum.add_category("Team", permissions={"team": 1})
    place.service.archive.refresh_categories(place.service.forum)
    lea = ForumPage(place, "lea").identify()

    assert writes(lea, category_id=room) is None
    assert writes(lea, category_id=999_999) is None
    assert writes(lea, category_id=place.general) is not None


def test_two_a_draft_and_none_that_was_closed(opened: Open) -> None:
    """After two suggestions a draft has peace; what was closed stays closed, and the next best comes instead."""
    place = opened(
        saying(suggestion("a", priority=0.9), suggestion("b", priority=0.4)), saying(suggestion(), name="other")
    )
    lea = ForumPage(place, "lea").identify()

    def key(**more: Any) -> str | None:
        found = writes(lea, **more)
        return found["key"] if found else None

    assert key() == "sayer/a"
    assert key(closed=["sayer/a"], shown=1) == "other/one"
    assert key(closed=["sayer/a", "other/one"], shown=1) == "sayer/b"
    assert key(closed=["sayer/a", "other/one", "sayer/b"], shown=1) is None
    assert key(shown=2) is None


@pytest.mark.parametrize(("answer", "again", "days"), [("useful", True, 0), ("not_useful", False, 31)])
def test_what_a_member_answered_counts_on_the_server(opened: Open, answer: str, again: bool, days: int) -> None:
    """What was not useful does not come back within a month, on no device; what was useful may."""
    place = opened(saying(suggestion("a", data={"about": 7})))
    lea = ForumPage(place, "lea").identify()
    found = writes(lea)
    assert found is not None

    assert lea.judge(found, answer, "Not \x00about this.").status_code == 204
    assert (writes(lea) is not None) == again
    assert writes(ForumPage(place, "omar").identify()) is not None, "others decide for themselves"
    if days:
        place.pass_time(days=days)
        assert writes(lea.identify()) is not None


def test_not_now_is_for_today(opened: Open) -> None:
    """A "not now" gives peace from this plugin's help beside texts until tomorrow, and stops none of its messages."""
    place = opened(saying(suggestion("a"), suggestion("b")), saying(suggestion(), name="other"))
    lea = ForumPage(place, "lea").identify()
    found = writes(lea)
    assert found is not None
    assert found["key"] == "other/one", "of equals the first by name"
    found = writes(lea, closed=["other/one"])
    assert found is not None
    assert lea.judge(found, "not_now").status_code == 204

    assert writes(lea, closed=["other/one"]) is None
    number = place.forum.as_member("lea").id
    with place.service.database.read() as connection:
        assert not wishes.opted_out(connection, 1, number, "sayer", None, place.service.clock.now())
    place.pass_time(hours=25)
    found = writes(lea.identify(), closed=["other/one"])
    assert found is not None
    assert found["key"] == "sayer/b", "the one that was sent away stays away"


def test_never_is_for_good_and_for_one_plugin(opened: Open) -> None:
    """A "never for me" ends all that this plugin does for the member; the others go on."""
    place = opened(saying(suggestion("a", priority=0.9)), saying(suggestion(), name="other"))
    lea = ForumPage(place, "lea").identify()
    found = writes(lea)
    assert found is not None
    assert lea.judge(found, "never").status_code == 204

    later = writes(lea)
    assert later is not None
    assert later["plugin"] == "other"
    number = place.forum.as_member("lea").id
    with place.service.database.read() as connection:
        assert wishes.opted_out(connection, 1, number, "sayer", None, place.service.clock.now())


def test_the_plugin_hears_of_the_verdict(opened: Open) -> None:
    """The worker tells the plugin what was answered, why, and the suggestion's own data."""
    heard: list[Any] = []
    plugin = saying(suggestion("a", data={"about": 7}))
    plugin.verdict(lambda verdict, ctx: heard.append(verdict))
    place = opened(plugin)
    lea = ForumPage(place, "lea").identify()
    found = writes(lea)
    assert found is not None
    lea.judge(found, "not_useful", "About pears.")
    place.settle()

    [verdict] = heard
    assert (verdict.once, verdict.answer, verdict.reason, verdict.data) == (
        "a",
        "not_useful",
        "About pears.",
        {"about": 7},
    )


def test_a_verdict_is_its_members_alone(opened: Open) -> None:
    """Nobody answers for somebody else, with an altered word, or with a word of another kind."""
    place = opened(saying(suggestion(offers=(Offer("thank", "Thank"),))))
    lea, omar = ForumPage(place, "lea").identify(), ForumPage(place, "omar").identify()
    found = writes(lea)
    assert found is not None

    assert omar.judge(found, "never").status_code == 400
    assert lea.judge({"verdict": found["verdict"] + "x"}, "never").status_code == 400
    assert lea.judge({"verdict": found["offers"][0]["token"]}, "never").status_code == 400
    assert lea.judge({"verdict": lea.token}, "never").status_code == 400
    assert lea.judge(found, "whatever").status_code == 400
    place.pass_time(days=2)
    assert lea.identify().judge(found, "never").status_code == 400, "a word of the day before yesterday"


def test_opted_out_members_are_left_alone(opened: Open) -> None:
    """Whoever wants nothing of a plugin, or of any, is shown nothing of it."""
    place = opened(guide())
    lea, number = ForumPage(place, "lea").identify(), place.forum.as_member("lea").id
    for plugin in ("guide", ""):
        with place.service.database.begin() as connection:
            wishes.wish(connection, 1, number, "never", plugin=plugin, now=place.service.clock.now())
        assert writes(lea) is None
        with place.service.database.begin() as connection:
            wishes.unwish(connection, 1, number, "never", plugin=plugin)
    assert writes(lea) is not None


def test_whoever_left_counts_as_anybody(opened: Open) -> None:
    """A token of a member who was suspended or destroyed meanwhile gives no more than a passer-by has."""
    place = opened(guide())
    place.forum.add_member("mallory")
    place.settle()
    suspended, erased = ForumPage(place, "omar").identify(), ForumPage(place, "mallory").identify()
    now = place.service.clock.now()
    place.forum.staff.suspend("omar", now + timedelta(days=30))
    place.forum.staff.destroy("mallory")
    place.settle()

    for page in (suspended, erased):
        found = writes(page)
        assert found is None or (found["verdict"], found["answers"]) == (None, [])
        assert page.post("/inline/verdict", {"verdict": "x", "answer": "never"}).status_code == 403
        assert page.post("/inline/offer", {"token": "x"}).status_code == 403


def links(*numbers: int, post: int | None = None) -> tuple[Link, ...]:
    return tuple(Link(number, post, "As the plugin remembers it") for number in numbers)


def test_only_links_that_can_be_opened_now_are_shown(opened: Open) -> None:
    """The plugin's memory may be a moment old: what was deleted, closed off or never there falls, the rest stays."""
    told: list[Any] = []
    place = opened(plugin_of(told))
    omar = place.forum.as_member("omar")
    gone, unlisted, moved = (
        omar.topic("general", f"Pruning the {what} ones", f"These {what} ones were here for all to read.")
        for what in ("gone", "unlisted", "moved")
    )
    withdrawn = omar.reply(topic_of(place), "This reply will be withdrawn soon, I am afraid.")
    room = place.forum.add_category("Board", permissions={"staff": 1})
    place.settle()
    lea = ForumPage(place, "lea").identify()
    told[:] = [suggestion(links=(*links(topic_of(place), gone, unlisted, moved, 999), *links(topic_of(place), post=2)))]
    first = writes(lea)
    assert first is not None
    assert len(first["links"]) == 5
    assert first["links"][0]["title"] == PRUNING

    staff = place.forum.staff
    staff.delete_topic(gone)
    staff.unlist(unlisted)
    staff.move_topic(moved, room)
    staff.delete_post(withdrawn)
    place.settle()
    second = writes(lea)
    assert second is not None
    assert [link["title"] for link in second["links"]] == [PRUNING]

    told[:] = [suggestion(links=links(gone, moved))]
    assert writes(lea) is None, "nothing speaks for it any more"


def plugin_of(told: list[Any]) -> Plugin:
    """Says whatever the list holds just now."""
    plugin = Plugin("teller", about="Tells.", title={"en": "Teller", "fr": "Conteur"})
    plugin.inline("composer")(lambda draft, ctx: list(told))
    plugin.offer("ask")(lambda taken, ctx: "Asked.")
    return plugin


def test_people_are_named_as_they_wish(opened: Open) -> None:
    """Whoever opted out, was suspended, left, is a bot, or cannot be shown for what he wrote is not named."""
    told: list[Any] = []
    place = opened(plugin_of(told))
    for name in ("refuses", "suspended", "leaves", "hidden"):
        place.forum.add_member(name, name="Name of " + name)
        place.forum.as_member(name).reply(topic_of(place), f"I am {name}, and I like pruning in winter.")
    place.settle()
    ids = {
        name: place.forum.as_member(name).id for name in ("omar", "refuses", "suspended", "leaves", "hidden", place.bot)
    }
    people = tuple(
        Person(number, "Wrote about it.", links(999) if name == "hidden" else links(topic_of(place)))
        for name, number in ids.items()
    )
    offers = tuple(Offer("ask", f"Ask {name}", {}, person=number) for name, number in ids.items())
    told[:] = [suggestion(people=people, offers=offers)]
    lea = ForumPage(place, "lea").identify()

    def named() -> set[str]:
        found = writes(lea)
        names = {person["username"] for person in found["people"]} if found else set()
        assert found is None or {offer["label"] for offer in found["offers"]} == {f"Ask {name}" for name in names}
        return names

    assert named() == {"omar", "refuses", "suspended", "leaves"}
    now = place.service.clock.now()
    with place.service.database.begin() as connection:
        wishes.wish(connection, 1, ids["refuses"], "never", plugin="teller", now=now)
    place.forum.staff.suspend("suspended", now + timedelta(days=9))
    place.forum.staff.anonymise("leaves")
    place.settle()
    place.service.archive.reconcile(place.service.forum)
    assert "refuses" not in named()
    assert "leaves" not in named()
    with place.service.database.begin() as connection:
        wishes.wish(connection, 1, ids["omar"], "snoozed", plugin="", now=now, until=now + timedelta(days=1))
    assert "omar" not in named()


def outcomes(plugin: str) -> dict[str, float]:
    """What /metrics counts of a plugin's handlers."""
    counted: dict[str, float] = {}
    for line in generate_latest(REGISTRY).decode().splitlines():
        if line.startswith("passerelle_inline_handlers_total") and f'plugin="{plugin}"' in line:
            outcome = line.split('outcome="')[1].split('"')[0]
            counted[outcome] = counted.get(outcome, 0) + float(line.rsplit(" ", 1)[1])
    return counted


def test_one_that_breaks_touches_nobody(opened: Open, capfd: pytest.CaptureFixture[str]) -> None:
    """A plugin that raises is counted and dropped; the others answer, and no word of the draft is logged."""
    place = opened(breaking(), saying(suggestion()))
    found = writes(ForumPage(place, "lea").identify(), text="CANARI in a draft, quoted by an error")

    assert found is not None
    assert found["plugin"] == "sayer"
    assert outcomes("breaking")["failed"] >= 1
    said = capfd.readouterr()
    assert "inline_missed" in said.out + said.err
    assert "CANARI" not in said.out + said.err


def test_handlers_cannot_write(opened: Open, database_url: str) -> None:
    """A handler that tries to write fails, and nothing is written; whoever uses that connection next may write."""
    place = opened(writing(), saying(suggestion()), database_url=database_url)
    lea = ForumPage(place, "lea").identify()
    found = writes(lea)

    assert found is not None
    assert found["plugin"] == "sayer"
    assert recalled(place.service.database, 1, "bot") is not None
    assert lea.judge(found, "never").status_code == 204


def test_a_query_without_end_is_stopped(opened: Open) -> None:
    """A late handler that waits for the database is not left to occupy it."""
    endless = Endless()
    lea = ForumPage(opened(endless.plugin), "lea").identify()
    for _ in range(20):
        writes(lea)

    assert endless.calls > 2, "two that hang would be all"


@pytest.mark.parametrize(
    "wrong",
    [
        "no suggestion", suggestion(key=""), suggestion(why=" "), suggestion(data={"a": object()}),
        suggestion(offers=(Offer("nowhere", "?"),)), suggestion(people=({"id": 1},)), suggestion(key=7),
        suggestion(answers=("maybe",)), suggestion(priority=float("nan")), suggestion(data={"a": "x" * 3000}),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_dropped(opened: Open, wrong: Any) -> None:
    """A suggestion of the wrong shape is a plugin's mistake, never an error of the page."""
    place = opened(saying(wrong, name="wrong"), saying(suggestion(priority=0.1)))
    found = writes(ForumPage(place, "lea").identify())

    assert found is not None
    assert found["plugin"] == "sayer"


def test_late_ones_are_not_waited_for(opened: Open) -> None:
    """Who takes too long is dropped; while two of its runs hang it is not asked again, and the others answer."""
    dawdler = Dawdler()
    place = opened(dawdler.plugin, saying(suggestion()))
    lea = ForumPage(place, "lea").identify()
    before = outcomes("dawdler")
    for _ in range(4):
        found = writes(lea)
        assert found is not None
        assert found["plugin"] == "sayer"

    counted = {name: value - before.get(name, 0) for name, value in outcomes("dawdler").items()}
    assert (dawdler.calls, counted) == (2, {"late": 2, "left_out": 2})
    dawdler.release.set()


def test_one_that_keeps_breaking_is_left_out_for_a_minute(opened: Open) -> None:
    """After five failures in a row a handler is not asked for a minute; then it may try again, and once is enough."""
    place = opened(breaking())
    lea = ForumPage(place, "lea").identify()

    def failures(times: int) -> float:
        before = outcomes("breaking").get("failed", 0)
        for _ in range(times):
            writes(lea)
        return outcomes("breaking")["failed"] - before

    assert failures(7) == 5
    place.pass_time(seconds=61)
    assert failures(3) == 1


def test_a_post_that_leaves_meets_only_what_may_hold_it(opened: Open) -> None:
    """Whoever is done wants no more help; what asks to be looked at first is shown however much help there was."""
    told: list[Any] = [suggestion(priority=0.9)]
    lea = ForumPage(opened(plugin_of(told)), "lea").identify()
    assert writes(lea) is not None
    assert writes(lea, sending=True) is None
    told.append(suggestion("mind", priority=0.1, holds_save=True))
    assert writes(lea, shown=2) is None
    found = writes(lea, shown=2, sending=True)
    assert found is not None
    assert found["holds_save"] is True
