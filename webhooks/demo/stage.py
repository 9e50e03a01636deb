"""The stage of the demonstration: one folder, two processes (a sandbox forum, Passerelle), one clock for both."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import requests

from webhooks.config import Config, load
from webhooks.demo.control import SandboxControl

MONDAY = datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
"""When the story begins: Monday, 8:40 in Saint-Nazaire; the community's history ends the day before."""

BOT = "passerelle"
SECRET = "the-demonstration-shares-this-secret"  # noqa: S105 -- a loopback demonstration, made anew each time
PID_FILE = "running.pid"
TAKEN = {
    "en": "Port {ports} is taken on this machine, perhaps by another demonstration. Stop that one, or let this one take"
    ' free ports: make demo ARGS="--port 0 --forum-port 0"',
    "fr": "Le port {ports} est déjà pris sur cette machine, peut-être par une autre démonstration. Arrêtez-la, ou"
    ' laissez celle-ci prendre des ports libres : make demo ARGS="--lang fr --port 0 --forum-port 0"',
}
BUSY = {
    "en": "Another demonstration (process {pid}) is using {folder}. Stop it, or choose another folder:"
    ' make demo ARGS="--folder demo-data-2 --port 0 --forum-port 0"',
    "fr": "Une autre démonstration (processus {pid}) utilise {folder}. Arrêtez-la, ou choisissez un autre dossier :"
    ' make demo ARGS="--lang fr --folder demo-data-2 --port 0 --forum-port 0"',
}
T = TypeVar("T")


class StageError(Exception):
    """The demonstration cannot go on; the message is one sentence."""


