"""How deliveries fail, come again, or do not (recorded lessons 1 and 3)."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connector.sandbox import SandboxServer
from tests.sandbox.conftest import SECRET, Place, settle
from tests.sandbox.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A service that listens for deliveries."""
    with Receiver() as made:
        yield made


def one_post(place: Place) -> None:
    topic = place.forum.as_member("bruno").topic(
        place.rooms["open"], "Un sujet pour une livraison", "Le texte du sujet pour une livraison."
    )
    assert topic


def ids(receiver: Receiver) -> list[str]:
    return [one.headers["X-Discourse-Event-Id"] for one in receiver.deliveries]


def test_retries_come_later_under_a_new_id_with_the_same_body(place: Place, receiver: Receiver) -> None:
    """With retries on, a failed delivery comes after 1, 5, 25, 125 minutes, each time under a new event id, then no
    more.
    """
    place.forum.set(retry_web_hook_events=True)
    hook = place.forum.add_hook(receiver.url, SECRET, ("post",))
    receiver.answers = [500, 302, 404, 500, 503, 503]
    receiver.answers.remove(404)
    one_post(place)
    place.forum.hooks.deliver_all()
    for minutes in (1, 5, 25, 125):
        place.forum.pass_time(timedelta(minutes=minutes, seconds=-1))
        assert place.forum.hooks.deliver_all() == []
        place.forum.pass_time(timedelta(seconds=1))
        assert len(place.forum.hooks.deliver_all()) == 1
    place.forum.pass_time(timedelta(days=1))
    assert place.forum.hooks.deliver_all() == []
    assert len(set(ids(receiver))) == 5
    assert len({one.body for one in receiver.deliveries}) == 1
    assert [row["status"] for row in place.forum.hooks.log(hook)] == [503, 503, 500, 302, 500]


def test_without_the_setting_nothing_comes_again(place: Place, receiver: Receiver) -> None:
    """A forum as it is installed never tries a failed delivery again."""
    place.forum.add_hook(receiver.url, SECRET, ("post",))
    receiver.answers = [500]
    one_post(place)
    place.forum.hooks.deliver_all()
    place.forum.pass_time(timedelta(days=2))
    assert place.forum.hooks.deliver_all() == []
    assert len(receiver.deliveries) == 1


def test_a_cut_connection_is_never_tried_again(place: Place, receiver: Receiver) -> None:
    """No answer at all is status -1, and is never retried, not even with retries on."""
    place.forum.set(retry_web_hook_events=True)
    hook = place.forum.add_hook(receiver.url, SECRET, ("post",))
    receiver.answers = [0]
    one_post(place)
    assert [answer.status for answer in place.forum.hooks.deliver_all()] == [-1]
    place.forum.pass_time(timedelta(days=2))
    assert place.forum.hooks.waiting() == 0
    assert place.forum.hooks.log(hook)[0]["status"] == -1


def test_a_manual_redelivery_keeps_id_and_body(place: Place, receiver: Receiver) -> None:
    """An admin who sends a delivery again sends the same event id and the same bytes."""
    hook = place.forum.add_hook(receiver.url, SECRET, ("post",))
    receiver.answers = [500]
    one_post(place)
    place.forum.hooks.deliver_all()
    answer = place.forum.hooks.redeliver(place.forum.hooks.log(hook)[0]["id"])
    assert answer.fine
    first, second = receiver.deliveries
    assert (first.headers["X-Discourse-Event-Id"], first.body) == (second.headers["X-Discourse-Event-Id"], second.body)


def test_a_hook_answering_gone_is_switched_off_in_the_end(place: Place, receiver: Receiver) -> None:
    """404 is not retried; when the last retry gets one, the hook is switched off."""
    place.forum.set(retry_web_hook_events=True)
    hook = place.forum.add_hook(receiver.url, SECRET, ("post",))
    receiver.answers = [500, 500, 500, 500, 404]
    one_post(place)
    place.forum.hooks.deliver_all()
    for minutes in (1, 5, 25, 125):
        place.forum.pass_time(timedelta(minutes=minutes))
        place.forum.hooks.deliver_all()
    assert place.forum.board.store.value("SELECT active FROM web_hooks WHERE id = ?", hook) == 0


def test_lost_hooks_leave_no_trace(place: Place, receiver: Receiver) -> None:
    """With lost hooks nothing arrives, and nothing comes later when all is well again."""
    place.forum.add_hook(receiver.url, SECRET, ("post",))
    place.forum.faults.lose_hooks = True
    one_post(place)
    place.forum.faults.clear()
    assert place.forum.hooks.deliver_all() == []
    assert receiver.deliveries == []


def test_a_payload_is_what_was_true_when_it_happened(place: Place, receiver: Receiver) -> None:
    """A delivery that waits carries the text from when the event fired, not the present one."""
    place.forum.add_hook(receiver.url, SECRET, ("post",))
    bruno = place.forum.as_member("bruno")
    topic = bruno.topic(
        place.rooms["open"], "Un sujet qui va changer bientôt", "Le premier texte, avant toute correction."
    )
    post = place.forum.posts(topic)[0]["id"]
    bruno.edit(post, "Le second texte, après la correction.")
    place.forum.hooks.deliver_all()
    raws = [json.loads(one.body)["post"]["raw"] for one in receiver.deliveries]
    assert raws == ["Le premier texte, avant toute correction.", "Le second texte, après la correction."]


def test_deliveries_leave_by_themselves(receiver: Receiver) -> None:
    """A served forum sends its hooks in the background, all of them, in whatever order."""
    with SandboxServer() as server:
        place = settle(server)
        place.forum.add_hook(receiver.url, SECRET, ("topic", "post"))
        for number in range(5):
            place.forum.as_member("admin1").topic(
                place.rooms["open"], f"Sujet numéro {number} en arrière-plan", f"Texte du sujet numéro {number} ici."
            )
        done = threading.Event()
        for _ in range(200):
            if len(receiver.deliveries) == 10:
                break
            done.wait(0.05)
    events = sorted(one.headers["X-Discourse-Event"] for one in receiver.deliveries)
    assert events == ["post_created"] * 5 + ["topic_created"] * 5
