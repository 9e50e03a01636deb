"""Calling a plugin's own functions for a page: one that fails or lies about its answer spoils its own part only.

This is the views' one place where every exception is caught, as `webhooks.handling` is the worker's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import structlog
from sqlalchemy.orm import Session

from plugins.contract import Plugin
from webhooks.context import Ground, inline_context, keep, write_context
from webhooks.logs import place_of
from webhooks.views.console_here import service

T = TypeVar("T")

_log = structlog.get_logger("passerelle.pages")


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    """What a plugin's function gave, or the kind of error it ended with."""

    value: T | None
    error: str = ""


def ask(plugin: Plugin, kind: type[T], call: Callable[[Any], Any]) -> Answered[T]:
    """Call a function that reads: its context cannot write, and whatever it changed is rolled back."""
    host = service()
    try:
        with host.database.read() as connection, Session(bind=connection, expire_on_commit=False) as session:
            return _checked(kind, call(inline_context(host, session, Ground(plugin))))
    except Exception as error:  # noqa: BLE001 -- a plugin may raise anything
        return _failed(plugin, error)


def tell(plugin: Plugin, call: Callable[[Any], Any]) -> Answered[object]:
    """Call a function that may write (a form was sent, a member is forgotten); committed only where it ends well."""
    host = service()
    try:
        with host.database.session() as session:
            context = write_context(host, session, Ground(plugin, cause="console"))
            value = call(context)
            keep(context)
            return Answered(value)
    except Exception as error:  # noqa: BLE001 -- a plugin may raise anything
        return _failed(plugin, error)


def _checked(kind: type[T], value: Any) -> Answered[T]:
    if not isinstance(value, kind):
        raise TypeError(f"gave {type(value).__name__} instead of {kind.__name__}")
    return Answered(value)


def _failed(plugin: Plugin, error: Exception) -> Answered[Any]:
    _log.error("page_failed", plugin=plugin.name, where=place_of(error))
    return Answered(None, type(error).__name__)
