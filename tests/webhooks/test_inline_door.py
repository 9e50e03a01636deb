"""The door for the forum's pages: exact origin, JSON, a token that counts, so many requests, so many words."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from tests.webhooks.inline_page import ForumPage, settings
from tests.webhooks.inline_samples import guide, saying, suggestion
from tests.webhooks.place import Place
from webhooks.app import create_app
from webhooks.inline_desk import Limits
from webhooks.inline_signing import Known
from webhooks.views.inline_door import origin_of

ROUTES = ("/inline/topic", "/inline/composer", "/inline/verdict", "/inline/offer", "/identity/start")
MEMBERS_ROUTES = ("/inline/verdict", "/inline/offer")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One place for all: what is asked here changes nothing."""
    with Place(tmp_path_factory.mktemp("door"), plugins=(saying(suggestion()),), settings=settings()) as place:
        place.let("sayer")
        place.ask()
        place.settle()
        yield place


@pytest.fixture
def page(place: Place) -> ForumPage:
    place.service.desk.limits = Limits()
    return ForumPage(place)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://127.0.0.1:1x"])
def test_no_other_page_may_ask(page: ForumPage, route: str, origin: str | None) -> None:
    """A page of any other origin gets 403, no CORS header and no detail; its preflight neither."""
    headers = {"Content-Type": "application/json"} | ({"Origin": origin} if origin is not None else {})
    for method in ("POST", "OPTIONS"):
        answer = requests.request(method, page.base + route, data="{}", headers=headers, timeout=30)
        assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_preflight_is_answered(page: ForumPage, route: str) -> None:
    """The forum's page may send JSON and a token, and read when to come back."""
    asked = {"Origin": page.origin, "Access-Control-Request-Method": "POST"}
    answer = requests.options(page.base + route, headers=asked, timeout=30)

    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["Access-Control-Allow-Origin"] == page.origin
    assert answer.headers["Access-Control-Allow-Methods"] == "POST"
    assert answer.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert answer.headers["Access-Control-Expose-Headers"] == "Retry-After"
    assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_only_posts_are_taken(page: ForumPage, route: str, method: str) -> None:
    """Any other method is answered by 405, in JSON, that names what is taken."""
    answer = requests.request(method, page.base + route, headers={"Origin": page.origin}, timeout=30)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST, OPTIONS")
    assert answer.headers["Content-Type"] == "application/json"


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        (b"", 400, "json"), (b"{", 400, "json"), (b"[]", 400, "json"), (b"null", 400, "json"), (b"\xff", 400, "json"),
        (b"[" * 100_000, 400, "json"), (b'{"topic_id": "7"}', 400, "json"), (b'{"topic_id": true}', 400, "json"),
        (b'{"topic_id": -1}', 400, "json"), (b'{"topic_id": 1e400}', 400, "json"), (b'{"topic_id": NaN}', 400, "json"),
        (b'{"topic_id": 99999999999999999999999999}', 400, "json"), (b'{"topic_id": 1, "closed": "all"}', 400, "json"),
        (b'{"topic_id": 1, "closed": ["\\ud800"]}', 400, "json"), (b" " * 205_000, 413, "too_large"),
    ],
)  # fmt: skip
def test_what_is_no_question_is_refused(page: ForumPage, sent: bytes, status: int, error: str) -> None:
    """Whatever is sent in place of a question is answered by a word for the element, never by an error of ours."""
    answer = page.post("/inline/topic", sent)

    assert (answer.status_code, answer.json()) == (status, {"error": error})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json2", ""])
def test_only_json_is_taken(page: ForumPage, kind: str) -> None:
    """A form of another page could send these without a preflight: they are refused."""
    assert page.post("/inline/topic", b'{"topic_id": 1}', Content_Type=kind).status_code == 415


def test_json_may_name_its_letters(page: ForumPage) -> None:
    """A character set beside the type is no other type."""
    assert page.post("/inline/topic", b'{"topic_id": 1}', Content_Type="application/json; charset=utf-8").ok


def test_drafts_have_a_length(page: ForumPage) -> None:
    """32,000 characters of any script are taken, one more or 100 kB are not."""
    assert page.write(text="é" * 32_000) is not None
    assert page.write(text="🦋" * 32_000) is not None
    for sent in ({"text": "x" * 32_001}, {"text": "x" * 100_000}, {"title": "x" * 1_001}):
        answer = page.post("/inline/composer", {"action": "new_topic", **sent})
        assert (answer.status_code, answer.json()) == (413, {"error": "too_large"})


def test_a_token_that_does_not_count_is_told(place: Place) -> None:
    """The element hears that its token is over or none of ours, and renews it; it is nobody else meanwhile."""
    lea = ForumPage(place, "lea").identify()
    known = lea.token
    assert lea.post("/inline/topic", {"topic_id": 1}).ok
    place.forum.pass_time(timedelta(minutes=10, seconds=1))
    for token in (known, known[:-2] + "xx", "x", "é", " "):
        lea.token = token
        answer = lea.post("/inline/topic", {"topic_id": 1}, Authorization=f"Bearer {token}".encode())
        assert (answer.status_code, answer.json()) == (401, {"error": "token"}), token
    assert lea.post("/inline/topic", {"topic_id": 1}, Authorization=f"Basic {known}").status_code == 401


