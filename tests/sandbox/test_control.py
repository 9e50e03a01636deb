"""Control from another process, and the forum as a process of its own."""

import base64
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from connector.sandbox import SandboxServer
from connector.sandbox.clock import SandboxClock, moment
from tests.sandbox.conftest import SECRET, START, Place
from tests.sandbox.receiver import Receiver


def order(url: str, verb: str, /, **given: Any) -> Any:
    answer = requests.post(f"{url}/sandbox/control/{verb}", json=given, timeout=10)
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def test_everything_can_be_done_from_another_process(place: Place) -> None:
    """Members, rooms, keys, hooks, acts, time, faults and a look at the state, all by JSON."""
    url = place.url
    with Receiver() as receiver:
        order(url, "add-member", username="gaelle", trust_level=2, locale="fr")
        room = order(url, "add-category", name="Potager")
        order(url, "add-group", name="cuisine", members=["gaelle", "david"])
        key = order(url, "key", username="gaelle", scopes=["global:read"])
        assert requests.get(url + "/session/scopes.json", headers={"Api-Key": key}, timeout=5).status_code == 200
        hook = order(url, "hook", url=receiver.url, secret=SECRET, event_types=["post"])
        topic = order(
            url,
            "member",
            member="gaelle",
            verb="topic",
            category="potager",
            title="Un sujet par commande à distance",
            raw="Le texte du sujet, venu de loin.",
        )
        assert place.forum.topic(topic)["category_id"] == room
        order(url, "member", member="david", verb="reply", topic_id=topic, raw="Une réponse venue de loin, elle aussi.")
        assert order(url, "waiting") == 2
        assert order(url, "deliver") == [200, 200]
        assert [row["status"] for row in order(url, "deliveries", hook=hook)] == [200, 200]
        before = order(url, "state")
        assert base64.b64decode(before) == place.forum.state()
        order(url, "staff", verb="close", topic_id=topic)
        assert order(url, "state") != before
        assert order(url, "clock", move=86_400) == "2026-11-24T09:00:00.000Z"
        order(url, "fault", kind="down", path="latest")
        assert place.ask("GET", "/latest.json").status_code == 503
        order(url, "settings", read_only=True)
        assert place.ask("PUT", "/posts/1.json", json={}).status_code == 503
        assert [post["post_type"] for post in order(url, "posts", topic=topic)] == [1, 1, 3]
        assert "gaelle" in order(url, "members")


def test_what_is_wrong_with_an_order_is_said(place: Place) -> None:
    """An unknown verb is 404, a wrong argument or name 422 naming it, the forum's own refusal comes as it is."""

    def answer(verb: str, /, **given: Any) -> requests.Response:
        return requests.post(f"{place.url}/sandbox/control/{verb}", json=given, timeout=5)

    assert answer("explode").status_code == 404
    assert "nobody" in answer("member", member="nobody", verb="login").json()["errors"][0]
    assert "colour" in answer("add-member", username="x", colour="red").json()["errors"][0]
    assert answer("settings", gravity=True).status_code == 422
    assert answer("member", member="david", verb="_topic_of").status_code == 400
    refused = answer("member", member="david", verb="topic", category=place.rooms["open"], title="x", raw="court")
    assert (refused.status_code, refused.json()["action"]) == (422, "create_post")


def test_a_page_of_another_site_cannot_give_orders(place: Place) -> None:
    """A browser that another site sends here is refused."""
    headers = {"Sec-Fetch-Site": "cross-site"}
    assert requests.post(place.url + "/sandbox/control/members", headers=headers, timeout=5).status_code == 403


def test_the_forum_as_a_process_keeps_everything(tmp_path: Path) -> None:
    """Started, filled, stopped and started again on the same file, the forum is the same; the first line is its
    address.
    """
    command = [
        sys.executable,
        "-m",
        "connector.sandbox",
        "--data",
        str(tmp_path / "forum.sqlite3"),
        "--clock-file",
        str(tmp_path / "clock"),
    ]
    states = []
    for turn in range(2):
        arguments = [*command, "--community"] if turn == 0 else command
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2])
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        order(url, "clock", freeze="2026-11-23T07:40:00Z")
        assert (tmp_path / "clock").read_text() == "frozen 2026-11-23T07:40:00.000Z\n"
        states.append(order(url, "state"))
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(20) == 0
        process.stdout.close()
    assert states[0] == states[1]
    assert len(json.loads(base64.b64decode(states[0]))["posts"]) >= 600


