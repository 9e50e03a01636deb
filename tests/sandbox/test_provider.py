"""DiscourseConnect provider: who is this browser (recorded lesson 11)."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from connector.sandbox.signing import connect_facts, connect_payload, connect_signature
from tests.recorded import exchange
from tests.sandbox.conftest import Place

KEY = "a-connect-secret-1234"
BACK = "http://127.0.0.1:9900/login/return"


@pytest.fixture
def open_place(place: Place) -> Place:
    """The forum as a provider for the service on 127.0.0.1."""
    place.forum.allow_login_for("127.0.0.1", KEY)
    return place


def question(nonce: str = "n-123", back: str = BACK, key: str = KEY) -> dict[str, str]:
    sso = connect_payload({"nonce": nonce, "return_sso_url": back})
    return {"sso": sso, "sig": connect_signature(sso, key)}


def ask(place: Place, asked: dict[str, str], **more: object) -> requests.Response:
    given: dict[str, Any] = {"params": asked, "allow_redirects": False, "timeout": 5, **more}
    return requests.get(place.url + "/session/sso_provider", **given)


def told(location: str) -> dict[str, str]:
    query = parse_qs(urlsplit(location).query)
    assert connect_signature(query["sso"][0], KEY) == query["sig"][0]
    return connect_facts(query["sso"][0])


def test_a_member_is_sent_back_with_a_signed_identity(open_place: Place) -> None:
    """Logged in: 302 to our address with just the facts that a real forum tells, groups by name."""
    answer = ask(open_place, question(), cookies={"_t": open_place.forum.as_member("amelie").login()})
    assert answer.status_code == 302
    facts = told(answer.headers["Location"])
    recorded = parse_qs(urlsplit(exchange("1-life/sso_provider_with_api_key").headers["Location"]).query)["sso"][0]
    assert set(facts) == set(connect_facts(recorded))
    assert (facts["nonce"], facts["username"], facts["admin"], facts["email"]) == (
        "n-123",
        "amelie",
        "false",
        "amelie@example.com",
    )
    assert facts["groups"] == "trust_level_0,trust_level_1,trust_level_2,greeters"
    assert facts["external_id"] == str(open_place.forum.as_member("amelie").id)


def test_an_anonymous_reader_logs_in_and_lands_with_us(open_place: Place) -> None:
    """Anonymous: sent to /login with a cookie, and the next login leads to our address instead of the forum."""
    browser = requests.Session()
    answer = browser.get(open_place.url + "/session/sso_provider", params=question(), allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{open_place.url}/login")
    assert "sso_payload" in browser.cookies
    entered = browser.post(open_place.url + "/login", data={"username": "bruno"}, allow_redirects=False, timeout=5)
    assert entered.headers["Location"].startswith(BACK)
    assert told(entered.headers["Location"])["username"] == "bruno"
    again = browser.post(open_place.url + "/login", data={"username": "bruno"}, allow_redirects=False, timeout=5)
    assert again.headers["Location"] == "/"


def test_what_is_wrong_is_said_as_a_real_forum_says_it(place: Place) -> None:
    """Switched off 404; bad signature or nonsense 422 "Login Error"; unknown address 400; asked by script 204."""
    assert ask(place, question()).status_code == 404
    place.forum.allow_login_for("127.0.0.1", KEY)
    bad = ask(place, question(key="another-secret-1234"))
    recorded = exchange("1-life/sso_provider_bad_signature")
    assert (bad.status_code, bad.text, bad.headers["Content-Type"]) == (
        recorded.status,
        recorded.content,
        recorded.headers["Content-Type"],
    )
    assert ask(place, {"sso": "%%%", "sig": "0"}).status_code == 422
    assert ask(place, question(back="http://evil.example/login")).status_code == 400
    quiet = ask(
        place,
        question(),
        headers={"X-Requested-With": "XMLHttpRequest"},
        cookies={"_t": place.forum.as_member("bruno").login()},
    )
    assert quiet.status_code == 204


def test_two_secrets_of_one_address_allow_a_change(place: Place) -> None:
    """While two lines name our address, either secret is good; the answer is signed with the one that was used."""
    place.forum.set(
        enable_discourse_connect_provider=True,
        discourse_connect_provider_secrets=f"127.0.0.1|an-older-secret-99\n127.0.0.1|{KEY}",
    )
    answer = ask(place, question(), cookies={"_t": place.forum.as_member("bruno").login()})
    assert told(answer.headers["Location"])["username"] == "bruno"