@pytest.mark.parametrize("route", MEMBERS_ROUTES)
def test_clicks_are_for_members(page: ForumPage, route: str) -> None:
    """Nobody in particular answers or asks for nothing."""
    answer = page.post(route, {"verdict": "x", "token": "x", "answer": "useful"})

    assert (answer.status_code, answer.json()) == (401, {"error": "token"})


def test_a_member_asks_thirty_times_a_minute(place: Place) -> None:
    """The thirty-first question within a minute is refused, with the seconds to wait; another member is not."""
    place.service.desk.limits = Limits()
    place.forum.add_member("omar")
    lea, omar = ForumPage(place, "lea").identify(), ForumPage(place, "omar").identify()
    statuses = [lea.post("/inline/topic", {"topic_id": 1}).status_code for _ in range(31)]
    refused = lea.post("/inline/composer", {"action": "new_topic"})

    assert statuses == [200] * 30 + [429]
    assert (refused.status_code, refused.json()) == (429, {"error": "too_many"})
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["Access-Control-Allow-Origin"] == lea.origin
    assert omar.post("/inline/topic", {"topic_id": 1}).ok


def test_an_office_shares_an_address(place: Place) -> None:
    """Two hundred colleagues behind one address log in and ask within a minute; only passers-by share a limit there."""
    place.service.desk.limits = Limits()
    seals, now = place.service.desk.seals, place.service.clock.now()
    client = create_app(place.service.config, service=place.service).test_client()

    def asks(path: str, sent: dict[str, object], token: str = "") -> int:
        headers = {"Origin": place.server.url} | ({"Authorization": f"Bearer {token}"} if token else {})
        return client.post(path, json=sent, headers=headers).status_code

    assert {asks("/identity/start", {}) for _ in range(200)} == {200}
    tokens = [seals.identity(Known(1000 + number, f"colleague{number}"), now) for number in range(200)]
    assert {asks("/inline/composer", {"action": "message"}, token) for token in tokens} == {200}
    statuses = [asks("/inline/composer", {"action": "message"}) for _ in range(121)]
    assert statuses == [200] * 120 + [429]


@pytest.mark.parametrize(("proxies", "apart"), [(0, False), (1, True)])
def test_addresses_are_believed_of_trusted_proxies(tmp_path: Path, proxies: int, apart: bool) -> None:
    """Without a trusted proxy nobody escapes a limit by naming another address; behind one, addresses count apart."""
    with Place(tmp_path, settings=settings(trusted_proxies=proxies)) as place:
        client = create_app(place.service.config, service=place.service).test_client()

        def asks(address: str) -> int:
            headers = {"Origin": place.server.url, "X-Forwarded-For": address}
            return client.post("/inline/composer", json={"action": "message"}, headers=headers).status_code

        first = [asks("10.0.0.1") for _ in range(121)]
        assert (first[-2:], asks("10.0.0.2")) == ([200, 429], 200 if apart else 429)


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://forum.example.org", "https://forum.example.org"),
        ("https://Forum.Example.org:443/community", "https://forum.example.org"),
        ("http://forum.example.org:80", "http://forum.example.org"),
        ("http://forum.example.org:8080/f", "http://forum.example.org:8080"),
        ("https://été.example", "https://xn--t-9fab.example"),
        ("http://[::1]:4000", "http://[::1]:4000"),
        ("", ""),
    ],
)
def test_origins_are_compared_as_browsers_write_them(address: str, origin: str) -> None:
    """Case, usual ports, paths and letters outside ASCII make no other origin."""
    assert origin_of(address) == origin


def test_no_forum_no_page(tmp_path: Path) -> None:
    """Where no forum is configured nobody is its page, not even one without an origin."""
    with Place(tmp_path, settings=settings()) as place:
        service = place.service
        service.config = service.config.model_copy(update={"forum_url": ""})
        client = create_app(service.config, service=service).test_client()
        for headers in ({}, {"Origin": ""}, {"Origin": "null"}):
            assert client.post("/inline/topic", json={"topic_id": 1}, headers=headers).status_code == 403


def test_script_in_titles_and_names_stays_words(tmp_path: Path) -> None:
    """Titles and names are sent as JSON that no browser can take for a page, even opened by itself."""
    with Place(tmp_path, plugins=(guide(),), settings=settings()) as place:
        place.let("guide")
        place.forum.add_member("mallory", name="</script><script>alert(1)</script>")
        title = "Pruning </script><img src=x onerror=alert(1)> trees"
        place.forum.as_member("mallory").topic("general", title, "Pruning trees in winter is best, I found.")
        place.settle()
        answer = ForumPage(place).post(
            "/inline/composer", {"action": "new_topic", "title": "Pruning trees <b>", "lang": "en"}
        )

    [found] = answer.json()["suggestions"]
    assert found["links"][0]["title"] == title
    assert not set("<>&") & set(answer.text)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert json.loads(answer.text) == answer.json()


def test_the_module_is_served_to_any_page(place: Place) -> None:
    """The sandbox's pages load the very module of the theme component; a browser that has it is not sent it again."""
    from connector.theme.joining import joined

    base = f"http://127.0.0.1:{place.web.server_port}/theme/passerelle.js"
    answer = requests.get(base, headers={"Origin": "https://any.example"}, timeout=30)
    assert answer.text == joined()
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    etag = answer.headers["ETag"]
    assert requests.get(base, headers={"If-None-Match": etag}, timeout=30).status_code == 304
    lasting = requests.get(base, params={"v": etag.strip('"')}, timeout=30)
    assert "immutable" in lasting.headers["Cache-Control"]
