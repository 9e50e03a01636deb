"""Who sits at a browser is what the forum signed, for this login, and nothing else."""

import base64
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import BadPayload, BadSignature
from connector.login import identify, login_address, new_nonce, nonce_of, read_request, sign_answer
from tests.recorded import exchange

SECRET = "a-connect-secret-of-ours"
PUBLISHED_SECRET = "d836444a9e4084d5b224a60c208dce14"
PUBLISHED = "bm9uY2U9Y2I2ODI1MWVlZmI1MjExZTU4YzAwZmYxMzk1ZjBjMGI=\n"
PUBLISHED_SIGNATURE = "2828aa29899722b35a2f191d34ef9b3ce695e0e6eeec47deb46d588d70c7cb56"


def recorded_answer() -> list[tuple[str, str]]:
    """What the real forum answered for amelie (its secret is not in the recording)."""
    query = parse_qs(urlsplit(exchange("1-life/sso_provider_with_api_key").headers["Location"]).query)
    text = base64.b64decode(query["sso"][0]).decode()
    return [(name, value[0]) for name, value in parse_qs(text).items()]


def test_the_published_example_verifies() -> None:
    """The example that Discourse published for its protocol has just the signature that we expect."""
    assert nonce_of(PUBLISHED, PUBLISHED_SIGNATURE, [PUBLISHED_SECRET]) == "cb68251eefb5211e58c00ff1395f0c0b"


def test_a_member_of_the_recorded_forum_is_recognised() -> None:
    """What a real forum answers becomes a person with name, groups and rights."""
    sso, sig = sign_answer(recorded_answer(), SECRET)
    who = identify(sso, sig, "n-123", [SECRET])

    assert who is not None
    assert (who.id, who.username, who.name) == (2, "amelie", "Amélie Martin")
    assert who.groups == ("trust_level_0", "trust_level_1", "trust_level_2", "greeters")
    assert not who.is_staff


def test_the_address_asks_the_forum_in_its_own_way() -> None:
    """The browser is sent to the forum with our nonce, our return address and a signature that the forum accepts."""
    nonce = new_nonce()
    address = login_address("https://forum.example.org/", "https://p.example.org/login", nonce, SECRET, quiet=True)
    query = parse_qs(urlsplit(address).query)
    asked = read_request(query["sso"][0], query["sig"][0], [SECRET])

    assert address.startswith("https://forum.example.org/session/sso_provider?")
    assert asked == {"nonce": nonce, "return_sso_url": "https://p.example.org/login", "prompt": "none"}
    assert new_nonce() != nonce


def test_the_recorded_question_is_asked_in_the_same_words() -> None:
    """The payload that the real forum accepted is the one that we make."""
    asked = exchange("1-life/sso_provider_with_api_key").params["sso"]
    address = login_address("http://f", "http://127.0.0.1:9900/login/return", "n-123", SECRET)

    assert parse_qs(urlsplit(address).query)["sso"] == [asked]


def test_an_answer_to_another_login_is_refused() -> None:
    """A genuine answer, caught or replayed from somewhere else, logs nobody in."""
    sso, sig = sign_answer(recorded_answer(), SECRET)

    for nonce in ("n-124", "", "é"):
        with pytest.raises(BadSignature):
            identify(sso, sig, nonce, [SECRET])


@given(st.text(max_size=80), st.text(max_size=70))
def test_nothing_unsigned_is_believed(sso: str, sig: str) -> None:
    """Whatever is in the address, without the secret it names nobody, and nothing falls over."""
    with pytest.raises(BadSignature):
        identify(sso, sig, "n-123", [SECRET, ""])


@given(st.data())
def test_a_changed_answer_is_refused(data: st.DataObject) -> None:
    """Nobody makes himself admin by changing the answer in his address bar."""
    sso, sig = sign_answer(recorded_answer(), SECRET)
    at = data.draw(st.integers(0, len(sso) - 1))
    other = data.draw(st.characters(min_codepoint=48, max_codepoint=122).filter(lambda letter: letter != sso[at]))

    with pytest.raises(BadSignature):
        identify(sso[:at] + other + sso[at + 1 :], sig, "n-123", [SECRET])


def test_both_secrets_work_while_they_are_changed() -> None:
    """During a change of the secret nobody is locked out; without any secret nobody gets in."""
    sso, sig = sign_answer(recorded_answer(), "the-older-secret")

    assert identify(sso, sig, "n-123", [SECRET, "the-older-secret"]) is not None
    with pytest.raises(BadSignature):
        identify(sso, sig, "n-123", [])


def test_a_quiet_question_may_be_answered_by_nobody() -> None:
    """When nobody is logged in, newer forums say so, and that is no error."""
    sso, sig = sign_answer([("nonce", "n"), ("failed", "true")], SECRET)

    assert identify(sso, sig, "n", [SECRET]) is None


@pytest.mark.parametrize("told", [[("nonce", "n")], [("nonce", "n"), ("external_id", "x"), ("username", "a")]])
def test_a_signed_answer_without_a_member_is_named(told: list[tuple[str, str]]) -> None:
    """A signed answer that names no member is an error of its own kind."""
    with pytest.raises(BadPayload):
        identify(*sign_answer(told, SECRET), "n", [SECRET])


def test_admins_and_moderators_are_known() -> None:
    """The forum's staff is recognised as such."""
    told = [("nonce", "n"), ("external_id", "1"), ("username", "admin1"), ("admin", "true"), ("moderator", "false")]
    who = identify(*sign_answer(told, SECRET), "n", [SECRET])

    assert who is not None
    assert who.admin
    assert who.is_staff
    assert not who.moderator
