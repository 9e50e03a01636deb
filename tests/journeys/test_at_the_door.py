"""Whoever knocks (threats of operations.md §5): noise, forged answers, redirects, removed managers, repeats."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
import requests
from hypothesis import given
from hypothesis import settings as example_settings
from hypothesis import strategies as st
from sqlalchemy import select

from connector.errors import ForumError
from connector.events import sign
from tests.journeys.people import Browser, settings
from tests.webhooks.conftest import SECRET
from tests.webhooks.place import Place
from tests.webhooks.plugin_samples import greeter
from webhooks.tables import inbox

SCRIPT = "<script>alert(1)</script>"
EVENTS = (
    "post_created",
    "topic_created",
    "user_destroyed",
    "category_updated",
    "like",
    "group_created",
    "x",
    "ping",
    "",
)
KINDS = ("post", "topic", "user", "category", "like", "group", "")

numbers = st.integers() | st.floats(allow_nan=False) | st.booleans() | st.none()
anything = st.recursive(
    numbers | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=10,
)
fields = st.sampled_from(
    ("id", "topic_id", "user_id", "username", "post_number", "post_type", "category_id", "cooked", "raw", "archetype",
     "topic_archetype", "created_at", "title", "deleted_at", "action_code", "user", "post", "group_permissions", "name")
)  # fmt: skip
payloads = st.dictionaries(fields, anything, max_size=8)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with Léa, Claire who looks after the community, and a plugin that greets."""
    more = settings(requests_per_minute=10_000)
    with Place(tmp_path_factory.mktemp("door"), plugins=(greeter(),), settings=more) as place:
        place.forum.add_member("claire")
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())
        yield place


@pytest.fixture
def calm_place(tmp_path: Path) -> Iterator[Place]:
    """A place of one's own, where no fuzzing went before."""
    with Place(tmp_path, plugins=(greeter(),), settings=settings(requests_per_minute=10_000)) as place:
        place.forum.add_member("claire")
        place.forum.add_group("animation", "claire")
        place.forum.allow_login_for("127.0.0.1", place.service.config.connect_secret.get_secret_value())
        yield place


def deliver(place: Place, event: str, kind: str, body: bytes, secret: str = SECRET) -> requests.Response:
    headers = {
        "X-Discourse-Event": event, "X-Discourse-Event-Type": kind, "X-Discourse-Event-Id": "1",
        "X-Discourse-Instance": place.server.url, "X-Discourse-Event-Signature": sign(body, secret),
        "Content-Type": "application/json",
    }  # fmt: skip
    url = f"http://127.0.0.1:{place.web.server_port}/webhooks/discourse"
    return requests.post(url, data=body, headers=headers, timeout=30)


def test_no_delivery_breaks_the_door_or_the_worker(place: Place) -> None:
    """Whatever a signed delivery holds, the door answers, and the worker comes through all of them."""

    @given(st.sampled_from(EVENTS), st.sampled_from(KINDS), payloads | anything)
    def knock(event: str, kind: str, payload: object) -> None:
        answer = deliver(place, event, kind, json.dumps({kind: payload}).encode())
        assert answer.status_code < 500, answer.text
        assert answer.status_code not in (404, 410)

    knock()
    place.settle()
    assert not [row for row in _rows(place) if row["state"] == "leased"]
    assert requests.get(f"http://127.0.0.1:{place.web.server_port}/health", timeout=30).status_code == 200


def test_noise_at_the_door_is_refused(place: Place) -> None:
    """Bytes that are no JSON, or signed by another, are refused and nothing is kept."""
    before = len(_rows(place))

    @example_settings(max_examples=50)
    @given(st.binary(max_size=200))
    def knock(body: bytes) -> None:
        assert 400 <= deliver(place, "post_created", "post", body, "another-secret-here").status_code < 500
        assert deliver(place, "post_created", "post", body).status_code < 500

    knock()
    assert len(_rows(place)) == before


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)


def test_no_address_breaks_a_page(place: Place) -> None:
    """Whatever stands in an address of ours, no page breaks: for a passer-by and for a manager alike."""
    claire, anybody = Browser(place, "claire").login(), Browser(place)
    pages = ("activity", "queue", "alerts", "access", "duty", "health", "house", "why", "plugins/greeter")

    @example_settings(max_examples=25)
    @given(st.sampled_from(pages), st.sampled_from(("plugin", "state", "verb", "before", "page", "lang", "x")), words)
    def open_pages(page: str, name: str, word: str) -> None:
        for browser in (claire, anybody):
            browser.http.cookies.clear_expired_cookies()
            answer = browser.get(f"/console/{page}?{name}={quote(word)}")
            assert answer.status_code < 500, answer.url

    @example_settings(max_examples=25)
    @given(words)
    def open_links(word: str) -> None:
        safe = quote(word, safe="")
        for path in (f"/f/{safe}", f"/login?next={safe}", f"/login/answer?sso={safe}&sig={safe}", f"/why/{safe}",
                     f"/login/link/{safe}", f"/console/plugins/{safe}", f"/pages/{safe}/{safe}"):  # fmt: skip
            answer = anybody.http.get(anybody.base + path, allow_redirects=False, timeout=30)
            assert answer.status_code < 500, path
            to = urlsplit(answer.headers.get("Location", ""))
            assert to.netloc in ("", urlsplit(anybody.base).netloc, "127.0.0.1:8100"), path

    open_pages()
    open_links()


