"""The door for deliveries: what it takes, what it refuses, and what it never keeps."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from connector.archive import tables as archive
from connector.events import sign
from tests.webhooks.conftest import SECRET, Deliver
from webhooks.inbox import Inbox
from webhooks.service import Service
from webhooks.tables import inbox, outbox

POST: dict[str, Any] = {
    "id": 11,
    "topic_id": 5,
    "topic_archetype": "regular",
    "category_id": 3,
    "user_id": 8,
    "username": "lea",
    "post_number": 1,
    "post_type": 1,
    "cooked": "<p>CANARI bonjour</p>",
    "raw": "CANARI bonjour",
    "created_at": "2026-03-02T08:40:00.000Z",
}


def open_category(service: Service, category_id: int = 3) -> None:
    with service.database.begin() as connection:
        connection.execute(
            insert(archive.categories).values(
                site=service.site, id=category_id, name="Entraide", slug="entraide", visibility="public",
                opted_in=False, groups=[], declared_public=False,
            )
        )  # fmt: skip


def stored(service: Service) -> list[Any]:
    with service.database.read() as connection:
        return list(connection.execute(select(inbox).order_by(inbox.c.id)).mappings())


def test_a_signed_delivery_is_stored_before_it_is_acknowledged(service: Service, deliver: Deliver) -> None:
    """What a forum sends, signed, is answered 202 and is in the database by then."""
    assert deliver("post_created", "post", POST).status_code == 202

    assert [(row["event"], row["lane"], row["state"]) for row in stored(service)] == [
        ("post_created", "topic:5", "pending")
    ]


def test_a_forged_delivery_is_refused_without_detail(service: Service, deliver: Deliver) -> None:
    """A wrong signature is answered 401 with an empty body, and nothing is kept."""
    answer = deliver("post_created", "post", POST, secret="another-secret-of-somebody")

    assert (answer.status_code, answer.data) == (401, b"")
    assert stored(service) == []


def test_the_previous_secret_still_counts(make_service: Any) -> None:
    """While an admin replaces the secret, deliveries signed with the one before are taken too."""
    from webhooks.app import create_app

    service = make_service(hook_secret="the-new-secret-of-today", hook_secret_previous=SECRET)
    body = json.dumps({"post": POST}).encode()
    answer = create_app(service.config, service=service).test_client().post(
        "/webhooks/discourse",
        data=body,
        headers={"X-Discourse-Event": "post_created", "X-Discourse-Event-Type": "post",
                 "X-Discourse-Event-Signature": sign(body, SECRET)},
    )  # fmt: skip

    assert answer.status_code == 202


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10_000), flip=st.integers(1, 255))
def test_no_flipped_byte_is_accepted(client: FlaskClient, place: int, flip: int) -> None:
    """A delivery of which one single byte was changed on the way is never taken."""
    body = bytearray(json.dumps({"post": POST}).encode())
    signature = sign(bytes(body), SECRET)
    body[place % len(body)] ^= flip
    answer = client.post(
        "/webhooks/discourse",
        data=bytes(body),
        headers={"X-Discourse-Event": "post_created", "X-Discourse-Event-Type": "post",
                 "X-Discourse-Event-Signature": signature},
    )  # fmt: skip

    assert answer.status_code == 401


def test_swapped_headers_do_not_make_another_event(deliver: Deliver, service: Service) -> None:
    """Only the body is signed: headers that name another type than the body's root key are refused."""
    assert deliver("user_created", "post", POST).status_code == 400
    assert deliver("post_created", "post", POST, X_Discourse_Event_Type="user").status_code == 400
    assert stored(service) == []


def test_a_giant_delivery_is_refused(client: FlaskClient) -> None:
    """A body above one MiB is answered 413, whether or not its length was told beforehand."""
    body = b"x" * (1024 * 1024 + 1)

    assert client.post("/webhooks/discourse", data=body).status_code == 413


