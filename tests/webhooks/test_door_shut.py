"""A door that cannot take anything in just now says so, and says nothing that would make the forum give up on it."""

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event as database_event
from sqlalchemy import select

from connector.events import sign
from tests.webhooks.conftest import SECRET, Make
from tests.webhooks.place import Place
from webhooks.app import create_app
from webhooks.door import LARGEST_BODY
from webhooks.inbox import Inbox
from webhooks.service import Service
from webhooks.tables import inbox

ADDRESS = "/webhooks/discourse"


def headers(body: bytes, event: str = "user_updated", kind: str = "user", secret: str = SECRET) -> dict[str, str]:
    """What Discourse sends along."""
    return {
        "X-Discourse-Event": event, "X-Discourse-Event-Type": kind, "X-Discourse-Event-Id": "7",
        "X-Discourse-Event-Signature": sign(body, secret), "Content-Type": "application/json",
    }  # fmt: skip


def knock(client: FlaskClient, number: int = 1, words: str = "") -> Any:
    """Deliver news of one member."""
    body = json.dumps({"user": {"id": number, "username": f"member{number}", "name": words}}).encode()
    return client.post(ADDRESS, data=body, headers=headers(body))


def states(service: Service) -> list[str]:
    with service.database.read() as connection:
        return list(connection.execute(select(inbox.c.state).order_by(inbox.c.id)).scalars())


def afresh(client: FlaskClient) -> None:
    """The door looks around every two seconds; these have passed."""
    client.application.extensions["passerelle.door"]._looked_at = -10.0


def test_short_of_disk_is_told_as_503(make_service: Make, database_url: str) -> None:
    """With less disk free than the operator wants, deliveries get 503 and a time to come back; nothing is stored."""
    service = make_service(database_url=database_url, free_disk_mb=10**9)
    client = create_app(service.config, service=service).test_client()

    answer = knock(client)

    assert (answer.status_code, answer.headers["Retry-After"], answer.data) == (503, "60", b"")
    assert states(service) == []
    ready = client.get("/ready")
    assert ready.status_code == 503
    assert "disk" in str(ready.json)


def test_a_ping_and_a_forgery_are_answered_though_the_disk_is_short(make_service: Make) -> None:
    """What need not be stored is answered as ever: a ping 200, an unknown event 202, a forgery 401."""
    service = make_service(free_disk_mb=10**9)
    client = create_app(service.config, service=service).test_client()
    ping, news = b'{"ping": "OK"}', b'{"chat": {"id": 1}}'

    assert client.post(ADDRESS, data=ping, headers=headers(ping, "ping", "ping")).status_code == 200
    assert client.post(ADDRESS, data=news, headers=headers(news, "chat_created", "chat")).status_code == 202
    forged = client.post(ADDRESS, data=news, headers=headers(news, secret="of-somebody-else"))
    assert (forged.status_code, forged.data) == (401, b"")


def test_a_disk_that_fills_up_loses_nothing_that_was_acknowledged(make_service: Make) -> None:
    """The database itself runs out of room: that delivery gets 503, all those answered 202 are there, and it goes on
    once there is room.
    """
    service = make_service()
    client = create_app(service.config, service=service).test_client()
    assert knock(client).status_code == 202
    with service.database.read() as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar()

    def narrow(connection: Any, record: Any, *_: Any) -> None:
        connection.execute(f"pragma max_page_count = {pages}")

    database_event.listen(service.database.engine, "checkout", narrow)
    codes = [knock(client, number, "x" * 2000).status_code for number in range(2, 8)]
    assert codes[-1] == 503
    assert set(codes) <= {202, 503}
    assert len(states(service)) == 1 + codes.count(202)

    database_event.remove(service.database.engine, "checkout", narrow)
    database_event.listen(service.database.engine, "checkout", _wide)
    assert knock(client, 8).status_code == 202


def _wide(connection: Any, *_: Any) -> None:
    connection.execute("pragma max_page_count = 1000000")


def test_a_long_backlog_is_told_and_over_once_it_is_worked_off(make_service: Make, database_url: str) -> None:
    """Above the operator's limit of waiting deliveries the door answers 503; worked off, it takes them again."""
    service = make_service(database_url=database_url, inbox_limit=100)
    client = create_app(service.config, service=service).test_client()
    for number in range(100):
        assert knock(client, number).status_code == 202
    afresh(client)

    assert [knock(client, 100 + number).status_code for number in range(3)] == [503] * 3
    assert len(states(service)) == 100

    box = Inbox(service.database, service.site, service.clock)
    for delivery in box.claim(50):
        box.done(delivery)
    afresh(client)
    assert knock(client, 200).status_code == 202


def test_a_database_that_is_away_is_told_as_503(make_service: Make) -> None:
    """Tables that are not there, a locked or broken file: 503, never a page with details, and never 404."""
    service = make_service()
    client = create_app(service.config, service=service).test_client()
    with service.database.begin() as connection:
        connection.exec_driver_sql("alter table host_inbox rename to elsewhere")

    answer = knock(client)

    assert (answer.status_code, answer.data) == (503, b"")


