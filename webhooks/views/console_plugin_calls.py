"""Calling a plugin's own functions for a page: one that fails or lies about its answer spoils its own part only."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy.orm import Session

from plugins.contract import Plugin
from webhooks.context import Ground, inline_context, keep, write_context
from webhooks.decisions import Hand
from webhooks.isolation import Fault, isolated
from webhooks.views.console_guard import LEADS, current_person
from webhooks.views.console_here import service, words

T = TypeVar("T")

_log = structlog.get_logger("passerelle.pages")


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """What a plugin's function gave, or the kind of error it ended with."""

    value: T | None
    error: str = ""


def ask(plugin: Plugin, kind: type[T], call: Callable[[Any], Any]) -> Answered[T]:
    """Call a function that reads: its context cannot write, and whatever it changed is rolled back.

    What it says is in the reader's language.
    """
    host = service()
    found: list[T] = []

    def read() -> None:
        with host.database.read() as connection, Session(bind=connection, expire_on_commit=False) as session:
            ground = Ground(plugin, lang=words().lang, hand=_hand())
            found.append(_checked(kind, call(inline_context(host, session, ground))))

    return _answered(plugin, found, isolated(read))


def tell(plugin: Plugin, call: Callable[[Any], Any]) -> Answered[object]:
    """Call a function that may write (a form was sent, a member is forgotten); committed only where it ends well."""
    host = service()
    found: list[object] = []

    def write() -> None:
        with host.database.session() as session:
            context = write_context(host, session, Ground(plugin, cause="console", hand=_hand()))
            found.append(call(context))
            keep(context)

    return _answered(plugin, found, isolated(write))


def _hand() -> Hand:
    """Which manager is at the page; nobody where a member is."""
    person = current_person()
    return Hand() if person is None else Hand(person.username, person.may(*LEADS), words().lang)


def _answered(plugin: Plugin, found: list[T], fault: Fault | None) -> Answered[T]:
    if fault is None:
        return Answered(found[0])
    _log.error("page_failed", plugin=plugin.name, where=fault.where)
    return Answered(None, fault.kind)


def _checked(kind: type[T], value: Any) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"gave {type(value).__name__} instead of {kind.__name__}")
    return value
