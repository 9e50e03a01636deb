"""Running inline handlers side by side: what each gives within its time; one that breaks touches nobody."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from plugins.contract import InlineSpec, Plugin
from plugins.inline import Draft, Suggestion, faults_of
from webhooks.context import Ground, inline_context
from webhooks.inline_crew import Turn
from webhooks.logs import place_of
from webhooks.metrics import INLINE_HANDLERS
from webhooks.service import Service

log = structlog.get_logger("passerelle.inline")

_TURN_SECONDS = 0.25
"""How long a handler may have to wait for a free thread."""


class Unshowable(Exception):  # noqa: N818 -- it names a state
    """A suggestion that cannot be shown; the message says why, to its author."""


@dataclass(frozen=True, slots=True)
class Found:
    """A suggestion and who made it; `watched`: its plugin only watches, so that managers alone may see it."""

    plugin: Plugin
    suggestion: Suggestion
    watched: bool


def run_all(service: Service, plugins: Sequence[tuple[Plugin, bool]], draft: Draft) -> list[Found]:
    """What the handlers of these plugins (and whether each only watches) suggest for a draft, in no order."""
    desk = service.desk
    under_way = []
    for plugin, watched in plugins:
        for spec in plugin.inlines:
            if spec.place != draft.place:
                continue
            if not desk.breaker.lets(_name(plugin, spec)):
                _count(plugin, spec, "left_out")
                continue
            under_way.append((plugin, watched, spec, desk.crew.hand(partial(_call, service, plugin, spec, draft))))
    begin_by = time.monotonic() + _TURN_SECONDS * desk.patience
    return [
        Found(plugin, suggestion, watched)
        for plugin, watched, spec, turn in under_way
        for suggestion in _settled(service, plugin, spec, turn, begin_by)
    ]


def _call(service: Service, plugin: Plugin, spec: InlineSpec, draft: Draft, turn: Turn) -> list[Suggestion]:
    with service.database.read_only() as connection, Session(bind=connection, expire_on_commit=False) as session:
        turn.stop_with(partial(_interrupt, connection))
        try:
            found = list(spec.func(draft, inline_context(service, session, Ground(plugin))))
            faults = [fault for one in found for fault in faults_of(one, {offer.name for offer in plugin.offers})]
            if faults:
                raise Unshowable(faults[0])
            return found
        finally:
            turn.stop_with(None)


def _settled(service: Service, plugin: Plugin, spec: InlineSpec, turn: Turn, begin_by: float) -> list[Suggestion]:
    desk, name = service.desk, _name(plugin, spec)
    outcome = desk.crew.wait(turn, spec.budget_ms / 1000 * desk.patience, begin_by)
    if outcome == "crowded":
        # Others keep the threads busy: no fault of this one.
        _count(plugin, spec, "crowded")
        return []
    if outcome == "late":
        _miss(service, plugin, spec, "late", f"took longer than {spec.budget_ms} ms", turn)
        return []
    if turn.error is not None:
        # An error's words may quote the draft; those about a suggestion's shape are our own.
        where = str(turn.error) if isinstance(turn.error, Unshowable) else place_of(turn.error)
        _miss(service, plugin, spec, "failed", where)
        return []
    desk.breaker.kept_time(name)
    _count(plugin, spec, "given" if turn.value else "nothing")
    return list(turn.value)


def _miss(
    service: Service, plugin: Plugin, spec: InlineSpec, outcome: str, where: str, turn: Turn | None = None
) -> None:
    """Note it, without a word of the draft."""
    _count(plugin, spec, outcome)
    left_out = service.desk.breaker.missed(_name(plugin, spec), turn)
    log.warning("inline_missed", plugin=plugin.name, handler=spec.name, outcome=outcome, where=where, left_out=left_out)


def _count(plugin: Plugin, spec: InlineSpec, outcome: str) -> None:
    INLINE_HANDLERS.labels(plugin=plugin.name, handler=spec.name, outcome=outcome).inc()


def _name(plugin: Plugin, spec: InlineSpec) -> str:
    return f"{plugin.name}.{spec.name}"


def _interrupt(connection: Connection) -> None:
    """Stop the query that a late handler waits for."""
    dbapi: Any = connection.connection.dbapi_connection
    stop = getattr(dbapi, "interrupt", None) or getattr(dbapi, "cancel", None)
    if stop is not None:
        with suppress(Exception):
            # The query may have ended by itself meanwhile; drivers say so in their own ways.
            stop()