def test_a_port_in_use_is_said(place: Place) -> None:
    """When the port is taken, one sentence says so and how to mend it."""
    done = subprocess.run(
        [sys.executable, "-m", "connector.sandbox", "--port", str(place.server.port)],
        capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_time_runs_stops_and_jumps() -> None:
    """The clock stands still when frozen, jumps when moved, and goes on from there when let go."""
    clock = SandboxClock(START)
    assert clock() == clock() == START
    later = clock.freeze(moment("2026-12-01T08:00:00.000Z"))
    assert clock.stamp() == "2026-12-01T08:00:00.000Z"
    clock.run()
    assert (clock() - later).total_seconds() < 60


def test_an_archive_is_served_as_it_was(tmp_path: Path) -> None:
    """Topic documents of a file come back from the API with their ids, authors, times, texts and likes."""
    post = {
        "id": 70,
        "post_number": 1,
        "username": "zoe",
        "user_id": 12,
        "created_at": "2020-05-01T10:00:00.000Z",
        "cooked": "<p>Bonjour</p>",
        "actions_summary": [{"id": 2, "count": 3}],
    }
    second = {
        "id": 75,
        "post_number": 2,
        "username": "yan",
        "user_id": 13,
        "created_at": "2020-05-02T10:00:00.000Z",
        "raw": "Un **mot**",
        "reply_to_post_number": 1,
    }
    document = {
        "id": 9,
        "title": "Un vieux sujet",
        "category_id": 5,
        "created_at": "2020-05-01T10:00:00.000Z",
        "post_stream": {"posts": [post, second]},
    }
    path = tmp_path / "old.jsonl"
    path.write_text(json.dumps(document) + "\n\n", encoding="utf-8")
    with SandboxServer(background_hooks=False) as server:
        assert server.forum.load_archive(path) == 2
        assert server.forum.load_archive(path) == 0, "a second time adds nothing"
        shown = requests.get(server.url + "/t/9.json", timeout=5).json()
    first, last = shown["post_stream"]["posts"]
    assert (first["id"], first["username"], first["user_id"], first["cooked"]) == (70, "zoe", 12, "<p>Bonjour</p>")
    assert first["actions_summary"] == [{"id": 2, "count": 3}]
    assert (last["cooked"], last["reply_to_post_number"]) == ("<p>Un <strong>mot</strong></p>", 1)
    assert (shown["posts_count"], shown["like_count"], shown["last_posted_at"]) == (2, 3, "2020-05-02T10:00:00.000Z")


def test_a_real_forum_of_37_000_posts_loads_and_answers() -> None:
    """The real forum in the shared data loads whole, and its lists and topics are served."""
    path = Path(__file__).parents[3] / "shared" / "data" / "forum" / "urho3d-topics.jsonl.gz"
    if not path.exists():
        pytest.skip("the shared data of a real forum is not beside this checkout")
    with SandboxServer(background_hooks=False) as server:
        assert server.forum.load_archive(path) > 36_000
        page = requests.get(server.url + "/latest.json?order=created", timeout=30).json()["topic_list"]
        assert len(page["topics"]) == 30
        topic = page["topics"][0]
        whole = requests.get(f"{server.url}/t/{topic['id']}.json", timeout=30).json()
        assert len(whole["post_stream"]["stream"]) == topic["posts_count"]


def test_many_write_at_once(place: Place) -> None:
    """Eight callers writing at the same time all get their own post; numbers in the topic have no gap and no double."""
    topic = place.forum.as_member("admin1").topic(
        place.rooms["open"], "Un sujet très demandé ce matin", "Le texte de ce sujet très demandé."
    )

    def write(number: int) -> int:
        text = f"La réponse numéro {number} parmi toutes celles-ci."
        return place.ask("POST", "/posts.json", "admin1", json={"topic_id": topic, "raw": text}).status_code

    with ThreadPoolExecutor(8) as callers:
        assert set(callers.map(write, range(64))) == {200}
    assert [post["post_number"] for post in place.forum.posts(topic)] == list(range(1, 66))
