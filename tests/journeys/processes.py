"""Forum, web process and worker as real processes on free ports, to be killed and started again at will."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-web-hook"
KEY = "f" * 64

PLUGIN = '''
"""Greets the author of every new topic, once."""
from plugins.contract import Plugin

plugin = Plugin("killed", about=__doc__)


@plugin.on("topic_created")
def greet(event, ctx):
    topic = event.topic()
    ctx.forum.reply(topic.id, f"Welcome, somebody will come to topic {topic.id}.", once=f"greet:{topic.id}", why="New.")
'''


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait for a condition, looking often; fails with `what` when it does not come true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds:g} s in vain: {what}")


def install_plugin(folder: Path) -> Path:
    """The plugin as an installed distribution: a module, and the entry point that names it."""
    info = folder / "killed-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: killed\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[passerelle.plugins]\nkilled = killed_plugin:plugin\n")
    (folder / "killed_plugin.py").write_text(textwrap.dedent(PLUGIN))
    return folder


@dataclass
class Processes:
    """All processes of one run; whatever is left is ended at the end."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> "Processes":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.forked: dict[str, int] = {}
        self.nursery: subprocess.Popen[str] | None = None
        self.clock_file = self.folder / "clock"
        self.forum_port, self.web_port = free_port(), free_port()
        self.forum_url = f"http://127.0.0.1:{self.forum_port}"
        self.web_url = f"http://127.0.0.1:{self.web_port}"
        self.environment = {
            **os.environ,
            "PYTHONPATH": f"{install_plugin(self.folder / 'site')}:{ROOT}",
            "PASSERELLE_FORUM_URL": self.forum_url,
            "PASSERELLE_API_USERNAME": "passerelle",
            "PASSERELLE_API_KEY": KEY,
            "PASSERELLE_HOOK_SECRET": SECRET,
            "PASSERELLE_SECRET_KEY": "k" * 32,
            "PASSERELLE_PORT": str(self.web_port),
            "PASSERELLE_DATA_DIR": str(self.folder / "data"),
            "PASSERELLE_CLOCK_FILE": str(self.clock_file),
            "PASSERELLE_REQUESTS_PER_MINUTE": "10000",
            "PASSERELLE_FREE_DISK_MB": "0",
            "PASSERELLE_REPLAY_AFTER": "1,100",
            "PASSERELLE_LOG_LEVEL": "ERROR",
            **self.settings,
        }
        return self

    def __exit__(self, *error: object) -> None:
        for name in list(self.running):
            self.kill(name)
        for name in list(self.forked):
            self.kill(name)
        if self.nursery is not None:
            self.nursery.kill()
            self.nursery.wait()
            for pipe in (self.nursery.stdin, self.nursery.stdout):
                if pipe is not None:
                    pipe.close()

    def fork(self, name: str, *arguments: str) -> None:
        """Start one of our own processes out of the nursery."""
        if self.nursery is None:
            self.nursery = subprocess.Popen(
                [sys.executable, "-m", "tests.journeys.nursery"], env=self.environment, cwd=ROOT,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
            assert self.nursery.stdout is not None
            assert self.nursery.stdout.readline() == "ready\n"
        assert self.nursery.stdin is not None
        assert self.nursery.stdout is not None
        asked = {"arguments": arguments, "log": str(self.folder / f"{name}.log")}
        self.nursery.stdin.write(json.dumps(asked) + "\n")
        self.nursery.stdin.flush()
        self.forked[name] = int(self.nursery.stdout.readline())

    def start(self, name: str, *arguments: str) -> None:
        """Start one of our own processes."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *arguments], env=self.environment, cwd=ROOT, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def start_forum(self) -> None:
        """The sandbox forum, until it answers."""
        self.start("forum", "connector.sandbox", "--port", str(self.forum_port), "--clock-file", str(self.clock_file))
        until(lambda: answers(f"{self.forum_url}/about.json"), 30, "the forum does not answer")

    def start_web(self) -> None:
        self.fork("web", "web")

    def start_worker(self) -> None:
        self.fork("worker", "worker")

    def kill(self, name: str) -> None:
        """SIGKILL, to the process and its children, with no word of warning."""
        process = self.running.pop(name, None)
        pid = process.pid if process is not None else self.forked.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        if process is not None:
            process.wait()
        else:
            until(lambda: not _lives(pid), 10, f"{name} does not die")

    def control(self, what: str, /, **given: Any) -> Any:
        """Do something on the forum."""
        return post_json(f"{self.forum_url}/sandbox/control/{what}", given)["result"]

    def logs(self) -> str:
        """What our processes wrote."""
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def answers(url: str) -> bool:
    """Whether somebody answers there, whatever it is."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def post_json(url: str, content: Any) -> Any:
    """POST a document, give the document answered."""
    request = urllib.request.Request(
        url, json.dumps(content).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)