def test_a_ping_is_answered_and_an_unknown_event_ignored(deliver: Deliver, service: Service) -> None:
    """The admin's "ping" button sees 200; an event that a plugin of the forum invented is taken and forgotten."""
    assert deliver("ping", "ping", "OK").status_code == 200
    assert deliver("chat_message_created", "chat_message", {"id": 1}).status_code == 202
    assert stored(service) == []


def test_private_messages_are_dropped_at_the_door(deliver: Deliver, service: Service) -> None:
    """A private message leaves no row and no word anywhere, not even in the database's files."""
    private = {**POST, "topic_archetype": "private_message", "category_id": None}
    assert deliver("post_created", "post", private).status_code == 202

    assert stored(service) == []
    assert "CANARI" not in _files(service)


def test_of_a_conversation_that_we_opened_only_ids_and_times_stay(deliver: Deliver, service: Service) -> None:
    """An answer to our own message is known by topic, author and time; its words are not."""
    with service.database.begin() as connection:
        connection.execute(insert(outbox).values(**_sent_message(service)))
    deliver("post_created", "post", {**POST, "topic_archetype": "private_message", "category_id": None})

    [row] = stored(service)
    payload = json.loads(row["payload"])
    assert (payload["topic_id"], payload["user_id"]) == (5, 8)
    assert "CANARI" not in row["payload"]
    assert "CANARI" not in _files(service)


def test_text_of_what_is_not_known_to_be_public_is_cut(deliver: Deliver, service: Service) -> None:
    """Before the forum has said that a category is public, its words are not stored; afterwards they are."""
    deliver("post_created", "post", POST)
    open_category(service)
    deliver("post_created", "post", {**POST, "id": 12})

    first, second = stored(service)
    assert "CANARI" not in first["payload"]
    assert "CANARI bonjour" in second["payload"]


def test_an_equal_delivery_is_dropped_only_while_the_first_waits(deliver: Deliver, service: Service) -> None:
    """Two equal bodies are one while the first waits; once that is in work, the second asks for another look."""
    deliver("post_created", "post", POST)
    deliver("post_created", "post", POST)
    assert len(stored(service)) == 1

    box = Inbox(service.database, service.site, service.clock)
    [claimed] = box.claim()
    deliver("post_created", "post", POST)
    assert [row["state"] for row in stored(service)] == ["leased", "pending"]

    box.done(claimed)
    deliver("post_created", "post", POST)
    assert [row["state"] for row in stored(service)] == ["done", "pending"]


def test_bodies_are_erased_once_applied(deliver: Deliver, service: Service) -> None:
    """A delivery that everybody is done with keeps its name and time, not its body; on disk neither."""
    open_category(service)
    deliver("post_created", "post", POST)
    box = Inbox(service.database, service.site, service.clock)
    [claimed] = box.claim()
    assert claimed.event.payload["raw"] == "CANARI bonjour"
    assert box.done(claimed)

    [row] = stored(service)
    assert row["payload"] is None
    if service.database.is_sqlite:
        with service.database.engine.connect() as connection:
            connection.exec_driver_sql("rollback")
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
        assert "CANARI" not in _files(service)


def _files(service: Service) -> str:
    """All that the service's files hold, as text."""
    return "".join(path.read_bytes().decode("latin-1") for path in service.config.data_dir.rglob("*") if path.is_file())


def _sent_message(service: Service) -> dict[str, Any]:
    now = service.clock.now()
    return {
        "site": 1, "plugin": "greeter", "once": "hello", "verb": "message", "state": "sent", "note": "",
        "mode": "act", "ceiling": "act", "rule": "", "conduct": False, "urgency": "normal", "cause": "",
        "about": [], "title": "t", "text": "t", "why": "w", "evidence": [], "details": {}, "unanswered": False,
        "created_at": now, "changed_at": now, "run_at": now, "tries": 1, "fence": 1, "marker": "m",
        "external_id": "e", "replayed": False, "sent_topic_id": 5, "error": "", "taken_by": "", "decided_by": "",
        "decision": "",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_watchers_get_an_answer(client: FlaskClient, path: str) -> None:
    """Health, readiness and metrics answer without any login, with the security headers of every page."""
    answer = client.get(path)

    assert answer.status_code in (200, 503)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
