"""A thread of the web process in which plugins keep ready what their answers there stand on, so that none waits for it.

All of the time while answers wait for it, as after a start; a tenth of it where there is something to answer from.
"""

import sys
import threading

import structlog
from sqlalchemy.orm import Session

from plugins.contract import Plugin
from webhooks.context import Ground, inline_context
from webhooks.logs import place_of
from webhooks.service import Service

log = structlog.get_logger("passerelle.readying")

_EVERY = 1.0
"""Seconds between two looks where all is ready."""
_AFTER_AN_ERROR = 30.0
_SWITCH = 0.001
"""Seconds for which a busy thread keeps the interpreter: a request that needs it thirty times waits as often."""


class Readying:
    """Calls plugins' `keep_ready` handlers, each again and again, for as long as the process lives."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._stop = threading.Event()

    def start(self) -> None:
        """Begin, where a plugin has anything to keep ready."""
        if any(plugin.ready_hooks for plugin in self._service.registry):
            sys.setswitchinterval(_SWITCH)
            threading.Thread(target=self._work, daemon=True, name="readying").start()

    def stop(self) -> None:
        """End after what is being done."""
        self._stop.set()

    def _work(self) -> None:
        pause = 0.0
        while not self._stop.wait(pause):
            try:
                is_ready = self.turn()
            except Exception as error:  # noqa: BLE001 -- a plugin or the database may raise anything
                log.warning("readying_failed", where=place_of(error))
                pause = _AFTER_AN_ERROR
                continue
            pause = _EVERY if is_ready else 0.0

    def turn(self) -> bool:
        """One turn of every plugin that is on; True once all are ready."""
        all_ready = True
        for plugin in self._service.registry:
            if plugin.ready_hooks and self._service.is_on(plugin.name):
                done, of = self._turn_of(plugin)
                self._service.desk.ready[plugin.name] = (done, of)
                all_ready = all_ready and done >= of
        return all_ready

    def _turn_of(self, plugin: Plugin) -> tuple[int, int]:
        database = self._service.database
        done = of = 0
        for hook in plugin.ready_hooks:
            with database.read_only() as connection, Session(bind=connection, expire_on_commit=False) as session:
                told = hook(inline_context(self._service, session, Ground(plugin)))
            done, of = done + told[0], of + told[1]
        return done, of
