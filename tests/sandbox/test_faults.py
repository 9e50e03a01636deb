"""What can be made to go wrong, and how it looks from outside (recorded lesson 9)."""

import pytest
import requests

from tests.recorded import exchange, exchanges
from tests.sandbox.conftest import Place
from tests.sandbox.test_rules_of_writing import a_topic


def count(place: Place) -> int:
    return int(place.forum.board.store.value("SELECT count(*) FROM posts"))


REPLY = "Une réponse pour voir ce qui se passe."


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("too_many", "022"),
        ("too_many_search", "016"),
        ("too_many_address", "017"),
    ],
)
def test_the_three_shapes_of_too_many(place: Place, kind: str, file: str) -> None:
    """429 comes in the three recorded shapes, with Retry-After where a real forum sends it, and nothing is done."""
    topic, before = a_topic(place), 1
    place.forum.faults.add(kind, method="POST", path="/posts", seconds=7)
    answer = place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": REPLY})
    recorded = next(one for one in exchanges("4-limits") if one.status == 429 and one.file.startswith(file))
    assert answer.status_code == 429
    assert ("Retry-After" in answer.headers) == ("Retry-After" in recorded.headers)
    if isinstance(recorded.content, dict):
        assert set(answer.json()) == set(recorded.content)
    else:
        assert answer.text.splitlines()[0] == recorded.content.splitlines()[0]
    assert count(place) == before
    assert place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": REPLY}).status_code == 200, "only once"


@pytest.mark.parametrize(
    ("kind", "written"), [("error_before", 0), ("error_after", 1), ("html", 0), ("html_after", 1), ("down", 0)]
)
def test_an_error_before_or_after_the_write(place: Place, kind: str, written: int) -> None:
    """An error may come before or after the post was made; the answer does not tell which."""
    topic = a_topic(place)
    before = count(place)
    place.forum.faults.add(kind, method="POST")
    answer = place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": REPLY})
    assert answer.status_code >= 500 or answer.headers["Content-Type"].startswith("text/html")
    assert count(place) == before + written


@pytest.mark.parametrize(("kind", "written"), [("cut_before", 0), ("cut_after", 1)])
def test_a_cut_connection(place: Place, kind: str, written: int) -> None:
    """The connection ends without an answer, before or after the post was made."""
    topic = a_topic(place)
    before = count(place)
    place.forum.faults.add(kind, method="POST")
    with pytest.raises(requests.ConnectionError):
        place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": REPLY})
    assert count(place) == before + written
    assert place.ask("GET", "/latest.json").status_code == 200


def test_slowness(place: Place) -> None:
    """A slow forum lets a caller with little patience wait in vain, and answers the others."""
    place.forum.faults.add("slow", path="latest", times=2, seconds=0.3)
    with pytest.raises(requests.Timeout):
        requests.get(place.url + "/latest.json", timeout=0.1)
    assert place.ask("GET", "/latest.json").status_code == 200
    assert place.forum.faults.state() == []


def test_reading_only(place: Place) -> None:
    """In read-only mode writes are 503 in the recorded words, and reads say so in a header."""
    topic = a_topic(place)
    place.forum.set(read_only=True)
    answer = place.ask("POST", "/posts.json", json={"topic_id": topic, "raw": REPLY})
    recorded = exchange("5-read-only/readonly_write")
    assert (answer.status_code, answer.json()) == (recorded.status, recorded.content)
    assert place.ask("GET", "/latest.json").headers["Discourse-Readonly"] == "true"


def test_a_forum_for_members_only(place: Place) -> None:
    """With login_required anonymous gets 403 in the recorded words everywhere, a key reads on."""
    topic = a_topic(place)
    place.forum.set(login_required=True)
    for path, file in (
        (f"/t/{topic}.json", "2-rights/login_required_topic_anonymous"),
        ("/latest.json", "4-limits/login_required_latest_anonymous"),
    ):
        answer = place.ask("GET", path, None)
        assert (answer.status_code, answer.json()) == (exchange(file).status, exchange(file).content)
    assert place.ask("GET", f"/posts/{place.forum.posts(topic)[0]['id']}.json", None).status_code == 403
    assert place.ask("GET", f"/t/{topic}.json").status_code == 200
    assert place.ask("GET", "/", None, headers={"Accept": "text/html"}).headers["Location"].startswith("/login")


def test_an_unknown_fault_is_named(place: Place) -> None:
    """A fault that does not exist is refused with the list of those that do."""
    with pytest.raises(ValueError, match="error_after"):
        place.forum.faults.add("flood")


def test_nonsense_is_answered_and_never_a_crash(place: Place) -> None:
    """Broken JSON, odd numbers, missing fields: 400, 404 or 422, never 500."""
    topic = a_topic(place)
    calls = [
        place.ask("POST", "/posts.json", data="{broken", headers={"Content-Type": "application/json"}),
        place.ask("POST", "/posts.json", json={"topic_id": "many", "raw": REPLY}),
        place.ask("POST", "/posts.json", json=[1, 2]),
        place.ask("POST", "/posts.json", json={}),
        place.ask("PUT", "/posts/1.json", json={"post": "text"}),
        place.ask("GET", "/posts.json?before=abc"),
        place.ask("GET", f"/t/{topic}.json?page=-3"),
        place.ask("GET", f"/t/{topic}/posts.json?post_ids[]=x"),
        place.ask("GET", "/groups/greeters/members.json?limit=100000"),
        place.ask("GET", "/user-cards.json?user_ids=a,b"),
        place.ask("PUT", f"/t/-/{topic}.json", "admin1", json={"category_id": "x"}),
        place.ask("POST", "/post_actions.json", "admin1", json={"id": "x"}),
        place.ask("POST", "/uploads.json"),
        place.ask("GET", "/nothing/here.json"),
        place.ask("DELETE", "/latest.json"),
    ]
    assert [answer.status_code for answer in calls if answer.status_code not in (400, 404, 422)] == []
    assert place.forum.posts(topic)[0]["raw"].startswith("Le texte du sujet")
