"""The answers that say no, in the five shapes that a real forum uses (recorded lesson 9)."""

from typing import Any

from .words import say


class Problem(Exception):  # noqa: N818 - it is an answer, not always an error
    """An answer other than success; `body` is a JSON document or plain text."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}

    def texts(self) -> list[str]:
        """The sentences of this answer, for a page."""
        if isinstance(self.body, dict):
            found = self.body.get("errors") or [self.body.get("message", "")]
            return [str(text) for text in found]
        return [str(self.body)]


PAGE_NOT_FOUND = {"title": "Page Not Found", "group": None}


def _typed(status: int, text: str, kind: str, extras: dict[str, Any] | None) -> Problem:
    body: dict[str, Any] = {"errors": [text], "error_type": kind}
    if extras is not None:
        body["extras"] = extras
    return Problem(status, body)


def not_found(locale: str = "en", *, topic: bool = False) -> Problem:
    """404, also for what the reader may not see."""
    return _typed(404, say("not_found", locale), "not_found", dict(PAGE_NOT_FOUND) if topic else None)


def forbidden(locale: str = "en", *, key: bool = False, topic: bool = False) -> Problem:
    """403; `key` when it is the API key that may not."""
    text = say("key_forbidden" if key else "forbidden", locale)
    return _typed(403, text, "invalid_access", dict(PAGE_NOT_FOUND) if topic else None)


def not_logged_in(*, topic: bool = False) -> Problem:
    """403 for an anonymous reader of a forum that asks for a login."""
    return _typed(403, say("login_needed", "en"), "not_logged_in", dict(PAGE_NOT_FOUND) if topic else None)


def refused_silently(locale: str) -> Problem:
    """403 without a type: a second like or flag."""
    return Problem(403, {"errors": [say("forbidden", locale)]})


def bad_parameter(name: str, locale: str = "en") -> Problem:
    """400 naming the parameter."""
    return _typed(400, say("bad_parameter", locale, name=name), "invalid_parameters", None)


def not_created(*texts: str) -> Problem:
    """422 of posting."""
    return Problem(422, {"action": "create_post", "errors": list(texts)})


def not_saved(*texts: str, status: int = 422) -> Problem:
    """422 (or 409) of everything else."""
    return Problem(status, {"errors": list(texts)})


def read_only(locale: str = "en") -> Problem:
    """503 for writes while the forum only reads."""
    return _typed(503, say("read_only", locale), "read_only", None)


def too_many(text: str, seconds: int, *, code: str | None = None) -> Problem:
    """429 with the seconds to wait, as keys and members get it."""
    left = f"{seconds} seconds" if seconds < 60 else f"{max(1, round(seconds / 60))} minutes"
    headers = {"Retry-After": str(seconds)}
    if code is not None:
        headers["Discourse-Rate-Limit-Error-Code"] = code
    extras = {"wait_seconds": seconds, "time_left": left}
    return Problem(429, {"errors": [text], "error_type": "rate_limit", "extras": extras}, headers)


def too_many_searches(locale: str = "en") -> Problem:
    """429 of the search: no time to wait is said."""
    return Problem(429, {"failed": "FAILED", "message": say("too_many", locale)})


def too_many_from_address(seconds: int) -> Problem:
    """429 of the door, by address: three lines of text."""
    text = (
        "Slow down, too many requests from this IP address.\n"
        f"Please retry again in {seconds} seconds.\nError code: ip_10_secs_limit.\n"
    )
    return Problem(429, text, {"Retry-After": str(seconds), "Discourse-Rate-Limit-Error-Code": "ip_10_secs_limit"})