ANY_PATH = st.lists(
    st.sampled_from(["", ".", "x", "7", "%00", "a.json", "é", "discourse", "%20", "..%2f"]), max_size=4
).map("/".join)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.fixture(scope="module")
def app_client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A place whose door is knocked at in every manner."""
    with Place(tmp_path_factory.mktemp("any")) as place:
        yield place.app.test_client()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rest=ANY_PATH, method=st.sampled_from(METHODS), query=st.text("abc=&?%/é", max_size=12), body=st.binary(max_size=40)
)
def test_no_way_of_knocking_is_answered_404_or_410(
    app_client: FlaskClient, rest: str, method: str, query: str, body: bytes
) -> None:
    """Discourse switches a web hook off after 404 or 410: no method, slash, query or path below makes us say either."""
    for path in (ADDRESS, f"{ADDRESS}/", f"{ADDRESS}/{rest}"):
        for sent in (body, b'{"ping": "OK"}'):
            given_headers = headers(sent, "ping", "ping")
            answer = app_client.open(f"{path}?{query}", method=method, data=sent, headers=given_headers)
            assert answer.status_code in (200, 400, 401, 405), (path, method, answer.status_code)
            assert answer.headers.get("Location") is None


def test_query_and_slash_change_nothing_for_a_delivery(make_service: Make) -> None:
    """An admin who typed a slash or a query too many into the web hook's address gets his deliveries all the same."""
    service = make_service()
    client = create_app(service.config, service=service).test_client()
    for number, address in enumerate((f"{ADDRESS}/", f"{ADDRESS}?from=forum", f"{ADDRESS}/?a=1&b=%20")):
        body = json.dumps({"user": {"id": number, "username": f"m{number}"}}).encode()
        assert client.post(address, data=body, headers=headers(body)).status_code == 202

    assert states(service) == ["pending"] * 3


def raw_answer(place: Place, head: bytes, parts: list[bytes]) -> int:
    """Send these bytes as they are over a socket of their own; gives the status of the answer, 0 for none."""
    with socket.create_connection(("127.0.0.1", place.web.server_port), timeout=20) as wire:
        wire.sendall(head)
        try:
            for part in parts:
                wire.sendall(part)
            wire.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the door may close before it has read everything
        try:
            first = wire.recv(64)
        except ConnectionResetError:
            return 0
    return int(first.split()[1]) if first.startswith(b"HTTP/") else 0


def test_a_body_of_untold_length_is_no_way_round_the_limit(tmp_path: Path) -> None:
    """Above one MiB a delivery is refused also when it comes in chunks or names a smaller length; nothing is kept."""
    with Place(tmp_path) as place:
        body = b'{"user": {"id": 1, "name": "' + b"x" * LARGEST_BODY + b'"}}'
        lines = [f"{name}: {value}" for name, value in headers(body).items()]
        start = ["POST /webhooks/discourse HTTP/1.1", "Host: x", *lines]
        chunks = [f"{len(body):x}\r\n".encode() + body + b"\r\n", b"0\r\n\r\n"]
        chunked = raw_answer(place, "\r\n".join([*start, "Transfer-Encoding: chunked", "", ""]).encode(), chunks)
        told = raw_answer(place, "\r\n".join([*start, f"Content-Length: {len(body)}", "", ""]).encode(), [body])
        lied = raw_answer(place, "\r\n".join([*start, "Content-Length: 100", "", ""]).encode(), [body])

        assert chunked in (0, 400, 401, 411, 413)
        assert told in (0, 413)
        assert lied in (0, 401)
        assert states(place.service) == []


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"7", b'"x"', b"{", b'{"user": {"id": 1}', b"\xff\xfe", b"[" * 5000, b'{"user": 1}'],
    ids=["empty", "null", "list", "number", "text", "brace", "half", "bytes", "deep", "no object"],
)  # fmt: skip
def test_what_is_no_delivery_is_refused(make_service: Make, body: bytes) -> None:
    """Signed or not, a body that is no JSON object with the event's own key is answered 400, and nothing is stored."""
    service = make_service()
    client = create_app(service.config, service=service).test_client()

    answer = client.post(ADDRESS, data=body, headers=headers(body))

    assert answer.status_code == 400
    assert states(service) == []


def test_half_a_character_hangs_nobody(make_service: Make, database_url: str) -> None:
    """A delivery with half of an emoji, or with a NUL, is taken like any other, and so are all that come after it."""
    service = make_service(database_url=database_url)
    client = create_app(service.config, service=service).test_client()
    for number, name in enumerate((rb"\ud83d", rb"a\u0000b", rb"\udc00\ud800", b"Fine")):
        body = b'{"user": {"id": %d, "username": "m%d", "name": "%s"}}' % (number, number, name)
        assert client.post(ADDRESS, data=body, headers=headers(body)).status_code == 202

    box = Inbox(service.database, service.site, service.clock)
    assert [delivery.event.payload["id"] for delivery in box.claim()] == [0, 1, 2, 3]


def test_one_delivery_that_cannot_be_stored_spoils_no_other(
    make_service: Make, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deliveries are committed together; where one of them cannot be, it alone gets 503 and nobody waits for ever."""
    service = make_service(database_url=database_url)
    client = create_app(service.config, service=service).test_client()
    door = client.application.extensions["passerelle.door"]
    write = json.dumps

    def fails(content: Any, **more: Any) -> str:
        if isinstance(content, dict) and content.get("id") == 13:
            raise ValueError("nothing can hold this")
        return write(content, **more)

    monkeypatch.setattr("webhooks.inbox.json.dumps", fails)
    codes: dict[int, int] = {}
    door._leader.acquire()
    threads = [
        threading.Thread(target=lambda number=number: codes.update({number: knock(client, number).status_code}))
        for number in range(10, 16)
    ]
    for thread in threads:
        thread.start()
    while len(door._queue) < len(threads):
        threading.Event().wait(0.01)
    door._leader.release()
    for thread in threads:
        thread.join(20)

    assert codes == {10: 202, 11: 202, 12: 202, 13: 503, 14: 202, 15: 202}
    assert len(states(service)) == 5
