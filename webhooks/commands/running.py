"""`serve`, `web`, `worker`, `migrate`: the processes."""

import signal
import subprocess
import sys
import threading
import time
from typing import Any

import click
import structlog
from gunicorn.app.base import BaseApplication

from webhooks.app import create_app
from webhooks.commands.shared import opened, plainly
from webhooks.config import Config, load
from webhooks.logs import set_up
from webhooks.readying import Readying
from webhooks.service import build
from webhooks.worker import Worker

log = structlog.get_logger("passerelle.serve")

_RESTART_AFTER = 1.0
_STOP_WITHIN = 25.0


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Our application under gunicorn: one process with threads, made after the fork."""

    def __init__(self, config: Config) -> None:
        self._config = config
        super().__init__()

    def load_config(self) -> None:
        options: dict[str, Any] = {
            "bind": f"{self._config.host}:{self._config.port}",
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._config.threads,
            "timeout": 60,
            "graceful_timeout": 15,
            "keepalive": 5,
            # A forum's signed answer names all groups of a member, in one line; a token does so in one field.
            "limit_request_line": 8190,
            "limit_request_field_size": 16384,
            "forwarded_allow_ips": "*" if self._config.trusted_proxies else "127.0.0.1",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        set_up(self._config)
        # The worker keeps the indexes; here they are only read.
        service = build(self._config, writes=False)
        app = create_app(self._config, service=service)
        Readying(service).start()
        return app


@click.command()
@plainly
def web() -> None:
    """Receive web hooks and show the console."""
    with opened() as service:
        config = service.config
    _Gunicorn(config).run()


@click.command()
@plainly
def worker() -> None:
    """Work off deliveries, jobs and acts."""
    with opened() as service:
        service.config.need_forum()
        if service.config.model:
            threading.Thread(target=_use_model, args=(service,), daemon=True, name="model").start()
        Worker(service).run_forever()


def _use_model(service: Any) -> None:
    """Loading a model takes seconds to minutes: until it is there, search by words carries on alone."""
    from connector.archive.backends import backend_of
    from connector.errors import ModelUnavailable

    try:
        facts = service.archive.use_model(service.config.model, backend_of(service.config.model_backend))
    except ModelUnavailable as error:
        log.error("model_unavailable", reason=str(error))
        return
    log.info("model_ready", model=facts.name, backend=facts.backend)


@click.command()
@plainly
def migrate() -> None:
    """Bring the database's tables up to date."""
    with opened() as service:
        click.echo(f"The tables of {service.database.engine.dialect.name} are up to date.")


@click.command()
@click.option("--ready-file", type=click.Path(), default=None, help="Written once both processes were started.")
@plainly
def serve(ready_file: str | None) -> None:
    """Run web and worker together, and start again whichever ends."""
    config = load()
    set_up(config)
    config.need_forum()
    with opened():
        pass
    Supervisor(("web", "worker")).run(ready_file)


class Supervisor:
    """Keeps processes of this program running until it is told to stop."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stop = threading.Event()

    def run(self, ready_file: str | None = None) -> None:
        """Start all, start again what ends, and stop all on SIGTERM or SIGINT."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop.set())
        for name in self._names:
            self._start(name)
        if ready_file is not None:
            with open(ready_file, "w", encoding="utf-8") as file:  # noqa: PTH123 -- a plain path from the command line
                file.write("started\n")
        while not self._stop.wait(_RESTART_AFTER):
            for name, process in list(self._running.items()):
                if process.poll() is not None:
                    log.error("process_ended", process=name, code=process.returncode)
                    self._start(name)
        self._end()

    def _start(self, name: str) -> None:
        self._running[name] = subprocess.Popen([sys.executable, "-m", "webhooks", name])
        log.info("process_started", process=name, pid=self._running[name].pid)

    def _end(self) -> None:
        for process in self._running.values():
            process.terminate()
        until = time.monotonic() + _STOP_WITHIN
        for process in self._running.values():
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
