"""Whatever a page sends, it is never answered by an error of ours, and never by what its reader may not see."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webhooks.inline_page import settings as page_settings
from tests.webhooks.inline_samples import guide, saying, suggestion
from tests.webhooks.place import Place
from webhooks.app import create_app
from webhooks.inline_desk import Limits
from webhooks.inline_signing import Known

EXPECTED = {200, 202, 204, 303, 400, 401, 403, 405, 410, 413, 415, 429, 503}
TEXT = st.text(st.characters(exclude_categories=()), max_size=200)
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
NAMES = ("topic_id", "category_id", "action", "title", "text", "tags", "lang", "closed", "shown", "asked", "token",
         "verdict", "answer", "reason")  # fmt: skip
LIKELY = st.fixed_dictionaries(
    {},
    optional={
        "topic_id": st.integers(-1, 5) | VALUE,
        "category_id": st.integers(-1, 5) | VALUE,
        "action": st.sampled_from(["new_topic", "reply", "edit", "message"]) | VALUE,
        "title": TEXT | VALUE,
        "text": TEXT | VALUE,
        "tags": st.lists(TEXT, max_size=3) | VALUE,
        "lang": st.sampled_from(["fr", "en", "de", ""]) | VALUE,
        "closed": st.lists(TEXT, max_size=60) | VALUE,
        "shown": st.integers(-1, 3) | VALUE,
        "asked": st.booleans() | VALUE,
        "answer": st.sampled_from(["useful", "never"]) | VALUE,
        "token": TEXT | VALUE,
        "verdict": TEXT | VALUE,
    },
)
BODY = st.one_of(
    LIKELY.map(lambda sent: json.dumps(sent).encode()),
    st.dictionaries(st.sampled_from(NAMES), VALUE).map(lambda sent: json.dumps(sent).encode()),
    VALUE.map(lambda sent: json.dumps(sent).encode()),
    st.binary(max_size=400),
)
WORDS = st.text(st.characters(codec="latin-1", exclude_characters="\r\n\x00"), max_size=60)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A forum with a few topics and two plugins that speak."""
    plugins = (guide(), saying(suggestion(priority=0.1)))
    with Place(tmp_path_factory.mktemp("fuzz"), plugins=plugins, settings=page_settings()) as place:
        for plugin in plugins:
            place.let(plugin.name)
        for number in range(3):
            place.ask(f"How do I prune tree number {number}?")
        place.settle()
        yield place


@pytest.fixture(scope="module")
def client(place: Place) -> FlaskClient:
    return create_app(place.service.config, service=place.service).test_client()


def headers_of(place: Place, member: bool) -> dict[str, str]:
    place.service.desk.limits = Limits()
    known = Known(place.forum.as_member("lea").id, "lea")
    token = place.service.desk.seals.identity(known, place.service.clock.now())
    return {"Origin": place.server.url} | ({"Authorization": f"Bearer {token}"} if member else {})


quietly = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60)


@pytest.mark.parametrize("route", ["/inline/topic", "/inline/composer", "/inline/verdict", "/inline/offer",
                                   "/identity/start"])  # fmt: skip
@quietly
@given(body=BODY, member=st.booleans())
def test_no_body_makes_an_error_of_ours(
    place: Place, client: FlaskClient, route: str, body: bytes, member: bool
) -> None:
    """Bodies of every kind are answered by JSON of an expected status."""
    answer = client.post(route, data=body, content_type="application/json", headers=headers_of(place, member))

    assert answer.status_code in EXPECTED - {303, 503}
    assert answer.status_code == 204 or isinstance(json.loads(answer.get_data(as_text=True)), dict)


@quietly
@given(token=WORDS, kind=WORDS, length=WORDS)
def test_no_header_makes_an_error_of_ours(
    place: Place, client: FlaskClient, token: str, kind: str, length: str
) -> None:
    """Tokens and types of every kind are answered too."""
    headers = headers_of(place, member=False) | {"Authorization": f"Bearer {token}", "X-Forwarded-For": length}
    answer = client.post("/inline/topic", data=b"{}", headers=headers, content_type=kind)
    assert answer.status_code in EXPECTED


@quietly
@given(sso=WORDS, sig=WORDS, asked=st.dictionaries(st.sampled_from(["sso", "sig", "x"]), WORDS))
def test_no_answer_of_the_forum_makes_an_error_of_ours(
    place: Place, client: FlaskClient, sso: str, sig: str, asked: dict[str, Any]
) -> None:
    """Whatever comes back in the forum's name is refused, with or without an origin."""
    origin = headers_of(place, member=False)
    assert client.get("/identity/answer", query_string={"sso": sso, "sig": sig}, headers=origin).status_code == 400
    assert client.get("/identity/answer", query_string=asked).status_code == 303
