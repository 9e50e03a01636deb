"""A forum in trouble, an empty one, and a web process that stays small."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.webhooks.place import Place
from webhooks.facts import recalled
from webhooks.identity import learn

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("fault", ["down", "html", "cut_before", "error_before"])
def test_the_memory_stays_while_the_forum_is_in_trouble(tmp_path: Path, fault: str) -> None:
    """A forum that is down or answers pages changes nothing we hold; the console is told, and later all is read."""
    with Place(tmp_path) as place:
        topic = place.ask()
        place.settle()
        held = place.service.archive.topic(topic)
        place.forum.add_member("omar")
        place.settle()

        place.forum.faults.add(fault, times=None)
        place.forum.as_member("omar").reply(topic, "Begin with the dead wood, in February, on a dry day.")
        place.pass_time(hours=7)
        assert place.service.archive.topic(topic) == held
        assert not learn(place.service)
        known = recalled(place.service.database, 1, "connection")
        assert known is not None
        assert "forum" in known[0]["fault"].lower()

        place.forum.faults.clear()
        place.pass_time(minutes=10)
        assert [post.post_number for post in place.service.archive.posts_of_topic(topic)] == [1, 2]
        assert place.worker.deliveries.inbox.counts()["quarantined"] == 0


def test_an_empty_forum_is_no_error(tmp_path: Path) -> None:
    """A forum without a single topic: the worker comes to rest and readiness finds nothing wrong."""
    with Place(tmp_path) as place:
        place.settle()
        answer = place.app.test_client().get("/ready")

        assert (answer.status_code, answer.json) == (200, {"ready": True, "reasons": []})


def test_the_web_process_loads_nothing_heavy(tmp_path: Path) -> None:
    """Before the first query the web process has loaded neither torch nor what learning and drawing need."""
    program = (
        "import sys; from webhooks.app import create_app; from webhooks.config import load;"
        "from webhooks.schema import migrate; from webhooks.service import build;"
        "config = load(); service = build(config, writes=False); migrate(service);"
        "assert create_app(config, service=service).test_client().get('/health').status_code == 200;"
        "print(sorted({'torch', 'sentence_transformers', 'lightgbm', 'sklearn', 'matplotlib'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PASSERELLE_DATA_DIR": str(tmp_path), "PASSERELLE_SECRET_KEY": "k" * 32}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert done.stdout == "[]\n"
