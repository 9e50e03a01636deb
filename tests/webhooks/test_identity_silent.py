"""Who reads a page of the forum: told by the forum alone, to the forum's pages alone, for ten minutes."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests

from connector.login import sign_answer
from tests.webhooks.inline_page import CONNECT, ForumPage, settings
from tests.webhooks.place import Place
from webhooks.inline_signing import Known, Seals


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with Place(tmp_path, settings=settings()) as place:
        yield place


@pytest.fixture
def lea(place: Place) -> ForumPage:
    return ForumPage(place, "lea")


def test_the_forum_tells_who_reads(place: Place, lea: ForumPage) -> None:
    """A page with a reader gets a token for that member, without a login page, in one round trip."""
    answer = lea.answered()

    told = answer.json()
    assert (answer.status_code, told["member"], told["username"]) == (200, place.forum.as_member("lea").id, "lea")
    assert (told["expires_in"], told["lang"]) == (600, "fr")
    assert answer.headers["Access-Control-Allow-Origin"] == place.server.url
    assert "Origin" in answer.headers["Vary"]
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert "Set-Cookie" not in answer.headers


def test_a_plain_navigation_comes_back_to_the_forum(place: Place, lea: ForumPage) -> None:
    """Whoever is sent here as a person, after a login that was led astray, finds the forum's home, and no token."""
    path = lea.forum_says()

    for headers in ({}, {"Origin": place.server.url, "Sec-Fetch-Mode": "navigate"}):
        answer = requests.get(lea.base + path, headers=headers, allow_redirects=False, timeout=30)
        assert (answer.status_code, answer.headers["Location"], answer.text) == (303, f"{place.server.url}/", "")
        assert answer.headers["Cache-Control"] == "no-store"
    assert lea.fetch(path).status_code == 400, "what stood in a browser's address line is spent"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "HTTP://127.0.0.1:1"])
def test_a_page_of_another_origin_is_told_nothing(lea: ForumPage, origin: str) -> None:
    """Neither the token nor what was wrong reaches a page that is not the forum's."""
    answer = lea.fetch(lea.forum_says(), origin=origin)

    assert (answer.status_code, answer.json()) == (403, {"error": "forbidden"})
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


def test_an_answer_counts_once(lea: ForumPage) -> None:
    """A replayed answer gives no second token."""
    path = lea.forum_says()

    assert lea.fetch(path).status_code == 200
    again = lea.fetch(path)
    assert (again.status_code, again.json()) == (400, {"error": "identity"})


def test_an_answer_counts_for_ten_minutes(place: Place, lea: ForumPage) -> None:
    """What the forum signed for a question of yesterday gives no token."""
    path = lea.forum_says()
    place.pass_time(minutes=11)

    assert lea.fetch(path).status_code == 400


def test_nobody_else_signs_for_the_forum(lea: ForumPage) -> None:
    """A word signed with another secret, or altered, or for a question we never asked, names nobody."""
    told = [("nonce", "0" * 64), ("external_id", "1"), ("username", "lea")]
    never_asked, sig = sign_answer(told, CONNECT)
    forged, other = sign_answer(told, "another-secret-0123456789")
    path = lea.forum_says()

    for wrong in (
        f"/identity/answer?sso={never_asked}&sig={sig}",
        f"/identity/answer?sso={forged}&sig={other}",
        f"/identity/answer?sso={forged}&sig={sig}",
        path.replace("sig=", "sig=0"),
        "/identity/answer?sso=%00&sig=é",
        "/identity/answer",
    ):
        assert lea.fetch(wrong).status_code == 400, wrong
    assert lea.fetch(path).status_code == 200, "and a wrong one spends nobody's question"


def test_a_login_to_the_console_gives_no_token(place: Place, lea: ForumPage) -> None:
    """The forum's answer to a console login is none to the page, and the other way round."""
    path = lea.forum_says()
    console = requests.get(f"{lea.base}{path.replace('/identity/answer', '/login/answer')}", timeout=30)

    assert console.status_code == 400


def test_without_a_secret_nobody_is_asked(tmp_path: Path) -> None:
    """Where the forum's login is not set up the element hears so, and goes on as for anybody."""
    with Place(tmp_path, settings=settings(connect_secret="")) as place:
        answer = ForumPage(place).post("/identity/start", {})

    assert (answer.status_code, answer.json()) == (503, {"error": "not_configured"})


def test_the_secret_can_be_replaced(tmp_path: Path) -> None:
    """While the secret is being replaced, answers signed with the one before still count."""
    place = Place(tmp_path, settings=settings(connect_secret="the-new-secret-0123456", connect_secret_previous=CONNECT))
    with place:
        lea = ForumPage(place, "lea")
        asked = lea.post("/identity/start", {}).json()["sso_path"]
        refused = requests.get(place.server.url + asked, allow_redirects=False, timeout=30)
        assert refused.status_code == 422, "the forum knows the old secret alone"
        nonce = _nonce(place)
        sso, sig = sign_answer([("nonce", nonce), ("external_id", "7"), ("username", "lea")], CONNECT)
        answer = lea.http.get(f"{lea.base}/identity/answer", params={"sso": sso, "sig": sig},
                              headers={"Origin": lea.origin}, timeout=30)  # fmt: skip

    assert (answer.status_code, answer.json()["member"]) == (200, 7)


def _nonce(place: Place) -> str:
    from webhooks import onetime

    with place.service.database.begin() as connection:
        return onetime.issue(connection, 1, onetime.SILENT, {}, place.service.clock.now())


def test_tokens_survive_a_new_signing_key(place: Place, lea: ForumPage) -> None:
    """A token signed before the signing key was replaced counts until its ten minutes are over."""
    lea.identify()
    config = place.service.config.model_copy(
        update={
            "secret_key_previous": place.service.config.secret_key,
            "secret_key": type(place.service.config.secret_key)("n" * 32),
        }
    )

    assert Seals(config).read_identity(lea.token, place.service.clock.now()) is not None
    assert Seals(config.model_copy(update={"secret_key_previous": type(config.secret_key)("")})).read_identity(
        lea.token, place.service.clock.now()
    ) is None  # fmt: skip


def test_two_machines_need_not_agree_on_the_time(place: Place) -> None:
    """A token from up to a minute ahead counts, one from further ahead or older than ten minutes does not."""
    seals, now = place.service.desk.seals, place.service.clock.now()
    known = Known(7, "lea", ("team",), admin=False, moderator=True)

    def counts(**ago: float) -> bool:
        return seals.read_identity(seals.identity(known, now - timedelta(**ago)), now) == known

    assert [counts(seconds=-60), counts(minutes=9), counts(minutes=10)] == [True, True, True]
    assert [counts(seconds=-62), counts(seconds=601)] == [False, False]


def test_tokens_of_another_forum_count_nothing(place: Place) -> None:
    """A token says for which site and forum it was made; one kind of word is never taken for another."""
    seals, now = place.service.desk.seals, place.service.clock.now()
    token = seals.identity(Known(7, "lea"), now)

    for other in ({"site": 2}, {"forum_url": "https://other.example"}):
        assert Seals(place.service.config.model_copy(update=other)).read_identity(token, now) is None
    assert seals.read_offer(token, now) is None
    assert seals.read_verdict(token, now) is None


def test_two_tabs_have_a_token_each(lea: ForumPage) -> None:
    """Questions of two tabs that are under way at once do not disturb each other."""
    first, second = lea.forum_says(), lea.forum_says()

    assert [lea.fetch(second).status_code, lea.fetch(first).status_code] == [200, 200]
