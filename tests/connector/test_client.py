"""The client over real sockets: faults end in the right one of three errors, and leak nothing."""

import copy
import gzip
import itertools
import json
import pickle
import socket
import threading
import traceback

import pytest

from connector import writing
from connector.client import Client, Unpaced, checked_address
from connector.errors import ForumError, ForumRefused, ForumUnavailable, ForumUnsure
from connector.forum import Forum
from connector.pacing import LocalPacer
from tests.connector.faults import KEY, FaultServer, Step, answers, cut, endless, half, silent

REPLY = writing.reply(28, "Bonjour, voici qui pourrait aider.")
POST = {"id": 7, "topic_id": 28, "post_number": 2, "topic_slug": "les-rosiers"}


def test_a_read_sends_who_we_are_and_nothing_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and member go in headers, our name is no crawler's, cookies are not kept, proxies of the machine not used."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with FaultServer(answers(200, {"about": {}}, {"Set-Cookie": "_t=session"})) as server:
        client = server.client()
        client.read("/about.json")
        client.read("/about.json", {"page": 2, "ids[]": [1, 2]})
        first, second = server.requests

    assert (first.headers["api-key"], first.headers["api-username"]) == (KEY, "passerelle")
    assert not any(word in first.headers["user-agent"].lower() for word in ("bot", "crawler", "spider"))
    assert "json" in first.headers["accept"]
    assert "cookie" not in second.headers
    assert second.path == "/about.json?page=2&ids%5B%5D=1&ids%5B%5D=2"


def test_reads_share_one_connection_and_each_write_has_its_own() -> None:
    """Reading is quick over a kept connection; a write never rides on one that the forum may be closing."""
    with FaultServer(answers(200, POST)) as server:
        client = server.client()
        for _ in range(5):
            client.read("/about.json")
        assert server.connections == 1
        client.write(REPLY)
        client.write(REPLY)

        assert server.connections == 3


@pytest.mark.parametrize("step", [cut, half, silent], ids=["cut", "half an answer", "silence"])
def test_a_lost_answer_leaves_a_write_unsure_and_a_read_to_be_repeated(step: Step) -> None:
    """When the forum got the request and the answer is lost, a write is never repeated by itself."""
    with FaultServer(step) as server:
        with pytest.raises(ForumUnsure):
            server.client().write(REPLY)
        assert len(server.requests) == 1
        with pytest.raises(ForumUnavailable):
            server.client().read("/about.json")


def test_a_read_survives_a_connection_that_died_in_between() -> None:
    """A kept connection that the forum closed is opened anew without anybody noticing."""
    with FaultServer(answers(200, {"a": 1}), cut, answers(200, {"a": 2})) as server:
        client = server.client()

        assert client.read("/x.json") == {"a": 1}
        assert client.read("/x.json") == {"a": 2}