class Stage:
    """Starts and stops everything; used as a context manager."""

    def __init__(self, folder: Path, *, port: int = 0, forum_port: int = 0, model: str = "bundled", lang: str = "fr"):
        self.folder = folder
        self.lang = lang
        self._chosen = tuple(one for one in (forum_port, port) if one)
        self._ports = (forum_port or _free_port(), port or _free_port())
        self._model = model
        self._children: list[subprocess.Popen[bytes]] = []
        self.url = f"http://127.0.0.1:{self._ports[1]}"
        self.control = SandboxControl(f"http://127.0.0.1:{self._ports[0]}")

    @property
    def config(self) -> Config:
        """The configuration under which Passerelle runs on this stage."""
        return load(self._environment)

    @property
    def _environment(self) -> dict[str, str]:
        own = {
            "FORUM_URL": self.control.url,
            "API_USERNAME": BOT,
            "API_KEY": self._key,
            "HOOK_SECRET": SECRET,
            "CONNECT_SECRET": SECRET,
            "PUBLIC_URL": self.url,
            "PORT": str(self._ports[1]),
            "DATA_DIR": str(self.folder / "passerelle"),
            "CLOCK_FILE": str(self.folder / "clock"),
            "MODEL": self._model,
            "LANGUAGES": "fr,en",
            "TIME_ZONE": "Europe/Paris",
            "COUNTRY": "FR",
            "REQUESTS_PER_MINUTE": "6000",
            # What is shown here must be seen on a slow machine too.
            "INLINE_PATIENCE": "20",
            "LOG_FORMAT": "console",
            "LOG_LEVEL": "WARNING",
        }
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PASSERELLE_")}
        return {**kept, "HF_HUB_OFFLINE": "1", **{f"PASSERELLE_{name}": value for name, value in own.items()}}

    _key = "0" * 64

    def __enter__(self) -> "Stage":
        """Begin with an empty folder. :raises StageError: a port is taken, or another demonstration uses the folder."""
        taken = [str(one) for one in self._chosen if not _is_free(one)]
        if taken:
            raise StageError(self._say(TAKEN, ports=", ".join(taken)))
        other = self._running()
        if other:
            raise StageError(self._say(BUSY, folder=self.folder, pid=other))
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "passerelle").mkdir(parents=True)
        (self.folder / PID_FILE).write_text(str(os.getpid()), encoding="ascii")
        return self

    def _say(self, sentence: Mapping[str, str], **values: object) -> str:
        return sentence["fr" if self.lang == "fr" else "en"].format(**values)

    def _running(self) -> int:
        """The process of a demonstration that uses the folder just now; 0 for none."""
        try:
            pid = int((self.folder / PID_FILE).read_text(encoding="ascii"))
            os.kill(pid, 0)
        except (OSError, ValueError):
            return 0
        return pid if pid != os.getpid() else 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in reversed(self._children):
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in reversed(self._children):
            try:
                child.wait(timeout=20)
            except subprocess.TimeoutExpired:
                child.kill()
        (self.folder / PID_FILE).unlink(missing_ok=True)

    def open_forum(self) -> None:
        """Start the sandbox forum with its people, stop its time on Monday morning, give Passerelle its account."""
        self._start(
            "connector.sandbox", "--port", str(self._ports[0]), "--data", str(self.folder / "forum.sqlite3"),
            "--clock-file", str(self.folder / "clock"), "--community", log="forum.log",
        )  # fmt: skip
        self.wait("the sandbox forum answers", lambda: _answers(self.control.url + "/about.json"))
        self.control.freeze(MONDAY)
        self.control.call("add-member", username=BOT, name="Passerelle", trust_level=2)
        self._key = self.control.call("key", username=BOT)
        self.control.call("connect", host="127.0.0.1", secret=SECRET)
        self.control.call("hook", url=f"{self.url}/webhooks/discourse", secret=SECRET)
        self.control.call("settings", theme_service_url=self.url)

    def passerelle(self, *words: str) -> None:
        """One command of Passerelle, its output shown. :raises StageError: it failed."""
        done = subprocess.run([sys.executable, "-m", "webhooks", *words], env=self._environment, check=False)
        if done.returncode:
            raise StageError(f"passerelle {' '.join(words)} ended with {done.returncode}")

    def passerelle_says(self, *words: str) -> str:
        """What a command of Passerelle prints. :raises StageError: it failed."""
        command = [sys.executable, "-m", "webhooks", *words]
        done = subprocess.run(command, env=self._environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise StageError(f"passerelle {' '.join(words)}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    def learn(self) -> None:
        """Let Passerelle read the forum's history, and its vectors be made where there is a model."""
        self.passerelle_says("import", "--forum")
        self.passerelle_says("reindex")

    def fetch(self, url: str) -> str:
        """A page as anybody sees it. :raises StageError: it answers with an error."""
        answer = requests.get(url, timeout=30)
        if answer.status_code != 200:
            raise StageError(f"{url} answers {answer.status_code}")
        return answer.text

    def open_passerelle(self) -> None:
        """Start `passerelle serve`: the web process and the worker."""
        self._start("webhooks", "serve", log="passerelle.log")
        self.wait("Passerelle answers", lambda: _answers(self.url + "/health"))

    def wait(self, what: str, found: Callable[[], T | None], *, seconds: float = 60) -> T:
        """Look until `found` gives something true. :raises StageError: it did not within `seconds`, naming `what`."""
        deadline = time.monotonic() + seconds
        while True:
            result = found()
            if result:
                return result
            gone = next((child for child in self._children if child.poll() is not None), None)
            if gone is not None:
                raise StageError(f"a process ended by itself ({gone.returncode}); see the logs in {self.folder}")
            if time.monotonic() > deadline:
                raise StageError(f"waited {seconds:.0f} s in vain: {what}; see the logs in {self.folder}")
            time.sleep(0.1)

    def stay(self) -> None:
        """Stay up until interrupted, or until one of the processes ends."""
        while all(child.poll() is None for child in self._children):
            time.sleep(0.5)
        raise StageError(f"a process ended by itself; see the logs in {self.folder}")

    def _start(self, module: str, *arguments: str, log: str) -> None:
        with (self.folder / log).open("wb") as out:
            self._children.append(
                # In a session of their own: Ctrl-C reaches us alone, and we end them in their order.
                subprocess.Popen(
                    [sys.executable, "-m", module, *arguments],
                    env=self._environment,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                )
            )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do it: a port that was closed a moment ago counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code < 500
    except requests.RequestException:
        return False
