"""Structured logs, one JSON object a line, in which no secret and no member's text is ever written."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog

from webhooks.config import SECRETS, Config

_HIDDEN_KEYS = frozenset(
    {"api_key", "key", "secret", "password", "token", "authorization", "cookie", "sig", "sso", "signature"}
    | {"raw", "cooked", "text", "body", "payload", "title", "email", "draft", "verdict"}
)
_MARK = "[hidden]"
_LONG = 500
_KEYLIKE = re.compile(r"\b[0-9a-f]{64}\b")


class Redaction:
    """A structlog processor: hides values of telling keys, our secrets wherever they stand, and what is long."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(sorted({one for one in secrets if len(one) >= 6}, key=len, reverse=True))

    def __call__(self, logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for key, value in list(event.items()):
            event[key] = _MARK if key.lower() in _HIDDEN_KEYS and value else self._clean(value)
        return event

    def _clean(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.hide(value)
        if isinstance(value, dict):
            return {k: _MARK if str(k).lower() in _HIDDEN_KEYS else self._clean(v) for k, v in value.items()}
        if isinstance(value, list | tuple):
            return [self._clean(one) for one in value]
        return value

    def hide(self, text: str) -> str:
        """A text without our secrets or anything shaped like an API key, shortened."""
        for secret in self._secrets:
            text = text.replace(secret, _MARK)
        text = _KEYLIKE.sub(_MARK, text)
        return text if len(text) <= _LONG else text[:_LONG] + "…"


def secrets_of(config: Config) -> list[str]:
    """Every configured secret in clear, for redaction only."""
    return [value for name in SECRETS if (value := getattr(config, name).get_secret_value())]


def set_up(config: Config) -> None:
    """Log to standard error as configured; the standard library's loggers (gunicorn, alembic) go the same way."""
    redact = Redaction(secrets_of(config))
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _trace_without_text,
        redact,
    ]
    drawn: Any = structlog.processors.JSONRenderer()
    if config.log_format == "console":
        drawn = structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    level = logging.getLevelNamesMapping()[config.log_level]
    structlog.configure(
        processors=[*shared, drawn],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=[*shared[1:], _drop_record, drawn]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING) if level > logging.DEBUG else level)


def _drop_record(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    return event


def _trace_without_text(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and places: its message may quote a member, so it stays out."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["error"] = place_of(error)
    return event


def place_of(error: BaseException) -> str:
    """`ValueError at ranking.py:41 in vote`: what broke and where, without the message's words."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error).__name__
    code = trace.tb_frame.f_code
    return f"{type(error).__name__} at {code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} in {code.co_name}"


log = structlog.get_logger("passerelle")