def test_a_forum_that_is_not_there_has_surely_done_nothing() -> None:
    """A refused connection is no doubt: the write is simply still to be done."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    client = Client(f"http://127.0.0.1:{port}", "passerelle", KEY, pacer=Unpaced())

    with pytest.raises(ForumUnavailable):
        client.write(REPLY)
    with pytest.raises(ForumUnavailable):
        client.read("/about.json")


def test_an_answer_without_end_is_given_up() -> None:
    """However much a server sends, only so much is read."""
    with FaultServer(endless) as server:
        client = server.client(largest_answer=1_000_000)
        with pytest.raises(ForumUnavailable):
            client.read("/about.json")
        with pytest.raises(ForumUnsure):
            client.write(REPLY)


def test_packed_and_piecewise_answers_are_read() -> None:
    """Web servers in front of forums compress answers and send them in pieces: all of it arrives, and is bounded."""
    content = json.dumps({"latest_posts": [{"id": number} for number in range(20_000)]}).encode()
    packed = gzip.compress(content)

    def in_pieces(connection: socket.socket, released: threading.Event) -> None:
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\n"
        connection.sendall(head.encode() + b"Transfer-Encoding: chunked\r\n\r\n")
        for start in range(0, len(packed), 1000):
            piece = packed[start : start + 1000]
            connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        connection.sendall(b"0\r\n\r\n")

    whole = answers(200, packed, {"Content-Encoding": "gzip"})
    bomb = answers(200, gzip.compress(b" " * 50_000_000), {"Content-Encoding": "gzip"})
    with FaultServer(in_pieces, whole, in_pieces, bomb) as server:
        client = server.client(read_timeout=5.0, largest_answer=2_000_000)
        for _ in range(3):
            assert len(client.read("/posts.json")["latest_posts"]) == 20_000
        assert server.connections == 1
        with pytest.raises(ForumUnavailable, match="more than 1 MiB"):
            client.read("/posts.json")


def test_a_redirect_without_end_is_given_up() -> None:
    """Not even the body of a redirect, which nobody wants, is read beyond the limit."""

    def redirect(connection: socket.socket, released: threading.Event) -> None:
        connection.sendall(b"HTTP/1.1 301 X\r\nLocation: /t/1.json\r\nContent-Length: 99999999999\r\n\r\n")
        endless(connection, released)

    with FaultServer(redirect) as server, pytest.raises(ForumUnavailable, match="more than 1 MiB"):
        server.client(largest_answer=2**20).location_of("/t/external_id/x.json")


def test_an_answer_that_drips_is_given_up() -> None:
    """However slowly a server sends, it cannot hold a worker longer than the time for one answer."""
    seconds = itertools.count()
    with (
        FaultServer(endless) as server,
        pytest.raises(ForumUnavailable, match="longer than 5 seconds"),
    ):
        server.client(clock=lambda: float(next(seconds))).read("/about.json")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_never_followed(status: int) -> None:
    """The key goes to the configured address only, wherever an answer would like to send it."""
    with FaultServer(answers(200, {})) as thief:
        elsewhere = answers(status, b"", {"Location": f"{thief.url}/t/1.json"})
        with FaultServer(elsewhere) as server:
            for act in (lambda: server.client().read("/t/1.json"), lambda: server.client().write(REPLY)):
                with pytest.raises(ForumUnavailable):
                    act()
        assert thief.requests == []


def test_an_external_id_leads_to_its_topic_without_going_there() -> None:
    """The one redirect that means something is read, not followed."""
    moved = answers(301, b"<html>", {"Location": "http://forum.localhost/t/lettre-de-la-semaine-47/24.json"})
    missing = answers(404, {"errors": ["x"], "error_type": "not_found"})
    with FaultServer(moved, missing, answers(200, {"id": 1})) as server:
        forum = Forum(server.client())

        assert forum.topic_id_by_external_id("passerelle-digest-2026-W47") == 24
        assert forum.topic_id_by_external_id("none-such") is None
        with pytest.raises(ForumUnavailable):
            forum.topic_id_by_external_id("odd")
        assert server.requests[0].path == "/t/external_id/passerelle-digest-2026-W47.json"


@pytest.mark.parametrize("step", [cut, half, silent, answers(500, b""), answers(403, {"errors": ["no"]})])
def test_no_error_tells_the_key_or_the_text(step: Step) -> None:
    """Neither the key nor what a member wrote is in any error, its causes, its traceback or the client's own name."""
    with FaultServer(step) as server:
        client = server.client()
        with pytest.raises(ForumError) as caught:
            client.write(REPLY)
        told = "".join(traceback.format_exception(caught.value)) + repr(client) + str(caught.value.__context__)

    assert caught.value.__context__ is None
    assert KEY not in told
    assert "Bonjour" not in caught.value.message


