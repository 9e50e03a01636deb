"""What was shown once and is shown no more (P8) leaves the acts and the cases that were made of it as well."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from plugins.contract import Plugin
from plugins.doors import Evidence
from tests.journeys.people import Browser, held, settings
from tests.webhooks.conftest import MONDAY
from tests.webhooks.place import Place
from webhooks import cases
from webhooks.replay import replay

CANARY = "zqretireqz"
KEPT = "zqtoujoursqz"


def teller() -> Plugin:
    """Says in the first topic what was written elsewhere, and names the post as its evidence."""
    plugin = Plugin("teller", about="Raconte ailleurs.")

    @plugin.on("post_created")
    def tell(event: Any, ctx: Any) -> None:
        post = ctx.archive.post(event.post().id)
        if post is not None and post.post_number == 2:
            shown = [Evidence(post.topic_id, post.post_number, post.text[:60])]
            first = min(topic.id for topic in ctx.archive.topics(ctx.archive.audience_public()))
            ctx.forum.reply(first, f"On a dit : {post.text}", once=f"t:{post.id}", why=post.text, evidence=shown)
        elif post is not None and post.post_number == 1:
            ctx.forum.alert("new", post.text[:80], post.text, once=f"a:{post.id}", why=post.text, topic=post.topic_id)

    return plugin


def _delete_topic(place: Place, topic: int, post: int) -> None:
    place.forum.staff.delete_topic(topic)


def _unlist(place: Place, topic: int, post: int) -> None:
    place.forum.staff.unlist(topic)


def _to_message(place: Place, topic: int, post: int) -> None:
    place.forum.staff.to_message(topic)


def _restrict(place: Place, topic: int, post: int) -> None:
    place.forum.staff.set_permissions(place.forum.topic(topic)["category_id"], {"staff": 1})


def _delete_posts(place: Place, topic: int, post: int) -> None:
    place.forum.staff.delete_post(post)
    place.forum.staff.delete_topic(topic)


@pytest.mark.parametrize("take_away", [_delete_topic, _unlist, _to_message, _restrict, _delete_posts])
@pytest.mark.parametrize("heard", [True, False], ids=["heard", "unheard"])
def test_words_withdrawn_leave_acts_alerts_and_cases(
    tmp_path: Path, take_away: Callable[[Place, int, int], None], heard: bool
) -> None:
    """A topic is deleted, unlisted, closed or made a message: no act, alert, case or file holds its words any more."""
    with Place(tmp_path, plugins=(teller(),), settings=settings()) as place:
        place.forum.add_member("claire", created_at=MONDAY)
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", str(place.service.config.connect_secret.get_secret_value()))
        place.let("teller", "propose")
        lea = place.forum.as_member("lea")
        room = place.forum.add_category("Atelier")
        stays = lea.topic("general", "Un sujet qui reste là", f"Ces mots restent, {KEPT}, pour longtemps.")
        place.pass_time(minutes=5)
        lea.reply(stays, f"Cette réponse reste aussi, {KEPT}, bien sûr.")
        topic = lea.topic(room, f"Un sujet {CANARY} à reprendre", f"Ces mots s'en iront, {CANARY}, bientôt.")
        post = lea.reply(topic, f"Cette réponse s'en ira aussi, {CANARY}, je crois.")
        place.settle()
        place.pass_time(minutes=2)
        found = replay(place.service, place.service.registry.plugins["teller"], days=1)
        with place.service.database.begin() as connection:
            shown = place.service.archive.is_shown
            assert cases.keep(connection, 1, "teller", found.cases, shown, place.service.clock.now()) == 4
        assert len([act for act in place.acts() if CANARY in act["text"]]) == 2
        place.service.archive.catch_up()

        place.forum.faults.lose_hooks = not heard
        take_away(place, topic, post)
        place.settle()
        for _ in range(1 if heard else 4):
            place.pass_time(minutes=40)

        assert [act["state"] for act in place.acts() if KEPT in act["text"]] == ["sent", "proposed"]
        with place.service.database.read() as connection:
            assert {KEPT in one["text"] for one in cases.kept(connection, 1, "teller")} == {True}
        browser = Browser(place, "claire").login()
        starts = ("/console", "/console/activity", "/console/plugins/teller", "/console/queue", "/console/alerts")
        pages = list(browser.crawl(*starts, most=16))
        assert not [path for path, answer in pages if CANARY in answer.text]
        assert [path for path, answer in pages if KEPT in answer.text]
        place.service.archive.scrub()
    assert held(place, CANARY) == {}


def test_a_hidden_post_takes_the_act_along_that_rests_on_it(tmp_path: Path) -> None:
    """One post is hidden by moderators: the act that rests on it loses its words, the topic's others stay."""
    with Place(tmp_path, plugins=(teller(),), settings=settings()) as place:
        place.let("teller", "propose")
        lea = place.forum.as_member("lea")
        topic = lea.topic("general", "Un sujet qui reste là", f"Ces mots restent, {KEPT}, pour longtemps.")
        place.pass_time(minutes=5)
        post = lea.reply(topic, f"Cette réponse sera masquée, {CANARY}, voilà.")
        place.settle()
        place.forum.staff.hide(post)
        for _ in range(4):
            place.pass_time(minutes=40)

        told = {act["once"]: (act["text"], act["state"], act["note"]) for act in place.acts()}
        assert told[f"t:{post}"] == ("…", "lapsed", "topic_withdrawn")
        assert KEPT in next(text for text, _, _ in told.values() if text != "…")


def test_what_is_listed_again_is_known_again(tmp_path: Path) -> None:
    """An unlisted topic is held by its number only; once it is listed again its words are found again, hook or none."""
    with Place(tmp_path, settings=settings()) as place:
        archive = place.service.archive
        topic = place.forum.as_member("lea").topic("general", "Un sujet un peu caché", f"Des mots rares, {KEPT}, ici.")
        place.settle()
        place.forum.staff.unlist(topic)
        place.settle()
        assert archive.topic(topic) is None
        assert not archive.search(KEPT, archive.audience_public(), mode="lexical").hits
        place.forum.faults.lose_hooks = True
        place.forum.staff.relist(topic)
        for _ in range(3):
            place.pass_time(minutes=40)
        assert [hit.topic_id for hit in archive.search(KEPT, archive.audience_public(), mode="lexical").hits] == [topic]