def test_members_words_are_text_in_the_console(place: Place) -> None:
    """A script as title, name and post is shown as text, on pages with a policy that would not run it anyhow."""
    forum = place.forum
    forum.add_member("mallory", name=SCRIPT)
    place.let("greeter", "propose")
    forum.as_member("mallory").topic("general", f"Un titre avec {SCRIPT} dedans", f"Du texte et {SCRIPT} encore.")
    place.settle()
    claire = Browser(place, "claire").login()

    seen = 0
    for path, answer in claire.crawl("/console", "/me"):
        if "html" not in answer.headers.get("Content-Type", ""):
            continue
        seen += 1
        assert SCRIPT not in answer.text, path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], path
        assert "unsafe" not in answer.headers["Content-Security-Policy"], path
    assert seen > 10


def test_an_answer_of_the_forum_counts_once(place: Place) -> None:
    """The forum's signed answer logs in the browser that asked, once; played again, or elsewhere, it does not."""
    claire = Browser(place, "claire")
    back = claire.forum_says(claire.start_login())
    thief = Browser(place)
    assert thief.get(back, follow=False).status_code == 400
    again = Browser(place, "claire")
    back = again.forum_says(again.start_login())
    again.get(back)
    assert again.get("/console").status_code == 200
    assert again.get(back, follow=False).status_code == 400
    assert thief.get("/console", follow=False).status_code == 303


def test_forged_form_stops_nothing(place: Place) -> None:
    """A form of another site, sent with the manager's cookies, does not pause anything."""
    claire = Browser(place, "claire").login()

    answer = claire.http.post(claire.base + "/console/pause", data={"pause": "1"}, timeout=30)

    assert answer.status_code == 400
    assert "Everything is paused" not in claire.get("/console").text


def test_removed_manager_loses_the_console(calm_place: Place) -> None:
    """Who leaves the managers' group on the forum is out of the console within five minutes."""
    place = calm_place
    place.forum.add_member("marc")
    place.forum.staff.join_group("animation", "marc")
    marc = Browser(place, "marc").login()
    assert marc.get("/console").status_code == 200

    place.forum.staff.leave_group("animation", "marc")
    place.pass_time(minutes=5)

    assert marc.get("/console").status_code == 403


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:1/", "file:///etc/passwd"]
)
def test_redirects_of_the_forum_are_not_followed(place: Place, to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the forum sends us elsewhere, we do not go: the answer is a failure in plain words."""

    def elsewhere(environ: object, start: object) -> list[bytes]:
        start("302 Found", [("Location", to), ("Content-Length", "0")])  # type: ignore[operator]
        return [b""]

    monkeypatch.setattr(place.server.app, "wsgi_app", elsewhere)

    with pytest.raises(ForumError):
        place.service.forum.categories()


@pytest.mark.parametrize("seed", range(3))
def test_repeats_and_disorder_end_in_the_forums_truth(tmp_path: Path, seed: int) -> None:
    """Deliveries that come twice, late and in any order, while they are worked off, end in what the forum says."""
    chance = random.Random(seed)
    with Place(tmp_path, plugins=(greeter(),)) as place:
        place.let("greeter")
        forum = place.forum
        forum.add_member("karim")
        sent: list[tuple[dict[str, str], bytes]] = []
        keep = place.server.forum.hooks
        original = keep._send

        def record(url: str, headers: dict[str, str], body: bytes) -> object:
            sent.append((headers, body))
            return original(url, headers, body)

        keep._send = record  # type: ignore[method-assign,assignment]
        topic = place.ask()
        answer = forum.as_member("karim").reply(topic, "Begin with the dead wood, in late winter.")
        forum.as_member("lea").like(answer)
        forum.as_member("karim").edit(answer, "Begin with the dead wood, then open the middle.")
        gone = forum.as_member("karim").reply(topic, "And do water it well in the first summer.")
        forum.staff.delete_post(gone)
        keep.deliver_all()
        chance.shuffle(sent)
        for headers, body in [*sent, *chance.sample(sent, len(sent))]:
            url = f"http://127.0.0.1:{place.web.server_port}/webhooks/discourse"
            assert requests.post(url, data=body, headers=headers, timeout=30).status_code < 300
            if chance.random() < 0.4:
                place.worker.step()
        keep._send = original  # type: ignore[method-assign]
        place.settle()

        archive = place.service.archive
        texts = [(post.id, post.text) for post in archive.posts_of_topic(topic) if post.user_id is not None]
        assert (answer, "Begin with the dead wood, then open the middle.") in texts
        assert gone not in dict(texts)
        assert list(archive.likers(answer)) == [forum.as_member("lea").id]
        assert len(place.bot_posts()) == 1


def test_an_equal_delivery_asks_again_once_the_first_is_done(tmp_path: Path) -> None:
    """Two true events can be equal: while the first waits the second is dropped, afterwards it is worked off too."""
    with Place(tmp_path) as place:
        topic = place.ask()
        place.settle()
        before = len(_rows(place))
        body = json.dumps({"topic": {"id": topic, "category_id": place.general}}).encode()
        for _ in range(2):
            assert deliver(place, "topic_edited", "topic", body).status_code == 202
        assert len(_rows(place)) == before + 1
        place.settle()
        place.forum.faults.lose_hooks = True
        place.forum.as_member("lea").edit_topic(topic, title="How do I prune an old pear tree?")

        assert deliver(place, "topic_edited", "topic", body).status_code == 202
        place.settle()

        known = place.service.archive.topic(topic)
        assert known is not None
        assert known.title == "How do I prune an old pear tree?"


def _rows(place: Place) -> list[dict[str, object]]:
    with place.service.database.read() as connection:
        return [dict(row) for row in connection.execute(select(inbox)).mappings()]