def test_a_limit_that_all_share_slows_all_of_us_down() -> None:
    """After a "slow down" for the whole key nobody asks again before the time is over."""
    now = [0.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    pacer = LocalPacer(600, longest_wait=100, clock=lambda: now[0], sleep=sleep)
    limit = answers(
        429, {"extras": {"wait_seconds": 49}}, {"Discourse-Rate-Limit-Error-Code": "admin_api_key_rate_limit"}
    )
    with FaultServer(limit, answers(200, {})) as server:
        client = server.client(pacer=pacer)
        with pytest.raises(ForumUnavailable) as caught:
            client.read("/posts.json")
        client.read("/posts.json")

    assert caught.value.retry_after == 49
    assert sum(waits) >= 49


def test_a_limit_of_one_kind_of_act_slows_nothing_else() -> None:
    """When the bot opened topics too quickly it may still read."""
    waits: list[float] = []
    pacer = LocalPacer(600, sleep=waits.append)
    limit = answers(429, {"error_type": "rate_limit", "extras": {"wait_seconds": 14}}, {"Retry-After": "14"})
    with FaultServer(limit, answers(200, {})) as server:
        client = server.client(pacer=pacer)
        with pytest.raises(ForumUnavailable) as caught:
            client.write(REPLY)
        client.read("/posts.json")

    assert caught.value.retry_after == 14
    assert waits == []


def test_read_only_mode_is_noticed_and_over_again() -> None:
    """While the forum takes no writes, writing waits and the console can say why; it notices the end by itself."""
    no = answers(503, {"errors": ["…"], "error_type": "read_only"})
    with FaultServer(no, answers(200, {}, {"Discourse-Readonly": "true"}), answers(200, {})) as server:
        client = server.client()
        with pytest.raises(ForumUnavailable):
            client.write(REPLY)
        assert client.read_only
        client.read("/latest.json")
        assert client.read_only
        client.read("/latest.json")

        assert not client.read_only


def test_a_write_goes_out_byte_for_byte_again_and_again() -> None:
    """A repeated write is the same in every byte, also after it was stored: only then does the forum know it again."""
    stored = writing.WriteRequest.from_json(REPLY.to_json())
    with FaultServer(answers(200, POST)) as server:
        server.client().write(REPLY)
        server.client().write(stored)
        first, second = server.requests

    assert first == second
    assert first.body == REPLY.body
    assert first.headers["content-type"] == "application/json"


def test_pydiscourse_s_own_verbs_go_the_same_way() -> None:
    """Whatever verb of the library is used, our limits and errors are around it."""
    with FaultServer(answers(200, {"topic_list": {"topics": []}}), answers(403, {"errors": ["no"]}), silent) as server:
        client = server.client()

        assert client.latest_topics() == {"topic_list": {"topics": []}}
        with pytest.raises(ForumRefused):
            client.create_post("Un texte", topic_id=1)
        with pytest.raises(ForumUnsure):
            client.create_post("Un texte", topic_id=1)


def test_a_bare_answer_to_a_delete_is_a_success() -> None:
    """Discourse answers a deletion with nothing at all."""
    with FaultServer(answers(200, b"", kind="text/plain; charset=utf-8")) as server:
        forum = Forum(server.client())
        sent = forum.send(forum.prepare_delete(36))

    assert sent.post_id is None
    assert (server.requests[0].method, server.requests[0].path) == ("DELETE", "/posts/36.json")


@pytest.mark.parametrize(
    "address",
    [
        "forum.example.org",
        "ftp://forum.example.org",
        "https://",
        "https://me:secret@forum.example.org",
        "",
        "https://a/?b",
    ],
)
def test_an_address_that_is_none_is_refused_with_an_example(address: str) -> None:
    """A mistyped address of the forum is named at once, and a password in it is not repeated."""
    with pytest.raises(ValueError, match="forum's address") as caught:
        checked_address(address)
    assert "secret" not in str(caught.value)


def test_a_forum_in_a_folder_keeps_its_folder() -> None:
    """Forums below a path work."""
    with FaultServer(answers(200, {})) as server:
        client = Client(f"{server.url}/forum/", "passerelle", KEY, pacer=Unpaced())
        client.read("/about.json")

    assert server.requests[0].path == "/forum/about.json"


def test_a_stored_write_that_is_damaged_is_named() -> None:
    """What cannot be a stored write is refused, never sent."""
    for text in ("", "{}", "[]", "null", '{"body": "?"}', copy.copy(REPLY.to_json())[:-5]):
        with pytest.raises(Exception, match="stored write"):
            writing.WriteRequest.from_json(text)
    assert pickle.loads(pickle.dumps(REPLY)) == REPLY
