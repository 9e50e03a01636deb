"""The sandbox's own time button."""

from datetime import timedelta

import requests

from connector.sandbox.serve import SandboxServer


def test_a_visitor_lets_an_hour_pass() -> None:
    """Whoever tries the demonstration need not wait: one click at the foot of a page, and an hour has passed."""
    with SandboxServer() as server:
        before = server.forum.clock()

        answer = requests.post(f"{server.url}/sandbox/time", data={"hours": "1", "to": "/"}, timeout=10)

        assert 200 == answer.status_code
        assert timedelta(hours=1) <= server.forum.clock() - before < timedelta(hours=1, minutes=1)
        assert "Let an hour pass" in answer.text or "Laisser passer une heure" in answer.text


def test_no_other_site_moves_the_time() -> None:
    """A form of another site moves nothing."""
    with SandboxServer() as server:
        before = server.forum.clock()

        answer = requests.post(
            f"{server.url}/sandbox/time",
            data={"hours": "24"},
            headers={"Origin": "https://elsewhere.example"},
            timeout=10,
        )

        assert 403 == answer.status_code
        assert server.forum.clock() - before < timedelta(minutes=1)
