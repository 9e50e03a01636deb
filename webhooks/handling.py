"""Running one handler of a plugin alone: own thread, own transaction, a time limit, and a failure nobody else feels."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from connector.errors import ForumUnavailable
from webhooks.context import Ground, HostContext, keep, write_context
from webhooks.inbox import MOST_TRIES, pause_before
from webhooks.isolation import isolated
from webhooks.logs import place_of
from webhooks.service import Service
from webhooks.tables import handled

log = structlog.get_logger("passerelle.handling")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a handler's turn ended: `done`, `failed` (again at `run_at`), `waiting` (not its turn yet), `quarantined`."""

    state: str
    run_at: datetime | None = None
    error: str = ""


@dataclass
class _Run:
    """What passes between the handler's thread and the one that waits for it."""

    error: BaseException | None = None
    done: bool = False
    abandoned: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)


def handle(service: Service, ground: Ground, handler: str, call: Callable[[HostContext], Any]) -> Ended:
    """Run `call(context)` unless this cause was handled before; what it asked for is committed with the mark "done"."""
    now = service.clock.now()
    before = _before(service, ground, handler)
    if before is not None:
        if before["state"] in ("done", "quarantined"):
            return Ended(before["state"], error=before["error"])
        if before["run_at"] > now:
            return Ended("waiting", before["run_at"], before["error"])
    tries = 0 if before is None else int(before["tries"])
    run = _Run()
    connection = service.database.late()
    name = f"{ground.plugin.name}.{handler}"
    inside = (service, ground, handler, call, connection, run)
    thread = threading.Thread(target=_inside, args=inside, daemon=True, name=name)
    thread.start()
    thread.join(service.config.handler_seconds)
    with run.lock:
        run.abandoned = thread.is_alive() and not run.done and run.error is None
    if run.abandoned:
        _cut(connection)
        return _failed(service, ground, handler, tries, f"took longer than {service.config.handler_seconds:g} s")
    thread.join()
    if run.error is None:
        return Ended("done")
    if isinstance(run.error, ForumUnavailable):
        wait = timedelta(seconds=max(5.0, run.error.retry_after or 30.0))
        return Ended("failed", now + wait, run.error.message)
    return _failed(service, ground, handler, tries, place_of(run.error))


def _inside(
    service: Service,
    ground: Ground,
    handler: str,
    call: Callable[[HostContext], Any],
    connection: Connection,
    run: _Run,
) -> None:
    def run_it() -> None:
        with connection, Session(bind=connection, expire_on_commit=False) as session:
            context = write_context(service, session, ground)
            call(context)
            session.flush()
            with run.lock:
                if run.abandoned:
                    return
                keep(context)
                _mark(session.connection(), service, ground, handler, "done", 0, service.clock.now(), "")
                session.commit()
                connection.commit()
                run.done = True

    fault = isolated(run_it)
    run.error = fault.error if fault is not None else None


def _cut(connection: Connection) -> None:
    """Take the database away from a handler that did not end: it holds no lock any more and can commit nothing."""

    def stop() -> None:
        dbapi: Any = connection.connection.dbapi_connection
        cancel = getattr(dbapi, "interrupt", None) or getattr(dbapi, "cancel", None)
        if cancel is not None:
            cancel()
        connection.invalidate()

    # Drivers raise what they like here.
    fault = isolated(stop)
    if fault is not None:
        log.warning("handler_not_cut", place=fault.where)


def _failed(service: Service, ground: Ground, handler: str, tries: int, error: str) -> Ended:
    tries += 1
    now = service.clock.now()
    state = "quarantined" if tries >= MOST_TRIES else "failed"
    run_at = now + pause_before(tries)
    log.error("handler_failed", plugin=ground.plugin.name, handler=handler, tries=tries, where=error, state=state)
    with service.database.begin() as connection:
        _mark(connection, service, ground, handler, state, tries, run_at, error)
    return Ended(state, run_at, error)


def _mark(
    connection: Connection,
    service: Service,
    ground: Ground,
    handler: str,
    state: str,
    tries: int,
    run_at: datetime,
    error: str,
) -> None:
    key = (
        handled.c.site == service.site,
        handled.c.cause == ground.cause,
        handled.c.plugin == ground.plugin.name,
        handled.c.handler == handler,
    )
    values = {"state": state, "tries": tries, "run_at": run_at, "at": service.clock.now(), "error": error[:500]}
    if not connection.execute(update(handled).where(*key).values(**values)).rowcount:
        named = {"site": service.site, "cause": ground.cause, "plugin": ground.plugin.name, "handler": handler}
        connection.execute(insert(handled).values(**named, **values))


def _before(service: Service, ground: Ground, handler: str) -> Any:
    with service.database.read() as connection:
        return connection.execute(
            select(handled.c.state, handled.c.run_at, handled.c.tries, handled.c.error).where(
                handled.c.site == service.site,
                handled.c.cause == ground.cause,
                handled.c.plugin == ground.plugin.name,
                handled.c.handler == handler,
            )
        ).mappings().first()  # fmt: skip
